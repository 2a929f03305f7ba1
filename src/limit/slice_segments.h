/* slice_segments.h - what is done segment by segment: activations with tables, and all that a point with itself needs of its
 * own. In float64.
 */
#ifndef ERMINE_LIMIT_SLICE_SEGMENTS_H
#define ERMINE_LIMIT_SLICE_SEGMENTS_H

#include "limit/slice_work.h"

/* Whether D = 0 is held. It then comes first. */
static inline bool er_slice_has_zero(const struct er_slice_axis *y, const struct er_slice_axis *x)
{
    return y->d[0] == 0 && x->d[0] == 0;
}

/* 1 / sqrt(e + v) of a layer norm at pixel p of n; q: variances of its input. */
double er_slice_inverse_norm(const struct er_limit_node *node, int64_t n, const double *q, int64_t p);

/* k, theta of node i, in place. False: nothing was done, the general way is right. */
bool er_slice_pointwise(const struct er_slice_work64 *work, int64_t i, double *k, double *theta);
bool er_slice_normalise(const struct er_slice_work64 *work, int64_t i, double *k, double *theta);
bool er_slice_dropout(const struct er_slice_work64 *work, int64_t i, double *k, double *theta);

#endif
