/* add.c - the sum of branches: residual connections (He et al., CVPR 2016).
 *
 *     y = sum_i branch_i     dx = dy for every branch
 *
 * The branches have one input and give one shape. Sums are taken in the order in which they are written.
 */
#include "core/vector.h"
#include "net/layer.h"

#include <string.h>

enum { GRAIN = 16 };

ER_VECTOR
static void plus(int64_t n, const float *restrict a, const float *restrict b, float *restrict y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

ER_VECTOR
static void more(int64_t n, const float *restrict a, float *restrict y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] += a[i];
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    enum er_status status = er_layer_check_branches(l, true, err);
    return status == ER_OK ? er_layer_bind_pointwise(l, err) : status;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    er_share(p->plan->rows * l->n_out, GRAIN, p->part, p->parts, &from, &to);
    plus(to - from, p->branch[0] + from, p->branch[1] + from, p->y + from);
    for (int64_t i = 2; i < l->n_branches; i++) more(to - from, p->branch[i] + from, p->y + from);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    er_share(p->plan->rows * l->n_out, GRAIN, p->part, p->parts, &from, &to);
    memcpy(p->dx + from, p->dy + from, (size_t)(to - from) * sizeof *p->dx);
}

/* A branch without a tangent (one that is the net's input itself) counts as zero. */
static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    er_share(p->plan->rows * l->n_out, GRAIN, p->part, p->parts, &from, &to);
    memset(p->ty + from, 0, (size_t)(to - from) * sizeof *p->ty);
    for (int64_t i = 0; i < l->n_branches; i++)
        if (p->t_branch[i]) more(to - from, p->t_branch[i] + from, p->ty + from);
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t from, to;
    er_share(p->plan->rows * l->n_out, GRAIN, p->part, p->parts, &from, &to);
    memcpy(p->tdx + from, p->tdy + from, (size_t)(to - from) * sizeof *p->tdx);
}

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)l;
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_SUM};
    return ER_OK;
}

const struct er_layer_ops er_layer_add = {
    .name = "add",
    .help = "the sum of branches: add: [[conv 16 3x3, relu, conv 16 3x3], identity]",
    .join = true,
    .bind = bind,
    .forward = forward,
    .backward_x = backward_x,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .kernel = kernel,
};
