/* limit.c - kernels of infinitely wide networks: milliseconds an entry of K and Theta together.
 *
 * Rows: 21 x [conv 3x3, relu] on 32 x 32 x 3, with global average pooling (gap) and with dense behind all pixels (flat); and
 * Myrtle-5, with pools in the middle; in float32 and float64, on one thread and on all. Verified first: a small network of the same kind against plain loops over all
 * pairs of pixels, and the float32 of each row against its float64. One JSON object a line; a tile of the matrix for each
 * thread, the best of several rounds.
 *
 * bound_ms: what the arithmetic of one entry takes at the least on this machine. Of each pixel pair and layer: additions
 * (with minima and maxima) and multiplications (fused or not, with comparisons) as counted in src/limit/slice_relu_lanes.h,
 * one unit for either, each of half the measured peak of fused multiply-adds; roots and quotients one after the other, as measured.
 * of_bound is its share of the time.
 */
#include "core/clock.h"
#include "core/vector.h"
#include "math/peak.h"

#include <ermine/limit.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 32, CHANNELS = 3, LAYERS = 21, ROUNDS = 3, GAP_POINTS = 8, FLAT_POINTS = 64 };
#define BLOCK  "conv 8 3x3 init=ntk, relu"
#define LAYER7 BLOCK ", " BLOCK ", " BLOCK ", " BLOCK ", " BLOCK ", " BLOCK ", " BLOCK

struct bench {
    struct er_model *model;
    struct er_limit *limit;
    struct er_limit_points *a, *b;
    double *x;
    struct er_error err;
};

static void close_bench(struct bench *b)
{
    er_limit_points_free(b->a);
    er_limit_points_free(b->b);
    er_limit_free(b->limit);
    er_model_free(b->model);
    er_free(b->x);
}

/* n points for the rows and m for the columns, Gaussian. */
static bool open_bench(struct bench *b, const char *text, int64_t side, int64_t n, int64_t m, bool float32,
                       struct er_pool *pool)
{
    *b = (struct bench){0};
    const struct er_shape shape = {side, side, CHANNELS};
    const int64_t d = side * side * CHANNELS;
    struct er_limit_options options = er_limit_defaults();
    options.weight_std = sqrt(2);
    options.bias_std = 0.1;
    options.float32 = float32;
    b->x = er_alloc((n + m) * d, sizeof *b->x);
    if (!b->x) return false;
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < (n + m) * d; i++) b->x[i] = er_random_normal(&r);
    return er_model_parse(text, &b->model, &b->err) == ER_OK &&
           er_limit_new(b->model, shape, &options, &b->limit, &b->err) == ER_OK &&
           er_limit_points_new(b->limit, n, b->x, false, pool, NULL, &b->a, &b->err) == ER_OK &&
           er_limit_points_new(b->limit, m, b->x + n * d, false, pool, NULL, &b->b, &b->err) == ER_OK;
}

/* Plain loops: [conv 3x3, relu] twice on images of SMALL x SMALL, all pairs of pixels. */
enum { SMALL = 6, PIXELS = SMALL * SMALL };

static void slow_conv(const double *in, double *out)
{
    for (int p = 0; p < PIXELS; p++)
        for (int q = 0; q < PIXELS; q++) {
            double sum = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++) {
                    const int py = p / SMALL + dy, px = p % SMALL + dx, qy = q / SMALL + dy,
                              qx = q % SMALL + dx;
                    if (py < 0 || py >= SMALL || px < 0 || px >= SMALL || qy < 0 || qy >= SMALL || qx < 0 ||
                        qx >= SMALL)
                        continue;
                    sum += in[(py * SMALL + px) * PIXELS + qy * SMALL + qx];
                }
            out[p * PIXELS + q] = sum / 9;
        }
}

/* K (and Theta, of two points) behind the two layers; q1, q2: the variances in front of each activation, made where x is
 * y. */
static void slow_layers(const double *x, const double *y, double q[2][PIXELS], double q2[2][PIXELS],
                        double *k, double *theta)
{
    static double sum[PIXELS * PIXELS];
    for (int p = 0; p < PIXELS; p++)
        for (int r = 0; r < PIXELS; r++) {
            double inner = 0;
            for (int c = 0; c < CHANNELS; c++) inner += x[p * CHANNELS + c] * y[r * CHANNELS + c];
            k[p * PIXELS + r] = inner / CHANNELS;
            theta[p * PIXELS + r] = 0;
        }
    for (int layer = 0; layer < 2; layer++) {
        slow_conv(k, sum);
        for (int i = 0; i < PIXELS * PIXELS; i++) k[i] = 2 * sum[i] + 0.01;
        slow_conv(theta, sum);
        for (int i = 0; i < PIXELS * PIXELS; i++) theta[i] = 2 * sum[i] + k[i];
        for (int p = 0; x == y && p < PIXELS; p++) q[layer][p] = k[p * PIXELS + p];
        for (int p = 0; p < PIXELS; p++)
            for (int r = 0; r < PIXELS; r++) {
                const int i = p * PIXELS + r;
                const double c = k[i], det = fmax(q[layer][p] * q2[layer][r] - c * c, 0);
                const double slope = (M_PI - atan2(sqrt(det), c)) / (2 * M_PI);
                k[i] = sqrt(det) / (2 * M_PI) + slope * c;
                theta[i] *= slope;
            }
    }
}

static bool agree(const char *what, double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * fabs(want)) return true;
    fprintf(stderr, "%s: %.15g, should be %.15g\n", what, got, want);
    return false;
}

static bool verify(struct er_pool *pool)
{
    static double k[PIXELS * PIXELS], theta[PIXELS * PIXELS], q[2][2][PIXELS];
    struct bench b;
    double got, got_theta, mean = 0, mean_theta = 0;
    bool right = open_bench(&b, "[" BLOCK ", " BLOCK ", global_avg_pool, dense 1 init=ntk]", SMALL, 1, 1,
                            false, pool) &&
                 er_limit_kernel(b.a, b.b, &got, &got_theta, pool, NULL, &b.err) == ER_OK;
    if (right) {
        const double *y = b.x + PIXELS * CHANNELS;
        slow_layers(b.x, b.x, q[0], q[0], k, theta);
        slow_layers(y, y, q[1], q[1], k, theta);
        slow_layers(b.x, y, q[0], q[1], k, theta);
        for (int i = 0; i < PIXELS * PIXELS; i++) {
            mean += k[i] / (PIXELS * PIXELS);
            mean_theta += theta[i] / (PIXELS * PIXELS);
        }
        right = agree("K", got, 2 * mean + 0.01, 1e-12);
        right = agree("Theta", got_theta, 2 * mean_theta + 2 * mean + 0.01, 1e-12) && right;
    }
    if (!right) fprintf(stderr, "the small network is wrong, or memory is out: %s\n", b.err.msg);
    close_bench(&b);
    return right;
}

ER_VECTOR static void roots32(int64_t n, float *x)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) x[i] = sqrtf(x[i]);
}
ER_VECTOR static void quotients32(int64_t n, float *x)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) x[i] = 1.5f / x[i];
}
ER_VECTOR static void roots64(int64_t n, double *x)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) x[i] = sqrt(x[i]);
}
ER_VECTOR static void quotients64(int64_t n, double *x)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) x[i] = 1.5 / x[i];
}

/* Seconds of a root and a quotient together. */
static double hard_seconds(bool float32)
{
    enum { N = 1024, TIMES = 2000 };
    float x[N];
    double y[N], best = INFINITY;
    for (int i = 0; i < N; i++) y[i] = x[i] = 1.25F;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = er_clock_s();
        for (int i = 0; i < TIMES; i++) {
            if (float32) {
                roots32(N, x);
                quotients32(N, x);
            } else {
                roots64(N, y);
                quotients64(N, y);
            }
        }
        best = fmin(best, (er_clock_s() - start) / (TIMES * N));
    }
    return best;
}

/* What the arithmetic of one pixel pair in one layer takes on one core. gflops: the peak of one, in float32. */
static double bound_seconds(bool float32, double gflops, double hard)
{
    const double additions = float32 ? 18 : 20, multiplications = float32 ? 20 : 27;
    const double each = 1e-9 / (gflops / 2 / (float32 ? 1 : 2)); /* as many a second as fused multiply-adds */
    return fmax(fmax(additions, multiplications) * each, hard);
}

static double kernel_seconds(struct bench *b, struct er_pool *pool, double *k, double *theta)
{
    double best = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = er_clock_s();
        if (er_limit_kernel(b->a, b->b, k, theta, pool, NULL, &b->err) != ER_OK) return NAN;
        best = fmin(best, er_clock_s() - start);
    }
    return best;
}

/* The rows of one network: bound[1] seconds of an entry in float32, [0] in float64, on one core. */
static bool measure(const char *id, const char *text, int64_t n, const double bound[2], struct er_pool *pool)
{
    const int threads = er_pool_threads(pool);
    const int64_t m = n * threads, entries = n * m; /* a tile for each thread */
    double *k = er_alloc(4 * entries, sizeof *k);
    bool right = k != NULL;
    for (int float32 = 0; right && float32 < 2; float32++) {
        struct bench b;
        double *at = k + 2 * float32 * entries;
        right = open_bench(&b, text, SIDE, n, m, float32, pool);
        const double s = right ? kernel_seconds(&b, pool, at, at + entries) / (double)entries : (double)NAN;
        right = right && isfinite(s);
        if (right)
            printf("{\"id\": \"%s-float%s\", \"threads\": %d, \"ms_per_entry\": %.4g, \"bound_ms\": %.4g, "
                   "\"of_bound\": "
                   "%.3f, \"scratch_mb\": %.3g, \"points_mb\": %.3g}\n",
                   id, float32 ? "32" : "64", threads, s * 1e3, bound[float32] / threads * 1e3,
                   bound[float32] / threads / s, er_limit_scratch_bytes(b.limit) * threads * 1e-6,
                   er_limit_points_bytes(b.limit, n + m) * 1e-6);
        else
            fprintf(stderr, "%s: %s\n", id, b.err.msg);
        close_bench(&b);
    }
    for (int64_t i = 0; right && i < 2 * entries; i++)
        right = agree("float32", k[2 * entries + i], k[i], 1e-5);
    er_free(k);
    return right;
}

int main(void)
{
    static const char *gap = "[" LAYER7 ", " LAYER7 ", " LAYER7 ", global_avg_pool, dense 1 init=ntk]";
    static const char *myrtle = "[" BLOCK ", " BLOCK ", avg_pool 2, " BLOCK ", avg_pool 2, " BLOCK
                                ", avg_pool 2, avg_pool 2, avg_pool 2, flatten, dense 1 init=ntk]";
    static const char *flat = "[" LAYER7 ", " LAYER7 ", " LAYER7 ", flatten, dense 1 init=ntk]";
    struct er_pool *all = NULL;
    if (er_pool_new(0, &all, NULL) != ER_OK) return 1;
    const int most = er_pool_threads(all);
    bool right = verify(all);
    er_pool_free(all);
    for (int threads = 1; right && threads <= most; threads += most > 1 ? most - 1 : 1) {
        struct er_pool *pool = NULL;
        const char *isa;
        if (er_pool_new(threads, &pool, NULL) != ER_OK) return 1;
        const double peak = er_peak_gflops(pool, 0.5, &isa) / threads, pixels = SIDE * SIDE;
        const double of_pixel[2] = {LAYERS * bound_seconds(false, peak, hard_seconds(false)),
                                    LAYERS * bound_seconds(true, peak, hard_seconds(true))};
        const double flat_bound[2] = {of_pixel[0] * pixels, of_pixel[1] * pixels};
        const double gap_bound[2] = {flat_bound[0] * pixels, flat_bound[1] * pixels};
        const double layers = (2 + 1.0 / 16 + 1.0 / 256) / LAYERS;
        const double myrtle_bound[2] = {layers * gap_bound[0], layers * gap_bound[1]};
        printf("{\"id\": \"peak\", \"threads\": %d, \"isa\": \"%s\", \"gflops\": %.4g}\n", threads, isa,
               peak * threads);
        right = measure("limit-gap", gap, GAP_POINTS, gap_bound, pool);
        right = measure("limit-myrtle5", myrtle, GAP_POINTS, myrtle_bound, pool) && right;
        right = measure("limit-flat", flat, FLAT_POINTS, flat_bound, pool) && right;
        er_pool_free(pool);
    }
    return right ? 0 : 1;
}
