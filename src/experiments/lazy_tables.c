/* lazy_tables.c - columns, default figures and claims of the experiment `lazy`. */
#include "experiments/lazy_tables.h"

#include "experiments/lazy_run.h"

const struct er_column er_lazy_run_column[] = {
    [ER_LAZY_STEPS] = {"steps", "steps", "steps of gradient descent", true},
    [ER_LAZY_PARAMETERS] = {"parameters", "", "weights of the network", true},
    [ER_LAZY_TRAIN_MSE] = {"train_mse", "", "mean squared error on the training set", true},
    [ER_LAZY_TEST_MSE] = {"test_mse", "", "mean squared error on the test set", true},
    [ER_LAZY_TRAIN_ERROR] = {"train_error", "", "share of training examples whose class is wrong", false},
    [ER_LAZY_TEST_ERROR] = {"test_error", "", "share of test examples whose class is wrong", false},
    [ER_LAZY_MOVEMENT] = {"movement", "", "distance of the weights to the initial ones, in norms of these",
                          true},
    [ER_LAZY_SIGN_FLIPS] = {"sign_flips", "",
                            "share of pairs of unit and training example where the unit has come on or gone "
                            "off since the start",
                            false},
    [ER_LAZY_KERNEL_DISTANCE] = {"kernel_distance", "",
                                 "distance of the tangent kernel to the initial one, |K - K_0| / |K_0|",
                                 true},
    [ER_LAZY_KERNEL_ANGLE] = {"kernel_angle", "", "1 - cos of the angle between the two kernels", true},
    [ER_LAZY_ALIGNMENT_START] =
        {"alignment_start", "",
         "alignment of the initial tangent kernel with the targets, y'Ky / (|K| |y|^2)", false},
    [ER_LAZY_ALIGNMENT] = {"alignment", "", "the same of the kernel after training", false},
    [ER_LAZY_CENTRED_START] = {"alignment_centred_start", "",
                               "alignment of the initial kernel, kernel and targets centred", false},
    [ER_LAZY_CENTRED] = {"alignment_centred", "", "the same after training", false},
    [ER_LAZY_LINEAR_TEST_MSE] =
        {"linear_test_mse", "",
         "mean squared error on the test set of the model linear in its weights, after "
         "as many steps",
         true},
    [ER_LAZY_LINEAR_GAP] =
        {"linear_gap", "", "root mean square over the test set of the difference of network and linear model",
         true},
    [ER_LAZY_LIMIT_TEST_MSE] =
        {"limit_test_mse", "",
         "mean squared error on the test set of kernel regression, the linear model's limit", true},
    [ER_LAZY_INFINITE_DISTANCE] = {"infinite_distance", "",
                                   "distance of the initial kernel to that of infinite width, relative to it",
                                   true},
    [ER_LAZY_VALUES] = {0},
};

const struct er_column er_lazy_curve_column[] = {
    [ER_LAZY_C_STEP] = {"step", "steps", "steps so far, from 0", true},
    [ER_LAZY_C_TRAIN_MSE] = {"train_mse", "", "mean squared error on the training set", true},
    [ER_LAZY_C_TEST_MSE] = {"test_mse", "", "mean squared error on the test set", true},
    [ER_LAZY_C_TRAIN_ERROR] = {"train_error", "", "share of training examples whose class is wrong", false},
    [ER_LAZY_C_TEST_ERROR] = {"test_error", "", "share of test examples whose class is wrong", false},
    [ER_LAZY_C_MOVEMENT] = {"movement", "", "distance of the weights to the initial ones, in norms of these",
                            true},
    [ER_LAZY_C_SIGN_FLIPS] = {"sign_flips", "",
                              "share of pairs of unit and training example that changed sides", false},
    [ER_LAZY_C_KERNEL_DISTANCE] = {"kernel_distance", "", "distance of the tangent kernel to the initial one",
                                   true},
    [ER_LAZY_C_ALIGNMENT] = {"alignment", "", "alignment of the tangent kernel with the targets", false},
    [ER_LAZY_C_CENTRED] = {"alignment_centred", "", "the same, kernel and targets centred", false},
    [ER_LAZY_C_LINEAR_TEST_MSE] = {"linear_test_mse", "",
                                   "mean squared error of the linear model on the test set", true},
    [ER_LAZY_C_LINEAR_GAP] = {"linear_gap", "",
                              "root mean square of the difference of network and linear model", true},
    [ER_LAZY_CURVES] = {0},
};

const struct er_default_figure er_lazy_figure[] = {
    {.mark = "line", .x = "step", .y = "train_mse test_mse linear_test_mse", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "alignment", .colour = "axis"},
    {.mark = "line", .x = "axis", .y = "test_mse linear_test_mse", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "line", .x = "axis", .y = "movement kernel_distance", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "line", .x = "axis", .y = "test_mse", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "line", .x = "axis", .y = "movement", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

const struct er_default_claim er_lazy_claim[] = {
    {.claim = "The larger the scale, the less the tangent kernel moves",
     .rule = "kernel_distance falls along lazy.alpha",
     .source = "Chizat, Oyallon and Bach 2019",
     .axes = "lazy.alpha",
     .alone = true},
    {0},
};
