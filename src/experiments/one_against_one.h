/* one_against_one.h - classification by a support vector machine for each pair of classes, each with one vote.
 *
 * The class with the most votes is predicted, the first of equals. Source: Knerr, Personnaz and Dreyfus, 1990; LIBSVM does
 * the same.
 */
#ifndef ERMINE_EXPERIMENTS_ONE_AGAINST_ONE_H
#define ERMINE_EXPERIMENTS_ONE_AGAINST_ONE_H

#include <ermine/progress.h>

/* Examples with a kernel matrix among all of them. */
struct er_labelled_kernel {
    int64_t n, classes;
    const double *k;      /* n x n */
    const int32_t *label; /* n */
};

/* Rows of these examples: to learn from, and to be predicted. */
struct er_rows {
    const int64_t *learn, *predict;
    int64_t n_learn, n_predict;
};

/* *wrong: rows that are predicted wrongly by machines with the penalty C (math/support_vectors.h; tolerance 10^-3, 10^6 steps
 * at most: *unfinished counts those that needed more). A class without an example to learn from is never predicted.
 * ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_one_against_one(const struct er_labelled_kernel *kernel, const struct er_rows *rows,
                                  double C, const struct er_progress *progress, int64_t *wrong,
                                  int64_t *unfinished, struct er_error *err);

/* Bytes taken by n rows to learn from. */
double er_one_against_one_bytes(int64_t n, int64_t classes);

#endif
