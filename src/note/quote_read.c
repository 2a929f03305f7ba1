/* quote_read.c - the grammar of quoted values, read from left to right with one token of foresight. */
#include "note/quote_read.h"

#include "core/number.h"
#include "note/quantity.h"
#include "note/quote_token.h"

#include <string.h>

const char *const er_statistic_name[ER_STATISTICS] = {"mean", "median", "min",   "max",   "sd",
                                                      "sem",  "sum",    "count", "first", "last"};

static const char *const clause[] = {"at", "along", "over", "where", "and", "as", "in", "plain"};
enum { CLAUSES = sizeof clause / sizeof *clause };

struct reader {
    const struct er_quote *quote;
    struct er_arena *memory;
    struct er_quote_token token; /* the next one */
    size_t behind;               /* the byte after the last that was taken */
    struct er_error *err;
    enum er_status status; /* the first failure; nothing is read after it */
};

static bool fine(const struct reader *r)
{
    return r->status == ER_OK;
}

static void next(struct reader *r)
{
    if (!fine(r)) return;
    r->behind = r->token.end;
    r->status = er_quote_token(r->quote, r->token.end, r->memory, &r->token, r->err);
}

/* The index of the word that comes next in a list, -1 when it is none of them. */
static int find(const struct reader *r, const char *const *list, int n)
{
    for (int i = 0; r->token.sign == ER_SIGN_WORD && i < n; i++)
        if (strcmp(r->token.text, list[i]) == 0) return i;
    return -1;
}

static bool is_word(const struct reader *r, const char *word)
{
    return find(r, &word, 1) == 0;
}

static bool is_sign(const struct reader *r, char sign)
{
    return r->token.sign == ER_SIGN_OTHER && r->token.other == sign;
}

/* Takes the next token when it is that word. */
static bool skip(struct reader *r, const char *word)
{
    if (!fine(r) || !is_word(r, word)) return false;
    next(r);
    return fine(r);
}

/* What was wanted in place of the next token; a hint when that is nearly one of `list` (n may be 0). */
static void expected(struct reader *r, const char *what, const char *const *list, int n)
{
    if (!fine(r)) return;
    const struct er_quote_token *t = &r->token;
    const bool end = t->sign == ER_SIGN_END;
    const char *mark = end ? "" : "\"";
    const char *nearest = t->sign == ER_SIGN_WORD ? er_nearest(t->text, list, n) : NULL;
    r->status = er_quote_fail(r->quote, end ? r->behind : t->at, r->err, "expected %s, not %s%s%s%s%s%s",
                              what, mark, t->text, mark, nearest ? "; did you mean \"" : "",
                              nearest ? nearest : "", nearest ? "\"?" : "");
}

static struct er_quote_word take(struct reader *r)
{
    const struct er_quote_word word = {r->token.text, r->token.at};
    next(r);
    return word;
}

static bool at_name(const struct reader *r)
{
    return (r->token.sign == ER_SIGN_WORD && find(r, clause, CLAUSES) < 0) || r->token.sign == ER_SIGN_TEXT;
}

static struct er_quote_word column(struct reader *r, const char *what)
{
    if (fine(r) && at_name(r)) return take(r);
    expected(r, what, NULL, 0);
    return (struct er_quote_word){0};
}

static void read_condition(struct reader *r, struct er_quote_condition *c)
{
    c->column = column(r, "a column");
    if (fine(r) && r->token.sign != ER_SIGN_COMPARISON) expected(r, "=, !=, <, <=, > or >=", NULL, 0);
    if (!fine(r)) return;
    c->is = (enum er_comparison)r->token.comparison;
    next(r);
    if (fine(r) && r->token.sign != ER_SIGN_WORD && r->token.sign != ER_SIGN_TEXT)
        expected(r, "a value", NULL, 0);
    if (!fine(r)) return;
    c->numeric = r->token.sign == ER_SIGN_WORD && er_number_real(r->token.text, &c->number);
    c->value = take(r);
    if (!fine(r) || !is_sign(r, '%')) return;
    if (!c->numeric) {
        expected(r, "a number before the %", NULL, 0);
        return;
    }
    c->number /= 100;
    next(r);
}

static void too_many(struct reader *r, const char *what)
{
    if (fine(r))
        r->status = er_quote_fail(r->quote, r->token.at, r->err, "more than %d %s", ER_QUOTE_MAX_PARTS, what);
}

static void read_where(struct reader *r, struct er_quote_value *v)
{
    if (!skip(r, "where")) return;
    do {
        if (v->n_where == ER_QUOTE_MAX_PARTS)
            too_many(r, "conditions");
        else
            read_condition(r, &v->where[v->n_where++]);
    } while (skip(r, "and"));
}

static void read_over(struct reader *r, struct er_quote_value *v)
{
    if (!skip(r, "over")) return;
    do {
        if (v->n_over == ER_QUOTE_MAX_PARTS)
            too_many(r, "columns after \"over\"");
        else
            v->over[v->n_over++] = column(r, "a column after \"over\"");
    } while (skip(r, "and"));
}

static void read_quantity(struct reader *r, struct er_quote_value *v)
{
    static const char *const extreme[] = {"min", "max"};
    v->at = r->token.at;
    const int statistic = find(r, er_statistic_name, ER_STATISTICS);
    v->stated = statistic >= 0;
    v->statistic = v->stated ? (enum er_statistic)statistic : ER_MEAN;
    if (v->stated) next(r);
    if (!fine(r)) return;
    if (at_name(r)) {
        v->column = take(r);
    } else if (v->statistic != ER_COUNT) {
        expected(r, v->stated ? "a column after the statistic" : "a statistic or a column", NULL, 0);
        return;
    }
    if (!v->column.text || !skip(r, "at")) return;
    const int i = find(r, extreme, 2);
    if (i < 0) {
        expected(r, "min or max after \"at\"", extreme, 2);
        return;
    }
    next(r);
    v->by_max = i == 1;
    v->by = column(r, "the column that is least or greatest there");
}

static void read_value(struct reader *r, struct er_quote_value *v)
{
    static const char *const curves[] = {"curves"};
    read_quantity(r, v);
    if (skip(r, "along")) {
        if (!is_word(r, "curves")) expected(r, "\"curves\" after \"along\"", curves, 1);
        next(r);
        v->along = true;
    }
    read_over(r, v);
    read_where(r, v);
}

/* The second value, which may be a where-clause alone. */
static void read_second(struct reader *r, struct er_quoted *q)
{
    struct er_quote_value *v = &q->value[1];
    if (!fine(r) || !is_word(r, "where")) {
        if (fine(r)) read_value(r, v);
        return;
    }
    *v = q->value[0];
    v->at = r->token.at;
    v->n_where = 0;
    read_where(r, v);
}

static void twice(struct reader *r, const struct er_quote_token *token, const char *what)
{
    if (fine(r)) r->status = er_quote_fail(r->quote, token->at, r->err, "%s is said twice", what);
}

static void read_as(struct reader *r, struct er_quote_form *form)
{
    static const char *const word[] = {"percent", "number", "integer"};
    static const char *const rule[] = {"digits", "decimals", "digit", "decimal"};
    const struct er_quote_token first = r->token;
    int64_t n;
    const int i = find(r, word, 3);
    if (i == 0 || i == 1) {
        if (form->as != ER_FORM_NATURAL) twice(r, &first, "percent or number");
        form->as = i == 0 ? ER_FORM_PERCENT : ER_FORM_NUMBER;
        form->percent = take(r);
        return;
    }
    if (form->rule != ER_DIGITS_BY_VALUE) twice(r, &first, "how many digits are written");
    if (i == 2) {
        form->rule = ER_DECIMALS;
        next(r);
        return;
    }
    if (r->token.sign != ER_SIGN_WORD || !er_number_integer(r->token.text, &n)) {
        expected(r, "percent, number, integer, N digits or N decimals after \"as\"", word, 3);
        return;
    }
    if (n < 0 || n > ER_QUANTITY_MAX_DIGITS) expected(r, "0 to 15 digits", NULL, 0);
    next(r);
    const int kind = find(r, rule, 4);
    if (kind < 0) {
        expected(r, "\"digits\" or \"decimals\" after their number", rule, 2);
        return;
    }
    if (fine(r) && kind % 2 == 0 && n == 0)
        r->status = er_quote_fail(r->quote, first.at, r->err, "a number has at least 1 digit");
    form->rule = kind % 2 == 0 ? ER_DIGITS : ER_DECIMALS;
    form->digits = (int)n;
    next(r);
}

static void read_form(struct reader *r, struct er_quote_form *form)
{
    const struct er_quote_token first = r->token;
    if (skip(r, "plain")) {
        if (form->plain) twice(r, &first, "\"plain\"");
        form->plain = true;
    } else if (skip(r, "in")) {
        if (form->unit.text) twice(r, &first, "the unit");
        if (r->token.sign != ER_SIGN_WORD) expected(r, "a unit after \"in\"", NULL, 0);
        form->unit = take(r);
    } else if (skip(r, "as")) {
        read_as(r, form);
    } else {
        expected(r, "the end, a clause (at, along, over, where, and, as, in, plain), - or /", clause,
                 CLAUSES);
    }
}

static void read_all(struct reader *r, struct er_quoted *q)
{
    next(r);
    if (fine(r) && r->token.sign != ER_SIGN_WORD) expected(r, "the name of a study and a colon", NULL, 0);
    q->study = take(r);
    if (fine(r) && !is_sign(r, ':')) expected(r, "a colon after the name of a study", NULL, 0);
    next(r);
    if (!fine(r)) return;
    read_value(r, &q->value[0]);
    if (fine(r) && (is_sign(r, '-') || is_sign(r, '/'))) {
        q->operation = r->token.other;
        q->operation_at = r->token.at;
        next(r);
        read_second(r, q);
    }
    while (fine(r) && r->token.sign != ER_SIGN_END) {
        if (is_sign(r, ',')) next(r);
        read_form(r, &q->form);
    }
}

enum er_status er_quote_read(const struct er_quote *quote, struct er_arena *memory, struct er_quoted *out,
                             struct er_error *err)
{
    if (quote->problem) return er_quote_fail(quote, 0, err, "%s", quote->problem);
    if (strlen(quote->text) > ER_QUOTE_MAX_BYTES)
        return er_quote_fail(quote, 0, err, "a quoted value has at most %d bytes", ER_QUOTE_MAX_BYTES);
    struct reader r = {.quote = quote, .memory = memory, .err = err, .status = ER_OK};
    struct er_quoted made = {0};
    read_all(&r, &made);
    if (fine(&r)) *out = made;
    return r.status;
}
