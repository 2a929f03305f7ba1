/* dual_pair.h - T and T' of one pair of variances, and of a point with itself (math/dual.h). */
#ifndef ERMINE_TESTS_SUPPORT_DUAL_PAIR_H
#define ERMINE_TESTS_SUPPORT_DUAL_PAIR_H

#include "math/dual.h"

#include <stddef.h>

struct pair {
    double T, slope;
};

static inline struct pair pair_of(const struct er_dual *dual, const double *p, double q1, double q2, double c)
{
    struct pair out = {c, 1};
    const struct er_dual_side one = {&q1, NULL, 1}, two = {&q2, NULL, 0};
    dual->pair(p, 1, &one, &two, &out.T, &out.slope);
    return out;
}

static inline struct pair self_of(const struct er_dual *dual, const double *p, double q)
{
    struct pair out = {q, 1};
    dual->self(p, 1, &out.T, NULL, &out.T, &out.slope);
    return out;
}

#endif
