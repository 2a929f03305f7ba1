/* content.h - what a note holds once it is read; the page is made of it. */
#ifndef ERMINE_NOTE_CONTENT_H
#define ERMINE_NOTE_CONTENT_H

#include "note/front_matter.h"
#include "note/prose.h"

#include <ermine/note.h>

struct er_note_study {
    struct er_study *study; /* NULL when its block is in error */
    struct er_error error;
    const char *id;      /* of its section on the page */
    const char **figure; /* ids of its figures */
};

struct er_note {
    char *text, *file, *title;
    size_t length;
    struct er_front_matter front;
    struct er_prose prose;
    struct er_note_study *study; /* prose.blocks of them */
    struct er_ids *ids;
};

#endif
