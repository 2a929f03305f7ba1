/* relu.c - rectified linear unit.
 *
 *     y = max(x, 0)     dx = dy where x > 0, else 0     (the derivative at 0 is 0)
 *
 * A NaN passes through, so that a divergence is seen where it is looked for. Source: Nair and Hinton, ICML
 * 2010.
 */
#include "core/vector.h"
#include "net/layer.h"

ER_VECTOR
static void rectify(int64_t n, const float *restrict x, float *restrict y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = x[i] < 0 ? 0 : x[i];
}

ER_VECTOR
static void mask(int64_t n, const float *restrict y, const float *restrict dy, float *restrict dx)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    rectify(p->plan->rows * l->n_in, p->x, p->y);
}

static void backward(const struct er_layer *l, const struct er_pass *p)
{
    if (p->dx) mask(p->plan->rows * l->n_in, p->y, p->dy, p->dx);
}

const struct er_layer_ops er_layer_relu = {
    .name = "relu",
    .help = "max(x, 0)",
    .bind = er_layer_bind_elementwise,
    .forward = forward,
    .backward = backward,
};
