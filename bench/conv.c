/* conv.c - convolutions: forward, both gradients, as fractions of the machine's peak.
 *
 * Each case is one layer `conv O KERNEL` over a batch of 64 images. Before it is timed its outputs and
 * gradients are compared with plain loops in double. Then the best of many runs on one thread. One JSON
 * object a line: id, seconds a batch, GFLOP/s, of_peak (one thread's float32 FMA peak, measured in the same
 * run, best of three).
 */
#include "core/clock.h"
#include "math/peak.h"
#include "net/net.h"
#include "net/plan.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BATCH = 64, PIXELS_CHECKED = 97, WEIGHTS_CHECKED = 31 }; /* every so many */

static const double ROW_SECONDS = 0.4;

struct shape {
    int64_t side, C, O, kernel, stride;
};

struct layer_bench {
    struct shape s;
    struct er_layer layer;
    struct er_layer_plan plan;
    float *w, *x, *y, *dy, *dx, *dw, *turned, *scratch;
    int64_t n_x, n_y, out; /* out: side of the output */
};

static float *draw(int64_t n, uint64_t index)
{
    float *v = er_alloc(n, sizeof *v);
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, index));
    for (int64_t i = 0; v && i < n; i++) v[i] = (float)er_random_normal(&r);
    return v;
}

static void close_layer(struct layer_bench *b)
{
    float *const block[] = {b->w, b->x, b->y, b->dy, b->dx, b->dw, b->turned, b->scratch};
    for (int i = 0; i < 8; i++) er_free(block[i]);
}

static bool open_layer(struct layer_bench *b, struct shape s)
{
    char text[96];
    struct er_model *model = NULL;
    *b = (struct layer_bench){.s = s};
    snprintf(text, sizeof text, "conv %d %d stride=%d", (int)s.O, (int)s.kernel, (int)s.stride);
    if (er_model_parse(text, &model, NULL) != ER_OK) return false;
    b->layer = model->node[0].layer;
    er_model_free(model);
    b->layer.in = (struct er_shape){s.side, s.side, s.C};
    b->plan.rows = BATCH;
    if (b->layer.ops->bind(&b->layer, NULL) != ER_OK) return false;
    if (b->layer.ops->plan(&b->layer, &b->plan, NULL) != ER_OK) return false;
    b->n_x = BATCH * b->layer.n_in;
    b->n_y = BATCH * b->layer.n_out;
    b->out = b->layer.out.width;
    b->w = draw(b->layer.n_parameters, 0);
    b->x = draw(b->n_x, 1);
    b->dy = draw(b->n_y, 2);
    b->y = er_alloc(b->n_y, sizeof(float));
    b->dx = er_alloc(b->n_x, sizeof(float));
    b->dw = er_alloc(b->layer.n_parameters, sizeof(float));
    b->turned = er_alloc(b->plan.n_turned, sizeof(float));
    b->scratch = er_alloc(b->plan.n_scratch, sizeof(float));
    return b->w && b->x && b->dy && b->y && b->dx && b->dw && b->turned && b->scratch;
}

enum reading { FORWARD, BACKWARD_X, BACKWARD_W };

static void run(struct layer_bench *b, enum reading reading)
{
    const struct er_pass pass = {.plan = &b->plan,
                                 .parts = 1,
                                 .w = b->w,
                                 .x = b->x,
                                 .y = b->y,
                                 .dy = b->dy,
                                 .dx = b->dx,
                                 .dw = b->dw,
                                 .wants_dx = true,
                                 .turned = b->turned,
                                 .scratch = b->scratch};
    const struct er_layer_ops *ops = b->layer.ops;
    if (reading == FORWARD) ops->forward(&b->layer, &pass);
    if (reading == BACKWARD_W) ops->backward_w(&b->layer, &pass);
    if (reading != BACKWARD_X) return;
    ops->prepare(&b->layer, &pass);
    ops->backward_x(&b->layer, &pass);
}

/* An image's value at a pixel; 0 outside of it. */
static double pixel(const float *x, int64_t side, int64_t channels, int64_t n, int64_t u, int64_t v,
                    int64_t c)
{
    if (u < 0 || v < 0 || u >= side || v >= side) return 0;
    return (double)x[((n * side + u) * side + v) * channels + c];
}

/* The same of an image that lies `stride` apart in the grid that u and v count: 0 between its pixels. */
static double spread(const float *y, int64_t side, int64_t channels, int64_t stride, int64_t n, int64_t u,
                     int64_t v, int64_t c)
{
    return u % stride || v % stride ? 0 : pixel(y, side, channels, n, u / stride, v / stride, c);
}

static bool near(double got, double want, double size)
{
    return fabs(got - want) <= 1e-5 * (1 + size);
}

/* Rows and columns of zeros before the image where padding is `same`: half of what the outputs reach beyond
 * it. */
static int64_t zeros_before(const struct layer_bench *b)
{
    const int64_t reach = (b->out - 1) * b->s.stride + b->s.kernel - b->s.side;
    return reach > 0 ? reach / 2 : 0;
}

/* y[u, v] = beta + sum over taps (i, j) and channels of W[i, j] x[u stride + i - top, v stride + j - top] */
static bool right_y(const struct layer_bench *b)
{
    const int64_t k = b->s.kernel, C = b->s.C, O = b->s.O, side = b->s.side, out = b->out,
                  top = zeros_before(b);
    bool ok = true;
    for (int64_t i = 0; i < b->n_y; i += PIXELS_CHECKED) {
        const int64_t o = i % O, v = i / O % out * b->s.stride - top,
                      u = i / O / out % out * b->s.stride - top, n = i / O / out / out;
        double sum = (double)b->w[k * k * C * O + o], size = 0;
        for (int64_t t = 0; t < k * k * C; t++) {
            const double term =
                pixel(b->x, side, C, n, u + t / C / k, v + t / C % k, t % C) * (double)b->w[t * O + o];
            sum += term, size += fabs(term);
        }
        ok = ok && near((double)b->y[i], sum, size);
    }
    return ok;
}

static bool right_dx(const struct layer_bench *b)
{
    const int64_t k = b->s.kernel, C = b->s.C, O = b->s.O, side = b->s.side, top = zeros_before(b);
    bool ok = true;
    for (int64_t i = 0; i < b->n_x; i += PIXELS_CHECKED) {
        const int64_t c = i % C, v = i / C % side + top, u = i / C / side % side + top,
                      n = i / C / side / side;
        double sum = 0, size = 0;
        for (int64_t t = 0; t < k * k * O; t++) {
            const int64_t tap = t / O;
            const double term = spread(b->dy, b->out, O, b->s.stride, n, u - tap / k, v - tap % k, t % O) *
                                (double)b->w[(tap * C + c) * O + t % O];
            sum += term, size += fabs(term);
        }
        ok = ok && near((double)b->dx[i], sum, size);
    }
    return ok;
}

static bool right_dw(const struct layer_bench *b)
{
    const int64_t k = b->s.kernel, C = b->s.C, O = b->s.O, side = b->s.side, out = b->out,
                  top = zeros_before(b);
    bool ok = true;
    for (int64_t i = 0; i < k * k * C * O; i += WEIGHTS_CHECKED) {
        const int64_t o = i % O, c = i / O % C, tap = i / O / C;
        double sum = 0, size = 0;
        for (int64_t p = 0; p < BATCH * out * out; p++) {
            const double term =
                pixel(b->x, side, C, p / out / out, p / out % out * b->s.stride + tap / k - top,
                      p % out * b->s.stride + tap % k - top, c) *
                (double)b->dy[p * O + o];
            sum += term, size += fabs(term);
        }
        ok = ok && near((double)b->dw[i], sum, size);
    }
    return ok;
}

/* Some entries of each: outputs, dx, dw. */
static bool right(struct layer_bench *b)
{
    for (int r = FORWARD; r <= BACKWARD_W; r++) run(b, (enum reading)r);
    return right_y(b) && right_dx(b) && right_dw(b);
}

static double best_seconds(struct layer_bench *b, enum reading reading)
{
    double best = INFINITY;
    for (double start = er_clock_s(), now = start; now - start < ROW_SECONDS;) {
        run(b, reading);
        const double end = er_clock_s();
        best = fmin(best, end - now);
        now = end;
    }
    return best;
}

static bool measure(struct shape s, double peak)
{
    static const char *const name[] = {"forward", "backward-x", "backward-w"};
    struct layer_bench b;
    bool ok = open_layer(&b, s) && right(&b);
    for (int r = FORWARD; ok && r <= BACKWARD_W; r++) {
        const double seconds = best_seconds(&b, (enum reading)r);
        const double gflops = 1e-9 * BATCH * b.layer.flops / seconds;
        char stride[32] = "";
        if (s.stride > 1) snprintf(stride, sizeof stride, " stride=%d", (int)s.stride);
        printf(
            "{\"id\": \"conv-%dx%dx%d-to-%d-%dx%d%s-%s\", \"seconds\": %.4g, \"gflops\": %.4g, \"of_peak\": "
            "%.3f}\n",
            (int)s.side, (int)s.side, (int)s.C, (int)s.O, (int)s.kernel, (int)s.kernel, stride, name[r],
            seconds, gflops, gflops / peak);
    }
    if (!ok) fprintf(stderr, "conv %d over %d channels is wrong, or memory is out\n", (int)s.O, (int)s.C);
    close_layer(&b);
    return ok;
}

int main(void)
{
    static const struct shape shapes[] = {
        {28, 1, 16, 3, 1},  {14, 16, 32, 3, 1}, {32, 3, 32, 3, 1},  {16, 32, 64, 3, 1},
        {28, 16, 16, 3, 1}, {32, 64, 64, 3, 1}, {28, 1, 32, 5, 1},  {8, 64, 64, 3, 1},
        {7, 64, 128, 3, 1}, {16, 64, 64, 1, 1}, {16, 32, 64, 3, 2},
    };
    struct er_pool *pool = NULL;
    const char *isa;
    double peak = 0;
    bool ok = true;
    if (er_pool_new(1, &pool, NULL) != ER_OK) return 1;
    for (int i = 0; i < 3; i++) peak = fmax(peak, er_peak_gflops(pool, 1, &isa));
    er_pool_free(pool);
    printf("{\"id\": \"peak-1-thread\", \"isa\": \"%s\", \"gflops\": %.4g}\n", isa, peak);
    er_gemm_hold();
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) ok = measure(shapes[i], peak) && ok;
    er_gemm_release();
    return ok ? 0 : 1;
}
