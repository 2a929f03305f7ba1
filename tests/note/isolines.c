/* Outlines on a grid against what mathematics says of circles, and of every pattern of yes and no. */
#include "t.h"

#include "note/hatch.h"
#include "note/isolines.h"

#include <ermine/random.h>

enum { SIDE = 61 };

static struct er_arena *arena(void)
{
    struct er_arena *memory = NULL;
    struct er_error err;
    T_STATUS(er_arena_new((size_t)1 << 30, &memory, &err), ER_OK, "an arena");
    return memory;
}

/* Of ring r, by the shoelace formula: above 0 where it goes round counter-clockwise. */
static double area(const struct er_rings *rings, int64_t r)
{
    const int64_t first = r > 0 ? rings->end[r - 1] : 0;
    double sum = 0;
    for (int64_t i = first; i < rings->end[r]; i++) {
        const struct er_vertex *a = &rings->vertex[i],
                               *b = &rings->vertex[i + 1 < rings->end[r] ? i + 1 : first];
        sum += (a->x * b->y - b->x * a->y) / 2;
    }
    return sum;
}

static double whole_area(const struct er_rings *rings)
{
    double sum = 0;
    for (int64_t r = 0; r < rings->n; r++) sum += area(rings, r);
    return sum;
}

/* Above 0 between two circles around the middle. */
static void ring_of(double inner, double outer, double value[SIDE * SIDE])
{
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) {
            const double r = hypot(i - 30.0, j - 30.0);
            value[j * SIDE + i] = (outer * outer - r * r) * (r * r - inner * inner);
        }
}

static void circles(void)
{
    static double value[SIDE * SIDE];
    struct er_arena *memory = arena();
    struct er_rings rings, fewer;
    const double pi = acos(-1);
    ring_of(10.3, 25.7, value);
    T_OK(er_isolines(value, SIDE, SIDE, 0, memory, &rings), "outlines");
    T_EQ_INT(rings.n, 2, "an outer and an inner end");
    const double outer = fmax(area(&rings, 0), area(&rings, 1)),
                 inner = fmin(area(&rings, 0), area(&rings, 1));
    /* Between neighbours the product is no parabola, so that places are wrong by up to a tenth of a cell. */
    T_CLOSE(outer, pi * 25.7 * 25.7, 0.1 * 2 * pi * 25.7, "the outer end goes counter-clockwise");
    T_CLOSE(inner, -pi * 10.3 * 10.3, 0.1 * 2 * pi * 10.3, "the hole goes clockwise");
    double worst = 0;
    for (int64_t i = 0; i < rings.vertices; i++) {
        const double r = hypot(rings.vertex[i].x - 30, rings.vertex[i].y - 30);
        worst = fmax(worst, rings.vertex[i].end ? (double)INFINITY : fmin(fabs(r - 25.7), fabs(r - 10.3)));
    }
    T_OK(worst < 0.1, "on the circles, within the grid: %g", worst);
    T_OK(er_rings_simplify(&rings, 0.05, memory, &fewer), "fewer vertices");
    T_OK(fewer.n == 2 && fewer.vertices < rings.vertices / 2, "%d of %d", (int)fewer.vertices,
         (int)rings.vertices);
    T_CLOSE(whole_area(&fewer), whole_area(&rings), 0.05 * 2 * pi * (25.7 + 10.3), "within the tolerance");
    er_arena_free(memory);
}

/* What marching squares give for the four corners of a square, of which `n` are inside. */
static double area_of(int n, bool opposite, bool joined)
{
    static const double by_count[] = {0, 0.125, 0.5, 0.875, 1};
    return n == 2 && opposite ? (joined ? 0.75 : 0.25) : by_count[n];
}

static double patterns_area(const double *value, int nx, int ny)
{
    double sum = 0;
    for (int j = -1; j < ny; j++)
        for (int i = -1; i < nx; i++) {
            bool in[4];
            bool whole = true;
            for (int c = 0; c < 4; c++) {
                const int x = i + c % 2, y = j + c / 2;
                const bool there = x >= 0 && y >= 0 && x < nx && y < ny && !isnan(value[y * nx + x]);
                in[c] = there && value[y * nx + x] > 0.5;
                whole = whole && there;
            }
            const int n = in[0] + in[1] + in[2] + in[3];
            sum += area_of(n, in[0] == in[3], whole);
        }
    return sum;
}

static void patterns(void)
{
    enum { NX = 7, NY = 5, TRIES = 200 };
    struct er_arena *memory = arena();
    struct er_random random = er_random_open(7, 0);
    for (int k = 0; k < TRIES; k++) {
        double value[NX * NY];
        for (int i = 0; i < NX * NY; i++) {
            const double u = er_random_uniform(&random);
            value[i] = u < 0.1 ? (double)NAN : u < 0.55;
        }
        struct er_rings rings;
        T_OK(er_isolines(value, NX, NY, 0.5, memory, &rings), "outlines");
        T_CLOSE(whole_area(&rings), patterns_area(value, NX, NY), 1e-12, "area of pattern %d", k);
        int64_t wrong = 0;
        for (int64_t i = 0; i < rings.vertices; i++) { /* an end where the neighbour is not there */
            const struct er_vertex *v = &rings.vertex[i];
            const int x = (int)floor(v->x), y = (int)floor(v->y), x2 = (int)ceil(v->x), y2 = (int)ceil(v->y);
            const bool there = x >= 0 && y >= 0 && x2 < NX && y2 < NY && !isnan(value[y * NX + x]) &&
                               !isnan(value[y2 * NX + x2]);
            wrong += v->end == there;
        }
        T_EQ_INT(wrong, 0, "ends of pattern %d", k);
    }
    er_arena_free(memory);
}

/* Stairs become a circle again, and a single cell does not vanish. */
static void rounding(void)
{
    static double value[SIDE * SIDE];
    struct er_arena *memory = arena();
    struct er_rings raw, round, fewer;
    const double pi = acos(-1);
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) value[j * SIDE + i] = hypot(i - 30.2, j - 29.9) < 20.4;
    T_OK(er_isolines(value, SIDE, SIDE, 0.5, memory, &raw) && er_rings_round(&raw, memory, &round), "round");
    double rough = 0, smooth = 0;
    for (int64_t i = 0; i < raw.vertices; i++)
        rough = fmax(rough, fabs(hypot(raw.vertex[i].x - 30.2, raw.vertex[i].y - 29.9) - 20.4));
    for (int64_t i = 0; i < round.vertices; i++)
        smooth = fmax(smooth, fabs(hypot(round.vertex[i].x - 30.2, round.vertex[i].y - 29.9) - 20.4));
    T_OK(rough > 0.4 && smooth < 0.75 * rough, "off the circle by %g, after %g", smooth, rough);
    T_CLOSE(whole_area(&round), whole_area(&raw), 0.02 * pi * 20.4 * 20.4, "which neither grows nor shrinks");
    for (int i = 0; i < SIDE * SIDE; i++) value[i] = i == 30 * SIDE + 7;
    T_OK(er_isolines(value, SIDE, SIDE, 0.5, memory, &raw) && er_rings_round(&raw, memory, &round) &&
             er_rings_simplify(&round, 0.05, memory, &fewer),
         "a cell");
    T_CLOSE(whole_area(&fewer), 0.5 * (1 - 0.125), 0.05, "a quarter of each side cut from a diamond");
    for (int i = 0; i < SIDE * SIDE; i++) value[i] = 0;
    T_OK(er_isolines(value, SIDE, SIDE, 0.5, memory, &raw) && raw.n == 0, "nothing has no outline");
    T_OK(er_rings_round(&raw, memory, &round) && er_rings_simplify(&raw, 1, memory, &fewer) && fewer.n == 0,
         "nor has it when round");
    er_arena_free(memory);
}

/* Strokes times their distance are an area, and each lies inside. */
static void hatching(void)
{
    enum { LINES = 80 };
    static double value[SIDE * SIDE];
    struct er_arena *memory = arena();
    struct er_rings rings;
    const struct er_stroke *stroke;
    int64_t n;
    ring_of(12, 26, value);
    T_OK(er_isolines(value, SIDE, SIDE, 0, memory, &rings), "outlines");
    for (int k = 1; k < 4; k++) {
        const double aspect = 0.5 * k;
        T_OK(er_hatch(&rings, SIDE, SIDE, aspect, LINES, memory, &stroke, &n), "strokes");
        double length = 0;
        int64_t wrong = 0;
        for (int64_t i = 0; i < n; i++) {
            const double dx = (stroke[i].x2 - stroke[i].x) / (SIDE - 1),
                         dy = (stroke[i].y2 - stroke[i].y) * aspect / (SIDE - 1);
            const double r =
                hypot((stroke[i].x + stroke[i].x2) / 2 - 30, (stroke[i].y + stroke[i].y2) / 2 - 30);
            length += hypot(dx, dy);
            wrong += !(fabs(dx + dy) < 1e-12 && r > 11.9 && r < 26.1);
        }
        T_EQ_INT(wrong, 0, "strokes are inside, at 45 degrees");
        /* neighbours are 1 / (LINES sqrt 2) apart; the rule of rectangles is right to the square of that */
        const double covered = length / (LINES * sqrt(2)) * (SIDE - 1) * (SIDE - 1) / aspect;
        T_CLOSE(covered, whole_area(&rings), 0.02 * whole_area(&rings), "aspect %g", aspect);
    }
    er_arena_free(memory);
}

int main(void)
{
    circles();
    patterns();
    rounding();
    hatching();
    return t_done();
}
