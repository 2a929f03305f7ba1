/* memorise.c - the experiment `memorise`: each run makes the network of 2n + d weights that fits its training set
 * by construction (experiments/memorise_network.h), and predicts the test set with it.
 *
 * The seed of a run is for the direction a. Targets are signs for two classes, one-hot vectors for more, and the fit
 * is measured with the network's own formula, not with the sums that make prediction fast.
 */
#include "core/available.h"
#include "core/clock.h"
#include "experiments/data_fixed.h"
#include "experiments/data_groups.h"
#include "experiments/experiment.h"
#include "experiments/memorise_estimate.h"
#include "experiments/memorise_network.h"
#include "experiments/targets.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>

static const struct er_schema_row row[] = {
    {"memorise", "", 0, 0, NULL, "",
     "writes down a network of two layers that fits the training set exactly, without training (theorem 1 of "
     "Zhang et "
     "al.)",
     ER_SCHEMA_MAP, false},
    {0},
};

enum {
    TRAIN_ERROR,
    TEST_ERROR,
    GAP,
    FIT_ERROR,
    LARGEST_WEIGHT,
    SMALLEST_GAP,
    PARAMETERS,
    INTERPOLATES,
    RUN_COLUMNS
};

static const struct er_column run_column[] = {
    [TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [GAP] = {"gap", "", "test error less training error", false},
    [FIT_ERROR] = {"fit_error", "", "largest distance of an output to its target over the training set",
                   true},
    [LARGEST_WEIGHT] = {"largest_weight", "", "largest output weight, in magnitude", true},
    [SMALLEST_GAP] =
        {"smallest_gap", "",
         "least distance of an example to the threshold below it: smallest eigenvalue of the system that "
         "the output weights solve",
         true},
    [PARAMETERS] = {"parameters", "",
                    "weights of the network: direction, thresholds, output weights (2n + d for one target)",
                    true},
    [INTERPOLATES] = {"interpolates", "", "1 where the training error is 0, else 0", false},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {{0}};

static const struct er_default_figure figure[] = {
    {.mark = "point", .x = "axis", .y = "train_error test_error", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "largest_weight", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "test_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "point", .x = "axis", .y = "largest_weight", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

static const struct er_default_claim claim[] = {
    {.claim = "The network fits every label, without training",
     .rule = "max train_error is 0",
     .expected = "0",
     .source = "Zhang et al., 2017, theorem 1"},
    {0},
};

/* One group of runs as tasks of a pool. */
struct memorising {
    const struct er_point *point;
    const struct er_data_group *group;
    const struct er_run_events *events;
    const struct er_progress *progress;
    int64_t done, runs; /* of all groups */
    pthread_mutex_t mutex;
    enum er_status status; /* of the first run that failed */
    struct er_error error;
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    return er_data_fixed_check(point, "memorise", err);
}

static enum er_status fill_values(const struct er_memorise *m, const struct er_split *split, double *outputs,
                                  const struct er_progress *progress, double value[RUN_COLUMNS],
                                  struct er_error *err)
{
    const struct er_dataset *train = &split->train, *test = &split->test;
    for (int64_t i = 0; i < train->n; i++) {
        if (i % 256 == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "memorise: interrupted");
        er_memorise_sum(m, er_memorise_project(m, train->x + i * m->d), outputs + i * m->k);
    }
    const struct er_targets_fit trained = er_targets_measure(train, outputs);
    for (int64_t i = 0; i < test->n; i++)
        er_memorise_output(m, er_memorise_project(m, test->x + i * m->d), outputs + i * m->k);
    const struct er_targets_fit tested = er_targets_measure(test, outputs);
    value[TRAIN_ERROR] = trained.error;
    value[TEST_ERROR] = tested.error;
    value[GAP] = tested.error - trained.error;
    value[FIT_ERROR] = trained.worst;
    value[LARGEST_WEIGHT] = er_memorise_largest_weight(m);
    value[SMALLEST_GAP] = m->smallest;
    value[PARAMETERS] = (double)(m->d + m->n * (1 + m->k));
    value[INTERPOLATES] = trained.error == 0;
    return ER_OK;
}

static void say_tie(const struct er_memorise_tie *tie, char *note, size_t size)
{
    if (tie->equal)
        snprintf(note, size,
                 "training examples %" PRId64 " and %" PRId64
                 " (from 0) are equal, so no network tells them apart; the "
                 "construction needs examples that differ",
                 tie->first, tie->second);
    else
        snprintf(note, size,
                 "training examples %" PRId64 " and %" PRId64
                 " (from 0) lie at the same place along the direction that "
                 "was drawn, to rounding; another seed may tell them apart",
                 tie->first, tie->second);
}

static enum er_status compute(const struct er_point *point, const struct er_split *split,
                              const struct er_progress *progress, double value[RUN_COLUMNS], char *note,
                              size_t size, struct er_error *err)
{
    const struct er_dataset *train = &split->train;
    const int64_t k = er_targets_of(train->classes),
                  most = train->n > split->test.n ? train->n : split->test.n;
    struct er_memorise_tie tie = {0};
    struct er_memorise network;
    double *y = er_alloc(train->n * k, sizeof *y), *outputs = er_alloc(most * k, sizeof *outputs);
    enum er_status status = y && outputs
                                ? ER_OK
                                : er_fail(err, ER_E_NOMEM, "memorise: out of memory for %" PRId64 " targets",
                                          (train->n + most) * k);
    for (int c = 0; c < RUN_COLUMNS; c++) value[c] = (double)NAN;
    note[0] = '\0';
    if (status == ER_OK) {
        er_targets_fill(train, y);
        status = er_memorise_new(train->n, er_shape_size(train->shape), k, train->x, y, point->seed, progress,
                                 &tie, &network, err);
    }
    if (status == ER_OK && tie.tied) say_tie(&tie, note, size);
    if (status == ER_OK && !tie.tied) {
        status = fill_values(&network, split, outputs, progress, value, err);
        er_memorise_clear(&network);
    }
    er_free(y);
    er_free(outputs);
    return status;
}

static enum er_status do_run(struct memorising *m, int64_t i, struct er_error *err)
{
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    if (er_progress_stopped(m->progress)) return er_fail(err, ER_E_STOPPED, "memorise: interrupted");
    enum er_status status = m->events->begin(m->events->ctx, i, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    const double began = er_clock_s();
    double value[RUN_COLUMNS];
    char note[256];
    status = compute(&m->point[i], &m->group->split, m->progress, value, note, sizeof note, err);
    if (status != ER_OK) return status;
    const struct er_record record = {
        .outcome = note[0] ? "tie" : "fitted", .note = note, .seconds = er_clock_s() - began, .value = value};
    return m->events->end(m->events->ctx, i, &record, err);
}

static void task(void *ctx, int64_t number, int worker)
{
    struct memorising *m = ctx;
    struct er_error error = {0};
    (void)worker;
    const enum er_status status = do_run(m, m->group->run[number], &error);
    pthread_mutex_lock(&m->mutex);
    if (status != ER_OK && m->status == ER_OK) {
        m->status = status;
        m->error = error;
    }
    m->done++;
    const struct er_progress_report report = {
        .what = "memorise", .unit = "runs", .done = (double)m->done, .total = (double)m->runs};
    if (m->progress && m->progress->report) m->progress->report(m->progress->ctx, &report);
    pthread_mutex_unlock(&m->mutex);
}

/* Of the runs of a group that are under way at a time. */
static enum er_status check_memory(const struct er_data_group *group, int threads, struct er_error *err)
{
    const double at_once = (double)(group->n < threads ? group->n : threads);
    return er_memory_check(at_once * er_memorise_run_bytes(&group->split),
                           "memorise: networks and their outputs", err);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_data_groups groups;
    struct memorising m = {
        .point = point, .events = events, .progress = progress, .runs = n, .status = ER_OK};
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) return status;
    pthread_mutex_init(&m.mutex, NULL); /* with default attributes it can't fail here */
    for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
        m.group = &groups.group[g];
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        if (status != ER_OK) break;
        status = check_memory(m.group, er_pool_threads(pool), err);
        if (status == ER_OK) {
            er_pool_run(pool, m.group->n, task, &m);
            status = m.status;
            if (status != ER_OK && err) *err = m.error;
        }
        er_data_groups_release(&groups, g, g + 1);
    }
    pthread_mutex_destroy(&m.mutex);
    er_data_groups_clear(&groups);
    return status;
}

extern const struct er_experiment er_experiment_memorise;
const struct er_experiment er_experiment_memorise = {
    .name = "memorise",
    .help = "a network of 2n + d weights that fits n examples by construction, without training",
    .shares = ER_SHARES_DATA,
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .claim = claim,
    .arithmetic = "1",
    .check = check,
    .estimate = er_memorise_estimate,
    .run = run,
};
