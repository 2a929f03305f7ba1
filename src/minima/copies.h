/* copies.h - copies of a training set with labels drawn by lot: what an adversarial start has learnt.
 */
#ifndef ERMINE_MINIMA_COPIES_H
#define ERMINE_MINIMA_COPIES_H

#include <ermine/data.h>

/* R copies of all examples, one after the other. In each copy every value of an input is, with probability `drop`, what
 * a raw 0 has become (er_dataset.zero, or 0), and every example has a label of its own, uniform over all classes. What
 * is drawn is a function of (seed, copy, example). Freed by er_dataset_clear(). ER_E_NOMEM. */
enum er_status er_copies_new(const struct er_dataset *train, int64_t copies, double drop, uint64_t seed,
                             struct er_dataset *out, struct er_error *err);

#endif
