/* pictures.h - the pictures of a note that lie beside it, for its page. */
#ifndef ERMINE_NOTE_PICTURES_H
#define ERMINE_NOTE_PICTURES_H

#include "note/content.h"
#include "note/problem.h"

#include <jansson.h>

/* {"a.png": "data:image/png;base64,..."}: by their addresses as the note writes them, with references and escapes
 * resolved, those pictures of Markdown whose address is relative. They are read from the folder of the note's file;
 * their kind is told by their first bytes. One that cannot be shown (<ermine/note.h>) is added to `problems` and left
 * out. NULL when memory is out. Cost: one reading of the note, and the pictures' bytes. */
json_t *er_pictures_json(const struct er_note *note, struct er_problems *problems);

#endif
