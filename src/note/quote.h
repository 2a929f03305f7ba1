/* quote.h - quoted values as they stand in a note's prose: {{study: expression}}.
 *
 * What is between the braces is not empty and holds no brace and no blank line. A backslash before the braces keeps them
 * literal. Code, formulas, raw HTML, addresses and the alternative texts of pictures hold no quoted value.
 */
#ifndef ERMINE_NOTE_QUOTE_H
#define ERMINE_NOTE_QUOTE_H

#include <ermine/memory.h>
#include <stdbool.h>

enum {
    ER_QUOTE_MAX_BYTES = 600, /* of one */
    ER_QUOTE_MAX_LINES = 8
};

struct er_quote {
    const char *key;  /* the text between the braces, trimmed, runs of white space as one blank */
    const char *text; /* the same as it was written, without the marks of quotes and lists around it */
    const char *file;
    int64_t line, column;              /* of the opening braces */
    int64_t first[ER_QUOTE_MAX_LINES]; /* columns of the first character of each line of `text` */
    bool rule;                         /* the text is a claim's rule (claim_read.h), in no prose */
    const char *problem;               /* why it is not read: it is cut up by markup; NULL: it can be */
};

struct er_quotes {
    struct er_quote *quote; /* in the order of the text */
    int64_t n;
    struct er_arena *memory; /* of their texts */
};

/* Finds the quoted values of text[body..n), which is normalised (utf8.h), NUL-terminated at n, and nests no
 * deeper than er_nesting_check() allows. `file` is borrowed by the quotes. ER_E_LIMIT with its place: more
 * than ER_NOTE_MAX_QUOTES; ER_E_NOMEM. Cost: one reading by md4c. */
enum er_status er_quotes_find(const char *text, size_t body, size_t n, const char *file,
                              struct er_quotes *out, struct er_error *err);
void er_quotes_clear(struct er_quotes *quotes);

/* The quote that a text by itself is, such as one given to a command: places count from its beginning. Text
 * and file are borrowed, and so is the key, which is the text. */
struct er_quote er_quote_of(const char *text, const char *file);

/* Bytes of the white space character at the start of a NUL-terminated text, 0 when there is none. White space
 * is what it is for the page's script, with the blanks that do not break a line. */
size_t er_quote_blank(const char *text);

/* er_fail_at() with ER_E_INPUT at byte `at` of the quote's text. */
enum er_status er_quote_fail(const struct er_quote *quote, size_t at, struct er_error *err,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
