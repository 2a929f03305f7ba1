/* copies.c - copies of a training set with labels drawn by lot.
 *
 * Labels of copy r come from stream 2 r of the purpose, one after the other; which values are dropped from stream
 * 2 r + 1: example i has the words of counters i ceil(d / 4) and on, one a value, dropped below drop * 2^32.
 */
#include "minima/copies.h"

#include "core/available.h"
#include "data/dataset.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <string.h>

/* Drops values of one example; `word` has room for its words. */
static void drop_values(const struct er_dataset *set, int64_t example, uint64_t seed, uint64_t stream,
                        double below, uint32_t *word, float *x)
{
    const int64_t d = er_shape_size(set->shape), C = set->shape.channels, counters = (d + 3) / 4;
    const float *zero = set->zero ? set->zero + example * C : NULL;
    er_random_many_words(seed, stream, (uint64_t)(example * counters), counters, word);
    for (int64_t j = 0; j < d; j++)
        if ((double)word[j] < below) x[j] = zero ? zero[j % C] : 0;
}

enum er_status er_copies_new(const struct er_dataset *train, int64_t copies, double drop, uint64_t seed,
                             struct er_dataset *out, struct er_error *err)
{
    const int64_t n = train->n, d = er_shape_size(train->shape);
    struct er_dataset set;
    enum er_status status = er_memory_check((double)copies * (double)n * (double)d * sizeof(float),
                                            "minima.copies: copies of the training set", err);
    if (status == ER_OK) status = er_dataset_new(copies * n, train->shape, train->classes, &set, err);
    if (status != ER_OK) return status;
    uint32_t *word = er_alloc((d + 3) / 4 * 4, sizeof *word);
    if (!word) {
        er_dataset_clear(&set);
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for copies");
    }
    for (int64_t r = 0; r < copies; r++) {
        const uint64_t stream = er_stream(ER_PURPOSE_COPIES, 2 * (uint64_t)r + 1);
        struct er_random labels = er_random_open(seed, er_stream(ER_PURPOSE_COPIES, 2 * (uint64_t)r));
        float *x = set.x + r * n * d;
        memcpy(x, train->x, (size_t)(n * d) * sizeof *x);
        for (int64_t i = 0; i < n; i++) {
            set.label[r * n + i] = (int32_t)er_random_below(&labels, set.classes);
            drop_values(train, i, seed, stream, drop * 4294967296.0, word, x + i * d);
        }
    }
    er_free(word);
    *out = set;
    return ER_OK;
}
