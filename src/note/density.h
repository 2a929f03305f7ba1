/* density.h - values by themselves: their density for a ridgeline, their median for a strip.
 *
 *     f(x) = 1 / (n h) sum_i phi((x - x_i) / h),   h = 0.9 min(s, r / 1.34) n^(-1/5)
 *
 * with the normal density phi, the standard deviation s and the interquartile range r of the n values (Silverman, 1986,
 * section 3.4.2; r is left out where it is 0). On a logarithmic axis x is the logarithm. h is at least a hundredth of
 * the range of all series, so that equal values have a peak that can be seen. Values that are shares of 1 have no
 * density beyond 0 and 1: what the kernels have there is reflected. The height is that of the series' own peak, which is 1.
 */
#ifndef ERMINE_NOTE_DENSITY_H
#define ERMINE_NOTE_DENSITY_H

#include "note/aggregate.h"

/* Fills the groups of each series: for a ridgeline `places` (>= 2) points (x, height) from 3 h below the smallest value to
 * 3 h above the largest; for a strip one, the median, with the smallest and the largest value. Values that a logarithmic
 * axis has no place for are left out. False when memory is out. Cost: O(places x values). */
bool er_density_make(const struct er_view *view, struct er_aggregate *aggregate, int64_t places,
                     struct er_arena *memory);

/* The median of the values of a series, which are sorted. */
double er_density_median(const struct er_series *series);

#endif
