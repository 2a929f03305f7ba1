/* minima_tables.c - columns, default figures and claims of `minima`. */
#include "experiments/minima_tables.h"

const struct er_column er_minima_run_column[] = {
    [ER_MINIMA_FOUND] = {"found", "", "minima with training error 0 that the run found", false},
    [ER_MINIMA_TRIED] = {"tried", "", "weights that the sampler looked at", true},
    [ER_MINIMA_ACCEPTANCE] = {"acceptance", "", "found as a share of tried", true},
    [ER_MINIMA_EPOCHS] = {"epochs", "epochs", "whole epochs of training", false},
    [ER_MINIMA_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [ER_MINIMA_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_MINIMA_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [ER_MINIMA_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_MINIMA_GAP] = {"gap", "", "test error less training error", false},
    [ER_MINIMA_DEVIATION] =
        {"test_error_sd", "",
         "standard deviation of the test error over the run's minima; missing for a single one", false},
    [ER_MINIMA_MARGIN] =
        {"margin", "",
         "least margin of the training set, divided by the product of the layers' Frobenius norms", true},
    [ER_MINIMA_NORMALISED_LOSS] =
        {"normalised_loss", "",
         "mean training loss of the outputs divided by a third of each layer's Frobenius norm", false},
    [ER_MINIMA_NORM] = {"norm", "", "length of the vector of all weights", false},
    [ER_MINIMA_DISTANCE] = {"distance", "", "distance of the weights from where the sampler began", false},
    [ER_MINIMA_PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [ER_MINIMA_COLUMNS] = {0},
};

const struct er_column er_minima_curve_column[] = {
    [ER_MINIMUM_NUMBER] = {"number", "", "number of the minimum within its run, from 0", false},
    [ER_MINIMUM_TRIED] = {"tried_by_then", "", "weights that had been looked at when it was found", true},
    [ER_MINIMUM_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [ER_MINIMUM_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_MINIMUM_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [ER_MINIMUM_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_MINIMUM_MARGIN] =
        {"margin", "",
         "least margin of the training set, divided by the product of the layers' Frobenius norms", true},
    [ER_MINIMUM_BIN] = {"bin", "",
                        "bin of the margin: its logarithm to base 10 times minima.bins, rounded down", false},
    [ER_MINIMUM_NORMALISED_LOSS] =
        {"normalised_loss", "",
         "mean training loss of the outputs divided by a third of each layer's Frobenius norm", false},
    [ER_MINIMUM_NORM] = {"norm", "", "length of the vector of all weights", false},
    [ER_MINIMUM_DISTANCE] = {"distance", "", "distance of the weights from where the sampler began", false},
    [ER_MINIMUM_EPOCHS] = {"minimum_epochs", "epochs", "whole epochs of training", false},
    [ER_MINIMUM_COLUMNS] = {0},
};

const struct er_default_figure er_minima_figure[] = {
    {.mark = "histogram", .y = "test_error", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "point", .x = "axis", .y = "test_error train_error", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "test_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "point", .x = "axis", .y = "norm distance", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

const struct er_default_claim er_minima_claim[] = {
    {.claim = "Every network fits the training set, however much poison it learnt",
     .rule = "max train_error is 0",
     .source = "Huang et al., 2019",
     .axes = "minima.poison",
     .with = "train.until.train_loss"},
    {.claim = "The test error rises with the poison",
     .rule = "test_error rises along minima.poison",
     .source = "Huang et al., 2019",
     .axes = "minima.poison",
     .alone = true},
    {0},
};
