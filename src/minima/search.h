/* search.h - searches without gradients: one vector of weights that moves to the best of a block of candidates where
 * that is better than it is.
 *
 *     objective(w)    the mean loss over S, or with ER_OBJECTIVE_NORMALISED that of the outputs divided by
 *                     prod_l (||W_l||_F / 3)
 *
 * A search begins at a draw from U[-scale, scale]^P, with steps of radius 1, and ends where a rule of the request's
 * training specification on error or loss holds, `draws` candidates were looked at, or the radius is below `radius`.
 * It can be interrupted between blocks, and goes on to the bit.
 */
#ifndef ERMINE_MINIMA_SEARCH_H
#define ERMINE_MINIMA_SEARCH_H

#include "minima/prior.h"
#include "minima/state.h"
#include "minima/trial.h"

enum { ER_SEARCH_BLOCK = 64 }; /* candidates, at most */

/* Where a search is among its candidates, in a sampler's own way; 0 at first. */
struct er_search_place {
    int64_t pass, next, moved, failed;
};

/* A search under way. */
struct er_search {
    const struct er_minimum_request *request;
    struct er_state state;
    struct er_prior start;
    struct er_trial trial;
    struct er_trial_room room;
    uint32_t *word;                 /* scratch of draws from `start`, and from any law of the same net */
    float *statistics;              /* S */
    float *initial, *w, *candidate; /* P each */
    double objective;               /* of w */
    int64_t errors;                 /* of w */
    double radius;
    int64_t tried;
    struct er_search_place place;
};

/* The objective of weights, counted as tried; *errors. */
double er_search_try(struct er_search *search, const float *w, int64_t *errors);

/* How many candidates the next block has. */
int64_t er_search_block(const struct er_search *search);

/* Why the search ends where it is; NULL: it goes on. */
const char *er_search_ends(const struct er_search *search);

/* Between two blocks, with the place of the next: the search may be interrupted. er_state_pause()'s. */
enum er_status er_search_pause(struct er_search *search, struct er_error *err);

/* Moves from its place until er_search_ends(). ER_E_NOMEM, ER_E_STOPPED. */
typedef enum er_status er_search_steps(struct er_search *search, struct er_error *err);

/* ER_E_USAGE unless draws, scale and radius are in their ranges and the rules that end it fit the objective. */
enum er_status er_search_check(const struct er_minimum_request *request, struct er_error *err);

/* Answers each request by one search, a thread each: one minimum, wherever the search ends. */
enum er_status er_search_find(const struct er_sampling *sampling, er_search_steps *steps,
                              struct er_error *err);

#endif
