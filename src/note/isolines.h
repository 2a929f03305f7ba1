/* isolines.h - where a quantity on a grid is at least a level: the outline of that region, as rings.
 *
 * Marching squares: every edge of the grid between a point inside and one outside is crossed once, at
 * t = (level - v_out) / (v_in - v_out) of the way from the one outside, in the middle where that is no number.
 * A square whose opposite corners are inside is joined where the mean of its corners is at least the level.
 * Around the grid, and where a value is missing (NaN), all is outside; so every ring is closed. The region lies on
 * the left of its rings: a ring counter-clockwise is an outer end, one clockwise a hole (x to the right, y up), and
 * all rings as one path fill the region under the nonzero rule.
 *
 * Places are counted in cells: the grid point (i, j) is at x = i, y = j.
 * Source: well known (Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in two dimensions).
 */
#ifndef ERMINE_NOTE_ISOLINES_H
#define ERMINE_NOTE_ISOLINES_H

#include <ermine/memory.h>

#include <stdbool.h>
#include <stdint.h>

struct er_vertex {
    double x, y;
    bool end; /* where the grid ends or a value is missing: no part of an iso-line */
};

/* Ring r is vertex[end[r - 1] .. end[r] - 1] (from 0 for the first), closed. */
struct er_rings {
    const struct er_vertex *vertex;
    const int64_t *end;
    int64_t n, vertices;
};

/* value[j * nx + i], n = nx x ny of them. False when memory is out. Cost: O(nx ny). */
bool er_isolines(const double *value, int64_t nx, int64_t ny, double level, struct er_arena *memory,
                 struct er_rings *out);

/* Rings made round, for regions of which the grid tells only yes or no, whose raw outlines are stairs: each vertex
 * goes half of the way to the middle of its neighbours and a little more than that back, ROUNDS times, which takes away
 * what is shorter than about 16 vertices and does not shrink the rest (Taubin, 1995), and none leaves the square of one
 * cell around where it was; then each corner is cut at a quarter of its sides (Chaikin, 1974). Rings of fewer than 12
 * vertices, a few cells, only have their corners cut. False when memory is out. */
bool er_rings_round(const struct er_rings *rings, struct er_arena *memory, struct er_rings *out);

/* Fewer vertices: none of those left out is farther than `tolerance` cells from the ring that is left (Douglas and
 * Peucker, 1973); where the grid ends or begins is kept. Rings that shrink to a line are left out. False when memory is out. Cost: O(v log v) as a rule,
 * O(v^2) at worst. */
bool er_rings_simplify(const struct er_rings *rings, double tolerance, struct er_arena *memory,
                       struct er_rings *out);

#endif
