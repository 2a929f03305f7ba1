/* ensemble.c - members side by side: one task of the pool each, progress in one place, the first error wins.
 */
#include "train/trainee.h"

#include <ermine/memory.h>
#include <pthread.h>
#include <time.h>

static const double REPORT_SECONDS = 0.05; /* a worker reports at most so often */

struct ensemble {
    const struct er_member *member;
    int64_t n;
    const struct er_progress *progress;
    const struct er_train_events *events;
    struct er_plans plans;
    atomic_bool abort; /* an error somewhere: leave, as when asked to stop */

    pthread_mutex_t lock; /* of the rest */
    struct er_progress_report report;
    enum er_status status;
    struct er_error error;
};

/* One member on one worker. */
struct work {
    struct ensemble *e;
    int64_t number;
    struct er_error err;
    enum er_status status;
    bool left; /* before its end */
    double reported_at, saved_at;
    double reported_share, reported_epochs, reported_flops;
    int64_t epochs_before; /* that a checkpoint brought */
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool stop_asked(const struct ensemble *e)
{
    return atomic_load_explicit(&e->abort, memory_order_relaxed) || er_progress_stopped(e->progress);
}

/* Adds what this member has done since its last report. */
static void report(struct work *work, double share, double epochs, double flops)
{
    struct ensemble *e = work->e;
    pthread_mutex_lock(&e->lock);
    e->report.done += share - work->reported_share;
    e->report.epochs += epochs - work->reported_epochs;
    e->report.flops += flops - work->reported_flops;
    if (e->progress && e->progress->report) e->progress->report(e->progress->ctx, &e->report);
    pthread_mutex_unlock(&e->lock);
    work->reported_share = share;
    work->reported_epochs = epochs;
    work->reported_flops = flops;
}

static enum er_status save(struct work *work, const struct er_trainee *t)
{
    const struct er_train_events *events = work->e->events;
    if (!events || !events->checkpoint) return ER_OK;
    const size_t bytes = er_checkpoint_bytes(t);
    unsigned char *state = er_alloc((int64_t)bytes, 1);
    if (!state) return er_fail(&work->err, ER_E_NOMEM, "train: out of memory for a checkpoint");
    er_checkpoint_write(t, state);
    enum er_status status = events->checkpoint(events->ctx, work->number, state, bytes, &work->err);
    er_free(state);
    return status;
}

/* Asked after every step: report, save when it is time, and leave when somebody wants to. */
static bool leave(void *ctx, struct er_trainee *t)
{
    struct work *work = ctx;
    const double now = now_s();
    if (now - work->reported_at >= REPORT_SECONDS) {
        const double epochs = (double)t->steps / (double)t->steps_per_epoch;
        work->reported_at = now;
        report(work, epochs / (double)t->member->spec.stop.epochs, epochs - (double)work->epochs_before,
               t->flops);
    }
    const bool asked = stop_asked(work->e);
    const struct er_train_events *events = work->e->events;
    if (asked ||
        (events && events->checkpoint_seconds > 0 && now - work->saved_at >= events->checkpoint_seconds)) {
        work->status = save(work, t);
        work->saved_at = now;
    }
    work->left = asked || work->status != ER_OK;
    return work->left;
}

static enum er_status finish(struct work *work, const struct er_trainee *t)
{
    const struct er_train_events *events = work->e->events;
    report(work, 1, (double)t->steps / (double)t->steps_per_epoch - (double)work->epochs_before, t->flops);
    if (!events || !events->end) return ER_OK;
    struct er_train_result result = {
        .reason = t->reason,
        .epochs_done = t->steps / t->steps_per_epoch,
        .steps = t->steps,
        .curve = t->curve,
        .n_curve = t->n_curve,
        .w = t->w,
        .seconds = t->seconds,
        .flops = t->flops,
    };
    for (size_t i = 0; i < sizeof result.cause; i++) result.cause[i] = t->cause[i];
    return events->end(events->ctx, work->number, &result, &work->err);
}

static enum er_status train(struct work *work)
{
    struct ensemble *e = work->e;
    const struct er_train_events *events = e->events;
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = ER_OK;
    if (events && events->begin)
        status = events->begin(events->ctx, work->number, &skip, &state, &bytes, &work->err);
    if (status != ER_OK) return status;
    if (skip) {
        report(work, 1, 0, 0);
        return ER_OK;
    }
    struct er_trainee t;
    status = er_trainee_open(&t, &e->member[work->number], &e->plans, &work->err);
    if (status == ER_OK && state) status = er_checkpoint_read(&t, state, bytes, &work->err);
    work->epochs_before = status == ER_OK ? t.steps / t.steps_per_epoch : 0;
    work->reported_flops = t.flops;
    if (status == ER_OK) status = er_trainee_run(&t, leave, work, &work->err);
    if (status == ER_OK) status = work->status;
    if (status == ER_OK && !work->left) status = finish(work, &t);
    er_trainee_clear(&t);
    return status;
}

static void task(void *ctx, int64_t number, int worker)
{
    (void)worker;
    struct ensemble *e = ctx;
    if (stop_asked(e)) return;
    const double now = now_s();
    struct work work = {.e = e, .number = number, .reported_at = now, .saved_at = now};
    const enum er_status status = train(&work);
    if (status == ER_OK) return;
    atomic_store(&e->abort, true);
    pthread_mutex_lock(&e->lock);
    if (e->status == ER_OK) {
        e->status = status;
        e->error = work.err;
    }
    pthread_mutex_unlock(&e->lock);
}

static enum er_status check_member(const struct er_member *m, int64_t number, struct er_error *err)
{
    struct er_error why = {0};
    enum er_status status = er_train_check(&m->spec, &why);
    if (status != ER_OK) return er_fail(err, status, "member %lld: %s", (long long)number, why.msg);
    if (m->train->n < 1)
        return er_fail(err, ER_E_SHAPE, "member %lld: there are no training examples", (long long)number);
    const int64_t d = er_net_inputs(m->net);
    if (er_shape_size(m->train->shape) != d ||
        (m->test && m->test->n > 0 && er_shape_size(m->test->shape) != d))
        return er_fail(err, ER_E_SHAPE, "member %lld: the net takes %lld inputs, the data has %lld",
                       (long long)number, (long long)d, (long long)er_shape_size(m->train->shape));
    return ER_OK;
}

enum er_status er_train(const struct er_member *member, int64_t n, struct er_pool *pool,
                        const struct er_progress *progress, const struct er_train_events *events,
                        struct er_error *err)
{
    struct ensemble e = {.member = member, .n = n, .progress = progress, .events = events};
    e.report = (struct er_progress_report){.what = "training", .unit = "runs", .total = (double)n};
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        status = check_member(&member[i], i, err);
        if (status == ER_OK) status = er_trainee_plans(&member[i], &e.plans, err);
    }
    if (status != ER_OK) goto done;
    if (pthread_mutex_init(&e.lock, NULL) != 0) {
        status = er_fail(err, ER_E_NOMEM, "train: out of memory");
        goto done;
    }
    er_pool_run(pool, n, task, &e);
    pthread_mutex_destroy(&e.lock);
    status = e.status;
    if (status != ER_OK && err) *err = e.error;
    if (status == ER_OK && er_progress_stopped(progress))
        status = er_fail(err, ER_E_STOPPED, "training was stopped");
done:
    er_plans_clear(&e.plans);
    return status;
}
