/* data_fixed.h - data for experiments that have no batches, and so nothing to augment.
 */
#ifndef ERMINE_EXPERIMENTS_DATA_FIXED_H
#define ERMINE_EXPERIMENTS_DATA_FIXED_H

#include <ermine/schema.h>

/* er_data_keys_check(), and augmentation is refused by the name of its key and the experiment. */
enum er_status er_data_fixed_check(const struct er_point *point, const char *experiment,
                                   struct er_error *err);

#endif
