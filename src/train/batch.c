/* batch.c - the examples of one step, gathered side by side. */
#include "train/batch.h"

#include <ermine/memory.h>
#include <string.h>

void er_batch_gather(const struct er_dataset *train, const struct er_augment *augment, uint64_t seed,
                     uint64_t epoch, const int64_t *order, int64_t rows, float *x, int32_t *label)
{
    const int64_t d = er_shape_size(train->shape), C = train->shape.channels;
    const bool plain = !augment || er_augment_is_none(augment);
    for (int64_t b = 0; b < rows; b++) {
        const int64_t i = order[b];
        label[b] = train->label[i];
        if (plain)
            memcpy(x + b * d, train->x + i * d, (size_t)d * sizeof *x);
        else
            er_augment_example(augment, train->shape, train->zero ? train->zero + i * C : NULL, seed, epoch,
                               i, train->x + i * d, x + b * d);
    }
}

void er_batch_call_for(const struct er_dataset *train, const int64_t *order, int64_t from, int64_t to)
{
    enum { FLOATS = ER_ALIGN / sizeof(float) };
    const int64_t d = er_shape_size(train->shape);
    for (int64_t at = from / FLOATS * FLOATS; at < to;) {
        const float *row = train->x + order[at / d] * d;
        const int64_t end = (at / d + 1) * d < to ? (at / d + 1) * d : to;
        for (; at < end; at += FLOATS) __builtin_prefetch(row + at % d, 0, 2);
    }
}
