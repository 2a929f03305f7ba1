/* climber.h - climbs of the loss within a box around the weights (perturbed.h says which, and how).
 */
#ifndef ERMINE_MEASURES_CLIMBER_H
#define ERMINE_MEASURES_CLIMBER_H

#include "net/plan.h"

#include <ermine/pool.h>

/* |u_i| <= share |w_i| + least. */
struct er_box {
    double share, least;
};

struct er_climber {
    const struct er_net *net;
    const struct er_dataset *set;
    struct er_pool *pool;
    const float *w; /* P: the middle of the box */
    int threads;
    int64_t rows; /* of a step */
    struct er_plan *plan;
    int64_t *order;         /* climbs x steps x rows: the examples that a climb meets */
    float *start;           /* climbs x P: where it begins, in half-widths */
    float *top;             /* climbs x P: the weights that it has come to */
    float *g, *x;           /* threads x P, threads x rows x D */
    int32_t *label;         /* threads x rows */
    unsigned char *scratch; /* threads x scratch_bytes */
    size_t scratch_bytes;
    struct er_box box; /* of the climbs under way */
};

/* Borrows all but `out`; the net has no statistics. Errors: er_plan_new(), ER_E_NOMEM. */
enum er_status er_climber_new(const struct er_net *net, const struct er_dataset *set, const float *w,
                              uint64_t seed, struct er_pool *pool, struct er_climber *out,
                              struct er_error *err);
void er_climber_clear(struct er_climber *climber);

/* Begins climbs in a box: with a pool all of them are made. */
void er_climber_enter(struct er_climber *climber, struct er_box box);

/* The weights that climb r ends at; the climber's, until the next er_climber_enter(). */
const float *er_climber_top(struct er_climber *climber, int64_t r);

#endif
