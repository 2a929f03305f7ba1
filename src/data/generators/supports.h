/* supports.h - a training set that begins with fixed points z, and goes on with random ones (even_supports.c).
 */
#ifndef ERMINE_DATA_GENERATORS_SUPPORTS_H
#define ERMINE_DATA_GENERATORS_SUPPORTS_H

#include "data/generator.h"

static inline void er_supports_fill(const struct er_generator_spec *spec, int part, int64_t n_fixed,
                                    const double fixed[][2], int64_t n, float *x, int32_t *label)
{
    static const double least = 1.2, width = 2.5;
    for (int64_t i = 0; i < n; i++) {
        struct er_random r = er_generator_random(spec, part, i);
        const bool is_fixed = part == 0 && i < n_fixed;
        label[i] = (int32_t)(i % 2);
        for (int j = 0; j < 2; j++) {
            const double z = is_fixed ? fixed[i][j] : least + width * er_random_uniform(&r);
            x[2 * i + j] = (float)(label[i] ? z : -z);
        }
    }
}

#endif
