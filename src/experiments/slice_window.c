/* slice_window.c - where the grid of a slice lies. */
#include "experiments/slice_window.h"

#include <ermine/memory.h>
#include <math.h>

/* n places around lo .. hi, both among them. */
static void lay(double lo, double hi, int64_t n, double margin, double *place)
{
    int64_t cells = (int64_t)llround((double)(n - 1) / (1 + 2 * margin));
    if (cells < 1) cells = 1;
    const int64_t before = (n - 1 - cells) / 2;
    for (int64_t i = 0; i < n; i++) {
        const int64_t k = i - before;
        place[i] = k == cells ? hi : lo + (hi - lo) * (double)k / (double)cells;
    }
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
        lay(fmin(0, m[2].a), fmax(m[1].a, m[2].a), n, margin, window.a);
        if (plane->minima > 2) lay(0, m[2].b, n, margin, window.b);
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
