/* stability_tables.c - what `stability` measures, and how it is shown. */
#include "experiments/stability_tables.h"

#include "experiments/key_rows.h"

const struct er_column er_stability_run_column[] = {
    [ER_STABILITY_STEPS] = {"steps", "steps", "steps until training stopped", true},
    [ER_STABILITY_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [ER_STABILITY_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_STABILITY_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [ER_STABILITY_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_STABILITY_INITIAL] = {"initial_sharpness", "", "sharpness before the first step", false},
    [ER_STABILITY_FINAL] = {"final_sharpness", "", "the same where training stopped", false},
    [ER_STABILITY_LIMIT] =
        {"limit", "",
         "threshold at the end: descent leaves a parabola that is sharper, 2 / rate without momentum", false},
    [ER_STABILITY_CROSSES] = {"crosses", "", "1 where the sharpness came to the threshold, else 0", false},
    [ER_STABILITY_CROSSING] = {"crossing", "steps", "the first measurement at which it had come there",
                               false},
    [ER_STABILITY_SETTLED] = {"settled_sharpness", "",
                              "mean sharpness from the crossing on; without a crossing the last one", false},
    [ER_STABILITY_RATIO] = {"ratio", "", "mean of sharpness over threshold, likewise", false},
    [ER_STABILITY_RATIO_SD] = {"ratio_sd", "", "standard deviation of the ratio from the crossing on", false},
    [ER_STABILITY_RISING] =
        {"rising", "",
         "share of steps that raised the training loss, from the crossing on; without one of all", false},
    [ER_STABILITY_RISING_BEFORE] = {"rising_before", "",
                                    "share of steps that raised the training loss before the crossing",
                                    false},
    [ER_STABILITY_FALL] = {"fall", "",
                           "loss at the crossing over the last loss; without a crossing the first loss",
                           true},
    [ER_STABILITY_RESIDUAL] = {"residual", "",
                               "largest residual of an eigenvector, over the largest eigenvalue in size",
                               true},
    [ER_STABILITY_PRODUCTS] = {"products", "", "products with the Hessian that measuring took", false},
    [ER_STABILITY_PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [ER_STABILITY_RUN_COLUMNS] = {0},
};

const struct er_column er_stability_curve_column[] = {
    [ER_STABILITY_C_STEP] = {"step", "steps", "steps so far, from 0", false},
    [ER_STABILITY_C_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [ER_STABILITY_C_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_STABILITY_C_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [ER_STABILITY_C_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_STABILITY_C_SHARPNESS] = {"sharpness", "",
                                  "largest eigenvalue of the Hessian of training loss and weight decay",
                                  false},
    [ER_STABILITY_C_THRESHOLD] = {"threshold", "",
                                  "descent leaves a parabola that is sharper: 2 / rate without momentum",
                                  false},
    [ER_STABILITY_C_RATIO] = {"ratio", "", "sharpness over threshold", false},
    [ER_STABILITY_C_RISING] = {"rising", "",
                               "share of steps since the last measurement that raised the training loss",
                               false},
    [ER_STABILITY_C_RESIDUAL] = {"residual", "",
                                 "residual of the eigenvector, over the largest eigenvalue in size", true},
    [ER_STABILITY_CURVE_COLUMNS] = {0},
};

const struct er_default_figure er_stability_figure[] = {
    {.mark = "line", .x = "step", .y = "sharpness threshold", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "train_loss", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "sharpness", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line",
     .x = "step",
     .y = "ratio",
     .colour = "axis",
     .axes = ER_DEFAULT_SOME_AXES,
     .at_y = "1",
     .y_label = "edge of stability"},
    {.mark = "line", .x = "step", .y = "train_loss", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line",
     .x = "limit",
     .y = "limit",
     .points = "settled_sharpness",
     .x_scale = "log",
     .y_scale = "log",
     .with = "train.gradient-descent.rate",
     .axes = ER_DEFAULT_SOME_AXES},
    {0},
};

const struct er_schema_row er_stability_row[] = {
    MAP("stability", NULL, "sharpness during gradient descent, beside the one at which it is unstable"),
    INTEGER("stability.every", "steps", 1, 1e15, "50", "how often the sharpness is measured"),
    {0},
};
