/* regress_curve.h - the fit of a run as a curve over its one input, with the examples on it.
 *
 * Where the test part knows the function, at its inputs; else at 241 points over the range of the examples
 * and 18 % of it beyond each end (the marathon's years: 1875 to 2033). The examples fitted or held out are
 * points of the curve too, with their targets. All points ascend.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_CURVE_H
#define ERMINE_EXPERIMENTS_REGRESS_CURVE_H

#include <ermine/regression.h>

/* Points of a curve: x ascending; target NaN where there is no example, truth (the targets without noise)
 * where it is not known. */
struct er_regress_points {
    int64_t n;
    double *x, *target, *truth; /* n each */
};

/* Of a split with d = k = 1. ER_E_NOMEM. */
enum er_status er_regress_points_open(const struct er_regression_split *split, struct er_regress_points *out,
                                      struct er_error *err);
void er_regress_points_clear(struct er_regress_points *points);

#endif
