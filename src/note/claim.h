/* claim.h - the claims of a study in a note: checked when it is read, judged when its runs are there.
 */
#ifndef ERMINE_NOTE_CLAIM_H
#define ERMINE_NOTE_CLAIM_H

#include <ermine/note.h>

/* Whether the rules that a study's author wrote can be read and name columns that there will be: ER_E_INPUT with
 * the place, ER_E_NOMEM. The experiment's own are for its tests. */
enum er_status er_claims_check(const struct er_study *study, struct er_error *err);

/* Judges a claim by tables that are whole. As er_note_judge(). */
enum er_status er_claim_judge(const struct er_study *study, const struct er_claim *claim,
                              const struct er_table *runs, const struct er_table *curves,
                              struct er_note_verdict *out, struct er_error *err);

#endif
