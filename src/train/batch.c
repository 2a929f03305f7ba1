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
    int64_t column = from % d;
    for (int64_t row = from / d, left = to - from; left > 0; row++, column = 0) {
        const int64_t n = d - column < left ? d - column : left;
        const float *x = train->x + order[row] * d + column;
        for (int64_t i = 0; i < n; i += FLOATS) __builtin_prefetch(x + i, 0, 2);
        left -= n;
    }
}
