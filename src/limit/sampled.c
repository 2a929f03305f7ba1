/* sampled.c - Monte-Carlo kernels: networks drawn one a task, their kernels added to running means and second moments
 * (Welford 1962) in the order of the networks, after each wave of as many as there are threads.
 */
#include "limit/finite.h"
#include "math/task_count.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

struct sample {
    const struct er_finite *finite;
    const struct er_sampled_options *options;
    const double *x1, *x2;
    int64_t n1, n2, first, pairs, doubles; /* the first network of a wave; pairs; of each slot */
    double *slot;                          /* of each network of a wave: w, statistics, h, k, theta */
    enum er_status *status;
    struct er_error *error;
    bool k, theta, integrated;
    int64_t last; /* the last layer, where it is dense */
    struct er_task_count count;
};

/* The last layer's inputs h of n points, for the mean over its weights. */
static enum er_status last_inputs(const struct sample *s, const struct er_finite_network *network, int64_t n,
                                  const double *x, double *h, struct er_error *err)
{
    const struct er_finite *f = s->finite;
    const struct er_node *node = &f->net->node[s->last];
    const int64_t I = node->layer.n_in;
    struct er_finite_space space;
    enum er_status status = er_finite_space_new(f, n < f->rows ? n : f->rows, 0, false, &space, err);
    for (int64_t i = 0; status == ER_OK && i < n; i += f->rows) {
        const int64_t rows = n - i < f->rows ? n - i : f->rows;
        er_finite_forward(network, NULL, rows, 0, x + i * f->net->n_in, &space);
        memcpy(h + i * I, er_finite_value(f, node->from[0], rows, 0, &space), (size_t)(rows * I) * sizeof *h);
    }
    if (status == ER_OK) er_finite_space_free(&space);
    return status;
}

/* k = the mean of f f' over the last layer's weights. */
static enum er_status integrated_kernel(const struct sample *s, const struct er_finite_network *network,
                                        double *h, double *k, struct er_error *err)
{
    const struct er_layer *l = &s->finite->net->node[s->last].layer;
    const int64_t I = l->n_in;
    double *h2 = s->x2 ? h + s->n1 * I : h, w, b;
    er_finite_dense_variances(l, &w, &b);
    enum er_status status = last_inputs(s, network, s->n1, s->x1, h, err);
    if (status == ER_OK && s->x2) status = last_inputs(s, network, s->n2, s->x2, h2, err);
    if (status != ER_OK) return status;
    er_finite_gemm(false, true, s->n1, s->n2, I, w, h, I, h2, I, 0, k, s->n2);
    for (int64_t i = 0; i < s->pairs; i++) k[i] += b;
    for (int64_t i = 0; !s->x2 && i < s->n1; i++)
        for (int64_t j = 0; j < i; j++) k[i * s->n2 + j] = k[j * s->n2 + i];
    return er_finite_check("the empirical NNGP", s->pairs, k, err);
}

static void network_task(void *ctx, int64_t task, int worker)
{
    const struct sample *s = ctx;
    const struct er_net *net = s->finite->net;
    double *w = s->slot + task * s->doubles, *statistics = w + net->n_parameters;
    double *h = statistics + net->n_statistics, *k = w + s->doubles - 2 * s->pairs;
    const struct er_finite_network network = {s->finite, w, net->n_statistics > 0 ? statistics : NULL};
    const struct er_empirical_options options = {.memory = s->options->memory};
    struct er_error *err = &s->error[task];
    (void)worker;
    enum er_status status = ER_OK;
    if (er_task_count_stopped(&s->count)) return;
    status =
        er_finite_initialise(s->finite, s->options->seed + (uint64_t)(s->first + task), w, statistics, err);
    if (status == ER_OK && s->k && s->integrated) status = integrated_kernel(s, &network, h, k, err);
    if (status == ER_OK && (s->theta || (s->k && !s->integrated)))
        status = er_empirical_kernel(&network, s->n1, s->x1, s->n2, s->x2, &options,
                                     s->k && !s->integrated ? k : NULL, s->theta ? k + s->pairs : NULL, NULL,
                                     NULL, NULL, err);
    s->status[task] = status;
}

/* mean and second moment with the m-th sample (from 1). */
static void add(int64_t n, int64_t m, const double *value, double *mean, double *moment)
{
    for (int64_t i = 0; i < n; i++) {
        const double before = value[i] - mean[i];
        mean[i] += before / (double)m;
        if (moment) moment[i] += before * (value[i] - mean[i]);
    }
}

static enum er_status take_wave(struct sample *s, int64_t n, const struct er_sampled_kernels *out,
                                struct er_error *err)
{
    for (int64_t t = 0; t < n; t++) {
        const double *k = s->slot + (t + 1) * s->doubles - 2 * s->pairs;
        const int64_t m = s->first + t + 1;
        if (s->status[t] != ER_OK)
            return er_fail(err, s->status[t], "network %lld: %s", (long long)m, s->error[t].msg);
        if (out->k) add(s->pairs, m, k, out->k, out->k_error);
        if (out->theta) add(s->pairs, m, k + s->pairs, out->theta, out->theta_error);
        er_task_count_add(&s->count, 1);
    }
    return ER_OK;
}

/* Standard errors of the means, from second moments. */
static void finish(const struct sample *s, double *error)
{
    const double m = (double)s->options->networks;
    for (int64_t i = 0; error && i < s->pairs; i++)
        error[i] = m > 1 ? sqrt(error[i] / (m * (m - 1))) : (double)NAN;
}

static void clear(int64_t n, double *v)
{
    if (v) memset(v, 0, (size_t)n * sizeof *v);
}

static enum er_status run(struct sample *s, int threads, const struct er_sampled_kernels *out,
                          struct er_pool *pool, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (; s->first < s->options->networks && status == ER_OK; s->first += threads) {
        const int64_t left = s->options->networks - s->first, n = left < threads ? left : threads;
        er_finite_run(pool, n, network_task, s);
        if (er_task_count_stopped(&s->count)) break;
        status = take_wave(s, n, out, err);
    }
    return status;
}

/* Doubles of a slot. */
static int64_t slot_doubles(const struct er_finite *f, int64_t n1, int64_t n2, bool symmetric)
{
    const struct er_net *net = f->net;
    const bool integrated = f->ops[net->output] == &er_finite_dense;
    const int64_t inputs = integrated ? net->node[net->output].layer.n_in : 0;
    return net->n_parameters + net->n_statistics + 2 * n1 * n2 + (n1 + (symmetric ? 0 : n2)) * inputs;
}

/* A normal number counts as 30 flops. */
struct er_sampled_plan er_sampled_plan(const struct er_finite *f, int64_t n1, int64_t n2,
                                       const struct er_sampled_options *options, bool k, bool theta,
                                       int threads)
{
    const struct er_empirical_options how = {.memory = options->memory};
    const struct er_empirical_plan tangents = er_empirical_plan(f, n1, n2, &how, 1);
    const int64_t columns = n2 > 0 ? n2 : n1, rows = n1 + n2;
    const int64_t space = er_finite_space_doubles(f, rows < f->rows ? rows : f->rows, 0, false);
    const double inputs = (double)f->net->node[f->net->output].layer.n_in;
    struct er_sampled_plan plan = {.flops = 30 * (double)f->net->n_parameters};
    const int64_t slot = slot_doubles(f, n1, columns, n2 == 0);
    plan.bytes = threads * (sizeof(double) * (double)(slot + space) + (theta ? tangents.bytes : 0));
    if (k) plan.flops += (double)rows * er_net_flops(f->net) + 2 * (double)n1 * (double)columns * inputs;
    if (theta) plan.flops += tangents.flops[tangents.algorithm];
    return plan;
}

enum er_status er_sampled_kernel(const struct er_finite *finite, int64_t n1, const double *x1, int64_t n2,
                                 const double *x2, const struct er_sampled_options *options,
                                 const struct er_sampled_kernels *out, struct er_pool *pool,
                                 const struct er_progress *progress, struct er_error *err)
{
    const struct er_net *net = finite->net;
    const int threads = er_finite_threads(pool);
    struct sample s = {.finite = finite,
                       .options = options,
                       .x1 = x1,
                       .x2 = x2,
                       .n1 = n1,
                       .n2 = x2 ? n2 : n1,
                       .k = out->k,
                       .theta = out->theta,
                       .last = net->output,
                       .integrated = finite->ops[net->output] == &er_finite_dense};
    enum er_status status = ER_OK;
    if (options->networks < 1)
        return er_fail(err, ER_E_USAGE, "Monte Carlo: %lld networks, at least 1 is needed",
                       (long long)options->networks);
    s.pairs = s.n1 * s.n2;
    s.doubles = slot_doubles(finite, n1, s.n2, !x2);
    s.slot = er_alloc(threads * s.doubles, sizeof *s.slot);
    s.status = er_alloc(threads, sizeof *s.status);
    s.error = er_alloc(threads, sizeof *s.error);
    if (!s.slot || !s.status || !s.error) {
        status = er_fail(err, ER_E_NOMEM, "Monte Carlo: out of memory for %d networks", threads);
    } else {
        clear(s.pairs, out->k);
        clear(s.pairs, out->k_error);
        clear(s.pairs, out->theta);
        clear(s.pairs, out->theta_error);
        er_task_count_open(&s.count, progress, (double)options->networks);
        status = run(&s, threads, out, pool, err);
        const enum er_status ended =
            er_task_count_close(&s.count, "Monte Carlo", status == ER_OK ? err : NULL);
        if (status == ER_OK) status = ended;
    }
    if (status == ER_OK) finish(&s, out->k_error);
    if (status == ER_OK) finish(&s, out->theta_error);
    er_free(s.slot);
    er_free(s.status);
    er_free(s.error);
    return status;
}
