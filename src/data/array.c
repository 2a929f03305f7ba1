/* array.c - an array of numbers, and the classification set in two of them. */
#include "core/number.h"
#include "data/dataset.h"

#include <ermine/memory.h>
#include <inttypes.h>

void er_array_clear(struct er_array *array)
{
    er_free(array->value);
    *array = (struct er_array){0};
}

enum er_status er_array_examples(const struct er_array *x, struct er_shape *shape, struct er_error *err)
{
    if (x->rank < 1 || x->rank > 4)
        return er_fail(err, ER_E_SHAPE,
                       "x: %d dimensions; n, n x d, n x H x W or n x H x W x C is a set of examples",
                       x->rank);
    for (int i = 0; i < x->rank; i++)
        if (x->dim[i] < 1) return er_fail(err, ER_E_SHAPE, "x: its dimension %d is empty", i + 1);
    const int64_t *d = x->dim;
    *shape = (struct er_shape){1, 1, 1};
    if (x->rank == 2) shape->channels = d[1];
    if (x->rank >= 3) shape->height = d[1], shape->width = d[2];
    if (x->rank == 4) shape->channels = d[3];
    return ER_OK;
}

static enum er_status check_labels(const struct er_array *y, int64_t n, struct er_error *err)
{
    if (y->rank != 1 && !(y->rank == 2 && y->dim[1] == 1))
        return er_fail(err, ER_E_SHAPE, "y: %d dimensions; one label for each example is wanted", y->rank);
    if (y->dim[0] != n)
        return er_fail(err, ER_E_SHAPE, "y: %" PRId64 " labels for %" PRId64 " examples", y->dim[0], n);
    return ER_OK;
}

static enum er_status fail_value(const char *name, int64_t example, double value, const char *flaw,
                                 struct er_error *err)
{
    char number[ER_NUMBER_TEXT] = "a value";
    if (value - value == 0) er_number_text(value, number);
    return er_fail(err, ER_E_INPUT, "%s: example %" PRId64 ": %s %s", name, example, number, flaw);
}

enum er_status er_array_dataset(const struct er_array *x, const struct er_array *y, struct er_dataset *out,
                                struct er_error *err)
{
    struct er_shape shape = {0};
    struct er_dataset set = {0};
    enum er_status status = er_array_examples(x, &shape, err);
    if (status == ER_OK) status = check_labels(y, x->dim[0], err);
    if (status == ER_OK) status = er_dataset_new(x->dim[0], shape, 0, &set, err);
    if (status != ER_OK) return status;
    const int64_t d = er_shape_size(shape);
    for (int64_t i = 0; i < set.n * d; i++) {
        const char *flaw = er_feature_flaw(x->value[i]);
        if (flaw) {
            status = fail_value("x", i / d, x->value[i], flaw, err);
            goto fail;
        }
        set.x[i] = (float)x->value[i];
    }
    for (int64_t i = 0; i < set.n; i++) {
        const char *flaw = er_label_flaw(y->value[i]);
        if (flaw) {
            status = fail_value("y", i, y->value[i], flaw, err);
            goto fail;
        }
        set.label[i] = (int32_t)y->value[i];
    }
    status = er_dataset_count_classes(&set, "y: ", err);
    if (status != ER_OK) goto fail;
    *out = set;
    return ER_OK;
fail:
    er_dataset_clear(&set);
    return status;
}
