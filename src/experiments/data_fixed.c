/* data_fixed.c - a key that would say nothing is refused rather than passed over. */
#include "experiments/data_fixed.h"

#include "data/augment.h"
#include "experiments/data_keys.h"
#include "experiments/point.h"

enum er_status er_data_fixed_check(const struct er_point *point, const char *experiment, struct er_error *err)
{
    const enum er_status status = er_data_keys_check(point, err);
    const struct er_augment augment = er_data_keys_augment(point);
    if (status != ER_OK || er_augment_is_none(&augment)) return status;
    const char *path = augment.crop ? "data.augment.crop" : "data.augment.flip";
    return er_point_fail(point, path, err,
                         "%s takes all examples as they are, there are no batches to augment", experiment);
}
