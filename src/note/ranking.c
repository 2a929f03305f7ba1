/* ranking.c - lines of a ranking from the table of its runs. */
#include "note/ranking.h"

#include "note/quote_rows.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const column_name[ER_RANKING_NUMBERS] = {[ER_RANKING_TAU] = "tau_a",
                                                            [ER_RANKING_PSI] = "psi",
                                                            [ER_RANKING_CMI] = "cmi",
                                                            [ER_RANKING_SIGN] = "robust_sign_error",
                                                            [ER_RANKING_PGDL] = "pgdl"};

static double cell(const struct er_table *t, int64_t row, const char *name, const char *end)
{
    char full[64];
    snprintf(full, sizeof full, "%s%s", name, end);
    const int64_t column = er_table_find(t, full);
    return column < 0 ? (double)NAN : t->cell[row * t->columns + column].number;
}

static bool is_ranking(const struct er_table *t)
{
    for (int k = 0; k < ER_RANKING_NUMBERS; k++)
        if (er_table_find(t, column_name[k]) < 0) return false;
    return t->rows > 0;
}

/* Whether a setting varies that is neither the measure nor a seed. */
static bool others_vary(const struct er_table *t, int64_t measure)
{
    for (int64_t c = 0; c < t->columns; c++) {
        if (!t->column[c].axis || c == measure || er_quote_repeats(&t->column[c])) continue;
        for (int64_t row = 1; row < t->rows; row++)
            if (!er_quote_same(t, c, 0, row)) return true;
    }
    return false;
}

static void add_row(const struct er_table *t, int64_t row, struct er_ranking_line *line)
{
    for (int k = 0; k < ER_RANKING_NUMBERS; k++) {
        struct er_ranking_number *number = &line->number[k];
        number->mean += cell(t, row, column_name[k], ""); /* sums, until they are divided */
        number->low += cell(t, row, column_name[k], "_low");
        number->high += cell(t, row, column_name[k], "_high");
    }
    line->models += cell(t, row, "models", "");
    line->dropped += cell(t, row, "dropped", "");
    line->missing += cell(t, row, "missing", "");
    line->runs++;
}

static void divide(struct er_ranking_line *line)
{
    const double n = (double)line->runs;
    for (int k = 0; k < ER_RANKING_NUMBERS; k++) {
        line->number[k].mean /= n;
        line->number[k].low /= n;
        line->number[k].high /= n;
    }
    line->models /= n;
    line->dropped /= n;
    line->missing /= n;
}

/* Falling; what is NaN comes last. */
static int compare_numbers(double x, double y)
{
    if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
    return (x < y) - (x > y);
}

static int compare_lines(const void *a, const void *b)
{
    const struct er_ranking_line *x = a, *y = b;
    int order = compare_numbers(x->number[ER_RANKING_PSI].mean, y->number[ER_RANKING_PSI].mean);
    if (order == 0) order = compare_numbers(x->number[ER_RANKING_TAU].mean, y->number[ER_RANKING_TAU].mean);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

enum er_status er_ranking_make(const struct er_table *runs, const char *measure, struct er_ranking *out,
                               struct er_error *err)
{
    const int64_t column = er_table_find(runs, "rank.measure");
    struct er_ranking r = {0};
    *out = r;
    if (!is_ranking(runs) || (column < 0 && !measure) || others_vary(runs, column)) return ER_OK;
    r.line = er_alloc(runs->rows, sizeof *r.line);
    if (!r.line) return er_fail(err, ER_E_NOMEM, "out of memory for a table of a ranking");
    for (int64_t row = 0; row < runs->rows; row++) {
        const char *text = column < 0 ? measure : runs->cell[row * runs->columns + column].text;
        int64_t i = 0;
        if (!text) continue;
        while (i < r.n && strcmp(r.line[i].measure, text) != 0) i++;
        if (i == r.n) r.line[r.n++] = (struct er_ranking_line){.measure = text, .row = row};
        add_row(runs, row, &r.line[i]);
    }
    for (int64_t i = 0; i < r.n; i++) divide(&r.line[i]);
    qsort(r.line, (size_t)r.n, sizeof *r.line, compare_lines);
    *out = r;
    return ER_OK;
}

void er_ranking_clear(struct er_ranking *ranking)
{
    er_free(ranking->line);
    *ranking = (struct er_ranking){0};
}
