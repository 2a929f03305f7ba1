/* <ermine/book.h> - a book: a note whose list of links names its chapters, each a note of its own.
 *
 *     ---
 *     type: book
 *     ---
 *     # Lectures
 *     ## Part one
 *     - [Networks that fit anything](random-labels.md)
 *     - 10:00 [Minima](minima.md) (room 1)
 *       - [Exercises](exercises.md)
 *
 * The first link of a list's item is its entry, the text around it a label. A relative address whose path ends
 * in .md is a chapter: percent-decoded, "." and ".." resolved, taken from the book's folder. Level-1 headings but the
 * first, and all other headings, begin parts.
 *
 * The pages of a book lie in one folder: index.html of the book's own note, and one for each chapter, whose
 * address is the chapter's path with "-" for what is not a letter, digit, "-", "_" or ".", and a number at its end
 * where two would be alike.
 */
#ifndef ERMINE_BOOK_H
#define ERMINE_BOOK_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_note;
struct er_book;

enum {
    ER_BOOK_MAX_CHAPTERS = 1000,
    ER_BOOK_MAX_ITEMS = 5000,              /* of its list */
    ER_BOOK_MAX_ADDRESSES = 1 << 20,       /* bytes of all its addresses */
    ER_BOOK_MAX_CHAPTER_TEXT = 200 * 1000, /* bytes of a chapter's text for the search */
    ER_BOOK_MAX_TEXT = 2 * 1000 * 1000,    /* of all chapters */
    ER_BOOK_INDEX = -1                     /* the book's own page, where a chapter's number is asked for */
};

struct er_book_chapter {
    const char *path; /* of its file, from the book's folder: no "..", no "." and no "/" at its beginning */
    const char *page; /* of its page, from the folder of pages; no "/" */
    int64_t line;     /* of its first link in the book */
    bool
        outside; /* its address leads out of the book's folder: path is as it was written, and there is no page */
};

/**
 * Reads the list of a book. Each chapter once, in the order of the list.
 *
 * @param note  borrowed for the call; its title and text are the book's.
 * @param out   the book, freed by er_book_free(). Untouched on failure.
 * Errors: ER_E_LIMIT with its line; ER_E_NOMEM. Cost: one reading of the text; items times chapters.
 */
ER_API enum er_status er_book_open(const struct er_note *note, struct er_book **out, struct er_error *err);
ER_API void er_book_free(struct er_book *book);

/** n of them, owned by the book. */
ER_API const struct er_book_chapter *er_book_chapters(const struct er_book *book, int64_t *n);

/** Tells the book that chapter i is there: its title, and its text for the search, which are copied. A chapter of which
 * it is not told is a label in the contents and has no page. ER_E_NOMEM. */
ER_API enum er_status er_book_add(struct er_book *book, int64_t i, const struct er_note *note,
                                  struct er_error *err);

#endif
