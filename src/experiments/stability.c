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
#include "experiments/point.h"
#include "experiments/stability_tables.h"
#include "experiments/stability_track.h"
#include "experiments/train_estimate.h"
#include "experiments/train_lots.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

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
static void fill_ratio(const struct er_stability_track *track, int64_t from,
                       double value[ER_STABILITY_RUN_COLUMNS])
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
    value[ER_STABILITY_SETTLED] = sharpness;
    value[ER_STABILITY_RATIO] = ratio;
    value[ER_STABILITY_RATIO_SD] = n > 1 ? sqrt(squares / (n - 1)) : (double)NAN;
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
                        const struct er_train_result *result, double value[ER_STABILITY_RUN_COLUMNS])
{
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    const struct er_stability_point *p = track->point, *last = &p[track->n - 1];
    const int64_t crossing = er_stability_crossing(track), from = crossing < 0 ? track->n - 1 : crossing;
    value[ER_STABILITY_STEPS] = (double)result->steps;
    value[ER_STABILITY_TRAIN_LOSS] = end->train_loss;
    value[ER_STABILITY_TRAIN_ERROR] = end->train_error;
    value[ER_STABILITY_TEST_LOSS] = end->test_loss;
    value[ER_STABILITY_TEST_ERROR] = end->test_error;
    value[ER_STABILITY_INITIAL] = p[0].sharpness;
    value[ER_STABILITY_FINAL] = last->sharpness;
    value[ER_STABILITY_LIMIT] = last->threshold;
    value[ER_STABILITY_CROSSES] = crossing >= 0;
    value[ER_STABILITY_CROSSING] = crossing < 0 ? (double)NAN : (double)p[crossing].at.step;
    fill_ratio(track, from, value);
    value[ER_STABILITY_RISING] = rising(track, crossing < 0 ? 0 : crossing, track->n - 1);
    value[ER_STABILITY_RISING_BEFORE] = rising(track, 0, crossing < 0 ? track->n - 1 : crossing);
    value[ER_STABILITY_FALL] = p[crossing < 0 ? 0 : crossing].at.train_loss / end->train_loss;
    value[ER_STABILITY_RESIDUAL] = 0;
    for (int64_t i = 0; i < track->n; i++)
        value[ER_STABILITY_RESIDUAL] = fmax(value[ER_STABILITY_RESIDUAL], p[i].residual);
    value[ER_STABILITY_PRODUCTS] = (double)track->products;
    value[ER_STABILITY_PARAMETERS] = (double)er_net_parameters(whose->member->net);
}

static enum er_status hand_over(const struct following *f, const struct er_lots_member *whose,
                                const struct er_train_result *result, struct er_error *err)
{
    const struct er_stability_track *track = &f->track[whose->run];
    const int64_t n = track->n;
    double value[ER_STABILITY_RUN_COLUMNS], *block = er_alloc(n * ER_STABILITY_CURVE_COLUMNS, sizeof *block);
    const double *curve[ER_STABILITY_CURVE_COLUMNS];
    if (!block) return er_fail(err, ER_E_NOMEM, "stability: out of memory for a curve");
    for (int64_t i = 0; i < n; i++) {
        const struct er_stability_point *p = &track->point[i];
        const double at[ER_STABILITY_CURVE_COLUMNS] = {
            [ER_STABILITY_C_STEP] = (double)p->at.step,
            [ER_STABILITY_C_TRAIN_LOSS] = p->at.train_loss,
            [ER_STABILITY_C_TRAIN_ERROR] = p->at.train_error,
            [ER_STABILITY_C_TEST_LOSS] = p->at.test_loss,
            [ER_STABILITY_C_TEST_ERROR] = p->at.test_error,
            [ER_STABILITY_C_SHARPNESS] = p->sharpness,
            [ER_STABILITY_C_THRESHOLD] = p->threshold,
            [ER_STABILITY_C_RATIO] = p->sharpness / p->threshold,
            [ER_STABILITY_C_RISING] = p->rising,
            [ER_STABILITY_C_RESIDUAL] = p->residual,
        };
        for (int c = 0; c < ER_STABILITY_CURVE_COLUMNS; c++) block[c * n + i] = at[c];
    }
    for (int c = 0; c < ER_STABILITY_CURVE_COLUMNS; c++) curve[c] = block + c * n;
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
    .schema = er_stability_row,
    .run_column = er_stability_run_column,
    .curve_column = er_stability_curve_column,
    .figure = er_stability_figure,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
