/* posterior_tables.c - what the experiment `posterior` is asked, and what it gives. */
#include "experiments/posterior_tables.h"

#include "experiments/key_rows.h"

const struct er_column er_posterior_run_column[] = {
    [ER_POSTERIOR_ACCEPTANCE] = {"acceptance", "", "share of initial weights that fit the training set",
                                 true},
    [ER_POSTERIOR_BAYES_FOUND] = {"bayes_found", "", "initial weights that fit", true},
    [ER_POSTERIOR_SGD_FOUND] = {"sgd_found", "", "trainings that ended without a training error", true},
    [ER_POSTERIOR_FUNCTIONS] = {"functions", "", "labellings of the test set that were seen at all", false},
    [ER_POSTERIOR_COMPARED] = {"compared", "", "labellings that were seen often enough in both samples",
                               false},
    [ER_POSTERIOR_CORRELATION] = {"correlation", "", "of the logarithms of their probabilities, Pearson's",
                                  false},
    [ER_POSTERIOR_OVERLAP] = {"overlap", "", "sum over all labellings of the lesser probability", false},
    [ER_POSTERIOR_BAYES_ERRORS] = {"bayes_errors", "",
                                   "mean number of wrong test examples under the posterior", false},
    [ER_POSTERIOR_SGD_ERRORS] = {"sgd_errors", "", "mean number of wrong test examples after training",
                                 false},
    [ER_POSTERIOR_CHANCE_ERRORS] = {"chance_errors", "", "the same of a guess", false},
    [ER_POSTERIOR_BAYES_TRUTH] = {"bayes_truth", "", "posterior probability of the true labelling", true},
    [ER_POSTERIOR_SGD_TRUTH] = {"sgd_truth", "", "probability that training finds the true labelling", true},
    [ER_POSTERIOR_WIDE_EVIDENCE] = {"wide_evidence", "",
                                    "probability that the infinitely wide network fits at its start", true},
    [ER_POSTERIOR_WIDE_CORRELATION] =
        {"wide_correlation", "",
         "correlation as above, of training and the infinitely wide network's posterior", false},
    [ER_POSTERIOR_WIDE_OVERLAP] = {"wide_overlap", "",
                                   "overlap of training and the infinitely wide network's posterior", false},
    [ER_POSTERIOR_WIDE_ERRORS] =
        {"wide_errors", "",
         "mean number of wrong test examples under the infinitely wide network's posterior", false},
    [ER_POSTERIOR_RUN_COLUMNS] = {0},
};

const struct er_column er_posterior_curve_column[] = {
    [ER_POSTERIOR_C_RANK] = {"rank", "",
                             "number of the labelling, from 1: those that training finds most often first",
                             false},
    [ER_POSTERIOR_C_BAYES] = {"p_bayes", "", "its posterior probability; missing if it was not seen", true},
    [ER_POSTERIOR_C_SGD] = {"p_sgd", "", "probability that training finds it; missing if it never did", true},
    [ER_POSTERIOR_C_WIDE] =
        {"p_wide", "", "its posterior probability for the infinitely wide network; missing if not sampled",
         true},
    [ER_POSTERIOR_C_WRONG] = {"wrong", "examples", "test examples that it gets wrong", false},
    [ER_POSTERIOR_CURVE_COLUMNS] = {0},
};

const struct er_default_figure er_posterior_figure[] = {
    {.mark = "point", .x = "p_bayes", .y = "p_sgd", .colour = "wrong", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "point", .x = "axis", .y = "correlation overlap", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "bayes_errors sgd_errors chance_errors", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

const struct er_default_claim er_posterior_claim[] = {
    {.claim = "Training finds a function about as often as the posterior says",
     .rule = "overlap is above 0.6",
     .source = "Mingard et al., 2021",
     .axes = NULL,
     .alone = true},
    {0},
};

const struct er_schema_row er_posterior_row[] = {
    MAP("posterior", NULL,
        "compares the functions that training finds with the Bayesian posterior, sampled exactly"),
    INTEGER("posterior.trainings", "", 1, 1e7, "5000", "trainings, each from initial weights of its own"),
    INTEGER("posterior.wide", "samples", 0, 1e7, "20000",
            "of the Gaussian process that the infinitely wide network is; 0: none"),
    INTEGER("posterior.least", "", 1, 1e6, "10",
            "times that a function is seen in each sample where probabilities are compared"),
    {0},
};
