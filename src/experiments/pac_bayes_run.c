/* pac_bayes_run.c - see pac_bayes_run.h. */
#include "experiments/pac_bayes_run.h"

#include "core/clock.h"
#include "experiments/data_keys.h"
#include "experiments/train_keys.h"
#include "experiments/train_member.h"
#include "stochastic/certificate.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Examples that a drawn network is tried on; draws for the test set, which guarantee nothing, at most. */
enum { ROWS = 16, TEST_DRAWS = 2000 };

/* --- how far a run is: training, descent and draws, each as a share that is near enough --- */

static const double TRAINING = 0.25, DESCENT = 0.85;

static void say(const struct er_pac_bayes_run *r, double share)
{
    const struct er_progress_report report = {.what = "pac-bayes", .unit = "runs", .done = share, .total = 1};
    if (r->progress && r->progress->report) r->progress->report(r->progress->ctx, &report);
}

static void hear_training(void *ctx, const struct er_progress_report *report)
{
    if (report->total > 0) say(ctx, TRAINING * report->done / report->total);
}

/* --- 1: the network --- */

static enum er_status on_begin(void *ctx, int64_t member, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    const struct er_pac_bayes_run *r = ctx;
    (void)member;
    (void)err;
    *skip = false;
    *state = r->trainer;
    *bytes = r->trainer_bytes;
    return ER_OK;
}

static enum er_status on_checkpoint(void *ctx, int64_t member, const void *state, size_t bytes,
                                    struct er_error *err)
{
    (void)member;
    return er_pac_bayes_save(ctx, state, bytes, err);
}

static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    struct er_pac_bayes_run *r = ctx;
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    (void)member;
    (void)err;
    r->trained =
        (struct er_pac_bayes_trained){1, end->train_error, end->test_error, (double)result->epochs_done};
    if (result->reason == ER_STOP_DIVERGED)
        snprintf(r->cause, sizeof r->cause, "training: %s", result->cause);
    memcpy(r->mean, result->w, (size_t)er_net_parameters(r->net) * sizeof *r->mean);
    return ER_OK;
}

static enum er_status train(struct er_pac_bayes_run *r, struct er_error *err)
{
    struct er_pool *alone = NULL;
    const struct er_progress progress = {
        .report = hear_training, .ctx = r, .stop = r->progress ? r->progress->stop : NULL};
    const struct er_train_events events = {.ctx = r,
                                           .begin = on_begin,
                                           .checkpoint = on_checkpoint,
                                           .end = on_end,
                                           .checkpoint_seconds = r->events->checkpoint_seconds};
    enum er_status status = er_pool_new(1, &alone, err);
    if (status == ER_OK) status = er_train(&r->member, 1, alone, &progress, &events, err);
    er_pool_free(alone);
    if (status == ER_OK && r->spec.learned)
        memcpy(r->prior, r->mean, (size_t)er_net_parameters(r->net) * sizeof *r->prior);
    return status;
}

/* --- 2: the noise --- */

enum er_status er_pac_bayes_open_descent(struct er_pac_bayes_run *r, struct er_error *err)
{
    const struct er_pac_bayes_spec *spec = &r->spec;
    const int64_t P = er_net_parameters(r->net), batch = spec->batch < r->bound.n ? spec->batch : r->bound.n;
    const struct er_bound_descent_spec descent = {.objective = spec->objective,
                                                  .factor = spec->factor,
                                                  .delta = spec->delta,
                                                  .rate = spec->rate,
                                                  .deviation_rate = spec->deviation_rate,
                                                  .steps = spec->epochs * (r->bound.n / batch),
                                                  .batch = batch,
                                                  .seed = r->point->seed};
    float *log_deviation = er_alloc(P, sizeof *log_deviation);
    if (!log_deviation)
        return er_fail(err, ER_E_NOMEM, "pac-bayes: out of memory for %lld weights", (long long)P);
    for (int64_t i = 0; i < P; i++) log_deviation[i] = logf((float)spec->deviation);
    const enum er_status status = er_bound_descent_open(&r->descent, r->net, &r->bound, r->prior, r->mean,
                                                        log_deviation, &descent, err);
    er_free(log_deviation);
    r->descending = status == ER_OK;
    return status;
}

/* The epoch that a step has ended. */
static void record(struct er_pac_bayes_run *r)
{
    const int64_t steps = er_bound_descent_epoch(&r->descent), epoch = r->descent.step / steps - 1,
                  n = r->spec.epochs;
    double *at = r->curve + epoch;
    at[ER_PAC_BAYES_C_EPOCH * n] = (double)epoch + 1;
    at[ER_PAC_BAYES_C_LOSS * n] = r->sums[0] / (double)steps;
    at[ER_PAC_BAYES_C_KL * n] = r->descent.divergence;
    at[ER_PAC_BAYES_C_VALUE * n] = r->sums[1] / (double)steps;
    r->sums[0] = r->sums[1] = 0;
    say(r, TRAINING + (DESCENT - TRAINING) * (double)(epoch + 1) / (double)n);
}

static enum er_status descend(struct er_pac_bayes_run *r, struct er_error *err)
{
    double saved = er_clock_s();
    while (r->descent.step < r->descent.spec.steps) {
        const bool stop = er_progress_stopped(r->progress);
        const double every = r->events->checkpoint_seconds;
        if (stop || (every > 0 && er_clock_s() - saved >= every)) {
            const enum er_status status = er_pac_bayes_save(r, NULL, 0, err);
            if (status != ER_OK) return status;
            saved = er_clock_s();
        }
        if (stop) return er_fail(err, ER_E_STOPPED, "pac-bayes: interrupted");
        if (!er_bound_descent_step(&r->descent)) {
            snprintf(r->cause, sizeof r->cause, "descent: the loss is not finite at step %lld",
                     (long long)r->descent.step);
            return ER_OK;
        }
        r->sums[0] += r->descent.loss;
        r->sums[1] += r->descent.value;
        if (r->descent.step % er_bound_descent_epoch(&r->descent) == 0) record(r);
    }
    return ER_OK;
}

/* --- 3: the certificate --- */

static enum er_status certify(struct er_pac_bayes_run *r, double *value, struct er_error *err)
{
    const int64_t P = er_net_parameters(r->net);
    const struct er_sampling how = {.draws = r->spec.draws, .rows = ROWS, .seed = r->point->seed};
    struct er_sampling on_test = how;
    struct er_sampled_error train = {0}, test = {(double)NAN, (double)NAN};
    float *deviation = er_alloc(P, sizeof *deviation);
    if (!deviation)
        return er_fail(err, ER_E_NOMEM, "pac-bayes: out of memory for %lld weights", (long long)P);
    const struct er_stochastic q = {r->net, r->descent.mean, deviation, r->prior};
    er_bound_descent_deviation(&r->descent, deviation);
    if (on_test.draws > TEST_DRAWS) on_test.draws = TEST_DRAWS;
    enum er_status status = er_sampled_error(&q, &r->bound, &how, NULL, r->progress, &train, err);
    if (status == ER_OK && r->test)
        status = er_sampled_error(&q, r->test, &on_test, NULL, r->progress, &test, err);
    if (status == ER_OK) {
        const struct er_certificate c =
            er_certify(&q, train.mean, how.draws, (double)r->bound.n, r->spec.delta, r->spec.delta_sampling);
        value[ER_PAC_BAYES_BOUND] = c.bound;
        value[ER_PAC_BAYES_TRAIN] = c.error;
        value[ER_PAC_BAYES_TEST] = test.mean;
        value[ER_PAC_BAYES_UPPER] = c.upper;
        value[ER_PAC_BAYES_ROOM] = c.bound - test.mean;
        value[ER_PAC_BAYES_KL] = c.divergence;
        value[ER_PAC_BAYES_RATIO] = c.divergence / (double)r->bound.n;
        value[ER_PAC_BAYES_VARIANCE] = c.variance;
        value[ER_PAC_BAYES_DZIUGAITE_ROY] = c.dziugaite_roy;
        value[ER_PAC_BAYES_CLASSIC] = c.classic;
        value[ER_PAC_BAYES_QUADRATIC] = c.quadratic;
    }
    er_free(deviation);
    return status;
}

/* --- all of it --- */

/* Examples from..to-1 of a set. */
static struct er_dataset part(const struct er_dataset *set, int64_t from, int64_t to)
{
    struct er_dataset view = *set;
    view.n = to - from;
    view.x += from * er_shape_size(set->shape);
    view.label += from;
    if (view.zero) view.zero += from * set->shape.channels;
    return view;
}

static enum er_status open_run(struct er_pac_bayes_run *r, const struct er_split *split, struct er_error *err)
{
    const struct er_dataset *train = &split->train;
    const int64_t prior = er_pac_bayes_keys_prior(&r->spec, train->n);
    enum er_status status = er_data_keys_augment_check(r->point, train->shape, err);
    if (status == ER_OK) status = er_train_member_net(r->point, train->shape, train->classes, &r->net, err);
    if (status != ER_OK) return status;
    const int64_t P = er_net_parameters(r->net);
    r->bound = part(train, prior, train->n);
    r->learned = part(train, 0, prior ? prior : train->n);
    r->test = split->test.n > 0 ? &split->test : NULL;
    r->prior = er_alloc(2 * P, sizeof *r->prior);
    r->curve = er_alloc(ER_PAC_BAYES_CURVES * r->spec.epochs, sizeof *r->curve);
    if (!r->prior || !r->curve)
        return er_fail(err, ER_E_NOMEM, "pac-bayes: out of memory for %lld weights", (long long)P);
    r->mean = r->prior + P;
    r->member = er_train_member(r->point, split);
    r->member.net = r->net;
    r->member.train = &r->learned;
    er_net_initialise(r->net, r->member.seed_initialise, r->prior, NULL);
    return ER_OK;
}

static void close_run(struct er_pac_bayes_run *r)
{
    if (r->descending) er_bound_descent_close(&r->descent);
    er_free(r->prior);
    er_free(r->curve);
    er_net_free(r->net);
}

static enum er_status take_curve(const struct er_pac_bayes_run *r, struct er_spread_result *result,
                                 struct er_error *err)
{
    const int64_t n = r->descent.step / er_bound_descent_epoch(&r->descent), room = r->spec.epochs;
    const enum er_status status = er_spread_curves(result, "pac-bayes", ER_PAC_BAYES_CURVES, room, err);
    if (status != ER_OK) return status;
    for (int c = 0; c < ER_PAC_BAYES_CURVES; c++)
        memcpy(result->curve[c], r->curve + c * room, (size_t)n * sizeof *r->curve);
    result->n_curve = n;
    return ER_OK;
}

static enum er_status run_phases(struct er_pac_bayes_run *r, struct er_spread_result *result,
                                 struct er_error *err)
{
    enum er_status status = r->descending ? ER_OK : train(r, err);
    if (status == ER_OK && !r->cause[0] && !r->descending) status = er_pac_bayes_open_descent(r, err);
    if (status == ER_OK && r->descending) status = descend(r, err);
    if (status == ER_OK && r->descending) status = take_curve(r, result, err);
    if (status == ER_OK && !r->cause[0]) {
        status = certify(r, result->value, err);
        struct er_error ignored;
        if (status == ER_E_STOPPED) er_pac_bayes_save(r, NULL, 0, &ignored);
    }
    return status;
}

enum er_status er_pac_bayes_compute(const struct er_point *point, int64_t number,
                                    const struct er_split *split, const struct er_run_events *events,
                                    const struct er_progress *progress, struct er_spread_result *result,
                                    struct er_error *err)
{
    struct er_pac_bayes_run r = {.spec = er_pac_bayes_keys_spec(point),
                                 .point = point,
                                 .events = events,
                                 .progress = progress,
                                 .number = number,
                                 .began = er_clock_s()};
    enum er_status status = open_run(&r, split, err);
    if (status == ER_OK) status = er_pac_bayes_restore(&r, result->state, result->state_bytes, err);
    if (status == ER_OK) status = run_phases(&r, result, err);
    if (status == ER_OK) {
        result->value[ER_PAC_BAYES_EXAMPLES] = (double)r.bound.n;
        result->value[ER_PAC_BAYES_NETWORK_TRAIN] = r.trained.train_error;
        result->value[ER_PAC_BAYES_NETWORK_TEST] = r.trained.test_error;
        result->value[ER_PAC_BAYES_EPOCHS] = r.trained.epochs;
        result->value[ER_PAC_BAYES_PARAMETERS] = (double)er_net_parameters(r.net);
        result->outcome = r.cause[0] ? "diverged" : "certified";
        snprintf(result->note, sizeof result->note, "%s", r.cause);
        result->seconds = r.seconds;
    }
    close_run(&r);
    return status;
}
