/* gaussian_mixture.c - one Gaussian blob per class.
 *
 *     label_i = i mod K,   x_i = mu_label + noise z,   z ~ N(0, I_d)
 *
 * The nearest two means are exactly `separation` = s apart and the means' mean is 0:
 *     K <= d   mu_k = s / sqrt 2 (e_k - (e_0 + ... + e_{K-1}) / K)       a simplex: all distances are s
 *     d = 1    mu_k = s (k - (K - 1) / 2)                                equidistant on the line
 *     else     mu_k = R (cos t, sin t, 0, ...), t = 2 pi k / K,  R = s / (2 sin(pi / K))      a regular K-gon
 *
 * For K = 2 the smallest possible error is Phi(-s / (2 noise)), Phi the normal distribution function.
 */
#include "data/generator.h"

#include <math.h>

static double mean_coordinate(const struct er_generator_spec *spec, int64_t k, int64_t j)
{
    const double s = spec->separation, classes = (double)spec->classes;
    if (spec->classes <= spec->dimension)
        return j < spec->classes ? s * M_SQRT1_2 * ((j == k ? 1.0 : 0.0) - 1 / classes) : 0;
    if (spec->dimension == 1) return s * ((double)k - (classes - 1) / 2);
    const double radius = s / (2 * sin(M_PI / classes)), angle = 2 * M_PI * (double)k / classes;
    if (j > 1) return 0;
    return j == 0 ? radius * cos(angle) : radius * sin(angle);
}

enum er_status er_generate_gaussian_mixture(const struct er_generator_spec *spec, int part, int64_t n,
                                            float *x, int32_t *label, struct er_error *err)
{
    (void)err;
    const int64_t d = spec->dimension;
    for (int64_t i = 0; i < n; i++) {
        struct er_random r = er_generator_random(spec, part, i);
        label[i] = (int32_t)(i % spec->classes);
        for (int64_t j = 0; j < d; j++)
            x[i * d + j] = (float)(mean_coordinate(spec, label[i], j) + spec->noise * er_random_normal(&r));
    }
    return ER_OK;
}
