/* counter.h - how many training examples a perturbed network predicts wrongly, some blocks of them at a time.
 *
 * Draws: D perturbations of one network. Blocks: the n examples, put into a random order that is the same for every network, in B
 * pieces: examples that lie side by side are of one class often, and no independent ones. A count is of pairs of a draw and a block, in an
 * order in which every beginning has all draws, and blocks from all over the set, equally often; it ends as soon as it is
 * known on which side of the target the rise of the error lies (radius_search.h), taken as
 *
 *     dev = wrong / c - e0     +-  3 sqrt(p (1 - p) / c) sqrt(1 - c / (D n)),   p = (wrong + 1) / (c + 2)
 *
 * after c pairs of draws and examples: three standard errors of a mean of some of all D n, which is exact at the end. Sizes
 * far from the radius are told after some hundred examples, those at it after about 15,000 at most, whatever n.
 */
#ifndef ERMINE_MEASURES_COUNTER_H
#define ERMINE_MEASURES_COUNTER_H

#include "measures/radius_search.h"
#include "net/plan.h"

#include <ermine/pool.h>

/* Writes the weights of draw `draw`. Called by several threads at once. */
typedef void er_perturb(const void *ctx, int64_t draw, float *w);

struct er_counter {
    const struct er_net *net;
    const struct er_dataset *set;
    struct er_pool *pool;
    int threads;
    int64_t rows, blocks; /* examples of a block but the last; B */
    struct er_plan *whole, *rest;
    int64_t *order;         /* of the examples */
    float *x;               /* threads x rows x inputs */
    int32_t *label;         /* threads x rows */
    unsigned char *scratch; /* threads x scratch_bytes */
    size_t scratch_bytes;
    float *w;          /* threads x P */
    int64_t *wrong;    /* of the pairs of a wave */
    int64_t evaluated; /* pairs of a draw and an example so far, for those who measure the cost */
};

/* Borrows all but `out`. A net without statistics, evaluated. Errors: er_plan_new(), ER_E_NOMEM. */
enum er_status er_counter_new(const struct er_net *net, const struct er_dataset *set, struct er_pool *pool,
                              struct er_counter *out, struct er_error *err);
void er_counter_clear(struct er_counter *counter);

/* The rise of the error above `error` over `draws` draws. */
struct er_deviation er_counter_deviation(struct er_counter *counter, double error, int64_t draws,
                                         er_perturb *perturb, const void *ctx);

/* The share of all examples that the network with weights w predicts wrongly. */
double er_counter_error(struct er_counter *counter, const float *w);

#endif
