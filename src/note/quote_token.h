/* quote_token.h - the words and signs of a quoted value. */
#ifndef ERMINE_NOTE_QUOTE_TOKEN_H
#define ERMINE_NOTE_QUOTE_TOKEN_H

#include "note/quote.h"

#include <stdbool.h>

enum er_quote_sign {
    ER_SIGN_END,
    ER_SIGN_WORD,
    ER_SIGN_TEXT, /* in quotation marks */
    ER_SIGN_COMPARISON,
    ER_SIGN_OTHER /* one of : , - / %, in a rule also of * + ( ) */
};

struct er_quote_token {
    enum er_quote_sign sign;
    char other;       /* of ER_SIGN_OTHER */
    int comparison;   /* enum er_comparison of ER_SIGN_COMPARISON */
    const char *text; /* as it is said in messages; of a word or text: itself */
    size_t at, end;   /* bytes of the quote's text */
};

/* The token at byte `at` or after the blanks there. Texts are allocated from `memory`. ER_E_INPUT: a character
 * that begins none, a quotation mark without its partner; ER_E_NOMEM. */
enum er_status er_quote_token(const struct er_quote *quote, size_t at, struct er_arena *memory,
                              struct er_quote_token *out, struct er_error *err);

#endif
