/* followed.c - see followed.h: a checkpoint is the length of the trainer's state, that state, and what was gathered. */
#include "experiments/followed.h"

#include <ermine/memory.h>
#include <stdint.h>
#include <string.h>

enum er_status er_followed_begin(const struct er_run_events *events, int64_t run, bool *skip,
                                 struct er_followed_part *trainer, struct er_followed_part *gathered,
                                 struct er_error *err)
{
    const void *state = NULL;
    size_t bytes = 0;
    uint64_t first = 0;
    *trainer = *gathered = (struct er_followed_part){0};
    const enum er_status status = events->begin(events->ctx, run, skip, &state, &bytes, err);
    if (status != ER_OK || *skip || !state || bytes < sizeof first) return status;
    memcpy(&first, state, sizeof first);
    if (first > bytes - sizeof first) return ER_OK;
    *trainer = (struct er_followed_part){(const char *)state + sizeof first, first};
    *gathered =
        (struct er_followed_part){(const char *)trainer->at + first, bytes - sizeof first - (size_t)first};
    return ER_OK;
}

enum er_status er_followed_checkpoint(const struct er_run_events *events, int64_t run,
                                      struct er_followed_part trainer, struct er_followed_part gathered,
                                      struct er_error *err)
{
    const uint64_t first = trainer.bytes;
    const size_t bytes = sizeof first + trainer.bytes + gathered.bytes;
    if (!events->checkpoint) return ER_OK;
    char *state = er_alloc((int64_t)bytes, 1);
    if (!state) return er_fail(err, ER_E_NOMEM, "out of memory for a checkpoint of %zu bytes", bytes);
    memcpy(state, &first, sizeof first);
    memcpy(state + sizeof first, trainer.at, trainer.bytes);
    if (gathered.bytes) memcpy(state + sizeof first + trainer.bytes, gathered.at, gathered.bytes);
    const enum er_status status = events->checkpoint(events->ctx, run, state, bytes, err);
    er_free(state);
    return status;
}
