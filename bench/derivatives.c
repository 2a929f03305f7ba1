/* derivatives.c - what second derivatives cost beside a gradient: products and gradients of single examples
 * over 2048 examples of 784 values, on one thread and on all.
 *
 * Verified first: v' A v for every matrix A and a random v against the formulas of this very net in double.
 * Then the best of several rounds. One JSON object a line: id, threads, seconds a sweep over the data,
 * of_gradient (times the gradient's in the same run), and for the gradient GFLOP/s and of_peak.
 */
#include "core/clock.h"
#include "math/inner.h"
#include "math/peak.h"

#include <ermine/derivatives.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

enum { N = 2048, D = 784, K = 10, ROUNDS = 5 };
enum { BLOCK = 64 }; /* examples whose gradients are asked for at a time */

struct bench {
    struct er_model *model;
    struct er_net *net;
    struct er_network network;
    struct er_dataset set;
    struct er_derivatives *d;
    struct er_error err;
    int64_t P;
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
    b->w = er_alloc(b->P, sizeof *b->w);
    b->v = er_alloc(b->P, sizeof *b->v);
    b->out = er_alloc(b->P, sizeof *b->out);
    b->g = er_alloc(b->P * BLOCK, sizeof *b->g);
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

/* Quadratic forms along v, of means over the data. */
struct forms {
    double slope, hessian, gauss_newton, fisher;
};

/* out (n, double) += sum_i x_i m[i, :] */
static void product(int64_t rows, int64_t n, const double *x, const float *m, double *out)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t o = 0; x[i] != 0 && o < n; o++) out[o] += x[i] * (double)m[i * n + o];
}

static void widen(int64_t n, const float *from, double *to)
{
    for (int64_t i = 0; i < n; i++) to[i] = (double)from[i];
}

/* One example: its outputs, tangents and second tangents along v give its part of each form. */
static void add_example(int32_t y, const double *f, const double *tf, const double *ttf, struct forms *q)
{
    double sum = 0, mean = 0, square = 0, slope = 0, bend = 0;
    for (int k = 0; k < K; k++) sum += exp(f[k]);
    for (int k = 0; k < K; k++) {
        const double p = exp(f[k]) / sum, r = p - (k == y);
        mean += p * tf[k];
        square += p * tf[k] * tf[k];
        slope += r * tf[k];
        bend += r * ttf[k];
    }
    q->slope += slope / N;
    q->fisher += slope * slope / N;
    q->gauss_newton += (square - mean * mean) / N;
    q->hessian += (square - mean * mean + bend) / N;
}

/* The forms of x -> W2 relu(W1 x + b1) + b2 from these very formulas, in double. */
static void slow_forms(const struct bench *b, int64_t width, struct forms *q)
{
    const float *w2 = b->w + (D + 1) * width, *v2 = b->v + (D + 1) * width;
    double *h = er_alloc(3 * width, sizeof *h), x[D];
    *q = (struct forms){.slope = NAN};
    if (!h) return;
    *q = (struct forms){0};
    for (int64_t i = 0; i < N; i++) {
        double *th = h + width, *bent = h + 2 * width, f[K], tf[K], ttf[K] = {0};
        widen(D, b->set.x + i * D, x);
        widen(width, b->w + D * width, h);
        widen(width, b->v + D * width, th);
        product(D, width, x, b->w, h);
        product(D, width, x, b->v, th);
        for (int64_t o = 0; o < width; o++) {
            if (!(h[o] > 0)) h[o] = th[o] = 0;
            bent[o] = 2 * th[o];
        }
        widen(K, w2 + width * K, f);
        widen(K, v2 + width * K, tf);
        product(width, K, h, w2, f);
        product(width, K, h, v2, tf);
        product(width, K, th, w2, tf);
        product(width, K, bent, v2, ttf);
        add_example(b->set.label[i], f, tf, ttf, q);
    }
    er_free(h);
}

static bool agree(const char *what, double got, double want, double scale)
{
    if (fabs(got - want) <= 1e-4 * scale) return true;
    fprintf(stderr, "%s: %.9g, should be %.9g\n", what, got, want);
    return false;
}

static double form_of(struct bench *b, enum er_curvature matrix)
{
    if (er_derivatives_product(b->d, matrix, b->v, b->out, &b->err) != ER_OK) return NAN;
    return er_inner(b->P, b->out, b->v);
}

static bool verify(struct bench *b, int64_t width)
{
    struct forms q;
    double slope = 0, square = 0;
    slow_forms(b, width, &q);
    for (int64_t i = 0; i < N; i += BLOCK) {
        if (er_derivatives_examples(b->d, i, BLOCK, b->g, NULL, &b->err) != ER_OK) return false;
        for (int64_t r = 0; r < BLOCK; r++) {
            const double along = er_inner(b->P, b->g + r * b->P, b->v);
            slope += along / N;
            square += along * along / N;
        }
    }
    if (er_derivatives_gradient(b->d, b->out, NULL, NULL, &b->err) != ER_OK) return false;
    const double length = sqrt(q.fisher), covariance = q.fisher - q.slope * q.slope;
    return agree("gradient", er_inner(b->P, b->out, b->v), q.slope, length) &&
           agree("examples", slope, q.slope, length) &&
           agree("examples squared", square, q.fisher, q.fisher) &&
           agree("Hessian", form_of(b, ER_CURVATURE_HESSIAN), q.hessian, fabs(q.hessian)) &&
           agree("Gauss-Newton", form_of(b, ER_CURVATURE_GAUSS_NEWTON), q.gauss_newton, q.gauss_newton) &&
           agree("empirical Fisher", form_of(b, ER_CURVATURE_EMPIRICAL_FISHER), q.fisher, q.fisher) &&
           agree("covariance", form_of(b, ER_CURVATURE_COVARIANCE), covariance, q.fisher);
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
    for (int64_t i = 0; i < N && status == ER_OK; i += BLOCK)
        status = er_derivatives_examples(b->d, i, BLOCK, b->g, NULL, &b->err);
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

static bool measure(int64_t width, int threads, double peak)
{
    static const struct {
        const char *name;
        sweep *run;
    } row[] = {
        {"hessian", hessian},       {"gauss-newton", gauss_newton}, {"empirical-fisher", empirical_fisher},
        {"covariance", covariance}, {"examples", examples},         {"moments", moments}};
    struct bench b;
    struct er_pool *pool = NULL;
    char text[64], id[64];
    snprintf(text, sizeof text, "[dense %d, relu, dense]", (int)width);
    snprintf(id, sizeof id, "%d-%d-%d", D, (int)width, K);
    bool right = open_bench(&b, text) && er_pool_new(threads, &pool, &b.err) == ER_OK &&
                 er_derivatives_new(b.net, &b.network, &b.set, pool, NULL, &b.d, &b.err) == ER_OK &&
                 verify(&b, width);
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
    struct er_pool *all = NULL;
    if (er_pool_new(0, &all, NULL) != ER_OK) return 1;
    const int most = er_pool_threads(all);
    er_pool_free(all);
    for (int threads = 1; threads <= most; threads += most > 1 ? most - 1 : 1) {
        struct er_pool *pool = NULL;
        const char *isa;
        if (er_pool_new(threads, &pool, NULL) != ER_OK) return 1;
        const double peak = er_peak_gflops(pool, 1, &isa);
        er_pool_free(pool);
        printf("{\"id\": \"peak\", \"threads\": %d, \"isa\": \"%s\", \"gflops\": %.4g}\n", threads, isa,
               peak);
        right = measure(512, threads, peak) && right;
        right = measure(64, threads, peak) && right;
    }
    return right ? 0 : 1;
}
