/* walk.h - one thread's way over a plane of networks, with one tile of examples in hand.
 *
 *     w(a, b) = (w0 + b v) + a u     every sum and product rounded to float32
 *
 * for the parameters behind the first layers, and the same for those layers' outputs (net/affine.h). What depends on b
 * alone is kept while b stays.
 */
#ifndef ERMINE_LANDSCAPE_WALK_H
#define ERMINE_LANDSCAPE_WALK_H

#include "net/affine.h"

#include <ermine/landscape.h>

struct er_walk {
    const struct er_plane *plane;
    const struct er_affine *affine;
    float *w, *w_b;      /* P each: at (a, b), at (0, b); only what lies behind the first layers */
    float *statistics;   /* S, at (a, b); NULL where S is 0 */
    float *zero, *batch; /* S each: running moments before a tile, and its own; NULL likewise */
    float *y[3], *y_b;   /* outputs of the first layers: of w0, u, v; at (0, b) */
    double *loss;        /* of a tile's rows */
    void *scratch;
    const struct er_plan *plan; /* of the tile in hand */
    const float *x;
    int64_t first_row;
    double b; /* where y_b and w_b are; NaN: nowhere */
    float a;
};

/* For tiles of at most `rows` rows with `scratch` bytes. ER_E_NOMEM. */
enum er_status er_walk_new(const struct er_plane *plane, const struct er_affine *affine, int64_t rows,
                           size_t scratch, struct er_walk *out, struct er_error *err);
void er_walk_clear(struct er_walk *walk);

/* Takes a tile in hand: products of the first layers with w0, u and v. `training`: as fixed layers are to be read,
 * and dropout by the number that the tile's first row has in the set. */
void er_walk_enter(struct er_walk *walk, const struct er_plan *plan, const float *x, int64_t first_row,
                   bool training);

/* Goes to a point. */
void er_walk_to(struct er_walk *walk, double a, double b);

/* Adds the losses of the tile's rows to *sum, one after the other, and their wrong predictions to *errors.
 * `statistics`: S numbers instead of those of the plane; NULL: those. */
void er_walk_measure(struct er_walk *walk, const float *statistics, const int32_t *label, double *sum,
                     int64_t *errors);

/* Adds the moments of the tile to what is gathered (landscape/moments.h). The tile was entered in training. */
void er_walk_moments(struct er_walk *walk, double *gathered);

#endif
