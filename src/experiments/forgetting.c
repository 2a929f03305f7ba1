/* forgetting.c - the experiment `forgetting`: trainings as those of `train`, followed example by example
 * (experiments/forgetting_tally.h). What is learnt first, what is forgotten on the way, and how the margin grows when every
 * example is right.
 *
 *     margin = min_i (f_y - max_{j != y} f_j)(x_i) / prod_l ||W_l||_F,    layers with weights, biases not counted
 *
 * Examples are looked at when the curve is recorded (train.record), in evaluation. What is called best is the record of the least
 * test error, the first of several.
 *
 * Sources: Arpit et al., "A closer look at memorization in deep networks", ICML 2017; Toneva et al., ICLR 2019; the margin: Soudry et
 * al., JMLR 2018; Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020.
 */
#include "core/clock.h"
#include "experiments/experiment.h"
#include "experiments/followed.h"
#include "experiments/forgetting_state.h"
#include "experiments/forgetting_truth.h"
#include "experiments/point.h"
#include "experiments/train_estimate.h"
#include "experiments/train_lots.h"
#include "experiments/train_member.h"
#include "measures/measured.h"
#include "minima/sampler.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum {
    EPOCHS,
    TRAIN_ERROR,
    TEST_ERROR,
    BEST_ERROR,
    BEST_EPOCH,
    LOST,
    NOISY,
    BEST_CLEAN_FIT,
    BEST_NOISY_FIT,
    BEST_NOISY_TRUE,
    LEARNT_CLEAN,
    LEARNT_NOISY,
    FORGOTTEN_CLEAN,
    FORGOTTEN_NOISY,
    NEVER_CLEAN,
    NEVER_NOISY,
    FIT_MARGIN,
    END_MARGIN,
    RUN_COLUMNS
};
enum {
    C_EPOCH,
    C_STEP,
    C_TRAIN_LOSS,
    C_TRAIN_ERROR,
    C_TEST_ERROR,
    C_CLEAN_FIT,
    C_NOISY_FIT,
    C_NOISY_TRUE,
    C_MARGIN,
    CURVE_COLUMNS
};

static const struct er_column run_column[] = {
    [EPOCHS] = {"epochs", "epochs", "whole epochs until training stopped", false},
    [TRAIN_ERROR] = {"train_error", "", "share of training examples whose label is not predicted, at the end",
                     false},
    [TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly, at the end", false},
    [BEST_ERROR] = {"best_test_error", "", "least test error of all records", false},
    [BEST_EPOCH] = {"best_epoch", "epochs", "when the test error was least: the first record of that", false},
    [LOST] = {"lost", "", "test error at the end less the least", false},
    [NOISY] = {"noisy", "", "share of training examples whose label is not the true one", false},
    [BEST_CLEAN_FIT] = {"best_clean_fit", "",
                        "share of clean examples that were right when the test error was least", false},
    [BEST_NOISY_FIT] = {"best_noisy_fit", "", "share of noisy examples whose wrong label was predicted then",
                        false},
    [BEST_NOISY_TRUE] = {"best_noisy_true", "", "share of noisy examples whose true label was predicted then",
                         false},
    [LEARNT_CLEAN] = {"learnt_clean", "epochs", "when a clean example was first right, mean", false},
    [LEARNT_NOISY] = {"learnt_noisy", "epochs",
                      "when a noisy example's wrong label was first predicted, mean", false},
    [FORGOTTEN_CLEAN] = {"forgotten_clean", "", "how often a clean example was forgotten, mean", false},
    [FORGOTTEN_NOISY] = {"forgotten_noisy", "", "how often a noisy example was, mean", false},
    [NEVER_CLEAN] = {"never_forgotten_clean", "",
                     "share of clean examples that were learnt and never forgotten", false},
    [NEVER_NOISY] = {"never_forgotten_noisy", "", "the same of noisy examples", false},
    [FIT_MARGIN] = {"fit_margin", "",
                    "normalised margin at the first record where every training example is right", true},
    [END_MARGIN] = {"margin", "", "normalised margin at the end", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_EPOCH] = {"epoch", "epochs", "epochs so far", false},
    [C_STEP] = {"step", "steps", "steps so far", true},
    [C_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [C_TRAIN_ERROR] = {"train_error", "", "share of training examples whose label is not predicted", false},
    [C_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [C_CLEAN_FIT] = {"clean_fit", "", "share of clean examples that are right", false},
    [C_NOISY_FIT] = {"noisy_fit", "", "share of noisy examples whose wrong label is predicted", false},
    [C_NOISY_TRUE] = {"noisy_true", "", "share of noisy examples whose true label is predicted", false},
    [C_MARGIN] = {"margin", "", "least margin over the product of the layers' Frobenius norms", false},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "epoch", .y = "clean_fit noisy_fit noisy_true", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "epoch", .y = "test_error", .colour = "axis"},
    {.mark = "line",
     .x = "epoch",
     .y = "clean_fit noisy_fit noisy_true",
     .axes = ER_DEFAULT_SOME_AXES,
     .slider = "axis"},
    {.mark = "point", .x = "axis", .y = "forgotten_clean forgotten_noisy", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

static const struct er_schema_row row[] = {
    {"forgetting", "", 0, 0, NULL, "",
     "follows each training example through the training: when it is learnt, how often it is forgotten",
     ER_SCHEMA_MAP, ER_SCHEMA_UNKEYED},
    {0},
};

/* A run while it is trained. Records are its own thread's. */
struct course {
    struct er_tally tally;
    double *curve; /* n x CURVE_COLUMNS, record after record */
    int64_t n, room;
    double seconds; /* of looking at examples */
};

/* One call of run(). */
struct following {
    const struct er_run_events *events;
    struct er_truth truth;
    struct course *course;
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "forgetting studies keep no networks");
    return er_train_member_check(point, places, err);
}

static void course_clear(struct course *course)
{
    er_tally_clear(&course->tally);
    er_free(course->curve);
    *course = (struct course){0};
}

static enum er_status on_begin(void *ctx, const struct er_lots_member *whose, bool *skip, const void **state,
                               size_t *bytes, struct er_error *err)
{
    const struct following *f = ctx;
    const struct er_dataset *train = whose->member->train;
    struct course *course = &f->course[whose->run];
    struct er_followed_part trainer, gathered;
    struct er_forgetting_course was = {.columns = CURVE_COLUMNS};
    bool taken = false;
    enum er_status status = er_followed_begin(f->events, whose->run, skip, &trainer, &gathered, err);
    if (status != ER_OK || *skip) return status;
    status = er_tally_new(train->n, er_net_outputs(whose->member->net), train->label,
                          f->truth.label[whose->run], &course->tally, err);
    if (status == ER_OK)
        status = er_forgetting_restore(&course->tally, &was, gathered.at, gathered.bytes, &taken, err);
    course->curve = was.curve;
    course->n = course->room = was.n;
    course->seconds = was.seconds;
    *state = taken ? trainer.at : NULL;
    *bytes = taken ? trainer.bytes : 0;
    return status;
}

static enum er_status on_checkpoint(void *ctx, const struct er_lots_member *whose, const void *state,
                                    size_t bytes, struct er_error *err)
{
    const struct following *f = ctx;
    const struct course *course = &f->course[whose->run];
    const struct er_forgetting_course so_far = {course->curve, course->n, CURVE_COLUMNS, course->seconds};
    void *gathered;
    size_t n;
    enum er_status status = er_forgetting_save(&course->tally, &so_far, &gathered, &n, err);
    if (status == ER_OK)
        status = er_followed_checkpoint(f->events, whose->run, (struct er_followed_part){state, bytes},
                                        (struct er_followed_part){gathered, n}, err);
    er_free(gathered);
    return status;
}

/* A row of the curve more. */
static enum er_status grow(struct course *course, struct er_error *err)
{
    if (course->n < course->room) return ER_OK;
    const int64_t room = 2 * course->room + 64;
    double *curve = er_grow(course->curve, course->room, room, CURVE_COLUMNS * sizeof *curve);
    if (!curve) return er_fail(err, ER_E_NOMEM, "forgetting: out of memory for %" PRId64 " records", room);
    course->curve = curve;
    course->room = room;
    return ER_OK;
}

static enum er_status on_record(void *ctx, const struct er_lots_member *whose,
                                const struct er_curve_point *point, const struct er_kept *at,
                                struct er_error *err)
{
    const struct following *f = ctx;
    const struct er_member *member = whose->member;
    struct course *course = &f->course[whose->run];
    struct er_measured_run *measured = NULL;
    const float *output;
    double norms;
    int64_t layers;
    if (point->step == 0) { /* it begins, whatever was there */
        er_forgetting_restart(&course->tally);
        course->n = 0;
        return ER_OK;
    }
    const double began = er_clock_s();
    const struct er_measured what = {
        .net = member->net, .w = at->w, .statistics = at->statistics, .train = member->train};
    enum er_status status = er_minimum_scale(member->net, at->w, &norms, &layers, err);
    if (status == ER_E_NONFINITE) return ER_OK; /* training ends as diverged */
    if (status == ER_OK) status = grow(course, err);
    if (status == ER_OK) status = er_measured_run_new(&what, NULL, &measured, err);
    if (status == ER_OK) status = er_measured_outputs(measured, &output, err);
    if (status == ER_OK) {
        const struct er_tally_record r = er_tally_add(&course->tally, point->epoch, output);
        const double values[CURVE_COLUMNS] = {point->epoch,       (double)point->step, point->train_loss,
                                              point->train_error, point->test_error,   r.clean_fit,
                                              r.noisy_fit,        r.noisy_true,        r.margin / norms};
        for (int c = 0; c < CURVE_COLUMNS; c++) course->curve[course->n * CURVE_COLUMNS + c] = values[c];
        course->n++;
    }
    er_measured_run_free(measured);
    course->seconds += er_clock_s() - began;
    return status;
}

static void fill_values(const struct course *course, const struct er_train_result *result, double *value)
{
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    const struct er_tally_summary clean = er_tally_sum(&course->tally, false),
                                  noisy = er_tally_sum(&course->tally, true);
    for (int c = 0; c < RUN_COLUMNS; c++) value[c] = (double)NAN;
    value[EPOCHS] = (double)result->epochs_done;
    value[TRAIN_ERROR] = end->train_error;
    value[TEST_ERROR] = end->test_error;
    value[NOISY] = (double)course->tally.noisy / (double)course->tally.n;
    value[LEARNT_CLEAN] = clean.learnt;
    value[LEARNT_NOISY] = noisy.learnt;
    value[FORGOTTEN_CLEAN] = clean.forgotten;
    value[FORGOTTEN_NOISY] = noisy.forgotten;
    value[NEVER_CLEAN] = clean.never_forgotten;
    value[NEVER_NOISY] = noisy.never_forgotten;
    for (int64_t i = 0; i < course->n; i++) {
        const double *at = course->curve + i * CURVE_COLUMNS;
        value[END_MARGIN] = at[C_MARGIN];
        if (at[C_TRAIN_ERROR] == 0 && isnan(value[FIT_MARGIN])) value[FIT_MARGIN] = at[C_MARGIN];
        if (!(at[C_TEST_ERROR] < value[BEST_ERROR] || isnan(value[BEST_ERROR]))) continue;
        value[BEST_ERROR] = at[C_TEST_ERROR];
        value[BEST_EPOCH] = at[C_EPOCH];
        value[BEST_CLEAN_FIT] = at[C_CLEAN_FIT];
        value[BEST_NOISY_FIT] = at[C_NOISY_FIT];
        value[BEST_NOISY_TRUE] = at[C_NOISY_TRUE];
    }
    value[LOST] = value[TEST_ERROR] - value[BEST_ERROR];
}

static enum er_status on_end(void *ctx, const struct er_lots_member *whose,
                             const struct er_train_result *result, struct er_error *err)
{
    const struct following *f = ctx;
    struct course *course = &f->course[whose->run];
    const double *curve[CURVE_COLUMNS];
    double value[RUN_COLUMNS];
    double *block = er_alloc(course->n * CURVE_COLUMNS, sizeof *block);
    if (!block) return er_fail(err, ER_E_NOMEM, "forgetting: out of memory for a curve");
    for (int c = 0; c < CURVE_COLUMNS; c++) {
        curve[c] = block + c * course->n;
        for (int64_t i = 0; i < course->n; i++)
            block[c * course->n + i] = course->curve[i * CURVE_COLUMNS + c];
    }
    fill_values(course, result, value);
    const struct er_record record = {.outcome = er_stop_reason_text(result->reason),
                                     .note = result->cause,
                                     .seconds = result->seconds + course->seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = course->n};
    const enum er_status status = f->events->end(f->events->ctx, whose->run, &record, err);
    er_free(block);
    course_clear(course);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct following f = {.events = events, .course = er_alloc(n, sizeof *f.course)};
    const struct er_lots lots = {.ctx = &f,
                                 .begin = on_begin,
                                 .checkpoint = on_checkpoint,
                                 .record = on_record,
                                 .end = on_end,
                                 .checkpoint_seconds = events->checkpoint_seconds};
    if (!f.course) return er_fail(err, ER_E_NOMEM, "forgetting: out of memory for %" PRId64 " runs", n);
    enum er_status status = er_truth_read(point, n, places, &f.truth, err);
    if (status == ER_OK) {
        status = er_lots_train(&lots, point, n, places, pool, progress, err);
        er_truth_clear(&f.truth);
    }
    for (int64_t i = 0; i < n; i++) course_clear(&f.course[i]);
    er_free(f.course);
    return status;
}

extern const struct er_experiment er_experiment_forgetting;
const struct er_experiment er_experiment_forgetting = {
    .name = "forgetting",
    .help =
        "follows each training example: which are learnt first, forgotten, memorised; how the margin grows",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .estimate = er_train_estimate,
    .run = run,
};
