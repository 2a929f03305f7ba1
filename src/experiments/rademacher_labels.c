/* rademacher_labels.c - labels drawn at random for inputs that stay; agreement with them. */
#include "experiments/rademacher_labels.h"

#include <ermine/random.h>
#include <math.h>

enum er_rademacher_kind er_rademacher_labels(const struct er_point *point)
{
    return (enum er_rademacher_kind)er_point_real(point, "rademacher.labels", ER_RADEMACHER_SIGNS);
}

void er_rademacher_relabel(const struct er_point *point, const struct er_dataset *train, int64_t draw,
                           int32_t *label)
{
    const enum er_rademacher_kind kind = er_rademacher_labels(point);
    const int64_t K = train->classes;
    struct er_random r = er_random_open(point->seed, er_stream(ER_PURPOSE_SIGNS, (uint64_t)draw));
    for (int64_t i = 0; i < train->n; i++) {
        if (kind == ER_RADEMACHER_CLASSES) {
            label[i] = (int32_t)er_random_below(&r, K);
            continue;
        }
        const bool mistaken = er_random_below(&r, 2) == 1;
        const int64_t other = 1 + er_random_below(&r, K - 1);
        label[i] = mistaken ? (int32_t)((train->label[i] + other) % K) : train->label[i];
    }
}

double er_rademacher_agreement(enum er_rademacher_kind kind, int64_t classes, double accuracy)
{
    return kind == ER_RADEMACHER_SIGNS ? 2 * accuracy - 1 : accuracy - 1 / (double)classes;
}

double er_rademacher_of_losses(enum er_rademacher_kind kind, int64_t classes, double rademacher)
{
    if (kind == ER_RADEMACHER_SIGNS) return rademacher / 2;
    return classes == 2 ? rademacher : (double)NAN;
}
