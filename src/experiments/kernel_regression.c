/* kernel_regression.c - the experiment `kernel-regression`: each run fits one kernel to one training set exactly
 * (experiments/kernel_fit.h), and predicts the test set.
 *
 *     (K + ridge I) c = y     f(z) = sum_i k(z, x_i) c_i     norm = |f| in the kernel's Hilbert space
 *
 * Nothing in it is random but the data. Runs come one after the other, each on all threads.
 */
#include "core/clock.h"
#include "experiments/data_fixed.h"
#include "experiments/data_groups.h"
#include "experiments/experiment.h"
#include "experiments/kernel_bound.h"
#include "experiments/kernel_fit.h"
#include "experiments/kernel_regression_estimate.h"
#include "experiments/kernel_regression_keys.h"
#include "experiments/run_progress.h"
#include "experiments/targets.h"
#include "math/gram.h"

#include <ermine/bounds.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum {
    TRAIN_ERROR,
    TEST_ERROR,
    GAP,
    LOO_ERROR,
    TRAIN_MSE,
    TEST_MSE,
    LOO_MSE,
    FIT_ERROR,
    INTERPOLATES,
    NORM,
    RADEMACHER,
    NORM_BOUND,
    CONDITION,
    JITTER,
    RUN_COLUMNS
};

static const struct er_column run_column[] = {
    [TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [GAP] = {"gap", "", "test error less training error", false},
    [LOO_ERROR] =
        {"loo_error", "",
         "share of training examples predicted wrongly by the fit to all others (leave-one-out, in closed "
         "form)",
         false},
    [TRAIN_MSE] = {"train_mse", "",
                   "squared distance of outputs to targets: sum over targets, mean over training examples",
                   true},
    [TEST_MSE] = {"test_mse", "",
                  "squared distance of outputs to targets: sum over targets, mean over test examples", true},
    [LOO_MSE] = {"loo_mse", "", "the same over training examples, each by the fit to all others", true},
    [FIT_ERROR] = {"fit_error", "", "largest distance of an output to its target over the training set",
                   true},
    [INTERPOLATES] = {"interpolates", "", "1 where the training error is 0, else 0", false},
    [NORM] = {"norm", "", "norm of the solution in the kernel's Hilbert space, all targets together", false},
    [RADEMACHER] =
        {"rademacher", "",
         "bound on the empirical Rademacher complexity of the ball of that norm: norm / m times the root "
         "of the kernel matrix's trace",
         true},
    [NORM_BOUND] = {"norm_bound", "",
                    "with probability .95 over the training set, the error on new examples is at most that: "
                    "margins of .9 and the norm",
                    true},
    [CONDITION] = {"condition_number", "",
                   "condition number of the matrix that was solved with (1-norm, estimated)", true},
    [JITTER] = {"jitter", "",
                "added to the diagonal since the matrix was singular to rounding; 0: nothing was", false},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {{0}};

static const struct er_default_figure figure[] = {
    {.mark = "point", .x = "axis", .y = "train_error test_error", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "norm", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "test_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "point", .x = "axis", .y = "norm", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    const enum er_status status = er_data_fixed_check(point, "kernel-regression", err);
    return status == ER_OK ? er_kernel_regression_keys_check(point, err) : status;
}

static double flops_of(int64_t n, int64_t m, int64_t d, int64_t k)
{
    return er_kernel_fit_flops(n, d, k) + 2 * (double)m * (double)n * (double)d;
}

static void fill_values(const struct er_kernel_fit *fit, const struct er_split *split, const double *outputs,
                        double value[RUN_COLUMNS])
{
    const struct er_targets_fit train = er_targets_measure(&split->train, fit->f);
    const struct er_targets_fit test = er_targets_measure(&split->test, outputs);
    const struct er_targets_fit left_out = er_targets_measure(&split->train, fit->left_out);
    value[TRAIN_ERROR] = train.error;
    value[TEST_ERROR] = test.error;
    value[GAP] = test.error - train.error;
    value[LOO_ERROR] = left_out.error;
    value[TRAIN_MSE] = train.mse;
    value[TEST_MSE] = test.mse;
    value[LOO_MSE] = left_out.mse;
    value[FIT_ERROR] = train.worst;
    value[INTERPOLATES] = train.error == 0;
    value[NORM] = fit->norm;
    value[RADEMACHER] = er_rademacher_kernel_bound(fit->norm, fit->trace, (double)split->train.n);
    value[NORM_BOUND] = er_kernel_norm_bound(&split->train, fit->f, fit->norm, fit->trace);
    value[CONDITION] = fit->condition;
    value[JITTER] = fit->jitter;
}

/* Fits and predicts. `outcome` is why it ended. */
static enum er_status compute(const struct er_point *point, const struct er_split *split,
                              struct er_pool *pool, const struct er_progress *progress,
                              double value[RUN_COLUMNS], const char **outcome, struct er_error *err)
{
    const struct er_dataset *train = &split->train, *test = &split->test;
    const struct er_kernel kernel = er_kernel_regression_keys_kernel(point);
    const double ridge = er_point_real(point, "kernel-regression.ridge", 0);
    const int64_t k = er_targets_of(train->classes);
    struct er_kernel_fit fit = {0};
    double *y = er_alloc(train->n * k, sizeof *y), *outputs = er_alloc(test->n * k, sizeof *outputs);
    enum er_status status =
        y && outputs ? ER_OK
                     : er_fail(err, ER_E_NOMEM, "kernel-regression: out of memory for %" PRId64 " targets",
                               (train->n + test->n) * k);
    if (status == ER_OK) {
        er_targets_fill(train, y);
        status = er_kernel_fit(&kernel, train, k, y, ridge, pool, progress, &fit, err);
    }
    for (int i = 0; i < RUN_COLUMNS; i++) value[i] = (double)NAN;
    if (status == ER_OK && fit.solved) {
        status = er_gram_apply(&kernel, test->n, test->x, train->n, train->x, er_shape_size(train->shape), k,
                               fit.c, outputs, pool, progress, err);
        if (status == ER_OK) fill_values(&fit, split, outputs, value);
    }
    *outcome = !fit.solved ? "singular" : fit.jitter > 0 ? "jitter" : "solved";
    er_kernel_fit_clear(&fit);
    er_free(y);
    er_free(outputs);
    return status;
}

static const char *note_of(const char *outcome)
{
    switch (outcome[0]) {
    case 'j':
        return "the kernel matrix is singular to rounding (equal examples, or a kernel of low rank): solved "
               "with a "
               "jitter";
    case 's':
        if (outcome[1] == 'i')
            return "the kernel matrix is singular to rounding, even with the largest jitter; a ridge may "
                   "help";
        break;
    default:
        break;
    }
    return "";
}

static enum er_status do_run(const struct er_point *point, int64_t i, const struct er_split *split,
                             struct er_pool *pool, struct er_run_progress *p,
                             const struct er_run_events *events, struct er_error *err)
{
    const int64_t k = er_targets_of(split->train.classes);
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = events->begin(events->ctx, i, &skip, &state, &bytes, err);
    if (status == ER_OK && !skip) {
        const double began = er_clock_s();
        double value[RUN_COLUMNS];
        const char *outcome;
        er_run_progress_begin(p,
                              flops_of(split->train.n, split->test.n, er_shape_size(split->train.shape), k));
        const struct er_progress progress = er_run_progress_part(p);
        status = compute(&point[i], split, pool, &progress, value, &outcome, err);
        if (status == ER_OK) {
            const struct er_record record = {.outcome = outcome,
                                             .note = note_of(outcome),
                                             .seconds = er_clock_s() - began,
                                             .value = value};
            status = events->end(events->ctx, i, &record, err);
        }
    }
    er_run_progress_end(p);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_data_groups groups;
    struct er_run_progress p = {.what = "kernel-regression", .caller = progress, .runs = n};
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) return status;
    for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
        const struct er_data_group *group = &groups.group[g];
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
            if (er_progress_stopped(progress))
                status = er_fail(err, ER_E_STOPPED, "kernel-regression: interrupted");
            else
                status = do_run(point, group->run[i], &group->split, pool, &p, events, err);
        }
        er_data_groups_release(&groups, g, g + 1);
    }
    er_data_groups_clear(&groups);
    return status;
}

extern const struct er_experiment er_experiment_kernel_regression;
const struct er_experiment er_experiment_kernel_regression = {
    .name = "kernel-regression",
    .help = "fits a kernel to the training set exactly: interpolation of least norm, or ridge regression",
    .shares = ER_SHARES_DATA,
    .schema = er_kernel_regression_keys_row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .estimate = er_kernel_regression_estimate,
    .run = run,
};
