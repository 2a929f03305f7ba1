/* stability.c - the experiment `stability`: gradient descent on all examples, and the sharpness on its way.
 *
 *     settled_sharpness = mean of lambda over the measurements from the crossing on     ratio = that of lambda / threshold
 *
 * (stability_track.h has lambda and the threshold). The crossing is the first measurement at which lambda has come to the
 * threshold: is at or above it after one at which it was below; or, of a run that starts above and never gets below,
 * where it has stopped falling. A run that does not cross has the values of its last measurement, and shares over all of
 * it. Losses and errors are those of the last record.
 *
 * Source: Cohen, Kaur, Li, Kolter and Talwalkar, "Gradient descent on neural networks typically occurs at the edge of
 * stability", ICLR 2021.
 */
#include "experiments/data_fixed.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/followed.h"
#include "experiments/key_rows.h"
#include "experiments/point.h"
#include "experiments/stability_track.h"
#include "experiments/train_estimate.h"
#include "experiments/train_lots.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum {
    STEPS,
    TRAIN_LOSS,
    TRAIN_ERROR,
    TEST_LOSS,
    TEST_ERROR,
    INITIAL,
    FINAL,
    LIMIT,
    CROSSES,
    CROSSING,
    SETTLED,
    RATIO,
    RATIO_SD,
    RISING,
    RISING_BEFORE,
    FALL,
    RESIDUAL,
    PRODUCTS,
    PARAMETERS,
    RUN_COLUMNS
};
enum {
    C_STEP,
    C_TRAIN_LOSS,
    C_TRAIN_ERROR,
    C_TEST_LOSS,
    C_TEST_ERROR,
    C_SHARPNESS,
    C_THRESHOLD,
    C_RATIO,
    C_RISING,
    C_RESIDUAL,
    CURVE_COLUMNS
};

static const struct er_column run_column[] = {
    [STEPS] = {"steps", "steps", "steps until training stopped", true},
    [TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [INITIAL] = {"initial_sharpness", "", "sharpness before the first step", false},
    [FINAL] = {"final_sharpness", "", "the same where training stopped", false},
    [LIMIT] = {"limit", "",
               "threshold at the end: descent leaves a parabola that is sharper, 2 / rate without momentum",
               false},
    [CROSSES] = {"crosses", "", "1 where the sharpness came to the threshold, else 0", false},
    [CROSSING] = {"crossing", "steps", "the first measurement at which it had come there", false},
    [SETTLED] = {"settled_sharpness", "",
                 "mean sharpness from the crossing on; without a crossing the last one", false},
    [RATIO] = {"ratio", "", "mean of sharpness over threshold, likewise", false},
    [RATIO_SD] = {"ratio_sd", "", "standard deviation of the ratio from the crossing on", false},
    [RISING] = {"rising", "",
                "share of steps that raised the training loss, from the crossing on; without one of all",
                false},
    [RISING_BEFORE] = {"rising_before", "",
                       "share of steps that raised the training loss before the crossing", false},
    [FALL] = {"fall", "", "loss at the crossing over the last loss; without a crossing the first loss", true},
    [RESIDUAL] = {"residual", "", "largest residual of an eigenvector, over the largest eigenvalue in size",
                  true},
    [PRODUCTS] = {"products", "", "products with the Hessian that measuring took", false},
    [PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_STEP] = {"step", "steps", "steps so far, from 0", false},
    [C_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [C_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [C_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [C_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [C_SHARPNESS] = {"sharpness", "", "largest eigenvalue of the Hessian of training loss and weight decay",
                     false},
    [C_THRESHOLD] = {"threshold", "", "descent leaves a parabola that is sharper: 2 / rate without momentum",
                     false},
    [C_RATIO] = {"ratio", "", "sharpness over threshold", false},
    [C_RISING] = {"rising", "", "share of steps since the last measurement that raised the training loss",
                  false},
    [C_RESIDUAL] = {"residual", "", "residual of the eigenvector, over the largest eigenvalue in size", true},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "step", .y = "sharpness threshold", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "train_loss", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "sharpness", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line",
     .x = "step",
     .y = "ratio",
     .colour = "axis",
     .axes = ER_DEFAULT_SOME_AXES,
     .at_y = "1",
     .y_label = "edge of stability"},
    {.mark = "line", .x = "step", .y = "train_loss", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line",
     .x = "limit",
     .y = "limit",
     .points = "settled_sharpness",
     .x_scale = "log",
     .y_scale = "log",
     .with = "train.gradient-descent.rate",
     .axes = ER_DEFAULT_SOME_AXES},
    {0},
};

static const struct er_schema_row row[] = {
    MAP("stability", NULL, "sharpness during gradient descent, beside the one at which it is unstable"),
    INTEGER("stability.every", "steps", 1, 1e15, "50", "how often the sharpness is measured"),
    {0},
};

static int64_t every_of(const struct er_point *point)
{
    return er_point_integer(point, "stability.every", 1);
}

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "stability studies keep no networks");
    if (strcmp(er_point_text(point, "train.optimiser", ""), "gradient-descent") != 0)
        return er_point_fail(
            point, "train.optimiser", err,
            "stability follows gradient descent on all examples; give train.gradient-descent");
    if (er_point_integer(point, "train.record.every", 1) != 1)
        return er_point_fail(
            point, "train.record.every", err,
            "stability looks at the loss after every step; stability.every is the key for sharpness");
    const enum er_status status = er_data_fixed_check(point, "stability", err);
    return status == ER_OK ? er_train_member_check(point, places, err) : status;
}

/* One call of run(). */
struct following {
    const struct er_run_events *events;
    struct er_stability_track *track; /* of each run, which one thread has at a time */
};

static enum er_status on_begin(void *ctx, const struct er_lots_member *whose, bool *skip, const void **state,
                               size_t *bytes, struct er_error *err)
{
    const struct following *f = ctx;
    struct er_followed_part trainer, gathered;
    bool taken = false;
    enum er_status status = er_followed_begin(f->events, whose->run, skip, &trainer, &gathered, err);
    if (status == ER_OK && !*skip)
        status = er_stability_track_restore(&f->track[whose->run], whose->member, gathered.at, gathered.bytes,
                                            &taken, err);
    *state = taken ? trainer.at : NULL;
    *bytes = taken ? trainer.bytes : 0;
    return status;
}

static enum er_status on_checkpoint(void *ctx, const struct er_lots_member *whose, const void *state,
                                    size_t bytes, struct er_error *err)
{
    const struct following *f = ctx;
    void *gathered;
    size_t n;
    enum er_status status = er_stability_track_save(&f->track[whose->run], whose->member, &gathered, &n, err);
    if (status == ER_OK)
        status = er_followed_checkpoint(f->events, whose->run, (struct er_followed_part){state, bytes},
                                        (struct er_followed_part){gathered, n}, err);
    er_free(gathered);
    return status;
}

static enum er_status on_record(void *ctx, const struct er_lots_member *whose,
                                const struct er_curve_point *point, const struct er_kept *at,
                                struct er_error *err)
{
    const struct following *f = ctx;
    return er_stability_record(&f->track[whose->run], whose->member, every_of(whose->point), point, at->w,
                               at->statistics, false, err);
}

/* Mean and standard deviation of the ratio over the measurements from `from` on. */
static void fill_ratio(const struct er_stability_track *track, int64_t from, double value[RUN_COLUMNS])
{
    double sharpness = 0, ratio = 0, squares = 0, n = (double)(track->n - from);
    for (int64_t i = from; i < track->n; i++) {
        sharpness += track->point[i].sharpness / n;
        ratio += track->point[i].sharpness / track->point[i].threshold / n;
    }
    for (int64_t i = from; i < track->n; i++) {
        const double e = track->point[i].sharpness / track->point[i].threshold - ratio;
        squares += e * e;
    }
    value[SETTLED] = sharpness;
    value[RATIO] = ratio;
    value[RATIO_SD] = n > 1 ? sqrt(squares / (n - 1)) : (double)NAN;
}

/* The share of the steps from measurement `from` to measurement `to` that raised the loss; NaN of none. */
static double rising(const struct er_stability_track *track, int64_t from, int64_t to)
{
    const struct er_stability_point *p = track->point;
    double rises = 0;
    for (int64_t i = from + 1; i <= to; i++) rises += p[i].rising * (double)(p[i].at.step - p[i - 1].at.step);
    return to > from ? rises / (double)(p[to].at.step - p[from].at.step) : (double)NAN;
}

static void fill_values(const struct er_stability_track *track, const struct er_lots_member *whose,
                        const struct er_train_result *result, double value[RUN_COLUMNS])
{
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    const struct er_stability_point *p = track->point, *last = &p[track->n - 1];
    const int64_t crossing = er_stability_crossing(track), from = crossing < 0 ? track->n - 1 : crossing;
    value[STEPS] = (double)result->steps;
    value[TRAIN_LOSS] = end->train_loss;
    value[TRAIN_ERROR] = end->train_error;
    value[TEST_LOSS] = end->test_loss;
    value[TEST_ERROR] = end->test_error;
    value[INITIAL] = p[0].sharpness;
    value[FINAL] = last->sharpness;
    value[LIMIT] = last->threshold;
    value[CROSSES] = crossing >= 0;
    value[CROSSING] = crossing < 0 ? (double)NAN : (double)p[crossing].at.step;
    fill_ratio(track, from, value);
    value[RISING] = rising(track, crossing < 0 ? 0 : crossing, track->n - 1);
    value[RISING_BEFORE] = rising(track, 0, crossing < 0 ? track->n - 1 : crossing);
    value[FALL] = p[crossing < 0 ? 0 : crossing].at.train_loss / end->train_loss;
    value[RESIDUAL] = 0;
    for (int64_t i = 0; i < track->n; i++) value[RESIDUAL] = fmax(value[RESIDUAL], p[i].residual);
    value[PRODUCTS] = (double)track->products;
    value[PARAMETERS] = (double)er_net_parameters(whose->member->net);
}

static enum er_status hand_over(const struct following *f, const struct er_lots_member *whose,
                                const struct er_train_result *result, struct er_error *err)
{
    const struct er_stability_track *track = &f->track[whose->run];
    const int64_t n = track->n;
    double value[RUN_COLUMNS], *block = er_alloc(n * CURVE_COLUMNS, sizeof *block);
    const double *curve[CURVE_COLUMNS];
    if (!block) return er_fail(err, ER_E_NOMEM, "stability: out of memory for a curve");
    for (int64_t i = 0; i < n; i++) {
        const struct er_stability_point *p = &track->point[i];
        const double at[CURVE_COLUMNS] = {
            [C_STEP] = (double)p->at.step,
            [C_TRAIN_LOSS] = p->at.train_loss,
            [C_TRAIN_ERROR] = p->at.train_error,
            [C_TEST_LOSS] = p->at.test_loss,
            [C_TEST_ERROR] = p->at.test_error,
            [C_SHARPNESS] = p->sharpness,
            [C_THRESHOLD] = p->threshold,
            [C_RATIO] = p->sharpness / p->threshold,
            [C_RISING] = p->rising,
            [C_RESIDUAL] = p->residual,
        };
        for (int c = 0; c < CURVE_COLUMNS; c++) block[c * n + i] = at[c];
    }
    for (int c = 0; c < CURVE_COLUMNS; c++) curve[c] = block + c * n;
    fill_values(track, whose, result, value);
    const struct er_record record = {.outcome = er_stop_reason_text(result->reason),
                                     .note = result->cause,
                                     .seconds = result->seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = n};
    const enum er_status status = f->events->end(f->events->ctx, whose->run, &record, err);
    er_free(block);
    return status;
}

static enum er_status on_end(void *ctx, const struct er_lots_member *whose,
                             const struct er_train_result *result, struct er_error *err)
{
    const struct following *f = ctx;
    struct er_stability_track *track = &f->track[whose->run];
    enum er_status status =
        er_stability_record(track, whose->member, every_of(whose->point), &result->curve[result->n_curve - 1],
                            result->w, result->statistics, true, err);
    if (status == ER_OK) status = hand_over(f, whose, result, err);
    er_stability_track_clear(track);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct following f = {.events = events, .track = er_alloc(n, sizeof *f.track)};
    const struct er_lots lots = {.ctx = &f,
                                 .begin = on_begin,
                                 .checkpoint = on_checkpoint,
                                 .record = on_record,
                                 .end = on_end,
                                 .checkpoint_seconds = events->checkpoint_seconds};
    enum er_status status =
        f.track ? er_lots_train(&lots, point, n, places, pool, progress, err)
                : er_fail(err, ER_E_NOMEM, "stability: out of memory for %lld runs", (long long)n);
    for (int64_t i = 0; f.track && i < n; i++) er_stability_track_clear(&f.track[i]);
    er_free(f.track);
    return status;
}

/* As of `train`, and the plans and vectors of a search; its time, which no step tells, is not counted. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    enum { MANY = 4096 }; /* more examples take no more memory */
    size_t most = 0;
    enum er_status status = er_train_estimate(point, n, places, pool, progress, out, err);
    for (int64_t i = 0; status == ER_OK && i < n; i++) {
        const int64_t examples = er_data_keys_spec(&point[i]).train;
        struct er_shape shape;
        struct er_net *net = NULL;
        int64_t classes;
        size_t bytes = 0;
        if (!er_data_keys_shape(&point[i], &shape, &classes)) continue;
        status = er_train_member_net(&point[i], shape, classes, &net, err);
        if (status == ER_OK) status = er_stability_bytes(net, examples > 0 ? examples : MANY, &bytes, err);
        er_net_free(net);
        most = bytes > most ? bytes : most;
    }
    if (status == ER_OK) out->run_bytes += most;
    return status;
}

extern const struct er_experiment er_experiment_stability;
const struct er_experiment er_experiment_stability = {
    .name = "stability",
    .help = "gradient descent and the sharpness on its way, beside the edge of stability, 2 / rate",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
