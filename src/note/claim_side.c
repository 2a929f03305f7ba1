/* claim_side.c - sums and products of measured values, with their uncertainty. */
#include "note/claim_side.h"

#include "core/number.h"
#include "math/student.h"
#include "note/claim_paired.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A value while a side is made of its operands: with its derivatives by these. */
struct term {
    double value, slope[ER_RULE_MAX_OPERANDS];
    const char *unit;
    bool share, number;
};

struct measuring {
    const struct er_quote_source *source;
    const struct er_rule_side *side;
    struct er_arena *memory;
    struct er_measured part[ER_RULE_MAX_OPERANDS];
    struct er_measured_side *out;
    struct er_error *err;
};

/* A row while rows are parted by their seeds. */
struct seeded {
    int64_t part; /* rows of one part agree in the columns so far */
    double value; /* in the next column */
    int64_t row;
};

static int compare_seeded(const void *a, const void *b)
{
    const struct seeded *x = a, *y = b;
    if (x->part != y->part) return x->part < y->part ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Of how many seeds the rows are: the different combinations of `seed`, `data.seed` and their like. */
static enum er_status count_seeds(const struct measuring *m, const struct er_quote_rows *rows, int64_t *out)
{
    const struct er_table *table = rows->table;
    struct seeded *list = er_arena_alloc(m->memory, rows->n, sizeof *list);
    if (!list) return er_fail(m->err, ER_E_NOMEM, "out of memory while judging a claim");
    for (int64_t i = 0; i < rows->n; i++) list[i] = (struct seeded){.row = rows->row[i]};
    *out = rows->n > 0;
    for (int64_t j = 0; j < table->columns && rows->n > 0; j++) {
        if (!er_quote_repeats(&table->column[j]) || !table->column[j].numeric) continue;
        for (int64_t i = 0; i < rows->n; i++)
            list[i].value = table->cell[list[i].row * table->columns + j].number;
        qsort(list, (size_t)rows->n, sizeof *list, compare_seeded);
        int64_t part = 0;
        for (int64_t i = 0, before = 0; i < rows->n; i++) {
            const bool next = i > 0 && (list[i].part != before || list[i].value != list[i - 1].value);
            before = list[i].part;
            part += next;
            list[i].part = part;
        }
        *out = part + 1;
    }
    return ER_OK;
}

/* Runs of whose records none is as the conditions say: "2 of 3 runs have no record where train_loss <= 0.1". */
static enum er_status fail_absent(const struct er_quote_source *source, const struct er_quote_value *value,
                                  const struct er_quote_rows *rows, struct er_error *err)
{
    struct er_buffer what = {0};
    const char *word = " where ";
    char text[ER_NUMBER_TEXT];
    if (rows->missing > 0)
        er_buffer_format(&what, " with a value of \"%s\"", rows->table->column[rows->column].name);
    for (int i = 0; i < value->n_where; i++) {
        const struct er_quote_condition *c = &value->where[i];
        const struct er_table_column *column = &rows->table->column[rows->where[i]];
        if (column->axis) continue;
        er_buffer_format(&what, "%s%s %s %s", word, column->name, er_comparison_name[c->is],
                         column->numeric ? er_number_text(c->number, text) : c->value.text);
        word = " and ";
    }
    const enum er_status status =
        what.status != ER_OK
            ? er_fail(err, ER_E_NOMEM, "out of memory while judging a claim")
            : er_quote_fail(source->quote, value->at, err, "%" PRId64 " of %" PRId64 " runs %s no record%s",
                            rows->absent, rows->runs, rows->absent == 1 ? "has" : "have",
                            what.length > 0 ? what.data : "");
    er_buffer_clear(&what);
    return status;
}

enum er_status er_side_check_whole(const struct er_quote_source *source, const struct er_quote_value *value,
                                   const struct er_quote_rows *rows, struct er_error *err)
{
    if (rows->curves && rows->absent > 0) return fail_absent(source, value, rows, err);
    if (rows->curves || value->statistic == ER_COUNT || rows->diverged + rows->missing == 0) return ER_OK;
    return er_quote_fail(source->quote, value->at, err,
                         "of the %" PRId64 " runs that this speaks of, %" PRId64 " diverged and %" PRId64
                         " have no value of \"%s\"; conditions say which runs are meant",
                         rows->n + rows->diverged + rows->missing, rows->diverged, rows->missing,
                         rows->table->column[rows->column].name);
}

static enum er_status measure(struct measuring *m, int i, const struct er_quote_condition *at,
                              struct term *term)
{
    const struct er_rule_operand *operand = &m->side->operand[i];
    struct er_measured *part = &m->part[i];
    int64_t seeds;
    *term = (struct term){.value = operand->number, .unit = "", .number = !operand->value};
    if (!operand->value) return ER_OK;
    struct er_quote_value *value = er_arena_alloc(m->memory, 1, sizeof *value);
    if (!value) return er_fail(m->err, ER_E_NOMEM, "out of memory while judging a claim");
    *value = *operand->value;
    if (at) value->where[value->n_where++] = *at;
    enum er_status status = er_quote_measure(m->source, value, m->memory, part, m->err);
    if (status == ER_OK) status = er_side_check_whole(m->source, value, &part->rows, m->err);
    if (status != ER_OK) return status;
    *term = (struct term){.value = part->value, .unit = part->unit, .share = part->share};
    term->slope[i] = 1;
    const bool spread = part->mean && part->n > 1 && value->n_over == 0;
    m->out->known = m->out->known && spread;
    seeds = part->n;
    if (!spread) status = count_seeds(m, &part->rows, &seeds);
    if (seeds < m->out->seeds) m->out->seeds = seeds;
    return status;
}

static bool units_agree(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

static struct term add(struct term a, struct term b, double sign)
{
    struct term sum = a.number ? b : a;
    sum.number = a.number && b.number;
    sum.value = a.value + sign * b.value;
    for (int i = 0; i < ER_RULE_MAX_OPERANDS; i++) sum.slope[i] = a.slope[i] + sign * b.slope[i];
    return sum;
}

static struct term multiply(struct term a, struct term b)
{
    struct term product = a.number ? b : a;
    product.number = a.number && b.number;
    if (!a.number && !b.number) {
        product.unit = !a.unit || !b.unit || (a.unit[0] && b.unit[0]) ? NULL : a.unit[0] ? a.unit : b.unit;
        product.share = false;
    }
    product.value = a.value * b.value;
    for (int i = 0; i < ER_RULE_MAX_OPERANDS; i++)
        product.slope[i] = a.slope[i] * b.value + b.slope[i] * a.value;
    return product;
}

static struct term divide(struct term a, struct term b)
{
    struct term inverse = {.value = 1 / b.value, .unit = b.unit && b.unit[0] ? NULL : "", .number = b.number};
    for (int i = 0; i < ER_RULE_MAX_OPERANDS; i++) inverse.slope[i] = -b.slope[i] / (b.value * b.value);
    struct term ratio = multiply(a, inverse);
    if (!b.number && a.unit && b.unit && strcmp(a.unit, b.unit) == 0) ratio.unit = "";
    return ratio;
}

/* The products from operand *i on, up to a "+" or "-"; *i is behind them. */
static enum er_status product(const struct measuring *m, const struct term *term, int *i, struct term *out)
{
    *out = term[(*i)++];
    for (; *i < m->side->n && strchr("*/", m->side->operation[*i]); (*i)++) {
        if (m->side->operation[*i] == '*')
            *out = multiply(*out, term[*i]);
        else if (term[*i].value == 0)
            return er_quote_fail(m->source->quote, m->side->at[*i], m->err, "a ratio to 0");
        else
            *out = divide(*out, term[*i]);
    }
    return ER_OK;
}

static enum er_status combine(const struct measuring *m, const struct term *term, struct term *out)
{
    int i = 0;
    enum er_status status = product(m, term, &i, out);
    while (status == ER_OK && i < m->side->n) {
        struct term next;
        const int first = i;
        status = product(m, term, &i, &next);
        if (status == ER_OK && !out->number && !next.number && !units_agree(out->unit, next.unit))
            return er_quote_fail(
                m->source->quote, m->side->at[first], m->err, "a %s of values in different units: %s and %s",
                m->side->operation[first] == '+' ? "sum" : "difference",
                out->unit[0] ? out->unit : "a pure number", next.unit[0] ? next.unit : "a pure number");
        if (status == ER_OK) *out = add(*out, next, m->side->operation[first] == '+' ? 1 : -1);
    }
    return status;
}

enum er_status er_side_measure(const struct er_quote_source *source, const struct er_rule_side *side,
                               const struct er_quote_condition *at, struct er_arena *memory,
                               struct er_measured_side *out, struct er_error *err)
{
    if (side->paired) return er_side_measure_paired(source, side, at, memory, out, err);
    struct er_measured_side made = {.known = true, .seeds = INT64_MAX};
    struct measuring m = {.source = source, .side = side, .memory = memory, .out = &made, .err = err};
    struct term term[ER_RULE_MAX_OPERANDS], whole;
    enum er_status status = ER_OK;
    for (int i = 0; status == ER_OK && i < side->n; i++) status = measure(&m, i, at, &term[i]);
    if (status == ER_OK) status = combine(&m, term, &whole);
    if (status != ER_OK) return status;
    made.value = whole.value;
    made.unit = whole.unit;
    made.share = whole.share;
    made.number = whole.number;
    for (int i = 0; i < side->n && made.known; i++) {
        const double error = whole.slope[i] * m.part[i].uncertainty, square = error * error;
        if (square == 0) continue;
        made.variance += square;
        made.fourth += square * square / (double)(m.part[i].n - 1);
    }
    if (!isfinite(made.value) || !isfinite(made.variance) || !isfinite(made.fourth))
        return er_quote_fail(source->quote, side->at[0], err, "the result is not finite");
    *out = made;
    return ER_OK;
}

struct er_measured_side er_side_less(const struct er_measured_side *a, const struct er_measured_side *b)
{
    struct er_measured_side less = a->number ? *b : *a;
    less.value = a->value - b->value;
    less.known = a->known && b->known;
    less.variance = a->variance + b->variance;
    less.fourth = a->fourth + b->fourth;
    less.number = a->number && b->number;
    less.seeds = a->seeds < b->seeds ? a->seeds : b->seeds;
    return less;
}

double er_side_half_width(const struct er_measured_side *side)
{
    if (!side->known) return (double)NAN;
    if (!(side->fourth > 0)) return 0;
    return er_student_two_sided(0.95, side->variance * side->variance / side->fourth) * sqrt(side->variance);
}
