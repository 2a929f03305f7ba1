/* claim_read.c - the grammar of rules. */
#include "note/claim_read.h"

#include "core/number.h"
#include "note/quote_reader.h"

#include <string.h>

/* Whether the next token is a number; its value without a "%" behind it. */
static bool at_number(const struct er_quote_reader *r, double *out)
{
    return r->token.sign == ER_SIGN_WORD && er_number_real(r->token.text, out);
}

static double read_number(struct er_quote_reader *r, const char *what, bool *percent)
{
    double number = 0;
    if (!er_quote_fine(r)) return 0;
    if (!at_number(r, &number)) {
        er_quote_expected(r, what, NULL, 0);
        return 0;
    }
    er_quote_next(r);
    *percent = er_quote_fine(r) && er_quote_is_sign(r, '%');
    if (!*percent) return number;
    er_quote_next(r);
    return number / 100;
}

static void read_operand(struct er_quote_reader *r, const struct er_quote_value *first,
                         struct er_rule_operand *out)
{
    bool percent;
    double number;
    if (at_number(r, &number)) {
        out->number = read_number(r, "a number", &percent);
        return;
    }
    out->value = er_arena_alloc(r->memory, 1, sizeof *out->value);
    if (!out->value) {
        r->status = er_fail(r->err, ER_E_NOMEM, "out of memory while reading a rule");
    } else if (er_quote_is_word(r, "where")) {
        if (first)
            er_quote_read_second(r, first, out->value);
        else
            er_quote_wrong(r, r->token.at,
                           "a \"where\" alone repeats the value before it, and there is none");
    } else {
        er_quote_read_value(r, out->value);
    }
}

static bool at_operation(const struct er_quote_reader *r)
{
    return er_quote_is_sign(r, '+') || er_quote_is_sign(r, '-') || er_quote_is_sign(r, '*') ||
           er_quote_is_sign(r, '/');
}

/* How many of its operands are measured. */
static int values_of(const struct er_rule_side *side)
{
    int n = 0;
    for (int i = 0; i < side->n; i++) n += side->operand[i].value != NULL;
    return n;
}

static void read_side(struct er_quote_reader *r, struct er_rule_side *side)
{
    const struct er_quote_value *last = NULL;
    const size_t at = r->token.at;
    char operation = 0;
    side->paired = er_quote_skip(r, "paired");
    do {
        if (!er_quote_fine(r)) return;
        if (operation) er_quote_next(r);
        if (!er_quote_fine(r)) return;
        if (side->n == ER_RULE_MAX_OPERANDS) {
            er_quote_wrong(r, r->token.at, "more than 4 values in a side of a rule");
            return;
        }
        side->operation[side->n] = operation;
        side->at[side->n] = r->token.at;
        read_operand(r, last, &side->operand[side->n]);
        if (side->operand[side->n].value) last = side->operand[side->n].value;
        side->n++;
        operation = r->token.other;
    } while (er_quote_fine(r) && at_operation(r));
    if (er_quote_fine(r) && side->paired && values_of(side) < 2)
        er_quote_wrong(r, at, "\"paired\" takes two values seed by seed");
}

/* "by" "more" "than" number, or nothing. */
static void read_more(struct er_quote_reader *r, struct er_rule_clause *c)
{
    bool percent;
    if (!er_quote_skip(r, "by")) return;
    if (!er_quote_skip(r, "more") || !er_quote_skip(r, "than")) {
        er_quote_expected(r, "\"by more than\" and a number", NULL, 0);
        return;
    }
    const size_t at = r->token.at;
    c->more = read_number(r, "a number after \"by more than\"", &percent);
    if (c->more < 0) er_quote_wrong(r, at, "a step is at least 0: falling is told by \"falls\"");
}

static void read_course(struct er_quote_reader *r, struct er_rule_clause *c)
{
    static const char *const word[] = {"rises", "falls"};
    const bool never = er_quote_skip(r, "never");
    const int i = er_quote_find(r, word, 2);
    if (i < 0) {
        er_quote_expected(r, never ? "rises or falls after \"never\"" : "is, rises, falls or never", word, 2);
        return;
    }
    er_quote_next(r);
    c->is = never ? (i == 0 ? ER_NEVER_RISES : ER_NEVER_FALLS) : (i == 0 ? ER_RISES : ER_FALLS);
    if (!er_quote_skip(r, "along")) {
        er_quote_expected(r, "\"along\" and a column", NULL, 0);
        return;
    }
    c->along = er_quote_column(r, "a column after \"along\"");
    read_more(r, c);
}

/* "number and number" behind "between". */
static void read_between(struct er_quote_reader *r, struct er_rule_clause *c)
{
    bool percent;
    const size_t at = r->token.at;
    c->low = read_number(r, "a number after \"between\"", &percent);
    if (er_quote_fine(r) && !er_quote_skip(r, "and"))
        er_quote_expected(r, "\"and\" and the greater number", NULL, 0);
    c->high = read_number(r, "the greater number after \"and\"", &percent);
    if (c->low > c->high) er_quote_wrong(r, at, "the first number after \"between\" is the lesser one");
}

/* "along column at number" behind "least" or "greatest". */
static void read_extreme(struct er_quote_reader *r, struct er_rule_clause *c)
{
    static const char *const place[] = {"at", "between"};
    bool percent;
    if (!er_quote_skip(r, "along")) {
        er_quote_expected(r, "\"along\" and a column", NULL, 0);
        return;
    }
    c->along = er_quote_column(r, "a column after \"along\"");
    if (er_quote_skip(r, "between"))
        read_between(r, c);
    else if (er_quote_skip(r, "at"))
        c->low = c->high = read_number(r, "a number after \"at\"", &percent);
    else
        er_quote_expected(r, "at or between, and where that is", place, 2);
}

static void read_within(struct er_quote_reader *r, struct er_rule_clause *c)
{
    const size_t at = r->token.at;
    c->is = ER_IS_WITHIN;
    c->within = read_number(r, "a number after \"within\"", &c->relative);
    if (c->within < 0) er_quote_wrong(r, at, "a distance is at least 0");
    if (er_quote_fine(r) && !er_quote_skip(r, "of"))
        er_quote_expected(r, "\"of\" and what it is near to", NULL, 0);
    read_side(r, &c->right);
}

static void read_is(struct er_quote_reader *r, struct er_rule_clause *c)
{
    static const char *const bound[] = {"least", "most"};
    const bool least = er_quote_is_word(r, "least");
    if (er_quote_skip(r, "between")) {
        c->is = ER_IS_BETWEEN;
        read_between(r, c);
        return;
    }
    if (er_quote_skip(r, "least") || er_quote_skip(r, "greatest")) {
        c->is = least ? ER_IS_LEAST : ER_IS_GREATEST;
        read_extreme(r, c);
        return;
    }
    if (er_quote_skip(r, "within")) {
        read_within(r, c);
        return;
    }
    c->is = ER_IS;
    if (er_quote_skip(r, "below")) {
        c->is = ER_IS_BELOW;
    } else if (er_quote_skip(r, "above")) {
        c->is = ER_IS_ABOVE;
    } else if (er_quote_skip(r, "at")) {
        const int i = er_quote_find(r, bound, 2);
        if (i < 0)
            er_quote_expected(r, "least or most after \"at\"", bound, 2);
        else
            er_quote_next(r);
        c->is = i == 1 ? ER_IS_AT_MOST : ER_IS_AT_LEAST;
    }
    read_side(r, &c->right);
}

static void read_clause(struct er_quote_reader *r, struct er_rule_clause *c)
{
    if (!er_quote_fine(r)) return;
    const bool open = er_quote_is_sign(r, '(');
    if (open) er_quote_next(r);
    c->at = r->token.at;
    read_side(r, &c->left);
    if (er_quote_fine(r) && values_of(&c->left) == 0)
        er_quote_wrong(r, c->at, "a clause begins with a value that is measured, not with a number");
    if (er_quote_skip(r, "is"))
        read_is(r, c);
    else if (er_quote_fine(r))
        read_course(r, c);
    if (!open || !er_quote_fine(r)) return;
    if (!er_quote_is_sign(r, ')')) er_quote_expected(r, "a closing parenthesis", NULL, 0);
    er_quote_next(r);
}

static void read_rule(struct er_quote_reader *r, struct er_rule *rule)
{
    er_quote_next(r);
    do {
        if (rule->clauses == ER_RULE_MAX_CLAUSES)
            er_quote_wrong(r, r->token.at, "more than 8 clauses in a rule");
        else
            read_clause(r, &rule->clause[rule->clauses++]);
    } while (er_quote_skip(r, "and"));
    if (er_quote_fine(r) && r->token.sign != ER_SIGN_END)
        er_quote_expected(r, "the end, and, +, -, * or /", NULL, 0);
}

enum er_status er_rule_read(const struct er_quote *quote, struct er_arena *memory, struct er_rule *out,
                            struct er_error *err)
{
    if (strlen(quote->text) > ER_QUOTE_MAX_BYTES)
        return er_quote_fail(quote, 0, err, "a rule has at most %d bytes", ER_QUOTE_MAX_BYTES);
    struct er_quote_reader r = {.quote = quote, .memory = memory, .err = err};
    struct er_rule made = {0};
    read_rule(&r, &made);
    if (er_quote_fine(&r)) *out = made;
    return r.status;
}
