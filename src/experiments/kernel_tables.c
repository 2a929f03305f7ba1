/* kernel_tables.c - columns of `kernel`, in words. */
#include "experiments/kernel_tables.h"

#include <math.h>

/* Fewer than four digits of a result are sure beyond it. */
static const double WORST_CONDITION = 1e12;

/* Conjugate gradients that end with more were out of iterations. */
static const double WORST_RESIDUAL = 1e-7;

const struct er_column er_kernel_run_column[] = {
    [ER_KERNEL_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_KERNEL_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_KERNEL_GAP] = {"gap", "", "test error less training error", false},
    [ER_KERNEL_TRAIN_MSE] =
        {"train_mse", "", "squared distance of outputs to targets, mean over outputs and training examples",
         true},
    [ER_KERNEL_TEST_MSE] = {"test_mse", "",
                            "squared distance of outputs to targets, mean over outputs and test examples",
                            true},
    [ER_KERNEL_NLPD] = {"nlpd", "",
                        "negative logarithm of the predictive density of test targets, mean over outputs and "
                        "examples; their noise is kernel.noise",
                        false},
    [ER_KERNEL_MEMBER_LOSS] =
        {"member_loss", "",
         "half the expected squared error of one network, its spread included, mean over "
         "outputs and test examples",
         true},
    [ER_KERNEL_LOG_MARGINAL] =
        {"log_marginal", "",
         "logarithm of the marginal likelihood of the training targets, an example and output; "
         "of the posterior (nngp)",
         false},
    [ER_KERNEL_CONDITION] =
        {"condition_number", "",
         "condition number of the matrix that was solved with, estimated from below; with "
         "conjugate-gradients after preconditioning",
         true},
    [ER_KERNEL_JITTER] =
        {"jitter", "",
         "added to the ridge since the matrix was singular to rounding, as a share of the diagonal's "
         "mean; 0: nothing was",
         false},
    [ER_KERNEL_RESIDUAL] = {"residual", "", "what conjugate gradients left of the targets, relative", true},
    [ER_KERNEL_SMALLEST] = {"smallest_eigenvalue", "",
                            "of the kernel matrix without the ridge; with spectrum, or a time", true},
    [ER_KERNEL_LARGEST] = {"largest_eigenvalue", "", "of the kernel matrix without the ridge", true},
    [ER_KERNEL_MAX_RATE] =
        {"max_rate", "",
         "largest learning rate at which gradient descent on half the mean squared error is stable", true},
    [ER_KERNEL_TUNED_WEIGHT_STD] = {"tuned_weight_std", "",
                                    "standard deviation of weights that a search found", true},
    [ER_KERNEL_TUNED_BIAS_STD] = {"tuned_bias_std", "", "standard deviation of biases that a search found",
                                  true},
    [ER_KERNEL_TUNED_RIDGE] = {"tuned_ridge", "", "ridge that a search found", true},
    [ER_KERNEL_COLUMNS] = {0},
};

const struct er_column er_kernel_curve_column[] = {{0}};

const struct er_default_figure er_kernel_figure[] = {
    {.mark = "point", .x = "axis", .y = "train_error test_error", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "test_mse", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "test_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "point", .x = "axis", .y = "test_mse", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

void er_kernel_values(const struct er_kernel_prediction *p, double value[ER_KERNEL_COLUMNS])
{
    for (int i = 0; i < ER_KERNEL_COLUMNS; i++) value[i] = (double)NAN;
    value[ER_KERNEL_TRAIN_ERROR] = p->train_error;
    value[ER_KERNEL_TEST_ERROR] = p->test_error;
    value[ER_KERNEL_GAP] = p->test_error - p->train_error;
    value[ER_KERNEL_TRAIN_MSE] = p->train_mse;
    value[ER_KERNEL_TEST_MSE] = p->test_mse;
    value[ER_KERNEL_NLPD] = p->nlpd;
    value[ER_KERNEL_MEMBER_LOSS] = p->member_loss;
    value[ER_KERNEL_LOG_MARGINAL] = p->log_marginal;
    value[ER_KERNEL_CONDITION] = p->condition;
    value[ER_KERNEL_JITTER] = p->jitter;
    value[ER_KERNEL_RESIDUAL] = p->residual;
    value[ER_KERNEL_SMALLEST] = p->smallest;
    value[ER_KERNEL_LARGEST] = p->largest;
    value[ER_KERNEL_MAX_RATE] = p->max_rate;
}

const char *er_kernel_outcome(const struct er_kernel_prediction *prediction, const char **note)
{
    *note = "";
    if (prediction->jitter > 0) {
        *note = "the kernel matrix is singular to rounding (equal examples, or images that pooling makes "
                "alike): solved "
                "with a larger ridge";
        return "jitter";
    }
    if (prediction->residual > WORST_RESIDUAL) {
        *note = "conjugate gradients did not converge: a larger ridge, or solver: cholesky";
        return "unconverged";
    }
    if (prediction->condition > WORST_CONDITION)
        *note = "the condition number is above 1e12: fewer than four digits of outputs are sure";
    return "solved";
}
