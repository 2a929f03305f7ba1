/* thin.h - which of many points are shown: the ends and the extremes, and others between them.
 *
 * A line keeps what a drawing of it keeps. Its stretch along x is cut into pieces of equal width on the axis
 * as drawn, and of each piece the points with the smallest and the largest mean stay, and those with the
 * smallest and the largest value of their range; what room is left goes to every so many-th of the others. So
 * no spike is lost, and none is made.
 * Source: Jugel, Jerzak, Hackenbroich and Markl, "M4: A Visualization-Oriented Time Series Data Aggregation",
 *         VLDB 2014, which keeps the ends of each piece too; the ends of the whole line do here.
 *
 * Of runs stay the smallest and the largest value at each x (of all when there are too many x), and of the
 * others every so many-th.
 *
 * The pieces are left out where fewer than ER_THIN_FEW may stay: then the points are taken at even steps.
 */
#ifndef ERMINE_NOTE_THIN_H
#define ERMINE_NOTE_THIN_H

#include "note/aggregate.h"

enum { ER_THIN_FEW = 6 };

/* Fills keep[0..n-1] and returns how many are true: min(n, most); most >= 1. `point` is sorted by x;
 * `logarithmic`: along x. Cost: O(n). */
int64_t er_thin_line(const struct er_summary *point, int64_t n, bool logarithmic, int64_t most, bool *keep);

/* The same of runs, sorted by x. */
int64_t er_thin_runs(const struct er_sample *sample, int64_t n, int64_t most, bool *keep);

/* The largest number c for which min(size[0], c) + ... + min(size[n-1], c) <= most, at least 1: what each of
 * n series may have when all have `most`, and none is given what it cannot use. */
int64_t er_thin_share(const int64_t *size, int64_t n, int64_t most);

#endif
