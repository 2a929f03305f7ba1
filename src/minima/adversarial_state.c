/* adversarial_state.c - a head with a checksum, weights in the second training, er_train()'s own bytes. */
#include "minima/adversarial_state.h"

#include <ermine/hash.h>
#include <ermine/memory.h>
#include <stdio.h>
#include <string.h>

struct head {
    char checksum[ER_SHA256_HEX]; /* of all behind it */
    char second, missed;          /* second: P + S floats follow */
    char identity[ER_SHA256_HEX]; /* of what the first training depends on, but the examples and the layers */
    double seconds;
};

static void identify(const struct er_minimum_request *r, char identity[ER_SHA256_HEX])
{
    const struct er_train_spec *pre = &r->settings.pretrain;
    const struct er_optimiser *o = &pre->optimiser;
    const struct er_schedule *h = &pre->schedule;
    char text[1024];
    const int n = snprintf(text, sizeof text,
                           "%llu %llu %lld %a %s %a %a %d %a %d %a %a %a %a %lld %d %a %a %a %a %a %a %lld "
                           "%lld %a %lld %d %lld %lld",
                           (unsigned long long)r->seed_initialise, (unsigned long long)r->seed_batches,
                           (long long)r->settings.copies, r->settings.drop, o->name, o->rate, o->momentum,
                           o->nesterov, o->weight_decay, o->decoupled, o->beta1, o->beta2, o->epsilon, o->rho,
                           (long long)o->batch, (int)h->kind, h->factor, h->every, h->floor, h->warm_up,
                           pre->stop.train_loss, pre->stop.train_error, (long long)pre->stop.epochs,
                           (long long)pre->stop.steps, pre->stop.seconds, (long long)pre->stop.plateau,
                           pre->drop_rest, (long long)r->train->n, (long long)er_net_parameters(r->net));
    er_sha256(text, (size_t)n, identity);
}

/* Bytes of the weights, and of the statistics. */
static void sizes(const struct er_minimum_request *request, size_t size[2])
{
    size[0] = (size_t)er_net_parameters(request->net) * sizeof(float);
    size[1] = (size_t)er_net_statistics(request->net) * sizeof(float);
}

enum er_status er_adversarial_write(const struct er_minimum_request *request,
                                    const struct er_adversarial_state *state, unsigned char **out,
                                    size_t *bytes, struct er_error *err)
{
    struct head head = {.second = state->second, .missed = state->missed, .seconds = state->seconds};
    size_t size[2];
    sizes(request, size);
    const size_t weights = state->second ? size[0] + size[1] : 0;
    const size_t n = sizeof head + weights + state->inner_bytes;
    unsigned char *block = er_alloc((int64_t)n, 1);
    if (!block) return er_fail(err, ER_E_NOMEM, "adversarial: out of memory for a checkpoint");
    unsigned char *at = block + sizeof head;
    identify(request, head.identity);
    memcpy(block, &head, sizeof head);
    if (weights) {
        memcpy(at, state->start, size[0]);
        memcpy(at + size[0], state->statistics, size[1]);
    }
    if (state->inner_bytes) memcpy(at + weights, state->inner, state->inner_bytes);
    er_sha256(block + sizeof head.checksum, n - sizeof head.checksum, head.checksum);
    memcpy(block, head.checksum, sizeof head.checksum);
    *out = block;
    *bytes = n;
    return ER_OK;
}

void er_adversarial_read(const struct er_minimum_request *request, const unsigned char *from, size_t bytes,
                         struct er_adversarial_state *state)
{
    struct head head;
    char checksum[ER_SHA256_HEX], identity[ER_SHA256_HEX];
    size_t size[2];
    if (!from || bytes < sizeof head) return;
    memcpy(&head, from, sizeof head);
    er_sha256(from + sizeof head.checksum, bytes - sizeof head.checksum, checksum);
    identify(request, identity);
    sizes(request, size);
    const size_t weights = head.second ? size[0] + size[1] : 0;
    if (memcmp(checksum, head.checksum, sizeof checksum) != 0 || bytes < sizeof head + weights ||
        memcmp(identity, head.identity, sizeof identity) != 0)
        return;
    state->second = head.second;
    state->missed = head.missed;
    state->seconds = head.seconds;
    if (weights) {
        memcpy(state->start, from + sizeof head, size[0]);
        memcpy(state->statistics, from + sizeof head + size[0], size[1]);
    }
    state->inner = from + sizeof head + weights;
    state->inner_bytes = bytes - sizeof head - weights;
}
