/* erf.c - error function.
 *
 *     y = erf(x) = 2/sqrt(pi) int_0^x exp(-t^2) dt     dx = dy 2/sqrt(pi) exp(-x^2)
 */
#include "net/layer.h"

#include <math.h>

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t n = p->plan->rows * l->n_in;
    for (int64_t i = 0; i < n; i++) p->y[i] = erff(p->x[i]);
}

static void backward(const struct er_layer *l, const struct er_pass *p)
{
    if (!p->dx) return;
    const int64_t n = p->plan->rows * l->n_in;
    const float factor = 1.12837917f; /* 2/sqrt(pi) */
    for (int64_t i = 0; i < n; i++) p->dx[i] = p->dy[i] * factor * expf(-p->x[i] * p->x[i]);
}

const struct er_layer_ops er_layer_erf = {
    .name = "erf",
    .help = "error function",
    .bind = er_layer_bind_elementwise,
    .forward = forward,
    .backward = backward,
};
