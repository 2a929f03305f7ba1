/* quote_read_value.c - the grammar of one value: a statistic of a column, over what, where. */
#include "note/quote_reader.h"

#include "core/number.h"

#include <string.h>

const char *const er_statistic_name[ER_STATISTICS] = {"mean", "median", "min",   "max",   "sd",
                                                      "sem",  "sum",    "count", "first", "last"};

static void read_condition(struct er_quote_reader *r, struct er_quote_condition *c)
{
    c->column = er_quote_column(r, "a column");
    if (er_quote_fine(r) && r->token.sign != ER_SIGN_COMPARISON)
        er_quote_expected(r, "=, !=, <, <=, > or >=", NULL, 0);
    if (!er_quote_fine(r)) return;
    c->is = (enum er_comparison)r->token.comparison;
    er_quote_next(r);
    if (er_quote_fine(r) && r->token.sign != ER_SIGN_WORD && r->token.sign != ER_SIGN_TEXT)
        er_quote_expected(r, "a value", NULL, 0);
    if (!er_quote_fine(r)) return;
    c->numeric = r->token.sign == ER_SIGN_WORD && er_number_real(r->token.text, &c->number);
    c->value = er_quote_take(r);
    if (!er_quote_fine(r) || !er_quote_is_sign(r, '%')) return;
    if (!c->numeric) {
        er_quote_expected(r, "a number before the %", NULL, 0);
        return;
    }
    c->number /= 100;
    er_quote_next(r);
}

static void too_many(struct er_quote_reader *r, const char *what)
{
    if (er_quote_fine(r))
        r->status = er_quote_fail(r->quote, r->token.at, r->err, "more than %d %s", ER_QUOTE_MAX_PARTS, what);
}

/* Takes an "and" that another condition follows; in a rule it may be the next clause's. */
static bool goes_on(struct er_quote_reader *r)
{
    if (r->quote->rule && er_quote_fine(r) && er_quote_is_word(r, "and")) {
        struct er_quote_reader ahead = *r;
        ahead.err = NULL;
        er_quote_next(&ahead);
        if (!er_quote_fine(&ahead) || !er_quote_at_name(&ahead)) return false;
        er_quote_next(&ahead);
        if (!er_quote_fine(&ahead) || ahead.token.sign != ER_SIGN_COMPARISON) return false;
    }
    return er_quote_skip(r, "and");
}

static void read_where(struct er_quote_reader *r, struct er_quote_value *v)
{
    if (!er_quote_skip(r, "where")) return;
    do {
        if (v->n_where == ER_QUOTE_MAX_PARTS)
            too_many(r, "conditions");
        else
            read_condition(r, &v->where[v->n_where++]);
    } while (goes_on(r));
}

static void read_over(struct er_quote_reader *r, struct er_quote_value *v)
{
    if (!er_quote_skip(r, "over")) return;
    do {
        if (v->n_over == ER_QUOTE_MAX_PARTS)
            too_many(r, "columns after \"over\"");
        else
            v->over[v->n_over++] = er_quote_column(r, "a column after \"over\"");
    } while (er_quote_skip(r, "and"));
}

static void read_quantity(struct er_quote_reader *r, struct er_quote_value *v)
{
    static const char *const extreme[] = {"min", "max"};
    v->at = r->token.at;
    const int statistic = er_quote_find(r, er_statistic_name, ER_STATISTICS);
    v->stated = statistic >= 0;
    v->statistic = v->stated ? (enum er_statistic)statistic : ER_MEAN;
    if (v->stated) er_quote_next(r);
    if (!er_quote_fine(r)) return;
    if (er_quote_at_name(r)) {
        v->column = er_quote_take(r);
    } else if (v->statistic != ER_COUNT) {
        er_quote_expected(r, v->stated ? "a column after the statistic" : "a statistic or a column", NULL, 0);
        return;
    }
    if (!v->column.text || !er_quote_skip(r, "at")) return;
    const int i = er_quote_find(r, extreme, 2);
    if (i < 0) {
        er_quote_expected(r, "min or max after \"at\"", extreme, 2);
        return;
    }
    er_quote_next(r);
    v->by_max = i == 1;
    v->by = er_quote_column(r, "the column that is least or greatest there");
}

void er_quote_read_value(struct er_quote_reader *r, struct er_quote_value *v)
{
    static const char *const curves[] = {"curves"};
    read_quantity(r, v);
    if (er_quote_skip(r, "along")) {
        if (!er_quote_is_word(r, "curves")) er_quote_expected(r, "\"curves\" after \"along\"", curves, 1);
        er_quote_next(r);
        v->along = true;
    }
    read_over(r, v);
    read_where(r, v);
}

void er_quote_read_second(struct er_quote_reader *r, const struct er_quote_value *first,
                          struct er_quote_value *out)
{
    if (!er_quote_fine(r) || !er_quote_is_word(r, "where")) {
        if (er_quote_fine(r)) er_quote_read_value(r, out);
        return;
    }
    *out = *first;
    out->at = r->token.at;
    out->n_where = 0;
    read_where(r, out);
}
