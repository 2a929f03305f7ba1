/* optimisation.c - measures of how training went: how many updates it took, and how much gradients of single examples differ.
 *
 *     steps_to_0_1             updates until the training loss is 0.1 or less
 *     steps_0_1_to_0_01        updates from there until it is 0.01 or less
 *
 *     gradient_noise_final     V = (1/m) sum_i |g_i - g|^2,   g_i the gradient of example i's loss, g their mean
 *     gradient_noise_epoch_1   the same at the weights after the first epoch
 *
 * The loss is looked at where training records it, over the whole set, in evaluation: so the first record at or below a mark
 * counts, and an update at which it was first met may lie up to a record earlier (`train.record.every`, `train.record.early`).
 * Nothing is made up between. V is the trace of the covariance of one example's gradient with respect to all parameters, the
 * network evaluated (batch norm by its running moments), divided by m and not by the number of parameters. Minibatches of B
 * have the B-th part.
 *
 * Jiang et al., ICLR 2020, expect all four to rise with the gap, and find the opposite sign for the first.
 * Source: Jiang et al., eqs. 63 to 66. Departure: variances over minibatches, or means over parameters, are also in use.
 * Cost: nothing; the gradient of every example once.
 */
#include "derivatives/derivatives.h"
#include "measures/measured.h"

#include <math.h>

static const double FIRST_MARK = 0.1, SECOND_MARK = 0.01;

/* The updates at the first record whose loss is `mark` or less. */
static enum er_status steps_to(const struct er_course *course, double mark, int64_t *out,
                               struct er_error *err)
{
    double least = (double)INFINITY;
    for (int64_t i = 0; i < course->n; i++) {
        least = fmin(least, course->train_loss[i]);
        if (course->train_loss[i] > mark) continue;
        *out = course->step[i];
        return ER_OK;
    }
    return er_fail(err, ER_E_UNSUPPORTED, "the training loss came down to %.3g, and not to %g", least, mark);
}

static enum er_status compute_first(struct er_measured_run *run, double *out, struct er_error *err)
{
    int64_t steps = 0;
    const enum er_status status = steps_to(run->is.course, FIRST_MARK, &steps, err);
    if (status == ER_OK) *out = (double)steps;
    return status;
}

static enum er_status compute_second(struct er_measured_run *run, double *out, struct er_error *err)
{
    int64_t first = 0, second = 0;
    enum er_status status = steps_to(run->is.course, FIRST_MARK, &first, err);
    if (status == ER_OK) status = steps_to(run->is.course, SECOND_MARK, &second, err);
    if (status == ER_OK) *out = (double)(second - first);
    return status;
}

static enum er_status compute_final(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_gradient_moments moments;
    const enum er_status status = er_measured_gradient_moments(run, &moments, err);
    if (status == ER_OK) *out = moments.variance;
    return status;
}

static enum er_status compute_epoch_1(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_network then = {.w = run->is.first_epoch_w, .statistics = run->is.first_epoch_statistics};
    struct er_derivatives *derivatives;
    struct er_gradient_moments moments;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status != ER_OK) return status;
    struct er_derivatives at = er_derivatives_at(derivatives, &then);
    status = er_derivatives_moments(&at, &moments, NULL, err);
    if (status == ER_OK) *out = moments.variance;
    return status;
}

#define OPTIMISATION(NAME, TITLE, UNIT, HELP, EQUATION, INVARIANT, NEEDS, COST, COMPUTE)                     \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = (UNIT),                                                                                      \
        .help = (HELP),                                                                                      \
        .source = "Jiang et al., ICLR 2020, eq. " EQUATION,                                                  \
        .direction = 1,                                                                                      \
        .family = "optimisation",                                                                            \
        .invariant = (INVARIANT),                                                                            \
        .needs = (NEEDS),                                                                                    \
        .cost = (COST),                                                                                      \
        .compute = (COMPUTE),                                                                                \
    }

OPTIMISATION(steps_to_0_1, "steps until a loss of 0.1", "steps",
             "updates until the first record with a training loss of 0.1 or less", "63", ER_INVARIANT_ALL,
             ER_NEEDS_COURSE, ER_COST_MODEL, compute_first);
OPTIMISATION(steps_0_1_to_0_01, "steps from a loss of 0.1 to 0.01", "steps",
             "updates between the first records with a training loss of 0.1 and of 0.01, or less", "64",
             ER_INVARIANT_ALL, ER_NEEDS_COURSE, ER_COST_MODEL, compute_second);
OPTIMISATION(gradient_noise_epoch_1, "gradient noise after an epoch", "",
             "mean_i |g_i - g|^2 of the gradients of single training examples, after the first epoch", "65",
             ER_INVARIANT_PERMUTATION,
             ER_NEEDS_WEIGHTS | ER_NEEDS_FIRST_EPOCH | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES |
                 ER_NEEDS_GRADIENTS,
             ER_COST_PASS, compute_epoch_1);
OPTIMISATION(gradient_noise_final, "gradient noise at the end", "",
             "mean_i |g_i - g|^2 of the gradients of single training examples, where training ended", "66",
             ER_INVARIANT_PERMUTATION,
             ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES | ER_NEEDS_GRADIENTS, ER_COST_PASS,
             compute_final);
