/* data_keys.h - the keys `data.*` of a point as a specification of data: shared by all experiments that learn
 * from examples.
 */
#ifndef ERMINE_EXPERIMENTS_DATA_KEYS_H
#define ERMINE_EXPERIMENTS_DATA_KEYS_H

#include <ermine/augment.h>
#include <ermine/data.h>
#include <ermine/schema.h>

/* The named set or generator of a point; NULL for a file and for an unknown name. */
const struct er_data_info *er_data_keys_info(const struct er_point *point);

/* The specification of a point's data. Its texts are borrowed from the point. */
struct er_data_spec er_data_keys_spec(const struct er_point *point);

/* How a point's training batches are augmented; no augmentation when nothing is written. */
struct er_augment er_data_keys_augment(const struct er_point *point);

/* What can be said of a point's data without reading any: a name or a file, a known name, parameters that its
 * source has, sizes within the official split, images where images are needed. For experiments that learn
 * classes: a source of real targets is refused. ER_E_INPUT at the setting. */
enum er_status er_data_keys_check(const struct er_point *point, struct er_error *err);

/* The same for experiments that read their data by er_regression_open(): real targets, or labels. */
enum er_status er_data_keys_regression_check(const struct er_point *point, struct er_error *err);

/* The shape of an example, cropped and pooled, and the number of classes of the task (0: real targets), when
 * the name alone tells; false for files. A crop or pool that er_data_keys_check() refuses is left out. */
bool er_data_keys_shape(const struct er_point *point, struct er_shape *shape, int64_t *classes);

/* Whether examples of this shape can be augmented as the point says: for files, which er_data_keys_check()
 * does not read. ER_E_INPUT at the setting. */
enum er_status er_data_keys_augment_check(const struct er_point *point, struct er_shape shape,
                                          struct er_error *err);

/* Passes on the error of reading a point's data, with the place of data.name or data.file unless it has one
 * in the file that was read. */
enum er_status er_data_keys_fail(const struct er_point *point, const struct er_error *why,
                                 struct er_error *err);

/* The order of two points by their data: 0 when they learn from the same split, however it is augmented. */
int er_data_keys_compare(const struct er_point *a, const struct er_point *b);

#endif
