/* part.c - what measures of a run share, made once. */
#include "measures/part.h"

#include "measures/measured.h"

#include <ermine/memory.h>

struct er_slot {
    const struct er_part *part;
    struct er_slot *next;
    enum er_status status;
    struct er_error why; /* of a failure */
    void *value;
};

static struct er_slot *find(const struct er_measured_run *run, const struct er_part *part)
{
    struct er_slot *slot = run->slots;
    while (slot && slot->part != part) slot = slot->next;
    return slot;
}

static void empty(struct er_slot *slot)
{
    if (slot->value && slot->part->clear) slot->part->clear(slot->value);
    er_free(slot->value);
    slot->value = NULL;
}

/* Makes a part; of a failure the slot keeps the reason alone. */
static enum er_status make(struct er_measured_run *run, const struct er_part *part, struct er_slot *slot)
{
    slot->part = part;
    slot->value = er_alloc(1, part->size);
    slot->status = slot->value
                       ? part->make(run, part->which, slot->value, &slot->why)
                       : er_fail(&slot->why, ER_E_NOMEM, "measures: out of memory for %s", part->name);
    if (slot->status != ER_OK) empty(slot);
    return slot->status;
}

enum er_status er_measured_part(struct er_measured_run *run, const struct er_part *part, void **out,
                                struct er_error *err)
{
    struct er_slot *slot = find(run, part);
    if (!slot) {
        slot = er_alloc(1, sizeof *slot);
        if (!slot) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %s", part->name);
        if (make(run, part, slot) == ER_E_NOMEM) {
            er_fail(err, ER_E_NOMEM, "%s", slot->why.msg);
            er_free(slot);
            return ER_E_NOMEM;
        }
        slot->next = run->slots;
        run->slots = slot;
    }
    if (slot->status != ER_OK) return er_fail(err, slot->status, "%s", slot->why.msg);
    *out = slot->value;
    return ER_OK;
}

const void *er_measured_made(const struct er_measured_run *run, const struct er_part *part)
{
    const struct er_slot *slot = find(run, part);
    return slot ? slot->value : NULL;
}

void er_slots_free(struct er_slot *slots)
{
    while (slots) {
        struct er_slot *next = slots->next;
        empty(slots);
        er_free(slots);
        slots = next;
    }
}
