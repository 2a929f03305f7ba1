/* A gathered batch is its examples one by one, augmented as they are alone, whatever stands beside them. */
#include "train/batch.h"

#include "data/dataset.h"
#include "t.h"

#include <ermine/random.h>

enum { N = 12, H = 5, W = 6, C = 3, D = H * W * C };

static void make(struct er_dataset *set)
{
    if (er_dataset_new(N, (struct er_shape){H, W, C}, 4, set, NULL) != ER_OK) exit(1);
    set->zero = er_alloc((int64_t)N * C, sizeof *set->zero);
    if (!set->zero) exit(1);
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int i = 0; i < N * D; i++) set->x[i] = (float)er_random_normal(&r);
    for (int i = 0; i < N * C; i++) set->zero[i] = (float)(-100 - i);
    for (int i = 0; i < N; i++) set->label[i] = i % 4;
}

static bool same(int64_t n, const float *a, const float *b)
{
    for (int64_t i = 0; i < n; i++)
        if (a[i] != b[i]) return false;
    return true;
}

static void check_plain(const struct er_dataset *set, const struct er_augment *augment, const char *name)
{
    const int64_t order[] = {7, 0, 7, 11};
    float x[4 * D];
    int32_t label[4];
    er_batch_gather(set, augment, 1, 2, order, 4, x, label);
    for (int b = 0; b < 4; b++)
        T_OK(label[b] == order[b] % 4 && same(D, x + b * D, set->x + order[b] * D), "%s: row %d is a copy",
             name, b);
}

static void check_augmented(const struct er_dataset *set, enum er_augment_padding padding)
{
    const struct er_augment augment = {.crop = 2, .padding = padding, .flip = true};
    float all[N * D], one[D], part[3 * D];
    int32_t label[N];
    int64_t order[N], moved = 0;
    struct er_random r = er_random_open(2, er_stream(ER_PURPOSE_TEST, 0));
    er_random_permutation(&r, N, order);
    er_batch_gather(set, &augment, 9, 4, order, N, all, label);
    for (int b = 0; b < N; b++) {
        const int64_t i = order[b];
        er_augment_example(&augment, set->shape, set->zero + i * C, 9, 4, i, set->x + i * D, one);
        T_OK(label[b] == i % 4 && same(D, all + b * D, one), "padding %d: row %d", padding, b);
        moved += !same(D, one, set->x + i * D);
    }
    T_OK(moved > N / 2, "padding %d: most are moved", padding);
    er_batch_gather(set, &augment, 9, 4, order + 5, 3, part, label);
    T_OK(same(3 * (int64_t)D, part, all + 5 * D), "padding %d: another batch, the same rows", padding);
    er_batch_gather(set, &augment, 9, 5, order + 5, 3, part, label);
    T_OK(!same(3 * (int64_t)D, part, all + 5 * D), "padding %d: another epoch, other rows", padding);
}

int main(void)
{
    struct er_dataset set;
    make(&set);
    check_plain(&set, NULL, "no augmentation");
    check_plain(&set, &(struct er_augment){.padding = ER_AUGMENT_EDGE}, "one that does nothing");
    check_augmented(&set, ER_AUGMENT_ZERO);
    check_augmented(&set, ER_AUGMENT_REFLECT);
    check_augmented(&set, ER_AUGMENT_EDGE);
    er_free(set.zero);
    set.zero = er_alloc((int64_t)N * C, sizeof *set.zero); /* zeroes */
    if (!set.zero) exit(1);
    check_augmented(&set, ER_AUGMENT_ZERO);
    er_dataset_clear(&set);
    return t_done();
}
