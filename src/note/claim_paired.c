/* claim_paired.c - a side taken seed by seed: its value is the mean over the seeds of what it is at each.
 *
 *     d_s = f(x_1s, x_2s, ...)     value = (1/n) sum_s d_s     s^2 = sum_s (d_s - value)^2 / (n (n - 1))
 *
 * with n - 1 degrees of freedom: what runs of one seed have in common (data, initial weights) leaves the difference.
 */
#include "note/claim_paired.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct pairing {
    const struct er_quote_source *source;
    const struct er_rule_side *side;
    const struct er_quote_condition *at; /* NULL: none */
    struct er_arena *memory;
    const char *column; /* of the seeds */
    double *seed;       /* rising */
    int64_t n;
    struct er_error *err;
};

static enum er_status no_memory(const struct pairing *p)
{
    return er_fail(p->err, ER_E_NOMEM, "out of memory while judging a claim");
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The different values of a column in the rows, rising. */
static enum er_status list_values(const struct pairing *p, const struct er_quote_rows *rows, int64_t column,
                                  double **out, int64_t *n)
{
    double *value = er_arena_alloc(p->memory, rows->n, sizeof *value);
    if (!value) return no_memory(p);
    for (int64_t i = 0; i < rows->n; i++)
        value[i] = rows->table->cell[rows->row[i] * rows->table->columns + column].number;
    qsort(value, (size_t)rows->n, sizeof *value, compare_numbers);
    *n = 0;
    for (int64_t i = 0; i < rows->n; i++)
        if (*n == 0 || value[i] != value[*n - 1]) value[(*n)++] = value[i];
    *out = value;
    return ER_OK;
}

/* The column by whose values runs are paired: the one of seeds that varies in the rows. */
static enum er_status find_seeds(struct pairing *p, size_t place, const struct er_quote_rows *rows)
{
    const struct er_table *table = rows->table;
    for (int64_t j = 0; j < table->columns; j++) {
        double *value = NULL;
        int64_t n = 0;
        if (!er_quote_repeats(&table->column[j]) || !table->column[j].numeric) continue;
        const enum er_status status = list_values(p, rows, j, &value, &n);
        if (status != ER_OK) return status;
        if (p->n > 1 && n > 1)
            return er_quote_fail(p->source->quote, place, p->err,
                                 "\"%s\" and \"%s\" both vary here; conditions say which runs are paired",
                                 p->column, table->column[j].name);
        if (p->n > 1) continue;
        p->column = table->column[j].name;
        p->seed = value;
        p->n = n;
    }
    return ER_OK;
}

/* Every value is a mean over one run of each seed. */
static enum er_status check(struct pairing *p)
{
    for (int i = 0; i < p->side->n; i++) {
        struct er_quote_value value;
        struct er_measured measured;
        if (!p->side->operand[i].value) continue;
        value = *p->side->operand[i].value;
        if (p->at) value.where[value.n_where++] = *p->at;
        enum er_status status = er_quote_measure(p->source, &value, p->memory, &measured, p->err);
        if (status == ER_OK) status = er_side_check_whole(p->source, &value, &measured.rows, p->err);
        if (status == ER_OK && !p->seed) status = find_seeds(p, value.at, &measured.rows);
        if (status != ER_OK) return status;
        if (!measured.mean)
            return er_quote_fail(p->source->quote, value.at, p->err, "paired values are means over runs");
        if (measured.n != p->n)
            return er_quote_fail(p->source->quote, value.at, p->err,
                                 "paired values have one run of each seed: here are %" PRId64
                                 " runs, of %" PRId64 " seeds",
                                 measured.n, p->n);
    }
    return ER_OK;
}

/* The side at one seed. */
static enum er_status measure_at(const struct pairing *p, double seed, struct er_measured_side *out)
{
    struct er_rule_side side = *p->side;
    side.paired = false;
    for (int i = 0; i < side.n; i++) {
        if (!side.operand[i].value) continue;
        struct er_quote_value *value = er_arena_alloc(p->memory, 1, sizeof *value);
        if (!value) return no_memory(p);
        *value = *side.operand[i].value;
        value->where[value->n_where++] = (struct er_quote_condition){.column = {p->column, value->at},
                                                                     .value = {p->column, value->at},
                                                                     .is = ER_EQUAL,
                                                                     .numeric = true,
                                                                     .number = seed};
        side.operand[i].value = value;
    }
    return er_side_measure(p->source, &side, p->at, p->memory, out, p->err);
}

enum er_status er_side_measure_paired(const struct er_quote_source *source, const struct er_rule_side *side,
                                      const struct er_quote_condition *at, struct er_arena *memory,
                                      struct er_measured_side *out, struct er_error *err)
{
    struct pairing p = {.source = source, .side = side, .at = at, .memory = memory, .err = err};
    struct er_measured_side made = {0}, one = {0};
    double sum = 0, squares = 0;
    enum er_status status = check(&p);
    if (status != ER_OK) return status;
    double *value = er_arena_alloc(memory, p.n, sizeof *value);
    if (!value) return no_memory(&p);
    for (int64_t i = 0; status == ER_OK && i < p.n; i++) {
        status = measure_at(&p, p.seed[i], &one);
        if (status != ER_OK) break;
        made = one;
        value[i] = one.value;
        sum += one.value;
    }
    if (status != ER_OK) return status;
    const double n = (double)p.n;
    made.value = sum / n;
    for (int64_t i = 0; i < p.n; i++) squares += (value[i] - made.value) * (value[i] - made.value);
    made.known = p.n > 1;
    made.variance = made.known ? squares / (n * (n - 1)) : 0;
    made.fourth = made.known ? made.variance * made.variance / (n - 1) : 0;
    made.seeds = p.n;
    *out = made;
    return ER_OK;
}
