/* memory.h - sections of a note's earlier pages. */
#ifndef ERMINE_NOTE_MEMORY_H
#define ERMINE_NOTE_MEMORY_H

#include "core/buffer.h"

#include <ermine/note.h>

/* What a section looks like follows from its key: which results, how many bytes it may have, and the text that
 * names all else. */
struct er_section_key {
    int64_t edition;
    size_t share;
    const char *text;
};

/* Appends the section of that key, if it is remembered; `memory` may be NULL. */
bool er_page_memory_recall(struct er_page_memory *memory, const struct er_section_key *key,
                           struct er_buffer *html);

/* Remembers a section. When memory is out it does not: it is written again next time. */
void er_page_memory_keep(struct er_page_memory *memory, const struct er_section_key *key, const char *html,
                         size_t length);

/* A page is complete: sections that the last ER_PAGE_MEMORY_PAGES did not show are forgotten. */
enum { ER_PAGE_MEMORY_PAGES = 4 };
void er_page_memory_turn(struct er_page_memory *memory);

#endif
