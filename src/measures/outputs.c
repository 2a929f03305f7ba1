/* outputs.c - a network on the training set, chunk after chunk as in a training's records; and its margins. */
#include "core/available.h"
#include "measures/measured.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>

/* A pass: whole chunks, and a last one that may be shorter. */
struct passing {
    const struct er_measured_run *run;
    struct er_plan *whole, *rest;
    int64_t rows;
    unsigned char *scratch; /* as much for each worker */
    size_t bytes;
    float *outputs;
};

static void work(void *ctx, int64_t task, int worker)
{
    const struct passing *p = ctx;
    const struct er_measured *is = &p->run->is;
    const struct er_network network = {.w = is->w, .statistics = is->statistics};
    const int64_t first = task * p->rows;
    const struct er_plan *plan = is->train->n - first < p->rows ? p->rest : p->whole;
    er_plan_outputs(plan, &network, is->train->x + first * er_net_inputs(is->net),
                    p->outputs + first * er_net_outputs(is->net), p->scratch + (size_t)worker * p->bytes);
}

static size_t scratch_bytes(const struct er_plan *plan)
{
    const size_t bytes = plan ? er_plan_scratch_bytes(plan) : 0;
    return (bytes + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
}

static enum er_status prepare(struct passing *p, int threads, struct er_error *err)
{
    const struct er_net *net = p->run->is.net;
    const int64_t n = p->run->is.train->n, rest = n % p->rows;
    enum er_status status = n >= p->rows ? er_plan_new(net, p->rows, &p->whole, err) : ER_OK;
    if (status == ER_OK && rest > 0) status = er_plan_new(net, rest, &p->rest, err);
    if (status != ER_OK) return status;
    const size_t whole = scratch_bytes(p->whole), last = scratch_bytes(p->rest);
    p->bytes = whole > last ? whole : last;
    status = er_memory_check((double)p->bytes * threads, "measures: values of a batch", err);
    if (status != ER_OK) return status;
    p->scratch = er_alloc(threads, p->bytes);
    p->outputs = er_alloc(n, (size_t)er_net_outputs(net) * sizeof *p->outputs);
    if (p->scratch && p->outputs) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "measures: out of memory for the outputs of %lld examples", (long long)n);
}

/* m x O */
struct outputs {
    float *f;
};

static enum er_status make_outputs(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct passing p = {.run = run, .rows = er_net_chunk(run->is.net)};
    const int64_t tasks = (run->is.train->n + p.rows - 1) / p.rows;
    const enum er_status status = prepare(&p, run->pool ? er_pool_threads(run->pool) : 1, err);
    (void)which;
    if (status == ER_OK && run->pool) er_pool_run(run->pool, tasks, work, &p);
    for (int64_t i = 0; i < tasks && status == ER_OK && !run->pool; i++) work(&p, i, 0);
    er_plan_free(p.whole);
    er_plan_free(p.rest);
    er_free(p.scratch);
    ((struct outputs *)part)->f = p.outputs;
    return status;
}

static void clear_outputs(void *part)
{
    er_free(((struct outputs *)part)->f);
}

static const struct er_part outputs = {"outputs", sizeof(struct outputs), make_outputs, clear_outputs, 0};

enum er_status er_measured_outputs(struct er_measured_run *run, const float **out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &outputs, &is, err);
    if (status == ER_OK) *out = ((const struct outputs *)is)->f;
    return status;
}

static double margin(const float *f, int64_t O, int32_t label)
{
    double most = -(double)INFINITY;
    if (O == 1) return label == 1 ? (double)f[0] : -(double)f[0];
    for (int64_t j = 0; j < O; j++)
        if (j != label) most = fmax(most, (double)f[j]);
    return (double)f[label] - most;
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct margins {
    double *value; /* m, rising */
    int64_t right;
};

static enum er_status make_margins(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t O = er_net_outputs(run->is.net);
    struct margins *made = part;
    const float *f;
    const enum er_status status = er_measured_outputs(run, &f, err);
    (void)which;
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < set->n * O; i++)
        if (!isfinite((double)f[i]))
            return er_fail(err, ER_E_NONFINITE, "measures: output %lld of training example %lld is %g",
                           (long long)(i % O) + 1, (long long)(i / O) + 1, (double)f[i]);
    made->value = er_alloc(set->n, sizeof *made->value);
    if (!made->value) return er_fail(err, ER_E_NOMEM, "measures: out of memory for margins");
    for (int64_t i = 0; i < set->n; i++) {
        made->value[i] = margin(f + i * O, O, set->label[i]);
        made->right += made->value[i] > 0;
    }
    qsort(made->value, (size_t)set->n, sizeof *made->value, rising);
    return ER_OK;
}

static void clear_margins(void *part)
{
    er_free(((struct margins *)part)->value);
}

static const struct er_part margins = {"margins", sizeof(struct margins), make_margins, clear_margins, 0};

enum er_status er_measured_margins(struct er_measured_run *run, struct er_margins *out, struct er_error *err)
{
    void *part;
    const enum er_status status = er_measured_part(run, &margins, &part, err);
    if (status != ER_OK) return status;
    const struct margins *is = part;
    *out = (struct er_margins){is->value, run->is.train->n, is->right};
    return ER_OK;
}

enum er_status er_measured_train_error(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_margins is = {0};
    const bool known = !isnan(run->is.train_error);
    const enum er_status status = known ? ER_OK : er_measured_margins(run, &is, err);
    if (status == ER_OK) *out = known ? run->is.train_error : 1 - (double)is.right / (double)is.m;
    return status;
}
