/* quote_read.h - what a quoted value asks for.
 *
 *     quoted    = study ":" value [ ("-" | "/") (value | where) ] { [","] form }
 *     value     = quantity [ "along" "curves" ] [ "over" column { "and" column } ] [ where ]
 *     quantity  = "count" | [ statistic ] column [ "at" ("min" | "max") column ]
 *     statistic = "mean" | "median" | "min" | "max" | "sd" | "sem" | "sum" | "count" | "first" | "last"
 *     where     = "where" condition { "and" condition }
 *     condition = column ("=" | "!=" | "<" | "<=" | ">" | ">=") (word | number [ "%" ])
 *     form      = "plain" | "in" unit | "as" ("percent" | "number" | "integer")
 *               | "as" n ("digits" | "decimals")
 *
 * A word is letters, digits, "_", ".", "+" and hyphens that are not at its end, or any text in "..." or
 * '...'. So a difference has blanks around its minus. A where-clause alone behind the operation stands for
 * the quantity before it, taken elsewhere. What the parts mean is in docs/notes.md and quote_rows.h.
 */
#ifndef ERMINE_NOTE_QUOTE_READ_H
#define ERMINE_NOTE_QUOTE_READ_H

#include "note/quantity.h"
#include "note/quote.h"

#include <stdbool.h>

enum { ER_QUOTE_MAX_PARTS = 8 }; /* conditions of a value, columns that it is over */

enum er_statistic {
    ER_MEAN,
    ER_MEDIAN,
    ER_MIN,
    ER_MAX,
    ER_SD,
    ER_SEM,
    ER_SUM,
    ER_COUNT,
    ER_FIRST,
    ER_LAST,
    ER_STATISTICS
};
extern const char *const er_statistic_name[ER_STATISTICS];

enum er_comparison { ER_EQUAL, ER_UNEQUAL, ER_LESS, ER_AT_MOST, ER_MORE, ER_AT_LEAST, ER_COMPARISONS };
extern const char *const er_comparison_name[ER_COMPARISONS];

struct er_quote_word {
    const char *text; /* NULL: not given */
    size_t at;        /* byte of the quote's text */
};

struct er_quote_condition {
    struct er_quote_word column, value;
    enum er_comparison is;
    bool numeric; /* the value is a number, `number` */
    double number;
};

struct er_quote_value {
    size_t at;
    enum er_statistic statistic; /* ER_MEAN when none is stated */
    bool stated;
    struct er_quote_word column; /* text NULL: rows are counted */
    struct er_quote_word by;     /* "at min COLUMN"; text NULL: not given */
    bool by_max, along;
    struct er_quote_word over[ER_QUOTE_MAX_PARTS];
    int n_over, n_where;
    struct er_quote_condition where[ER_QUOTE_MAX_PARTS + 2]; /* two more: claim_side.h adds them */
};

struct er_quote_form {
    enum { ER_FORM_NATURAL, ER_FORM_PERCENT, ER_FORM_NUMBER } as;
    enum er_digits rule;
    int digits;
    bool plain;
    struct er_quote_word unit, percent; /* percent: where it is asked for */
};

struct er_quoted {
    struct er_quote_word study;
    struct er_quote_value value[2];
    char operation; /* 0: one value; '-' or '/' */
    size_t operation_at;
    struct er_quote_form form;
};

/* Reads quote->text; texts of *out are allocated from `memory`. ER_E_INPUT at the place of what is wrong, with
 * the nearest word that fits; ER_E_NOMEM. */
enum er_status er_quote_read(const struct er_quote *quote, struct er_arena *memory, struct er_quoted *out,
                             struct er_error *err);

#endif
