/* pattern.c - the sampler `pattern`: pattern search.
 *
 *     for all (i, s), i of the P parameters, s = +-1, in random order, a block of 64 at a time:
 *         w <- the best of w + s r e_i in the block, where that lowers the objective
 *     r <- r / 2 after a pass over all of them that moved nothing;  r = 1 at first
 *
 * It looks at the objective alone, never at a gradient. Random are its start and the order of a pass, each a function
 * of (seed, pass).
 */
#include "minima/search.h"

#include <ermine/memory.h>
#include <ermine/random.h>

/* Tries pairs [from, to) of the order and takes the best step if it is one. */
static bool try_block(struct er_search *search, const int64_t *order, int64_t from, int64_t to)
{
    double best = search->objective;
    int64_t errors = search->errors, chosen = -1;
    for (int64_t k = from; k < to; k++) {
        float *at = &search->w[order[k] / 2];
        const float before = *at;
        int64_t wrong;
        *at += (float)(order[k] % 2 ? search->radius : -search->radius);
        const double objective = er_search_try(search, search->w, &wrong);
        *at = before;
        if (!(objective < best)) continue;
        best = objective;
        errors = wrong;
        chosen = order[k];
    }
    if (chosen < 0) return false;
    search->w[chosen / 2] += (float)(chosen % 2 ? search->radius : -search->radius);
    search->objective = best;
    search->errors = errors;
    return true;
}

static enum er_status steps(struct er_search *search, struct er_error *err)
{
    struct er_search_place *place = &search->place;
    const int64_t pairs = 2 * er_net_parameters(search->request->net);
    int64_t *order = er_alloc(pairs, sizeof *order), ordered = -1;
    enum er_status status = ER_OK;
    if (!order) return er_fail(err, ER_E_NOMEM, "pattern: out of memory for %lld steps", (long long)pairs);
    while (status == ER_OK && !er_search_ends(search)) {
        if (ordered != place->pass) {
            struct er_random r = er_random_open(search->request->seed_initialise,
                                                er_stream(ER_PURPOSE_MOVES, (uint64_t)place->pass));
            er_random_permutation(&r, pairs, order);
            ordered = place->pass;
        }
        const int64_t from = place->next, to = from + er_search_block(search);
        place->next = to < pairs ? to : pairs;
        if (try_block(search, order, from, place->next)) place->moved = 1;
        if (place->next == pairs) {
            if (!place->moved) search->radius /= 2;
            *place = (struct er_search_place){.pass = place->pass + 1};
        }
        status = er_search_pause(search, err);
    }
    er_free(order);
    return status;
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    return er_search_find(sampling, steps, err);
}

const struct er_sampler er_sampler_pattern = {
    .info = {.name = "pattern",
             .help = "pattern search: one parameter at a time, without gradients",
             .source = "P. Chiang et al., \"Loss landscapes are all you need\", ICLR 2023"},
    .check = er_search_check,
    .find = find,
};
