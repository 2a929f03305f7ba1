/* passes.c - forward passes over examples that are made as they are needed. */
#include "measures/passes.h"

#include "core/available.h"
#include "math/finite.h"

#include <ermine/memory.h>
#include <string.h>

struct er_passes {
    struct er_measured_run *run;
    const struct er_net *net;
    struct er_network network;
    int64_t n, rows, blocks;
    bool backward;
    int workers;
    struct er_plan *whole, *rest;
    size_t bytes;           /* of scratch, a worker's */
    unsigned char *scratch; /* workers x bytes */
    float *x, *f;           /* workers x rows x D, and x O */
    bool *known;            /* a flag a node: all true */
    bool *bad;              /* a flag a block: an output is not finite */

    er_passes_fill *fill; /* of the pass at work */
    er_passes_take *take;
    void *ctx;
};

static enum er_status out_of_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "measures: out of memory for passes over examples");
}

/* Scratch for any of the calls; plans for blocks. */
static enum er_status plan(struct er_passes *p, struct er_error *err)
{
    const enum er_plan_use use = p->backward ? ER_PLAN_TANGENTS : ER_PLAN_FORWARD;
    const int64_t rest = p->n % p->rows;
    enum er_status status = er_plan_new(p->net, p->rows, &p->whole, err);
    if (status == ER_OK && rest) status = er_plan_new(p->net, rest, &p->rest, err);
    if (status != ER_OK) return status;
    const size_t whole = er_plan_call_bytes(p->whole, 1, use),
                 last = p->rest ? er_plan_call_bytes(p->rest, 1, use) : 0;
    p->bytes = ((whole > last ? whole : last) + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
    return er_memory_check((double)p->bytes * p->workers, "measures: values of a batch", err);
}

enum er_status er_passes_new(struct er_measured_run *run, int64_t n, bool backward, struct er_passes **out,
                             struct er_error *err)
{
    const struct er_net *net = run->is.net;
    const int64_t chunk = er_net_chunk(net);
    struct er_passes *p = er_alloc(1, sizeof *p);
    if (!p) return out_of_memory(err);
    *p = (struct er_passes){.run = run,
                            .net = net,
                            .network = {.w = run->is.w, .statistics = run->is.statistics},
                            .n = n,
                            .rows = n < chunk ? n : chunk,
                            .backward = backward,
                            .workers = run->pool ? er_pool_threads(run->pool) : 1};
    p->blocks = (n + p->rows - 1) / p->rows;
    enum er_status status = plan(p, err);
    if (status == ER_OK) {
        p->scratch = er_alloc(p->workers, p->bytes);
        p->x = er_alloc(p->workers * p->rows, (size_t)net->n_in * sizeof *p->x);
        p->f = er_alloc(p->workers * p->rows, (size_t)net->n_out * sizeof *p->f);
        p->known = er_alloc(net->n, sizeof *p->known);
        p->bad = er_alloc(p->blocks, sizeof *p->bad);
        for (int64_t i = 0; i < net->n && p->known; i++) p->known[i] = true;
        if (!p->scratch || !p->x || !p->f || !p->known || !p->bad) status = out_of_memory(err);
    }
    if (status == ER_OK)
        *out = p;
    else
        er_passes_free(p);
    return status;
}

void er_passes_free(struct er_passes *p)
{
    if (!p) return;
    er_plan_free(p->whole);
    er_plan_free(p->rest);
    er_free(p->scratch);
    er_free(p->x);
    er_free(p->f);
    er_free(p->known);
    er_free(p->bad);
    er_free(p);
}

double er_passes_bytes(const struct er_net *net, int64_t n, bool backward)
{
    const int64_t chunk = er_net_chunk(net), rows = n < chunk ? n : chunk;
    struct er_plan *of = NULL;
    if (er_plan_new(net, rows, &of, NULL) != ER_OK) return 0;
    const size_t scratch = er_plan_call_bytes(of, 1, backward ? ER_PLAN_TANGENTS : ER_PLAN_FORWARD);
    er_plan_free(of);
    return (double)scratch + sizeof(float) * (double)(rows * (net->n_in + net->n_out));
}

int64_t er_passes_blocks(const struct er_passes *p)
{
    return p->blocks;
}

int64_t er_passes_rows(const struct er_passes *p)
{
    return p->rows;
}

int er_passes_workers(const struct er_passes *p)
{
    return p->workers;
}

static void work(void *ctx, int64_t task, int worker)
{
    const struct er_passes *p = ctx;
    const int64_t first = task * p->rows, left = p->n - first, rows = left < p->rows ? left : p->rows;
    float *x = p->x + worker * p->rows * p->net->n_in, *f = p->f + worker * p->rows * p->net->n_out;
    for (int64_t b = 0; b < rows; b++) p->fill(p->ctx, first + b, x + b * p->net->n_in);
    struct er_plan_call call = {.plan = left < p->rows ? p->rest : p->whole,
                                .network = &p->network,
                                .x = x,
                                .first_row = first,
                                .scratch = p->scratch + (size_t)worker * p->bytes,
                                .outputs = f};
    er_plan_run(&call);
    call.outputs = NULL;
    call.given = p->known;
    p->bad[task] = er_first_not_finite(rows * p->net->n_out, f) >= 0;
    if (!p->bad[task])
        p->take(p->ctx, &(struct er_passed){.first = first,
                                            .rows = rows,
                                            .index = task,
                                            .x = x,
                                            .f = f,
                                            .call = &call,
                                            .plan = call.plan,
                                            .worker = worker});
}

enum er_status er_passes_run(struct er_passes *p, er_passes_fill *fill, er_passes_take *take, void *ctx,
                             struct er_error *err)
{
    p->fill = fill;
    p->take = take;
    p->ctx = ctx;
    if (p->run->pool) er_pool_run(p->run->pool, p->blocks, work, p);
    for (int64_t i = 0; i < p->blocks && !p->run->pool; i++) work(p, i, 0);
    for (int64_t i = 0; i < p->blocks; i++)
        if (p->bad[i])
            return er_fail(err, ER_E_NONFINITE, "measures: an output of the network is not finite");
    return ER_OK;
}

const float *er_passed_value(const struct er_passed *block, int64_t node)
{
    const float *floats = block->call->scratch;
    return node < 0 ? block->x : floats + block->plan->node[node].out;
}

void er_passed_backward(const struct er_passed *block, const float *df, float *dx, float *const *d_node)
{
    struct er_plan_call call = *block->call;
    call.df = df;
    call.backward = true;
    call.dx = dx;
    call.d_node = d_node;
    er_plan_run(&call);
}

int64_t er_predicted(const float *f, int64_t O)
{
    int64_t best = 0;
    if (O == 1) return f[0] > 0;
    for (int64_t k = 1; k < O; k++)
        if (f[k] > f[best]) best = k;
    return best;
}
