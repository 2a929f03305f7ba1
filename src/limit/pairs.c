/* pairs.c - affine maps, sums and products of kernels, pair by pair. */
#include "limit/pairs.h"

#include "core/vector.h"

#include <string.h>

int64_t er_pairs_places(const struct er_limit *limit, int64_t *place, int64_t *last)
{
    int64_t places = 0;
    for (int64_t i = 0; i < limit->n; i++) {
        const struct er_limit_node *node = &limit->node[i];
        last[i] = limit->n;
        for (int64_t b = 0; b < node->n_from; b++)
            if (node->from[b] >= 0) last[node->from[b]] = i;
    }
    for (int64_t i = 0; i < limit->n; i++) {
        const int64_t first = limit->node[i].from[0];
        place[i] = first >= 0 && last[first] == i ? place[first] : places++;
    }
    return places;
}

/* y = w y + c x + d */
ER_VECTOR static void combine(int64_t n, double w, double c, double d, const double *x, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = w * y[i] + (c * x[i] + d);
}

/* y = w y + d */
ER_VECTOR static void affine(int64_t n, double w, double d, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = w * y[i] + d;
}

ER_VECTOR static void multiply(int64_t n, const double *x, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] *= x[i];
}

/* theta = theta b + k a, of factors with kernels k and b, tangent kernels theta and a */
ER_VECTOR static void product_rule(int64_t n, const double *k, const double *b, const double *a,
                                   double *theta)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) theta[i] = theta[i] * b[i] + k[i] * a[i];
}

ER_VECTOR static void divide(int64_t n, const double *x, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] /= x[i];
}

/* y = c y + d x, for each kernel */
static void add(int64_t n, double c, double d, struct er_pairs x, struct er_pairs y)
{
    combine(n, c, d, 0, x.k, y.k);
    if (y.theta) combine(n, c, d, 0, x.theta, y.theta);
}

/* The share of a branch's channels in all of them. */
static double share(const struct er_layer *layer, int64_t branch)
{
    int64_t all = 0;
    for (int64_t b = 0; b < layer->n_branches; b++) all += layer->branch[b].channels;
    return (double)layer->branch[branch].channels / (double)all;
}

static void copy(int64_t n, struct er_pairs from, struct er_pairs to)
{
    if (to.k != from.k) memcpy(to.k, from.k, (size_t)n * sizeof *to.k);
    if (to.theta && to.theta != from.theta) memcpy(to.theta, from.theta, (size_t)n * sizeof *to.theta);
}

void er_pairs_map(const struct er_limit_node *node, int64_t n, const struct er_pairs *in, struct er_pairs out)
{
    const struct er_kernel_map *map = &node->map;
    copy(n, in[0], out);
    switch (map->form) {
    case ER_KERNEL_AFFINE:
        if (out.theta) combine(n, map->w, map->tangent_w, map->tangent_b, out.k, out.theta);
        affine(n, map->w, map->b, out.k);
        break;
    case ER_KERNEL_SCALE:
        affine(n, map->w, 0, out.k);
        if (out.theta) affine(n, map->w, 0, out.theta);
        break;
    case ER_KERNEL_SUM:
        for (int64_t b = 1; b < node->n_from; b++) add(n, 1, 1, in[b], out);
        break;
    case ER_KERNEL_PRODUCT:
        for (int64_t b = 1; b < node->n_from; b++) {
            if (out.theta) product_rule(n, out.k, in[b].k, in[b].theta, out.theta);
            multiply(n, in[b].k, out.k);
        }
        break;
    case ER_KERNEL_CONCAT:
        for (int64_t b = 1; b < node->n_from; b++)
            add(n, b == 1 ? share(node->layer, 0) : 1, share(node->layer, b), in[b], out);
        break;
    case ER_KERNEL_POINTWISE:
    case ER_KERNEL_AVERAGE:
    case ER_KERNEL_NORMALISE:
    case ER_KERNEL_DROPOUT:
        break;
    }
}

void er_pairs_normalise(int64_t n, const double *scale, struct er_pairs at)
{
    divide(n, scale, at.k);
    if (at.theta) divide(n, scale, at.theta);
}
