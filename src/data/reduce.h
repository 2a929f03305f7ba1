/* reduce.h - images cropped to their middle and averaged over squares: fewer pixels. */
#ifndef ERMINE_DATA_REDUCE_H
#define ERMINE_DATA_REDUCE_H

#include <ermine/data.h>

/* What examples of this shape become; a crop of 0 and a pool of 0 or 1 leave it. *parameter: "crop" or
 * "pool", the one at fault. ER_E_USAGE: no image, a crop larger than it, a pool that does not divide it. */
enum er_status er_reduced_shape(int64_t crop, int64_t pool, struct er_shape *shape, const char **parameter,
                                struct er_error *err);

/* Crops, then pools the examples of a set. ER_E_USAGE as above, ER_E_NOMEM; the set is untouched then. */
enum er_status er_reduce(int64_t crop, int64_t pool, struct er_dataset *set, struct er_error *err);

#endif
