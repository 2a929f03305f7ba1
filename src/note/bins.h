/* bins.h - the values of a histogram counted in bins.
 *
 * All series have the same bins, so that they can be compared: `bins` of one width (on a logarithmic axis of one
 * ratio) from the smallest to the largest of all values; a bin holds its lower end, the last one both. Without a
 * number there are about 2 n^(1/3) for the n values of the largest series (the Rice rule), at most half as many
 * again, with ends that are round: steps of 1, 2 or 5 times a power of ten.
 * Source: well known; Lane, Online Statistics Education (Rice University), "Histograms".
 */
#ifndef ERMINE_NOTE_BINS_H
#define ERMINE_NOTE_BINS_H

#include "note/aggregate.h"

/* Fills the groups of each series: those bins that hold something. `wanted` 0: by the number of values; at most
 * `most` (>= 1) of them. Values that a logarithmic axis has no place for are left out. False when memory is out.
 * Cost: O(values + series x bins). */
bool er_bins_make(const struct er_view *view, struct er_aggregate *aggregate, int64_t wanted, int64_t most,
                  struct er_arena *memory);

/* The smallest of 1, 2, 5 times a power of ten that is at least `step` (> 0): the step between round numbers. */
double er_bins_step(double step);

#endif
