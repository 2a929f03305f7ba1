/* names.c - texts numbered in the order in which they first come; a table of open addressing finds them
 * again.
 *
 * Most names are short numbers: a text of at most 8 bytes is its own key, so that one look into the table
 * tells it from all others. A longer one is hashed (FNV-1a of 64 bits) and compared.
 */
#include "data/names.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64, FIRST_ENDS = 32, FIRST_ROOM = 512, MOST_NAMES = INT32_MAX - 1 };

void er_names_clear(struct er_names *names)
{
    er_free(names->text);
    er_free(names->end);
    er_free(names->slot);
    *names = (struct er_names){0};
}

/* What stands for a text in the table; its number is not set. */
static struct er_name_slot key_of(const char *text, size_t length)
{
    struct er_name_slot key = {.whole = length <= sizeof key.key};
    if (key.whole) {
        memcpy(&key.key, text, length);
        return key;
    }
    key.key = 14695981039346656037U;
    for (size_t i = 0; i < length; i++) key.key = (key.key ^ (unsigned char)text[i]) * 1099511628211U;
    return key;
}

/* The place of a key in a table of `slots`: the high half of a product, in which all bits of the key are
 * mixed. */
static uint64_t place_of(uint64_t key, int64_t slots)
{
    const uint64_t mixed = (key ^ (key >> 32)) * 0x9e3779b97f4a7c15U;
    return (mixed >> 32) & ((uint64_t)slots - 1);
}

static const char *name_at(const struct er_names *names, int64_t i, size_t *length)
{
    const size_t start = i ? names->end[i - 1] : 0;
    *length = names->end[i] - start;
    return names->text + start;
}

/* The slot that holds the text, or the free one where it belongs. */
static struct er_name_slot *slot_of(const struct er_names *names, const struct er_name_slot *key,
                                    const char *text, size_t length)
{
    const uint64_t mask = (uint64_t)names->slots - 1;
    for (uint64_t at = place_of(key->key, names->slots);; at = (at + 1) & mask) {
        struct er_name_slot *slot = &names->slot[at];
        size_t other;
        if (slot->number == 0) return slot;
        if (slot->key != key->key || slot->whole != key->whole) continue;
        if (slot->whole) return slot;
        const char *name = name_at(names, slot->number - 1, &other);
        if (other == length && memcmp(name, text, length) == 0) return slot;
    }
}

static bool grow_slots(struct er_names *names)
{
    const int64_t slots = names->slots ? 2 * names->slots : FIRST_SLOTS;
    const uint64_t mask = (uint64_t)slots - 1;
    struct er_name_slot *slot = er_alloc(slots, sizeof *slot);
    if (!slot) return false;
    for (int64_t i = 0; i < names->slots; i++) {
        if (names->slot[i].number == 0) continue;
        uint64_t at = place_of(names->slot[i].key, slots);
        while (slot[at].number) at = (at + 1) & mask;
        slot[at] = names->slot[i];
    }
    er_free(names->slot);
    names->slot = slot;
    names->slots = slots;
    return true;
}

static bool grow_ends(struct er_names *names)
{
    const int64_t ends = names->ends ? 2 * names->ends : FIRST_ENDS;
    size_t *end = er_grow(names->end, names->ends, ends, sizeof *end);
    if (!end) return false;
    names->end = end;
    names->ends = ends;
    return true;
}

static bool grow_text(struct er_names *names, size_t length)
{
    size_t room = names->room ? names->room : FIRST_ROOM;
    while (room < names->length + length) room *= 2;
    char *text = er_grow(names->text, (int64_t)names->room, (int64_t)room, 1);
    if (!text) return false;
    names->text = text;
    names->room = room;
    return true;
}

static bool make_room(struct er_names *names, size_t length)
{
    if (names->n == names->ends && !grow_ends(names)) return false;
    if (names->room - names->length < length && !grow_text(names, length)) return false;
    return 3 * (names->n + 1) <= 2 * names->slots || grow_slots(names);
}

enum er_status er_names_number(struct er_names *names, const char *text, size_t length, int32_t *number,
                               struct er_error *err)
{
    struct er_name_slot key = key_of(text, length);
    struct er_name_slot *slot = names->slots ? slot_of(names, &key, text, length) : NULL;
    if (slot && slot->number) {
        *number = slot->number - 1;
        return ER_OK;
    }
    if (names->n == MOST_NAMES) return er_fail(err, ER_E_LIMIT, "more than %d different names", MOST_NAMES);
    if (!make_room(names, length))
        return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " names", names->n);
    memcpy(names->text + names->length, text, length);
    names->length += length;
    names->end[names->n] = names->length;
    slot = slot_of(names, &key, text, length);
    *number = (int32_t)names->n;
    key.number = (int32_t)++names->n;
    *slot = key;
    return ER_OK;
}

struct ordered {
    const char *text;
    size_t length;
    bool whole; /* a whole number without zeros before it */
    int32_t number;
};

static bool is_whole(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9') return false;
    return length == 1 || (length > 1 && text[0] != '0');
}

static int by_order(const void *left, const void *right)
{
    const struct ordered *a = left, *b = right;
    if (a->whole != b->whole) return a->whole ? -1 : 1;
    if (a->whole && a->length != b->length) return a->length < b->length ? -1 : 1;
    const int bytes = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    if (bytes) return bytes;
    return a->length < b->length ? -1 : a->length > b->length;
}

enum er_status er_names_order(const struct er_names *names, int32_t *order, struct er_error *err)
{
    struct ordered *o = er_alloc(names->n, sizeof *o);
    if (!o) return er_fail(err, ER_E_NOMEM, "out of memory to sort %" PRId64 " names", names->n);
    for (int64_t i = 0; i < names->n; i++) {
        o[i].text = name_at(names, i, &o[i].length);
        o[i].whole = is_whole(o[i].text, o[i].length);
        o[i].number = (int32_t)i;
    }
    if (names->n) qsort(o, (size_t)names->n, sizeof *o, by_order);
    for (int64_t i = 0; i < names->n; i++) order[i] = o[i].number;
    er_free(o);
    return ER_OK;
}

enum er_status er_names_block(const struct er_names *names, const int32_t *number, int64_t n, char ***out,
                              struct er_error *err)
{
    size_t length, bytes = (size_t)n * sizeof(char *);
    for (int64_t i = 0; i < n; i++) {
        name_at(names, number[i], &length);
        bytes += length + 1;
    }
    char **block = er_alloc((int64_t)bytes, 1);
    if (!block) return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " names", n);
    char *to = (char *)(block + n);
    for (int64_t i = 0; i < n; i++) {
        const char *name = name_at(names, number[i], &length);
        block[i] = memcpy(to, name, length); /* the block is zeroed: a NUL stands behind */
        to += length + 1;
    }
    *out = block;
    return ER_OK;
}
