/* content.h - what a note holds once it is read; the page is made of it. */
#ifndef ERMINE_NOTE_CONTENT_H
#define ERMINE_NOTE_CONTENT_H

#include "note/fences.h"
#include "note/front_matter.h"
#include "note/quote.h"

#include <ermine/memory.h>
#include <ermine/note.h>

struct er_note_study {
    struct er_study *study; /* NULL when its block is in error */
    struct er_error error;
    const char *id;      /* of its section on the page */
    const char **figure; /* ids of its figures */
};

struct er_note {
    char *text, *file, *title; /* text: normalised (utf8.h) */
    size_t length;
    bool whole; /* the text is one study in YAML, not Markdown */
    struct er_front_matter front;
    struct er_fences fences;
    struct er_quotes quotes;
    struct er_note_study *study; /* fences.blocks of them */
    struct er_arena *ids;
};

/* The file's name without its folders. */
const char *er_note_name(const struct er_note *note);

#endif
