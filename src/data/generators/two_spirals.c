/* two_spirals.c - two interleaved spirals in the plane, the standard picture of a hard boundary.
 *
 *     label_i = i mod 2,   t = (600 / 360) 2 pi sqrt(u),   u ~ U(0, 1)
 *     p = 1.5 t (-cos t, sin t) + noise z,   z ~ N(0, I_2);   label 1 is -p
 *     x_i = p / (5 pi / 2)
 *
 * `noise` is in units of p, where neighbouring arms are 1.5 pi = 4.71 apart. Without noise p lies within 5 pi
 * of the origin with E|p|^2 = 25 pi^2 / 2, so the last line makes the mean square of a coordinate 1 and |x|
 * <= 2. Source: Lang and Witbrock, "Learning to tell two spirals apart", 1988; this form is Huang et al.'s,
 * "Understanding generalization through visualizations", 2020 (their code doesn't scale).
 */
#include "data/generator.h"

#include <math.h>

static const double turns = 600.0 / 360.0, growth = 1.5, scale = 2.5 * M_PI;

enum er_status er_generate_two_spirals(const struct er_generator_spec *spec, int part, int64_t n, float *x,
                                       int32_t *label, struct er_error *err)
{
    (void)err;
    for (int64_t i = 0; i < n; i++) {
        struct er_random r = er_generator_random(spec, part, i);
        const double t = turns * 2 * M_PI * sqrt(er_random_uniform(&r));
        const double px = -growth * t * cos(t) + spec->noise * er_random_normal(&r);
        const double py = growth * t * sin(t) + spec->noise * er_random_normal(&r);
        label[i] = (int32_t)(i % 2);
        const double side = label[i] ? -1 : 1;
        x[2 * i] = (float)(side * px / scale);
        x[2 * i + 1] = (float)(side * py / scale);
    }
    return ER_OK;
}
