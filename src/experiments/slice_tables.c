/* slice_tables.c - the columns of `slice`, in words. */
#include "experiments/slice_tables.h"

const struct er_column er_slice_run_column[] = {
    [ER_SLICE_GREEN] = {"green", "", "share of the grid's points with training error 0", false},
    [ER_SLICE_MAGENTA] = {"magenta", "",
                          "share of the grid's points whose test error is at or below the threshold", false},
    [ER_SLICE_BOTH] = {"both", "", "share of the grid's points that are green and magenta", false},
    [ER_SLICE_MAGENTA_GIVEN_GREEN] = {"p_magenta_given_green", "",
                                      "share of the green points that are magenta too", false},
    [ER_SLICE_GREEN_TEST_ERROR] = {"green_test_error", "", "mean test error of the green points", false},
    [ER_SLICE_PIECES] = {"pieces", "",
                         "connected pieces of the green points, along rows and columns of the grid", false},
    [ER_SLICE_OWN_PIECES] = {"own_pieces", "",
                             "how many of these hold a minimum: the grid's point that is nearest to it",
                             false},
    [ER_SLICE_A_MEETS] =
        {"a_meets_magenta", "",
         "1 where the piece of A (of the grid's point nearest to it) has a magenta point, else 0", false},
    [ER_SLICE_B_MEETS] = {"b_meets_magenta", "", "the same of B", false},
    [ER_SLICE_C_MEETS] = {"c_meets_magenta", "", "the same of C", false},
    [ER_SLICE_THRESHOLD] =
        {"threshold", "",
         "the test error up to which a point is magenta; unless written, from errors of minima by their own "
         "running statistics",
         false},
    [ER_SLICE_TRAIN_ERROR] = {"train_error", "", "largest training error of the minima", false},
    [ER_SLICE_TEST_ERROR_A] = {"test_error_a", "", "test error of A", false},
    [ER_SLICE_TEST_ERROR_B] = {"test_error_b", "", "test error of B", false},
    [ER_SLICE_TEST_ERROR_C] = {"test_error_c", "", "test error of C", false},
    [ER_SLICE_AB_DISTANCE] = {"ab_distance", "", "distance of A and B, of all weights", false},
    [ER_SLICE_AC_DISTANCE] = {"ac_distance", "", "distance of A and C", false},
    [ER_SLICE_BC_DISTANCE] = {"bc_distance", "", "distance of B and C", false},
    [ER_SLICE_PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [ER_SLICE_RUN_COLUMNS] = {0},
};

const struct er_column er_slice_curve_column[] = {
    [ER_SLICE_C_A] = {"a", "", "place along the line from A to B, in weight space", false},
    [ER_SLICE_C_B] = {"b", "", "place at a right angle to that, towards C", false},
    [ER_SLICE_C_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [ER_SLICE_C_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [ER_SLICE_C_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [ER_SLICE_C_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [ER_SLICE_C_GREEN] = {"green", "", "1 where the training error is 0, else 0", false},
    [ER_SLICE_C_MAGENTA] = {"magenta", "", "1 where the test error is at or below the threshold, else 0",
                            false},
    [ER_SLICE_C_ON_GREEN] = {"test_error_on_green", "", "test error of a point of the grid that is green",
                             false},
    [ER_SLICE_C_T] = {"t", "", "on a line: place of a point of the grid, 0 at A and 1 at B", false},
    [ER_SLICE_C_MARK] =
        {"mark", "",
         "0: a point of the grid; 1, 2, 3: the minima A, B, C; 4, 5, 6: the way of training to them, these "
         "and minima with batch norm by their own running statistics",
         false},
    [ER_SLICE_CURVE_COLUMNS] = {0},
};
