/* lrn.c - local response normalisation: every channel of a pixel divided by a power of what it and its
 * neighbours are in size.
 *
 *     s_c = k + (alpha / size) sum of x_j^2 over the channels j of c's window       y_c = x_c s_c^-beta
 *
 * The window of c has `size` channels, c - floor(size / 2) and those that follow; channels that do not exist
 * count as zeros, and alpha is divided by `size` all the same. With a = alpha / size:
 *
 *     q_c = dy_c y_c / s_c      A_j = sum of q_c over the c that have j in their window
 *     dx_j = dy_j s_j^-beta - 2 a beta x_j A_j
 *
 * and along tx, where U_c = sum of x_j tx_j over c's window, so that ts_c = 2 a U_c:
 *
 *     ty_c = tx_c s_c^-beta - 2 a beta U_c y_c / s_c
 *     tq_c = (tdy_c y_c + dy_c ty_c - 2 a U_c q_c) / s_c      tA_j as A_j
 *     tdx_j = tdy_j s_j^-beta - 2 a beta (U_j dy_j s_j^-beta / s_j + tx_j A_j + x_j tA_j)
 *
 * s^-beta is exp(-beta log s), to a few ulp and 2^-24 |beta log s|. The cache keeps s. Sums are in the order
 * of channels.
 *
 * Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural
 * networks", NIPS 2012, section 3.3, whose alpha is not divided by the size: its k = 2, n = 5, alpha = 1e-4,
 * beta = 0.75 is `lrn 5 alpha=5e-4 k=2` here. Divided it is in cuda-convnet, Caffe and PyTorch. By default as
 * in TensorFlow's CIFAR-10 tutorial (depth_radius 4, bias 1, alpha 0.001 / 9, not divided, beta 0.75).
 */
#include "core/vector.h"
#include "math/elementary.h"
#include "net/layer.h"

#include <string.h>

enum { SIZE, ALPHA, BETA, K };

static const struct er_argument argument[] = {
    {"size", ER_ARGUMENT_INTEGER, true, 1, 4096, NULL, "9", "channels of a window"},
    {"alpha", ER_ARGUMENT_REAL, false, 0, 1e6, NULL, "0.001", "factor of the mean square over the window"},
    {"beta", ER_ARGUMENT_REAL, false, 0, 16, NULL, "0.75", "the power"},
    {"k", ER_ARGUMENT_REAL, false, 1e-6, 1e6, NULL, "1", "added to it, so that nothing is divided by zero"},
    {0},
};

/* The layer in numbers. A window reaches over `before` channels, its own and `after`. */
struct lrn {
    int64_t channels, before, after;
    float a, beta, k;
};

static struct lrn lrn_of(const struct er_layer *l)
{
    const int64_t C = l->in.channels, size = (int64_t)l->argument[SIZE];
    const int64_t before = size / 2, after = (size - 1) / 2;
    return (struct lrn){
        .channels = C,
        .before = before < C ? before : C - 1,
        .after = after < C ? after : C - 1,
        .a = (float)(l->argument[ALPHA] / (double)size),
        .beta = (float)l->argument[BETA],
        .k = (float)l->argument[K],
    };
}

/* A pixel's values between the zeros that windows reach. */
static int64_t padded(const struct lrn *n)
{
    return n->before + n->channels + n->after;
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    l->n_cache = er_shape_size(l->in);
    return er_layer_bind_pointwise(l, err);
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    const struct lrn n = lrn_of(l);
    (void)err;
    p->n_scratch = 2 * (padded(&n) + n.channels);
    return ER_OK;
}

/* sum[c] = v[c] + ... + v[c + width - 1] */
ER_INLINE void add_windows(const struct lrn *n, const float *restrict v, float *restrict sum)
{
    const int64_t width = n->before + n->after + 1;
    memcpy(sum, v, (size_t)n->channels * sizeof *sum);
    for (int64_t d = 1; d < width; d++)
#pragma omp simd
        for (int64_t c = 0; c < n->channels; c++) sum[c] += v[c + d];
}

ER_INLINE float power(const struct lrn *n, float s)
{
    return er_expf(-n->beta * er_logf(s));
}

ER_VECTOR
static void normalise(const struct lrn *n, int64_t pixels, const float *restrict x, float *restrict y,
                      float *restrict s, float *restrict scratch)
{
    const int64_t C = n->channels;
    float *square = scratch + n->before;
    memset(scratch, 0, (size_t)padded(n) * sizeof *scratch);
    for (; pixels-- > 0; x += C, y += C, s += C) {
#pragma omp simd
        for (int64_t c = 0; c < C; c++) square[c] = x[c] * x[c];
        add_windows(n, scratch, s);
#pragma omp simd
        for (int64_t c = 0; c < C; c++) {
            s[c] = n->k + n->a * s[c];
            y[c] = x[c] * power(n, s[c]);
        }
    }
}

/* The pixels of one call; the first one's values begin at number `at` of the batch's. */
struct pixels {
    int64_t n, at;
    const float *x, *y, *s, *dy, *tx, *ty, *tdy;
    float *out;
    float *scratch;
};

ER_VECTOR
static void pull_back(const struct lrn *n, const struct pixels *p)
{
    const int64_t C = n->channels;
    const float *restrict x = p->x, *restrict y = p->y, *restrict s = p->s, *restrict dy = p->dy;
    float *restrict q = p->scratch + n->after, *restrict A = p->scratch + padded(n), *restrict dx = p->out;
    const float factor = 2 * n->a * n->beta;
    memset(p->scratch, 0, (size_t)padded(n) * sizeof *p->scratch);
    for (int64_t i = 0; i < p->n; i++, x += C, y += C, s += C, dy += C, dx += C) {
#pragma omp simd
        for (int64_t c = 0; c < C; c++) q[c] = dy[c] * y[c] / s[c];
        add_windows(n, p->scratch, A);
#pragma omp simd
        for (int64_t c = 0; c < C; c++) dx[c] = dy[c] * power(n, s[c]) - factor * x[c] * A[c];
    }
}

ER_VECTOR
static void push(const struct lrn *n, const struct pixels *p)
{
    const int64_t C = n->channels;
    const float *restrict x = p->x, *restrict y = p->y, *restrict s = p->s, *restrict tx = p->tx;
    float *restrict u = p->scratch + n->before, *restrict ty = p->out;
    const float factor = 2 * n->a * n->beta;
    memset(p->scratch, 0, (size_t)padded(n) * sizeof *p->scratch);
    for (int64_t i = 0; i < p->n; i++, x += C, y += C, s += C, tx += C, ty += C) {
#pragma omp simd
        for (int64_t c = 0; c < C; c++) u[c] = x[c] * tx[c];
        add_windows(n, p->scratch, ty);
#pragma omp simd
        for (int64_t c = 0; c < C; c++) ty[c] = tx[c] * power(n, s[c]) - factor * ty[c] * y[c] / s[c];
    }
}

/* The tangent of pull_back(): U and A have arrays of their own, what is summed takes turns in one. */
ER_VECTOR
static void push_back(const struct lrn *n, const struct pixels *p)
{
    const int64_t C = n->channels;
    const float *restrict x = p->x, *restrict y = p->y, *restrict s = p->s, *restrict dy = p->dy;
    const float *restrict tx = p->tx, *restrict ty = p->ty, *restrict tdy = p->tdy;
    float *at_before = p->scratch, *at_after = at_before + padded(n);
    float *u = at_before + n->before, *q = at_after + n->after;
    float *restrict U = at_after + padded(n), *restrict A = U + C, *restrict tdx = p->out;
    const float twice = 2 * n->a;
    memset(p->scratch, 0, (size_t)(2 * padded(n)) * sizeof *p->scratch);
    for (int64_t i = 0; i < p->n;
         i++, x += C, y += C, s += C, dy += C, tx += C, ty += C, tdy += C, tdx += C) {
#pragma omp simd
        for (int64_t c = 0; c < C; c++) u[c] = x[c] * tx[c];
        add_windows(n, at_before, U);
#pragma omp simd
        for (int64_t c = 0; c < C; c++) q[c] = dy[c] * y[c] / s[c];
        add_windows(n, at_after, A);
#pragma omp simd
        for (int64_t c = 0; c < C; c++) q[c] = (tdy[c] * y[c] + dy[c] * ty[c] - twice * U[c] * q[c]) / s[c];
        add_windows(n, at_after, tdx);
#pragma omp simd
        for (int64_t c = 0; c < C; c++) {
            const float r = power(n, s[c]);
            tdx[c] = tdy[c] * r - twice * n->beta * (U[c] * dy[c] * r / s[c] + tx[c] * A[c] + x[c] * tdx[c]);
        }
    }
}

/* This part's share, and what forward left of it. */
static struct pixels share(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t C = l->in.channels;
    int64_t first, end;
    er_share(p->plan->rows * (l->n_in / C), 1, p->part, p->parts, &first, &end);
    const int64_t at = first * C;
    return (struct pixels){
        .n = end - first,
        .at = at,
        .x = p->x + at,
        .y = p->y + at,
        .s = p->cache + at,
        .scratch = p->scratch,
    };
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const struct lrn n = lrn_of(l);
    const struct pixels is = share(l, p);
    normalise(&n, is.n, is.x, p->y + is.at, p->cache + is.at, is.scratch);
}

/* out = in times the transposed Jacobian. */
static void take_back(const struct er_layer *l, const struct er_pass *p, const float *in, float *out)
{
    const struct lrn n = lrn_of(l);
    struct pixels is = share(l, p);
    is.dy = in + is.at;
    is.out = out + is.at;
    pull_back(&n, &is);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    take_back(l, p, p->dy, p->dx);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const struct lrn n = lrn_of(l);
    struct pixels is = share(l, p);
    is.out = p->ty + is.at;
    if (!p->tx) {
        memset(is.out, 0, (size_t)(is.n * n.channels) * sizeof *is.out);
        return;
    }
    is.tx = p->tx + is.at;
    push(&n, &is);
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    const struct lrn n = lrn_of(l);
    struct pixels is = share(l, p);
    if (!p->tx) { /* nothing moves but the gradient that comes */
        take_back(l, p, p->tdy, p->tdx);
        return;
    }
    is.dy = p->dy + is.at;
    is.tx = p->tx + is.at;
    is.ty = p->ty + is.at;
    is.tdy = p->tdy + is.at;
    is.out = p->tdx + is.at;
    push_back(&n, &is);
}

const struct er_layer_ops er_layer_lrn = {
    .name = "lrn",
    .help = "local response normalisation over neighbouring channels: x / (k + alpha mean square)^beta",
    .argument = argument,
    .orders_channels = true,
    .bind = bind,
    .plan = plan,
    .forward = forward,
    .backward_x = backward_x,
    .tangent = tangent,
    .tangent_x = tangent_x,
};
