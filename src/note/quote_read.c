/* quote_read.c - the grammar of a quoted value: a study, its values, and how the number is written. */
#include "note/quote_reader.h"

#include "core/number.h"
#include "note/quantity.h"

#include <string.h>

static void twice(struct er_quote_reader *r, const struct er_quote_token *token, const char *what)
{
    if (er_quote_fine(r)) r->status = er_quote_fail(r->quote, token->at, r->err, "%s is said twice", what);
}

static void read_as(struct er_quote_reader *r, struct er_quote_form *form)
{
    static const char *const word[] = {"percent", "number", "integer"};
    static const char *const rule[] = {"digits", "decimals", "digit", "decimal"};
    const struct er_quote_token first = r->token;
    int64_t n;
    const int i = er_quote_find(r, word, 3);
    if (i == 0 || i == 1) {
        if (form->as != ER_FORM_NATURAL) twice(r, &first, "percent or number");
        form->as = i == 0 ? ER_FORM_PERCENT : ER_FORM_NUMBER;
        form->percent = er_quote_take(r);
        return;
    }
    if (form->rule != ER_DIGITS_BY_VALUE) twice(r, &first, "how many digits are written");
    if (i == 2) {
        form->rule = ER_DECIMALS;
        er_quote_next(r);
        return;
    }
    if (r->token.sign != ER_SIGN_WORD || !er_number_integer(r->token.text, &n)) {
        er_quote_expected(r, "percent, number, integer, N digits or N decimals after \"as\"", word, 3);
        return;
    }
    if (n < 0 || n > ER_QUANTITY_MAX_DIGITS) er_quote_expected(r, "0 to 15 digits", NULL, 0);
    er_quote_next(r);
    const int kind = er_quote_find(r, rule, 4);
    if (kind < 0) {
        er_quote_expected(r, "\"digits\" or \"decimals\" after their number", rule, 2);
        return;
    }
    if (er_quote_fine(r) && kind % 2 == 0 && n == 0)
        r->status = er_quote_fail(r->quote, first.at, r->err, "a number has at least 1 digit");
    form->rule = kind % 2 == 0 ? ER_DIGITS : ER_DECIMALS;
    form->digits = (int)n;
    er_quote_next(r);
}

static void read_form(struct er_quote_reader *r, struct er_quote_form *form)
{
    const struct er_quote_token first = r->token;
    if (er_quote_skip(r, "plain")) {
        if (form->plain) twice(r, &first, "\"plain\"");
        form->plain = true;
    } else if (er_quote_skip(r, "in")) {
        if (form->unit.text) twice(r, &first, "the unit");
        if (r->token.sign != ER_SIGN_WORD) er_quote_expected(r, "a unit after \"in\"", NULL, 0);
        form->unit = er_quote_take(r);
    } else if (er_quote_skip(r, "as")) {
        read_as(r, form);
    } else {
        er_quote_expected(r, "the end, a clause (at, along, over, where, and, as, in, plain), - or /",
                          er_quote_clause, ER_QUOTE_CLAUSES);
    }
}

static void read_all(struct er_quote_reader *r, struct er_quoted *q)
{
    er_quote_next(r);
    if (er_quote_fine(r) && r->token.sign != ER_SIGN_WORD)
        er_quote_expected(r, "the name of a study and a colon", NULL, 0);
    q->study = er_quote_take(r);
    if (er_quote_fine(r) && !er_quote_is_sign(r, ':'))
        er_quote_expected(r, "a colon after the name of a study", NULL, 0);
    er_quote_next(r);
    if (!er_quote_fine(r)) return;
    er_quote_read_value(r, &q->value[0]);
    if (er_quote_fine(r) && (er_quote_is_sign(r, '-') || er_quote_is_sign(r, '/'))) {
        q->operation = r->token.other;
        q->operation_at = r->token.at;
        er_quote_next(r);
        er_quote_read_second(r, &q->value[0], &q->value[1]);
    }
    while (er_quote_fine(r) && r->token.sign != ER_SIGN_END) {
        if (er_quote_is_sign(r, ',')) er_quote_next(r);
        read_form(r, &q->form);
    }
}

enum er_status er_quote_read(const struct er_quote *quote, struct er_arena *memory, struct er_quoted *out,
                             struct er_error *err)
{
    if (quote->problem) return er_quote_fail(quote, 0, err, "%s", quote->problem);
    if (strlen(quote->text) > ER_QUOTE_MAX_BYTES)
        return er_quote_fail(quote, 0, err, "a quoted value has at most %d bytes", ER_QUOTE_MAX_BYTES);
    struct er_quote_reader r = {.quote = quote, .memory = memory, .err = err, .status = ER_OK};
    struct er_quoted made = {0};
    read_all(&r, &made);
    if (er_quote_fine(&r)) *out = made;
    return r.status;
}
