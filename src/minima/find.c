/* find.c - requests by their samplers. */
#include "minima/sampler.h"

#include <ermine/memory.h>

/* What one sampler reports of its requests, said of all. */
struct share {
    const struct er_progress *caller;
    double before, total, epochs, flops; /* of the samplers that are done; requests in all */
    struct er_progress_report last;
};

static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct share *s = ctx;
    s->last = *report;
    if (!s->caller || !s->caller->report) return;
    const struct er_progress_report whole = {.what = report->what,
                                             .unit = report->unit,
                                             .done = s->before + report->done,
                                             .total = s->total,
                                             .epochs = s->epochs + report->epochs,
                                             .flops = s->flops + report->flops};
    s->caller->report(s->caller->ctx, &whole);
}

static enum er_status check(const struct er_minimum_request *request, int64_t n, struct er_error *err)
{
    for (int64_t i = 0; i < n; i++) {
        struct er_error why = {0};
        enum er_status status = er_train_check(&request[i].spec, &why);
        if (status == ER_OK && request[i].sampler->check)
            status = request[i].sampler->check(&request[i], &why);
        if (status != ER_OK) return er_fail(err, status, "request %lld: %s", (long long)i, why.msg);
    }
    return ER_OK;
}

enum er_status er_minima_find(const struct er_minimum_request *request, int64_t n, struct er_pool *pool,
                              const struct er_progress *progress, const struct er_minima_events *events,
                              struct er_error *err)
{
    int64_t samplers;
    const struct er_sampler *const *list = er_sampler_list(&samplers);
    enum er_status status = check(request, n, err);
    if (status != ER_OK) return status;
    int64_t *which = er_alloc(n, sizeof *which);
    if (!which) return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld requests", (long long)n);
    struct share share = {.caller = progress, .total = (double)n};
    const struct er_progress shared = {
        .report = on_report, .ctx = &share, .stop = progress ? progress->stop : NULL};
    struct er_sampling sampling = {request, which, 0, pool, &shared, events};
    for (int64_t s = 0; s < samplers && status == ER_OK; s++) {
        sampling.n = 0;
        for (int64_t i = 0; i < n; i++)
            if (request[i].sampler == list[s]) which[sampling.n++] = i;
        if (sampling.n == 0) continue;
        status = list[s]->find(&sampling, err);
        share.before += (double)sampling.n;
        share.epochs += share.last.epochs;
        share.flops += share.last.flops;
        share.last = (struct er_progress_report){0};
    }
    er_free(which);
    return status;
}
