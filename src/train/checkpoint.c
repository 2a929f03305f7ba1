/* checkpoint.c - a member's place as bytes: head, curve, weights, optimiser state.
 *
 * For the same program on the same machine; what stays is the result, not this. The head names the sizes, and
 * bytes that do not fit the member are refused.
 */
#include "train/trainee.h"

#include <ermine/memory.h>
#include <string.h>

static const char MAGIC[8] = {'E', 'R', 'T', 'R', 'A', 'I', 'N', '1'};

struct head {
    char magic[8];
    uint64_t seed;
    int64_t P, n_states, n, batch, steps, best_epoch, n_curve;
    double best_loss, seconds, flops;
};

/* Bytes behind the head. */
static size_t body_bytes(int64_t n_curve, int64_t P, int n_states)
{
    return (size_t)n_curve * sizeof(struct er_curve_point) +
           (size_t)P * (size_t)(1 + n_states) * sizeof(float);
}

size_t er_checkpoint_bytes(const struct er_trainee *t)
{
    return sizeof(struct head) + body_bytes(t->n_curve, t->P, t->n_states);
}

static unsigned char *put(unsigned char *to, const void *from, size_t n)
{
    if (n) memcpy(to, from, n);
    return to + n;
}

void er_checkpoint_write(const struct er_trainee *t, unsigned char *out)
{
    struct head head = {
        .seed = t->member->seed,
        .P = t->P,
        .n_states = t->n_states,
        .n = t->n,
        .batch = t->batch,
        .steps = t->steps,
        .best_epoch = t->best_epoch,
        .n_curve = t->n_curve,
        .best_loss = t->best_loss,
        .seconds = t->seconds,
        .flops = t->flops,
    };
    memcpy(head.magic, MAGIC, sizeof MAGIC);
    out = put(out, &head, sizeof head);
    out = put(out, t->curve, (size_t)t->n_curve * sizeof *t->curve);
    out = put(out, t->w, (size_t)t->P * sizeof *t->w);
    put(out, t->state, (size_t)t->P * (size_t)t->n_states * sizeof *t->state);
}

enum er_status er_checkpoint_read(struct er_trainee *t, const unsigned char *in, size_t bytes,
                                  struct er_error *err)
{
    struct head head;
    if (bytes < sizeof head) return er_fail(err, ER_E_INPUT, "checkpoint: %zu bytes are too few", bytes);
    memcpy(&head, in, sizeof head);
    in += sizeof head;
    const bool fits = memcmp(head.magic, MAGIC, sizeof MAGIC) == 0 && head.seed == t->member->seed &&
                      head.P == t->P && head.n_states == t->n_states && head.n == t->n &&
                      head.batch == t->batch && head.steps >= 0 && head.n_curve >= 1 &&
                      head.n_curve <= head.steps + 1 &&
                      (size_t)head.n_curve <= bytes / sizeof(struct er_curve_point) &&
                      bytes - sizeof head == body_bytes(head.n_curve, t->P, t->n_states);
    if (!fits) return er_fail(err, ER_E_INPUT, "checkpoint: it is not of this member, or damaged");
    struct er_curve_point *curve = er_alloc(head.n_curve, sizeof *curve);
    if (!curve) return er_fail(err, ER_E_NOMEM, "checkpoint: out of memory");
    const size_t curve_bytes = (size_t)head.n_curve * sizeof *curve, w_bytes = (size_t)t->P * sizeof *t->w;
    memcpy(curve, in, curve_bytes);
    memcpy(t->w, in + curve_bytes, w_bytes);
    if (t->n_states) memcpy(t->state, in + curve_bytes + w_bytes, w_bytes * (size_t)t->n_states);
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
