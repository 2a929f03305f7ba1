/* walk.h - searches without gradients: one vector of weights that moves to the best of a block of candidates where that
 * is better than it is.
 *
 *     objective(w)    the mean loss over S, or with ER_OBJECTIVE_NORMALISED that of the outputs divided by
 *                     prod_l (||W_l||_F / 3)
 *
 * A walk begins at a draw from U[-scale, scale]^P, with steps of radius 1, and ends where a rule of the request's
 * training specification on error or loss holds, `draws` candidates were looked at, or the radius is below `radius`.
 */
#ifndef ERMINE_MINIMA_WALK_H
#define ERMINE_MINIMA_WALK_H

#include "minima/prior.h"
#include "minima/sampler.h"
#include "minima/trial.h"

enum { ER_WALK_BLOCK = 64 }; /* candidates */

/* A walk under way. */
struct er_walk {
    const struct er_minimum_request *request;
    const struct er_progress *progress;
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
};

/* The objective of weights, counted as tried; *errors. */
double er_walk_try(struct er_walk *walk, const float *w, int64_t *errors);

/* Why the walk ends where it is; NULL: it goes on. */
const char *er_walk_ends(const struct er_walk *walk);

/* Moves until er_walk_ends(). ER_E_NOMEM, ER_E_STOPPED. */
typedef enum er_status er_walk_steps(struct er_walk *walk, struct er_error *err);

/* ER_E_USAGE unless draws, scale and radius are in their ranges and the rules that end it fit the objective. */
enum er_status er_walk_check(const struct er_minimum_request *request, struct er_error *err);

/* Answers each request by one walk, a thread each: one minimum, wherever the walk ends. */
enum er_status er_walk_find(const struct er_sampling *sampling, er_walk_steps *steps, struct er_error *err);

#endif
