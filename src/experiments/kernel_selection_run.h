/* kernel_selection_run.h - a kernel and a penalty chosen on one half of a table, then judged by cross-validation.
 *
 *     candidates       ntk       fully connected ReLU networks of 1 .. depth layers with weights and no biases, the first
 *                                0 .. layers - 1 of them fixed
 *                      nngp      the same networks, none trained but the last layer
 *                      gaussian  exp(-rate |x - z|^2), rate = 4^-4 .. 4^3 / d
 *     penalties        C = 10^-2 .. 10^4
 *
 * Each is fitted to one half of the rows; the one with the fewest mistakes on the other half, the first of equals, is judged
 * by k-fold cross-validation on all rows. Halves and folds have classes in equal shares. Kernels of networks are
 * unnormalised: weights of variance 1 / fan-in, and inner products of the inputs, not their means. Source: Arora, Du, Li,
 * Salakhutdinov, Wang and Yu, "Harnessing the power of infinitely wide deep nets on small-data tasks", ICLR 2020, section 4.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_SELECTION_RUN_H
#define ERMINE_EXPERIMENTS_KERNEL_SELECTION_RUN_H

#include "experiments/one_against_one.h"

#include <ermine/data.h>

enum er_selection_kernel { ER_SELECTION_NTK, ER_SELECTION_NNGP, ER_SELECTION_GAUSSIAN };

struct er_selection_spec {
    enum er_selection_kernel kernel;
    int64_t depth, folds;
    uint64_t seed; /* of halves and folds */
};

struct er_selection_result {
    double validation_error, test_error; /* on the other half; mean over folds */
    double spread;                       /* standard deviation over folds */
    int64_t layers, fixed;               /* of the network, or 0 */
    double rate, penalty;                /* of the Gaussian kernel, or 0; C */
    int64_t unfinished;                  /* machines that were out of steps, all told */
};

/* All rows of both parts of the split, at least 2 a fold. Any thread. ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_selection_run(const struct er_selection_spec *spec, const struct er_split *split,
                                const struct er_progress *progress, struct er_selection_result *out,
                                struct er_error *err);

/* Seconds of a run, by one kernel of at most 400 rows and one fit on it. */
enum er_status er_selection_time(const struct er_selection_spec *spec, const struct er_split *split,
                                 const struct er_progress *progress, double *seconds, struct er_error *err);

double er_selection_bytes(const struct er_split *split);

#endif
