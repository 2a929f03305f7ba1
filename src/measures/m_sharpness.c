/* m_sharpness.c - how much the loss of a batch rises at most within a ball around the weights, in the mean
 * over batches.
 *
 *     (1/b) sum_j (max_{|u_j| <= rho} L_j(w + u_j) - L_j(w))        rho = 0.05
 *
 * L_j the mean loss of batch j. The m examples, in an order drawn by the seed, are cut into b = max(1, round(m
 * / 128)) batches whose sizes differ by one at most. Smaller batches give a larger value, one batch that of
 * sam_sharpness: each has a u of its own. The maximum is looked for as there (measures/climb.h); conventions
 * are those of sam.c.
 *
 * Cost: STEPS + 1 gradients of all examples; a batch a task. Memory of a thread: a batch, a plan's scratch,
 * three copies of the weights. Source: Foret et al., ICLR 2021, section 4.1; Andriushchenko and Flammarion,
 * "Towards understanding sharpness-aware minimization", ICML 2022, section 2.
 */
#include "core/available.h"
#include "measures/climb.h"
#include "measures/measured.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <string.h>

static const double RHO = 0.05;
enum { BATCH = 128, STEPS = 10 };

/* What a batch left. */
struct outcome {
    enum er_status status;
    struct er_error err;
    double rise;
};

struct batches {
    const struct er_measured_run *run;
    int64_t n, rows; /* batches; of the smaller ones */
    int64_t larger;  /* how many have a row more: the first */
    int64_t *order;  /* m */
    struct er_plan *plan[2];
    struct outcome *outcome;
    unsigned char *space; /* bytes for each worker */
    size_t scratch_bytes, input_bytes, label_bytes, weight_bytes, bytes;
};

/* A batch, gathered. */
struct batch {
    const struct er_plan *plan;
    struct er_network network;
    float *x;
    int32_t *label;
    void *scratch;
};

static enum er_status gradient(void *ctx, const float *w, float *g, double *loss, struct er_error *err)
{
    struct batch *batch = ctx;
    const int64_t rows = er_plan_rows(batch->plan);
    int64_t errors;
    (void)err;
    batch->network.w = w;
    er_plan_gradient(batch->plan, &batch->network, batch->x, batch->label, 1 / (float)rows, g, loss, &errors,
                     batch->scratch);
    *loss /= (double)rows;
    return ER_OK;
}

static void work(void *ctx, int64_t task, int worker)
{
    const struct batches *all = ctx;
    const struct er_measured *is = &all->run->is;
    const bool large = task < all->larger;
    const int64_t D = er_net_inputs(is->net), rows = all->rows + large;
    const int64_t first = task * all->rows + (large ? task : all->larger);
    unsigned char *space = all->space + (size_t)worker * all->bytes;
    struct batch batch = {
        .plan = all->plan[large],
        .network = {.statistics = is->statistics},
        .scratch = space,
        .x = (float *)(space + all->scratch_bytes),
        .label = (int32_t *)(space + all->scratch_bytes + all->input_bytes),
    };
    float *room = (float *)(space + all->scratch_bytes + all->input_bytes + all->label_bytes);
    for (int64_t r = 0; r < rows; r++) {
        const int64_t i = all->order[first + r];
        memcpy(batch.x + r * D, is->train->x + i * D, (size_t)D * sizeof *batch.x);
        batch.label[r] = is->train->label[i];
    }
    const struct er_climb how = {.rho = RHO,
                                 .steps = STEPS,
                                 .seed = is->seed,
                                 .stream = er_stream(ER_PURPOSE_ASCENT, 2 + (uint64_t)task)};
    struct outcome *outcome = &all->outcome[task];
    struct er_climbed climbed = {0};
    outcome->status = er_climb(&(struct er_hill){er_net_parameters(is->net), &batch, gradient}, &how, is->w,
                               room, &climbed, &outcome->err);
    outcome->rise = climbed.most - climbed.start;
}

static size_t lines(size_t bytes)
{
    return (bytes + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
}

static void cut(struct batches *all)
{
    const int64_t m = all->run->is.train->n, n = (m + BATCH / 2) / BATCH;
    all->n = n > 0 ? n : 1;
    all->rows = m / all->n;
    all->larger = m % all->n;
}

static enum er_status prepare(struct batches *all, struct er_error *err)
{
    const struct er_measured *is = &all->run->is;
    const int threads = all->run->pool ? er_pool_threads(all->run->pool) : 1;
    cut(all);
    enum er_status status = er_plan_new(is->net, all->rows, &all->plan[0], err);
    if (status == ER_OK && all->larger > 0) status = er_plan_new(is->net, all->rows + 1, &all->plan[1], err);
    if (status != ER_OK) return status;
    for (int i = 0; i < 2; i++) {
        const size_t bytes = all->plan[i] ? er_plan_scratch_bytes(all->plan[i]) : 0;
        if (bytes > all->scratch_bytes) all->scratch_bytes = bytes;
    }
    all->scratch_bytes = lines(all->scratch_bytes);
    all->input_bytes = lines((size_t)((all->rows + 1) * er_net_inputs(is->net)) * sizeof(float));
    all->label_bytes = lines((size_t)(all->rows + 1) * sizeof(int32_t));
    all->weight_bytes = lines(2 * (size_t)er_net_parameters(is->net) * sizeof(float));
    all->bytes = all->scratch_bytes + all->input_bytes + all->label_bytes + all->weight_bytes;
    status = er_memory_check((double)all->bytes * threads, "m_sharpness: batches", err);
    if (status != ER_OK) return status;
    all->order = er_alloc(is->train->n, sizeof *all->order);
    all->outcome = er_alloc(all->n, sizeof *all->outcome);
    all->space = er_alloc(threads, all->bytes);
    if (!all->order || !all->outcome || !all->space)
        return er_fail(err, ER_E_NOMEM, "m_sharpness: out of memory for batches of %lld examples",
                       (long long)all->rows);
    struct er_random random = er_random_open(is->seed, er_stream(ER_PURPOSE_ASCENT, 1));
    er_random_permutation(&random, is->train->n, all->order);
    return ER_OK;
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct batches all = {.run = run};
    double sum = 0;
    enum er_status status = prepare(&all, err);
    if (status == ER_OK && run->pool) er_pool_run(run->pool, all.n, work, &all);
    for (int64_t i = 0; i < all.n && status == ER_OK && !run->pool; i++) work(&all, i, 0);
    for (int64_t i = 0; i < all.n && status == ER_OK; i++) {
        status = all.outcome[i].status;
        if (status != ER_OK) er_fail(err, status, "%s", all.outcome[i].err.msg);
        sum += all.outcome[i].rise;
    }
    if (status == ER_OK) *out = sum / (double)all.n;
    er_plan_free(all.plan[0]);
    er_plan_free(all.plan[1]);
    er_free(all.order);
    er_free(all.outcome);
    er_free(all.space);
    return status;
}

/* A batch is of 3/2 BATCH rows at most. */
static double bytes(const struct er_net *net, int64_t m)
{
    const int64_t most = BATCH + BATCH / 2, rows = m < most ? m : most, batches = m / BATCH + 1;
    struct er_plan *of = NULL;
    if (er_plan_new(net, rows, &of, NULL) != ER_OK) return 0;
    const size_t scratch = er_plan_scratch_bytes(of);
    er_plan_free(of);
    return (double)scratch +
           sizeof(float) * (double)((rows + 1) * (er_net_inputs(net) + 1) + 2 * er_net_parameters(net)) +
           (double)batches * sizeof(struct outcome) + sizeof(int64_t) * (double)m;
}

extern const struct er_measure er_measure_m_sharpness;
const struct er_measure er_measure_m_sharpness = {
    .name = "m_sharpness",
    .title = "sharpness of batches",
    .unit = "",
    .help = "mean over batches of 128 of: its largest loss within |u| <= 0.05 of the weights - its loss",
    .source = "Foret et al., ICLR 2021, section 4.1; ten steps in place of one",
    .direction = 1,
    .family = "sharpness",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_DERIVATIVES,
    .cost = ER_COST_TRAINING,
    .compute = compute,
    .bytes = bytes,
};
