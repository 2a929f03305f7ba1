/* alternative.h - parts of a figure's description in words. */
#ifndef ERMINE_NOTE_ALTERNATIVE_H
#define ERMINE_NOTE_ALTERNATIVE_H

#include "note/figure.h"

/* A value of the quantities, and one of x, as a reader reads them. */
void er_say_y(struct er_buffer *out, const struct er_drawing *drawing, double value);
void er_say_x(struct er_buffer *out, const struct er_drawing *drawing, double x);

/* How far apart the lowest and the highest mean of the figure are along the y axis. */
double er_say_range(const struct er_drawing *drawing);

/* " falls from 2.3 to 0.01 at 14": the course of a series' means, in a figure that is `range` high and ends at
 * x = `end`. False when memory is out. */
bool er_say_course(struct er_buffer *out, const struct er_drawing *drawing, const struct er_series *series,
                   double range, double end);

/* ": 300 values, mean 12.1 %, most (45) from 10 % to 12 %": of a series of a histogram. */
void er_say_bins(struct er_buffer *out, const struct er_drawing *drawing, const struct er_series *series);

/* ": 100 values, median 12.1 %, from 10 % to 14 %": of a row of a strip or of a ridgeline. */
void er_say_distribution(struct er_buffer *out, const struct er_drawing *drawing,
                         const struct er_series *series);

#endif
