/* modular_addition.c - the table of addition modulo K, of which a part is shown.
 *
 *     x = (e_a, e_b), one-hot vectors of K numbers each      label = (a + b) mod K      0 <= a, b < K
 *
 * K = `classes`. The K^2 pairs (a, b) have an order that the seed draws: training example i is the i-th of them, test
 * example i the i-th from the end, so that no pair is in both parts. Source: Power, Burda, Edwards, Babuschkin and Misra,
 * "Grokking: generalization beyond overfitting on small algorithmic datasets", 2022 (K = 97).
 */
#include "data/generator.h"

#include <ermine/memory.h>
#include <inttypes.h>

enum er_status er_generate_modular_addition(const struct er_generator_spec *spec, int part, int64_t n,
                                            float *x, int32_t *label, struct er_error *err)
{
    const int64_t K = spec->classes, pairs = K * K;
    struct er_random r = er_random_open(spec->seed, er_stream(ER_PURPOSE_GENERATE, 0));
    int64_t *order = er_alloc(pairs, sizeof *order);
    if (!order) return er_fail(err, ER_E_NOMEM, "out of memory for the order of %" PRId64 " pairs", pairs);
    er_random_permutation(&r, pairs, order);
    for (int64_t i = 0; i < n; i++) {
        const int64_t pair = order[part == 0 ? i : pairs - 1 - i], a = pair / K, b = pair % K;
        x[i * 2 * K + a] = 1;
        x[i * 2 * K + K + b] = 1;
        label[i] = (int32_t)((a + b) % K);
    }
    er_free(order);
    return ER_OK;
}
