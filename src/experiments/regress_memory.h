/* regress_memory.h - what a run of `regress` takes of memory, known before it is computed.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_MEMORY_H
#define ERMINE_EXPERIMENTS_REGRESS_MEMORY_H

#include "experiments/regress_keys.h"

#include <ermine/regression.h>

/* What a split comes to: n training and m test examples of d numbers, k outputs. */
struct er_regress_sizes {
    int64_t n, m, d, k;
};
struct er_regress_sizes er_regress_sizes_of(const struct er_regression_split *split);

/* How many features a run on inputs of d numbers fits. */
int64_t er_regress_features(const struct er_regress_spec *spec, int64_t d);

/* The test part is predicted so many rows at a time, and up to twice as many at the end: their features take about
 * 32 MB, or those of 96 rows, a multiple of which they are
 * (see basis.c: so the numbers are those of all rows at once). */
int64_t er_regress_rows_at_once(int64_t features);

/* Bytes that a run takes at most, beside its split: features, the copy of them that is decomposed, with singular vectors
 * (which a matrix of full rank does without), weights, the parts of a validation, the data of `sets`. */
double er_regress_bytes(const struct er_regress_spec *spec, const struct er_regress_sizes *sizes);

/* ER_E_NOMEM, with both numbers, where that is more than the system has. */
enum er_status er_regress_memory_check(const struct er_regress_spec *spec,
                                       const struct er_regress_sizes *sizes, struct er_error *err);

#endif
