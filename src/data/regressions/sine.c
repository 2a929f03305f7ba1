/* sine.c - one period of a sine, with noise.
 *
 *     f(x) = sin(pi x),   y_i = f(x_i) + noise e_i,   e_i ~ N(0, 1)
 *     training part   x_i ~ U(-1, 1)
 *     test part       x_i = -1 + 2 i / (m - 1), i = 0..m-1; of a single one, 0
 *
 * The test inputs are fixed, so that bias and variance are means over the same places for every training set.
 */
#include "data/regression.h"

#include <math.h>

static double place(int part, int64_t i, int64_t n, struct er_random *r)
{
    if (part == 0) return 2 * er_random_uniform(r) - 1;
    return n > 1 ? 2 * (double)i / (double)(n - 1) - 1 : 0;
}

enum er_status er_regression_make_sine(const struct er_regression_spec *spec, struct er_regression_split *out,
                                       struct er_error *err)
{
    for (int part = 0; part < 2; part++) {
        struct er_regression *set = part ? &out->test : &out->train;
        enum er_status status = er_regression_new(spec->size[part], 1, 1, true, set, err);
        if (status != ER_OK) return status;
        for (int64_t i = 0; i < set->n; i++) {
            struct er_random r = er_regression_random(spec, part, i);
            set->x[i] = place(part, i, set->n, &r);
            set->clean[i] = sin(M_PI * set->x[i]);
            set->y[i] = set->clean[i] + spec->noise * er_random_normal(&r);
        }
    }
    return ER_OK;
}
