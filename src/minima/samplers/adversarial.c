/* adversarial.c - the sampler `adversarial`: the study's training, begun where random labels had been learnt.
 *
 *     1  from random initial weights, fit R copies of S in each of which a share of the inputs' values is 0 and every
 *        label is drawn by lot (minima/copies.h), by settings.pretrain, until its rule stops it
 *     2  from there, train on S with its true labels as the request says
 *
 * Plain SGD stops soon, near the bad start; momentum, weight decay and augmentation lead away from it. Batches of the
 * first training have a seed of their own: seed_batches + 2^62. Minima are those of the second; their distance is
 * that from the random initial weights.
 *
 * Requests are taken a few at a time, since copies take memory. A checkpoint says which of the trainings is under way,
 * in the second with the weights that it began with, so that the first is not done again.
 *
 * Source: Liu, Papailiopoulos and Achlioptas, "Bad global minima exist and SGD can reach them", 2019.
 */
#include "minima/adversarial_state.h"
#include "minima/copies.h"
#include "minima/trained.h"

#include <ermine/memory.h>
#include <stdio.h>
#include <string.h>

static const uint64_t OTHER_BATCHES = (uint64_t)1 << 62;

/* A request of the wave. */
struct job {
    int64_t number; /* of the request */
    const struct er_minimum_request *request;
    struct er_dataset copies;
    bool skip, ended; /* somebody else's; nothing more is to be done */
    struct er_adversarial_state at;
};

struct wave {
    const struct er_sampling *sampling;
    struct job *job;
    int64_t n;
    /* Of the caller's progress: requests before this wave; what its trainings before this one came to. */
    double before, share, epochs, flops;
    struct er_progress_report last;
};

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "adversarial: out of memory for a request");
}

/* Hands a checkpoint to the caller, around er_train()'s own. */
static enum er_status save(const struct wave *v, const struct job *job, const void *inner, size_t inner_bytes,
                           struct er_error *err)
{
    const struct er_minima_events *events = v->sampling->events;
    struct er_adversarial_state state = job->at;
    unsigned char *block = NULL;
    size_t bytes = 0;
    if (!events->checkpoint) return ER_OK;
    state.inner = inner;
    state.inner_bytes = inner_bytes;
    enum er_status status = er_adversarial_write(job->request, &state, &block, &bytes, err);
    if (status == ER_OK) status = events->checkpoint(events->ctx, job->number, block, bytes, err);
    er_free(block);
    return status;
}

static void hand_inner(const struct job *job, const void **state, size_t *bytes)
{
    if (job->at.inner_bytes == 0) return;
    *state = job->at.inner;
    *bytes = job->at.inner_bytes;
}

/* --- the first training --- */

static enum er_status first_begin(void *ctx, int64_t member, bool *skip, const void **state, size_t *bytes,
                                  struct er_error *err)
{
    const struct wave *v = ctx;
    const struct er_minima_events *events = v->sampling->events;
    struct job *job = &v->job[member];
    const void *given = NULL;
    size_t n = 0;
    if (events->begin) {
        const enum er_status status = events->begin(events->ctx, job->number, &job->skip, &given, &n, err);
        if (status != ER_OK) return status;
    }
    if (!job->skip) er_adversarial_read(job->request, given, n, &job->at);
    *skip = job->skip || job->at.second;
    if (!*skip) hand_inner(job, state, bytes);
    return ER_OK;
}

static enum er_status first_checkpoint(void *ctx, int64_t member, const void *state, size_t bytes,
                                       struct er_error *err)
{
    const struct wave *v = ctx;
    return save(v, &v->job[member], state, bytes, err);
}

static enum er_status first_end(void *ctx, int64_t member, const struct er_train_result *result,
                                struct er_error *err)
{
    const struct wave *v = ctx;
    const struct er_minima_events *events = v->sampling->events;
    struct job *job = &v->job[member];
    const struct er_net *net = job->request->net;
    job->at.seconds = result->seconds;
    if (result->reason == ER_STOP_DIVERGED) {
        char cause[200];
        snprintf(cause, sizeof cause, "on random labels: %s", result->cause);
        const struct er_minima_result end = {.outcome = er_stop_reason_text(result->reason),
                                             .cause = cause,
                                             .tried = 1,
                                             .seconds = result->seconds};
        job->ended = true;
        return events->end ? events->end(events->ctx, job->number, &end, err) : ER_OK;
    }
    memcpy(job->at.start, result->w, (size_t)er_net_parameters(net) * sizeof *job->at.start);
    if (result->statistics)
        memcpy(job->at.statistics, result->statistics,
               (size_t)er_net_statistics(net) * sizeof *job->at.statistics);
    job->at.second = true;
    job->at.missed = result->reason != ER_STOP_TRAIN_LOSS && result->reason != ER_STOP_TRAIN_ERROR;
    job->at.inner_bytes = 0;
    return save(v, job, NULL, 0, err);
}

/* --- the second --- */

static struct job *job_of(const struct wave *v, int64_t request)
{
    struct job *job = v->job;
    while (job->number != request) job++;
    return job;
}

static enum er_status second_begin(void *ctx, int64_t request, bool *skip, const void **state, size_t *bytes,
                                   struct er_error *err)
{
    const struct job *job = job_of(ctx, request);
    (void)err;
    *skip = job->skip || job->ended;
    if (!*skip) hand_inner(job, state, bytes);
    return ER_OK;
}

static enum er_status second_checkpoint(void *ctx, int64_t request, const void *state, size_t bytes,
                                        struct er_error *err)
{
    return save(ctx, job_of(ctx, request), state, bytes, err);
}

static enum er_status second_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                                   struct er_error *err)
{
    const struct wave *v = ctx;
    const struct er_minima_events *events = v->sampling->events;
    return events->found(events->ctx, request, minimum, err);
}

static enum er_status second_end(void *ctx, int64_t request, const struct er_minima_result *result,
                                 struct er_error *err)
{
    const struct wave *v = ctx;
    const struct er_minima_events *events = v->sampling->events;
    struct er_minima_result both = *result;
    const struct job *job = job_of(v, request);
    both.seconds += job->at.seconds;
    if (job->at.missed && !both.cause[0])
        both.cause = "the random labels were not learnt as far as pretrain asks: it began before that";
    return events->end ? events->end(events->ctx, request, &both, err) : ER_OK;
}

/* --- waves --- */

/* Each training is half of a request. */
static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct wave *v = ctx;
    const struct er_progress *caller = v->sampling->progress;
    v->last = *report;
    const struct er_progress_report whole = {.what = report->what,
                                             .unit = report->unit,
                                             .done = v->before + v->share + report->done / 2,
                                             .total = (double)v->sampling->n,
                                             .epochs = v->epochs + report->epochs,
                                             .flops = v->flops + report->flops};
    if (caller && caller->report) caller->report(caller->ctx, &whole);
}

static void end_training(struct wave *v)
{
    v->share += (double)v->n / 2;
    v->epochs += v->last.epochs;
    v->flops += v->last.flops;
    v->last = (struct er_progress_report){0};
}

static enum er_status open_wave(struct wave *v, int64_t from, struct er_member *member, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < v->n && status == ER_OK; i++) {
        struct job *job = &v->job[i];
        *job = (struct job){.number = v->sampling->which[from + i]};
        const struct er_minimum_request *r = job->request = &v->sampling->request[job->number];
        job->at.start = er_alloc(er_net_parameters(r->net), sizeof *job->at.start);
        job->at.statistics = er_alloc(er_net_statistics(r->net), sizeof *job->at.statistics);
        if (!job->at.start || !job->at.statistics) return no_memory(err);
        status = er_copies_new(r->train, r->settings.copies, r->settings.drop, r->seed_initialise,
                               &job->copies, err);
        member[i] = (struct er_member){.net = r->net,
                                       .train = &job->copies,
                                       .spec = r->settings.pretrain,
                                       .seed_initialise = r->seed_initialise,
                                       .seed_batches = r->seed_batches + OTHER_BATCHES};
    }
    return status;
}

static void close_wave(struct wave *v)
{
    for (int64_t i = 0; i < v->n; i++) {
        er_dataset_clear(&v->job[i].copies);
        er_free(v->job[i].at.start);
        er_free(v->job[i].at.statistics);
        v->job[i] = (struct job){0};
    }
}

static enum er_status train_first(struct wave *v, const struct er_member *member,
                                  const struct er_progress *progress, struct er_error *err)
{
    const struct er_minima_events *asked = v->sampling->events;
    const struct er_train_events events = {.ctx = v,
                                           .begin = first_begin,
                                           .checkpoint = asked->checkpoint ? first_checkpoint : NULL,
                                           .end = first_end,
                                           .checkpoint_seconds = asked->checkpoint_seconds,
                                           .memory = asked->memory};
    const enum er_status status = er_train(member, v->n, v->sampling->pool, progress, &events, err);
    for (int64_t i = 0; i < v->n; i++) er_dataset_clear(&v->job[i].copies);
    end_training(v);
    return status;
}

static enum er_status train_second(struct wave *v, int64_t from, struct er_member *member,
                                   const struct er_progress *progress, struct er_error *err)
{
    const struct er_minima_events *asked = v->sampling->events;
    const struct er_minima_events events = {.ctx = v,
                                            .begin = second_begin,
                                            .checkpoint = asked->checkpoint ? second_checkpoint : NULL,
                                            .found = asked->found ? second_found : NULL,
                                            .end = second_end,
                                            .checkpoint_seconds = asked->checkpoint_seconds,
                                            .memory = asked->memory};
    const struct er_sampling second = {.request = v->sampling->request,
                                       .which = v->sampling->which + from,
                                       .n = v->n,
                                       .pool = v->sampling->pool,
                                       .progress = progress,
                                       .events = &events};
    for (int64_t i = 0; i < v->n; i++) {
        const struct job *job = &v->job[i];
        member[i] = er_minimum_member(job->request);
        member[i].initial = job->at.start;
        member[i].initial_statistics = er_net_statistics(job->request->net) ? job->at.statistics : NULL;
    }
    const enum er_status status = er_minima_train(&second, member, err);
    end_training(v);
    return status;
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    const int64_t most = 2 * (int64_t)er_pool_threads(sampling->pool);
    struct wave v = {.sampling = sampling, .job = er_alloc(most, sizeof *v.job)};
    struct er_member *member = er_alloc(most, sizeof *member);
    const struct er_progress progress = {
        .report = on_report, .ctx = &v, .stop = sampling->progress ? sampling->progress->stop : NULL};
    enum er_status status = ER_OK;
    if (!v.job || !member) status = no_memory(err);
    for (int64_t from = 0; v.job && member && from < sampling->n && status == ER_OK; from += most) {
        v.n = sampling->n - from < most ? sampling->n - from : most;
        v.before = (double)from;
        v.share = 0;
        status = open_wave(&v, from, member, err);
        if (status == ER_OK) status = train_first(&v, member, &progress, err);
        if (status == ER_OK) status = train_second(&v, from, member, &progress, err);
        close_wave(&v);
    }
    er_free(v.job);
    er_free(member);
    return status;
}

static enum er_status check(const struct er_minimum_request *request, struct er_error *err)
{
    const struct er_minima_settings *s = &request->settings;
    struct er_error why = {0};
    if (s->copies < 1)
        return er_fail(err, ER_E_USAGE, "copies is %lld, and must be at least 1", (long long)s->copies);
    if (!(s->drop >= 0 && s->drop <= 1))
        return er_fail(err, ER_E_USAGE, "drop is %g, and must be from 0 to 1", s->drop);
    if (er_train_check(&s->pretrain, &why) == ER_OK) return ER_OK;
    return er_fail(err, why.code, "pretrain: %s", why.msg);
}

const struct er_sampler er_sampler_adversarial = {
    .info = {.name = "adversarial",
             .help = "the study's training, begun where random labels of the same inputs had been learnt",
             .source = "Liu, Papailiopoulos and Achlioptas, 2019",
             .trains = true},
    .check = check,
    .find = find,
};
