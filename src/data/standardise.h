/* standardise.h - inputs to mean 0 and standard deviation 1 (kinds and formulas in <ermine/data.h>). */
#ifndef ERMINE_DATA_STANDARDISE_H
#define ERMINE_DATA_STANDARDISE_H

#include <ermine/data.h>

/* Changes both sets, which have the same shape; statistics are those of `train` alone, which also
 * gets its `zero`. ER_E_NOMEM. */
enum er_status er_standardise(enum er_standardise kind, struct er_dataset *train, struct er_dataset *test,
                              struct er_error *err);

#endif
