/* quote_say.c - where a quoted value is from, in words. */
#include "note/quote_measure.h"

#include "core/number.h"
#include "note/quantity.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_SEEDS = 10 };

static struct er_quantity quantity_of(const struct er_measured *measured, double value)
{
    return (struct er_quantity){
        .value = value, .power = measured->share ? 2 : 0, .unit = measured->share ? "%" : measured->unit};
}

void er_quote_number(struct er_buffer *out, const struct er_measured *measured, double value,
                     double uncertainty)
{
    struct er_quantity quantity = quantity_of(measured, value);
    quantity.uncertainty = uncertainty;
    er_quantity_write(out, &quantity);
}

static void say_spread(struct er_buffer *out, const struct er_measured *m)
{
    if (!m->mean || m->n < 2 || m->uncertainty < 0) return;
    if (!(m->uncertainty > 1e-12 * fabs(m->value))) {
        er_buffer_text(out, "; the same in all");
        return;
    }
    struct er_quantity quantity = quantity_of(m, m->uncertainty);
    quantity.rule = ER_DIGITS;
    quantity.digits = 2;
    er_buffer_text(out, "; standard error ");
    er_quantity_write(out, &quantity);
    quantity.value = m->spread;
    er_buffer_text(out, ", standard deviation ");
    er_quantity_write(out, &quantity);
}

/* "; seeds 0, 1, 2" for an axis that repeats runs, where it says something. */
static void say_seeds(struct er_buffer *out, const struct er_quote_rows *rows, int64_t column)
{
    const struct er_table *table = rows->table;
    const char *name = table->column[column].name;
    const bool seed = strcmp(name, "seed") == 0;
    double value[MOST_SEEDS + 1];
    int64_t n = 0;
    for (int64_t i = 0; i < rows->n && n <= MOST_SEEDS; i++) {
        const double number = table->cell[rows->row[i] * table->columns + column].number;
        int64_t j = 0;
        while (j < n && value[j] != number) j++;
        if (j == n) value[n++] = number;
    }
    if (n == 0 || (n == 1 && !seed)) return;
    er_buffer_format(out, "%s%s", seed ? (n == 1 ? "seed" : "seeds") : name, n > MOST_SEEDS ? "" : " ");
    for (int64_t i = 0; i < n && n <= MOST_SEEDS; i++) {
        char text[ER_NUMBER_TEXT];
        er_buffer_format(out, "%s%s", i > 0 ? ", " : "", er_number_text(value[i], text));
    }
    if (n > MOST_SEEDS) er_buffer_format(out, " (more than %d)", MOST_SEEDS);
}

static void say_repeats(struct er_buffer *out, const struct er_quote_rows *rows)
{
    const size_t begin = out->length;
    for (int64_t j = 0; j < rows->table->columns; j++) {
        if (!er_quote_repeats(&rows->table->column[j]) || !rows->table->column[j].numeric) continue;
        const size_t before = out->length;
        er_buffer_text(out, before > begin ? ", " : ": ");
        const size_t after = out->length;
        say_seeds(out, rows, j);
        if (out->length == after) out->length = before;
    }
}

static void say_where(struct er_buffer *out, const struct er_quote_value *value,
                      const struct er_quote_rows *rows)
{
    for (int i = 0; i < value->n_where; i++) {
        const struct er_quote_condition *c = &value->where[i];
        char number[ER_NUMBER_TEXT];
        const struct er_table_column *column = &rows->table->column[rows->where[i]];
        er_buffer_format(out, "%s%s %s %s", i > 0 ? " and " : " where ", column->name,
                         er_comparison_name[c->is],
                         column->numeric ? er_number_text(c->number, number) : c->value.text);
    }
}

static void say_left_out(struct er_buffer *out, const struct er_quote_rows *rows)
{
    const char *before = "; left out: ";
    if (rows->diverged > 0) er_buffer_format(out, "%s%" PRId64 " diverged", before, rows->diverged);
    if (rows->diverged > 0) before = ", ";
    if (rows->missing > 0) er_buffer_format(out, "%s%" PRId64 " without a value", before, rows->missing);
    if (rows->missing > 0) before = ", ";
    if (rows->absent > 0)
        er_buffer_format(out, "%s%" PRId64 " of %" PRId64 " runs, which have no such record", before,
                         rows->absent, rows->runs);
}

/* What the number is: "mean of 3 runs", "mean over 3 runs of the min along each curve". */
static void say_statistic(struct er_buffer *out, const struct er_quote_value *value,
                          const struct er_measured *m)
{
    const char *statistic = er_statistic_name[value->statistic];
    const char *runs = m->n == 1 ? "run" : "runs";
    if (!m->rows.curves && m->rows.by >= 0)
        er_buffer_format(out, "one of %" PRId64 " runs", m->rows.n);
    else if (!m->rows.curves && m->n == 1 && m->mean)
        er_buffer_text(out, "of 1 run");
    else if (!m->rows.curves)
        er_buffer_format(out, "%s of %" PRId64 " %s", statistic, m->n, runs);
    else if (m->rows.by >= 0)
        er_buffer_format(out, "%s over %" PRId64 " %s of the value at one record of each curve", statistic,
                         m->n, runs);
    else
        er_buffer_format(out, "mean over %" PRId64 " %s of the %s along each curve", m->n, runs, statistic);
}

void er_quote_say(struct er_buffer *out, const struct er_quote_value *value, const struct er_measured *m)
{
    const struct er_table_column *column = m->rows.table->column;
    const bool counts = m->rows.column < 0;
    say_statistic(out, value, m);
    if (m->mean) say_repeats(out, &m->rows);
    if (value->n_over > 0) er_buffer_text(out, "; over");
    for (int i = 0; i < value->n_over; i++)
        er_buffer_format(out, "%s%s", i > 0 ? " and " : " ", column[m->rows.over[i]].name);
    if (value->n_over == 0) say_spread(out, m);
    if (!counts) er_buffer_format(out, "; column %s", column[m->rows.column].name);
    if (m->rows.by >= 0)
        er_buffer_format(out, " at the %s %s", value->by_max ? "greatest" : "least", column[m->rows.by].name);
    if (value->n_where > 0) er_buffer_text(out, counts ? ";" : ",");
    say_where(out, value, &m->rows);
    say_left_out(out, &m->rows);
}
