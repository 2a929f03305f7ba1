/* book.c - a book: its list, the names of its pages, and what is told of its chapters. */
#include "note/book.h"

#include "note/prose.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

static enum er_status no_memory(const struct er_note *note, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
}

static enum er_status tell(struct er_book *book, struct er_book_text *text, const struct er_note *note,
                           struct er_error *err)
{
    if (text->prose) book->prose -= strlen(text->prose);
    size_t room = ER_BOOK_MAX_TEXT - book->prose;
    if (room > ER_BOOK_MAX_CHAPTER_TEXT) room = ER_BOOK_MAX_CHAPTER_TEXT;
    er_free(text->title);
    er_free(text->prose);
    *text = (struct er_book_text){0};
    enum er_status status = er_prose_text(note, room, &text->prose, err);
    if (status != ER_OK) return status;
    book->prose += strlen(text->prose);
    text->title = er_strdup(note->title);
    return text->title ? ER_OK : no_memory(note, err);
}

/* --- names of pages */

/* The path without its ending, with what may mean something in an address replaced. */
static void add_stem(const char *path, struct er_buffer *out)
{
    const size_t n = strlen(path) - strlen(".md");
    for (size_t i = 0; i < n; i++) {
        const char c = path[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           strchr("-_.", c) || (unsigned char)c >= 0x80;
        er_buffer_char(out, (char)(plain ? c : '-'));
    }
}

/* Some file systems do not tell upper from lower case. */
static bool is_taken(const struct er_book *book, int64_t chapters, const char *page)
{
    if (strcasecmp(page, ER_BOOK_INDEX_PAGE) == 0) return true;
    for (int64_t i = 0; i < chapters; i++)
        if (book->page[i] && strcasecmp(book->page[i], page) == 0) return true;
    return false;
}

static bool name_page(struct er_book *book, int64_t i)
{
    struct er_buffer name = {0};
    add_stem(book->list.chapter[i].path, &name);
    const size_t stem = name.length;
    er_buffer_text(&name, ".html");
    for (int number = 2; name.status == ER_OK && is_taken(book, i, name.data); number++) {
        name.length = stem;
        er_buffer_format(&name, "-%d.html", number);
    }
    return er_buffer_take(&name, &book->page[i], NULL) == ER_OK;
}

static bool name_pages(struct er_book *book)
{
    const int64_t n = book->list.chapters;
    book->chapter = er_alloc(n, sizeof *book->chapter);
    book->page = er_alloc(n, sizeof *book->page);
    book->text = er_alloc(n, sizeof *book->text);
    if (!book->chapter || !book->page || !book->text) return false;
    for (int64_t i = 0; i < n; i++) {
        const struct er_chapters_link *link = &book->list.chapter[i];
        if (!link->outside && !name_page(book, i)) return false;
        book->chapter[i] = (struct er_book_chapter){
            .path = link->path, .page = book->page[i], .line = link->line, .outside = link->outside};
    }
    return true;
}

/* --- the book */

enum er_status er_book_open(const struct er_note *note, struct er_book **out, struct er_error *err)
{
    struct er_book *book = er_alloc(1, sizeof *book);
    if (!book) return no_memory(note, err);
    enum er_status status = er_chapters_read(note, &book->list, err);
    if (status == ER_OK) status = tell(book, &book->index, note, err);
    if (status == ER_OK) {
        book->name = er_strdup(er_note_name(note));
        book->title = er_strdup(note->title);
        if (!book->name || !book->title || !name_pages(book)) status = no_memory(note, err);
    }
    if (status == ER_OK)
        *out = book;
    else
        er_book_free(book);
    return status;
}

void er_book_free(struct er_book *book)
{
    if (!book) return;
    for (int64_t i = 0; i < book->list.chapters; i++) {
        if (book->page) er_free(book->page[i]);
        if (!book->text) continue;
        er_free(book->text[i].title);
        er_free(book->text[i].prose);
    }
    er_free(book->page);
    er_free(book->text);
    er_free(book->chapter);
    er_free(book->index.title);
    er_free(book->index.prose);
    er_free(book->title);
    er_free(book->name);
    er_chapters_clear(&book->list);
    er_free(book);
}

const struct er_book_chapter *er_book_chapters(const struct er_book *book, int64_t *n)
{
    *n = book->list.chapters;
    return book->chapter;
}

enum er_status er_book_add(struct er_book *book, int64_t i, const struct er_note *note, struct er_error *err)
{
    return tell(book, &book->text[i], note, err);
}
