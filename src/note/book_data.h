/* book_data.h - what a page is told of the book that it is of, as JSON. */
#ifndef ERMINE_NOTE_BOOK_DATA_H
#define ERMINE_NOTE_BOOK_DATA_H

#include "note/book.h"

#include <jansson.h>

/* The object for the page of chapter i, or of the book itself (ER_BOOK_INDEX):
 *
 *     {title, parts: [{title, items: [{text, before?, after?, href?, open, items?}]}], here,
 *      previous: {href, text} or null, next, search: [{href, title, text}], links: {"two.md": "two.html"}}
 *
 * `here` is the page's own address, "" on the book's. `links` are the addresses that this page's note can write for the
 * notes of the book, and their pages. NULL when memory is out. */
json_t *er_book_data(const struct er_book *book, int64_t i);

#endif
