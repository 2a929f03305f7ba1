/* ensemble.c - members side by side: one task of the pool each, progress in one place, the first error wins.
 *
 * Members come in waves of as many as need some thousand matrix products, whose code is freed between waves:
 * ten thousand different nets are no matter of memory. Within a wave as many are under way as there are
 * threads, or as memory allows; then several threads work on each.
 */
#include "core/clock.h"
#include "core/team.h"
#include "net/net.h"
#include "train/sharing.h"
#include "train/trainee.h"

#include <ermine/memory.h>
#include <pthread.h>

static const double REPORT_SECONDS = 0.05; /* a worker reports at most so often */

struct ensemble {
    const struct er_member *member;
    int64_t n;
    const struct er_progress *progress;
    const struct er_train_events *events;
    struct er_plans plans;
    int64_t first, last; /* the members of this wave */
    struct er_sharing sharing;
    int64_t offset; /* of the first task's member in the wave */
    struct crew {
        struct er_team *team;
    } * crew;               /* of each member of the wave when several threads share one */
    atomic_bool abort;      /* an error somewhere: leave, as when asked to stop */
    atomic_bool unfinished; /* a member was left, or not begun */

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
    enum er_status status = er_checkpoint_write(t, state, &work->err);
    if (status == ER_OK) status = events->checkpoint(events->ctx, work->number, state, bytes, &work->err);
    er_free(state);
    return status;
}

/* Asked after every step: report, save when it is time, and leave when somebody wants to. */
static bool leave(void *ctx, struct er_trainee *t)
{
    struct work *work = ctx;
    const double now = er_clock_s();
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

static enum er_status keep(void *ctx, const struct er_kept *kept, struct er_error *err)
{
    const struct work *work = ctx;
    const struct er_train_events *events = work->e->events;
    return events && events->keep ? events->keep(events->ctx, work->number, kept, err) : ER_OK;
}

static enum er_status record(void *ctx, const struct er_curve_point *point, const struct er_kept *at,
                             struct er_error *err)
{
    const struct work *work = ctx;
    const struct er_train_events *events = work->e->events;
    return events && events->record ? events->record(events->ctx, work->number, point, at, err) : ER_OK;
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
        .statistics = t->S ? t->statistics : NULL,
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
    struct er_team *team = e->crew ? e->crew[work->number - e->first].team : NULL;
    status = er_trainee_open(&t, &e->member[work->number], &e->plans, team, &work->err);
    if (status == ER_OK && state) {
        status = er_checkpoint_read(&t, state, bytes, &work->err);
        if (status == ER_E_INPUT) status = ER_OK; /* nothing was read: afresh */
    }
    work->epochs_before = status == ER_OK ? t.steps / t.steps_per_epoch : 0;
    work->reported_flops = t.flops;
    const struct er_trainee_hooks hooks = {.leave = leave, .keep = keep, .record = record, .ctx = work};
    if (status == ER_OK) status = er_trainee_run(&t, &hooks, &work->err);
    if (status == ER_OK) status = work->status;
    if (status == ER_OK && !work->left) status = finish(work, &t);
    er_trainee_clear(&t);
    return status;
}

static void train_member(struct ensemble *e, int64_t number)
{
    if (stop_asked(e)) {
        atomic_store(&e->unfinished, true);
        return;
    }
    const double now = er_clock_s();
    struct work work = {.e = e, .number = number, .reported_at = now, .saved_at = now};
    const enum er_status status = train(&work);
    if (work.left) atomic_store(&e->unfinished, true);
    if (status == ER_OK) return;
    atomic_store(&e->abort, true);
    pthread_mutex_lock(&e->lock);
    if (e->status == ER_OK) {
        e->status = status;
        e->error = work.err;
    }
    pthread_mutex_unlock(&e->lock);
}

/* A task is one thread's work on one member: the first thread leads, the others follow. */
static void task(void *ctx, int64_t number, int worker)
{
    (void)worker;
    struct ensemble *e = ctx;
    const int64_t place = e->offset + number / e->sharing.parts;
    const int part = (int)(number % e->sharing.parts);
    if (part > 0) {
        er_team_follow(e->crew[place].team, part);
        return;
    }
    train_member(e, e->first + place);
    if (e->crew) er_team_dismiss(e->crew[place].team);
}

/* Whether the steps of all members of the wave are long enough to be shared. */
static bool worth_sharing(const struct ensemble *e)
{
    for (int64_t i = e->first; i < e->last; i++)
        if (!er_sharing_worth(&e->member[i])) return false;
    return true;
}

/* The bytes of the wave's largest member on so many threads. */
static size_t largest(const struct ensemble *e, int parts)
{
    size_t most = 0;
    for (int64_t i = e->first; i < e->last; i++) {
        struct er_trainee t;
        er_trainee_measure(&t, &e->member[i], &e->plans, parts);
        const size_t bytes = er_trainee_bytes(&t) + er_checkpoint_bytes(&t);
        most = bytes > most ? bytes : most;
    }
    return most;
}

/* How many members are under way at a time, and how many threads work on each: what fits into memory. */
static enum er_status share_threads(struct ensemble *e, int threads, struct er_error *err)
{
    const size_t limit = e->events ? e->events->memory : 0;
    struct er_sharing *s = &e->sharing;
    *s = er_sharing_of(e->last - e->first, threads, worth_sharing(e));
    while (limit && s->at_once > 0 && largest(e, s->parts) > limit / (size_t)s->at_once)
        if (!er_sharing_less(s))
            return er_fail(err, ER_E_NOMEM,
                           "training one network takes %.1f MB of memory, %.1f MB are available",
                           (double)largest(e, 1) / 1e6, (double)limit / 1e6);
    return ER_OK;
}

static void free_teams(struct ensemble *e)
{
    for (int64_t i = 0; e->crew && i < e->last - e->first; i++) er_team_free(e->crew[i].team);
    er_free(e->crew);
    e->crew = NULL;
}

static enum er_status make_teams(struct ensemble *e, struct er_error *err)
{
    const int64_t n = e->last - e->first;
    enum er_status status = ER_OK;
    if (e->sharing.parts == 1) return ER_OK;
    e->crew = er_alloc(n, sizeof *e->crew);
    if (!e->crew) return er_fail(err, ER_E_NOMEM, "train: out of memory");
    for (int64_t i = 0; i < n && status == ER_OK; i++)
        status = er_team_new(e->sharing.parts, &e->crew[i].team, err);
    return status;
}

/* The members from `first` on whose plans are few enough, with these plans. */
static enum er_status open_wave(struct ensemble *e, int64_t first, struct er_error *err)
{
    const int64_t most_products = 1 << 14; /* of 9 kB of made code each, unless shapes repeat: math/gemm.h */
    enum er_status status = ER_OK;
    e->first = e->last = first;
    while (e->last < e->n && e->plans.products < most_products && status == ER_OK)
        status = er_trainee_plans(&e->member[e->last++], &e->plans, err);
    return status;
}

/* All members of the wave, handed to whichever threads are free, a lot after the other. */
static void run_tasks(struct ensemble *e, struct er_pool *pool)
{
    const int64_t n = e->last - e->first, lot = er_sharing_lot(&e->sharing, n);
    for (e->offset = 0; e->offset < n; e->offset += lot)
        er_pool_run(pool, (n - e->offset < lot ? n - e->offset : lot) * e->sharing.parts, task, e);
}

static enum er_status train_wave(struct ensemble *e, struct er_pool *pool, struct er_error *err)
{
    enum er_status status = share_threads(e, er_pool_threads(pool), err);
    if (status == ER_OK) status = make_teams(e, err);
    if (status == ER_OK) {
        run_tasks(e, pool);
        status = e->status;
        if (status != ER_OK && err) *err = e->error;
    }
    free_teams(e);
    er_plans_clear(&e->plans);
    return status;
}

/* `last` is the member before, NULL for the first: what both share was looked at. */
static enum er_status check_member(const struct er_member *m, const struct er_member *last, int64_t number,
                                   struct er_error *err)
{
    struct er_error why = {0};
    enum er_status status = er_train_check(&m->spec, &why);
    if (status == ER_OK) status = er_keep_check(m->keep, &why);
    if (status == ER_OK && m->train->n < 1)
        status = er_fail(&why, ER_E_SHAPE, "there are no training examples");
    if (status == ER_OK) status = er_augment_check(&m->augment, m->train->shape, &why);
    const bool same_net = last && last->net == m->net;
    if (status == ER_OK && !(same_net && last->train == m->train))
        status = er_net_check_data(m->net, m->train, &why);
    if (status == ER_OK && m->test && !(same_net && last->test == m->test))
        status = er_net_check_data(m->net, m->test, &why);
    if (status == ER_OK) return ER_OK;
    return er_fail(err, status, "member %lld: %s", (long long)number, why.msg);
}

enum er_status er_train(const struct er_member *member, int64_t n, struct er_pool *pool,
                        const struct er_progress *progress, const struct er_train_events *events,
                        struct er_error *err)
{
    struct ensemble e = {.member = member, .n = n, .progress = progress, .events = events};
    e.report = (struct er_progress_report){.what = "training", .unit = "runs", .total = (double)n};
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < n && status == ER_OK; i++)
        status = check_member(&member[i], i ? &member[i - 1] : NULL, i, err);
    if (status != ER_OK) return status;
    if (pthread_mutex_init(&e.lock, NULL) != 0) return er_fail(err, ER_E_NOMEM, "train: out of memory");
    while (e.last < n && status == ER_OK && !atomic_load(&e.unfinished)) {
        status = open_wave(&e, e.last, err);
        if (status == ER_OK) status = train_wave(&e, pool, err);
    }
    er_plans_clear(&e.plans);
    pthread_mutex_destroy(&e.lock);
    if (status == ER_OK && atomic_load(&e.unfinished))
        status = er_fail(err, ER_E_STOPPED, "training was stopped");
    return status;
}
