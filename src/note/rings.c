/* rings.c - rings made rounder, and rings with fewer vertices. */
#include "note/isolines.h"

#include <math.h>
#include <string.h>

static struct er_vertex between(const struct er_vertex *a, const struct er_vertex *b, double t)
{
    return (struct er_vertex){
        .x = a->x + t * (b->x - a->x), .y = a->y + t * (b->y - a->y), .end = a->end || b->end};
}

enum { ROUNDS = 30, FEW = 12 };

/* Every vertex of a ring moves by `share` of the way to the middle of its neighbours. `from` has room for it. */
static void relax(struct er_vertex *v, const struct er_vertex *raw, int64_t n, double share,
                  struct er_vertex *from)
{
    for (int64_t i = 0; i < n; i++) from[i] = v[i];
    for (int64_t i = 0; i < n; i++) {
        const struct er_vertex *a = &from[i > 0 ? i - 1 : n - 1], *b = &from[i + 1 < n ? i + 1 : 0];
        const double x = from[i].x + share * ((a->x + b->x) / 2 - from[i].x);
        const double y = from[i].y + share * ((a->y + b->y) / 2 - from[i].y);
        v[i].x = fmin(fmax(x, raw[i].x - 0.5), raw[i].x + 0.5);
        v[i].y = fmin(fmax(y, raw[i].y - 0.5), raw[i].y + 0.5);
    }
}

bool er_rings_round(const struct er_rings *rings, struct er_arena *memory, struct er_rings *out)
{
    struct er_vertex *list = er_arena_alloc(memory, 2 * rings->vertices + 1, sizeof *list);
    struct er_vertex *ring = er_arena_alloc(memory, rings->vertices + 1, sizeof *ring);
    struct er_vertex *from = er_arena_alloc(memory, rings->vertices + 1, sizeof *from);
    int64_t *end = er_arena_alloc(memory, rings->n + 1, sizeof *end), n = 0;
    if (!list || !ring || !from || !end) return false;
    for (int64_t r = 0, first = 0; r < rings->n; first = rings->end[r++]) {
        const int64_t size = rings->end[r] - first;
        memcpy(ring, rings->vertex + first, (size_t)size * sizeof *ring);
        for (int round = 0; round < ROUNDS && size >= FEW; round++) {
            relax(ring, rings->vertex + first, size, 0.5, from);
            relax(ring, rings->vertex + first, size, -0.52, from);
        }
        for (int64_t i = 0; i < size; i++) {
            const struct er_vertex *next = &ring[i + 1 < size ? i + 1 : 0];
            list[n++] = between(&ring[i], next, 0.25);
            list[n++] = between(&ring[i], next, 0.75);
        }
        end[r] = n;
    }
    *out = (struct er_rings){.vertex = list, .end = end, .n = rings->n, .vertices = n};
    return true;
}

/* How far c is from the stretch between a and b. */
static double away(const struct er_vertex *a, const struct er_vertex *b, const struct er_vertex *c)
{
    const double x = b->x - a->x, y = b->y - a->y, length = x * x + y * y;
    double t = length > 0 ? ((c->x - a->x) * x + (c->y - a->y) * y) / length : 0;
    t = fmin(fmax(t, 0), 1);
    return hypot(c->x - a->x - t * x, c->y - a->y - t * y);
}

struct stretch {
    int64_t from, to;
};

/* Marks in keep[0..n] what stays of the closed ring v[0..n], v[n] being v[0] again. `open` has room for n stretches. */
static void choose(const struct er_vertex *v, int64_t n, double tolerance, struct stretch *open, bool *keep)
{
    int64_t waiting = 0, far = 0;
    for (int64_t i = 0; i <= n; i++) {
        keep[i] = i == 0 || i == n;
        if (hypot(v[i].x - v[0].x, v[i].y - v[0].y) > hypot(v[far].x - v[0].x, v[far].y - v[0].y)) far = i;
    }
    keep[far] = true;
    open[waiting++] = (struct stretch){0, far};
    open[waiting++] = (struct stretch){far, n};
    while (waiting > 0) {
        const struct stretch s = open[--waiting];
        int64_t worst = -1;
        double most = tolerance;
        for (int64_t i = s.from + 1; i < s.to; i++) {
            const double distance = away(&v[s.from], &v[s.to], &v[i]);
            if (distance <= most) continue;
            most = distance;
            worst = i;
        }
        if (worst < 0) continue;
        keep[worst] = true;
        open[waiting++] = (struct stretch){s.from, worst};
        open[waiting++] = (struct stretch){worst, s.to};
    }
}

bool er_rings_simplify(const struct er_rings *rings, double tolerance, struct er_arena *memory,
                       struct er_rings *out)
{
    struct er_vertex *list = er_arena_alloc(memory, rings->vertices + 1, sizeof *list);
    struct er_vertex *ring = er_arena_alloc(memory, rings->vertices + 1, sizeof *ring);
    struct stretch *open = er_arena_alloc(memory, rings->vertices + 2, sizeof *open);
    bool *keep = er_arena_alloc(memory, rings->vertices + 1, sizeof *keep);
    int64_t *end = er_arena_alloc(memory, rings->n + 1, sizeof *end), n = 0, kept = 0;
    if (!list || !ring || !open || !keep || !end) return false;
    for (int64_t r = 0; r < rings->n; r++) {
        const int64_t first = r > 0 ? rings->end[r - 1] : 0, size = rings->end[r] - first, before = n;
        for (int64_t i = 0; i <= size; i++) ring[i] = rings->vertex[first + (i < size ? i : 0)];
        choose(ring, size, tolerance, open, keep);
        for (int64_t i = 0; i < size; i++) { /* an end parts an iso-line, however straight it goes on */
            const bool last = ring[i > 0 ? i - 1 : size - 1].end, next = ring[i + 1].end;
            const bool parts = ring[i].end != last || ring[i].end != next;
            if (keep[i] || parts) list[n++] = ring[i];
        }
        if (n - before < 3)
            n = before;
        else
            end[kept++] = n;
    }
    *out = (struct er_rings){.vertex = list, .end = end, .n = kept, .vertices = n};
    return true;
}
