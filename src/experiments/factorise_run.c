/* factorise_run.c - see factorise_run.h. Between records a descent is run in slices of about SLICE_S: after
 * each the caller may stop it, and a checkpoint is kept when one is due. Steps do not depend on where slices
 * end. */
#include "experiments/factorise_run.h"

#include "core/clock.h"
#include "experiments/factorise_flow.h"
#include "experiments/factorise_measure.h"
#include "experiments/factorise_state.h"
#include "experiments/log_steps.h"
#include "experiments/recover_errors.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const double SLICE_S = 0.5;

/* After a checkpoint that took longer than SLOW_S the next is due only so many times later: those of large
 * factors take seconds. */
static const double SLOW_S = 0.1, RARELY = 20;

struct descent {
    const struct er_factorise_request *request;
    const struct er_recovery *problem;
    const struct er_factorise_keeper *keeper;
    struct er_pool *pool;
    const struct er_progress *caller;
    struct er_progress progress; /* stops; what steps report is not passed on */
    struct er_spread_result *result;
    struct er_factorisation *f;
    struct er_factorise_watch watch;
    enum er_factorise_end end;
    double began, kept; /* by the clock; the last checkpoint */
    double keeping;     /* seconds that it took */
    int64_t slice;      /* steps */
};

int64_t er_factorise_records(const struct er_factorise_request *request)
{
    const int64_t last = request->until.step;
    return request->every > 0 ? last / request->every + 2 : 1 + er_log_steps_most(request->per_decade, last);
}

double er_factorise_run_bytes(const struct er_factorise_request *request, const struct er_recovery *problem)
{
    struct er_factorise_spec plain = request->spec;
    plain.start = ER_FACTOR_GAUSSIAN;
    /* A checkpoint holds no more than what is kept, and the equation begins at factors of its own. */
    const double made = er_factorise_bytes(problem->kind, problem->rows, problem->columns, problem->n,
                                           &request->spec),
                 kept =
                     er_factorise_bytes(problem->kind, problem->rows, problem->columns, problem->n, &plain),
                 curve = 8.0 * ER_FACTORISE_CURVES * (double)er_factorise_records(request);
    return made + kept + 2 * curve + er_factorise_watch_bytes(request, problem) +
           er_factorise_flow_bytes(request, problem) +
           (request->has_rival ? er_method_bytes(problem, &request->rival) : 0);
}

static int64_t next_record(const struct er_factorise_request *request, int64_t step)
{
    const int64_t last = request->until.step;
    if (request->every == 0) return er_log_step_after(step, request->per_decade, last);
    const int64_t next = (step / request->every + 1) * request->every;
    return next < last ? next : last;
}

static enum er_status keep(struct descent *d, struct er_error *err)
{
    const struct er_run_events *events = d->keeper->events;
    void *state = NULL;
    size_t bytes = 0;
    const double now = er_clock_s(), rest = d->keeping > SLOW_S ? RARELY * d->keeping : 0,
                 due = fmax(events->checkpoint_seconds, rest);
    if (!(events->checkpoint_seconds > 0) || now - d->kept < due) return ER_OK;
    enum er_status status =
        er_factorise_save(d->f, d->result, d->result->seconds + now - d->began, &state, &bytes, err);
    if (status == ER_OK) status = events->checkpoint(events->ctx, d->keeper->run, state, bytes, err);
    er_free(state);
    d->kept = er_clock_s();
    d->keeping = d->kept - now;
    return status;
}

static enum er_status record(struct descent *d, bool *finite, struct er_error *err)
{
    struct er_spread_result *result = d->result;
    double column[ER_FACTORISE_CURVES];
    const enum er_status status = er_factorise_measure(&d->watch, d->f, column, finite, err);
    if (status != ER_OK || !*finite) return status;
    for (int c = 0; c < ER_FACTORISE_CURVES; c++) result->curve[c][result->n_curve] = column[c];
    result->n_curve++;
    return ER_OK;
}

static void report(const struct descent *d)
{
    const struct er_progress_report so_far = {.what = "factorise",
                                              .unit = "steps",
                                              .done = (double)er_factorisation_step(d->f),
                                              .total = (double)d->request->until.step};
    if (d->caller && d->caller->report) d->caller->report(d->caller->ctx, &so_far);
}

/* To step `to`, or to where steps end. */
static enum er_status advance(struct descent *d, int64_t to, struct er_error *err)
{
    struct er_factorise_until until = d->request->until;
    while (d->end == ER_FACTORISE_STEPS && er_factorisation_step(d->f) < to) {
        const int64_t step = er_factorisation_step(d->f);
        const double began = er_clock_s();
        until.step = to - step < d->slice ? to : step + d->slice;
        enum er_status status = er_factorisation_run(d->f, &until, d->pool, &d->progress, &d->end, err);
        if (status == ER_OK && d->end == ER_FACTORISE_STEPS && until.step < to) status = keep(d, err);
        if (status != ER_OK) return status;
        report(d);
        if (er_clock_s() - began < SLICE_S && d->slice < INT64_MAX / 4) d->slice *= 2;
    }
    return ER_OK;
}

static enum er_status diverged(struct descent *d)
{
    d->end = ER_FACTORISE_DIVERGED;
    snprintf(d->result->note, sizeof d->result->note, "the loss is not finite after step %" PRId64,
             er_factorisation_step(d->f));
    return ER_OK;
}

/* The loss where the run begins or goes on, and the first record. */
static enum er_status begin(struct descent *d, bool *finite, struct er_error *err)
{
    const struct er_factorise_until here = {.step = 0, .loss = -1, .gradient = -1};
    enum er_factorise_end end;
    const enum er_status status = er_factorisation_run(d->f, &here, d->pool, &d->progress, &end, err);
    return status == ER_OK && d->result->n_curve == 0 ? record(d, finite, err) : status;
}

static enum er_status descend(struct descent *d, struct er_error *err)
{
    bool finite = true;
    enum er_status status = begin(d, &finite, err);
    while (status == ER_OK && finite && d->end == ER_FACTORISE_STEPS &&
           er_factorisation_step(d->f) < d->request->until.step) {
        const double last = d->result->curve[ER_FACTORISE_C_STEP][d->result->n_curve - 1];
        status = advance(d, next_record(d->request, (int64_t)last), err);
        if (status == ER_OK && d->end == ER_FACTORISE_DIVERGED) return diverged(d);
        if (status == ER_OK && (double)er_factorisation_step(d->f) > last) status = record(d, &finite, err);
        if (status == ER_OK && finite && d->end == ER_FACTORISE_STEPS) status = keep(d, err);
    }
    if (status == ER_OK && !finite) return diverged(d);
    return status;
}

static void fill_best(struct er_spread_result *result)
{
    for (int64_t i = 0; i < result->n_curve; i++) {
        const double error = result->curve[ER_FACTORISE_C_TEST_ERROR][i];
        if (error >= result->value[ER_FACTORISE_V_BEST_TEST] || isnan(error)) continue;
        result->value[ER_FACTORISE_V_BEST_TEST] = error;
        result->value[ER_FACTORISE_V_BEST_RMSE] = sqrt(error);
        result->value[ER_FACTORISE_V_BEST_STEP] = result->curve[ER_FACTORISE_C_STEP][i];
    }
}

static void fill_values(struct descent *d)
{
    static const int of[][2] = {{ER_FACTORISE_V_TRAIN_LOSS, ER_FACTORISE_C_TRAIN_LOSS},
                                {ER_FACTORISE_V_TEST_ERROR, ER_FACTORISE_C_TEST_ERROR},
                                {ER_FACTORISE_V_NUCLEAR, ER_FACTORISE_C_NUCLEAR},
                                {ER_FACTORISE_V_FROBENIUS, ER_FACTORISE_C_FROBENIUS},
                                {ER_FACTORISE_V_RANK, ER_FACTORISE_C_RANK},
                                {ER_FACTORISE_V_DIAGONAL, ER_FACTORISE_C_DIAGONAL},
                                {ER_FACTORISE_V_OFF_DIAGONAL, ER_FACTORISE_C_OFF_DIAGONAL}};
    static const char *const outcome[] = {[ER_FACTORISE_STEPS] = "steps",
                                          [ER_FACTORISE_LOSS] = "train_loss",
                                          [ER_FACTORISE_GRADIENT] = "gradient",
                                          [ER_FACTORISE_PLATEAU] = "plateau",
                                          [ER_FACTORISE_DIVERGED] = "diverged"};
    struct er_spread_result *result = d->result;
    result->outcome = outcome[d->end];
    result->value[ER_FACTORISE_V_STEPS] = (double)er_factorisation_step(d->f);
    result->value[ER_FACTORISE_V_OBSERVATIONS] = (double)d->problem->n;
    if (d->end == ER_FACTORISE_DIVERGED) return;
    const int64_t last = result->n_curve - 1;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        result->value[of[i][0]] = result->curve[of[i][1]][last];
    result->value[ER_FACTORISE_V_TRAIN_RMSE] = sqrt(result->value[ER_FACTORISE_V_TRAIN_LOSS]);
    result->value[ER_FACTORISE_V_TEST_RMSE] = sqrt(result->value[ER_FACTORISE_V_TEST_ERROR]);
    result->value[ER_FACTORISE_V_GRADIENT] = er_factorisation_gradient_norm(d->f);
    fill_best(result);
}

static enum er_status fill_interval(struct descent *d, struct er_error *err)
{
    const struct er_sparse *test = &d->problem->test;
    double error;
    if (d->end == ER_FACTORISE_DIVERGED || test->n == 0) return ER_OK;
    const enum er_status status = er_factorise_test(&d->watch, d->f, &error, err);
    if (status != ER_OK) return status;
    return er_recover_interval(test, d->watch.at, d->pool, &d->result->value[ER_FACTORISE_V_TEST_LOW],
                               &d->result->value[ER_FACTORISE_V_TEST_HIGH], err);
}

static enum er_status open_run(struct descent *d, struct er_error *err)
{
    const int64_t records = er_factorise_records(d->request);
    enum er_status status = er_factorisation_new(d->problem, &d->request->spec, &d->f, err);
    if (status == ER_OK) status = er_factorise_watch_new(d->request, d->problem, &d->watch, err);
    d->watch.progress = &d->progress;
    if (status == ER_OK) status = er_spread_curves(d->result, "factorise", ER_FACTORISE_CURVES, records, err);
    if (status == ER_OK) status = er_factorise_take(d->f, d->result, records, err);
    return status;
}

enum er_status er_factorise_descend(const struct er_factorise_request *request,
                                    const struct er_recovery *problem,
                                    const struct er_factorise_keeper *keeper, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_spread_result *result,
                                    struct er_error *err)
{
    struct descent d = {.request = request,
                        .problem = problem,
                        .keeper = keeper,
                        .pool = pool,
                        .caller = progress,
                        .progress = {.stop = progress ? progress->stop : NULL},
                        .result = result,
                        .end = ER_FACTORISE_STEPS,
                        .began = keeper->began,
                        .kept = keeper->began,
                        .slice = 1};
    enum er_status status = open_run(&d, err);
    if (status == ER_OK) status = descend(&d, err);
    if (status == ER_OK) fill_values(&d);
    if (status == ER_OK) status = fill_interval(&d, err);
    if (status == ER_OK && request->flow)
        status = er_factorise_flow(request, problem, &d.progress, result, err);
    er_factorise_watch_clear(&d.watch);
    er_factorisation_free(d.f);
    return status;
}
