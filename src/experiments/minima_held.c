/* minima_held.c - copies of the minima that requests come to. */
#include "experiments/minima_held.h"

#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <stdio.h>
#include <string.h>

struct holding {
    const struct er_minimum_request *request;
    struct er_held_minimum *held;
};

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                               struct er_error *err)
{
    const struct holding *h = ctx;
    const struct er_net *net = h->request[request].net;
    struct er_held_minimum *held = &h->held[request];
    const int64_t P = er_net_parameters(net), S = er_net_statistics(net);
    if (held->w && (held->train_error == 0 || !minimum->interpolates)) return ER_OK;
    if (!held->w) {
        held->w = er_alloc(P, sizeof *held->w);
        held->statistics = er_alloc(S, sizeof *held->statistics);
    }
    if (!held->w || !held->statistics)
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld parameters", (long long)P);
    memcpy(held->w, minimum->w, (size_t)P * sizeof *held->w);
    if (S) memcpy(held->statistics, minimum->statistics, (size_t)S * sizeof *held->statistics);
    held->train_loss = minimum->train_loss;
    held->train_error = minimum->train_error;
    held->test_loss = minimum->test_loss;
    held->test_error = minimum->test_error;
    return ER_OK;
}

static void let_go_record(struct er_held_record *record)
{
    er_free(record->w);
    er_free(record->statistics);
}

/* Half of the records go when there is room for no more. */
static void thin(struct er_held_minimum *held)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < held->records; i++) {
        struct er_held_record *record = &held->record[i];
        if (i % 2 == 0)
            held->record[kept++] = *record;
        else
            let_go_record(record);
    }
    held->records = kept;
    held->every *= 2;
}

static enum er_status on_record(void *ctx, int64_t request, const struct er_curve_point *point,
                                const struct er_kept *at, struct er_error *err)
{
    const struct holding *h = ctx;
    struct er_held_minimum *held = &h->held[request];
    const struct er_net *net = h->request[request].net;
    const int64_t P = er_net_parameters(net), S = er_net_statistics(net);
    (void)point;
    if (held->most == 0) return ER_OK;
    if (held->records == held->most) thin(held);
    if (held->met++ % held->every != 0) return ER_OK;
    struct er_held_record *record = &held->record[held->records++];
    record->w = er_alloc(P, sizeof *record->w);
    record->statistics = er_alloc(S, sizeof *record->statistics);
    if (!record->w || !record->statistics)
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for the way to a minimum");
    memcpy(record->w, at->w, (size_t)P * sizeof *record->w);
    if (S) memcpy(record->statistics, at->statistics, (size_t)S * sizeof *record->statistics);
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *err)
{
    const struct holding *h = ctx;
    struct er_held_minimum *held = &h->held[request];
    (void)err;
    snprintf(held->outcome, sizeof held->outcome, "%s", result->outcome);
    snprintf(held->cause, sizeof held->cause, "%s", result->cause);
    held->seconds = result->seconds;
    return ER_OK;
}

enum er_status er_minima_hold(const struct er_minimum_request *request, int64_t n, struct er_pool *pool,
                              const struct er_progress *progress, struct er_held_minimum *out,
                              struct er_error *err)
{
    struct holding h = {request, out};
    const struct er_minima_events events = {
        .ctx = &h, .record = on_record, .found = on_found, .end = on_end, .memory = er_train_member_memory()};
    for (int64_t i = 0; i < n; i++) {
        out[i].every = 1;
        out[i].record = er_alloc(out[i].most, sizeof *out[i].record);
        if (!out[i].record)
            return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld minima", (long long)n);
    }
    return er_minima_find(request, n, pool, progress, &events, err);
}

void er_minima_let_go(struct er_held_minimum *held, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        er_free(held[i].w);
        er_free(held[i].statistics);
        for (int64_t r = 0; r < held[i].records; r++) let_go_record(&held[i].record[r]);
        er_free(held[i].record);
        held[i] = (struct er_held_minimum){0};
    }
}
