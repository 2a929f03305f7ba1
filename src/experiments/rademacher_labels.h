/* rademacher_labels.h - random labels of `rademacher`, and what fitting them comes to. The definitions are those
 * of rademacher.c.
 */
#ifndef ERMINE_EXPERIMENTS_RADEMACHER_LABELS_H
#define ERMINE_EXPERIMENTS_RADEMACHER_LABELS_H

#include <ermine/data.h>
#include <ermine/schema.h>

enum er_rademacher_kind { ER_RADEMACHER_SIGNS, ER_RADEMACHER_CLASSES };
enum er_rademacher_kind er_rademacher_labels(const struct er_point *point);

/* The labels of draw 1, 2, ...: train->n of them. A function of (the run's seed, the draw, the example's place,
 * its label), so a larger subset has the same labels where it is the same. */
void er_rademacher_relabel(const struct er_point *point, const struct er_dataset *train, int64_t draw,
                           int32_t *label);

/* What a draw gives: 2 acc - 1, or acc - 1/K. */
double er_rademacher_agreement(enum er_rademacher_kind kind, int64_t classes, double accuracy);

/* The complexity of the class of 0-1 losses that goes with it; NaN when it has none (random classes, K > 2). */
double er_rademacher_of_losses(enum er_rademacher_kind kind, int64_t classes, double rademacher);

#endif
