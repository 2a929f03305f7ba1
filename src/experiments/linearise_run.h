/* linearise_run.h - one run of `linearise`: gradient descent on a network, beside its linearisation and the ensemble of
 * infinitely wide ones.
 */
#ifndef ERMINE_EXPERIMENTS_LINEARISE_RUN_H
#define ERMINE_EXPERIMENTS_LINEARISE_RUN_H

#include "experiments/run_spread.h"
#include "experiments/wide_net.h"

struct er_linearise_spec {
    int64_t steps;
    double rate;
    bool infinite;
    uint64_t seed;
};

enum er_linearise_value {
    ER_LINEARISE_STEPS,
    ER_LINEARISE_PARAMETERS,
    ER_LINEARISE_TRAIN_MSE,
    ER_LINEARISE_TEST_MSE,
    ER_LINEARISE_TRAIN_ERROR,
    ER_LINEARISE_TEST_ERROR,
    ER_LINEARISE_LINEAR_TRAIN_MSE,
    ER_LINEARISE_LINEAR_TEST_MSE,
    ER_LINEARISE_LINEAR_TEST_ERROR,
    ER_LINEARISE_GAP,
    ER_LINEARISE_TRAIN_GAP,
    ER_LINEARISE_MOVEMENT,
    ER_LINEARISE_KERNEL_DISTANCE,
    ER_LINEARISE_ALIGNMENT_START,
    ER_LINEARISE_ALIGNMENT,
    ER_LINEARISE_MAX_RATE,
    ER_LINEARISE_START_DISTANCE,
    ER_LINEARISE_LIMIT_TEST_MSE,
    ER_LINEARISE_LIMIT_TEST_ERROR,
    ER_LINEARISE_LIMIT_MEMBER_MSE,
    ER_LINEARISE_LIMIT_GAP,
    ER_LINEARISE_LIMIT_SPREAD,
    ER_LINEARISE_VALUES
};

enum er_linearise_curve {
    ER_LINEARISE_C_STEP,
    ER_LINEARISE_C_TRAIN_MSE,
    ER_LINEARISE_C_TEST_MSE,
    ER_LINEARISE_C_LINEAR_TRAIN_MSE,
    ER_LINEARISE_C_LINEAR_TEST_MSE,
    ER_LINEARISE_C_LIMIT_TEST_MSE,
    ER_LINEARISE_C_GAP,
    ER_LINEARISE_C_TRAIN_GAP,
    ER_LINEARISE_C_LIMIT_GAP,
    ER_LINEARISE_C_LIMIT_SPREAD,
    ER_LINEARISE_C_MOVEMENT,
    ER_LINEARISE_C_KERNEL_DISTANCE,
    ER_LINEARISE_C_ALIGNMENT,
    ER_LINEARISE_CURVES
};

/* Bytes that a run takes, about. */
double er_linearise_bytes(const struct er_wide_net *net, int64_t n, int64_t m, bool infinite);

/* Fills a result. ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_linearise_run(const struct er_linearise_spec *spec, const struct er_wide_net *net,
                                const struct er_split *split, const struct er_progress *progress,
                                struct er_spread_result *result, struct er_error *err);

#endif
