/* targets.h - labels as numbers to be fitted, and what outputs for them are worth.
 *
 *     two classes    one target:  -1 for class 0, +1 for class 1;  predicted: class 1 where f >= 0
 *     K > 2          K targets:   1 for the label's class, else 0;  predicted: the class of the largest f,
 *                    the first of equals
 */
#ifndef ERMINE_EXPERIMENTS_TARGETS_H
#define ERMINE_EXPERIMENTS_TARGETS_H

#include <ermine/data.h>

/* Targets of an example: 1 for two classes, else K. */
int64_t er_targets_of(int64_t classes);

/* y: n x er_targets_of(classes), row-major. */
void er_targets_fill(const struct er_dataset *data, double *y);

/* How well outputs f (n x er_targets_of(classes), row-major) fit. */
struct er_targets_fit {
    double error; /* share of examples predicted wrongly; an output that is NaN predicts nothing */
    double mse;   /* squared distance to the targets: sum over targets, mean over examples */
    double worst; /* the largest |f - y| */
};

/* All NaN for a set without examples. Sums have the order of the examples. */
struct er_targets_fit er_targets_measure(const struct er_dataset *data, const double *f);

#endif
