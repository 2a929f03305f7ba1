/* quote_reader.c - reading from left to right with one token of foresight. */
#include "note/quote_reader.h"

#include "core/number.h"

#include <string.h>

const char *const er_quote_clause[ER_QUOTE_CLAUSES] = {"at",  "along", "over", "where",
                                                       "and", "as",    "in",   "plain"};

/* With which a rule goes on behind a value. */
static const char *const relation[] = {"is", "rises", "falls", "never"};
enum { RELATIONS = sizeof relation / sizeof *relation };

bool er_quote_fine(const struct er_quote_reader *r)
{
    return r->status == ER_OK;
}

void er_quote_next(struct er_quote_reader *r)
{
    if (!er_quote_fine(r)) return;
    r->behind = r->token.end;
    r->status = er_quote_token(r->quote, r->token.end, r->memory, &r->token, r->err);
}

int er_quote_find(const struct er_quote_reader *r, const char *const *list, int n)
{
    for (int i = 0; r->token.sign == ER_SIGN_WORD && i < n; i++)
        if (strcmp(r->token.text, list[i]) == 0) return i;
    return -1;
}

bool er_quote_is_word(const struct er_quote_reader *r, const char *word)
{
    return er_quote_find(r, &word, 1) == 0;
}

bool er_quote_is_sign(const struct er_quote_reader *r, char sign)
{
    return r->token.sign == ER_SIGN_OTHER && r->token.other == sign;
}

bool er_quote_skip(struct er_quote_reader *r, const char *word)
{
    if (!er_quote_fine(r) || !er_quote_is_word(r, word)) return false;
    er_quote_next(r);
    return er_quote_fine(r);
}

void er_quote_expected(struct er_quote_reader *r, const char *what, const char *const *list, int n)
{
    if (!er_quote_fine(r)) return;
    const struct er_quote_token *t = &r->token;
    const bool end = t->sign == ER_SIGN_END;
    const char *mark = end ? "" : "\"";
    const char *nearest = t->sign == ER_SIGN_WORD ? er_nearest(t->text, list, n) : NULL;
    r->status = er_quote_fail(r->quote, end ? r->behind : t->at, r->err, "expected %s, not %s%s%s%s%s%s",
                              what, mark, t->text, mark, nearest ? "; did you mean \"" : "",
                              nearest ? nearest : "", nearest ? "\"?" : "");
}

void er_quote_wrong(struct er_quote_reader *r, size_t at, const char *what)
{
    if (er_quote_fine(r)) r->status = er_quote_fail(r->quote, at, r->err, "%s", what);
}

struct er_quote_word er_quote_take(struct er_quote_reader *r)
{
    const struct er_quote_word word = {r->token.text, r->token.at};
    er_quote_next(r);
    return word;
}

bool er_quote_at_name(const struct er_quote_reader *r)
{
    if (r->token.sign != ER_SIGN_WORD) return r->token.sign == ER_SIGN_TEXT;
    return er_quote_find(r, er_quote_clause, ER_QUOTE_CLAUSES) < 0 &&
           !(r->quote->rule && er_quote_find(r, relation, RELATIONS) >= 0);
}

struct er_quote_word er_quote_column(struct er_quote_reader *r, const char *what)
{
    if (er_quote_fine(r) && er_quote_at_name(r)) return er_quote_take(r);
    er_quote_expected(r, what, NULL, 0);
    return (struct er_quote_word){0};
}
