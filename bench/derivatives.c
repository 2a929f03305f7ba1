/* derivatives.c - what second derivatives cost beside a gradient: products and gradients of single examples
 * over 2048 examples of 784 values, on one thread and on all.
 *
 * Verified first: products against each other by identities that hold for any weights (v' H v from the
 * gradients' differences, G and E against Jacobian products, sums of single gradients). Then the best of
 * several rounds. One JSON object a line: id, threads, seconds a sweep over the data, of_gradient (times the
 * gradient's in the same run), and for the gradient GFLOP/s and of_peak.
 */
#include "core/clock.h"
#include "math/inner.h"
#include "math/peak.h"

#include <ermine/derivatives.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

enum { N = 2048, D = 784, K = 10, ROUNDS = 5 };

struct bench {
    struct er_model *model;
    struct er_net *net;
    struct er_network network;
    struct er_dataset set;
    struct er_derivatives *d;
    struct er_error err;
    int64_t P, block; /* examples whose gradients are asked for at a time */
    float *w, *v, *out, *g;
};

static void draw(uint64_t index, int64_t n, float *v)
{
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, index));
    for (int64_t i = 0; i < n; i++) v[i] = (float)er_random_normal(&r);
}

static bool open_bench(struct bench *b, const char *text)
{
    *b = (struct bench){0};
    const struct er_shape shape = {1, 1, D};
    if (er_model_parse(text, &b->model, &b->err) != ER_OK ||
        er_net_new(b->model, shape, K, "cross-entropy", &b->net, &b->err) != ER_OK)
        return false;
    b->P = er_net_parameters(b->net);
    b->block = 64;
    b->w = er_alloc(b->P, sizeof *b->w);
    b->v = er_alloc(b->P, sizeof *b->v);
    b->out = er_alloc(b->P, sizeof *b->out);
    b->g = er_alloc(b->P * b->block, sizeof *b->g);
    b->set = (struct er_dataset){.n = N,
                                 .shape = shape,
                                 .classes = K,
                                 .x = er_alloc((int64_t)N * D, sizeof(float)),
                                 .label = er_alloc(N, sizeof(int32_t))};
    if (!b->w || !b->v || !b->out || !b->g || !b->set.x || !b->set.label) return false;
    er_net_initialise(b->net, 1, b->w, NULL);
    draw(0, b->P, b->v);
    draw(1, (int64_t)N * D, b->set.x);
    for (int64_t i = 0; i < N; i++) b->set.label[i] = (int32_t)(i % K);
    b->network = (struct er_network){.w = b->w};
    return true;
}

static void close_bench(struct bench *b)
{
    er_free(b->w);
    er_free(b->v);
    er_free(b->out);
    er_free(b->g);
    er_dataset_clear(&b->set);
    er_net_free(b->net);
    er_model_free(b->model);
}

static bool agree(const char *what, double got, double want, double scale, double tolerance)
{
    if (fabs(got - want) <= tolerance * scale) return true;
    fprintf(stderr, "%s: %.9g, should be %.9g\n", what, got, want);
    return false;
}

/* E by v' E v = (1/n) sum_i (g_i . v)^2 and the gradient by (1/n) sum_i g_i . v, from single gradients; H by
 * a central difference of slopes along v / |v|, step 1e-2, which kinks and h^2 leave right to a few
 * per cent. */
static bool verify(struct bench *b)
{
    double square = 0, slope = 0, length = sqrt(er_inner(b->P, b->v, b->v));
    for (int64_t i = 0; i < N; i += b->block) {
        if (er_derivatives_examples(b->d, i, b->block, b->g, NULL, &b->err) != ER_OK) return false;
        for (int64_t r = 0; r < b->block; r++) {
            const double along = er_inner(b->P, b->g + r * b->P, b->v);
            square += along * along / N;
            slope += along / N;
        }
    }
    bool right = er_derivatives_gradient(b->d, b->out, NULL, NULL, &b->err) == ER_OK &&
                 agree("gradient", er_inner(b->P, b->out, b->v), slope, sqrt(square), 1e-5);
    right = right &&
            er_derivatives_product(b->d, ER_CURVATURE_EMPIRICAL_FISHER, b->v, b->out, &b->err) == ER_OK &&
            agree("empirical Fisher", er_inner(b->P, b->out, b->v), square, square, 1e-5);
    right = right && er_derivatives_product(b->d, ER_CURVATURE_HESSIAN, b->v, b->out, &b->err) == ER_OK;
    const double curvature = er_inner(b->P, b->out, b->v);
    const float step = (float)(1e-2 / length);
    double side[2] = {0};
    float *moved = b->g;
    for (int j = 0; right && j < 2; j++) {
        for (int64_t i = 0; i < b->P; i++) moved[i] = b->w[i] + (j ? step : -step) * b->v[i];
        b->network.w = moved;
        right = er_derivatives_gradient(b->d, b->out, NULL, NULL, &b->err) == ER_OK;
        side[j] = er_inner(b->P, b->out, b->v);
    }
    b->network.w = b->w;
    const double difference = (side[1] - side[0]) / (2 * (double)step);
    return right && agree("Hessian", curvature, difference, fabs(difference), 0.05);
}

typedef enum er_status sweep(struct bench *b);

static enum er_status gradient(struct bench *b)
{
    return er_derivatives_gradient(b->d, b->out, NULL, NULL, &b->err);
}

static enum er_status hessian(struct bench *b)
{
    return er_derivatives_product(b->d, ER_CURVATURE_HESSIAN, b->v, b->out, &b->err);
}

static enum er_status gauss_newton(struct bench *b)
{
    return er_derivatives_product(b->d, ER_CURVATURE_GAUSS_NEWTON, b->v, b->out, &b->err);
}

static enum er_status empirical_fisher(struct bench *b)
{
    return er_derivatives_product(b->d, ER_CURVATURE_EMPIRICAL_FISHER, b->v, b->out, &b->err);
}

static enum er_status covariance(struct bench *b)
{
    return er_derivatives_product(b->d, ER_CURVATURE_COVARIANCE, b->v, b->out, &b->err);
}

static enum er_status examples(struct bench *b)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < N && status == ER_OK; i += b->block)
        status = er_derivatives_examples(b->d, i, b->block, b->g, NULL, &b->err);
    return status;
}

static enum er_status moments(struct bench *b)
{
    struct er_gradient_moments m;
    return er_derivatives_moments(b->d, &m, NULL, &b->err);
}

static double seconds_of(struct bench *b, sweep *run)
{
    double best = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = er_clock_s();
        if (run(b) != ER_OK) return NAN;
        best = fmin(best, er_clock_s() - start);
    }
    return best;
}

static bool measure(const char *text, const char *id, int threads, double peak)
{
    static const struct {
        const char *name;
        sweep *run;
    } row[] = {
        {"hessian", hessian},       {"gauss-newton", gauss_newton}, {"empirical-fisher", empirical_fisher},
        {"covariance", covariance}, {"examples", examples},         {"moments", moments}};
    struct bench b;
    struct er_pool *pool = NULL;
    bool right = open_bench(&b, text) && er_pool_new(threads, &pool, &b.err) == ER_OK &&
                 er_derivatives_new(b.net, &b.network, &b.set, pool, NULL, &b.d, &b.err) == ER_OK &&
                 verify(&b);
    if (right) {
        const double base = seconds_of(&b, gradient);
        const double gflops = er_net_gradient_flops(b.net) * N * 1e-9 / base;
        printf(
            "{\"id\": \"%s-gradient\", \"threads\": %d, \"seconds\": %.4g, \"of_gradient\": 1, \"gflops\": "
            "%.4g, \"of_peak\": %.3f}\n",
            id, threads, base, gflops, gflops / peak);
        for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
            const double seconds = seconds_of(&b, row[i].run);
            right = right && isfinite(seconds);
            printf("{\"id\": \"%s-%s\", \"threads\": %d, \"seconds\": %.4g, \"of_gradient\": %.3g}\n", id,
                   row[i].name, threads, seconds, seconds / base);
        }
    }
    if (!right) fprintf(stderr, "%s: a result is wrong, or memory is out: %s\n", id, b.err.msg);
    er_derivatives_free(b.d);
    er_pool_free(pool);
    close_bench(&b);
    return right;
}

int main(void)
{
    bool right = true;
    struct er_pool *pool = NULL;
    const char *isa;
    if (er_pool_new(0, &pool, NULL) != ER_OK) return 1;
    const int most = er_pool_threads(pool);
    for (int threads = 1; threads <= most; threads += most > 1 ? most - 1 : 1) {
        const double peak = er_peak_gflops(pool, threads, &isa);
        printf("{\"id\": \"peak\", \"threads\": %d, \"isa\": \"%s\", \"gflops\": %.4g}\n", threads, isa,
               peak);
        right = measure("[dense 512, relu, dense]", "784-512-10", threads, peak) && right;
        right = measure("[dense 64, relu, dense]", "784-64-10", threads, peak) && right;
    }
    er_pool_free(pool);
    return right ? 0 : 1;
}
