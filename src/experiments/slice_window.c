/* slice_window.c - where the grid of a slice lies. */
#include "experiments/slice_window.h"

#include <ermine/memory.h>
#include <math.h>

/* n places around lo <= 0 .. hi >= unit, of which 0 is number *origin, and unit *steps further. */
static void lay(double lo, double hi, double unit, int64_t n, double margin, double *place, int64_t *origin,
                int64_t *steps)
{
    const double wide = (hi - lo) * (1 + 2 * margin);
    int64_t cells = (int64_t)llround((double)(n - 1) * unit / wide);
    if (cells < 1) cells = 1;
    const double step = unit / (double)cells, beyond = (double)(n - 1) * step - (hi - lo);
    int64_t before = (int64_t)llround((beyond / 2 - lo) / step);
    if (before < 0) before = 0;
    if (before > n - 1 - cells) before = n - 1 - cells;
    for (int64_t i = 0; i < n; i++) {
        const int64_t k = i - before;
        place[i] = k == cells ? unit : unit * (double)k / (double)cells;
    }
    *origin = before;
    *steps = cells;
}

static void lay_around(double span, int64_t n, double *place)
{
    for (int64_t i = 0; i < n; i++) place[i] = span * (2 * (double)i / (double)(n - 1) - 1);
}

enum er_status er_slice_window_new(const struct er_plane *plane, int64_t n, double margin, double span,
                                   struct er_slice_window *out, struct er_error *err)
{
    const struct er_plane_minimum *m = plane->minimum;
    struct er_slice_window window = {.columns = n, .rows = plane->w[2] ? n : 1};
    window.a = er_alloc(window.columns, sizeof *window.a);
    window.b = er_alloc(window.rows, sizeof *window.b);
    if (!window.a || !window.b) {
        er_slice_window_clear(&window);
        return er_fail(err, ER_E_NOMEM, "slice: out of memory for a grid");
    }
    if (plane->minima == 1) {
        lay_around(span, n, window.a);
        lay_around(span, n, window.b);
    } else {
        int64_t row, rows;
        lay(fmin(0, m[2].a), fmax(m[1].a, m[2].a), m[1].a, n, margin, window.a, &window.origin, &window.unit);
        if (plane->minima > 2) lay(0, m[2].b, m[2].b, n, margin, window.b, &row, &rows);
    }
    *out = window;
    return ER_OK;
}

void er_slice_window_clear(struct er_slice_window *window)
{
    er_free(window->a);
    er_free(window->b);
    *window = (struct er_slice_window){0};
}

static int64_t nearest(const double *place, int64_t n, double at)
{
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++)
        if (fabs(place[i] - at) < fabs(place[best] - at)) best = i;
    return best;
}

int64_t er_slice_window_nearest(const struct er_slice_window *window, double a, double b)
{
    return nearest(window->b, window->rows, b) * window->columns + nearest(window->a, window->columns, a);
}
