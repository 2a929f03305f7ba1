/* claim_course.h - a side of a rule followed along a column: "rises along width". */
#ifndef ERMINE_NOTE_CLAIM_COURSE_H
#define ERMINE_NOTE_CLAIM_COURSE_H

#include "note/claim_side.h"

enum { ER_COURSE_MAX = 1000 }; /* points */

struct er_claim_course {
    int64_t column; /* of the runs or of the curves */
    const struct er_table *table;
    double *at; /* its values, rising; n of them, at least two */
    struct er_measured_side *side;
    int64_t n;
};

/* Measures the clause's left side at each value that the column `along` has in the rows of its first value.
 * Arrays are allocated from `memory`. ER_E_INPUT as er_side_measure(), and for a column of words, one of a
 * single value or of more than ER_COURSE_MAX; ER_E_NOMEM. Cost: rows times points. */
enum er_status er_course_measure(const struct er_quote_source *source, const struct er_rule_clause *clause,
                                 struct er_arena *memory, struct er_claim_course *out, struct er_error *err);

#endif
