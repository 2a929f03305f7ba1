/* max_margin_keys.h - `max-margin.*` of a study point -> er_margin_spec.
 */
#ifndef ERMINE_EXPERIMENTS_MAX_MARGIN_KEYS_H
#define ERMINE_EXPERIMENTS_MAX_MARGIN_KEYS_H

#include "experiments/max_margin_descent.h"

#include <ermine/schema.h>

extern const struct er_schema_row er_max_margin_keys_row[];

struct er_margin_spec er_max_margin_keys_spec(const struct er_point *point);

/* What the keys ask of data of so many classes. ER_E_INPUT at the setting of the data. */
enum er_status er_max_margin_keys_classes(const struct er_point *point, int64_t classes,
                                          struct er_error *err);

#endif
