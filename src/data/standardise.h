/* standardise.h - inputs to mean 0 and standard deviation 1 (kinds and formulas in <ermine/data.h>). */
#ifndef ERMINE_DATA_STANDARDISE_H
#define ERMINE_DATA_STANDARDISE_H

#include <ermine/data.h>

/* Changes the sets, which have the same shape; statistics are those of `train` alone, which also gets its `zero`,
 * as `others` do (further examples to learn from; NULL or empty: none). ER_E_NOMEM. */
enum er_status er_standardise(enum er_standardise kind, struct er_dataset *train, struct er_dataset *test,
                              struct er_dataset *others, struct er_error *err);

/* ER_STANDARDISE_GIVEN; deviation above 0, all sets there. ER_E_NOMEM. */
enum er_status er_standardise_given(double mean, double deviation, struct er_dataset *train,
                                    struct er_dataset *test, struct er_dataset *others, struct er_error *err);

#endif
