/* nuclear_system.h - the normal equations of the interior point method (nuclear_interior.c):
 *
 *     M_kl = 1/2 <A_k, Z11 A_l T22 + T11 A_l Z22 + Z12 A_l^T T12 + T12 A_l^T Z12>
 *
 * with symmetric Z = [Z11 Z12; Z12^T Z22] and T, (rows + columns) squared, row-major. It is symmetric.
 */
#ifndef ERMINE_RECOVERY_NUCLEAR_SYSTEM_H
#define ERMINE_RECOVERY_NUCLEAR_SYSTEM_H

#include "recovery/observation.h"

#include <ermine/progress.h>

struct er_nuclear_system {
    const struct er_observation *o;
    const struct er_progress *stop; /* sensing: asked between blocks; may be NULL */
    const double *z, *t;
    double *m;       /* n x n: the lower triangle is written */
    int32_t *row;    /* completion: the row of each entry */
    double *image;   /* sensing: the second factor of the product above for a block of l */
    double *scratch; /* sensing: for each worker */
    int64_t first;   /* sensing: of the block */
};

/* ER_E_NOMEM. stop, z and t are set by the caller. */
enum er_status er_nuclear_system_open(const struct er_observation *o, const struct er_pool *pool,
                                      struct er_nuclear_system *out, struct er_error *err);
void er_nuclear_system_close(struct er_nuclear_system *s);
double er_nuclear_system_bytes(const struct er_recovery *problem, int threads);

/* M of z and t: the same bits for any number of threads. Of no use once it was asked to stop. */
void er_nuclear_system_fill(struct er_nuclear_system *s, struct er_pool *pool);

#endif
