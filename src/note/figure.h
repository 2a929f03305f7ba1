/* figure.h - a figure with all that the page shows of it.
 */
#ifndef ERMINE_NOTE_FIGURE_H
#define ERMINE_NOTE_FIGURE_H

#include "core/buffer.h"
#include "note/aggregate.h"
#include "note/map.h"

enum {
    ER_FIGURE_LINE_POINTS = 400, /* drawn of a line at most */
    ER_FIGURE_ROWS = 6000,       /* drawn of all lines at most; a browser draws so many in a blink */
    ER_FIGURE_MAX_POINTS = 2000, /* drawn of all runs at most */
    ER_FIGURE_VERTICES = 20000,  /* drawn of a map's outlines at most; they are a few dozen marks */
    ER_FIGURE_BYTES = 300 * 1024 /* of a specification, about, where nothing else is said */
};

/* A figure's numbers in order: what every other text of it is made from. */
struct er_drawing {
    const struct er_figure *figure;
    struct er_view view;
    struct er_aggregate aggregate;
    struct er_map map; /* of a map: what is shown in the place of series */
    int64_t most_points,
        most_runs; /* of one series, or of one of points over lines, that are drawn at most */
    struct er_arena *memory;
};

enum er_status er_drawing_make(const struct er_figure *figure, const struct er_table *runs,
                               const struct er_table *curves, struct er_drawing *out, struct er_error *err);
void er_drawing_clear(struct er_drawing *drawing);

/* Draws so much less that the specification has about `bytes` at most, and no more than the bounds above. (A
 * new drawing is limited to ER_FIGURE_BYTES.) Every series keeps its ends and, where it may have
 * ER_THIN_FEW points, its extremes. */
enum er_status er_drawing_limit(struct er_drawing *drawing, size_t bytes, struct er_error *err);

/* True when the points get a line through their means: x is a setting with numbers. */
bool er_drawing_has_mean_line(const struct er_drawing *drawing);

/* What is shown at value `step` of the slider: the same drawing with fewer series. It belongs to the whole one. */
struct er_drawing er_drawing_step(const struct er_drawing *drawing, int64_t step);

/* Whether lines are cut a little beyond the points over them. */
bool er_drawing_cuts(const struct er_drawing *drawing);

/* How many marks a logarithmic axis cannot show, since they are 0 or less. */
int64_t er_drawing_not_positive(const struct er_drawing *drawing);

/* The Vega-Lite specification, compact, without "$schema"; freed by er_free(). */
enum er_status er_drawing_spec(const struct er_drawing *drawing, char **out, struct er_error *err);

/* What the figure shows, in words and numbers, at most ER_ALTERNATIVE_MAX bytes; freed by er_free(). */
enum { ER_ALTERNATIVE_MAX = 600 };
enum er_status er_drawing_alternative(const struct er_drawing *drawing, char **out, struct er_error *err);

/* The same at one value of the slider, and that value as a reader reads it. */
enum er_status er_drawing_step_alternative(const struct er_drawing *drawing, int64_t step, char **out,
                                           struct er_error *err);
void er_drawing_say_step(struct er_buffer *out, const struct er_drawing *drawing, int64_t step);

/* What tells a series from the others: "training loss, corrupted labels 50 %"; its quantity where it is the only one. */
void er_drawing_say_series(struct er_buffer *out, const struct er_drawing *drawing,
                           const struct er_series *series);

/* The title (without a full stop) and the sentences after it; freed by er_free(). */
enum er_status er_drawing_title(const struct er_drawing *drawing, char **out, struct er_error *err);
enum er_status er_drawing_caption(const struct er_drawing *drawing, char **out, struct er_error *err);

/* How many rows the figure's numbers have: one a mean (lines, bars), a run (points, strips,
 * ridgelines), a bin or a cell. */
int64_t er_drawing_rows(const struct er_drawing *drawing);

/* These numbers, thinned (note/thin.h) to `most` rows or one a series, whichever is more; er_table_clear()
 * frees it. *title (n columns, in the table's memory): headings in words. */
enum er_status er_drawing_table(const struct er_drawing *drawing, int64_t most, struct er_table *out,
                                const char *const **title, struct er_error *err);

#endif
