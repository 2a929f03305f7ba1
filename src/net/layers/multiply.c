/* multiply.c - the product of branches, number by number: gates (Srivastava, Greff and Schmidhuber, arXiv:1505.00387).
 *
 *     y = prod_i x_i     dx_j = dy prod_{i != j} x_i     x_i: branch i
 *     ty = sum_j t_j prod_{i != j} x_i
 *     tdx_j = tdy prod_{i != j} x_i + dy sum_{k != j} t_k prod_{i != j, k} x_i
 *
 * The branches have one input and give one shape. Products are taken in the order in which they are written, without a
 * division; those with tangents as products of dual numbers, (p, t) (x, tx) = (p x, t x + p tx).
 */
#include "core/vector.h"
#include "net/layer.h"

#include <string.h>

enum { GRAIN = 16, BLOCK = 256 };

ER_VECTOR
static void times(int64_t n, const float *restrict x, float *restrict p)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) p[i] *= x[i];
}

/* The same with tangents; tx may be NULL. */
ER_VECTOR
static void times_dual(int64_t n, const float *restrict x, const float *restrict tx, float *restrict p,
                       float *restrict t)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) t[i] *= x[i];
    if (tx)
#pragma omp simd
        for (int64_t i = 0; i < n; i++) t[i] += p[i] * tx[i];
    times(n, x, p);
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    enum er_status status = er_layer_check_branches(l, true, err);
    return status == ER_OK ? er_layer_bind_pointwise(l, err) : status;
}

static void share(const struct er_layer *l, const struct er_pass *p, int64_t *from, int64_t *to)
{
    er_share(p->plan->rows * l->n_out, GRAIN, p->part, p->parts, from, to);
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    share(l, p, &from, &to);
    memcpy(p->y + from, p->branch[0] + from, (size_t)(to - from) * sizeof *p->y);
    for (int64_t i = 1; i < l->n_branches; i++) times(to - from, p->branch[i] + from, p->y + from);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    share(l, p, &from, &to);
    memcpy(p->dx + from, p->dy + from, (size_t)(to - from) * sizeof *p->dx);
    for (int64_t i = 0; i < l->n_branches; i++)
        if (i != p->input) times(to - from, p->branch[i] + from, p->dx + from);
}

/* The tangent of first prod_{i != skip} x_i, where `first` has the tangent that `out` begins as. */
static void product_tangent(const struct er_layer *l, const struct er_pass *p, int64_t skip,
                            const float *first, float *out)
{
    float product[BLOCK];
    int64_t at, to;
    share(l, p, &at, &to);
    for (int64_t n; at < to; at += n) {
        n = to - at < BLOCK ? to - at : BLOCK;
        for (int64_t k = 0; k < n; k++) product[k] = first ? first[at + k] : 1;
        for (int64_t i = 0; i < l->n_branches; i++)
            if (i != skip)
                times_dual(n, p->branch[i] + at, p->t_branch[i] ? p->t_branch[i] + at : NULL, product,
                           out + at);
    }
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    share(l, p, &from, &to);
    memset(p->ty + from, 0, (size_t)(to - from) * sizeof *p->ty);
    product_tangent(l, p, -1, NULL, p->ty);
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    share(l, p, &from, &to);
    memcpy(p->tdx + from, p->tdy + from, (size_t)(to - from) * sizeof *p->tdx);
    product_tangent(l, p, p->input, p->dy, p->tdx);
}

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)l;
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_PRODUCT};
    return ER_OK;
}

const struct er_layer_ops er_layer_multiply = {
    .name = "multiply",
    .help = "the product of branches, number by number: multiply: [dense 16, [dense 16, sigmoid]]",
    .join = true,
    .bind = bind,
    .forward = forward,
    .backward_x = backward_x,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .kernel = kernel,
};
