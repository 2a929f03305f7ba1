/* sparse.c - entries of a matrix by rows and by columns: two stable sorts by counting, columns first. */
#include "recovery/chosen.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

static enum er_status check(int64_t rows, int64_t columns, int64_t n, const int32_t *row,
                            const int32_t *column, struct er_error *err)
{
    if (rows < 1 || columns < 1 || rows > INT32_MAX || columns > INT32_MAX)
        return er_fail(err, ER_E_SHAPE,
                       "entries of a matrix: it has %" PRId64 " x %" PRId64 " of them; sides are 1 to %d",
                       rows, columns, INT32_MAX);
    if (n < 0) return er_fail(err, ER_E_SHAPE, "entries of a matrix: %" PRId64 " are given", n);
    for (int64_t k = 0; k < n; k++)
        if (row[k] < 0 || row[k] >= rows || column[k] < 0 || column[k] >= columns)
            return er_fail(err, ER_E_INPUT,
                           "entry %" PRId64 " is at (%" PRId32 ", %" PRId32 "), the matrix has %" PRId64
                           " x %" PRId64,
                           k, row[k], column[k], rows, columns);
    return ER_OK;
}

/* start[i] = how many keys are below i; start has `keys` + 1 values. */
static void count(int64_t keys, int64_t n, const int32_t *key, int64_t *start)
{
    for (int64_t i = 0; i <= keys; i++) start[i] = 0;
    for (int64_t k = 0; k < n; k++) start[key[k] + 1]++;
    for (int64_t i = 0; i < keys; i++) start[i + 1] += start[i];
}

/* After its places were given out, start[i] is where bucket i ends: back to where it begins. */
static void rewind_starts(int64_t keys, int64_t *start)
{
    for (int64_t i = keys; i > 0; i--) start[i] = start[i - 1];
    start[0] = 0;
}

static void fill(struct er_sparse *s, const int32_t *row, const int32_t *column, const double *value,
                 int64_t *by_column)
{
    for (int64_t k = 0; k < s->n; k++) by_column[s->column_start[column[k]]++] = k;
    rewind_starts(s->columns, s->column_start);
    for (int64_t p = 0; p < s->n; p++) {
        const int64_t k = by_column[p], to = s->row_start[row[k]]++;
        s->column[to] = column[k];
        s->value[to] = value[k];
    }
    rewind_starts(s->rows, s->row_start);
    for (int64_t i = 0; i < s->rows; i++)
        for (int64_t e = s->row_start[i]; e < s->row_start[i + 1]; e++) {
            const int64_t to = s->column_start[s->column[e]]++;
            s->row[to] = (int32_t)i;
            s->entry[to] = e;
        }
    rewind_starts(s->columns, s->column_start);
}

static enum er_status check_twice(const struct er_sparse *s, struct er_error *err)
{
    for (int64_t i = 0; i < s->rows; i++)
        for (int64_t e = s->row_start[i] + 1; e < s->row_start[i + 1]; e++)
            if (s->column[e] == s->column[e - 1])
                return er_fail(err, ER_E_INPUT, "the entry (%" PRId64 ", %" PRId32 ") is given twice", i,
                               s->column[e]);
    return ER_OK;
}

enum er_status er_sparse_new(int64_t rows, int64_t columns, int64_t n, const int32_t *row,
                             const int32_t *column, const double *value, struct er_sparse *out,
                             struct er_error *err)
{
    enum er_status status = check(rows, columns, n, row, column, err);
    if (status != ER_OK) return status;
    struct er_sparse s = {.rows = rows, .columns = columns, .n = n};
    int64_t *by_column = er_alloc(n, sizeof *by_column);
    s.row_start = er_alloc(rows + 1, sizeof *s.row_start);
    s.column_start = er_alloc(columns + 1, sizeof *s.column_start);
    s.column = er_alloc(n, sizeof *s.column);
    s.row = er_alloc(n, sizeof *s.row);
    s.value = er_alloc(n, sizeof *s.value);
    s.entry = er_alloc(n, sizeof *s.entry);
    if (!by_column || !s.row_start || !s.column_start || !s.column || !s.row || !s.value || !s.entry) {
        status = er_fail(err, ER_E_NOMEM, "entries of a matrix: out of memory for %" PRId64 " of them", n);
    } else {
        count(rows, n, row, s.row_start);
        count(columns, n, column, s.column_start);
        fill(&s, row, column, value, by_column);
        status = check_twice(&s, err);
    }
    er_free(by_column);
    if (status == ER_OK)
        *out = s;
    else
        er_sparse_clear(&s);
    return status;
}

void er_sparse_clear(struct er_sparse *s)
{
    er_free(s->row_start);
    er_free(s->column_start);
    er_free(s->column);
    er_free(s->row);
    er_free(s->value);
    er_free(s->entry);
    *s = (struct er_sparse){0};
}

void er_sparse_row_indices(const struct er_sparse *s, int32_t *row)
{
    for (int64_t i = 0; i < s->rows; i++)
        for (int64_t e = s->row_start[i]; e < s->row_start[i + 1]; e++) row[e] = (int32_t)i;
}

double er_sparse_mean_square(const struct er_sparse *s, const double *value)
{
    double sum = 0;
    for (int64_t e = 0; e < s->n; e++) sum += (value[e] - s->value[e]) * (value[e] - s->value[e]);
    return s->n > 0 ? sum / (double)s->n : (double)NAN;
}

enum er_status er_sparse_chosen(const struct er_triples *from, int64_t n, const int64_t *which,
                                struct er_sparse *out, struct er_error *err)
{
    int32_t *row = er_alloc(n, sizeof *row), *column = er_alloc(n, sizeof *column);
    double *value = er_alloc(n, sizeof *value);
    enum er_status status;
    if (row && column && value) {
        for (int64_t k = 0; k < n; k++) {
            row[k] = from->row[which[k]];
            column[k] = from->column[which[k]];
            value[k] = from->value[which[k]];
        }
        status = er_sparse_new(from->rows, from->columns, n, row, column, value, out, err);
    } else {
        status = er_fail(err, ER_E_NOMEM, "entries of a matrix: out of memory for %" PRId64 " of them", n);
    }
    er_free(row);
    er_free(column);
    er_free(value);
    return status;
}
