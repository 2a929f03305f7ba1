/* train.c - the experiment `train`: each run is one training of one network.
 *
 *     gap = test_error - train_error          interpolates = 1 where train_error = 0
 *
 * Errors and losses of a run are those of its last record, at the weights where it stopped; best_test_error
 * is the least over all records, which no procedure without a look at the test set could choose.
 */
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/train_estimate.h"
#include "experiments/train_kept.h"
#include "experiments/train_keys.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

/* Splits are held in memory up to so many bytes at a time; the runs of one lot train side by side. */
static const size_t DATA_BYTES = ER_TRAIN_DATA_BYTES;

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
    BEST,
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
    [BEST] = {"best_test_error", "", "least test error of all records", false},
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

/* A net that members share. Texts are borrowed from points. */
struct net {
    const char *model, *loss;
    struct er_shape shape;
    int64_t classes;
    struct er_net *net;
};

/* One call of run(). */
struct training {
    const struct er_point *point;
    const struct er_run_events *events;
    const struct er_progress *progress;
    struct er_data_groups groups;
    struct net *net; /* at most one a run */
    int64_t nets;
    struct er_member *member; /* of the lot under way */
    int64_t *run;             /* which run member i is */
    int64_t members;
    int64_t runs, runs_before; /* in all; in the lots before this one */
    struct er_progress_report last;
    double epochs_before, flops_before;
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    struct er_shape shape;
    struct er_net *net = NULL;
    int64_t classes;
    enum er_status status = er_data_keys_check(point, err);
    if (status == ER_OK) status = er_train_keys_check(point, err);
    if (status != ER_OK || !er_data_keys_shape(point, &shape, &classes)) return status;
    status = er_train_member_net(point, shape, classes, &net, err);
    if (status == ER_OK) status = er_train_kept_check(point, net, err);
    er_net_free(net);
    return status;
}

/* The net of a point on this data, new or one that another run had. */
static enum er_status find_net(struct training *t, const struct er_point *point,
                               const struct er_dataset *data, const struct er_net **out, struct er_error *err)
{
    struct net *net = t->net;
    const char *model = er_point_text(point, "model", ""), *loss = er_point_text(point, "train.loss", "");
    for (; net < t->net + t->nets; net++)
        if (strcmp(net->model, model) == 0 && strcmp(net->loss, loss) == 0 && net->classes == data->classes &&
            memcmp(&net->shape, &data->shape, sizeof net->shape) == 0) {
            *out = net->net;
            return ER_OK;
        }
    *net = (struct net){.model = model, .loss = loss, .shape = data->shape, .classes = data->classes};
    enum er_status status = er_train_member_net(point, data->shape, data->classes, &net->net, err);
    if (status != ER_OK) return status;
    t->nets++;
    *out = net->net;
    return ER_OK;
}

/* --- what the trainer says of members is handed on as said of runs --- */

static enum er_status on_begin(void *ctx, int64_t member, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    const struct training *t = ctx;
    return t->events->begin(t->events->ctx, t->run[member], skip, state, bytes, err);
}

static enum er_status on_checkpoint(void *ctx, int64_t member, const void *state, size_t bytes,
                                    struct er_error *err)
{
    const struct training *t = ctx;
    return t->events->checkpoint(t->events->ctx, t->run[member], state, bytes, err);
}

static enum er_status on_keep(void *ctx, int64_t member, const struct er_kept *kept, struct er_error *err)
{
    const struct training *t = ctx;
    char moment[ER_TRAIN_MOMENT];
    const struct er_kept_network network =
        er_train_kept(&t->point[t->run[member]], &t->member[member], kept, moment);
    return t->events->keep(t->events->ctx, t->run[member], &network, err);
}

static void fill_values(const struct er_train_result *result, const struct er_member *member,
                        double value[RUN_COLUMNS])
{
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    double best = (double)NAN;
    for (int64_t i = 0; i < result->n_curve; i++) best = fmin(best, result->curve[i].test_error);
    value[EPOCHS] = (double)result->epochs_done;
    value[STEPS] = (double)result->steps;
    value[TRAIN_LOSS] = end->train_loss;
    value[TRAIN_ERROR] = end->train_error;
    value[TEST_LOSS] = end->test_loss;
    value[TEST_ERROR] = end->test_error;
    value[GAP] = end->test_error - end->train_error;
    value[INTERPOLATES] = end->train_error == 0;
    value[PARAMETERS] = (double)er_net_parameters(member->net);
    value[BEST] = best;
}

static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    const struct training *t = ctx;
    const int64_t n = result->n_curve;
    double value[RUN_COLUMNS], *block = er_alloc(n, CURVE_COLUMNS * sizeof *block);
    const double *curve[CURVE_COLUMNS];
    if (!block) return er_fail(err, ER_E_NOMEM, "train: out of memory for a curve");
    for (int64_t i = 0; i < n; i++) {
        const struct er_curve_point *p = &result->curve[i];
        const double at[CURVE_COLUMNS] = {p->epoch,     (double)p->step, p->train_loss,   p->train_error,
                                          p->test_loss, p->test_error,   p->learning_rate};
        for (int c = 0; c < CURVE_COLUMNS; c++) block[c * n + i] = at[c];
    }
    for (int c = 0; c < CURVE_COLUMNS; c++) curve[c] = block + c * n;
    fill_values(result, &t->member[member], value);
    const struct er_record record = {.outcome = er_stop_reason_text(result->reason),
                                     .note = result->cause,
                                     .seconds = result->seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = n};
    enum er_status status = t->events->end(t->events->ctx, t->run[member], &record, err);
    er_free(block);
    return status;
}

/* The trainer counts a lot; the caller hears of the whole. */
static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct training *t = ctx;
    t->last = *report;
    const struct er_progress_report whole = {.what = "train",
                                             .unit = "runs",
                                             .done = (double)t->runs_before + report->done,
                                             .total = (double)t->runs,
                                             .epochs = t->epochs_before + report->epochs,
                                             .flops = t->flops_before + report->flops};
    if (t->progress && t->progress->report) t->progress->report(t->progress->ctx, &whole);
}

/* Members for the runs of groups from..to-1, whose splits are loaded. */
static enum er_status gather(struct training *t, int64_t from, int64_t to, struct er_error *err)
{
    t->members = 0;
    for (int64_t g = from; g < to; g++) {
        const struct er_data_group *group = &t->groups.group[g];
        for (int64_t i = 0; i < group->n; i++) {
            const struct er_point *point = &t->point[group->run[i]];
            struct er_member *member = &t->member[t->members];
            *member = er_train_member(point, &group->split);
            enum er_status status = er_data_keys_augment_check(point, member->train->shape, err);
            if (status == ER_OK) status = find_net(t, point, member->train, &member->net, err);
            if (status != ER_OK) return status;
            t->run[t->members++] = group->run[i];
        }
    }
    return ER_OK;
}

static enum er_status train_lot(struct training *t, int64_t from, int64_t to, struct er_pool *pool,
                                struct er_error *err)
{
    const struct er_train_events events = {.ctx = t,
                                           .begin = on_begin,
                                           .checkpoint = on_checkpoint,
                                           .keep = t->events->keep ? on_keep : NULL,
                                           .end = on_end,
                                           .checkpoint_seconds = t->events->checkpoint_seconds,
                                           .memory = er_train_member_memory()};
    const struct er_progress progress = {
        .report = on_report, .ctx = t, .stop = t->progress ? t->progress->stop : NULL};
    enum er_status status = gather(t, from, to, err);
    if (status == ER_OK) status = er_train(t->member, t->members, pool, &progress, &events, err);
    t->runs_before += t->members;
    t->epochs_before += t->last.epochs;
    t->flops_before += t->last.flops;
    t->last = (struct er_progress_report){0};
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct training t = {.point = point, .events = events, .progress = progress, .runs = n};
    enum er_status status = er_data_groups_new(point, n, &t.groups, err);
    if (status != ER_OK) return status;
    t.net = er_alloc(n, sizeof *t.net);
    t.member = er_alloc(n, sizeof *t.member);
    t.run = er_alloc(n, sizeof *t.run);
    if (!t.net || !t.member || !t.run) {
        status = er_fail(err, ER_E_NOMEM, "train: out of memory for %lld runs", (long long)n);
        goto done;
    }
    for (int64_t from = 0, to; from < t.groups.n; from = to) {
        status = er_data_groups_load(&t.groups, point, places, from, DATA_BYTES, &to, err);
        if (status == ER_OK) status = train_lot(&t, from, to, pool, err);
        if (status != ER_OK) goto done;
        er_data_groups_release(&t.groups, from, to);
    }
done:
    for (int64_t i = 0; t.net && i < t.nets; i++) er_net_free(t.net[i].net);
    er_free(t.net);
    er_free(t.member);
    er_free(t.run);
    er_data_groups_clear(&t.groups);
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
    .arithmetic = "2",
    .check = check,
    .keep = er_train_kept_moments,
    .estimate = er_train_estimate,
    .run = run,
};
