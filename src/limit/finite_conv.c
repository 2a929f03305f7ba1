/* finite_conv.c - a convolution in float64, as src/net/layers/conv.c says, by patches: row p of P(x) holds what the window
 * of output pixel p sees, F = kh kw C/groups numbers, so that of each group
 *
 *     y_k = s (P(x_k) W + P(x_{k-1}) tW) + t beta_k      dx = s P'(dy W')      dW = s P(x)' dy
 *     part of Theta^ of a pair = sum over p, p' of (s^2 P(x1) P(x2)' + t^2)[p, p'] (d1[p] . d2[p'])
 */
#include "limit/finite.h"
#include "net/conv_map.h"
#include "net/weights.h"

#include <string.h>

/* The layer in numbers. Of each group: F terms of a sum, U outputs. */
struct conv {
    struct er_convolution map;
    int64_t pixels, F, C, U, O, weights;
    double s, t; /* t is 0 without bias */
    bool biased;
};

static struct conv conv_of(const struct er_layer *l)
{
    const double *argument = er_weights_arguments(l);
    struct conv c = {.map = er_conv_map(l), .biased = er_weights_has_bias(argument)};
    c.pixels = c.map.rows.out * c.map.columns.out;
    c.F = er_conv_fan_in(&c.map);
    c.C = c.map.in_channels / c.map.groups;
    c.O = c.map.out_channels;
    c.U = c.O / c.map.groups;
    c.weights = er_conv_weights(&c.map);
    c.s = er_weights_exact_factor(argument, c.F);
    c.t = c.biased ? er_weights_exact_bias_factor(argument) : 0;
    return c;
}

/* The pixel that tap `a` of output i reads along one side, or -1. */
static int64_t place(const struct er_window *w, int64_t i, int64_t a)
{
    const int64_t at = i * w->stride + a * w->dilation - w->before;
    if (w->padding == ER_PADDING_CIRCULAR) return ((at % w->in) + w->in) % w->in;
    return at < 0 || at >= w->in ? -1 : at;
}

/* The pixel of the image at tap (a, b) of output pixel p, or -1. */
static int64_t pixel_of(const struct conv *c, int64_t p, int64_t a, int64_t b)
{
    const int64_t i = place(&c->map.rows, p / c->map.columns.out, a);
    const int64_t j = place(&c->map.columns, p % c->map.columns.out, b);
    return i < 0 || j < 0 ? -1 : i * c->map.columns.in + j;
}

/* patches = P(image), of one group. */
static void cut(const struct conv *c, int64_t group, const double *image, double *patches)
{
    for (int64_t p = 0; p < c->pixels; p++)
        for (int64_t a = 0; a < c->map.rows.size; a++)
            for (int64_t b = 0; b < c->map.columns.size; b++, patches += c->C) {
                const int64_t from = pixel_of(c, p, a, b);
                if (from < 0)
                    memset(patches, 0, (size_t)c->C * sizeof *patches);
                else
                    memcpy(patches, image + from * c->map.in_channels + group * c->C,
                           (size_t)c->C * sizeof *patches);
            }
}

/* image += P'(patches) */
static void paste(const struct conv *c, int64_t group, const double *patches, double *image)
{
    for (int64_t p = 0; p < c->pixels; p++)
        for (int64_t a = 0; a < c->map.rows.size; a++)
            for (int64_t b = 0; b < c->map.columns.size; b++, patches += c->C) {
                const int64_t to = pixel_of(c, p, a, b);
                double *at = image + to * c->map.in_channels + group * c->C;
                for (int64_t i = 0; to >= 0 && i < c->C; i++) at[i] += patches[i];
            }
}

/* y = t beta in all pixels of all rows; beta NULL: 0. */
static void fill(const struct conv *c, int64_t pixels, const double *beta, double *y)
{
    for (int64_t p = 0; p < pixels; p++)
        for (int64_t o = 0; o < c->O; o++) y[p * c->O + o] = beta ? c->t * beta[o] : 0;
}

static void forward(const struct er_layer *l, const struct er_finite_call *call)
{
    const struct conv c = conv_of(l);
    const int64_t B = call->rows;
    for (int k = 0; k <= call->order; k++) {
        const double *moved = k == 0 ? call->w : k == 1 ? call->tw : NULL;
        fill(&c, B * c.pixels, moved && c.biased ? moved + c.weights : NULL, call->y + k * B * l->n_out);
    }
    for (int64_t b = 0; b < B; b++)
        for (int64_t g = 0; g < c.map.groups; g++)
            for (int k = 0; k <= call->order; k++) {
                double *y = call->y + (k * B + b) * l->n_out + g * c.U;
                cut(&c, g, call->x + (k * B + b) * l->n_in, call->scratch);
                er_finite_gemm(false, false, c.pixels, c.U, c.F, c.s, call->scratch, c.F, call->w + g * c.U,
                               c.O, 1, y, c.O);
                if (call->tw && k < call->order)
                    er_finite_gemm(false, false, c.pixels, c.U, c.F, c.s, call->scratch, c.F,
                                   call->tw + g * c.U, c.O, 1, y + B * l->n_out, c.O);
            }
}

static void backward(const struct er_layer *l, const struct er_finite_call *call)
{
    const struct conv c = conv_of(l);
    for (int64_t b = 0; b < call->rows; b++)
        for (int64_t g = 0; g < c.map.groups; g++) {
            er_finite_gemm(false, true, c.pixels, c.F, c.U, c.s, call->dy + b * l->n_out + g * c.U, c.O,
                           call->w + g * c.U, c.O, 0, call->scratch, c.F);
            paste(&c, g, call->scratch, call->dx + b * l->n_in);
        }
}

static void gradient(const struct er_layer *l, const struct er_finite_call *call)
{
    const struct conv c = conv_of(l);
    for (int64_t b = 0; b < call->rows; b++) {
        const double *dy = call->dy + b * l->n_out;
        double *g = call->g + b * call->stride;
        for (int64_t i = 0; i < c.map.groups; i++) {
            cut(&c, i, call->x + b * l->n_in, call->scratch);
            er_finite_gemm(true, false, c.F, c.U, c.pixels, c.s, call->scratch, c.F, dy + i * c.U, c.O, 1,
                           g + i * c.U, c.O);
        }
        for (int64_t p = 0; c.biased && p < c.pixels; p++)
            for (int64_t o = 0; o < c.O; o++) g[c.weights + o] += c.t * dy[p * c.O + o];
    }
}

static int64_t scratch(const struct er_layer *l, int64_t rows, int order)
{
    const struct conv c = conv_of(l);
    (void)rows;
    (void)order;
    return c.pixels * c.F;
}

/* sum_{p,u} a[p,u] b[p,u] of a group: a with O numbers a pixel, b with U. */
static double inner(const struct conv *c, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t p = 0; p < c->pixels; p++)
        for (int64_t u = 0; u < c->U; u++) sum += a[p * c->O + u] * b[p * c->U + u];
    return sum;
}

/* One pair and group: M = s^2 P1 P2' + t^2, then M d2 for each output, times each d1. */
static void pair(const struct er_layer *l, const struct conv *c, const struct er_finite_pairs *p, int64_t i,
                 int64_t j, int64_t group, const double *first)
{
    const int64_t Q = c->pixels, O = p->outputs;
    double *second = p->scratch + Q * c->F, *m = second + Q * c->F, *moved = m + Q * Q;
    double *theta = p->theta + (i * p->columns + j) * er_finite_kept(O, p->kept);
    cut(c, group, p->x2 + j * l->n_in, second);
    for (int64_t k = 0; k < Q * Q; k++) m[k] = c->t * c->t;
    er_finite_gemm(false, true, Q, Q, c->F, c->s * c->s, first, c->F, second, c->F, 1, m, Q);
    for (int64_t o2 = 0; o2 < O; o2++) {
        const double *d2 = p->d2 + o2 * p->stride2 + j * l->n_out + group * c->U;
        er_finite_gemm(false, false, Q, c->U, Q, 1, m, Q, d2, c->O, 0, moved, c->U);
        for (int64_t o1 = 0; o1 < O; o1++) {
            if (p->kept != ER_OUTPUTS_ALL && o1 != o2) continue;
            const double *d1 = p->d1 + o1 * p->stride1 + i * l->n_out + group * c->U;
            const int64_t to = p->kept == ER_OUTPUTS_MEAN ? 0 : p->kept == ER_OUTPUTS_ALL ? o1 * O + o2 : o1;
            theta[to] += inner(c, d1, moved);
        }
    }
}

static void pairs(const struct er_layer *l, const struct er_finite_pairs *p)
{
    const struct conv c = conv_of(l);
    for (int64_t i = 0; i < p->rows; i++)
        for (int64_t g = 0; g < c.map.groups; g++) {
            cut(&c, g, p->x1 + i * l->n_in, p->scratch);
            for (int64_t j = 0; j < p->columns; j++) pair(l, &c, p, i, j, g, p->scratch);
        }
}

static double pair_flops(const struct er_layer *l, int64_t outputs, enum er_outputs_kept kept)
{
    const struct conv c = conv_of(l);
    const double Q = (double)c.pixels, O = (double)outputs, products = kept == ER_OUTPUTS_ALL ? O * O : O;
    const double patches = 2 * Q * Q * (double)c.F * (double)c.map.groups;
    return patches + 2 * O * Q * Q * (double)c.O + 2 * products * Q * (double)c.O;
}

static int64_t pair_scratch(const struct er_layer *l, int64_t rows, int64_t columns)
{
    const struct conv c = conv_of(l);
    (void)rows;
    (void)columns;
    return 2 * c.pixels * c.F + c.pixels * (c.pixels + c.U);
}

const struct er_finite_ops er_finite_conv = {
    .name = "conv",
    .scratch = scratch,
    .forward = forward,
    .backward = backward,
    .gradient = gradient,
    .pairs = pairs,
    .pair_flops = pair_flops,
    .pair_scratch = pair_scratch,
};
