/* limit_pixels.c - plain loops over all pairs of pixels. */
#include "limit_pixels.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>

/* A relu that is written down plainly; its table is the variance itself. */
static void relu_pair(int64_t n, const double *q1, int64_t step1, const double *q2, int64_t step2, double *k,
                      double *theta)
{
    for (int64_t i = 0; i < n; i++) {
        const double c = k[i], det = fmax(q1[i * step1] * q2[i * step2] - c * c, 0);
        const double angle = det > 0 || c != 0 ? atan2(sqrt(det), c) : M_PI / 2,
                     slope = (M_PI - angle) / (2 * M_PI);
        k[i] = sqrt(det) / (2 * M_PI) + slope * c;
        if (theta) theta[i] *= slope;
    }
}
static void plain_pair(const double *p, int64_t n, const struct er_dual_side *one,
                       const struct er_dual_side *two, double *k, double *theta)
{
    (void)p;
    relu_pair(n, one->q, one->step, two->q, two->step, k, theta);
}
static void table_pair(const double *p, int64_t n, const struct er_dual_side *one,
                       const struct er_dual_side *two, double *k, double *theta)
{
    (void)p;
    relu_pair(n, one->table + 1, 2 * one->step, two->table + 1, 2 * two->step, k, theta);
}
static void table_prepare(const double *p, int64_t n, const double *q, double *table)
{
    (void)p;
    for (int64_t i = 0; i < n; i++) {
        table[2 * i] = (double)NAN;
        table[2 * i + 1] = q[i];
    }
}
static void relu_self(const double *p, int64_t n, const double *q, const double *table, double *k,
                      double *theta)
{
    (void)p;
    (void)table;
    for (int64_t i = 0; i < n; i++) {
        if (theta) theta[i] *= q[i] > 0 ? 0.5 : 0.25;
        k[i] = q[i] / 2;
    }
}
static void plain_pair32(const double *p, int64_t n, const struct er_dual_side32 *one,
                         const struct er_dual_side32 *two, float *k, float *theta)
{
    for (int64_t i = 0; i < n; i++) {
        const double q1 = (double)one->q[i * one->step], q2 = (double)two->q[i * two->step];
        const struct er_dual_side a = {&q1, NULL, 1}, b = {&q2, NULL, 1};
        double c = (double)k[i], t = theta ? (double)theta[i] : 0;
        plain_pair(p, 1, &a, &b, &c, &t);
        k[i] = (float)c;
        if (theta) theta[i] = (float)t;
    }
}
const struct er_dual plain_relu = {
    .slope = true, .pair = plain_pair, .self = relu_self, .pair32 = plain_pair32};
const struct er_dual table_relu = {
    .width = 2, .slope = true, .prepare = table_prepare, .pair = table_pair, .self = relu_self};

static int64_t tap(const struct er_window *w, int64_t i, int64_t a)
{
    int64_t p = i * w->stride + a * w->dilation - w->before;
    if (w->padding == ER_PADDING_CIRCULAR) return ((p % w->in) + w->in) % w->in;
    return p < 0 || p >= w->in ? -1 : p;
}

static double window_size(const struct er_window *w, int64_t i, bool counts)
{
    double n = 0;
    for (int64_t a = 0; a < w->size; a++) n += counts || tap(w, i, a) >= 0;
    return n;
}

/* A window's sum at pixels p and q. */
static double window_sum(const struct er_kernel_map *map, int64_t width, int64_t in_width, const double *in,
                         int64_t p, int64_t q)
{
    const struct er_window *y = &map->rows, *x = &map->columns;
    const bool both = map->form == ER_KERNEL_AVERAGE;
    const int64_t in_pixels = y->in * in_width, py = p / width, px = p % width, qy = q / width,
                  qx = q % width;
    double sum = 0;
    for (int64_t a = 0; a < y->size; a++)
        for (int64_t b = 0; b < x->size; b++)
            for (int64_t c = both ? 0 : a; c < (both ? y->size : a + 1); c++)
                for (int64_t d = both ? 0 : b; d < (both ? x->size : b + 1); d++) {
                    const int64_t i = tap(y, py, a), j = tap(x, px, b), k = tap(y, qy, c), l = tap(x, qx, d);
                    if (i < 0 || j < 0 || k < 0 || l < 0) continue;
                    sum += in[(i * in_width + j) * in_pixels + k * in_width + l];
                }
    if (!both) return sum / (double)(y->size * x->size);
    return sum / (window_size(y, py, map->counts_padding) * window_size(x, px, map->counts_padding) *
                  window_size(y, qy, map->counts_padding) * window_size(x, qx, map->counts_padding));
}

static double norm_of(const struct er_kernel_map *map, const double *k, int64_t pixels, int64_t p)
{
    double v = 0;
    for (int64_t i = 0; i < pixels; i++) v += k[i * pixels + i] / (double)pixels;
    return sqrt(map->epsilon + (map->over_all ? v : k[p * pixels + p]));
}

/* Entry (p, q) of node i; self1, self2: the full kernels of each point alone. */
static void full_entry(const struct er_limit *limit, struct full *f, const struct full *self1,
                       const struct full *self2, int64_t i, int64_t p, int64_t q)
{
    const struct er_limit_node *node = &limit->node[i];
    const struct er_kernel_map *map = &node->map;
    const int64_t from = node->from[0], pixels = node->height * node->width, at = p * pixels + q;
    const int64_t before = er_limit_pixels(limit, from);
    const bool same = self1 == f && p == q;
    double *k = &f->k[i + 1][at], *t = &f->t[i + 1][at];
    const double *in_k = f->k[from + 1], *in_t = f->t[from + 1];
    const double *q1 = self1->k[from + 1], *q2 = self2->k[from + 1];
    if (map->form != ER_KERNEL_AFFINE && map->form != ER_KERNEL_AVERAGE) {
        *k = in_k[at];
        *t = in_t[at];
    }
    switch (map->form) {
    case ER_KERNEL_AFFINE:
        *k = *t = 0;
        for (int64_t e = 0; map->all_pixels && e < before; e++) {
            *k += in_k[e * before + e] / (double)before;
            *t += in_t[e * before + e] / (double)before;
        }
        if (!map->all_pixels) {
            *k = window_sum(map, node->width, er_limit_width(limit, from), in_k, p, q);
            *t = window_sum(map, node->width, er_limit_width(limit, from), in_t, p, q);
        }
        *t = map->w * *t + map->tangent_w * *k + map->tangent_b;
        *k = map->w * *k + map->b;
        break;
    case ER_KERNEL_POINTWISE:
        if (same)
            relu_self(NULL, 1, k, NULL, k, t);
        else
            relu_pair(1, &q1[p * pixels + p], 1, &q2[q * pixels + q], 1, k, t);
        break;
    case ER_KERNEL_SCALE:
        *k *= map->w;
        *t *= map->w;
        break;
    case ER_KERNEL_AVERAGE:
        *k = window_sum(map, node->width, er_limit_width(limit, from), in_k, p, q);
        *t = window_sum(map, node->width, er_limit_width(limit, from), in_t, p, q);
        break;
    case ER_KERNEL_SUM:
        *k += f->k[node->from[1] + 1][at];
        *t += f->t[node->from[1] + 1][at];
        break;
    case ER_KERNEL_PRODUCT:
        *t = *t * f->k[node->from[1] + 1][at] + *k * f->t[node->from[1] + 1][at];
        *k *= f->k[node->from[1] + 1][at];
        break;
    case ER_KERNEL_CONCAT:
        *k = 0.25 * *k + 0.75 * f->k[node->from[1] + 1][at];
        *t = 0.25 * *t + 0.75 * f->t[node->from[1] + 1][at];
        break;
    case ER_KERNEL_NORMALISE: {
        const double r = norm_of(map, q1, pixels, p) * norm_of(map, q2, pixels, q);
        *k /= r;
        *t /= r;
        break;
    }
    case ER_KERNEL_DROPOUT:
        if (same) {
            *k /= map->keep;
            *t /= map->keep;
        }
        break;
    }
}

void full_free(struct full *f)
{
    for (int64_t i = 0; i <= MOST_PIXEL_NODES; i++) {
        er_free(f->k[i]);
        er_free(f->t[i]);
    }
}

/* self1 == f: a point with itself. */
void full_kernel(const struct er_limit *limit, const double *x1, const double *x2, struct full *f,
                 const struct full *self1, const struct full *self2)
{
    const struct er_shape in = limit->input;
    const int64_t P = in.height * in.width;
    *f = (struct full){0};
    for (int64_t i = -1; i < limit->n; i++) {
        const int64_t pixels = er_limit_pixels(limit, i);
        f->k[i + 1] = er_alloc(pixels * pixels, sizeof(double));
        f->t[i + 1] = er_alloc(pixels * pixels, sizeof(double));
        if (!f->k[i + 1] || !f->t[i + 1]) exit(2);
    }
    if (!f->k[0]) exit(2);
    for (int64_t p = 0; p < P; p++)
        for (int64_t q = 0; q < P; q++)
            for (int64_t c = 0; c < in.channels; c++)
                f->k[0][p * P + q] += x1[p * in.channels + c] * x2[q * in.channels + c] / (double)in.channels;
    for (int64_t i = 0; i < limit->n; i++) {
        const int64_t pixels = er_limit_pixels(limit, i);
        for (int64_t p = 0; p < pixels; p++)
            for (int64_t q = 0; q < pixels; q++) full_entry(limit, f, self1, self2, i, p, q);
    }
}
