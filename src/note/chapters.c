/* chapters.c - the list of a book, from md4c's events. */
#include "note/chapters.h"

#include "note/chapter_path.h"
#include "note/markdown.h"

#include <inttypes.h>
#include <string.h>

struct reader {
    struct er_markdown note;
    const char *name; /* of the note's file */
    struct er_place place;
    struct er_chapters *out;
    int64_t room_parts, room_items, room_chapters;
    int64_t open[ER_NOTE_MAX_DEPTH]; /* the items that are open, outermost first */
    int64_t depth;                   /* how many */
    bool titled, heading,
        code; /* the first level-1 heading has been; in a heading of a part; in code or raw HTML */
    struct er_chapters_item *link; /* the item whose link is open */
    size_t addresses;
    struct er_error *err;
    enum er_status status;
};

static int no_memory(struct reader *r)
{
    r->status = er_fail(r->err, ER_E_NOMEM, "out of memory while reading %s", r->note.file);
    return ER_MARKDOWN_STOP;
}

static int too_many(struct reader *r, const char *what, int64_t limit)
{
    er_place_move(&r->place, r->note.seen);
    r->status = er_fail_at(r->err, ER_E_LIMIT, r->note.file, r->place.line, 1,
                           "too many %s in a book; the limit is %" PRId64, what, limit);
    return ER_MARKDOWN_STOP;
}

/* A list of `count` elements with room for one more, which takes the place of `list`; NULL when memory is out. */
static void *with_room(void *list, int64_t count, int64_t *room, size_t size)
{
    if (count < *room) return list;
    const int64_t more = *room ? 2 * *room : 16;
    void *moved = er_grow(list, *room, more, size);
    if (moved) *room = more;
    return moved;
}

static int begin_part(struct reader *r)
{
    struct er_chapters *out = r->out;
    if (out->parts > ER_BOOK_MAX_ITEMS) return too_many(r, "parts", ER_BOOK_MAX_ITEMS);
    void *list = with_room(out->part, out->parts, &r->room_parts, sizeof *out->part);
    if (!list) return no_memory(r);
    out->part = list;
    out->part[out->parts++] = (struct er_chapters_part){.first = out->items};
    return 0;
}

static int begin_item(struct reader *r)
{
    struct er_chapters *out = r->out;
    if (out->items == ER_BOOK_MAX_ITEMS) return too_many(r, "items", ER_BOOK_MAX_ITEMS);
    if (r->depth == ER_NOTE_MAX_DEPTH) return too_many(r, "lists within each other", ER_NOTE_MAX_DEPTH);
    if (out->parts == 0 && begin_part(r) != 0) return ER_MARKDOWN_STOP;
    void *list = with_room(out->item, out->items, &r->room_items, sizeof *out->item);
    if (!list) return no_memory(r);
    out->item = list;
    out->item[out->items] = (struct er_chapters_item){.chapter = -1, .depth = r->depth};
    r->open[r->depth++] = out->items++;
    return 0;
}

static struct er_chapters_item *item(const struct reader *r)
{
    return r->depth > 0 && !r->heading ? &r->out->item[r->open[r->depth - 1]] : NULL;
}

/* Where words go now; NULL: nowhere. */
static struct er_plain *words(const struct reader *r)
{
    struct er_chapters_item *to = item(r);
    if (r->code) return NULL;
    if (r->heading) return &r->out->part[r->out->parts - 1].title;
    if (!to) return NULL;
    return &to->words[to == r->link ? ER_ITEM_LINK : to->linked ? ER_ITEM_AFTER : ER_ITEM_BEFORE];
}

/* Paragraphs of one item are told apart by a blank. */
static void separate(const struct reader *r)
{
    struct er_plain *to = words(r);
    if (to && to->text.length > 0) er_buffer_char(&to->text, ' ');
}

/* --- links */

static int begin_link(struct reader *r, const MD_SPAN_A_DETAIL *link)
{
    struct er_chapters_item *to = item(r);
    struct er_buffer address = {0};
    if (!to || to->linked || words(r)->pictures > 0) return 0;
    to->linked = true;
    er_markdown_attribute(&link->href, &address);
    r->addresses += address.length;
    if (r->addresses > ER_BOOK_MAX_ADDRESSES) {
        er_buffer_clear(&address);
        return too_many(r, "bytes of addresses", ER_BOOK_MAX_ADDRESSES);
    }
    if (er_buffer_take(&address, &to->address, NULL) != ER_OK) return no_memory(r);
    r->link = to;
    return 0;
}

/* The number of the chapter at `path`, which it takes, new or known; -1 when that fails. */
static int64_t chapter_at(struct reader *r, char *path, int64_t line, bool outside)
{
    struct er_chapters *out = r->out;
    int64_t i = 0;
    while (i < out->chapters && strcmp(out->chapter[i].path, path) != 0) i++;
    const bool known = i < out->chapters, full = out->chapters == ER_BOOK_MAX_CHAPTERS;
    void *list = known || full
                     ? NULL
                     : with_room(out->chapter, out->chapters, &r->room_chapters, sizeof *out->chapter);
    if (!list) er_free(path);
    if (known) return i;
    if (full) too_many(r, "chapters", ER_BOOK_MAX_CHAPTERS);
    if (!full && !list) no_memory(r);
    if (!list) return -1;
    out->chapter = list;
    out->chapter[i] = (struct er_chapters_link){.path = path, .line = line, .outside = outside};
    return out->chapters++;
}

/* A link to the book's own note leads to its page. */
static bool to_index(struct er_chapters_item *item)
{
    er_free(item->address);
    item->address = er_strdup(ER_BOOK_INDEX_PAGE);
    return item->address != NULL;
}

static int end_link(struct reader *r)
{
    struct er_chapters_item *to = r->link;
    struct er_buffer path = {0};
    r->link = NULL;
    if (to->line == 0) { /* without a word */
        er_place_move(&r->place, r->note.seen);
        to->line = r->place.line;
    }
    const enum er_address what = er_chapter_path(to->address, &path);
    to->tab = what == ER_ADDRESS_ELSEWHERE;
    if (what == ER_ADDRESS_CHAPTER && path.status == ER_OK && strcmp(path.data, r->name) == 0) {
        er_buffer_clear(&path);
        return to_index(to) ? 0 : no_memory(r);
    }
    if (what == ER_ADDRESS_CHAPTER || what == ER_ADDRESS_OUTSIDE) {
        char *text = NULL;
        if (what == ER_ADDRESS_OUTSIDE) {
            path.length = 0;
            er_buffer_text(&path, to->address);
        }
        if (er_buffer_take(&path, &text, NULL) != ER_OK) return no_memory(r);
        to->chapter = chapter_at(r, text, to->line, what == ER_ADDRESS_OUTSIDE);
    }
    er_buffer_clear(&path);
    if (what == ER_ADDRESS_REFUSED) {
        er_free(to->address);
        to->address = NULL;
    }
    return r->status == ER_OK ? 0 : ER_MARKDOWN_STOP;
}

/* --- md4c's callbacks */

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct reader *r = ctx;
    if (type == MD_BLOCK_LI) return begin_item(r);
    if (type == MD_BLOCK_P) separate(r);
    if (type == MD_BLOCK_CODE || type == MD_BLOCK_HTML) r->code = true;
    if (type != MD_BLOCK_H || r->depth > 0) return 0;
    if (((const MD_BLOCK_H_DETAIL *)detail)->level == 1 && !r->titled) {
        r->titled = r->code = true; /* the book's title is the note's */
        return 0;
    }
    if (begin_part(r) != 0) return ER_MARKDOWN_STOP;
    r->heading = true;
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct reader *r = ctx;
    if (type == MD_BLOCK_LI) r->depth--;
    if (type == MD_BLOCK_CODE || type == MD_BLOCK_HTML || type == MD_BLOCK_H) r->code = false;
    if (type == MD_BLOCK_H) r->heading = false;
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct reader *r = ctx;
    struct er_plain *to = words(r);
    if (type == MD_SPAN_A && !r->link) return to ? begin_link(r, detail) : 0;
    if (to) er_plain_enter(to, type);
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct reader *r = ctx;
    struct er_plain *to = words(r);
    if (type == MD_SPAN_A) return r->link && to && to->pictures == 0 ? end_link(r) : 0;
    if (to) er_plain_leave(to, type, r->note.text + r->note.seen);
    return 0;
}

static int take_text(MD_TEXTTYPE type, const char *text, MD_SIZE size, void *ctx)
{
    struct reader *r = ctx;
    struct er_plain *to = words(r);
    const char *own = er_markdown_own(&r->note, text, size);
    if (r->link && r->link->line == 0 && own) {
        er_place_move(&r->place, (size_t)(own - r->note.text));
        r->link->line = r->place.line;
    }
    if (!to) return 0;
    er_plain_text(to, type, own ? own : text, size);
    return to->text.status == ER_OK ? 0 : no_memory(r);
}

/* --- what is read */

static bool tidy(struct er_chapters *chapters)
{
    static const char tab[] = "[target=_blank]";
    bool whole = true;
    for (int64_t i = 0; i < chapters->parts; i++) {
        er_plain_trim(&chapters->part[i].title);
        whole = whole && chapters->part[i].title.text.status == ER_OK;
    }
    for (int64_t i = 0; i < chapters->items; i++) {
        struct er_chapters_item *of = &chapters->item[i];
        struct er_plain *after = &of->words[ER_ITEM_AFTER];
        char *mark = after->text.data ? strstr(after->text.data, tab) : NULL;
        if (mark) {
            const size_t rest = after->text.length - (size_t)(mark - after->text.data) - (sizeof tab - 1);
            memmove(mark, mark + sizeof tab - 1, rest + 1);
            after->text.length -= sizeof tab - 1;
            of->tab = true;
        }
        for (int w = ER_ITEM_BEFORE; w <= ER_ITEM_AFTER; w++) {
            er_plain_trim(&of->words[w]);
            whole = whole && of->words[w].text.status == ER_OK;
        }
    }
    return whole;
}

enum er_status er_chapters_read(const struct er_note *note, struct er_chapters *out, struct er_error *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_STRIKETHROUGH | MD_FLAG_LATEXMATHSPANS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    struct er_chapters read = {0};
    struct reader r = {
        .note = {.text = note->text, .body = note->front.body, .n = note->length, .file = note->file},
        .name = er_note_name(note),
        .place = {.text = note->text, .line = 1},
        .out = &read,
        .err = err,
    };
    enum er_status status = er_markdown_read(&r.note, &parser, &r, err);
    if (status == ER_OK) status = r.status;
    if (status == ER_OK && !tidy(&read))
        status = er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
    if (status == ER_OK)
        *out = read;
    else
        er_chapters_clear(&read);
    return status;
}

void er_chapters_clear(struct er_chapters *chapters)
{
    for (int64_t i = 0; i < chapters->parts; i++) er_buffer_clear(&chapters->part[i].title.text);
    for (int64_t i = 0; i < chapters->items; i++) {
        for (int w = ER_ITEM_BEFORE; w <= ER_ITEM_AFTER; w++)
            er_buffer_clear(&chapters->item[i].words[w].text);
        er_free(chapters->item[i].address);
    }
    for (int64_t i = 0; i < chapters->chapters; i++) er_free(chapters->chapter[i].path);
    er_free(chapters->part);
    er_free(chapters->item);
    er_free(chapters->chapter);
    *chapters = (struct er_chapters){0};
}
