/* view.h - a figure with its names resolved: which table, which columns, which scales, in which words.
 *
 * x is read from the curves when only they have it, or when a line is drawn over a quantity that both tables
 * have; from the runs otherwise. Quantities, points, colour and slider come from the same table.
 *
 * The x of a histogram, a strip and a ridgeline is the value of its quantities, with their words and scale; a
 * histogram's y is how many there are, the others have a row for each series.
 *
 * A map that names no slider, of runs that differ in one axis, gets that axis as its slider.
 */
#ifndef ERMINE_NOTE_VIEW_H
#define ERMINE_NOTE_VIEW_H

#include <ermine/memory.h>
#include <ermine/study.h>
#include <ermine/table.h>

enum er_mark {
    ER_MARK_LINE,
    ER_MARK_POINT,
    ER_MARK_BAR,
    ER_MARK_HISTOGRAM,
    ER_MARK_STRIP,
    ER_MARK_RIDGELINE,
    ER_MARK_MAP
};

/* Values by themselves: they lie along x, and no column does. */
static inline bool er_mark_is_distribution(enum er_mark mark)
{
    return mark == ER_MARK_HISTOGRAM || mark == ER_MARK_STRIP || mark == ER_MARK_RIDGELINE;
}

struct er_view {
    const struct er_table *table; /* that the figure is drawn from */
    const struct er_table *runs;
    enum er_mark mark;
    bool curves;                         /* the table is that of the curves */
    bool median;                         /* in the place of means */
    int64_t x, colour, *y;               /* columns; -1: none. y: the quantities, then the points over them */
    int64_t n_y, n_points, seed, slider; /* seed, slider: a column, or -1 */
    bool x_log, y_log;                   /* of the quantity x and of the quantities y */
    bool x_numeric;
    bool x_fraction, y_fraction, colour_fraction, slider_fraction;
    const char *x_title, *y_title, *colour_title, *slider_title; /* NULL: no colour, no slider */
    const char **quantity;                                       /* words for each y, points too */
    /* Of a map: columns, or -1, and their words, or NULL. */
    int64_t region[2], contours, marks;
    bool colour_log, contours_log, contours_fraction;
    const char *region_title[2], *contours_title;
};

/* Everything is allocated from `memory` or belongs to the tables. ER_E_INPUT at the figure's place: a column
 * that there is not (with the nearest that there is), quantities that are words, a mark or scale that does
 * not fit, a reference line where a logarithmic axis has no place for it. */
enum er_status er_view_open(const struct er_figure *figure, const struct er_table *runs,
                            const struct er_table *curves, struct er_arena *memory, struct er_view *out,
                            struct er_error *err);

/* Parts of it: the columns and words of a map; a title in words (NULL: memory is out); the error of a column that
 * there is not. */
enum er_status er_view_open_map(const struct er_figure *figure, struct er_arena *memory, struct er_view *view,
                                struct er_error *err);
const char *er_view_title(struct er_arena *memory, const struct er_table_column *column);
enum er_status er_view_no_column(const struct er_view *view, const struct er_figure *figure,
                                 const char *channel, const char *name, struct er_error *err);

#endif
