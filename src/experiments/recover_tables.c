/* recover_tables.c - keys, columns and default figures of the experiment `recover`. */
#include "experiments/recover_tables.h"

#include "experiments/matrix_keys.h"
#include "experiments/method_rows.h"

#include <math.h>

const struct er_schema_row er_recover_row[] = {
    MAP("recover", NULL, "recovers a matrix from few observations by one of several methods"),
    CHOICE("recover.method", ER_METHOD_WORDS, "nuclear-norm",
           "follows from the map that is given below; write it when all defaults do"),
    ER_METHOD_ROWS("recover", "method"),
    CHOICE("recover.centre", "none mean bias", "",
           "what is taken from the observations and added to predictions: their mean, or a mean and a number "
           "for each row and column fitted to them; norms and ranks are of what is left. Without it bias on "
           "ratings, none of a matrix that is made and of the methods mean and bias"),
    {0},
};

const struct er_column er_recover_run_column[] = {
    [ER_RECOVER_TEST_ERROR] = {"test_mse", "",
                               "mean squared error: over all entries where the matrix was made, over the "
                               "entries held out of ratings",
                               true},
    [ER_RECOVER_TEST_RMSE] = {"test_rmse", "", "its root", false},
    [ER_RECOVER_TEST_LOW] = {"test_rmse_low", "",
                             "ratings: lower end of its 95 % interval, from resampled users", false},
    [ER_RECOVER_TEST_HIGH] = {"test_rmse_high", "", "the upper end", false},
    [ER_RECOVER_TRAIN_ERROR] = {"train_mse", "", "mean squared error of the observations", true},
    [ER_RECOVER_TRAIN_RMSE] = {"train_rmse", "", "its root", false},
    [ER_RECOVER_PRIMAL] = {"primal", "", "what the method minimises, at its matrix", false},
    [ER_RECOVER_DUAL] =
        {"dual", "",
         "a lower bound of that, proven; of soft-impute on large matrices an estimate; missing: none", false},
    [ER_RECOVER_GAP] = {"gap", "", "the difference of both as a share of the first", true},
    [ER_RECOVER_VIOLATION] =
        {"violation", "",
         "nuclear-norm and frobenius: how far it is from an observation, at most, beyond the tolerance",
         true},
    [ER_RECOVER_GRADIENT] = {"gradient_norm", "",
                             "als: of the gradient of both factors; bias: the largest derivative, over twice "
                             "the sum of distances to the mean",
                             true},
    [ER_RECOVER_ITERATIONS] = {"iterations", "", "taken, of the last lambda where there are several", true},
    [ER_RECOVER_LAMBDA] = {"lambda", "", "weight of the penalty, given or chosen", true},
    [ER_RECOVER_NUCLEAR] = {"nuclear_norm", "", "sum of the singular values", false},
    [ER_RECOVER_FROBENIUS] = {"frobenius_norm", "", "root of the sum of squared entries", false},
    [ER_RECOVER_RANK] = {"rank", "", "singular values above 1e-9 of the largest", false},
    [ER_RECOVER_EFFECTIVE_RANK] = {"effective_rank", "",
                                   "exponential of the entropy of the singular values' shares", false},
    [ER_RECOVER_USERS] = {"users", "", "ratings: how many users there are", true},
    [ER_RECOVER_ITEMS] = {"items", "", "ratings: how many items", true},
    [ER_RECOVER_REPEATED] =
        {"repeated", "",
         "ratings of a pair that the file has before, of the whole file; each pair has their mean", true},
    [ER_RECOVER_TRUTH_NUCLEAR] = {"truth_nuclear_norm", "",
                                  "nuclear norm of the matrix that was made, centred alike", false},
    [ER_RECOVER_TRUTH_RANK] = {"truth_effective_rank", "", "its effective rank", false},
    [ER_RECOVER_OBSERVATIONS] = {"observations", "", "how many there are to fit", true},
    [ER_RECOVER_VALUES] = {0},
};

const struct er_column er_recover_curve_column[] = {
    [ER_RECOVER_C_LAMBDA] = {"tried_lambda", "",
                             "weight of the penalty: one after the other, on the observations but a tenth",
                             true},
    [ER_RECOVER_C_VALIDATION] = {"validation_mse", "", "mean squared error on that tenth", true},
    [ER_RECOVER_C_PRIMAL] = {"primal", "", "what is minimised, at the solution", false},
    [ER_RECOVER_C_DUAL] = {"dual", "", "a lower bound of that", false},
    [ER_RECOVER_C_GAP] = {"gap", "", "the difference of both as a share of the first", true},
    [ER_RECOVER_C_ITERATIONS] = {"iterations", "", "taken", true},
    [ER_RECOVER_C_NUCLEAR] = {"nuclear_norm", "", "of the solution", false},
    [ER_RECOVER_C_RANK] = {"rank", "", "of the solution", false},
    [ER_RECOVER_CURVES] = {0},
};

static bool is_made(const struct er_point *point)
{
    return !er_matrix_keys_is_ratings(point);
}

static bool has_path(const struct er_point *point)
{
    const struct er_method_spec spec = er_recover_keys_spec(point);
    return spec.method == ER_METHOD_SOFT_IMPUTE && isnan(spec.lambda);
}

const struct er_default_figure er_recover_figure[] = {
    {.mark = "line",
     .x = "tried_lambda",
     .y = "validation_mse",
     .axes = ER_DEFAULT_NO_AXIS,
     .when = has_path},
    {.mark = "point",
     .x = "axis",
     .y = "test_rmse",
     .axes = ER_DEFAULT_ONE_AXIS,
     .when = er_matrix_keys_is_ratings},
    {.mark = "point",
     .x = "axis",
     .y = "test_rmse",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .when = er_matrix_keys_is_ratings},
    {.mark = "line",
     .x = "axis",
     .y = "test_mse",
     .axes = ER_DEFAULT_ONE_AXIS,
     .statistic = "median",
     .when = is_made},
    {.mark = "line",
     .x = "axis",
     .y = "test_mse",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .statistic = "median",
     .when = is_made},
    {.mark = "line", .x = "axis", .y = "effective_rank", .axes = ER_DEFAULT_ONE_AXIS, .statistic = "median"},
    {0},
};

struct er_method_spec er_recover_keys_spec(const struct er_point *point)
{
    return er_method_keys_spec(point, "recover", "recover.method", point->seed);
}

const char *er_recover_keys_centre(const struct er_point *point)
{
    const enum er_method method = er_recover_keys_spec(point).method;
    const bool constant = method == ER_METHOD_MEAN || method == ER_METHOD_BIAS;
    return er_point_text(point, "recover.centre",
                         er_matrix_keys_is_ratings(point) && !constant ? "bias" : "none");
}
