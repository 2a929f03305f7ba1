/* train_first.c - networks of runs after their first epoch. */
#include "experiments/train_first.h"

#include "experiments/followed.h"
#include "experiments/train_measures.h"

#include <ermine/memory.h>
#include <string.h>

static size_t bytes_of(const struct er_member *member)
{
    return (size_t)(er_net_parameters(member->net) + er_net_statistics(member->net)) * sizeof(float);
}

/* Room for a run's network. */
static enum er_status make_room(struct er_train_first *first, const struct er_lots_member *whose, float **out,
                                struct er_error *err)
{
    float **network = &first->network[whose->run];
    if (!*network) *network = er_alloc((int64_t)bytes_of(whose->member), 1);
    *out = *network;
    return *out ? ER_OK : er_fail(err, ER_E_NOMEM, "train: out of memory for the network after an epoch");
}

enum er_status er_train_first_new(const struct er_run_events *events, int64_t n, struct er_train_first *out,
                                  struct er_error *err)
{
    *out = (struct er_train_first){events, n, er_alloc(n, sizeof *out->network)};
    return out->network ? ER_OK
                        : er_fail(err, ER_E_NOMEM, "train: out of memory for %lld runs", (long long)n);
}

void er_train_first_clear(struct er_train_first *first)
{
    for (int64_t i = 0; first->network && i < first->n; i++) er_free(first->network[i]);
    er_free(first->network);
    *first = (struct er_train_first){0};
}

void er_train_first_release(struct er_train_first *first, int64_t run)
{
    er_free(first->network[run]);
    first->network[run] = NULL;
}

enum er_status er_train_first_begin(struct er_train_first *first, const struct er_lots_member *whose,
                                    bool *skip, const void **state, size_t *bytes, struct er_error *err)
{
    struct er_followed_part trainer, gathered;
    float *network;
    if (!er_train_measures_first_epoch(whose->point))
        return first->events->begin(first->events->ctx, whose->run, skip, state, bytes, err);
    enum er_status status = er_followed_begin(first->events, whose->run, skip, &trainer, &gathered, err);
    if (status != ER_OK || *skip) return status;
    *state = trainer.at;
    *bytes = trainer.bytes;
    if (gathered.bytes != bytes_of(whose->member)) return ER_OK;
    status = make_room(first, whose, &network, err);
    if (status == ER_OK) memcpy(network, gathered.at, gathered.bytes);
    return status;
}

enum er_status er_train_first_checkpoint(const struct er_train_first *first,
                                         const struct er_lots_member *whose, const void *state, size_t bytes,
                                         struct er_error *err)
{
    const float *network = first->network[whose->run];
    if (!er_train_measures_first_epoch(whose->point))
        return first->events->checkpoint(first->events->ctx, whose->run, state, bytes, err);
    return er_followed_checkpoint(first->events, whose->run, (struct er_followed_part){state, bytes},
                                  (struct er_followed_part){network, network ? bytes_of(whose->member) : 0},
                                  err);
}

enum er_status er_train_first_take(struct er_train_first *first, const struct er_lots_member *whose,
                                   const struct er_kept *kept, struct er_error *err)
{
    const int64_t P = er_net_parameters(whose->member->net), S = er_net_statistics(whose->member->net);
    float *network;
    if (kept->moment != ER_KEPT_EPOCH || kept->epoch != 1 || !er_train_measures_first_epoch(whose->point))
        return ER_OK;
    const enum er_status status = make_room(first, whose, &network, err);
    if (status != ER_OK) return status;
    memcpy(network, kept->w, (size_t)P * sizeof *network);
    if (S) memcpy(network + P, kept->statistics, (size_t)S * sizeof *network);
    return ER_OK;
}
