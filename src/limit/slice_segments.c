/* slice_segments.c - stretches of one displacement, and of a point with itself. */
#include "limit/slice_segments.h"

#include <math.h>
#include <string.h>

double er_slice_inverse_norm(const struct er_limit_node *node, int64_t n, const double *q, int64_t p)
{
    double v = 0;
    if (!node->map.over_all) return 1 / sqrt(node->map.epsilon + q[p]);
    for (int64_t i = 0; i < n; i++) v += q[i];
    return 1 / sqrt(node->map.epsilon + v / (double)n);
}

/* One row of a segment: entries at .. at + n are pixels p.. of one point and q.. of the other. */
struct stretch {
    int64_t at, n, p, q;
    bool zero; /* D = 0 */
};

typedef void stretch_act(const struct er_slice_work64 *work, int64_t i, const struct stretch *s, double *k,
                         double *theta);

static void each(const struct er_slice_work64 *work, int64_t i, stretch_act *act, double *k, double *theta)
{
    const struct er_slice_axis *y = work->y->axis[i + 1], *x = work->x->axis[i + 1];
    for (int64_t a = 0; a < y->n; a++)
        for (int64_t r = 0; r < er_slice_count(y, a); r++)
            for (int64_t b = 0; b < x->n; b++) {
                const int64_t row = er_slice_first(y->d[a]) + r, column = er_slice_first(x->d[b]);
                const struct stretch s = {.at = (y->at[a] + r) * x->length + x->at[b],
                                          .n = er_slice_count(x, b),
                                          .p = row * x->side + column,
                                          .q = (row + y->d[a]) * x->side + column + x->d[b],
                                          .zero = y->d[a] == 0 && x->d[b] == 0};
                act(work, i, &s, k + s.at, theta ? theta + s.at : NULL);
            }
}

/* The variances of a point are its D = 0. */
static void store(const struct er_slice_work64 *work, int64_t i, const double *k)
{
    const struct er_limit_node *node = &work->limit->node[i];
    const struct er_slice_axis *y = work->y->axis[i + 1], *x = work->x->axis[i + 1];
    if (!work->self || !work->self->store || !er_slice_has_zero(y, x)) return;
    double *q = work->self->block + node->variances_at;
    for (int64_t r = 0; r < y->side; r++)
        memcpy(q + r * x->side, k + r * x->length, (size_t)x->side * sizeof *q);
    if (node->map.form == ER_KERNEL_POINTWISE && node->map.dual->prepare)
        node->map.dual->prepare(node->map.parameter, y->side * x->side, q,
                                work->self->tables + node->tables_at);
}

static struct er_dual_side side_of(const struct er_limit_node *node, const double *block,
                                   const double *tables, int64_t p)
{
    const int64_t width = node->map.dual->width;
    return (struct er_dual_side){.q = block + node->variances_at + p,
                                 .table = width > 0 ? tables + node->tables_at + p * width : NULL,
                                 .step = 1};
}

static void act_pointwise(const struct er_slice_work64 *work, int64_t i, const struct stretch *s, double *k,
                          double *theta)
{
    const struct er_limit_node *node = &work->limit->node[i];
    const struct er_dual *dual = node->map.dual;
    const struct er_dual_side one = side_of(node, work->block_one, work->tables_one, s->p),
                              two = side_of(node, work->block_two, work->tables_two, s->q);
    if (work->self && s->zero)
        dual->self(node->map.parameter, s->n, one.q, one.table, k, theta);
    else
        dual->pair(node->map.parameter, s->n, &one, &two, k, theta);
}

bool er_slice_pointwise(const struct er_slice_work64 *work, int64_t i, double *k, double *theta)
{
    if (!work->self && work->limit->node[i].map.dual->width == 0) return false;
    store(work, i, k);
    each(work, i, act_pointwise, k, theta);
    return true;
}

static void act_normalise(const struct er_slice_work64 *work, int64_t i, const struct stretch *s, double *k,
                          double *theta)
{
    const struct er_limit_node *node = &work->limit->node[i];
    const struct er_kernel_map *map = &node->map;
    const int64_t pixels = er_limit_pixels(work->limit, node->from[0]);
    const double *q = work->self->block + node->variances_at;
    double one = 0, two = 0;
    for (int64_t e = 0; e < s->n; e++) {
        if (e == 0 || !map->over_all) {
            one = er_slice_inverse_norm(node, pixels, q, s->p + e);
            two = er_slice_inverse_norm(node, pixels, q, s->q + e);
        }
        k[e] *= one * two;
        if (theta) theta[e] *= one * two;
    }
}

bool er_slice_normalise(const struct er_slice_work64 *work, int64_t i, double *k, double *theta)
{
    if (!work->self) return false;
    store(work, i, k);
    each(work, i, act_normalise, k, theta);
    return true;
}

static void act_dropout(const struct er_slice_work64 *work, int64_t i, const struct stretch *s, double *k,
                        double *theta)
{
    const double keep = work->limit->node[i].map.keep;
    for (int64_t e = 0; s->zero && e < s->n; e++) {
        k[e] /= keep;
        if (theta) theta[e] /= keep;
    }
}

bool er_slice_dropout(const struct er_slice_work64 *work, int64_t i, double *k, double *theta)
{
    if (work->self && work->self->training) each(work, i, act_dropout, k, theta);
    return true;
}
