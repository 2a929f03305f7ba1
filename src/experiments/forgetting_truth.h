/* forgetting_truth.h - the true labels of the runs of a study, each split's once.
 */
#ifndef ERMINE_EXPERIMENTS_FORGETTING_TRUTH_H
#define ERMINE_EXPERIMENTS_FORGETTING_TRUTH_H

#include <ermine/data.h>
#include <ermine/schema.h>

struct er_truth {
    int32_t **label; /* of each run: those of its training set before any was replaced; runs share them */
    int32_t **owned; /* n of them */
    int64_t n;
};

/* Reads the data of points 0..n-1 without the corruption of their labels; inputs and order are the same
 * (<ermine/data.h>). Errors: er_data_open()'s, with their places in the study. Freed by er_truth_clear(). */
enum er_status er_truth_read(const struct er_point *point, int64_t n, const struct er_data_places *places,
                             struct er_truth *out, struct er_error *err);
void er_truth_clear(struct er_truth *truth);

#endif
