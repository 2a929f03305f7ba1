/* memory.c - a list of sections, looked through from its start: a note has few. */
#include "note/memory.h"

#include <ermine/memory.h>
#include <string.h>

struct entry {
    struct entry *next;
    int64_t edition, shown; /* the last page that showed it */
    size_t share, length;
    char *text, *html;
};

struct er_page_memory {
    struct entry *first;
    int64_t page;
};

enum er_status er_page_memory_new(struct er_page_memory **out, struct er_error *err)
{
    struct er_page_memory *memory = er_alloc(1, sizeof *memory);
    if (!memory) return er_fail(err, ER_E_NOMEM, "out of memory for pages");
    *out = memory;
    return ER_OK;
}

static void entry_free(struct entry *entry)
{
    if (!entry) return;
    er_free(entry->text);
    er_free(entry->html);
    er_free(entry);
}

void er_page_memory_free(struct er_page_memory *memory)
{
    if (!memory) return;
    for (struct entry *entry = memory->first, *next; entry; entry = next) {
        next = entry->next;
        entry_free(entry);
    }
    er_free(memory);
}

bool er_page_memory_recall(struct er_page_memory *memory, const struct er_section_key *key,
                           struct er_buffer *html)
{
    for (struct entry *entry = memory ? memory->first : NULL; entry; entry = entry->next) {
        if (entry->edition != key->edition || entry->share != key->share ||
            strcmp(entry->text, key->text) != 0)
            continue;
        entry->shown = memory->page;
        er_buffer_add(html, entry->html, entry->length);
        return true;
    }
    return false;
}

void er_page_memory_keep(struct er_page_memory *memory, const struct er_section_key *key, const char *html,
                         size_t length)
{
    struct entry *entry = memory ? er_alloc(1, sizeof *entry) : NULL;
    if (!entry) return;
    *entry = (struct entry){.next = memory->first,
                            .edition = key->edition,
                            .shown = memory->page,
                            .share = key->share,
                            .length = length,
                            .text = er_strdup(key->text),
                            .html = er_alloc((int64_t)length, 1)};
    if (!entry->text || !entry->html) {
        entry_free(entry);
        return;
    }
    memcpy(entry->html, html, length);
    memory->first = entry;
}

void er_page_memory_turn(struct er_page_memory *memory)
{
    if (!memory) return;
    memory->page++;
    for (struct entry **at = &memory->first; *at;) {
        struct entry *entry = *at;
        if (entry->shown + ER_PAGE_MEMORY_PAGES >= memory->page) {
            at = &entry->next;
        } else {
            *at = entry->next;
            entry_free(entry);
        }
    }
}
