/* book.h - what a book holds once it is read. */
#ifndef ERMINE_NOTE_BOOK_H
#define ERMINE_NOTE_BOOK_H

#include "note/chapters.h"

/* What the book has been told of a chapter, or knows of its own note. */
struct er_book_text {
    char *title, *prose; /* NULL: not told */
};

struct er_book {
    char *title, *name; /* name: of the book's file */
    struct er_chapters list;
    struct er_book_chapter *chapter; /* list.chapters of them */
    char **page;                     /* their pages' names */
    struct er_book_text index, *text;
    size_t prose; /* bytes of all */
};

#endif
