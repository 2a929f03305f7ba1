/* ids.c - the ids of a page: a hash set (FNV-1a, open addressing) of those that were given. */
#include "note/ids.h"

#include "core/buffer.h"
#include "note/utf8.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wctype.h>

struct given {
    const char *id;
    int64_t repeats; /* highest suffix given to it */
};

struct er_ids {
    struct er_arena *arena;
    struct given *slot; /* room of them, a power of two, at most half full */
    int64_t room, count;
    locale_t unicode; /* character classes; (locale_t)0: this system has no such locale */
};

enum er_status er_ids_new(struct er_ids **out, struct er_error *err)
{
    struct er_ids *ids = er_alloc(1, sizeof *ids);
    if (!ids) goto fail;
    ids->room = 64;
    ids->slot = er_alloc(ids->room, sizeof *ids->slot);
    if (!ids->slot || er_arena_new((size_t)1 << 30, &ids->arena, NULL) != ER_OK) goto fail;
    ids->unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    *out = ids;
    return ER_OK;
fail:
    er_ids_free(ids);
    return er_fail(err, ER_E_NOMEM, "out of memory for the ids of a page");
}

void er_ids_free(struct er_ids *ids)
{
    if (!ids) return;
    if (ids->unicode) freelocale(ids->unicode);
    er_arena_free(ids->arena);
    er_free(ids->slot);
    er_free(ids);
}

/* The slot of `id`, or the empty one where it would go. */
static struct given *find(struct given *slot, int64_t room, const char *id)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *c = id; *c; c++) hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    uint64_t i = (hash ^ hash >> 32) & (uint64_t)(room - 1);
    while (slot[i].id && strcmp(slot[i].id, id) != 0) i = (i + 1) & (uint64_t)(room - 1);
    return &slot[i];
}

static bool make_room(struct er_ids *ids)
{
    if (2 * (ids->count + 1) <= ids->room) return true;
    struct given *slot = er_alloc(2 * ids->room, sizeof *slot);
    if (!slot) return false;
    for (int64_t i = 0; i < ids->room; i++)
        if (ids->slot[i].id) *find(slot, 2 * ids->room, ids->slot[i].id) = ids->slot[i];
    er_free(ids->slot);
    ids->slot = slot;
    ids->room *= 2;
    return true;
}

/* Combining marks that are not alphabetic. */
static bool mark(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) ||
           (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xfe20 && c <= 0xfe2f);
}

static uint32_t lower(const struct er_ids *ids, uint32_t c)
{
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    return ids->unicode ? (uint32_t)towlower_l((wint_t)c, ids->unicode) : c;
}

static bool kept(const struct er_ids *ids, uint32_t c)
{
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ' ';
    return !ids->unicode || iswalnum_l((wint_t)c, ids->unicode) || mark(c);
}

static void slug(const struct er_ids *ids, const char *text, size_t n, struct er_buffer *out)
{
    while (n > 0 && strchr(" \t\n", text[0])) {
        text++;
        n--;
    }
    while (n > 0 && strchr(" \t\n", text[n - 1])) n--;
    for (size_t i = 0, bytes; i < n; i += bytes) {
        uint32_t c;
        bytes = er_utf8_next(text + i, n - i, &c);
        if (bytes == 0) {
            bytes = 1;
            continue;
        }
        c = lower(ids, c == '\n' || c == '\t' ? ' ' : c);
        if (!kept(ids, c)) continue;
        char utf8[4];
        if (c == ' ')
            er_buffer_char(out, '-');
        else
            er_buffer_add(out, utf8, er_utf8_put(c, utf8));
    }
    if (out->length == 0) er_buffer_text(out, "section");
}

enum er_status er_ids_give(struct er_ids *ids, const char *text, size_t n, const char **id,
                           struct er_error *err)
{
    struct er_buffer wanted = {0};
    slug(ids, text, n, &wanted);
    const size_t stem = wanted.length;
    if (wanted.status != ER_OK || !make_room(ids)) goto fail;
    struct given *first = find(ids->slot, ids->room, wanted.data), *slot = first;
    while (slot->id) {
        wanted.length = stem;
        er_buffer_format(&wanted, "-%" PRId64, ++first->repeats);
        if (wanted.status != ER_OK) goto fail;
        slot = find(ids->slot, ids->room, wanted.data);
    }
    char *copy = er_arena_strndup(ids->arena, wanted.data, wanted.length);
    if (!copy) goto fail;
    slot->id = copy;
    ids->count++;
    *id = copy;
    er_buffer_clear(&wanted);
    return ER_OK;
fail:
    er_buffer_clear(&wanted);
    return er_fail(err, ER_E_NOMEM, "out of memory for the ids of a page");
}
