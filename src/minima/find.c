/* find.c - requests by their samplers. */
#include "minima/sampler.h"

#include <ermine/memory.h>

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
    struct er_sampling sampling = {request, which, 0, pool, progress, events};
    for (int64_t s = 0; s < samplers && status == ER_OK; s++) {
        sampling.n = 0;
        for (int64_t i = 0; i < n; i++)
            if (request[i].sampler == list[s]) which[sampling.n++] = i;
        if (sampling.n > 0) status = list[s]->find(&sampling, err);
    }
    er_free(which);
    return status;
}
