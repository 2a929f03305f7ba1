/* sketch.h - the outlines of a map, made once and drawn by its specification: what fills, what is hatched, iso-lines with
 * the places of their labels.
 */
#ifndef ERMINE_NOTE_SKETCH_H
#define ERMINE_NOTE_SKETCH_H

#include "note/figure.h"
#include "note/hatch.h"

enum { ER_SKETCH_BANDS = 16, ER_SKETCH_LEVELS = 10 };

/* The levels of a column over all planes: rising, in the column's own numbers. */
struct er_sketch_levels {
    double low,
        high; /* the smallest and the largest value, of a logarithm those above 0; low > high: there are none */
    double level[ER_SKETCH_BANDS];
    int64_t n;
    bool logarithmic;
};

/* Bands of equal width (of equal ratio, for a logarithm) from the smallest value to the largest; the first holds what is
 * below too. */
struct er_sketch_levels er_sketch_bands(const struct er_drawing *drawing, int64_t column, bool logarithmic);

/* At most ER_SKETCH_LEVELS round levels between these: of a logarithm that spans a power of ten or more such powers, and
 * below two of them 2 and 5 times these, below four 3 times; else steps of 1, 2 or 5 times a power of ten. */
struct er_sketch_levels er_sketch_round(const struct er_drawing *drawing, int64_t column, bool logarithmic);

/* The outline of where a column is at least `level` (minus infinity: has a value) on a plane. Empty for a plane of no
 * run. `yes_or_no`: a column of 0 and 1, whose outline is made round. False when memory is out. */
bool er_sketch_outline(const struct er_drawing *drawing, const struct er_plane *plane, int64_t column,
                       double level, bool logarithmic, bool yes_or_no, double tolerance,
                       struct er_rings *out);

/* How high a picture of the map is for its width so that both axes have one scale: they are coordinates of a plane.
 * NaN where they are not (an axis is a setting of the study, or one is four times the other). */
double er_sketch_aspect(const struct er_drawing *drawing);

/* The ends of the axes over all planes. */
void er_sketch_window(const struct er_drawing *drawing, double x[2], double y[2]);

#endif
