/* isolines.c - marching squares. */
#include "note/isolines.h"

#include <math.h>

/* The grid with a frame of missing points around it. */
struct frame {
    const double *value;
    int64_t nx, ny, width; /* width = nx + 2 */
    double level;
    int64_t *next; /* of each edge that is crossed: the edge that the ring crosses next; -1 */
};

static double at(const struct frame *f, int64_t point)
{
    const int64_t i = point % f->width - 1, j = point / f->width - 1;
    return i < 0 || j < 0 || i >= f->nx || j >= f->ny ? (double)NAN : f->value[j * f->nx + i];
}

/* Edges by their lower or left point p: 2 p to the right, 2 p + 1 upwards. */
static void cross(struct frame *f, int64_t p)
{
    enum { BOTTOM, RIGHT, TOP, LEFT, NONE };
    /* By corners inside (1 bottom left, 2 bottom right, 4 top right, 8 top left): from an edge to an edge. */
    static const int from[16] = {NONE, BOTTOM, RIGHT, RIGHT, TOP,  TOP,    TOP,  TOP,
                                 LEFT, BOTTOM, LEFT,  RIGHT, LEFT, BOTTOM, LEFT, NONE};
    static const int to[16] = {NONE, LEFT, BOTTOM, LEFT, RIGHT, LEFT,  BOTTOM, LEFT,
                               TOP,  TOP,  BOTTOM, TOP,  RIGHT, RIGHT, BOTTOM, NONE};
    const double corner[4] = {at(f, p), at(f, p + 1), at(f, p + f->width + 1), at(f, p + f->width)};
    const int64_t edge[4] = {2 * p, 2 * (p + 1) + 1, 2 * (p + f->width), 2 * p + 1};
    int inside = 0;
    double mean = 0;
    for (int i = 0; i < 4; i++) {
        inside |= (corner[i] >= f->level) << i;
        mean += corner[i] / 4;
    }
    if (from[inside] == NONE) return;
    const bool joined = mean >= f->level;
    if (inside == 5) {
        f->next[edge[joined ? TOP : BOTTOM]] = edge[LEFT];
        f->next[edge[joined ? BOTTOM : TOP]] = edge[RIGHT];
    } else if (inside == 10) {
        f->next[edge[joined ? LEFT : RIGHT]] = edge[BOTTOM];
        f->next[edge[joined ? RIGHT : LEFT]] = edge[TOP];
    } else {
        f->next[edge[from[inside]]] = edge[to[inside]];
    }
}

static struct er_vertex vertex(const struct frame *f, int64_t edge)
{
    const int64_t p = edge / 2, q = edge % 2 ? p + f->width : p + 1;
    const double a = at(f, p), b = at(f, q);
    const double way = (f->level - a) / (b - a), t = way >= 0 && way <= 1 ? way : 0.5;
    const int64_t column = p % f->width - 1, row = p / f->width - 1;
    const double x = (double)column, y = (double)row;
    return (struct er_vertex){
        .x = edge % 2 ? x : x + t, .y = edge % 2 ? y + t : y, .end = isnan(a) || isnan(b)};
}

bool er_isolines(const double *value, int64_t nx, int64_t ny, double level, struct er_arena *memory,
                 struct er_rings *out)
{
    struct frame f = {.value = value, .nx = nx, .ny = ny, .width = nx + 2, .level = level};
    const int64_t points = f.width * (ny + 2);
    f.next = er_arena_alloc(memory, 2 * points, sizeof *f.next);
    if (!f.next) return false;
    for (int64_t e = 0; e < 2 * points; e++) f.next[e] = -1;
    for (int64_t j = 0; j <= ny; j++)
        for (int64_t i = 0; i <= nx; i++) cross(&f, j * f.width + i);
    int64_t crossed = 0;
    for (int64_t e = 0; e < 2 * points; e++) crossed += f.next[e] >= 0;
    struct er_vertex *list = er_arena_alloc(memory, crossed + 1, sizeof *list);
    int64_t *end = er_arena_alloc(memory, crossed + 1, sizeof *end);
    if (!list || !end) return false;
    struct er_rings rings = {.vertex = list, .end = end};
    for (int64_t e = 0; e < 2 * points; e++) {
        if (f.next[e] < 0) continue;
        for (int64_t here = e, following; (following = f.next[here]) >= 0; here = following) {
            list[rings.vertices++] = vertex(&f, here);
            f.next[here] = -1;
        }
        end[rings.n++] = rings.vertices;
    }
    *out = rings;
    return true;
}
