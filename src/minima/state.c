/* state.c - a checksum, the search that it belongs to, and parts one behind the other. */
#include "minima/state.h"

#include "core/clock.h"

#include <ermine/hash.h>
#include <ermine/memory.h>
#include <stdio.h>
#include <string.h>

struct head {
    char checksum[ER_SHA256_HEX]; /* of all behind it */
    char identity[ER_SHA256_HEX]; /* what the search is a function of */
};

static void identify(const struct er_minimum_request *r, char identity[ER_SHA256_HEX])
{
    const struct er_minima_settings *s = &r->settings;
    const struct er_langevin *l = &s->langevin;
    const struct er_optimiser *o = &r->spec.optimiser;
    char text[1024];
    const int n = snprintf(
        text, sizeof text, "%s %llu %llu %lld %lld %lld %lld %a %d %a %a %lld %lld %lld %a %a %a %a",
        r->sampler->info.name, (unsigned long long)r->seed_initialise, (unsigned long long)r->seed_batches,
        (long long)er_net_parameters(r->net), (long long)r->train->n, (long long)s->draws, (long long)s->most,
        s->scale, (int)s->objective, s->radius, l->temperature, (long long)l->burn, (long long)l->thin,
        (long long)l->samples, o->rate, o->weight_decay, r->spec.stop.train_loss, r->spec.stop.train_error);
    er_sha256(text, (size_t)n, identity);
}

void er_state_begin(struct er_state *state, double seconds)
{
    state->offered = er_clock_s();
    state->began = state->offered - seconds;
}

double er_state_seconds(const struct er_state *state)
{
    return er_clock_s() - state->began;
}

static enum er_status offer(const struct er_state *state, const struct er_state_part *part, int parts,
                            struct er_error *err)
{
    const struct er_minima_events *events = state->sampling->events;
    struct head head = {0};
    size_t bytes = sizeof head;
    for (int i = 0; i < parts; i++) bytes += part[i].bytes;
    unsigned char *block = er_alloc((int64_t)bytes, 1);
    if (!block) return er_fail(err, ER_E_NOMEM, "minima: out of memory for a checkpoint");
    identify(&state->sampling->request[state->number], head.identity);
    memcpy(block, &head, sizeof head);
    unsigned char *at = block + sizeof head;
    for (int i = 0; i < parts; at += part[i++].bytes)
        if (part[i].bytes) memcpy(at, part[i].at, part[i].bytes);
    er_sha256(block + sizeof head.checksum, bytes - sizeof head.checksum, head.checksum);
    memcpy(block, head.checksum, sizeof head.checksum);
    const enum er_status status = events->checkpoint(events->ctx, state->number, block, bytes, err);
    er_free(block);
    return status;
}

enum er_status er_state_pause(struct er_state *state, bool stop, const struct er_state_part *part, int parts,
                              struct er_error *err)
{
    const struct er_minima_events *events = state->sampling->events;
    enum er_status status = ER_OK;
    const bool due =
        events->checkpoint_seconds > 0 && er_clock_s() - state->offered >= events->checkpoint_seconds;
    if (events->checkpoint && (due || stop)) {
        status = offer(state, part, parts, err);
        state->offered = er_clock_s();
    }
    return status == ER_OK && stop ? er_fail(err, ER_E_STOPPED, "minima: stopped") : status;
}

bool er_state_take(const struct er_minimum_request *request, const void *from, size_t bytes,
                   struct er_state_part *part, int parts)
{
    const unsigned char *at = from;
    struct head head;
    char checksum[ER_SHA256_HEX], identity[ER_SHA256_HEX];
    size_t least = sizeof head;
    for (int i = 0; i < parts - 1; i++) least += part[i].bytes;
    const size_t item = part[parts - 1].bytes;
    if (!from || bytes < least || (item > 0 && (bytes - least) % item != 0)) return false;
    memcpy(&head, from, sizeof head);
    er_sha256(at + sizeof head.checksum, bytes - sizeof head.checksum, checksum);
    identify(request, identity);
    if (memcmp(checksum, head.checksum, sizeof checksum) != 0 ||
        memcmp(identity, head.identity, sizeof identity) != 0)
        return false;
    at += sizeof head;
    for (int i = 0; i < parts - 1; at += part[i++].bytes)
        if (part[i].bytes) memcpy(part[i].at, at, part[i].bytes);
    part[parts - 1] = (struct er_state_part){(void *)(uintptr_t)at, bytes - least};
    return true;
}
