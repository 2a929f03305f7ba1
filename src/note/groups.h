/* groups.h - the samples of a series that share x, as their mean or median and their range.
 */
#ifndef ERMINE_NOTE_GROUPS_H
#define ERMINE_NOTE_GROUPS_H

#include "note/aggregate.h"

/* Fills the groups of a series from its samples. False when memory is out. Cost: O(samples), and sorting each
 * group for a median. */
bool er_groups_make(struct er_series *series, bool median, struct er_arena *memory);

#endif
