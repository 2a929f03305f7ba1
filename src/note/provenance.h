/* provenance.h - the list of all that a study's numbers depend on. */
#ifndef ERMINE_NOTE_PROVENANCE_H
#define ERMINE_NOTE_PROVENANCE_H

#include "core/buffer.h"

#include <ermine/note.h>

/* Appends the folded list: study, runs, seeds, how many diverged, data and checksum, arithmetic, instruction
 * set, computing time, when, machine and version. ER_E_NOMEM. */
enum er_status er_provenance_write(const struct er_study *study, const struct er_note_result *result,
                                   struct er_buffer *html, struct er_error *err);

#endif
