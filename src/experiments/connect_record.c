/* connect_record.c - numbers of a pair as a run's.
 *
 *     barrier = max over t of   L(phi(t)) - ((1 - t) L(A) + t L(B))        L: the training loss
 *
 * of the path, and of the straight line between the minima as they were found. `worst` is the largest value of all
 * places. Batch norm's moments are measured anew at every place, at the ends too.
 */
#include "experiments/connect_record.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    BARRIER,
    LINE_BARRIER,
    RATIO,
    ERROR_BARRIER,
    LINE_ERROR_BARRIER,
    WORST_LOSS,
    WORST_ERROR,
    WORST_TEST_ERROR,
    LINE_WORST_LOSS,
    LINE_WORST_ERROR,
    LINE_WORST_TEST_ERROR,
    INTERPOLATING,
    A_LOSS,
    A_ERROR,
    A_TEST_ERROR,
    B_LOSS,
    B_ERROR,
    B_TEST_ERROR,
    DISAGREEMENT,
    DISTANCE,
    PATH_DISTANCE,
    CHANGE,
    MOVED,
    SWEEPS,
    PARAMETERS,
    RUN_COLUMNS
};
enum { C_T, C_PATH, C_LINE = C_PATH + 4, CURVE_COLUMNS = C_LINE + 4 };

const struct er_column er_connect_run_column[] = {
    [BARRIER] = {"barrier", "",
                 "the most that the training loss on the path lies above the chord of its ends", false},
    [LINE_BARRIER] = {"line_barrier", "", "the same on the straight line between the minima as found", false},
    [RATIO] = {"barrier_ratio", "", "barrier of the path, divided by that of the straight line", false},
    [ERROR_BARRIER] = {"error_barrier", "", "barrier of the path in training error", false},
    [LINE_ERROR_BARRIER] = {"line_error_barrier", "", "the same on the straight line", false},
    [WORST_LOSS] = {"worst_train_loss", "", "the largest training loss on the path", true},
    [WORST_ERROR] = {"worst_train_error", "", "the largest training error on the path", false},
    [WORST_TEST_ERROR] = {"worst_test_error", "", "the largest test error on the path", false},
    [LINE_WORST_LOSS] = {"line_worst_train_loss", "", "the largest training loss on the straight line", true},
    [LINE_WORST_ERROR] = {"line_worst_train_error", "", "the largest training error on the straight line",
                          false},
    [LINE_WORST_TEST_ERROR] = {"line_worst_test_error", "", "the largest test error on the straight line",
                               false},
    [INTERPOLATING] = {"interpolating", "", "share of the places on the path with training error 0", false},
    [A_LOSS] = {"from_train_loss", "", "training loss of the first minimum, as found", true},
    [A_ERROR] = {"from_train_error", "", "its training error", false},
    [A_TEST_ERROR] = {"from_test_error", "", "its test error", false},
    [B_LOSS] = {"to_train_loss", "", "training loss of the second minimum, as found", true},
    [B_ERROR] = {"to_train_error", "", "its training error", false},
    [B_TEST_ERROR] = {"to_test_error", "", "its test error", false},
    [DISAGREEMENT] = {"disagreement", "",
                      "share of the test set (of the training set, without one) on which the two predict "
                      "different classes",
                      false},
    [DISTANCE] = {"distance", "", "distance of the two, as found", false},
    [PATH_DISTANCE] = {"path_distance", "", "distance of the path's ends: after aligning", false},
    [CHANGE] = {"output_change", "", "largest change of an output by moving hidden units: rounding", true},
    [MOVED] = {"moved", "units", "hidden units that aligning moved", false},
    [SWEEPS] = {"sweeps", "", "sweeps over the hidden layers until none moved", false},
    [PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [RUN_COLUMNS] = {0},
};

const struct er_column er_connect_curve_column[] = {
    [C_T] = {"t", "", "place on the path, from 0 to 1", false},
    [C_PATH] = {"train_loss", "", "mean loss over the training set, on the path", true},
    [C_PATH + 1] = {"train_error", "", "share of training examples predicted wrongly, on the path", false},
    [C_PATH + 2] = {"test_loss", "", "mean loss over the test set, on the path", true},
    [C_PATH + 3] = {"test_error", "", "share of test examples predicted wrongly, on the path", false},
    [C_LINE] = {"line_train_loss", "", "training loss on the straight line between the minima as found",
                true},
    [C_LINE + 1] = {"line_train_error", "", "training error on it", false},
    [C_LINE + 2] = {"line_test_loss", "", "test loss on it", true},
    [C_LINE + 3] = {"line_test_error", "", "test error on it", false},
    [CURVE_COLUMNS] = {0},
};

static void fill_ends(const struct er_held_minimum end[2], double *value)
{
    for (int i = 0; i < 2; i++) {
        double *at = value + (i ? B_LOSS : A_LOSS);
        if (!end[i].w) continue;
        at[0] = end[i].train_loss;
        at[1] = end[i].train_error;
        at[2] = end[i].test_error;
    }
}

/* Barriers and largest values of places: three after each other of losses and errors. */
static void fill_places(const struct er_connect_pair *pair, bool line, double *value)
{
    const struct er_path_point *place = line ? pair->line : pair->on_path;
    const int64_t n = pair->settings.points;
    double *worst = value + (line ? LINE_WORST_LOSS : WORST_LOSS);
    value[line ? LINE_BARRIER : BARRIER] = er_path_barrier(place, n, ER_PATH_TRAIN_LOSS);
    value[line ? LINE_ERROR_BARRIER : ERROR_BARRIER] = er_path_barrier(place, n, ER_PATH_TRAIN_ERROR);
    worst[0] = er_path_most(place, n, ER_PATH_TRAIN_LOSS);
    worst[1] = er_path_most(place, n, ER_PATH_TRAIN_ERROR);
    worst[2] = er_path_most(place, n, ER_PATH_TEST_ERROR);
}

static void fill_pair(const struct er_connect_pair *pair, double *value)
{
    int64_t interpolating = 0;
    fill_places(pair, true, value);
    value[DISAGREEMENT] = pair->disagreement;
    value[DISTANCE] = pair->distance;
    value[PATH_DISTANCE] = pair->path_distance;
    value[CHANGE] = pair->change;
    value[MOVED] = (double)pair->alignment.moved;
    value[SWEEPS] = (double)pair->alignment.sweeps;
    value[PARAMETERS] = (double)er_net_parameters(pair->net);
    if (pair->cause[0]) return; /* there is no path */
    fill_places(pair, false, value);
    for (int64_t i = 0; i < pair->settings.points; i++) interpolating += pair->on_path[i].train_error == 0;
    value[INTERPOLATING] = (double)interpolating / (double)pair->settings.points;
    value[RATIO] = value[LINE_BARRIER] > 0 ? value[BARRIER] / value[LINE_BARRIER] : (double)NAN;
}

/* Columns of n places, one after the other. */
static void fill_curve(const struct er_connect_pair *pair, int64_t n, double *block)
{
    for (int64_t i = 0; i < n; i++) {
        const struct er_path_point *p = &pair->on_path[i], *l = &pair->line[i];
        const double row[CURVE_COLUMNS] = {p->t,           p->train_loss, p->train_error,
                                           p->test_loss,   p->test_error, l->train_loss,
                                           l->train_error, l->test_loss,  l->test_error};
        for (int c = 0; c < CURVE_COLUMNS; c++)
            block[c * n + i] = pair->cause[0] && c >= C_PATH && c < C_LINE ? (double)NAN : row[c];
    }
}

enum er_status er_connect_record(const struct er_connect_pair *pair, const struct er_held_minimum end[2],
                                 int64_t run, const struct er_run_events *events, struct er_error *err)
{
    const bool both = end[0].w && end[1].w;
    const struct er_held_minimum *lost = end[0].w ? &end[1] : &end[0];
    const int64_t n = both ? pair->settings.points : 0;
    double *block = er_alloc(CURVE_COLUMNS * n, sizeof *block), value[RUN_COLUMNS];
    const double *curve[CURVE_COLUMNS];
    char note[600];
    if (!block) return er_fail(err, ER_E_NOMEM, "connect: out of memory for %lld places", (long long)n);
    for (int i = 0; i < RUN_COLUMNS; i++) value[i] = (double)NAN;
    fill_ends(end, value);
    if (both) fill_pair(pair, value);
    fill_curve(pair, n, block);
    for (int c = 0; c < CURVE_COLUMNS; c++) curve[c] = block + c * n;
    snprintf(note, sizeof note, "%s%s",
             both              ? ""
             : lost == &end[0] ? "first minimum: "
                               : "second minimum: ",
             both ? pair->cause : lost->cause);
    const struct er_record record = {.outcome = !both            ? lost->outcome
                                                : pair->cause[0] ? "diverged"
                                                                 : "measured",
                                     .note = note,
                                     .seconds = pair->seconds + end[0].seconds + end[1].seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = n};
    const enum er_status status = events->end(events->ctx, run, &record, err);
    er_free(block);
    return status;
}
