/* pointwise.c - the readings of layers that apply one function f to every number, made of f, f' and f''.
 *
 *     y = f(x)      dx = f'(x) dy      ty = f'(x) tx      tdx = f'(x) tdy + f''(x) tx dy
 */
#include "math/series.h"
#include "net/layer.h"

enum { GRAIN = 16 }; /* a cache line: parts never write to one line */

enum er_status er_layer_bind_pointwise(struct er_layer *layer, struct er_error *err)
{
    (void)err;
    layer->out = layer->in;
    er_layer_size(layer);
    return ER_OK;
}

/* This part's share of all numbers of the batch. */
static int64_t share(const struct er_layer *l, const struct er_pass *p, int64_t *from)
{
    int64_t to;
    er_share(p->plan->rows * l->n_in, GRAIN, p->part, p->parts, from, &to);
    return to - *from;
}

void er_pointwise_forward(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    l->ops->pointwise->value(l, n, p->x + at, p->y + at);
}

void er_pointwise_backward_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    l->ops->pointwise->slope(l, n, p->x + at, p->y + at, p->dy + at, p->dx + at);
}

void er_pointwise_tangent(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    if (p->tx)
        l->ops->pointwise->slope(l, n, p->x + at, p->y + at, p->tx + at, p->ty + at);
    else
        for (int64_t i = 0; i < n; i++) p->ty[at + i] = 0;
}

void er_pointwise_tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at;
    const int64_t n = share(l, p, &at);
    const struct er_pointwise *f = l->ops->pointwise;
    f->slope(l, n, p->x + at, p->y + at, p->tdy + at, p->tdx + at);
    if (f->curve && p->tx) f->curve(l, n, p->x + at, p->y + at, p->tx + at, p->dy + at, p->tdx + at);
}

enum er_status er_pointwise_kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_POINTWISE, .dual = l->ops->pointwise->dual};
    for (int i = 0; i < ER_DUAL_PARAMETERS; i++) out->parameter[i] = l->argument[i];
    return ER_OK;
}

void er_pointwise_series(const struct er_layer *l, int order, int64_t n, const double *x, double *y)
{
    double from[ER_SERIES_ORDER + 1], to[ER_SERIES_ORDER + 1];
    for (int64_t i = 0; i < n; i++) {
        for (int k = 0; k <= order; k++) from[k] = x[k * n + i];
        l->ops->pointwise->series(l, order, from, to);
        for (int k = 0; k <= order; k++) y[k * n + i] = to[k];
    }
}
