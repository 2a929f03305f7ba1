/* aggregate.h - a figure's rows gathered into series, and over the seeds into mean, smallest and largest.
 *
 * A series is one quantity at one value of the colour and of the slider. Its rows that share x form a group of n
 * values v_1 .. v_n (in the order of the table): mean = (v_1 + ... + v_n) / n, low = min v_i, high = max v_i.
 * Where the median is asked for it is in the place of the mean: the middle one, or half the sum of the middle
 * two. Seeds and all axes that the figure does not show fall together in this way. Values that are missing (NaN)
 * or infinite are left out and counted.
 *
 * Of a histogram x is the value itself, and a group is a bin (note/bins.h); of a ridgeline a group is a point of the
 * density, of a strip its median (note/density.h).
 *
 * The curve of a run that diverged goes up by decades and ends. In a mean it would count for everything and
 * then for nothing, so it is left out where its colour has other runs; where all diverged, it is shown.
 */
#ifndef ERMINE_NOTE_AGGREGATE_H
#define ERMINE_NOTE_AGGREGATE_H

#include "note/levels.h"
#include "note/view.h"

enum {
    ER_SHARED = -1,    /* of all colours */
    ER_FIGURE_FEW = 12 /* numbers with at most so many values colour as steps, others as a continuum */
};

/* One row's value. x is the number, or the index of the word. */
struct er_sample {
    int64_t step, colour; /* indices in the values of the slider and of the colour; 0 without it */
    double x, y;
    int64_t row;
};

/* One group; the mean is the median where that is asked for. Of a histogram a bin: from x to high, with n values. */
struct er_summary {
    double x, mean, low, high;
    int64_t n;
};

struct er_series {
    int64_t y, step, colour;        /* indices of the quantity, of the slider's value, of the colour's */
    const struct er_sample *sample; /* sorted by x, then row */
    const struct er_summary *point; /* sorted by x */
    int64_t samples, points;
    bool diverged; /* of curves: all its runs did */
};

struct er_aggregate {
    struct er_values x, colour, slider; /* x: of words only; n 0 otherwise */
    bool continuum;                     /* the colour is a continuum of numbers: it makes no series */
    struct er_series *series;           /* sorted by the slider, then the quantity, then the colour */
    int64_t n_series;
    struct er_series
        *overlay; /* the points over lines, in the same order; they have no groups. Their colour is
                                  ER_SHARED where all colours have the same points */
    int64_t n_overlay;
    int64_t fewest, most; /* values in a group */
    int64_t seeds;        /* different seeds that fell together; 0: they are x or colour, or there are none */
    const char *
        averaged; /* words for the axes, other than the seed, that fell together: "width, rate"; NULL: none */
    const int64_t
        *step; /* of a map, which has no series: for each row the index of the slider's value; -1: none */
    int64_t infinite; /* values left out */
    int64_t lacking;  /* of a figure of runs: those without a value of x, of a quantity or of the colour */
    int64_t diverged; /* of these; of a figure of curves: of all runs */
};

/* ER_E_LIMIT at the figure's place when there are more series or words than a figure can show; ER_E_NOMEM.
 * Cost: sorting of the rows. */
enum er_status er_aggregate_make(const struct er_view *view, const struct er_figure *figure,
                                 struct er_arena *memory, struct er_aggregate *out, struct er_error *err);

#endif
