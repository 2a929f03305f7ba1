/* subset.c - a draw of examples, balanced over classes. */
#include "measures/subset.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <string.h>

/* quota[c] examples of class c, of the count[c] that there are: one more of each class in turn until there are n. */
static void share_out(int64_t classes, const int64_t *count, int64_t n, int64_t *quota)
{
    while (n > 0)
        for (int64_t c = 0; c < classes && n > 0; c++)
            if (quota[c] < count[c]) {
                quota[c]++;
                n--;
            }
}

/* Copies those examples whose place in `order` comes before their class's quota is used up. */
static void copy(const struct er_dataset *set, const int64_t *order, int64_t *quota, unsigned char *taken,
                 struct er_dataset *out)
{
    const int64_t D = er_shape_size(set->shape);
    int64_t n = 0;
    for (int64_t i = 0; i < set->n; i++) {
        int64_t *left = &quota[set->label[order[i]]];
        taken[order[i]] = *left > 0;
        *left -= *left > 0;
    }
    for (int64_t i = 0; i < set->n; i++) {
        if (!taken[i]) continue;
        memcpy(out->x + n * D, set->x + i * D, (size_t)D * sizeof *out->x);
        out->label[n++] = set->label[i];
    }
}

enum er_status er_subset_draw(const struct er_dataset *set, int64_t most, uint64_t seed,
                              struct er_dataset *out, struct er_error *err)
{
    const int64_t n = set->n < most ? set->n : most, D = er_shape_size(set->shape), K = set->classes;
    struct er_dataset made = {.n = n,
                              .shape = set->shape,
                              .classes = K,
                              .x = er_alloc(n * D, sizeof(float)),
                              .label = er_alloc(n, sizeof(int32_t))};
    int64_t *count = er_alloc(2 * K, sizeof *count), *order = er_alloc(set->n, sizeof *order);
    unsigned char *taken = er_alloc(set->n, 1);
    const bool room = made.x && made.label && count && order && taken;
    if (room) {
        struct er_random random = er_random_open(seed, er_stream(ER_PURPOSE_SUBSET, 0));
        for (int64_t i = 0; i < set->n; i++) count[set->label[i]]++;
        share_out(K, count, n, count + K);
        er_random_permutation(&random, set->n, order);
        copy(set, order, count + K, taken, &made);
        *out = made;
    } else {
        er_dataset_clear(&made);
        er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld examples", (long long)n);
    }
    er_free(count);
    er_free(order);
    er_free(taken);
    return room ? ER_OK : ER_E_NOMEM;
}
