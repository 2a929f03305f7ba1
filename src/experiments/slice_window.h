/* slice_window.h - the grid of a slice: minima lie on it where they bound it.
 *
 * Along a, A lies at 0 and B at a unit; along b, C lies at a unit. The grid has n points with a whole number of steps in
 * that unit, as many as let it reach a share `margin` of the minima's extent beyond them on both sides, to a step: so that
 * A and B are points of it, to the bit, and C lies on a row.
 */
#ifndef ERMINE_EXPERIMENTS_SLICE_WINDOW_H
#define ERMINE_EXPERIMENTS_SLICE_WINDOW_H

#include <ermine/landscape.h>

struct er_slice_window {
    int64_t columns, rows; /* along a, along b */
    double *a, *b;         /* columns, rows of them, rising */
    int64_t origin, unit;  /* the column of A, and how many further B is; around one minimum 0 */
};

/* The window of a plane's minima; of one alone: `span` on all sides, and the minimum on it where n is odd. A line has one
 * row. ER_E_NOMEM. */
enum er_status er_slice_window_new(const struct er_plane *plane, int64_t n, double margin, double span,
                                   struct er_slice_window *out, struct er_error *err);
void er_slice_window_clear(struct er_slice_window *window);

/* The number, row by row, of the grid point that is nearest to (a, b), in steps of the grid. */
int64_t er_slice_window_nearest(const struct er_slice_window *window, double a, double b);

#endif
