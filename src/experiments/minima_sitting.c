/* minima_sitting.c - a sealed head; rows of each kind; requests that are done; a sampler's bytes. */
#include "experiments/minima_sitting.h"

#include "core/clock.h"
#include "experiments/seal.h"

#include <ermine/memory.h>
#include <string.h>

struct head {
    char seal[ER_SEAL];
    int64_t calls, requests, inner_bytes;
    int64_t rows[ER_SITTING_KINDS], tried[ER_SITTING_KINDS];
    double seconds;
};

enum er_status er_asked_add(struct er_asked *asked, const struct er_asked_row *row, struct er_error *err)
{
    if (asked->n == asked->room) {
        const int64_t room = asked->room ? 2 * asked->room : 64;
        struct er_asked_row *grown = er_grow(asked->row, asked->room, room, sizeof *grown);
        if (!grown) return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld minima", (long long)room);
        asked->row = grown;
        asked->room = room;
    }
    asked->row[asked->n++] = *row;
    return ER_OK;
}

void er_asked_clear(struct er_asked *asked)
{
    er_free(asked->row);
    *asked = (struct er_asked){0};
}

void er_sitting_clear(struct er_sitting *sitting)
{
    for (int k = 0; k < ER_SITTING_KINDS; k++) er_asked_clear(&sitting->asked[k]);
}

double er_sitting_seconds(const struct er_sitting *sitting)
{
    return er_clock_s() - sitting->began;
}

bool er_sitting_due(const struct er_sitting *sitting)
{
    const double apart = sitting->events->checkpoint_seconds;
    return sitting->events->checkpoint && apart > 0 && er_clock_s() - sitting->offered >= apart;
}

/* Whether bytes are a checkpoint, and its head: the bytes are as many as it counts. */
static bool read_head(const unsigned char *state, size_t bytes, struct head *head)
{
    if (bytes < sizeof *head || !er_seal_holds(state, bytes)) return false;
    memcpy(head, state, sizeof *head);
    size_t left = bytes - sizeof *head;
    for (int k = 0; k < ER_SITTING_KINDS; k++) {
        if (head->rows[k] < 0 || (size_t)head->rows[k] > left / sizeof(struct er_asked_row)) return false;
        left -= (size_t)head->rows[k] * sizeof(struct er_asked_row);
    }
    return head->requests >= 0 && (size_t)head->requests <= left && head->inner_bytes >= 0 &&
           (size_t)head->inner_bytes == left - (size_t)head->requests;
}

enum er_status er_sitting_begin(struct er_sitting *sitting, const void *state, size_t bytes,
                                struct er_error *err)
{
    const unsigned char *at = state;
    struct head head;
    enum er_status status = ER_OK;
    sitting->began = sitting->offered = er_clock_s();
    if (!read_head(at, bytes, &head)) return ER_OK;
    at += sizeof head;
    for (int k = 0; k < ER_SITTING_KINDS; k++) {
        for (int64_t i = 0; i < head.rows[k] && status == ER_OK; i++, at += sizeof(struct er_asked_row)) {
            struct er_asked_row row;
            memcpy(&row, at, sizeof row);
            status = er_asked_add(&sitting->asked[k], &row, err);
        }
        sitting->asked[k].tried = head.tried[k];
    }
    sitting->calls = head.calls;
    sitting->began -= head.seconds;
    sitting->done = at;
    sitting->requests = head.requests;
    sitting->inner = at + head.requests;
    sitting->inner_bytes = (size_t)head.inner_bytes;
    return status;
}

/* Whether a row belongs to a request that is not done. */
static bool is_open(const struct er_asked_row *row, int64_t first, const unsigned char *done,
                    int64_t requests)
{
    return row->request >= first && row->request < first + requests && !done[row->request - first];
}

enum er_status er_sitting_offer(struct er_sitting *sitting, int kind, int64_t first,
                                const unsigned char *done, int64_t requests, const void *inner,
                                size_t inner_bytes, struct er_error *err)
{
    const struct er_run_events *events = sitting->events;
    struct head head = {.calls = sitting->calls,
                        .requests = requests,
                        .inner_bytes = (int64_t)inner_bytes,
                        .seconds = er_sitting_seconds(sitting)};
    int64_t rows = 0;
    if (!events->checkpoint) return ER_OK;
    for (int k = 0; k < ER_SITTING_KINDS; k++) rows += sitting->asked[k].n;
    const int64_t most =
        (int64_t)sizeof head + rows * (int64_t)sizeof(struct er_asked_row) + requests + (int64_t)inner_bytes;
    unsigned char *block = er_alloc(most, 1);
    if (!block) return er_fail(err, ER_E_NOMEM, "minima: out of memory for a checkpoint");
    unsigned char *at = block + sizeof head;
    for (int k = 0; k < ER_SITTING_KINDS; k++) {
        const struct er_asked *asked = &sitting->asked[k];
        head.tried[k] = asked->tried;
        for (int64_t i = 0; i < asked->n; i++) {
            if (k == kind && is_open(&asked->row[i], first, done, requests)) continue;
            memcpy(at, &asked->row[i], sizeof asked->row[i]);
            at += sizeof asked->row[i];
            head.rows[k]++;
        }
    }
    if (requests) memcpy(at, done, (size_t)requests);
    if (inner_bytes) memcpy(at + requests, inner, inner_bytes);
    at += (size_t)requests + inner_bytes;
    memcpy(block, &head, sizeof head);
    er_seal_set(block, (size_t)(at - block));
    const enum er_status status =
        events->checkpoint(events->ctx, sitting->run, block, (size_t)(at - block), err);
    er_free(block);
    sitting->offered = er_clock_s();
    return status;
}
