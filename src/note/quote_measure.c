/* quote_measure.c - one value of a quoted expression: its number and its uncertainty. */
#include "note/quote_measure.h"

#include "note/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct measuring {
    const struct er_quote_source *source;
    const struct er_quote_value *value;
    const struct er_quote_rows *rows;
    double *number; /* room for one a row */
    struct er_error *err;
};

static double cell_number(const struct er_quote_rows *rows, int64_t i, int64_t column)
{
    return rows->table->cell[rows->row[i] * rows->table->columns + column].number;
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sum_of(const double *v, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += v[i];
    return sum;
}

static double deviation_of(const double *v, int64_t n)
{
    const double mean = sum_of(v, n) / (double)n;
    double squares = 0;
    for (int64_t i = 0; i < n; i++) squares += (v[i] - mean) * (v[i] - mean);
    return sqrt(squares / (double)(n - 1));
}

/* NaN where it is not defined. v is sorted by the median. */
static double statistic_of(enum er_statistic statistic, double *v, int64_t n)
{
    if (statistic == ER_COUNT) return (double)n;
    double extreme = v[0];
    switch (statistic) {
    case ER_MEAN:
        return sum_of(v, n) / (double)n;
    case ER_MEDIAN:
        qsort(v, (size_t)n, sizeof *v, compare_numbers);
        return v[(n - 1) / 2] / 2 + v[n / 2] / 2;
    case ER_MIN:
        for (int64_t i = 1; i < n; i++) extreme = fmin(extreme, v[i]);
        return extreme;
    case ER_MAX:
        for (int64_t i = 1; i < n; i++) extreme = fmax(extreme, v[i]);
        return extreme;
    case ER_SD:
        return n > 1 ? deviation_of(v, n) : (double)NAN;
    case ER_SEM:
        return n > 1 ? deviation_of(v, n) / sqrt((double)n) : (double)NAN;
    case ER_SUM:
        return sum_of(v, n);
    case ER_LAST:
        return v[n - 1];
    default:
        return v[0];
    }
}

/* The row of [from, to) in which the column `by` is least or greatest, the first of several. */
static int64_t extreme_row(const struct measuring *m, int64_t from, int64_t to)
{
    int64_t best = from;
    for (int64_t i = from + 1; i < to; i++) {
        const double a = cell_number(m->rows, i, m->rows->by), b = cell_number(m->rows, best, m->rows->by);
        if (m->value->by_max ? a > b : a < b) best = i;
    }
    return best;
}

/* One number a run of the curves; how many. */
static int64_t along_curves(const struct measuring *m)
{
    const struct er_quote_rows *rows = m->rows;
    int64_t n = 0;
    for (int64_t i = 0, end; i < rows->n; i = end) {
        end = er_quote_run_end(rows, i);
        if (rows->by >= 0) {
            m->number[n++] = cell_number(rows, extreme_row(m, i, end), rows->column);
            continue;
        }
        for (int64_t k = i; k < end && rows->column >= 0; k++)
            m->number[k] = cell_number(rows, k, rows->column);
        m->number[n++] = statistic_of(m->value->statistic, m->number + i, end - i);
    }
    return n;
}

static enum er_status check_statistic(const struct measuring *m)
{
    const struct er_quote_value *v = m->value;
    const struct er_quote *quote = m->source->quote;
    const bool at = m->rows->by >= 0;
    if (at && v->stated && !m->rows->curves)
        return er_quote_fail(quote, v->at, m->err, "\"at %s\" takes one run; there is no %s of it",
                             v->by_max ? "max" : "min", er_statistic_name[v->statistic]);
    if (at && (v->statistic == ER_FIRST || v->statistic == ER_LAST))
        return er_quote_fail(quote, v->at, m->err,
                             "\"at %s\" takes one record of a curve; there is no %s of it",
                             v->by_max ? "max" : "min", er_statistic_name[v->statistic]);
    return ER_OK;
}

/* Whether a mean or a spread is taken over the runs. */
static bool mixes(enum er_statistic statistic)
{
    return statistic == ER_MEAN || statistic == ER_MEDIAN || statistic == ER_SD || statistic == ER_SEM;
}

static enum er_status over_runs(const struct measuring *m, struct er_measured *out)
{
    const struct er_quote_rows *rows = m->rows;
    enum er_statistic statistic = m->value->statistic;
    int64_t n = rows->n;
    if (rows->curves) {
        n = along_curves(m);
        if (rows->by < 0) statistic = ER_MEAN;
    } else if (rows->by >= 0) {
        m->number[0] = cell_number(rows, extreme_row(m, 0, n), rows->column);
        statistic = ER_FIRST;
        n = 1;
    } else {
        for (int64_t i = 0; i < n && rows->column >= 0 && statistic != ER_COUNT; i++)
            m->number[i] = cell_number(rows, i, rows->column);
    }
    if (mixes(statistic)) {
        enum er_status status = er_quote_rows_alike(m->source, m->value, rows, m->err);
        if (status != ER_OK) return status;
    }
    out->n = n;
    out->mean = statistic == ER_MEAN;
    if (out->mean && n > 1 && m->value->n_over == 0) {
        out->spread = deviation_of(m->number, n);
        out->uncertainty = out->spread / sqrt((double)n);
    }
    out->value = n > 0 || statistic == ER_COUNT ? statistic_of(statistic, m->number, n) : 0;
    if (isfinite(out->value) && isfinite(out->uncertainty)) return ER_OK;
    if (n > 0 && isnan(out->value))
        return er_quote_fail(m->source->quote, m->value->at, m->err, "%s needs at least two values",
                             er_statistic_name[m->value->statistic]);
    return er_quote_fail(m->source->quote, m->value->at, m->err, "the %s of these values is not finite",
                         er_statistic_name[m->value->statistic]);
}

enum er_status er_quote_measure(const struct er_quote_source *source, const struct er_quote_value *value,
                                struct er_arena *memory, struct er_measured *out, struct er_error *err)
{
    struct er_measured made = {.unit = ""};
    enum er_status status = er_quote_rows_find(source, value, memory, &made.rows, err);
    if (status != ER_OK) return status;
    struct measuring m = {.source = source, .value = value, .rows = &made.rows, .err = err};
    m.number = er_arena_alloc(memory, made.rows.n + 1, sizeof *m.number);
    if (!m.number) return er_fail(err, ER_E_NOMEM, "out of memory while evaluating a quoted value");
    status = check_statistic(&m);
    if (status == ER_OK) status = over_runs(&m, &made);
    if (status != ER_OK) return status;
    if (value->statistic != ER_COUNT) {
        const struct er_table_column *column = &made.rows.table->column[made.rows.column];
        made.unit = column->unit;
        made.share = er_words_fraction(column->name);
    }
    *out = made;
    return ER_OK;
}
