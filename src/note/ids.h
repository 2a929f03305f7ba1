/* ids.h - the ids of studies and figures on the page.
 *
 * A study's section is study-NAME, its figures are NAME-1, NAME-2, ... A study in error has no name and is
 * study--line-L after the line of its fence, which no name can be. Names begin with a letter or digit and are given
 * once in a note, so these differ, but for a study that is called study-NAME itself: its figures' ids get
 * "-figure" at their end while they are a section's.
 */
#ifndef ERMINE_NOTE_IDS_H
#define ERMINE_NOTE_IDS_H

#include "note/content.h"

/* Gives all sections and figures of a note their ids, in note->ids. ER_E_NOMEM. */
enum er_status er_ids_give(struct er_note *note, struct er_error *err);

#endif
