/* claim_section.h - the claims of a study on the page. */
#ifndef ERMINE_NOTE_CLAIM_SECTION_H
#define ERMINE_NOTE_CLAIM_SECTION_H

#include "note/content.h"
#include "note/problem.h"

/* Appends the list of study i's claims with their verdicts; nothing when it claims nothing. A claim that cannot
 * be judged shows why in its place, and its error is added to `problems`. ER_E_NOMEM. */
enum er_status er_claims_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                               struct er_buffer *html, struct er_problems *problems, struct er_error *err);

#endif
