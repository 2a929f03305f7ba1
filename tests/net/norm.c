/* The norms of every layer of the list that has them, against its map written out as a matrix: the largest singular
 * value, and the largest sum of a row. */
#include "t.h"

#include "net/model.h"
#include "oracles/svd.h"
#include "support/written.h"

#include <ermine/random.h>

/* A layer by itself on an input of some shape, with what a call of it needs for one row. */
struct alone {
    struct er_model *model;
    struct er_layer layer;
    struct er_layer_plan plan;
    float *w, *statistics, *block;
    float *x, *y, *tx, *ty, *tw, *cache, *shared, *scratch;
};

static float *next(float **at, int64_t n)
{
    float *here = *at;
    *at += (n + 15) / 16 * 16;
    return here;
}

/* The layer of a text; false when it does not fit. */
static bool open_alone(struct alone *a, const char *text, struct er_shape in)
{
    *a = (struct alone){.plan = {.rows = 1}};
    if (er_model_parse(text, &a->model, NULL) != ER_OK) return false;
    struct er_layer *l = &a->layer;
    *l = a->model->node[0].layer;
    l->in = in;
    const int open = er_arguments_open(l->ops->argument);
    if (open >= 0 && !(l->argument[open] > 0)) l->argument[open] = 5;
    if (l->ops->bind(l, NULL) != ER_OK) return false;
    if (l->ops->plan && l->ops->plan(l, &a->plan, NULL) != ER_OK) return false;
    const int64_t sizes[] = {
        l->n_parameters,  l->n_statistics,  l->n_in,         l->n_out,
        l->n_in,          l->n_out,         l->n_parameters, l->n_cache + l->n_cache_once,
        a->plan.n_shared, a->plan.n_scratch};
    float **const to[] = {&a->w,  &a->statistics, &a->x,     &a->y,      &a->tx,
                          &a->ty, &a->tw,         &a->cache, &a->shared, &a->scratch};
    int64_t all = 0;
    for (int i = 0; i < 10; i++) all += (sizes[i] + 15) / 16 * 16;
    float *at = a->block = er_alloc(all, sizeof *at);
    for (int i = 0; i < 10; i++) *to[i] = next(&at, sizes[i]);
    if (l->ops->initialise) l->ops->initialise(l, 3, a->w);
    if (l->ops->start) l->ops->start(l, a->statistics);
    struct er_random r = er_random_open(4, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < l->n_parameters; i++) a->w[i] += 0.1f * (float)er_random_normal(&r);
    for (int64_t i = 0; i < l->n_statistics; i++) a->statistics[i] += fabsf((float)er_random_normal(&r));
    return true;
}

static void close_alone(struct alone *a)
{
    er_free(a->block);
    er_model_free(a->model);
}

/* The matrix of derivatives (n_out x n_in) where the input is drawn from `stream`. */
static void matrix_of(struct alone *a, uint64_t stream, double *out)
{
    const struct er_layer *l = &a->layer;
    const struct er_pass pass = {.plan = &a->plan,
                                 .parts = 1,
                                 .w = a->w,
                                 .statistics = a->statistics,
                                 .x = a->x,
                                 .y = a->y,
                                 .tw = a->tw,
                                 .tx = a->tx,
                                 .ty = a->ty,
                                 .cache = a->cache,
                                 .shared = a->shared,
                                 .scratch = a->scratch};
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < l->n_in; i++) a->x[i] = (float)er_random_normal(&r);
    l->ops->forward(l, &pass);
    for (int64_t j = 0; j < l->n_in; j++) {
        for (int64_t i = 0; i < l->n_in; i++) a->tx[i] = i == j;
        l->ops->tangent(l, &pass);
        for (int64_t i = 0; i < l->n_out; i++) out[i * l->n_in + j] = (double)a->ty[i];
    }
}

/* Power and Lanczos iterations stop within their own tolerance; 1e-4 is what a norm is asked for. */
static void check_spectral(const struct alone *a, const char *text, double *matrix, double *s)
{
    double norm = -1;
    struct er_error err;
    T_STATUS(a->layer.ops->norm(&a->layer, ER_NORM_SPECTRAL, a->w, a->statistics, &norm, &err), ER_OK,
             "%s: spectral norm", text);
    svd_values(a->layer.n_out, a->layer.n_in, matrix, s);
    T_CLOSE(norm, s[0], 1e-4 * s[0], "%s on %dx%dx%d: spectral norm", text, (int)a->layer.in.height,
            (int)a->layer.in.width, (int)a->layer.in.channels);
}

/* Sums of up to 147 float32 products. A convolution's is that of an output that sees every tap at a pixel of
 * its own: a bound where there is none. */
static void check_one_inf(const struct alone *a, const char *text, const double *matrix)
{
    double norm = -1, most = 0;
    struct er_error err;
    T_STATUS(a->layer.ops->norm(&a->layer, ER_NORM_ONE_INF, a->w, a->statistics, &norm, &err), ER_OK,
             "%s: one-inf norm", text);
    for (int64_t i = 0; i < a->layer.n_out; i++) {
        double sum = 0;
        for (int64_t j = 0; j < a->layer.n_in; j++) sum += fabs(matrix[i * a->layer.n_in + j]);
        most = fmax(most, sum);
    }
    if (strcmp(a->layer.ops->name, "conv") == 0)
        T_OK(most <= norm * (1 + 1e-5), "%s: one-inf norm %g bounds %g", text, norm, most);
    else
        T_CLOSE(norm, most, 1e-5 * most, "%s: one-inf norm", text);
}

static bool check_norm(const char *text, struct er_shape in)
{
    struct alone a;
    bool checked = false;
    if (open_alone(&a, text, in) && a.layer.ops->norm) {
        const int64_t m = a.layer.n_out, n = a.layer.n_in;
        double *matrix = er_alloc(2 * m * n + n, sizeof *matrix), *other = matrix + m * n;
        bool linear = true;
        matrix_of(&a, 1, matrix);
        matrix_of(&a, 2, other);
        for (int64_t i = 0; i < m * n; i++) linear &= matrix[i] == other[i];
        T_OK(linear, "%s: a layer with a norm is a linear map", text);
        check_one_inf(&a, text, matrix);
        check_spectral(&a, text, matrix, other + m * n);
        er_free(matrix);
        checked = true;
    }
    close_alone(&a);
    return checked;
}

/* Singular values that are known: a 2 x 2 matrix in closed form, and [[n on the diagonal, 1 elsewhere]],
 * which has n - 1 (n - 1 times) and 2n - 1. */
static void check_oracle(void)
{
    double a[] = {3, 0, 4, 5}, s[5], b[25];
    svd_values(2, 2, a, s);
    T_CLOSE(s[0], sqrt(45), 1e-14 * 7, "the larger singular value of [3 0; 4 5]");
    T_CLOSE(s[1], sqrt(5), 1e-14 * 7, "the smaller one");
    for (int i = 0; i < 25; i++) b[i] = i % 6 == 0 ? 5 : 1;
    svd_values(5, 5, b, s);
    T_CLOSE(s[0], 9, 1e-13, "5 on the diagonal, 1 elsewhere: largest");
    for (int i = 1; i < 5; i++) T_CLOSE(s[i], 4, 1e-13, "the others");
    double wide[] = {1, 2, 2, 0, 0, 0};
    svd_values(2, 3, wide, s);
    T_CLOSE(s[0], 3, 1e-14, "a row of length 3");
    T_CLOSE(s[2], 0, 1e-14, "what it lacks");
}

int main(void)
{
    static char layer[WRITTEN_MOST][WRITTEN_LENGTH];
    static const struct er_shape shapes[] = {{1, 1, 7}, {4, 5, 3}, {6, 6, 1}};
    struct er_layer_info info;
    check_oracle();
    er_gemm_hold();
    for (int64_t i = 0; er_layer_describe(i, &info); i++) {
        const struct er_layer_ops *ops = er_layer_find(info.name);
        int checked = 0;
        if (!ops->norm || ops->join) continue;
        for (int n = written_layers(ops, 1, layer), k = 0; k < n; k++)
            for (int s = 0; s < 3; s++) checked += check_norm(layer[k], shapes[s]);
        T_OK(checked > 0, "%s: the norm of %d maps", info.name, checked);
    }
    er_gemm_release();
    return t_done();
}
