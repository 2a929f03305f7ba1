/* pattern.c - the sampler `pattern`: pattern search.
 *
 *     for all (i, s), i of the P parameters, s = +-1, in random order, a block of 64 at a time:
 *         w <- the best of w + s r e_i in the block, where that lowers the objective
 *     r <- r / 2 after a pass over all of them that moved nothing;  r = 1 at first
 *
 * It looks at the objective alone, never at a gradient. Random are its start and the order of a pass, each a function
 * of (seed, pass).
 */
#include "minima/walk.h"

#include <ermine/memory.h>
#include <ermine/random.h>

/* Tries pairs [from, to) of the order and takes the best step if it is one. */
static bool try_block(struct er_walk *walk, const int64_t *order, int64_t from, int64_t to)
{
    double best = walk->objective;
    int64_t errors = walk->errors, chosen = -1;
    for (int64_t k = from; k < to; k++) {
        float *at = &walk->w[order[k] / 2];
        const float before = *at;
        int64_t wrong;
        *at += (float)(order[k] % 2 ? walk->radius : -walk->radius);
        const double objective = er_walk_try(walk, walk->w, &wrong);
        *at = before;
        if (!(objective < best)) continue;
        best = objective;
        errors = wrong;
        chosen = order[k];
    }
    if (chosen < 0) return false;
    walk->w[chosen / 2] += (float)(chosen % 2 ? walk->radius : -walk->radius);
    walk->objective = best;
    walk->errors = errors;
    return true;
}

static enum er_status steps(struct er_walk *walk, struct er_error *err)
{
    const int64_t pairs = 2 * er_net_parameters(walk->request->net);
    int64_t *order = er_alloc(pairs, sizeof *order);
    enum er_status status = ER_OK;
    if (!order) return er_fail(err, ER_E_NOMEM, "pattern: out of memory for %lld steps", (long long)pairs);
    for (uint64_t pass = 0; status == ER_OK && !er_walk_ends(walk); pass++) {
        struct er_random r =
            er_random_open(walk->request->seed_initialise, er_stream(ER_PURPOSE_MOVES, pass));
        bool moved = false;
        er_random_permutation(&r, pairs, order);
        for (int64_t from = 0; from < pairs && !er_walk_ends(walk) && status == ER_OK;
             from += ER_WALK_BLOCK) {
            const int64_t to = from + ER_WALK_BLOCK;
            moved |= try_block(walk, order, from, to < pairs ? to : pairs);
            if (er_progress_stopped(walk->progress)) status = er_fail(err, ER_E_STOPPED, "pattern: stopped");
        }
        if (!moved) walk->radius /= 2;
    }
    er_free(order);
    return status;
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    return er_walk_find(sampling, steps, err);
}

const struct er_sampler er_sampler_pattern = {
    .info = {.name = "pattern",
             .help = "pattern search: one parameter at a time, without gradients",
             .source = "P. Chiang et al., \"Loss landscapes are all you need\", ICLR 2023"},
    .check = er_walk_check,
    .find = find,
};
