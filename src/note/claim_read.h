/* claim_read.h - the rule of a claim: when it counts as reproduced.
 *
 *     rule     = clause { "and" clause }
 *     clause   = "(" clause ")" | side relation
 *     relation = "is" [ "below" | "above" | "at" "least" | "at" "most" ] side
 *              | "is" "between" number "and" number
 *              | "is" "within" number "of" side
 *              | "is" ( "least" | "greatest" ) "along" column ( "at" number | "between" number "and" number )
 *              | [ "never" ] ( "rises" | "falls" ) "along" column [ "by" "more" "than" number ]
 *     side     = [ "paired" ] operand { ("+" | "-" | "*" | "/") (operand | where) }
 *     operand  = value | number
 *     number   = digits [ "%" ]
 *
 * `value` and `where` are those of quoted values (quote_read.h) without the name of a study. "*" and "/" bind
 * before "+" and "-", which have blanks around them. An "and" goes on with a where-clause when a condition
 * follows it, and else begins the next clause; a clause may stand in parentheses. The left side of a clause
 * holds a value: nothing is claimed of numbers alone.
 */
#ifndef ERMINE_NOTE_CLAIM_READ_H
#define ERMINE_NOTE_CLAIM_READ_H

#include "note/quote_read.h"

enum {
    ER_RULE_MAX_CLAUSES = 8,
    ER_RULE_MAX_OPERANDS = 4 /* of a side */
};

enum er_relation {
    ER_IS,
    ER_IS_BELOW,
    ER_IS_ABOVE,
    ER_IS_AT_LEAST,
    ER_IS_AT_MOST,
    ER_IS_BETWEEN,
    ER_IS_WITHIN,
    ER_IS_LEAST,
    ER_IS_GREATEST,
    ER_RISES,
    ER_FALLS,
    ER_NEVER_RISES,
    ER_NEVER_FALLS
};

struct er_rule_operand {
    struct er_quote_value *value; /* NULL: a number */
    double number;
};

struct er_rule_side {
    struct er_rule_operand operand[ER_RULE_MAX_OPERANDS];
    char operation[ER_RULE_MAX_OPERANDS]; /* operation[i] is before operand[i]; of the first 0 */
    size_t at[ER_RULE_MAX_OPERANDS];      /* bytes of the operands */
    int n;
    bool paired; /* taken seed by seed, of two values at least */
};

struct er_rule_clause {
    struct er_rule_side left, right; /* right: of is, below, above, at least, at most, within */
    enum er_relation is;
    double low, high;           /* of between, and where a side is least or greatest: low <= high */
    double within;              /* >= 0 */
    bool relative;              /* within: a share of the right side */
    struct er_quote_word along; /* the column along which, from ER_IS_LEAST on */
    double more;                /* by how much: >= 0 */
    size_t at;
};

struct er_rule {
    struct er_rule_clause clause[ER_RULE_MAX_CLAUSES];
    int clauses;
};

/* Reads quote->text, where quote->rule is true; texts and values of *out are allocated from `memory`. ER_E_INPUT
 * at the place of what is wrong, with the nearest word that fits; ER_E_NOMEM. */
enum er_status er_rule_read(const struct er_quote *quote, struct er_arena *memory, struct er_rule *out,
                            struct er_error *err);

#endif
