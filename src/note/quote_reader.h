/* quote_reader.h - what the grammars of quoted values (quote_read.h) and of rules (claim_read.h) have in common:
 * reading from left to right with one token of foresight.
 */
#ifndef ERMINE_NOTE_QUOTE_READER_H
#define ERMINE_NOTE_QUOTE_READER_H

#include "note/quote_read.h"
#include "note/quote_token.h"

struct er_quote_reader {
    const struct er_quote *quote;
    struct er_arena *memory;     /* of texts */
    struct er_quote_token token; /* the next one */
    size_t behind;               /* the byte after the last that was taken */
    struct er_error *err;
    enum er_status status; /* the first failure; nothing is read after it */
};

/* The words that a name cannot be, for a part of a value or of its form begins with them. */
enum { ER_QUOTE_CLAUSES = 8 };
extern const char *const er_quote_clause[ER_QUOTE_CLAUSES];

bool er_quote_fine(const struct er_quote_reader *r);

/* Goes on to the next token; to the first of all in a reader that is new. */
void er_quote_next(struct er_quote_reader *r);

/* The index of the word that comes next in a list of n, -1 when it is none of them. */
int er_quote_find(const struct er_quote_reader *r, const char *const *list, int n);
bool er_quote_is_word(const struct er_quote_reader *r, const char *word);
bool er_quote_is_sign(const struct er_quote_reader *r, char sign);

/* Takes the next token when it is that word. */
bool er_quote_skip(struct er_quote_reader *r, const char *word);

/* Takes the next token, whatever it is. */
struct er_quote_word er_quote_take(struct er_quote_reader *r);

/* Fails at the next token: what was wanted in its place, and a hint when it is nearly one of `list` (n may be
 * 0). */
void er_quote_expected(struct er_quote_reader *r, const char *what, const char *const *list, int n);

/* Fails at a byte, as er_quote_fail(). */
void er_quote_wrong(struct er_quote_reader *r, size_t at, const char *what);

/* Whether what comes next can be the name of a column. */
bool er_quote_at_name(const struct er_quote_reader *r);

/* Takes the name of a column; `what` is said when there is none. */
struct er_quote_word er_quote_column(struct er_quote_reader *r, const char *what);

/* value = quantity [ "along" "curves" ] [ "over" column { "and" column } ] [ where ] */
void er_quote_read_value(struct er_quote_reader *r, struct er_quote_value *v);

/* A value behind an operation; a where-clause alone stands for `first`, taken elsewhere. */
void er_quote_read_second(struct er_quote_reader *r, const struct er_quote_value *first,
                          struct er_quote_value *out);

#endif
