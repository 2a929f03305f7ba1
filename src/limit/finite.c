/* finite.c - nets in float64: which layers can, and passes through all nodes. */
#include "limit/finite.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    const struct er_finite_ops *ops;
} table[] = {
    {"dense", &er_finite_dense},
    {"conv", &er_finite_conv},
    {"max_pool", &er_finite_max_pool},
    {"avg_pool", &er_finite_average},
    {"global_avg_pool", &er_finite_average},
    {"gain", &er_finite_gain},
    {"batch_norm", &er_finite_batch_norm},
    {"layer_norm", &er_finite_layer_norm},
    {"lrn", &er_finite_lrn},
    {"dropout", &er_finite_dropout},
    {"add", &er_finite_add},
    {"multiply", &er_finite_multiply},
    {"concat", &er_finite_concat},
};

static const struct er_finite_ops *find(const struct er_layer_ops *layer)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, layer->name) == 0) return table[i].ops;
    return layer->pointwise && layer->pointwise->series ? &er_finite_pointwise : NULL;
}

/* Rows of a block: a power of two up to 256 that keeps its values within a few megabytes. */
static int64_t block_rows(int64_t values)
{
    const int64_t most = (int64_t)1 << 19;
    int64_t rows = 256;
    while (rows > 1 && rows * values > most) rows /= 2;
    return rows;
}

static enum er_status fill(struct er_finite *f, struct er_error *err)
{
    const struct er_net *net = f->net;
    f->values = net->n_in;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        f->at[i] = f->values;
        if (net->bound[i].passes) continue;
        f->ops[i] = find(l->ops);
        if (!f->ops[i])
            return er_fail(err, ER_E_UNSUPPORTED, "layer %lld, %s, has no reading in float64",
                           (long long)l->index + 1, l->ops->name);
        f->values += l->n_out;
        if (l->n_parameters > 0) f->trained[f->n_trained++] = i;
    }
    f->rows = block_rows(f->values);
    return ER_OK;
}

enum er_status er_finite_new(const struct er_net *net, struct er_finite **out, struct er_error *err)
{
    enum er_status status = ER_E_NOMEM;
    struct er_finite *f = er_alloc(1, sizeof *f);
    if (f) {
        f->net = net;
        f->ops = er_alloc(net->n, sizeof(void *));
        f->at = er_alloc(net->n, sizeof *f->at);
        f->trained = er_alloc(net->n, sizeof *f->trained);
    }
    if (!f || !f->ops || !f->at || !f->trained)
        er_fail(err, status, "a net in float64: out of memory");
    else
        status = fill(f, err);
    if (status != ER_OK) {
        er_finite_free(f);
        return status;
    }
    *out = f;
    return ER_OK;
}

void er_finite_free(struct er_finite *f)
{
    if (!f) return;
    er_free(f->ops);
    er_free(f->at);
    er_free(f->trained);
    er_free(f);
}

static int64_t scratch_doubles(const struct er_finite *f, int64_t rows, int order)
{
    int64_t most = 0;
    for (int64_t i = 0; i < f->net->n; i++) {
        if (!f->ops[i] || !f->ops[i]->scratch) continue;
        const int64_t n = f->ops[i]->scratch(&f->net->node[i].layer, rows, order);
        most = n > most ? n : most;
    }
    return most;
}

int64_t er_finite_space_doubles(const struct er_finite *f, int64_t rows, int order, bool backward)
{
    return rows * f->values * (order + 1 + backward) + scratch_doubles(f, rows, order);
}

enum er_status er_finite_space_new(const struct er_finite *f, int64_t rows, int order, bool backward,
                                   struct er_finite_space *out, struct er_error *err)
{
    const int64_t n = er_finite_space_doubles(f, rows, order, backward);
    out->y = er_alloc(n, sizeof *out->y);
    if (!out->y)
        return er_fail(err, ER_E_NOMEM, "a net in float64: out of memory for %lld values", (long long)n);
    out->dy = out->y + rows * f->values * (order + 1);
    out->scratch = out->dy + (backward ? rows * f->values : 0);
    return ER_OK;
}

void er_finite_space_free(struct er_finite_space *space)
{
    er_free(space->y);
    space->y = NULL;
}

static int64_t before(const struct er_finite *f, int64_t i)
{
    return i < 0 ? 0 : f->at[i];
}

const double *er_finite_value(const struct er_finite *f, int64_t i, int64_t rows, int order,
                              const struct er_finite_space *space)
{
    return space->y + before(f, i) * rows * (order + 1);
}

/* A call of node i; branches are filled in where it is a join. */
static struct er_finite_call call_of(const struct er_finite_network *n, int64_t i, int64_t rows, int order,
                                     struct er_finite_space *space, const double **branch)
{
    const struct er_finite *f = n->finite;
    const struct er_node *node = &f->net->node[i];
    for (int64_t b = 0; branch && b < node->n_from; b++)
        branch[b] = er_finite_value(f, node->from[b], rows, order, space);
    return (struct er_finite_call){
        .rows = rows,
        .order = order,
        .w = n->w + f->net->bound[i].at,
        .statistics = n->statistics ? n->statistics + f->net->bound[i].statistics_at : NULL,
        .x = er_finite_value(f, node->from[0], rows, order, space),
        .branch = branch,
        .scratch = space->scratch,
    };
}

void er_finite_forward(const struct er_finite_network *n, const double *tw, int64_t rows, int order,
                       const double *x, struct er_finite_space *space)
{
    const struct er_finite *f = n->finite;
    const int64_t inputs = rows * f->net->n_in;
    memcpy(space->y, x, (size_t)inputs * sizeof *x);
    memset(space->y + inputs, 0, (size_t)(inputs * order) * sizeof *x);
    for (int64_t i = 0; i < f->net->n; i++) {
        if (!f->ops[i]) continue;
        const double *branch[ER_MODEL_MAX_BRANCHES];
        struct er_finite_call call = call_of(n, i, rows, order, space, branch);
        call.tw = tw ? tw + f->net->bound[i].at : NULL;
        call.y = space->y + f->at[i] * rows * (order + 1);
        f->ops[i]->forward(&f->net->node[i].layer, &call);
    }
}

/* Adds node i's gradients to those of what it comes from. */
static void pull_back(const struct er_finite *f, int64_t i, struct er_finite_call *call,
                      struct er_finite_space *space)
{
    const struct er_node *node = &f->net->node[i];
    for (int64_t b = 0; b < node->n_from; b++) {
        const int64_t from = node->from[b];
        if (from < 0 || !f->net->bound[from].trainable) continue;
        call->input = (int)b;
        call->dx = space->dy + f->at[from] * call->rows;
        f->ops[i]->backward(&node->layer, call);
    }
}

void er_finite_backward(const struct er_finite_network *n, int64_t rows, const double *df, double *g,
                        double *const *delta, struct er_finite_space *space)
{
    const struct er_finite *f = n->finite;
    const struct er_net *net = f->net;
    memset(space->dy, 0, (size_t)(rows * f->values) * sizeof *space->dy);
    memcpy(space->dy + f->at[net->output] * rows, df, (size_t)(rows * net->n_out) * sizeof *df);
    for (int64_t i = net->n - 1; i >= 0; i--) {
        if (!f->ops[i] || !net->bound[i].trainable) continue;
        const double *branch[ER_MODEL_MAX_BRANCHES];
        const struct er_layer *l = &net->node[i].layer;
        struct er_finite_call call = call_of(n, i, rows, 0, space, branch);
        call.dy = space->dy + f->at[i] * rows;
        if (l->n_parameters > 0 && g) {
            call.g = g + net->bound[i].at;
            f->ops[i]->gradient(l, &call);
        }
        if (delta && delta[i]) memcpy(delta[i], call.dy, (size_t)(rows * l->n_out) * sizeof *df);
        pull_back(f, i, &call, space);
    }
}

void er_finite_power(int order, const double *v, double p, double *r)
{
    r[0] = pow(v[0], p);
    for (int k = 1; k <= order; k++) {
        double sum = 0;
        for (int j = 1; j <= k; j++) sum += (p * j - (k - j)) * v[j] * r[k - j];
        r[k] = sum / (k * v[0]);
    }
}

void er_finite_gemm(bool a_transposed, bool b_transposed, int64_t m, int64_t n, int64_t k, double alpha,
                    const double *a, int64_t lda, const double *b, int64_t ldb, double beta, double *c,
                    int64_t ldc)
{
    cblas_dgemm(CblasRowMajor, a_transposed ? CblasTrans : CblasNoTrans,
                b_transposed ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, alpha, a,
                (blasint)lda, b, (blasint)ldb, beta, c, (blasint)ldc);
}

void er_finite_run(struct er_pool *pool, int64_t n, er_pool_task *task, void *ctx)
{
    if (pool)
        er_pool_run(pool, n, task, ctx);
    else
        for (int64_t i = 0; i < n; i++) task(ctx, i, 0);
}

int er_finite_threads(const struct er_pool *pool)
{
    return pool ? er_pool_threads(pool) : 1;
}

enum er_status er_finite_check(const char *what, int64_t n, const double *v, struct er_error *err)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(v[i]))
            return er_fail(err, ER_E_NONFINITE, "%s: number %lld is %g", what, (long long)i, v[i]);
    return ER_OK;
}
