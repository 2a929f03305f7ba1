/* bounds.c - bounds beside what was measured: which lines there are, and their means. */
#include "note/bounds.h"

#include "note/quote_rows.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { MOST_VALUES = 8 }; /* of a setting, for lines of their own */

static double number(const struct er_table *t, int64_t row, int64_t column)
{
    return column < 0 ? (double)NAN : t->cell[row * t->columns + column].number;
}

/* The first row of each different value of a column, at most MOST_VALUES + 1 of them. */
static int64_t values_of(const struct er_table *t, int64_t column, int64_t first[MOST_VALUES + 1])
{
    int64_t n = 0;
    for (int64_t row = 0; row < t->rows && n <= MOST_VALUES; row++) {
        int64_t i = 0;
        while (i < n && !er_quote_same(t, column, first[i], row)) i++;
        if (i == n) first[n++] = row;
    }
    return n;
}

/* The setting that has lines of its own: the only one that varies, but for seeds. */
static void find_axis(struct er_bounds *b, int64_t first[MOST_VALUES + 1], int64_t *values)
{
    const struct er_table *t = b->runs;
    int64_t varies = 0;
    b->axis = -1;
    *values = 1;
    for (int64_t c = 0; c < t->columns; c++) {
        int64_t own[MOST_VALUES + 1];
        if (!t->column[c].axis || er_quote_repeats(&t->column[c])) continue;
        const int64_t n = values_of(t, c, own);
        if (n < 2) continue;
        varies++;
        if (n > MOST_VALUES || varies > 1) {
            b->axis = -1;
            b->ranges = true;
            *values = 1;
            continue;
        }
        b->axis = c;
        *values = n;
        memcpy(first, own, (size_t)n * sizeof *own);
    }
}

static void add(struct er_bounds_number *sum, double value)
{
    sum->mean += value; /* a sum, until it is divided */
    sum->low = fmin(sum->low, value);
    sum->high = fmax(sum->high, value);
}

static const struct er_bounds_number none = {0, (double)INFINITY, -(double)INFINITY};

static void divide(struct er_bounds_number *sum, int64_t n)
{
    if (n == 0) *sum = (struct er_bounds_number){(double)NAN, (double)NAN, (double)NAN};
    sum->mean /= n > 0 ? (double)n : 1;
    sum->low = isinf(sum->low) ? (double)NAN : sum->low;
    sum->high = isinf(sum->high) ? (double)NAN : sum->high;
}

static void fill(struct er_bounds *b, struct er_bounds_line *line, int64_t column)
{
    const struct er_table *t = b->runs;
    const bool of_network = line->measure->guarantee == ER_GUARANTEE_NETWORK;
    const int64_t test = of_network ? er_table_find(t, "test_error") : -1,
                  train = of_network ? er_table_find(t, "train_error") : -1;
    line->guaranteed = line->error = line->guaranteed_gap = line->gap = none;
    for (int64_t row = 0; row < t->rows; row++) {
        const double value = number(t, row, column);
        if (isnan(value) || (b->axis >= 0 && !er_quote_same(t, b->axis, line->row, row))) continue;
        const double test_error = number(t, row, test), train_error = number(t, row, train);
        add(&line->guaranteed, value);
        add(&line->error, test_error);
        add(&line->guaranteed_gap, value - train_error);
        add(&line->gap, test_error - train_error);
        line->exceeded += test_error > value;
        line->runs++;
    }
    divide(&line->guaranteed, line->runs);
    divide(&line->error, line->runs);
    divide(&line->guaranteed_gap, line->runs);
    divide(&line->gap, line->runs);
    if (line->runs > b->most) b->most = line->runs;
    if (line->runs > 0 && (b->fewest == 0 || line->runs < b->fewest)) b->fewest = line->runs;
}

enum er_status er_bounds_make(const struct er_table *runs, struct er_bounds *out, struct er_error *err)
{
    struct er_bounds b = {.runs = runs};
    int64_t first[MOST_VALUES + 1] = {0}, values, bounds = 0;
    for (int64_t c = 0; c < runs->columns; c++) {
        const struct er_measure *measure = er_measure_find(runs->column[c].name);
        bounds += measure && measure->guarantee != ER_GUARANTEE_NONE;
    }
    find_axis(&b, first, &values);
    if (runs->rows == 0) bounds = 0;
    b.line = er_alloc(bounds * values, sizeof *b.line);
    if (!b.line) return er_fail(err, ER_E_NOMEM, "out of memory for a table of bounds");
    for (int64_t c = 0; c < runs->columns && bounds > 0; c++) {
        const struct er_measure *measure = er_measure_find(runs->column[c].name);
        if (!measure || measure->guarantee == ER_GUARANTEE_NONE) continue;
        for (int64_t i = 0; i < values; i++) {
            struct er_bounds_line *line = &b.line[b.n++];
            *line = (struct er_bounds_line){.measure = measure, .row = first[i]};
            fill(&b, line, c);
        }
    }
    *out = b;
    return ER_OK;
}

void er_bounds_clear(struct er_bounds *bounds)
{
    er_free(bounds->line);
    *bounds = (struct er_bounds){0};
}

const char *er_bounds_word(const struct er_bounds_line *line)
{
    if (line->runs == 0) return "not defined";
    if (line->exceeded > 0) return "exceeded";
    if (line->guaranteed.low >= 1) return "vacuous";
    if (line->guaranteed.high >= 1) return "in part vacuous";
    return line->measure->guarantee == ER_GUARANTEE_STOCHASTIC ? "of the stochastic network" : "";
}
