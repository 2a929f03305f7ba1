/* max_margin_tables.c - columns, default figures and claims of the experiment `max-margin`. */
#include "experiments/max_margin_tables.h"

const struct er_column er_max_margin_run_column[] = {
    [ER_MARGIN_LARGEST] = {"largest_margin", "",
                           "the largest margin that a linear classifier has on the training set; 0: it can't "
                           "be separated",
                           false},
    [ER_MARGIN_SUPPORTS] = {"support_vectors", "examples",
                            "training examples at that margin, to one part in 10^9", false},
    [ER_MARGIN_STEPS] = {"steps", "steps", "steps taken", true},
    [ER_MARGIN_SEPARATED_AT] = {"separated_at", "steps",
                                "the first record from which on the training error is 0; missing: never",
                                true},
    [ER_MARGIN_LOSS] = {"loss", "", "logistic loss at the end, summed over the training set", true},
    [ER_MARGIN_NORM] = {"norm", "", "norm of the weights at the end", false},
    [ER_MARGIN_NORM_GROWTH] = {"norm_growth", "",
                               "what the norm grows by in a decade of steps, fitted from step 100 on", false},
    [ER_MARGIN_NORM_GROWTH_THEORY] = {"norm_growth_theory", "",
                                      "ln 10 / largest margin, which the growth tends to", false},
    [ER_MARGIN_NORM_R2] = {"norm_r2", "", "share of the norm's variance from step 100 on that log t explains",
                           false},
    [ER_MARGIN_LOSS_SPREAD] = {"loss_spread", "",
                               "largest over least loss times step from step 100 on: 1 where loss ~ 1 / t",
                               true},
    [ER_MARGIN_GAP] = {"margin_gap", "", "largest margin less that of the weights, at the end", true},
    [ER_MARGIN_GAP_LARGEST] = {"margin_gap_largest", "", "the largest margin gap among the records", true},
    [ER_MARGIN_GAP_SHARE] = {"margin_gap_share", "", "the margin gap at the end as a share of its largest",
                             true},
    [ER_MARGIN_ANGLE] = {"angle", "", "between the weights and the direction of largest margin, in radians",
                         true},
    [ER_MARGIN_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_MARGIN_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_MARGIN_TEST_LOSS] = {"test_loss", "", "logistic loss, mean over the test set", true},
    [ER_MARGIN_TEST_LOSS_RISE] = {"test_loss_rise", "",
                                  "test loss at the end over the least among the records", true},
    [ER_MARGIN_VALUES] = {0},
};

const struct er_column er_max_margin_curve_column[] = {
    [ER_MARGIN_C_STEP] = {"step", "steps", "steps so far, from 1", true},
    [ER_MARGIN_C_LOSS] = {"loss", "", "logistic loss, summed over the training set", true},
    [ER_MARGIN_C_LOSS_STEP] = {"loss_times_step", "", "that times the steps: constant where loss ~ 1 / t",
                               true},
    [ER_MARGIN_C_NORM] = {"norm", "", "norm of the weights", false},
    [ER_MARGIN_C_MARGIN] = {"margin", "", "least distance of a training example to the plane, signed", false},
    [ER_MARGIN_C_GAP] = {"margin_gap", "", "largest margin less that", true},
    [ER_MARGIN_C_ANGLE] = {"angle", "", "between the weights and the direction of largest margin, in radians",
                           true},
    [ER_MARGIN_C_ANGLE_LOG] = {"angle_times_log_step", "", "that times ln t: bounded where angle ~ 1 / log t",
                               false},
    [ER_MARGIN_C_DIRECTION_GAP] = {"direction_gap", "", "distance between the two unit vectors", true},
    [ER_MARGIN_C_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_MARGIN_C_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_MARGIN_C_TEST_LOSS] = {"test_loss", "", "logistic loss, mean over the test set", true},
    [ER_MARGIN_C_W1] = {"w1", "", "first weight, where there are two", false},
    [ER_MARGIN_C_W2] = {"w2", "", "second weight, where there are two", false},
    [ER_MARGIN_CURVES] = {0},
};

const struct er_default_figure er_max_margin_figure[] = {
    {.mark = "line", .x = "step", .y = "margin_gap", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "norm", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "loss", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "margin_gap", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line", .x = "step", .y = "norm", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line", .x = "step", .y = "loss", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {0},
};

const struct er_default_claim er_max_margin_claim[] = {
    {.claim = "The norm of the weights is affine in log t",
     .rule = "min norm_r2 is above 0.99",
     .expected = "w = w_svm log t + O(1)",
     .source = "Soudry et al., JMLR 2018, theorem 3",
     .without = "max-margin.gradient"},
    {0},
};
