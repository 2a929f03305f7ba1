/* parity.c - the parity of the first k of d random signs: no single input, and no k - 1 of them, says
 * anything.
 *
 *     s_c = +1 or -1, each with probability 1/2, c = 0..d-1
 *     label_i = 1 when an odd number of s_0 .. s_{k-1} is -1, otherwise 0
 *     x_i = s + noise z,   z ~ N(0, I_d)
 *
 * k = `width` <= d. The label is that of the signs, before the noise.
 */
#include "data/generator.h"

enum er_status er_generate_parity(const struct er_generator_spec *spec, int part, int64_t n, float *x,
                                  int32_t *label, struct er_error *err)
{
    (void)err;
    const int64_t d = spec->dimension, k = spec->width;
    for (int64_t i = 0; i < n; i++) {
        struct er_random r = er_generator_random(spec, part, i);
        label[i] = 0;
        for (int64_t c = 0; c < d; c++) {
            const bool negative = er_random_below(&r, 2) == 1;
            x[i * d + c] = negative ? -1 : 1;
            if (negative && c < k) label[i] ^= 1;
        }
        for (int64_t c = 0; c < d && spec->noise > 0; c++)
            x[i * d + c] += (float)(spec->noise * er_random_normal(&r));
    }
    return ER_OK;
}
