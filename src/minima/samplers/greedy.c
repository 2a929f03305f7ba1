/* greedy.c - the sampler `greedy`: greedy random search.
 *
 *     w <- the best of w + r z_k, k = 1..64, z_k ~ N(0, I), where that lowers the objective
 *     r <- r / 2 after FAILURES blocks in a row that did not;  r = 1 at first
 *
 * Noise k of block t is a function of (seed, 64 t + k). How often a step may fail before it is halved is ours: the paper
 * says only that it may fail repeatedly.
 */
#include "minima/search.h"

#include <ermine/memory.h>
#include <ermine/random.h>

enum { FAILURES = 2 };

/* candidate <- w + r z of a noise. */
static void move(struct er_search *search, const struct er_prior *noise, uint64_t number)
{
    er_prior_draw(noise, search->request->seed_initialise, er_stream(ER_PURPOSE_MOVES, number), search->word,
                  search->candidate);
    const float r = (float)search->radius;
    for (int64_t i = 0; i < noise->n; i++) search->candidate[i] = search->w[i] + r * search->candidate[i];
}

static bool try_block(struct er_search *search, const struct er_prior *noise, uint64_t block)
{
    double best = search->objective;
    const int64_t n = er_search_block(search);
    int64_t errors = search->errors, chosen = -1;
    for (int64_t k = 0; k < n; k++) {
        int64_t wrong;
        move(search, noise, block * ER_SEARCH_BLOCK + (uint64_t)k);
        const double objective = er_search_try(search, search->candidate, &wrong);
        if (!(objective < best)) continue;
        best = objective;
        errors = wrong;
        chosen = k;
    }
    if (chosen < 0) return false;
    move(search, noise, block * ER_SEARCH_BLOCK + (uint64_t)chosen);
    float *moved = search->candidate;
    search->candidate = search->w;
    search->w = moved;
    search->objective = best;
    search->errors = errors;
    return true;
}

static enum er_status steps(struct er_search *search, struct er_error *err)
{
    struct er_search_place *place = &search->place;
    struct er_prior noise;
    enum er_status status = er_prior_new(search->request->net, ER_PRIOR_NORMAL, 1, &noise, err);
    if (status != ER_OK) return status;
    while (status == ER_OK && !er_search_ends(search)) {
        place->failed = try_block(search, &noise, (uint64_t)place->pass) ? 0 : place->failed + 1;
        place->pass++;
        if (place->failed == FAILURES) {
            search->radius /= 2;
            place->failed = 0;
        }
        status = er_search_pause(search, err);
    }
    er_prior_clear(&noise);
    return status;
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    return er_search_find(sampling, steps, err);
}

const struct er_sampler er_sampler_greedy = {
    .info = {.name = "greedy",
             .help = "greedy random search: noise on all parameters, the best of a block is kept",
             .source = "P. Chiang et al., \"Loss landscapes are all you need\", ICLR 2023"},
    .check = er_search_check,
    .find = find,
};
