/* trained.c - trainings whose ends are minima. */
#include "minima/trained.h"

#include <ermine/memory.h>

struct training {
    const struct er_sampling *sampling;
};

static int64_t request_of(const struct training *t, int64_t member)
{
    return t->sampling->which[member];
}

static enum er_status on_begin(void *ctx, int64_t member, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_minima_events *events = t->sampling->events;
    return events->begin(events->ctx, request_of(t, member), skip, state, bytes, err);
}

static enum er_status on_checkpoint(void *ctx, int64_t member, const void *state, size_t bytes,
                                    struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_minima_events *events = t->sampling->events;
    return events->checkpoint(events->ctx, request_of(t, member), state, bytes, err);
}

static enum er_status on_record(void *ctx, int64_t member, const struct er_curve_point *point,
                                const struct er_kept *at, struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_minima_events *events = t->sampling->events;
    return events->record(events->ctx, request_of(t, member), point, at, err);
}

/* The weights that a request's training begins with, for its distance: made anew, they are a function of the seed. */
static enum er_status hand_over(const struct er_minimum_request *request, int64_t number,
                                const struct er_train_result *result, const struct er_minima_events *events,
                                struct er_error *err)
{
    float *initial = er_alloc(er_net_parameters(request->net), sizeof *initial);
    float *statistics = er_alloc(er_net_statistics(request->net), sizeof *statistics);
    enum er_status status = ER_OK;
    if (!initial || !statistics) status = er_fail(err, ER_E_NOMEM, "minima: out of memory for a minimum");
    if (status == ER_OK) {
        er_net_initialise(request->net, request->seed_initialise, initial, statistics);
        struct er_minimum minimum = {.tried = 1,
                                     .w = result->w,
                                     .statistics = result->statistics,
                                     .initial = initial,
                                     .epochs = result->epochs_done,
                                     .steps = result->steps};
        status = er_minimum_measure(request, &minimum, err);
        if (status == ER_OK) status = events->found(events->ctx, number, &minimum, err);
    }
    er_free(initial);
    er_free(statistics);
    return status;
}

static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    const struct training *t = ctx;
    const struct er_minima_events *events = t->sampling->events;
    const int64_t number = request_of(t, member);
    const bool found = result->reason != ER_STOP_DIVERGED;
    enum er_status status = ER_OK;
    if (found && events->found)
        status = hand_over(&t->sampling->request[number], number, result, events, err);
    if (status != ER_OK || !events->end) return status;
    const struct er_minima_result end = {.outcome = er_stop_reason_text(result->reason),
                                         .cause = result->cause,
                                         .tried = 1,
                                         .found = found,
                                         .seconds = result->seconds};
    return events->end(events->ctx, number, &end, err);
}

enum er_status er_minima_train(const struct er_sampling *sampling, const struct er_member *member,
                               struct er_error *err)
{
    struct training t = {sampling};
    const struct er_minima_events *asked = sampling->events;
    const struct er_train_events events = {.ctx = &t,
                                           .begin = asked->begin ? on_begin : NULL,
                                           .checkpoint = asked->checkpoint ? on_checkpoint : NULL,
                                           .record = asked->record ? on_record : NULL,
                                           .end = on_end,
                                           .checkpoint_seconds = asked->checkpoint_seconds,
                                           .memory = asked->memory};
    if (member) return er_train(member, sampling->n, sampling->pool, sampling->progress, &events, err);
    struct er_member *plain = er_alloc(sampling->n, sizeof *plain);
    if (!plain)
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld members", (long long)sampling->n);
    for (int64_t i = 0; i < sampling->n; i++)
        plain[i] = er_minimum_member(&sampling->request[sampling->which[i]]);
    const enum er_status status =
        er_train(plain, sampling->n, sampling->pool, sampling->progress, &events, err);
    er_free(plain);
    return status;
}
