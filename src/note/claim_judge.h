/* claim_judge.h - a rule held against the tables of a study.
 *
 * Numbers that differ by less than 1e-12 of the greater are equal, as in conditions. `is at least`, `is at most`,
 * `is between` and `is within` hold for their limits; `is below`, `is above`, `rises` and `falls` do not. A course
 * `rises by more than d` when every step to the next value of the column is more than d; it `never rises by more
 * than d` when none is. It `is greatest along x at a` when its value there is greater than at every other.
 */
#ifndef ERMINE_NOTE_CLAIM_JUDGE_H
#define ERMINE_NOTE_CLAIM_JUDGE_H

#include "note/claim_read.h"
#include "note/quote_rows.h"

#include <ermine/note.h>

/* Fills all of *out but `measured`, which is appended to `text`. ER_E_INPUT at the place of what is wrong;
 * ER_E_NOMEM. */
enum er_status er_rule_judge(const struct er_quote_source *source, const struct er_rule *rule,
                             struct er_arena *memory, struct er_note_verdict *out, struct er_buffer *text,
                             struct er_error *err);

/* Whether the rule fits the tables' columns, which need no rows: names, and words where words are. */
enum er_status er_rule_check(const struct er_quote_source *source, const struct er_rule *rule,
                             struct er_error *err);

#endif
