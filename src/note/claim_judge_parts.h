/* claim_judge_parts.h - what the kinds of clauses have in common when they are judged. */
#ifndef ERMINE_NOTE_CLAIM_JUDGE_PARTS_H
#define ERMINE_NOTE_CLAIM_JUDGE_PARTS_H

#include "note/claim_judge.h"
#include "note/claim_side.h"

struct er_judging {
    const struct er_quote_source *source;
    struct er_arena *memory;
    struct er_buffer *text; /* what was measured, for people */
    struct er_error *err;
};

/* Whether two numbers are the same, seen against numbers of that size. */
bool er_judge_equal(double a, double b, double size);

/* The greater of two absolute values. */
double er_judge_size(double a, double b);

/* Sets value, interval and seeds of a clause. */
void er_judge_interval(struct er_note_clause *out, const struct er_measured_side *side);

/* A clause of a course: "rises along", ...; "is least along", ... Fill *out. */
enum er_status er_judge_course(const struct er_judging *j, const struct er_rule_clause *clause,
                               struct er_note_clause *out);
enum er_status er_judge_extreme(const struct er_judging *j, const struct er_rule_clause *clause,
                                struct er_note_clause *out);

#endif
