/* book_data.c - what a page is told of the book that it is of, as JSON. */
#include "note/book_data.h"

#include "note/chapter_path.h"

#include <string.h>

/* Values are taken; a NULL among them, or memory that is out, is remembered in *failed. */
static void put(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (json_object_set_new(object, key, value) != 0) *failed = true;
}

static void append(json_t *array, json_t *value, bool *failed)
{
    if (json_array_append_new(array, value) != 0) *failed = true;
}

static const char *plain(const struct er_plain *words)
{
    return words->text.data ? words->text.data : "";
}

static bool is_there(const struct er_book *book, int64_t chapter)
{
    return book->text[chapter].title != NULL;
}

/* --- contents */

static json_t *address_of(const struct er_book *book, const struct er_chapters_item *item)
{
    if (!item->address || (item->chapter >= 0 && !is_there(book, item->chapter))) return NULL;
    if (item->chapter < 0) return json_string(item->address);
    const char *fragment = strchr(item->address, '#');
    return json_sprintf("%s%s", book->page[item->chapter], fragment ? fragment : "");
}

static json_t *item_data(const struct er_book *book, const struct er_chapters_item *item, bool *failed)
{
    json_t *object = json_object();
    const char *before = plain(&item->words[ER_ITEM_BEFORE]), *after = plain(&item->words[ER_ITEM_AFTER]);
    put(object, "text", json_string(item->linked ? plain(&item->words[ER_ITEM_LINK]) : before), failed);
    if (item->linked && before[0]) put(object, "before", json_string(before), failed);
    if (after[0]) put(object, "after", json_string(after), failed);
    json_t *address = address_of(book, item);
    if (address) put(object, "href", address, failed);
    put(object, "open", json_string(item->tab ? "tab" : "pane"), failed);
    return object;
}

/* Items [*next, end) that are as deep as the first of them, each with those below it. */
static json_t *items_data(const struct er_book *book, int64_t *next, int64_t end, bool *failed)
{
    json_t *list = json_array();
    const struct er_chapters_item *item = book->list.item;
    const int64_t depth = *next < end ? item[*next].depth : 0;
    while (*next < end && item[*next].depth == depth) {
        json_t *object = item_data(book, &item[*next], failed);
        ++*next;
        if (*next < end && item[*next].depth > depth)
            put(object, "items", items_data(book, next, end, failed), failed);
        append(list, object, failed);
    }
    return list;
}

static json_t *parts_data(const struct er_book *book, bool *failed)
{
    json_t *list = json_array();
    for (int64_t p = 0; p < book->list.parts; p++) {
        int64_t next = book->list.part[p].first;
        const int64_t end = p + 1 < book->list.parts ? book->list.part[p + 1].first : book->list.items;
        json_t *part = json_object();
        put(part, "title", json_string(plain(&book->list.part[p].title)), failed);
        put(part, "items", items_data(book, &next, end, failed), failed);
        append(list, part, failed);
    }
    return list;
}

/* --- neighbours */

/* What the list calls a chapter, else what it calls itself. */
static const char *name_of(const struct er_book *book, int64_t chapter)
{
    for (int64_t i = 0; i < book->list.items; i++) {
        const char *words = plain(&book->list.item[i].words[ER_ITEM_LINK]);
        if (book->list.item[i].chapter == chapter && words[0]) return words;
    }
    return book->text[chapter].title;
}

static json_t *neighbour(const struct er_book *book, int64_t i, int64_t step)
{
    for (i += step; i >= 0 && i < book->list.chapters; i += step)
        if (is_there(book, i)) return json_pack("{ss, ss}", "href", book->page[i], "text", name_of(book, i));
    return i == ER_BOOK_INDEX && step < 0
               ? json_pack("{ss, ss}", "href", ER_BOOK_INDEX_PAGE, "text", book->title)
               : json_null();
}

/* --- search, and addresses */

static json_t *search_data(const struct er_book *book, bool *failed)
{
    json_t *list = json_array();
    append(list,
           json_pack("{ss, ss, ss}", "href", ER_BOOK_INDEX_PAGE, "title", book->index.title, "text",
                     book->index.prose),
           failed);
    for (int64_t i = 0; i < book->list.chapters; i++)
        if (is_there(book, i))
            append(list,
                   json_pack("{ss, ss, ss}", "href", book->page[i], "title", book->text[i].title, "text",
                             book->text[i].prose),
                   failed);
    return list;
}

static void put_link(json_t *links, const char *from, const char *to, const char *page, bool *failed)
{
    struct er_buffer address = {0};
    er_chapter_address(from, to, &address);
    if (address.status == ER_OK)
        put(links, address.data, json_string(page), failed);
    else
        *failed = true;
    er_buffer_clear(&address);
}

static json_t *links_data(const struct er_book *book, const char *from, bool *failed)
{
    json_t *links = json_object();
    put_link(links, from, book->name, ER_BOOK_INDEX_PAGE, failed);
    for (int64_t i = 0; i < book->list.chapters; i++)
        if (is_there(book, i)) put_link(links, from, book->list.chapter[i].path, book->page[i], failed);
    return links;
}

json_t *er_book_data(const struct er_book *book, int64_t i)
{
    bool failed = false;
    json_t *object = json_object();
    const bool index = i == ER_BOOK_INDEX;
    put(object, "title", json_string(book->title), &failed);
    put(object, "parts", parts_data(book, &failed), &failed);
    put(object, "here", json_string(index ? "" : book->page[i]), &failed);
    put(object, "previous", index ? json_null() : neighbour(book, i, -1), &failed);
    put(object, "next", neighbour(book, i, 1), &failed);
    put(object, "search", search_data(book, &failed), &failed);
    put(object, "links", links_data(book, index ? book->name : book->list.chapter[i].path, &failed), &failed);
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}
