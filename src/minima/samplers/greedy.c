/* greedy.c - the sampler `greedy`: greedy random search.
 *
 *     w <- the best of w + r z_k, k = 1..64, z_k ~ N(0, I), where that lowers the objective
 *     r <- r / 2 after FAILURES blocks in a row that did not;  r = 1 at first
 *
 * Noise k of block t is a function of (seed, 64 t + k). How often a step may fail before it is halved is ours: the paper
 * says only that it may fail repeatedly.
 */
#include "minima/walk.h"

#include <ermine/memory.h>
#include <ermine/random.h>

enum { FAILURES = 2 };

/* candidate <- w + r z of a noise. */
static void move(struct er_walk *walk, const struct er_prior *noise, uint64_t number)
{
    er_prior_draw(noise, walk->request->seed_initialise, er_stream(ER_PURPOSE_MOVES, number), walk->word,
                  walk->candidate);
    const float r = (float)walk->radius;
    for (int64_t i = 0; i < noise->n; i++) walk->candidate[i] = walk->w[i] + r * walk->candidate[i];
}

static bool try_block(struct er_walk *walk, const struct er_prior *noise, uint64_t block)
{
    double best = walk->objective;
    int64_t errors = walk->errors, chosen = -1;
    for (int64_t k = 0; k < ER_WALK_BLOCK; k++) {
        int64_t wrong;
        move(walk, noise, block * ER_WALK_BLOCK + (uint64_t)k);
        const double objective = er_walk_try(walk, walk->candidate, &wrong);
        if (!(objective < best)) continue;
        best = objective;
        errors = wrong;
        chosen = k;
    }
    if (chosen < 0) return false;
    move(walk, noise, block * ER_WALK_BLOCK + (uint64_t)chosen);
    float *moved = walk->candidate;
    walk->candidate = walk->w;
    walk->w = moved;
    walk->objective = best;
    walk->errors = errors;
    return true;
}

static enum er_status steps(struct er_walk *walk, struct er_error *err)
{
    struct er_prior noise;
    enum er_status status = er_prior_new(walk->request->net, ER_PRIOR_NORMAL, 1, &noise, err);
    if (status != ER_OK) return status;
    int failed = 0;
    for (uint64_t block = 0; status == ER_OK && !er_walk_ends(walk); block++) {
        failed = try_block(walk, &noise, block) ? 0 : failed + 1;
        if (failed == FAILURES) {
            walk->radius /= 2;
            failed = 0;
        }
        if (er_progress_stopped(walk->progress)) status = er_fail(err, ER_E_STOPPED, "greedy: stopped");
    }
    er_prior_clear(&noise);
    return status;
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    return er_walk_find(sampling, steps, err);
}

const struct er_sampler er_sampler_greedy = {
    .info = {.name = "greedy",
             .help = "greedy random search: noise on all parameters, the best of a block is kept",
             .source = "P. Chiang et al., \"Loss landscapes are all you need\", ICLR 2023"},
    .check = er_walk_check,
    .find = find,
};
