/* climber.c - projected ascent of the loss by the sign of its gradient. */
#include "measures/climber.h"

#include "core/available.h"
#include "core/vector.h"
#include "measures/perturbed.h"
#include "net/net.h"
#include "train/batch.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>

enum { CLIMBS = ER_PERTURBED_CLIMBS, STEPS = ER_PERTURBED_STEPS };
static const float CROSSING = 2.5f; /* half-widths that a climb could go in one direction */

/* The first STEPS batches of a permutation of the set, which is gone through again where it is short; and a corner. */
static enum er_status draw(struct er_climber *c, uint64_t seed, struct er_error *err)
{
    const int64_t n = c->set->n, P = er_net_parameters(c->net), met = STEPS * c->rows;
    int64_t *permutation = er_alloc(n, sizeof *permutation);
    if (!permutation)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld numbers", (long long)n);
    for (int64_t r = 0; r < CLIMBS; r++) {
        struct er_random random = er_random_open(seed, er_stream(ER_PURPOSE_ASCENT, (uint64_t)r));
        er_random_permutation(&random, n, permutation);
        for (int64_t i = 0; i < met; i++) c->order[r * met + i] = permutation[i % n];
        for (int64_t i = 0; i < P; i++) c->start[r * P + i] = (float)(2 * er_random_uniform(&random) - 1);
    }
    er_free(permutation);
    return ER_OK;
}

static enum er_status allocate(struct er_climber *c, struct er_error *err)
{
    const int64_t P = er_net_parameters(c->net), D = er_net_inputs(c->net);
    c->scratch_bytes =
        (er_plan_call_bytes(c->plan, 1, ER_PLAN_BACKWARD) + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
    const enum er_status status =
        er_memory_check(c->threads * (double)c->scratch_bytes + 4.0 * (2 * CLIMBS + c->threads) * (double)P,
                        "measures: climbs of the loss", err);
    if (status != ER_OK) return status;
    c->order = er_alloc(CLIMBS * STEPS * c->rows, sizeof *c->order);
    c->start = er_alloc(CLIMBS * P, sizeof *c->start);
    c->top = er_alloc(CLIMBS * P, sizeof *c->top);
    c->g = er_alloc(c->threads * P, sizeof *c->g);
    c->x = er_alloc(c->threads * c->rows * D, sizeof *c->x);
    c->label = er_alloc(c->threads * c->rows, sizeof *c->label);
    c->scratch = er_alloc(c->threads, c->scratch_bytes);
    if (c->order && c->start && c->top && c->g && c->x && c->label && c->scratch) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "measures: out of memory for climbs of %lld parameters", (long long)P);
}

enum er_status er_climber_new(const struct er_net *net, const struct er_dataset *set, const float *w,
                              uint64_t seed, struct er_pool *pool, struct er_climber *out,
                              struct er_error *err)
{
    struct er_climber c = {
        .net = net, .set = set, .pool = pool, .w = w, .threads = pool ? er_pool_threads(pool) : 1};
    if (c.threads > CLIMBS) c.threads = CLIMBS;
    c.rows = set->n < ER_PERTURBED_BATCH ? set->n : ER_PERTURBED_BATCH;
    enum er_status status = er_plan_new(net, c.rows, &c.plan, err);
    if (status == ER_OK) status = allocate(&c, err);
    if (status == ER_OK) status = draw(&c, seed, err);
    if (status == ER_OK)
        *out = c;
    else
        er_climber_clear(&c);
    return status;
}

void er_climber_clear(struct er_climber *climber)
{
    er_plan_free(climber->plan);
    er_free(climber->order);
    er_free(climber->start);
    er_free(climber->top);
    er_free(climber->g);
    er_free(climber->x);
    er_free(climber->label);
    er_free(climber->scratch);
    *climber = (struct er_climber){0};
}

ER_VECTOR static void begin(int64_t n, const float *w, const float *start, float share, float least, float *u)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) u[i] = w[i] + 0.5f * start[i] * (share * fabsf(w[i]) + least);
}

ER_VECTOR static void step(int64_t n, const float *w, const float *g, float share, float least, float *u)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const float c = share * fabsf(w[i]) + least, by = CROSSING / STEPS * c;
        float to = u[i] + (g[i] > 0 ? by : g[i] < 0 ? -by : 0);
        to = to > w[i] + c ? w[i] + c : to;
        u[i] = to < w[i] - c ? w[i] - c : to;
    }
}

static void climb(void *ctx, int64_t r, int worker)
{
    const struct er_climber *c = ctx;
    const int64_t P = er_net_parameters(c->net), D = er_net_inputs(c->net);
    const float share = (float)c->box.share, least = (float)c->box.least;
    float *u = c->top + r * P, *g = c->g + worker * P, *x = c->x + worker * c->rows * D;
    int32_t *label = c->label + worker * c->rows;
    const struct er_network network = {.w = u};
    begin(P, c->w, c->start + r * P, share, least, u);
    for (int64_t k = 0; k < STEPS; k++) {
        er_batch_gather(c->set, NULL, 0, 0, c->order + (r * STEPS + k) * c->rows, c->rows, x, label);
        er_plan_run(&(struct er_plan_call){.plan = c->plan,
                                           .network = &network,
                                           .x = x,
                                           .label = label,
                                           .scale = 1.0f / (float)c->rows,
                                           .scratch = c->scratch + (size_t)worker * c->scratch_bytes,
                                           .backward = true,
                                           .dw = g});
        step(P, c->w, g, share, least, u);
    }
}

void er_climber_enter(struct er_climber *climber, struct er_box box)
{
    climber->box = box;
    if (climber->pool) er_pool_run(climber->pool, CLIMBS, climb, climber);
}

const float *er_climber_top(struct er_climber *climber, int64_t r)
{
    if (!climber->pool) climb(climber, r, 0);
    return climber->top + r * er_net_parameters(climber->net);
}
