/* dataset.h - making a data set, and what a value from outside must be to enter one. */
#ifndef ERMINE_DATA_DATASET_H
#define ERMINE_DATA_DATASET_H

#include <ermine/data.h>
#include <float.h>

/* Labels make at most this many classes: more is a regression target in the label's place. */
enum { ER_CLASSES_MAX = 10000 };

/* Zeroed examples of the given shape and labels. ER_E_NOMEM, also when the size overflows; *out is untouched
 * on failure. */
enum er_status er_dataset_new(int64_t n, struct er_shape shape, int64_t classes, struct er_dataset *out,
                              struct er_error *err);

/* Memory of its arrays. */
size_t er_dataset_bytes(const struct er_dataset *set);

/* K from the labels: the largest and one. ER_E_INPUT when they are all 0, with `where` ("y: ") in front. */
enum er_status er_dataset_count_classes(struct er_dataset *set, const char *where, struct er_error *err);

/* The shape of an example, x's first dimension being the examples: n x d is 1 x 1 x d, n x H x W has one channel, n alone one
 * feature. ER_E_SHAPE: another rank, an empty dimension. */
enum er_status er_array_examples(const struct er_array *x, struct er_shape *shape, struct er_error *err);

/* What keeps `value` from being a label ("is missing", "is not an integer", ...), or NULL. */
const char *er_label_flaw(double value);

/* What keeps `value` from being a feature in float32, or NULL. */
const char *er_feature_flaw(double value);

/* The float32 nearest to a value that is not NaN; what is beyond its range becomes the largest of that sign
 * (without a bound, the conversion is undefined). */
static inline float er_feature_nearest(double value)
{
    const double most = (double)FLT_MAX;
    return (float)(value > most ? most : value < -most ? -most : value);
}

#endif
