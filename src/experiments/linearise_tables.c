/* linearise_tables.c - columns, default figures and claims of the experiment `linearise`. */
#include "experiments/linearise_tables.h"

#include "experiments/linearise_run.h"

#define TRAIN_MSE "squared distance of outputs to targets: sum over targets, mean over training examples"
#define TEST_MSE  "squared distance of outputs to targets: sum over targets, mean over test examples"
#define SPREAD                                                                                               \
    "squared distance of test outputs to the ensemble's mean over the ensemble's variance, mean: 1 of one "  \
    "of its members"

const struct er_column er_linearise_run_column[] = {
    [ER_LINEARISE_STEPS] = {"steps", "steps", "steps of gradient descent", true},
    [ER_LINEARISE_PARAMETERS] = {"parameters", "", "weights of the network", true},
    [ER_LINEARISE_TRAIN_MSE] = {"train_mse", "", TRAIN_MSE, true},
    [ER_LINEARISE_TEST_MSE] = {"test_mse", "", TEST_MSE, true},
    [ER_LINEARISE_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_LINEARISE_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_LINEARISE_LINEAR_TRAIN_MSE] = {"linear_train_mse", "", "train_mse of the linearised network", true},
    [ER_LINEARISE_LINEAR_TEST_MSE] = {"linear_test_mse", "", "test_mse of the linearised network", true},
    [ER_LINEARISE_LINEAR_TEST_ERROR] = {"linear_test_error", "", "test_error of the linearised network",
                                        false},
    [ER_LINEARISE_GAP] =
        {"gap", "", "root mean square over test outputs of the difference of network and linearised network",
         true},
    [ER_LINEARISE_TRAIN_GAP] = {"train_gap", "", "the same over training outputs", true},
    [ER_LINEARISE_MOVEMENT] = {"movement", "",
                               "distance of the weights to the initial ones, in norms of these", true},
    [ER_LINEARISE_KERNEL_DISTANCE] = {"kernel_distance", "",
                                      "distance of the tangent kernel to the initial one, relative to it",
                                      true},
    [ER_LINEARISE_ALIGNMENT_START] =
        {"alignment_start", "",
         "alignment of the initial tangent kernel with the targets, y'Ky / (|K| |y|^2)", false},
    [ER_LINEARISE_ALIGNMENT] = {"alignment", "", "the same of the kernel after training", false},
    [ER_LINEARISE_MAX_RATE] = {"max_rate", "",
                               "the largest rate at which the linearised network does not diverge", true},
    [ER_LINEARISE_START_DISTANCE] =
        {"start_distance", "",
         "distance of the initial tangent kernel to that of infinite width, relative to it", true},
    [ER_LINEARISE_LIMIT_TEST_MSE] = {"limit_test_mse", "",
                                     "test_mse of the mean of infinitely wide networks, after as many steps",
                                     true},
    [ER_LINEARISE_LIMIT_TEST_ERROR] = {"limit_test_error", "", "test_error of that mean", false},
    [ER_LINEARISE_LIMIT_MEMBER_MSE] =
        {"limit_member_test_mse", "",
         "expected test_mse of one infinitely wide network: limit_test_mse and the variances", true},
    [ER_LINEARISE_LIMIT_GAP] =
        {"limit_gap", "", "root mean square over test outputs of the difference of network and that mean",
         true},
    [ER_LINEARISE_LIMIT_SPREAD] = {"limit_spread", "", SPREAD, true},
    [ER_LINEARISE_VALUES] = {0},
};

const struct er_column er_linearise_curve_column[] = {
    [ER_LINEARISE_C_STEP] = {"step", "steps", "steps so far, from 0", true},
    [ER_LINEARISE_C_TRAIN_MSE] = {"train_mse", "", TRAIN_MSE, true},
    [ER_LINEARISE_C_TEST_MSE] = {"test_mse", "", TEST_MSE, true},
    [ER_LINEARISE_C_LINEAR_TRAIN_MSE] = {"linear_train_mse", "", "train_mse of the linearised network", true},
    [ER_LINEARISE_C_LINEAR_TEST_MSE] = {"linear_test_mse", "", "test_mse of the linearised network", true},
    [ER_LINEARISE_C_LIMIT_TEST_MSE] = {"limit_test_mse", "",
                                       "test_mse of the mean of infinitely wide networks", true},
    [ER_LINEARISE_C_GAP] = {"gap", "", "root mean square difference to the linearised network, test outputs",
                            true},
    [ER_LINEARISE_C_TRAIN_GAP] = {"train_gap", "", "the same over training outputs", true},
    [ER_LINEARISE_C_LIMIT_GAP] = {"limit_gap", "",
                                  "root mean square difference to the mean of infinite width", true},
    [ER_LINEARISE_C_LIMIT_SPREAD] = {"limit_spread", "", SPREAD, true},
    [ER_LINEARISE_C_MOVEMENT] = {"movement", "",
                                 "distance of the weights to the initial ones, in norms of these", true},
    [ER_LINEARISE_C_KERNEL_DISTANCE] = {"kernel_distance", "",
                                        "distance of the tangent kernel to the initial one, relative to it",
                                        true},
    [ER_LINEARISE_C_ALIGNMENT] = {"alignment", "", "alignment of the tangent kernel with the targets", false},
    [ER_LINEARISE_CURVES] = {0},
};

const struct er_default_figure er_linearise_figure[] = {
    {.mark = "line",
     .x = "step",
     .y = "train_mse linear_train_mse test_mse linear_test_mse",
     .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "axis", .y = "gap train_gap", .axes = ER_DEFAULT_ONE_AXIS, .x_scale = "log"},
    {.mark = "line",
     .x = "axis",
     .y = "kernel_distance movement",
     .axes = ER_DEFAULT_ONE_AXIS,
     .x_scale = "log"},
    {.mark = "line", .x = "step", .y = "gap", .colour = "axis"},
    {.mark = "line", .x = "step", .y = "kernel_distance", .colour = "axis"},
    {.mark = "line", .x = "axis", .y = "gap", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

const struct er_default_claim er_linearise_claim[] = {
    {.claim = "The wider the network, the more it trains like its linearisation",
     .rule = "gap falls along linearise.width",
     .source = "Lee et al. 2019",
     .axes = "linearise.width",
     .alone = true},
    {.claim = "The wider the network, the less its tangent kernel moves",
     .rule = "kernel_distance falls along linearise.width",
     .source = "Jacot, Gabriel and Hongler 2018",
     .axes = "linearise.width",
     .alone = true},
    {0},
};
