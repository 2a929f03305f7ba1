/* tanh.c - hyperbolic tangent.
 *
 *     y = tanh(x)     dx = dy (1 - y^2)
 */
#include "net/layer.h"

#include <math.h>

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = p->plan->rows * l->n_in;
    for (int64_t i = 0; i < n; i++) p->y[i] = tanhf(p->x[i]);
}

static void backward(const struct er_layer *l, const struct er_pass *p)
{
    if (!p->dx) return;
    const int64_t n = p->plan->rows * l->n_in;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) p->dx[i] = p->dy[i] * (1 - p->y[i] * p->y[i]);
}

const struct er_layer_ops er_layer_tanh = {
    .name = "tanh",
    .help = "hyperbolic tangent",
    .bind = er_layer_bind_elementwise,
    .forward = forward,
    .backward = backward,
};
