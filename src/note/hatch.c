/* hatch.c - lines cut at the rings of a region, by even and odd crossings. */
#include "note/hatch.h"

#include <math.h>
#include <stdlib.h>

/* Where a line crosses a ring: line k holds u + v = k / lines, and `along` is u - v there; u goes from 0 to 1 over the
 * width of the picture, v over its height from 0 to the aspect. */
struct crossing {
    int64_t line;
    double along;
};

static int compare(const void *a, const void *b)
{
    const struct crossing *s = a, *t = b;
    if (s->line != t->line) return s->line < t->line ? -1 : 1;
    return (s->along > t->along) - (s->along < t->along);
}

struct picture {
    double wide, high; /* cells for a width of 1, and for a height of 1 */
    double lines;
};

/* The crossings of one side of a ring, which holds its first end and not its second; counted where out is NULL. */
static int64_t cross(const struct picture *p, const struct er_vertex *a, const struct er_vertex *b,
                     struct crossing *out)
{
    const double u = a->x / p->wide, v = a->y / p->high;
    const double s = (u + v) * p->lines, s2 = (b->x / p->wide + b->y / p->high) * p->lines;
    const double t = u - v, t2 = b->x / p->wide - b->y / p->high;
    const int64_t first = (int64_t)ceil(fmin(s, s2)), end = (int64_t)ceil(fmax(s, s2));
    for (int64_t k = first; k < end && out; k++)
        out[k - first] = (struct crossing){k, t + (t2 - t) * ((double)k - s) / (s2 - s)};
    return end - first;
}

static int64_t cross_all(const struct picture *p, const struct er_rings *rings, struct crossing *out)
{
    int64_t n = 0;
    for (int64_t r = 0, first = 0; r < rings->n; first = rings->end[r++])
        for (int64_t i = first; i < rings->end[r]; i++)
            n += cross(p, &rings->vertex[i], &rings->vertex[i + 1 < rings->end[r] ? i + 1 : first],
                       out ? out + n : NULL);
    return n;
}

bool er_hatch(const struct er_rings *rings, int64_t nx, int64_t ny, double aspect, int64_t lines,
              struct er_arena *memory, const struct er_stroke **out, int64_t *n)
{
    const struct picture p = {(double)(nx - 1), (double)(ny - 1) / aspect, (double)lines};
    const int64_t crossings = cross_all(&p, rings, NULL);
    struct crossing *at = er_arena_alloc(memory, crossings + 1, sizeof *at);
    struct er_stroke *stroke = er_arena_alloc(memory, crossings / 2 + 1, sizeof *stroke);
    if (!at || !stroke) return false;
    cross_all(&p, rings, at);
    qsort(at, (size_t)crossings, sizeof *at, compare);
    *n = 0;
    for (int64_t i = 0; i + 1 < crossings; i += 2) {
        const double s = (double)at[i].line / p.lines, t = at[i].along, t2 = at[i + 1].along;
        stroke[(*n)++] = (struct er_stroke){(s + t) / 2 * p.wide, (s - t) / 2 * p.high, (s + t2) / 2 * p.wide,
                                            (s - t2) / 2 * p.high};
    }
    *out = stroke;
    return true;
}
