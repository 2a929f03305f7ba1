/* train.c - the experiment `train`: each run is one training of one network.
 *
 *     gap = test_error - train_error          interpolates = 1 where train_error = 0
 *
 * Errors and losses of a run are those of its last record, at the weights where it stopped. What is called
 * best is the least over all records, early stopping with a perfect stopper: no procedure without a look at
 * the test set could choose it.
 *
 * Arithmetic 3 has the numbers of 2, and best_epoch and best_test_loss, which older results lack.
 */
#include "core/clock.h"
#include "experiments/experiment.h"
#include "experiments/train_estimate.h"
#include "experiments/train_first.h"
#include "experiments/train_kept.h"
#include "experiments/train_keys.h"
#include "experiments/train_lots.h"
#include "experiments/train_measures.h"
#include "experiments/train_member.h"
#include "train/trainee.h"

#include <ermine/memory.h>
#include <math.h>

enum {
    EPOCHS,
    STEPS,
    TRAIN_LOSS,
    TRAIN_ERROR,
    TEST_LOSS,
    TEST_ERROR,
    GAP,
    INTERPOLATES,
    PARAMETERS,
    BEST_ERROR,
    BEST_EPOCH,
    BEST_LOSS,
    RUN_COLUMNS
};
enum { C_EPOCH, C_STEP, C_TRAIN_LOSS, C_TRAIN_ERROR, C_TEST_LOSS, C_TEST_ERROR, C_RATE, CURVE_COLUMNS };

static const struct er_column run_column[] = {
    [EPOCHS] = {"epochs", "epochs", "whole epochs until training stopped", false},
    [STEPS] = {"steps", "steps", "steps until training stopped", true},
    [TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [GAP] = {"gap", "", "test error less training error", false},
    [INTERPOLATES] = {"interpolates", "", "1 where the training error is 0, else 0", false},
    [PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [BEST_ERROR] = {"best_test_error", "", "least test error of all records", false},
    [BEST_EPOCH] = {"best_epoch", "epochs", "when the test error was least: the first record of that", false},
    [BEST_LOSS] = {"best_test_loss", "", "least test loss of all records", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_EPOCH] = {"epoch", "epochs", "epochs so far, from 0", false},
    [C_STEP] = {"step", "steps", "steps so far, from 0", true},
    [C_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [C_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [C_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [C_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [C_RATE] = {"learning_rate", "", "learning rate of the step that led here (at step 0: of the first)",
                false},
    [CURVE_COLUMNS] = {0},
};

/* How training went, what it came to, and, where runs stop by themselves, how long that took. With one thing
 * varied, both errors share a figure; with several, each has its own, since the colour is taken. */
#define STOPS_AT_ERROR "train.until.train_error"
#define STOPS          STOPS_AT_ERROR " train.until.train_loss train.until.plateau"
static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "epoch", .y = "train_loss test_loss", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "epoch", .y = "train_error test_error", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "epoch", .y = "train_loss", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "point", .x = "axis", .y = "train_error test_error", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "test_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "point",
     .x = "axis",
     .y = "train_error",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .without = STOPS_AT_ERROR},
    {.mark = "point",
     .x = "axis",
     .y = "epochs",
     .colour = "other",
     .axes = ER_DEFAULT_SOME_AXES,
     .with = STOPS},
    {0},
};

/* The paper's figure 1, for studies that train until every example is right. */
#define ZHANG "Zhang, Bengio, Hardt, Recht and Vinyals, 2017, figure 1"
static const struct er_default_claim claim[] = {
    {.claim = "All conditions are fitted without a mistake",
     .rule = "max train_error is 0",
     .source = ZHANG "a",
     .axes = "data.condition",
     .with = STOPS_AT_ERROR},
    {.claim = "All shares of random labels are fitted without a mistake",
     .rule = "max train_error is 0",
     .source = ZHANG "b",
     .axes = "data.labels.corrupt",
     .with = STOPS_AT_ERROR},
    {.claim = "The test error rises with the share of random labels",
     .rule = "test_error rises along data.labels.corrupt",
     .source = ZHANG "c",
     .axes = "data.labels.corrupt",
     .alone = true,
     .with = STOPS_AT_ERROR},
    {0},
};

/* Runs on their way. */
struct training {
    const struct er_run_events *events;
    struct er_train_first first;
};

static enum er_status on_begin(void *ctx, const struct er_lots_member *whose, bool *skip, const void **state,
                               size_t *bytes, struct er_error *err)
{
    struct training *training = ctx;
    return er_train_first_begin(&training->first, whose, skip, state, bytes, err);
}

static enum er_status on_checkpoint(void *ctx, const struct er_lots_member *whose, const void *state,
                                    size_t bytes, struct er_error *err)
{
    const struct training *training = ctx;
    return er_train_first_checkpoint(&training->first, whose, state, bytes, err);
}

static enum er_status on_keep(void *ctx, const struct er_lots_member *whose, const struct er_kept *kept,
                              struct er_error *err)
{
    struct training *training = ctx;
    const struct er_run_events *events = training->events;
    char moment[ER_TRAIN_MOMENT];
    const enum er_status status = er_train_first_take(&training->first, whose, kept, err);
    if (status != ER_OK || !events->keep || !er_keep_asks(whose->member->keep, kept)) return status;
    const struct er_kept_network network = er_train_kept(whose->point, whose->member, kept, moment);
    return events->keep(events->ctx, whose->run, &network, err);
}

static void fill_values(const struct er_train_result *result, const struct er_member *member,
                        double value[RUN_COLUMNS])
{
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    double error = (double)NAN, loss = (double)NAN, epoch = (double)NAN;
    for (int64_t i = 0; i < result->n_curve; i++) {
        const struct er_curve_point *p = &result->curve[i];
        if (p->test_error < error || isnan(error)) epoch = p->epoch;
        error = fmin(error, p->test_error);
        loss = fmin(loss, p->test_loss);
    }
    value[EPOCHS] = (double)result->epochs_done;
    value[STEPS] = (double)result->steps;
    value[TRAIN_LOSS] = end->train_loss;
    value[TRAIN_ERROR] = end->train_error;
    value[TEST_LOSS] = end->test_loss;
    value[TEST_ERROR] = end->test_error;
    value[GAP] = end->test_error - end->train_error;
    value[INTERPOLATES] = end->train_error == 0;
    value[PARAMETERS] = (double)er_net_parameters(member->net);
    value[BEST_ERROR] = error;
    value[BEST_EPOCH] = isnan(error) ? (double)NAN : epoch;
    value[BEST_LOSS] = loss;
}

static enum er_status on_end(void *ctx, const struct er_lots_member *whose,
                             const struct er_train_result *result, struct er_error *err)
{
    struct training *training = ctx;
    const struct er_run_events *events = training->events;
    const int64_t n = result->n_curve, values = RUN_COLUMNS + er_train_measures_count(whose->point);
    double *block = er_alloc(n * CURVE_COLUMNS + values, sizeof *block);
    const double *curve[CURVE_COLUMNS];
    char note[ER_TRAIN_MEASURES_NOTE];
    if (!block) return er_fail(err, ER_E_NOMEM, "train: out of memory for a curve");
    double *value = block + n * CURVE_COLUMNS;
    for (int64_t i = 0; i < n; i++) {
        const struct er_curve_point *p = &result->curve[i];
        const double at[CURVE_COLUMNS] = {p->epoch,     (double)p->step, p->train_loss,   p->train_error,
                                          p->test_loss, p->test_error,   p->learning_rate};
        for (int c = 0; c < CURVE_COLUMNS; c++) block[c * n + i] = at[c];
    }
    for (int c = 0; c < CURVE_COLUMNS; c++) curve[c] = block + c * n;
    fill_values(result, whose->member, value);
    const double start = er_clock_s();
    enum er_status status =
        er_train_measures(whose->point, whose->member, result, training->first.network[whose->run],
                          value + RUN_COLUMNS, note, err);
    const struct er_record record = {.outcome = er_stop_reason_text(result->reason),
                                     .note = result->cause[0] ? result->cause : note,
                                     .seconds = result->seconds + (er_clock_s() - start),
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = n};
    if (status == ER_OK) status = events->end(events->ctx, whose->run, &record, err);
    er_train_first_release(&training->first, whose->run);
    er_free(block);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct training training = {.events = events};
    const struct er_lots lots = {.ctx = &training,
                                 .begin = on_begin,
                                 .checkpoint = on_checkpoint,
                                 .keep = on_keep,
                                 .end = on_end,
                                 .checkpoint_seconds = events->checkpoint_seconds};
    enum er_status status = er_train_first_new(events, n, &training.first, err);
    if (status == ER_OK) status = er_lots_train(&lots, point, n, places, pool, progress, err);
    er_train_first_clear(&training.first);
    return status;
}

extern const struct er_experiment er_experiment_train;
const struct er_experiment er_experiment_train = {
    .name = "train",
    .help = "trains a network for each point of the grid: losses, errors and the gap between them",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL | ER_SHARES_MEASURES,
    .schema = er_train_keys_row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .claim = claim,
    .arithmetic = "3",
    .check = er_train_member_check,
    .keep = er_train_kept_moments,
    .estimate = er_train_estimate,
    .run = run,
};
