/* pac_bayes_tables.c - see pac_bayes_tables.h. */
#include "experiments/pac_bayes_tables.h"

const struct er_column er_pac_bayes_run_column[] = {
    [ER_PAC_BAYES_BOUND] =
        {"bound", "",
         "certificate: the error of the stochastic network is at most this, but for probability "
         "delta + delta_sampling",
         false},
    [ER_PAC_BAYES_TRAIN] = {"stochastic_train_error", "",
                            "share of errors of drawn networks on the examples that the bound is of", false},
    [ER_PAC_BAYES_TEST] = {"stochastic_test_error", "", "the same on the test set, which the bound is about",
                           false},
    [ER_PAC_BAYES_UPPER] = {"stochastic_train_upper", "",
                            "upper end of what the draws say of the error on the training examples", false},
    [ER_PAC_BAYES_ROOM] = {"bound_less_test", "",
                           "the bound less the stochastic network's test error: what it gives away", false},
    [ER_PAC_BAYES_KL] = {"kl", "nats", "KL(Q || P) for the prior that the grid has", true},
    [ER_PAC_BAYES_RATIO] = {"kl_per_example", "nats", "the same for each example of the bound", true},
    [ER_PAC_BAYES_EXAMPLES] = {"bound_examples", "examples", "m of the bound: those that no prior has seen",
                               false},
    [ER_PAC_BAYES_VARIANCE] = {"prior_variance", "", "lambda, from the grid", true},
    [ER_PAC_BAYES_DZIUGAITE_ROY] = {"dziugaite_roy_bound", "",
                                    "the same numbers in Dziugaite and Roy's bound", false},
    [ER_PAC_BAYES_CLASSIC] = {"classic_bound", "", "in McAllester's", false},
    [ER_PAC_BAYES_QUADRATIC] = {"quadratic_bound", "",
                                "in the quadratic one, which the lambda bound is at its best", false},
    [ER_PAC_BAYES_NETWORK_TRAIN] =
        {"train_error", "",
         "share of the examples it learned from that the network predicts wrongly where its training stopped",
         false},
    [ER_PAC_BAYES_NETWORK_TEST] = {"test_error", "", "the same on the test set", false},
    [ER_PAC_BAYES_EPOCHS] = {"epochs", "epochs", "of the training of that network", false},
    [ER_PAC_BAYES_PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [ER_PAC_BAYES_RUN_COLUMNS] = {0},
};

const struct er_column er_pac_bayes_curve_column[] = {
    [ER_PAC_BAYES_C_EPOCH] = {"epoch", "epochs", "of the descent", false},
    [ER_PAC_BAYES_C_LOSS] = {"surrogate", "", "surrogate loss of drawn networks, mean over the epoch", false},
    [ER_PAC_BAYES_C_KL] = {"divergence", "nats", "KL(Q || P) for the best prior, at the end of the epoch",
                           true},
    [ER_PAC_BAYES_C_VALUE] = {"objective", "", "what is minimised, mean over the epoch", false},
    [ER_PAC_BAYES_CURVES] = {0},
};

const struct er_default_figure er_pac_bayes_figure[] = {
    {.mark = "line",
     .x = "epoch",
     .y = "objective surrogate",
     .axes = ER_DEFAULT_NO_AXIS,
     .title = "Descent on the bound"},
    {.mark = "line", .x = "epoch", .y = "divergence", .axes = ER_DEFAULT_NO_AXIS, .y_scale = "log"},
    {.mark = "point", .x = "axis", .y = "bound stochastic_test_error", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "bound", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

const struct er_default_claim er_pac_bayes_claim[] = {
    {.claim = "The bound holds for the measured test error", .rule = "min bound_less_test is above 0"},
    {0},
};
