/* claim_course.c - a side of a rule at every value of a column. */
#include "note/claim_course.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The condition that a value is in its place: at one value of the column. */
static struct er_quote_condition condition(const struct er_quote_word *along, enum er_comparison is,
                                           double number)
{
    return (struct er_quote_condition){
        .column = *along, .value = *along, .is = is, .numeric = true, .number = number};
}

/* The different values of the column, rising. */
static enum er_status find_points(const struct er_quote_source *source, const struct er_rule_clause *clause,
                                  struct er_arena *memory, struct er_claim_course *out, struct er_error *err)
{
    const struct er_quote_value *first = NULL;
    for (int i = 0; !first; i++) first = clause->left.operand[i].value;
    struct er_quote_value *value = er_arena_alloc(memory, 1, sizeof *value);
    if (!value) return er_fail(err, ER_E_NOMEM, "out of memory while judging a claim");
    *value = *first;
    value->where[value->n_where++] = condition(&clause->along, ER_MORE, -(double)INFINITY);
    struct er_quote_rows rows;
    enum er_status status = er_quote_rows_find(source, value, memory, &rows, err);
    if (status == ER_OK) status = er_side_check_whole(source, value, &rows, err);
    if (status != ER_OK) return status;
    out->table = rows.table;
    out->column = rows.where[value->n_where - 1];
    out->at = er_arena_alloc(memory, rows.n, sizeof *out->at);
    if (!out->at) return er_fail(err, ER_E_NOMEM, "out of memory while judging a claim");
    for (int64_t i = 0; i < rows.n; i++)
        out->at[i] = rows.table->cell[rows.row[i] * rows.table->columns + out->column].number;
    if (rows.n > 0) qsort(out->at, (size_t)rows.n, sizeof *out->at, compare_numbers);
    for (int64_t i = 0; i < rows.n; i++)
        if (out->n == 0 || out->at[i] != out->at[out->n - 1]) out->at[out->n++] = out->at[i];
    if (out->n > ER_COURSE_MAX)
        return er_quote_fail(source->quote, clause->along.at, err,
                             "\"%s\" has %lld values; a course of at most %d is followed", clause->along.text,
                             (long long)out->n, ER_COURSE_MAX);
    if (out->n < 2)
        return er_quote_fail(source->quote, clause->along.at, err,
                             "\"%s\" has one value here; a course needs two", clause->along.text);
    return ER_OK;
}

enum er_status er_course_measure(const struct er_quote_source *source, const struct er_rule_clause *clause,
                                 struct er_arena *memory, struct er_claim_course *out, struct er_error *err)
{
    struct er_claim_course made = {0};
    enum er_status status = find_points(source, clause, memory, &made, err);
    if (status != ER_OK) return status;
    made.side = er_arena_alloc(memory, made.n, sizeof *made.side);
    if (!made.side) return er_fail(err, ER_E_NOMEM, "out of memory while judging a claim");
    for (int64_t i = 0; status == ER_OK && i < made.n; i++) {
        const struct er_quote_condition here = condition(&clause->along, ER_EQUAL, made.at[i]);
        status = er_side_measure(source, &clause->left, &here, memory, &made.side[i], err);
    }
    if (status == ER_OK) *out = made;
    return status;
}
