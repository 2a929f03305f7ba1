/* statistics.c - batch norm's running moments, measured on a set by one pass.
 *
 * A training forward moves running moments r to (1 - m) r + m q, q those of its batch: from r = 0, q is what it
 * writes, over m. Of batches k with n_k values, mean mu_k and unbiased variance v_k, pooled:
 *
 *     N = sum n_k      mu = sum n_k mu_k / N      v = sum ((n_k - 1) v_k + n_k (mu_k - mu)^2) / (N - 1)
 */
#include "core/available.h"
#include "net/plan.h"

#include <ermine/memory.h>
#include <ermine/paths.h>
#include <string.h>

/* The momentum of a layer with statistics; 0: it keeps what it has. */
static double momentum_of(const struct er_layer *l)
{
    for (int i = 0; l->ops->argument && l->ops->argument[i].name; i++)
        if (strcmp(l->ops->argument[i].name, "momentum") == 0) return l->argument[i];
    return 0;
}

/* Values of a channel in an example: statistics are mean and variance, one of each a channel. */
static int64_t values_of(const struct er_layer *l)
{
    return 2 * l->n_in / l->n_statistics;
}

struct pooling {
    const struct er_net *net;
    double *sum;     /* S: of n_k mu_k for means, of (n_k - 1) v_k for variances */
    double *squares; /* S: of n_k mu_k^2, at the variances' places */
    float *zero, *batch;
};

static void pool_batch(const struct pooling *p, int64_t rows)
{
    for (int64_t i = 0; i < p->net->n; i++) {
        const struct er_layer *l = &p->net->node[i].layer;
        if (!l->n_statistics) continue;
        const double m = momentum_of(l), n = (double)(rows * values_of(l));
        const int64_t C = l->n_statistics / 2, at = p->net->bound[i].statistics_at;
        for (int64_t c = at; c < at + C; c++) {
            const double mean = (double)p->batch[c] / m, variance = (double)p->batch[c + C] / m;
            p->sum[c] += n * mean;
            p->sum[c + C] += (n - 1) * variance;
            p->squares[c + C] += n * mean * mean;
        }
    }
}

static void give(const struct pooling *p, int64_t rows, float *out)
{
    for (int64_t i = 0; i < p->net->n; i++) {
        const struct er_layer *l = &p->net->node[i].layer;
        if (!l->n_statistics) continue;
        const double n = (double)(rows * values_of(l));
        const int64_t C = l->n_statistics / 2, at = p->net->bound[i].statistics_at;
        for (int64_t c = at; c < at + C; c++) {
            const double mean = p->sum[c] / n, between = p->squares[c + C] - n * mean * mean;
            const double within = p->sum[c + C] + (between > 0 ? between : 0);
            out[c] = (float)mean;
            out[c + C] = n > 1 ? (float)(within / (n - 1)) : 1; /* of one value training keeps its 1 */
        }
    }
}

/* Passes examples from..to-1 through, in batches of `rows`. */
static enum er_status add(const struct pooling *p, const float *w, const struct er_dataset *set, int64_t from,
                          int64_t to, int64_t rows, struct er_error *err)
{
    struct er_plan *plan = NULL;
    if (from == to) return ER_OK;
    enum er_status status = er_plan_new(p->net, rows, &plan, err);
    if (status != ER_OK) return status;
    const size_t bytes = er_plan_call_bytes(plan, 1, ER_PLAN_FORWARD);
    void *scratch = er_alloc((int64_t)bytes, 1);
    if (!scratch) status = er_fail(err, ER_E_NOMEM, "statistics: out of memory for a batch");
    const struct er_network network = {.w = w, .statistics = p->zero, .training = true};
    double loss;
    int64_t errors;
    for (int64_t i = from; i < to && status == ER_OK; i += rows) {
        er_plan_run(&(struct er_plan_call){.plan = plan,
                                           .network = &network,
                                           .statistics_next = p->batch,
                                           .first_row = i,
                                           .x = set->x + i * p->net->n_in,
                                           .label = set->label + i,
                                           .loss_sum = &loss,
                                           .errors = &errors,
                                           .scratch = scratch});
        pool_batch(p, rows);
    }
    er_free(scratch);
    er_plan_free(plan);
    return status;
}

static enum er_status check(const struct er_net *net, const struct er_dataset *set, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (l->n_statistics && !(momentum_of(l) > 0))
            return er_fail(err, ER_E_UNSUPPORTED,
                           "statistics: layer %lld, %s: with momentum 0 it never measures its input",
                           (long long)l->index + 1, l->ops->name);
    }
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
    struct pooling p = {.net = net,
                        .sum = er_alloc(S, sizeof *p.sum),
                        .squares = er_alloc(S, sizeof *p.squares),
                        .zero = er_alloc(S, sizeof *p.zero),
                        .batch = er_alloc(S, sizeof *p.batch)};
    if (!p.sum || !p.squares || !p.zero || !p.batch)
        status = er_fail(err, ER_E_NOMEM, "statistics: out of memory for %lld numbers", (long long)S);
    if (status == ER_OK) status = add(&p, w, set, 0, whole, chunk, err);
    if (status == ER_OK) status = add(&p, w, set, whole, set->n, set->n - whole, err);
    if (status == ER_OK) give(&p, set->n, out);
    er_free(p.sum);
    er_free(p.squares);
    er_free(p.zero);
    er_free(p.batch);
    return status;
}
