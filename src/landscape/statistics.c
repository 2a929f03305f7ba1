/* statistics.c - batch norm's running moments, measured on a set by one pass. */
#include "landscape/moments.h"

#include "core/available.h"
#include "net/plan.h"

#include <ermine/memory.h>
#include <ermine/paths.h>

/* What is gathered, and the moments of a batch; running ones before it, which momentum 1 forgets. */
struct gathering {
    const struct er_net *net;
    double *gathered;
    float *zero, *batch;
};

/* Passes examples from..to-1 through, in batches of `rows`. */
static enum er_status add(const struct gathering *g, const float *w, const struct er_dataset *set,
                          int64_t from, int64_t to, int64_t rows, struct er_error *err)
{
    struct er_plan *plan = NULL;
    if (from == to) return ER_OK;
    enum er_status status = er_plan_new(g->net, rows, &plan, err);
    if (status != ER_OK) return status;
    const size_t bytes = er_plan_call_bytes(plan, 1, ER_PLAN_FORWARD);
    void *scratch = er_alloc((int64_t)bytes, 1);
    if (!scratch) status = er_fail(err, ER_E_NOMEM, "statistics: out of memory for a batch");
    const struct er_network network = {.w = w, .statistics = g->zero, .training = true};
    for (int64_t i = from; i < to && status == ER_OK; i += rows) {
        er_plan_run(&(struct er_plan_call){.plan = plan,
                                           .network = &network,
                                           .statistics_next = g->batch,
                                           .momentum = 1,
                                           .first_row = i,
                                           .x = set->x + i * g->net->n_in,
                                           .scratch = scratch});
        er_moments_add(g->net, g->batch, rows, g->gathered);
    }
    er_free(scratch);
    er_plan_free(plan);
    return status;
}

static enum er_status check(const struct er_net *net, const struct er_dataset *set, struct er_error *err)
{
    const enum er_status status = er_moments_check(net, err);
    if (status != ER_OK) return status;
    if (set->n < 1) return er_fail(err, ER_E_USAGE, "statistics: a data set without examples");
    return er_net_check_data(net, set, err);
}

enum er_status er_statistics_measure(const struct er_net *net, const float *w, const struct er_dataset *set,
                                     float *out, struct er_error *err)
{
    const int64_t S = net->n_statistics;
    if (S == 0) return ER_OK;
    enum er_status status = check(net, set, err);
    if (status != ER_OK) return status;
    const int64_t chunk = er_net_chunk(net), whole = set->n - set->n % chunk;
    struct gathering g = {.net = net,
                          .gathered = er_alloc(er_moments_size(net), sizeof *g.gathered),
                          .zero = er_alloc(S, sizeof *g.zero),
                          .batch = er_alloc(S, sizeof *g.batch)};
    if (!g.gathered || !g.zero || !g.batch)
        status = er_fail(err, ER_E_NOMEM, "statistics: out of memory for %lld numbers", (long long)S);
    if (status == ER_OK) status = add(&g, w, set, 0, whole, chunk, err);
    if (status == ER_OK) status = add(&g, w, set, whole, set->n, set->n - whole, err);
    if (status == ER_OK) er_moments_give(net, g.gathered, set->n, out);
    er_free(g.gathered);
    er_free(g.zero);
    er_free(g.batch);
    return status;
}
