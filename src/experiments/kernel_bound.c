/* kernel_bound.c - margins of the training set, a radius from a list that was there before. */
#include "experiments/kernel_bound.h"

#include "experiments/targets.h"

#include <ermine/bounds.h>
#include <ermine/measure.h>
#include <math.h>

static const double RHO = 0.9;

static double margin_of(const struct er_dataset *train, int64_t i, const double *f)
{
    const int64_t k = er_targets_of(train->classes), label = train->label[i];
    double most = -(double)INFINITY;
    if (k == 1) return label == 1 ? f[i] : -f[i];
    for (int64_t c = 0; c < k; c++)
        if (c != label) most = fmax(most, f[i * k + c]);
    return f[i * k + label] - most;
}

double er_kernel_norm_bound(const struct er_dataset *train, const double *f, double norm, double trace)
{
    const double m = (double)train->n;
    int64_t small = 0;
    for (int64_t i = 0; i < train->n; i++) small += !(margin_of(train, i, f) > RHO);
    double radius = 1, doublings = 0;
    for (; radius < norm; radius *= 2) doublings++;
    const double delta = ER_MEASURE_DELTA / ((doublings + 1) * (doublings + 2));
    const double complexity = er_rademacher_kernel_bound(radius, trace, m);
    const double excess = train->classes == 2
                              ? er_bound_margin(complexity, RHO, m, delta)
                              : er_bound_margin_classes(complexity, train->classes, RHO, m, delta);
    return (double)small / m + excess;
}
