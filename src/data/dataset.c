/* dataset.c - n examples of height x width x channels in one block, n labels in another. */
#include "data/dataset.h"

#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>

enum er_status er_dataset_new(int64_t n, struct er_shape shape, int64_t classes, struct er_dataset *out,
                              struct er_error *err)
{
    struct er_dataset set = {.n = n, .shape = shape, .classes = classes};
    int64_t pixels;
    int64_t size;
    if (__builtin_mul_overflow(shape.height, shape.width, &pixels) ||
        __builtin_mul_overflow(pixels, shape.channels, &pixels) || __builtin_mul_overflow(pixels, n, &size))
        goto fail;
    set.x = er_alloc(size, sizeof *set.x);
    set.label = er_alloc(n, sizeof *set.label);
    if (!set.x || !set.label) goto fail;
    *out = set;
    return ER_OK;
fail:
    er_dataset_clear(&set);
    return er_fail(err, ER_E_NOMEM,
                   "out of memory for %" PRId64 " examples of %" PRId64 " x %" PRId64 " x %" PRId64, n,
                   shape.height, shape.width, shape.channels);
}

void er_dataset_clear(struct er_dataset *set)
{
    er_free(set->x);
    er_free(set->label);
    er_free(set->zero);
    *set = (struct er_dataset){0};
}

size_t er_dataset_bytes(const struct er_dataset *set)
{
    const size_t zero = set->zero ? (size_t)set->shape.channels * sizeof *set->zero : 0;
    return (size_t)set->n * ((size_t)er_shape_size(set->shape) * sizeof *set->x + sizeof *set->label + zero);
}

enum er_status er_dataset_count_classes(struct er_dataset *set, const char *where, struct er_error *err)
{
    int32_t largest = 0;
    for (int64_t i = 0; i < set->n; i++)
        if (set->label[i] > largest) largest = set->label[i];
    if (largest == 0) return er_fail(err, ER_E_INPUT, "%sall labels are 0; 2 classes are the least", where);
    set->classes = largest + 1;
    return ER_OK;
}

const char *er_label_flaw(double value)
{
    if (isnan(value)) return "is missing";
    if (value != floor(value)) return "is not an integer";
    if (value < 0) return "is negative; classes count from 0";
    if (value >= ER_CLASSES_MAX) return "is above 9999, the largest class; is it a regression target?";
    return NULL;
}
_Static_assert(ER_CLASSES_MAX == 10000, "the largest class is named in er_label_flaw()");

const char *er_feature_flaw(double value)
{
    if (isnan(value)) return "is missing";
    if (fabs(value) > (double)FLT_MAX) return "is beyond the range of float32";
    return NULL;
}
