/* view.h - a figure with its names resolved: which table, which columns, which scales, in which words.
 *
 * x is read from the curves when only they have it, or when a line is drawn over a quantity that both tables
 * have; from the runs otherwise. Quantities, points, colour and slider come from the same table.
 *
 * A histogram's x is the value of its quantities, with their words and scale, and its y is how many there are.
 */
#ifndef ERMINE_NOTE_VIEW_H
#define ERMINE_NOTE_VIEW_H

#include <ermine/memory.h>
#include <ermine/study.h>
#include <ermine/table.h>

enum er_mark { ER_MARK_LINE, ER_MARK_POINT, ER_MARK_BAR, ER_MARK_HISTOGRAM };

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
};

/* Everything is allocated from `memory` or belongs to the tables. ER_E_INPUT at the figure's place: a column
 * that there is not (with the nearest that there is), quantities that are words, a mark or scale that does
 * not fit, a reference line where a logarithmic axis has no place for it. */
enum er_status er_view_open(const struct er_figure *figure, const struct er_table *runs,
                            const struct er_table *curves, struct er_arena *memory, struct er_view *out,
                            struct er_error *err);

#endif
