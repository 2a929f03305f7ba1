/* kernel_regression_keys.h - the keys `kernel-regression.*`: their rows, and the kernel that they say.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_REGRESSION_KEYS_H
#define ERMINE_EXPERIMENTS_KERNEL_REGRESSION_KEYS_H

#include "math/kernel.h"

#include <ermine/schema.h>

/* The rows of `kernel-regression`, ended by a row without path. */
extern const struct er_schema_row er_kernel_regression_keys_row[];

struct er_kernel er_kernel_regression_keys_kernel(const struct er_point *point);

/* What the rows can't say: rate and scale are above 0. */
enum er_status er_kernel_regression_keys_check(const struct er_point *point, struct er_error *err);

#endif
