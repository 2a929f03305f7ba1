/* checkpoint.c - a member's place as bytes: head, curve, weights, running statistics, optimiser state.
 *
 * For the same program on the same machine; what stays is the result, not this. The head carries the hash of
 * what the member is and the hash of all the rest, so that another member's bytes, and damaged ones, are
 * refused.
 */
#include "core/buffer.h"
#include "net/net.h"
#include "train/trainee.h"

#include <ermine/hash.h>
#include <ermine/memory.h>
#include <stddef.h>
#include <string.h>

static const char MAGIC[8] = {'E', 'R', 'T', 'R', 'A', 'I', 'N', '3'};

struct head {
    char magic[8];
    char sum[ER_SHA256_HEX + 7];    /* of all bytes behind it */
    char member[ER_SHA256_HEX + 7]; /* of describe() */
    int64_t steps, best_epoch, n_curve;
    double best_loss, seconds, flops;
};

enum { UNSUMMED = offsetof(struct head, member) };

static void describe_bytes(struct er_buffer *text, const char *what, const void *bytes, size_t n)
{
    char hash[ER_SHA256_HEX];
    er_sha256(bytes, n, hash);
    er_buffer_format(text, ";%s %s", what, hash);
}

/* Everything that a member's steps depend on but the data; and what it has kept on its way. */
static enum er_status describe(const struct er_member *m, char hex[ER_SHA256_HEX], struct er_error *err)
{
    struct er_buffer text = {0};
    const struct er_optimiser *o = &m->spec.optimiser;
    const struct er_schedule *s = &m->spec.schedule;
    const struct er_stop *stop = &m->spec.stop;
    er_buffer_format(&text, "%s %a %a %d %a %d %a %a %a %a %lld;", o->name, o->rate, o->momentum, o->nesterov,
                     o->weight_decay, o->decoupled, o->beta1, o->beta2, o->epsilon, o->rho,
                     (long long)o->batch);
    er_buffer_format(&text, "%d %a %a %a %a;", (int)s->kind, s->factor, s->every, s->floor, s->warm_up);
    er_buffer_format(&text, "%a %a %lld %lld %a %lld %lld %lld;", stop->train_error, stop->train_loss,
                     (long long)stop->epochs, (long long)stop->steps, stop->seconds, (long long)stop->plateau,
                     (long long)m->spec.early, (long long)m->spec.every);
    er_buffer_format(&text, "%llu %llu %lld %lld %s", (unsigned long long)m->seed_initialise,
                     (unsigned long long)m->seed_batches, (long long)m->train->n,
                     (long long)(m->test ? m->test->n : -1), m->net->loss->name);
    er_buffer_format(&text, ";%lld %d %d %d", (long long)m->augment.crop, (int)m->augment.padding,
                     m->augment.flip, m->spec.drop_rest);
    if (m->spec.test_last) er_buffer_text(&text, ";test last");
    if (m->keep && m->keep[0]) er_buffer_format(&text, ";keep %s", m->keep);
    if (m->keep_first_epoch) er_buffer_text(&text, ";keep first epoch");
    const size_t P = (size_t)er_net_parameters(m->net);
    if (m->initial) describe_bytes(&text, "from", m->initial, P * sizeof *m->initial);
    if (m->initial_statistics)
        describe_bytes(&text, "moments", m->initial_statistics,
                       (size_t)er_net_statistics(m->net) * sizeof *m->initial_statistics);
    if (m->mask) describe_bytes(&text, "mask", m->mask, P);
    for (int64_t i = 0; i < m->net->n; i++) {
        const struct er_node *node = &m->net->node[i];
        const struct er_layer *layer = &node->layer;
        er_buffer_format(&text, ";%s %lld %lld from", layer->ops->name, (long long)layer->n_in,
                         (long long)layer->n_out);
        for (int64_t b = 0; b < node->n_from; b++) er_buffer_format(&text, " %lld", (long long)node->from[b]);
        for (int a = 0; a < ER_ARGUMENTS; a++) er_buffer_format(&text, " %a", layer->argument[a]);
    }
    if (text.status == ER_OK) er_sha256(text.data, text.length, hex);
    const enum er_status status = text.status;
    er_buffer_clear(&text);
    return status == ER_OK ? ER_OK : er_fail(err, status, "checkpoint: out of memory");
}

/* Bytes behind the head. */
static size_t body_bytes(const struct er_trainee *t, int64_t n_curve)
{
    return (size_t)n_curve * sizeof(struct er_curve_point) +
           ((size_t)t->P * (size_t)(1 + t->n_states) + (size_t)t->S) * sizeof(float);
}

size_t er_checkpoint_bytes(const struct er_trainee *t)
{
    return sizeof(struct head) + body_bytes(t, t->n_curve);
}

static unsigned char *put(unsigned char *to, const void *from, size_t n)
{
    if (n) memcpy(to, from, n);
    return to + n;
}

static const unsigned char *get(const unsigned char *from, void *to, size_t n)
{
    if (n) memcpy(to, from, n);
    return from + n;
}

enum er_status er_checkpoint_write(const struct er_trainee *t, unsigned char *out, struct er_error *err)
{
    struct head head = {
        .steps = t->steps,
        .best_epoch = t->best_epoch,
        .n_curve = t->n_curve,
        .best_loss = t->best_loss,
        .seconds = t->seconds,
        .flops = t->flops,
    };
    enum er_status status = describe(t->member, head.member, err);
    if (status != ER_OK) return status;
    memcpy(head.magic, MAGIC, sizeof MAGIC);
    unsigned char *at = put(out, &head, sizeof head);
    at = put(at, t->curve, (size_t)t->n_curve * sizeof *t->curve);
    at = put(at, t->w, (size_t)t->P * sizeof *t->w);
    at = put(at, t->statistics, (size_t)t->S * sizeof *t->statistics);
    put(at, t->state, (size_t)t->P * (size_t)t->n_states * sizeof *t->state);
    er_sha256(out + UNSUMMED, er_checkpoint_bytes(t) - UNSUMMED, head.sum);
    put(out, &head, sizeof head);
    return ER_OK;
}

enum er_status er_checkpoint_read(struct er_trainee *t, const unsigned char *in, size_t bytes,
                                  struct er_error *err)
{
    struct head head;
    char sum[ER_SHA256_HEX], member[ER_SHA256_HEX];
    if (bytes < sizeof head) return er_fail(err, ER_E_INPUT, "checkpoint: %zu bytes are too few", bytes);
    memcpy(&head, in, sizeof head);
    er_sha256(in + UNSUMMED, bytes - UNSUMMED, sum);
    enum er_status status = describe(t->member, member, err);
    if (status != ER_OK) return status;
    const bool fits = memcmp(head.magic, MAGIC, sizeof MAGIC) == 0 &&
                      memcmp(head.sum, sum, sizeof sum) == 0 &&
                      memcmp(head.member, member, sizeof member) == 0 && head.steps >= 0 &&
                      head.n_curve >= 1 && (size_t)head.n_curve <= bytes / sizeof(struct er_curve_point) &&
                      bytes - sizeof head == body_bytes(t, head.n_curve);
    if (!fits) return er_fail(err, ER_E_INPUT, "checkpoint: it is not of this member, or damaged");
    in += sizeof head;
    struct er_curve_point *curve = er_alloc(head.n_curve, sizeof *curve);
    if (!curve) return er_fail(err, ER_E_NOMEM, "checkpoint: out of memory");
    in = get(in, curve, (size_t)head.n_curve * sizeof *curve);
    in = get(in, t->w, (size_t)t->P * sizeof *t->w);
    in = get(in, t->statistics, (size_t)t->S * sizeof *t->statistics);
    get(in, t->state, (size_t)t->P * (size_t)t->n_states * sizeof *t->state);
    er_free(t->curve);
    t->curve = curve;
    t->n_curve = t->curve_room = head.n_curve;
    t->steps = head.steps;
    t->best_epoch = head.best_epoch;
    t->best_loss = head.best_loss;
    t->seconds = head.seconds;
    t->flops = head.flops;
    return ER_OK;
}
