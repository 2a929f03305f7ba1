/* two_scales.c - a linear function of large and of small inputs, with noise.
 *
 *     x_j ~ N(0, 1) for j < d/2, N(0, 0.01) for j >= d/2,   y = x theta + noise e,   e ~ N(0, 1)
 *     |theta_{0..d/2-1}| = 1,   |theta_{d/2..d-1}| = 20
 *
 * The excess risk of w = 0 is 1 + 0.01 * 400 = 5. Gradient descent learns the large inputs a hundred times as
 * fast as the small ones, so each group has a fall and a rise of its own (Heckel and Yilmaz 2021).
 */
#include "data/regression.h"

enum er_status er_regression_make_two_scales(const struct er_regression_spec *spec,
                                             struct er_regression_split *out, struct er_error *err)
{
    static const double norm[] = {1, 20}, deviation[] = {1, 0.1};
    return er_regression_linear(spec, 2, norm, deviation, out, err);
}
