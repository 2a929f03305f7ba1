/* sketch.c - levels and outlines of a map. */
#include "note/sketch.h"

#include "note/bins.h"

#include <math.h>

static double number(const struct er_view *view, int64_t row, int64_t column)
{
    return view->table->cell[row * view->table->columns + column].number;
}

static struct er_sketch_levels range(const struct er_drawing *drawing, int64_t column, bool logarithmic)
{
    struct er_sketch_levels out = {.low = INFINITY, .high = -INFINITY, .logarithmic = logarithmic};
    for (int64_t s = 0; s < drawing->map.planes; s++) {
        const struct er_map_plane *plane = &drawing->map.plane[s];
        for (int64_t i = 0; i < plane->nx * plane->ny; i++) {
            const double value =
                plane->cell[i] < 0 ? (double)NAN : number(&drawing->view, plane->cell[i], column);
            if (!isfinite(value) || (logarithmic && value <= 0)) continue;
            out.low = fmin(out.low, value);
            out.high = fmax(out.high, value);
        }
    }
    return out;
}

struct er_sketch_levels er_sketch_bands(const struct er_drawing *drawing, int64_t column, bool logarithmic)
{
    struct er_sketch_levels out = range(drawing, column, logarithmic);
    if (!(out.low <= out.high)) return out;
    out.n = out.low < out.high ? ER_SKETCH_BANDS : 1;
    for (int64_t k = 0; k < out.n; k++) {
        const double t = (double)k / (double)out.n;
        out.level[k] =
            logarithmic ? out.low * pow(out.high / out.low, t) : out.low + (out.high - out.low) * t;
    }
    return out;
}

static void add(struct er_sketch_levels *out, double level)
{
    if (level > out->low && level < out->high && out->n < ER_SKETCH_LEVELS) out->level[out->n++] = level;
}

struct er_sketch_levels er_sketch_round(const struct er_drawing *drawing, int64_t column, bool logarithmic)
{
    struct er_sketch_levels out = range(drawing, column, logarithmic);
    if (!(out.low < out.high)) return out;
    const double decades = logarithmic ? log10(out.high / out.low) : 0;
    if (decades >= 1) {
        const int every = (int)ceil(decades / ER_SKETCH_LEVELS);
        for (int k = (int)floor(log10(out.low)); k <= (int)ceil(log10(out.high)); k++) {
            if (k % every != 0) continue;
            add(&out, pow(10, k));
            if (decades < 2) add(&out, 2 * pow(10, k));
            if (decades >= 2 && decades < 4) add(&out, 3 * pow(10, k));
            if (decades < 2) add(&out, 5 * pow(10, k));
        }
        return out;
    }
    const double step = er_bins_step((out.high - out.low) / 7);
    const double first = ceil(out.low / step);
    for (int k = 0; k <= ER_SKETCH_LEVELS; k++) add(&out, (first + k) * step);
    return out;
}

/* The window in cells, from 0 to these. */
struct window {
    double right, top;
};

static bool outside(const struct window *w, const struct er_vertex *v)
{
    return v->x < 0 || v->y < 0 || v->x > w->right || v->y > w->top;
}

/* The share of the way from a to b at which a coordinate leaves [0, most]. */
static double leaves(double a, double b, double most)
{
    return b < 0 ? a / (a - b) : b > most ? (most - a) / (b - a) : 1;
}

/* Where the side from a, in the window, to b, outside, leaves it. */
static struct er_vertex crossing(const struct window *w, const struct er_vertex *a, const struct er_vertex *b)
{
    const double t = fmin(leaves(a->x, b->x, w->right), leaves(a->y, b->y, w->top));
    return (struct er_vertex){.x = a->x + t * (b->x - a->x), .y = a->y + t * (b->y - a->y), .end = a->end};
}

static struct er_vertex moved(const struct er_vertex *v, int64_t margin)
{
    return (struct er_vertex){.x = v->x - (double)margin, .y = v->y - (double)margin, .end = v->end};
}

/* Outlines moved by `margin` cells back to where they are, and no farther than the last cells: what lies beyond is an end
 * on the border. */
static bool hold(const struct er_rings *rings, const struct er_map_plane *plane, int64_t margin,
                 struct er_arena *memory, struct er_rings *out)
{
    const struct window w = {(double)(plane->nx - 1), (double)(plane->ny - 1)};
    struct er_vertex *list = er_arena_alloc(memory, 2 * rings->vertices + 1, sizeof *list);
    int64_t *end = er_arena_alloc(memory, rings->n + 1, sizeof *end), n = 0;
    if (!list || !end) return false;
    for (int64_t r = 0, first = 0; r < rings->n; first = rings->end[r], end[r++] = n)
        for (int64_t i = first; i < rings->end[r]; i++) {
            const struct er_vertex a = moved(&rings->vertex[i], margin);
            const struct er_vertex b = moved(&rings->vertex[i + 1 < rings->end[r] ? i + 1 : first], margin);
            const bool leaving = !outside(&w, &a) && outside(&w, &b);
            list[n++] = (struct er_vertex){.x = fmin(fmax(a.x, 0), w.right),
                                           .y = fmin(fmax(a.y, 0), w.top),
                                           .end = a.end || outside(&w, &a)};
            if (leaving || (outside(&w, &a) && !outside(&w, &b)))
                list[n++] = leaving ? crossing(&w, &a, &b) : crossing(&w, &b, &a);
        }
    *out = (struct er_rings){.vertex = list, .end = end, .n = rings->n, .vertices = n};
    return true;
}

/* The cells with `margin` more around them that are as the last ones. */
static double *widen(const double *value, const struct er_map_plane *plane, int64_t margin,
                     struct er_arena *memory)
{
    const int64_t nx = plane->nx + 2 * margin, ny = plane->ny + 2 * margin;
    double *wide = er_arena_alloc(memory, nx * ny, sizeof *wide);
    for (int64_t k = 0; k < nx * ny && wide; k++) {
        int64_t i = k % nx - margin, j = k / nx - margin;
        i = i < 0 ? 0 : i >= plane->nx ? plane->nx - 1 : i;
        j = j < 0 ? 0 : j >= plane->ny ? plane->ny - 1 : j;
        wide[k] = value[j * plane->nx + i];
    }
    return wide;
}

bool er_sketch_outline(const struct er_drawing *drawing, const struct er_map_plane *plane, int64_t column,
                       double level, bool logarithmic, bool yes_or_no, double tolerance, struct er_rings *out)
{
    enum { MARGIN = 8 }; /* so that what is made round near an end goes on straight as if there were none */
    struct er_arena *memory = drawing->memory;
    struct er_rings rings, within;
    *out = (struct er_rings){0};
    if (plane->run < 0 || plane->nx < 2 || plane->ny < 2) return true;
    const int64_t margin = yes_or_no ? MARGIN : 0;
    const double *value = er_map_values(&drawing->view, plane, column, logarithmic, memory);
    if (value && yes_or_no) value = widen(value, plane, margin, memory);
    const double at = logarithmic && isfinite(level) ? log10(level) : level;
    if (!value || !er_isolines(value, plane->nx + 2 * margin, plane->ny + 2 * margin, at, memory, &rings))
        return false;
    if (yes_or_no && !er_rings_round(&rings, memory, &rings)) return false;
    if (!hold(&rings, plane, margin, memory, &within)) return false;
    return er_rings_simplify(&within, tolerance, memory, out);
}

void er_sketch_window(const struct er_drawing *drawing, double x[2], double y[2])
{
    x[0] = y[0] = INFINITY;
    x[1] = y[1] = -INFINITY;
    for (int64_t s = 0; s < drawing->map.planes; s++) {
        const struct er_map_plane *plane = &drawing->map.plane[s];
        if (plane->nx < 1 || plane->ny < 1) continue;
        x[0] = fmin(x[0], plane->x[0]);
        x[1] = fmax(x[1], plane->x[plane->nx - 1]);
        y[0] = fmin(y[0], plane->y[0]);
        y[1] = fmax(y[1], plane->y[plane->ny - 1]);
    }
}

double er_sketch_aspect(const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    double x[2], y[2];
    er_sketch_window(drawing, x, y);
    const double aspect = (y[1] - y[0]) / (x[1] - x[0]);
    const bool plane = !view->table->column[view->x].axis && !view->table->column[view->y[0]].axis;
    return plane && aspect >= 0.25 && aspect <= 4 ? aspect : (double)NAN;
}
