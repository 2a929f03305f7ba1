/* subset.h - some training examples, for measures that take too long on all. */
#ifndef ERMINE_MEASURES_SUBSET_H
#define ERMINE_MEASURES_SUBSET_H

#include <ermine/data.h>

enum { ER_SUBSET_EXAMPLES = 256 }; /* as measures take them */

/* The lesser of n and `most` examples of a set, drawn without replacement by the seed: as many of one class as
 * of another, as far as there are as many; in the order of the set. *out owns copies. ER_E_NOMEM. */
enum er_status er_subset_draw(const struct er_dataset *set, int64_t most, uint64_t seed,
                              struct er_dataset *out, struct er_error *err);

#endif
