/* overlay.h - points over lines: what several runs have alike is drawn once.
 *
 * Points of runs are the runs themselves. Points of curves are data beside which the lines are drawn, and come again
 * with every run: equal ones of a series become one, and where all colours of a slider's value have the same
 * points they become one series of no colour (ER_SHARED).
 */
#ifndef ERMINE_NOTE_OVERLAY_H
#define ERMINE_NOTE_OVERLAY_H

#include "note/aggregate.h"

/* `aggregate` has its overlay sorted by slider, quantity, colour. False when memory is out. */
bool er_overlay_merge(const struct er_view *view, struct er_aggregate *aggregate, struct er_arena *memory);

#endif
