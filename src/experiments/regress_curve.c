/* regress_curve.c - see regress_curve.h. */
#include "experiments/regress_curve.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { GRID = 241 };
static const double MARGIN = .18; /* of the range of the examples, on each side */

struct place {
    double x, target, truth;
};

static bool knows_truth(const struct er_regression_split *split)
{
    return split->test.n > 0 && split->test.clean;
}

/* By x; an example before a point of the grid. */
static int by_x(const void *a, const void *b)
{
    const struct place *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return isnan(p->target) - isnan(q->target);
}

static void fill(const struct er_regression_split *split, int64_t grid, struct place *place)
{
    const struct er_regression *train = &split->train;
    double low = train->x[0], high = low;
    for (int64_t i = 0; i < train->n; i++) {
        place[i] = (struct place){train->x[i], train->y[i], train->clean ? train->clean[i] : (double)NAN};
        low = fmin(low, train->x[i]);
        high = fmax(high, train->x[i]);
    }
    const double from = low - MARGIN * (high - low), length = (1 + 2 * MARGIN) * (high - low);
    for (int64_t i = 0; i < grid; i++)
        place[train->n + i] =
            knows_truth(split)
                ? (struct place){split->test.x[i], (double)NAN, split->test.clean[i]}
                : (struct place){from + length * (double)i / (double)(grid - 1), (double)NAN, (double)NAN};
}

enum er_status er_regress_points_open(const struct er_regression_split *split, struct er_regress_points *out,
                                      struct er_error *err)
{
    const int64_t grid = knows_truth(split) ? split->test.n : GRID, n = split->train.n + grid;
    struct er_regress_points p = {.n = n};
    struct place *place = er_alloc(n, sizeof *place);
    p.x = er_alloc(n, sizeof *p.x);
    p.target = er_alloc(n, sizeof *p.target);
    p.truth = er_alloc(n, sizeof *p.truth);
    if (!place || !p.x || !p.target || !p.truth) {
        er_free(place);
        er_regress_points_clear(&p);
        return er_fail(err, ER_E_NOMEM, "regress: out of memory for a curve");
    }
    fill(split, grid, place);
    qsort(place, (size_t)n, sizeof *place, by_x);
    for (int64_t i = 0; i < n; i++) {
        p.x[i] = place[i].x;
        p.target[i] = place[i].target;
        p.truth[i] = place[i].truth;
    }
    er_free(place);
    *out = p;
    return ER_OK;
}

void er_regress_points_clear(struct er_regress_points *points)
{
    er_free(points->x);
    er_free(points->target);
    er_free(points->truth);
    points->x = points->target = points->truth = NULL;
}
