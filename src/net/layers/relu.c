/* relu.c - rectified linear unit.
 *
 *     y = max(x, 0)     dx = dy where x > 0, else 0     (the derivative at 0 is 0)
 *
 * A NaN passes through, so that a divergence is seen where it is looked for. Source: Nair and Hinton, ICML
 * 2010.
 */
#include "net/layer.h"

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = p->plan->rows * l->n_in;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) p->y[i] = p->x[i] < 0 ? 0 : p->x[i];
}

static void backward(const struct er_layer *l, const struct er_pass *p)
{
    if (!p->dx) return;
    const int64_t n = p->plan->rows * l->n_in;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) p->dx[i] = p->y[i] > 0 ? p->dy[i] : 0;
}

const struct er_layer_ops er_layer_relu = {
    .name = "relu",
    .help = "max(x, 0)",
    .bind = er_layer_bind_elementwise,
    .forward = forward,
    .backward = backward,
};
