/* factorise_tables.c - columns, default figures and claims of the experiment `factorise`. */
#include "experiments/factorise_tables.h"

#define TEST_ERROR                                                                                           \
    "mean squared error: over all entries where the matrix was made, over the entries held out of ratings"
#define EFFECTIVE_RANK "exponential of the entropy of the singular values' shares"
#define SIGMA(i, text) [ER_FACTORISE_C_SIGMA + (i)-1] = {"sigma_" #i, "", "the " text " singular value", true}
#define FLOW(i, text)                                                                                        \
    [ER_FACTORISE_C_FLOW + (i)-1] = {"flow_" #i, "", "the " text " of the differential equation", true}

const struct er_column er_factorise_run_column[] = {
    [ER_FACTORISE_V_STEPS] = {"steps", "steps", "steps taken", true},
    [ER_FACTORISE_V_TRAIN_LOSS] = {"train_loss", "", "mean squared error of the observations", true},
    [ER_FACTORISE_V_TRAIN_RMSE] = {"train_rmse", "", "its root", true},
    [ER_FACTORISE_V_TEST_ERROR] = {"test_mse", "", TEST_ERROR, true},
    [ER_FACTORISE_V_TEST_RMSE] = {"test_rmse", "", "its root", true},
    [ER_FACTORISE_V_TEST_LOW] = {"test_rmse_low", "",
                                 "ratings: lower end of its 95 % interval, from resampled users", true},
    [ER_FACTORISE_V_TEST_HIGH] = {"test_rmse_high", "", "the upper end", true},
    [ER_FACTORISE_V_BEST_TEST] = {"best_test_mse", "", "the least test_mse among the records", true},
    [ER_FACTORISE_V_BEST_RMSE] = {"best_test_rmse", "", "its root", true},
    [ER_FACTORISE_V_BEST_STEP] = {"best_step", "steps", "at that record", true},
    [ER_FACTORISE_V_NUCLEAR] = {"nuclear_norm", "", "sum of the singular values", false},
    [ER_FACTORISE_V_FROBENIUS] = {"frobenius_norm", "", "root of the sum of squared entries", false},
    [ER_FACTORISE_V_RANK] = {"effective_rank", "", EFFECTIVE_RANK, false},
    [ER_FACTORISE_V_GRADIENT] = {"gradient_norm", "", "of the gradient of all factors together", true},
    [ER_FACTORISE_V_DIAGONAL] =
        {"alignment_diagonal", "",
         "mean size of the gradient's diagonal in the singular vectors of the product", true},
    [ER_FACTORISE_V_OFF_DIAGONAL] = {"alignment_off_diagonal", "",
                                     "mean size off it: 0 where both are aligned", true},
    [ER_FACTORISE_V_FLOW_GAP] =
        {"flow_gap", "",
         "largest difference of singular values to those of the differential equation, "
         "over the largest one, of all records",
         true},
    [ER_FACTORISE_V_OBSERVATIONS] = {"observations", "", "how many there are to fit", true},
    [ER_FACTORISE_V_USERS] = {"users", "", "ratings: how many users there are", true},
    [ER_FACTORISE_V_ITEMS] = {"items", "", "ratings: how many items", true},
    [ER_FACTORISE_V_REPEATED] =
        {"repeated", "",
         "ratings of a pair that the file has before, of the whole file; each pair has their mean", true},
    [ER_FACTORISE_V_TRUTH_NUCLEAR] = {"truth_nuclear_norm", "",
                                      "nuclear norm of the matrix that was made, centred alike", false},
    [ER_FACTORISE_V_TRUTH_RANK] = {"truth_effective_rank", "", "its effective rank", false},
    [ER_FACTORISE_V_MEAN_RMSE] = {"mean_rmse", "", "ratings: test_rmse of the mean of the observations",
                                  false},
    [ER_FACTORISE_V_BIAS_RMSE] = {"bias_rmse", "",
                                  "ratings: test_rmse of a mean and a number for each user and item", false},
    [ER_FACTORISE_V_RIVAL_TEST] = {"rival_test_mse", "", "test_mse of the rival", true},
    [ER_FACTORISE_V_RIVAL_TEST_RMSE] = {"rival_test_rmse", "", "its root", true},
    [ER_FACTORISE_V_RIVAL_TRAIN] = {"rival_train_mse", "", "mean squared error of the observations", true},
    [ER_FACTORISE_V_RIVAL_NUCLEAR] = {"rival_nuclear_norm", "", "nuclear norm of the rival's matrix", false},
    [ER_FACTORISE_V_RIVAL_FROBENIUS] = {"rival_frobenius_norm", "", "its Frobenius norm", false},
    [ER_FACTORISE_V_RIVAL_RANK] = {"rival_effective_rank", "", "its effective rank", false},
    [ER_FACTORISE_V_RIVAL_PRIMAL] = {"rival_primal", "", "what the rival minimises, at its matrix", false},
    [ER_FACTORISE_V_RIVAL_DUAL] =
        {"rival_dual", "",
         "a lower bound of that, proven; of soft-impute on large matrices an estimate; missing: none", false},
    [ER_FACTORISE_V_RIVAL_GAP] = {"rival_gap", "", "the difference of both as a share of the first", true},
    [ER_FACTORISE_V_RIVAL_ITERATIONS] = {"rival_iterations", "", "iterations of the rival", true},
    [ER_FACTORISE_VALUES] = {0},
};

const struct er_column er_factorise_curve_column[] = {
    [ER_FACTORISE_C_STEP] = {"step", "steps", "steps so far, from 0", true},
    [ER_FACTORISE_C_TRAIN_LOSS] = {"train_loss", "", "mean squared error of the observations", true},
    [ER_FACTORISE_C_TEST_ERROR] = {"test_mse", "", TEST_ERROR, true},
    [ER_FACTORISE_C_NUCLEAR] = {"nuclear_norm", "", "sum of the singular values", false},
    [ER_FACTORISE_C_FROBENIUS] = {"frobenius_norm", "", "root of the sum of squared entries", false},
    [ER_FACTORISE_C_RANK] = {"effective_rank", "", EFFECTIVE_RANK, false},
    [ER_FACTORISE_C_DIAGONAL] =
        {"alignment_diagonal", "",
         "mean size of the gradient's diagonal in the singular vectors of the product", true},
    [ER_FACTORISE_C_OFF_DIAGONAL] = {"alignment_off_diagonal", "",
                                     "mean size off it: 0 where both are aligned", true},
    SIGMA(1, "largest"),
    SIGMA(2, "2nd"),
    SIGMA(3, "3rd"),
    SIGMA(4, "4th"),
    SIGMA(5, "5th"),
    SIGMA(6, "6th"),
    SIGMA(7, "7th"),
    SIGMA(8, "8th"),
    SIGMA(9, "9th"),
    SIGMA(10, "10th"),
    FLOW(1, "largest"),
    FLOW(2, "2nd"),
    FLOW(3, "3rd"),
    FLOW(4, "4th"),
    FLOW(5, "5th"),
    [ER_FACTORISE_C_FLOW_GAP] =
        {"flow_gap", "", "largest difference of singular values to those of the differential equation", true},
    [ER_FACTORISE_CURVES] = {0},
};

static bool has_flow(const struct er_point *point)
{
    return er_point_bool(point, "factorise.flow", false);
}

static bool has_alignment(const struct er_point *point)
{
    return er_point_bool(point, "factorise.alignment", false);
}

static bool has_rival(const struct er_point *point)
{
    return er_factorise_keys_request(point, NULL).has_rival;
}

static bool has_no_rival(const struct er_point *point)
{
    return !has_rival(point);
}

static bool has_no_flow(const struct er_point *point)
{
    return !has_flow(point);
}

const struct er_default_figure er_factorise_figure[] = {
    {.mark = "line",
     .x = "step",
     .y = "sigma_1 sigma_2 sigma_3 sigma_4 sigma_5",
     .axes = ER_DEFAULT_NO_AXIS,
     .x_scale = "linear",
     .y_scale = "linear",
     .title = "Singular values over the steps",
     .when = has_no_flow},
    {.mark = "line",
     .x = "step",
     .y = "flow_1 flow_2 flow_3 flow_4 flow_5",
     .points = "sigma_1 sigma_2 sigma_3 sigma_4 sigma_5",
     .axes = ER_DEFAULT_NO_AXIS,
     .x_scale = "linear",
     .y_scale = "linear",
     .title = "Singular values, and those of the differential equation",
     .when = has_flow},
    {.mark = "line", .x = "step", .y = "train_loss test_mse", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "nuclear_norm effective_rank", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line",
     .x = "step",
     .y = "alignment_diagonal alignment_off_diagonal",
     .axes = ER_DEFAULT_NO_AXIS,
     .title = "The gradient in the singular vectors of the product",
     .when = has_alignment},
    {.mark = "line",
     .x = "step",
     .y = "sigma_1 sigma_2 sigma_3 sigma_4 sigma_5",
     .slider = "axis",
     .axes = ER_DEFAULT_ONE_AXIS,
     .x_scale = "linear",
     .y_scale = "linear",
     .title = "Singular values over the steps"},
    {.mark = "line",
     .x = "axis",
     .y = "test_mse rival_test_mse",
     .axes = ER_DEFAULT_ONE_AXIS,
     .statistic = "median",
     .when = has_rival},
    {.mark = "line",
     .x = "axis",
     .y = "test_mse",
     .axes = ER_DEFAULT_ONE_AXIS,
     .statistic = "median",
     .when = has_no_rival},
    {.mark = "line",
     .x = "axis",
     .y = "nuclear_norm rival_nuclear_norm truth_nuclear_norm",
     .axes = ER_DEFAULT_ONE_AXIS,
     .statistic = "median",
     .when = has_rival},
    {.mark = "line",
     .x = "axis",
     .y = "effective_rank rival_effective_rank truth_effective_rank",
     .axes = ER_DEFAULT_ONE_AXIS,
     .statistic = "median",
     .when = has_rival},
    {.mark = "line", .x = "step", .y = "test_mse", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line", .x = "step", .y = "effective_rank", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line",
     .x = "axis",
     .y = "test_mse",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .statistic = "median"},
    {.mark = "line",
     .x = "axis",
     .y = "effective_rank",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .statistic = "median"},
    {0},
};

/* Not that it always falls: where there are entries enough all depths find the truth. */
const struct er_default_claim er_factorise_claim[] = {
    {.claim = "More factors do not find matrices of higher effective rank",
     .rule = "median effective_rank never rises along factorise.depth by more than 0.1",
     .source = "Arora, Cohen, Hu and Luo 2019",
     .axes = "factorise.depth",
     .alone = true},
    {.claim = "A smaller start does not find matrices of higher effective rank",
     .rule = "median effective_rank never falls along factorise.scale by more than 0.1",
     .source = "Arora, Cohen, Hu and Luo 2019",
     .axes = "factorise.scale",
     .alone = true},
    {0},
};
