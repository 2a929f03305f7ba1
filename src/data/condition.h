/* condition.h - Zhang et al.'s randomisations of a split (definitions in <ermine/data.h>).
 *
 * The random numbers of an example are addressed by its record's number in the official part (in the file,
 * of a user's own), not by its place in the subset: the same record is treated the same way in every subset.
 */
#ifndef ERMINE_DATA_CONDITION_H
#define ERMINE_DATA_CONDITION_H

#include "data/parts.h"

/* Changes the inputs of all parts as the condition says. ER_E_USAGE when it needs images, ER_E_NOMEM. */
enum er_status er_condition_inputs(enum er_condition condition, uint64_t seed, struct er_parts *parts,
                                   struct er_error *err);

/* Replaces labels of the training part with probability p; the number of labels that came out different. */
int64_t er_condition_labels(double p, enum er_draw draw, uint64_t seed, struct er_parts *parts);

#endif
