/* chapters.h - the list of a book as md4c reads it: parts, items, and the chapters that items link to. */
#ifndef ERMINE_NOTE_CHAPTERS_H
#define ERMINE_NOTE_CHAPTERS_H

#include "note/content.h"
#include "note/plain.h"

#include <ermine/book.h>

#define ER_BOOK_INDEX_PAGE "index.html"

/* Where the words of an item stand. */
enum er_item_words { ER_ITEM_BEFORE, ER_ITEM_LINK, ER_ITEM_AFTER };

struct er_chapters_item {
    struct er_plain words[3]; /* trimmed; without a link all are in the first */
    bool linked, tab;         /* it has a link (whose address may have been refused); that opens a new tab */
    char *address;            /* as written, references resolved; NULL: none, or refused */
    int64_t chapter;          /* its number, or -1 */
    int64_t depth;            /* 0: in a list that is in no item */
    int64_t line;             /* of the link */
};

struct er_chapters_part {
    struct er_plain title; /* empty in the part before the first heading */
    int64_t first;         /* the number of its first item */
};

struct er_chapters_link {
    char *path;
    int64_t line;
    bool outside;
};

struct er_chapters {
    struct er_chapters_part *part;
    struct er_chapters_item *item;
    struct er_chapters_link *chapter; /* each once */
    int64_t parts, items, chapters;
};

/* Reads the list. er_chapters_clear() frees it. ER_E_LIMIT with its line; ER_E_NOMEM. */
enum er_status er_chapters_read(const struct er_note *note, struct er_chapters *out, struct er_error *err);
void er_chapters_clear(struct er_chapters *chapters);

#endif
