/* share.c - what each figure of a note may have of its page. */
#include "note/section.h"
#include "note/thin.h"

#include <ermine/memory.h>
#include <string.h>

/* Bytes of a row, about: drawn, and as CSV; and of a row of the table on the page. */
enum { ROW = 160, TABLE_ROW = 250, AROUND = 6000 };

/* Of a histogram there is no column along x. */
static bool has_column(const struct er_table *table, const char *name)
{
    return !name || er_table_find(table, name) >= 0;
}

static bool is_seed(const char *column)
{
    return column && strcmp(column, "seed") == 0;
}

/* What a figure would take with all of its rows, about: the seeds of a mean are one row. */
static int64_t need(const struct er_study *study, const struct er_figure *figure,
                    const struct er_note_result *result)
{
    int64_t axes;
    const struct er_axis *axis = er_study_axes(study, &axes);
    const bool points = strcmp(figure->mark, "point") == 0;
    const bool curves =
        figure->from
            ? strcmp(figure->from, "curves") == 0
            : !has_column(&result->runs, figure->x) || !has_column(&result->runs, figure->y[0]) ||
                  (!points && has_column(&result->curves, figure->x) && strcmp(figure->mark, "line") == 0);
    const int64_t seeds = points || is_seed(figure->x) || is_seed(figure->colour) || is_seed(figure->slider)
                              ? 1
                              : axis[axes - 1].values;
    const int64_t of_table = curves ? result->curves.rows : result->runs.rows;
    const int64_t rows = (of_table / (seeds > 0 ? seeds : 1) + 1) * figure->n_y + of_table * figure->n_points;
    const int64_t most = ER_PAGE_FIGURE_MOST / ROW;
    if (rows >= most) return ER_PAGE_FIGURE_MOST;
    return AROUND + rows * ROW + (rows < ER_PAGE_TABLE_ROWS ? rows : ER_PAGE_TABLE_ROWS) * TABLE_ROW;
}

enum er_status er_page_share(const struct er_note *note, const struct er_note_result *result, size_t *share,
                             struct er_error *err)
{
    int64_t all = 0;
    for (int64_t i = 0; i < note->fences.blocks; i++) {
        int64_t figures = 0;
        if (note->study[i].study) er_study_figures(note->study[i].study, &figures);
        all += figures;
    }
    int64_t *size = er_alloc(all, sizeof *size);
    if (!size) return er_fail(err, ER_E_NOMEM, "out of memory while writing a page");
    all = 0;
    for (int64_t i = 0; i < note->fences.blocks; i++) {
        int64_t figures = 0;
        const struct er_study *study = note->study[i].study;
        const struct er_figure *figure = study ? er_study_figures(study, &figures) : NULL;
        for (int64_t f = 0; f < figures; f++) size[all++] = need(study, &figure[f], &result[i]);
    }
    const int64_t fair = er_thin_share(size, all, ER_PAGE_FIGURES_BYTES);
    er_free(size);
    *share = (size_t)(fair > ER_PAGE_FIGURE_MOST    ? ER_PAGE_FIGURE_MOST
                      : fair < ER_PAGE_FIGURE_LEAST ? ER_PAGE_FIGURE_LEAST
                                                    : fair);
    return ER_OK;
}
