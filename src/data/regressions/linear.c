/* linear.c - a linear function of Gaussian inputs, with noise.
 *
 *     x ~ N(0, I_d),   y = x theta + noise e,   |theta| = 1,   e ~ N(0, 1)
 *
 * Of the least-squares solution of least norm the expected excess risk is, with n examples and s = noise,
 * (1 - n/d) + s^2 n / (d - n - 1) for n < d - 1, and s^2 d / (n - d - 1) for n > d + 1 (Hastie et al. 2022).
 */
#include "data/regression.h"

enum er_status er_regression_make_linear(const struct er_regression_spec *spec,
                                         struct er_regression_split *out, struct er_error *err)
{
    static const double one[] = {1};
    return er_regression_linear(spec, 1, one, one, out, err);
}
