/* claim_judge.c - a rule held against measured values. */
#include "note/claim_judge.h"

#include "note/claim_judge_parts.h"
#include "note/claim_say.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

_Static_assert((int)ER_NOTE_MAX_CLAUSES >= (int)ER_RULE_MAX_CLAUSES, "a verdict has room for every clause");

bool er_judge_equal(double a, double b, double size)
{
    return a == b || fabs(a - b) < 1e-12 * size;
}

double er_judge_size(double a, double b)
{
    return fmax(fabs(a), fabs(b));
}

void er_judge_interval(struct er_note_clause *out, const struct er_measured_side *side)
{
    const double half = er_side_half_width(side);
    out->value = side->value;
    out->low = side->value - half;
    out->high = side->value + half;
    out->seeds = side->seeds;
}

static const char *unit_name(const struct er_measured_side *side)
{
    return side->unit[0] ? side->unit : "a pure number";
}

static enum er_status check_units(const struct er_judging *j, const struct er_rule_clause *clause,
                                  const struct er_measured_side *left, const struct er_measured_side *right)
{
    if (right->number || !left->unit || !right->unit || strcmp(left->unit, right->unit) == 0) return ER_OK;
    return er_quote_fail(j->source->quote, clause->right.at[0], j->err,
                         "values in different units are compared: %s and %s", unit_name(left),
                         unit_name(right));
}

/* The relation holds by the values; `near` is how far they are from where it changes. */
static bool compare(const struct er_rule_clause *clause, double left, double right, double *near)
{
    const double size = er_judge_size(left, right);
    const bool same = er_judge_equal(left, right, size);
    *near = fabs(left - right);
    switch (clause->is) {
    case ER_IS:
        return same;
    case ER_IS_BELOW:
        return left < right && !same;
    case ER_IS_ABOVE:
        return left > right && !same;
    case ER_IS_AT_LEAST:
        return left > right || same;
    case ER_IS_AT_MOST:
        return left < right || same;
    case ER_IS_BETWEEN:
        *near = fmin(fabs(left - clause->low), fabs(left - clause->high));
        return (left > clause->low || er_judge_equal(left, clause->low, er_judge_size(left, clause->low))) &&
               (left < clause->high || er_judge_equal(left, clause->high, er_judge_size(left, clause->high)));
    default: {
        const double most = clause->relative ? clause->within * fabs(right) : clause->within;
        const double far = fabs(left - right);
        *near = fabs(far - most);
        return far < most || er_judge_equal(far, most, fmax(size, most));
    }
    }
}

static enum er_status judge_sides(const struct er_judging *j, const struct er_rule_clause *clause,
                                  struct er_note_clause *out)
{
    struct er_measured_side left, right = {.known = true, .number = true, .unit = "", .seeds = INT64_MAX};
    double near;
    enum er_status status = er_side_measure(j->source, &clause->left, NULL, j->memory, &left, j->err);
    if (status == ER_OK && clause->right.n > 0)
        status = er_side_measure(j->source, &clause->right, NULL, j->memory, &right, j->err);
    if (status == ER_OK) status = check_units(j, clause, &left, &right);
    if (status != ER_OK) return status;
    er_judge_interval(out, &left);
    const struct er_measured_side less = er_side_less(&left, &right);
    out->holds = compare(clause, left.value, right.value, &near);
    out->close = near < er_side_half_width(&less) && !(clause->is == ER_IS && out->holds);
    out->seeds = less.seeds;
    er_claim_say_side(j->text, &left);
    if (right.number) return ER_OK;
    er_buffer_text(j->text, " against ");
    er_claim_say_side(j->text, &right);
    return ER_OK;
}

static enum er_status judge_clause(const struct er_judging *j, const struct er_rule_clause *clause,
                                   struct er_note_clause *out)
{
    if (!clause->along.text) return judge_sides(j, clause, out);
    if (clause->is == ER_IS_LEAST || clause->is == ER_IS_GREATEST) return er_judge_extreme(j, clause, out);
    return er_judge_course(j, clause, out);
}

/* What a clause came to is told apart only where there are several. */
static void say_clause(const struct er_judging *j, const struct er_rule *rule, const struct er_note_clause *c)
{
    if (c->close) er_buffer_text(j->text, ", the limit is within the interval");
    if (rule->clauses > 1) er_buffer_text(j->text, c->holds ? " (holds)" : " (does not hold)");
}

enum er_status er_rule_judge(const struct er_quote_source *source, const struct er_rule *rule,
                             struct er_arena *memory, struct er_note_verdict *out, struct er_buffer *text,
                             struct er_error *err)
{
    const struct er_judging j = {.source = source, .memory = memory, .text = text, .err = err};
    struct er_note_verdict made = {.verdict = ER_VERDICT_PASS, .clauses = rule->clauses, .seeds = INT64_MAX};
    bool close_holds = false, firm_fails = false;
    for (int i = 0; i < rule->clauses; i++) {
        const struct er_rule_clause *clause = &rule->clause[i];
        struct er_note_clause *c = &made.clause[i];
        if (i > 0) er_buffer_text(text, "; ");
        enum er_status status = judge_clause(&j, clause, c);
        if (status != ER_OK) return status;
        say_clause(&j, rule, c);
        if (!c->holds) made.verdict = ER_VERDICT_FAIL;
        close_holds = close_holds || (c->holds && c->close);
        firm_fails = firm_fails || (!c->holds && !c->close);
        if (c->seeds < made.seeds) made.seeds = c->seeds;
    }
    made.close = made.verdict == ER_VERDICT_PASS ? close_holds : !firm_fails;
    er_buffer_format(text, "; %" PRId64 " seed%s", made.seeds, made.seeds == 1 ? "" : "s");
    *out = made;
    return ER_OK;
}

static enum er_status check_side(const struct er_quote_source *source, const struct er_rule_side *side,
                                 const struct er_quote_word *along, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int i = 0; status == ER_OK && i < side->n; i++) {
        struct er_quote_rows rows;
        if (!side->operand[i].value) continue;
        struct er_quote_value value = *side->operand[i].value;
        if (along) {
            value.where[value.n_where].is = ER_MORE;
            value.where[value.n_where].numeric = true;
            value.where[value.n_where].value = *along;
            value.where[value.n_where++].column = *along;
        }
        status = er_quote_rows_check(source, &value, &rows, err);
    }
    return status;
}

enum er_status er_rule_check(const struct er_quote_source *source, const struct er_rule *rule,
                             struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int i = 0; status == ER_OK && i < rule->clauses; i++) {
        const struct er_rule_clause *clause = &rule->clause[i];
        status = check_side(source, &clause->left, clause->along.text ? &clause->along : NULL, err);
        if (status == ER_OK) status = check_side(source, &clause->right, NULL, err);
    }
    return status;
}
