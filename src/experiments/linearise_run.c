/* linearise_run.c - see linearise_run.h.
 *
 *     L = 1/(2 n O) |f(X) - y|^2      w -= rate dL/dw      in float64, all examples a step
 *
 * The curve has a record of step 0, of PER_DECADE steps a decade, and of the last.
 */
#include "experiments/linearise_run.h"

#include "experiments/linearise_model.h"
#include "experiments/log_steps.h"
#include "experiments/targets.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PER_DECADE = 8, STOP_EVERY = 8 };

/* A network in training, its start, and the two models beside it. */
struct watch {
    const struct er_linearise_spec *spec;
    const struct er_split *split;
    struct er_finite_network network;
    int64_t n, m, O, P;
    double *block;
    double *x, *x_test, *y;
    double *w, *w_start, *g, *residual;
    double *f, *f_test, *start, *start_test; /* outputs: now, at the start */
    double *linear, *linear_test;            /* of the linearised network */
    double *mean, *mean_test, *variance;     /* of the ensemble */
    double *theta, *theta_start;             /* n x n, means over outputs */
    struct er_linearise_model own, limit;
    bool infinite;
};

static double *place(double **at, int64_t n)
{
    double *here = *at;
    *at += n;
    return here;
}

static int64_t doubles_of(int64_t n, int64_t m, int64_t D, int64_t O, int64_t P, int64_t S)
{
    return (n + m) * D + 6 * n * O + 4 * m * O + m + 3 * P + S + 2 * n * n;
}

double er_linearise_bytes(const struct er_wide_net *net, int64_t n, int64_t m, bool infinite)
{
    const struct er_empirical_options options = {.outputs = ER_OUTPUTS_ALL};
    const int64_t O = er_net_outputs(net->net), D = er_net_inputs(net->net), P = er_net_parameters(net->net);
    const double own = (double)doubles_of(n, m, D, O, P, er_net_statistics(net->net));
    const double linear = (double)(n * O) * (double)(O * (5 * n + 2 * m));
    const double limit = infinite ? (double)n * (double)(5 * n + 4 * m) : 0;
    return sizeof(double) * (own + linear + limit) + er_empirical_plan(net->finite, n, m, &options, 1).bytes;
}

/* Takes `block`, of doubles_of() doubles. */
static enum er_status open_watch(struct watch *w, const struct er_linearise_spec *spec,
                                 const struct er_wide_net *net, const struct er_split *split, double *block,
                                 struct er_error *err)
{
    const int64_t n = split->train.n, m = split->test.n, D = er_net_inputs(net->net);
    const int64_t O = er_net_outputs(net->net), P = er_net_parameters(net->net),
                  S = er_net_statistics(net->net);
    *w = (struct watch){.spec = spec, .split = split, .n = n, .m = m, .O = O, .P = P};
    double *at = w->block = block;
    w->x = place(&at, n * D);
    w->x_test = place(&at, m * D);
    double **const train[] = {&w->y, &w->residual, &w->f, &w->start, &w->linear, &w->mean};
    double **const test[] = {&w->f_test, &w->start_test, &w->linear_test, &w->mean_test};
    for (size_t i = 0; i < sizeof train / sizeof *train; i++) *train[i] = place(&at, n * O);
    for (size_t i = 0; i < sizeof test / sizeof *test; i++) *test[i] = place(&at, m * O);
    w->variance = place(&at, m);
    w->w = place(&at, P);
    w->w_start = place(&at, P);
    w->g = place(&at, P);
    double *statistics = place(&at, S);
    w->theta = place(&at, n * n);
    w->theta_start = place(&at, n * n);
    for (int64_t i = 0; i < n * D; i++) w->x[i] = (double)split->train.x[i];
    for (int64_t i = 0; i < m * D; i++) w->x_test[i] = (double)split->test.x[i];
    er_targets_fill(&split->train, w->y);
    w->network = (struct er_finite_network){net->finite, w->w, S > 0 ? statistics : NULL};
    return er_finite_initialise(net->finite, spec->seed, w->w, S > 0 ? statistics : NULL, err);
}

static void close_watch(struct watch *w)
{
    er_linearise_model_clear(&w->own);
    er_linearise_model_clear(&w->limit);
    er_free(w->block);
}

static enum er_status outputs(struct watch *w, struct er_error *err)
{
    enum er_status status = er_finite_outputs(&w->network, w->n, w->x, w->f, NULL, err);
    if (status == ER_OK) status = er_finite_outputs(&w->network, w->m, w->x_test, w->f_test, NULL, err);
    return status;
}

static enum er_status kernel(struct watch *w, double *theta, struct er_error *err)
{
    const struct er_empirical_options options = {0};
    return er_empirical_kernel(&w->network, w->n, w->x, 0, NULL, &options, NULL, theta, NULL, NULL, NULL,
                               err);
}

static enum er_status start(struct watch *w, const struct er_wide_net *net, struct er_error *err)
{
    memcpy(w->w_start, w->w, (size_t)w->P * sizeof *w->w);
    enum er_status status = outputs(w, err);
    memcpy(w->start, w->f, (size_t)(w->n * w->O) * sizeof *w->f);
    memcpy(w->start_test, w->f_test, (size_t)(w->m * w->O) * sizeof *w->f);
    if (status == ER_OK) status = kernel(w, w->theta_start, err);
    if (status == ER_OK)
        status = er_linearise_model_of_network(&w->network, w->O, w->n, w->x, w->m, w->x_test, &w->own, err);
    w->infinite = w->spec->infinite && net->limit;
    if (status == ER_OK && w->infinite)
        status = er_linearise_model_of_limit(net, w->O, w->n, w->x, w->m, w->x_test, &w->limit, err);
    return status;
}

/* |a - b| / |b| */
static double distance(int64_t n, const double *a, const double *b)
{
    double off = 0, size = 0;
    for (int64_t i = 0; i < n; i++) {
        off += (a[i] - b[i]) * (a[i] - b[i]);
        size += b[i] * b[i];
    }
    return sqrt(off / size);
}

/* Root mean square of a - b; of nothing NaN. */
static double gap(int64_t n, const double *a, const double *b)
{
    double off = 0;
    for (int64_t i = 0; i < n; i++) off += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(off / (double)n);
}

/* sum_o y_o' Theta y_o / (|Theta| |y|^2) */
static double alignment(const struct watch *w, const double *theta)
{
    double along = 0, size = 0, squares = 0;
    for (int64_t i = 0; i < w->n; i++)
        for (int64_t j = 0; j < w->n; j++) {
            double inner = 0;
            for (int64_t o = 0; o < w->O; o++) inner += w->y[i * w->O + o] * w->y[j * w->O + o];
            along += theta[i * w->n + j] * inner;
            size += theta[i * w->n + j] * theta[i * w->n + j];
            squares += i == j ? inner : 0;
        }
    return along / (sqrt(size) * squares);
}

/* (f - mean)^2 over the ensemble's variance, mean over test outputs: 1 for networks of that ensemble. */
static double spread(const struct watch *w)
{
    double sum = 0;
    for (int64_t i = 0; i < w->m * w->O; i++) {
        const double off = w->f_test[i] - w->mean_test[i];
        sum += off * off / w->variance[i / w->O];
    }
    return sum / (double)(w->m * w->O);
}

/* After `step` steps: all values that a record has. */
static enum er_status look(struct watch *w, int64_t step, double value[ER_LINEARISE_VALUES],
                           struct er_error *err)
{
    const struct er_linearise_spec *s = w->spec;
    const struct er_dataset *train = &w->split->train, *test = &w->split->test;
    const int64_t n = w->n * w->O, m = w->m * w->O;
    enum er_status status = er_linearise_model_after(&w->own, s->rate, step, w->y, w->start, w->start_test,
                                                     w->linear, w->linear_test, NULL, err);
    if (status == ER_OK && w->infinite)
        status = er_linearise_model_after(&w->limit, s->rate, step, w->y, NULL, NULL, w->mean, w->mean_test,
                                          w->m > 0 ? w->variance : NULL, err);
    if (status == ER_OK) status = kernel(w, w->theta, err);
    if (status != ER_OK) return status;
    const struct er_targets_fit fit = er_targets_measure(train, w->f),
                                fit_test = er_targets_measure(test, w->f_test);
    const struct er_targets_fit linear_test = er_targets_measure(test, w->linear_test);
    value[ER_LINEARISE_STEPS] = (double)step;
    value[ER_LINEARISE_PARAMETERS] = (double)w->P;
    value[ER_LINEARISE_TRAIN_MSE] = fit.mse;
    value[ER_LINEARISE_TRAIN_ERROR] = fit.error;
    value[ER_LINEARISE_TEST_MSE] = fit_test.mse;
    value[ER_LINEARISE_TEST_ERROR] = fit_test.error;
    value[ER_LINEARISE_LINEAR_TRAIN_MSE] = er_targets_measure(train, w->linear).mse;
    value[ER_LINEARISE_LINEAR_TEST_MSE] = linear_test.mse;
    value[ER_LINEARISE_LINEAR_TEST_ERROR] = linear_test.error;
    value[ER_LINEARISE_GAP] = gap(m, w->f_test, w->linear_test);
    value[ER_LINEARISE_TRAIN_GAP] = gap(n, w->f, w->linear);
    value[ER_LINEARISE_MOVEMENT] = distance(w->P, w->w, w->w_start);
    value[ER_LINEARISE_KERNEL_DISTANCE] = distance(w->n * w->n, w->theta, w->theta_start);
    value[ER_LINEARISE_ALIGNMENT_START] = alignment(w, w->theta_start);
    value[ER_LINEARISE_ALIGNMENT] = alignment(w, w->theta);
    value[ER_LINEARISE_MAX_RATE] = er_flow_max_rate(w->own.flow, (struct er_ridge){0}, 0);
    if (!w->infinite) return ER_OK;
    const struct er_targets_fit limit = er_targets_measure(test, w->mean_test);
    value[ER_LINEARISE_START_DISTANCE] = distance(w->n * w->n, w->theta_start, w->limit.theta_train);
    value[ER_LINEARISE_LIMIT_TEST_MSE] = limit.mse;
    value[ER_LINEARISE_LIMIT_TEST_ERROR] = limit.error;
    value[ER_LINEARISE_LIMIT_MEMBER_MSE] = limit.mse;
    for (int64_t i = 0; i < w->m; i++)
        value[ER_LINEARISE_LIMIT_MEMBER_MSE] += (double)w->O * w->variance[i] / (double)w->m;
    value[ER_LINEARISE_LIMIT_GAP] = gap(m, w->f_test, w->mean_test);
    value[ER_LINEARISE_LIMIT_SPREAD] = spread(w);
    return ER_OK;
}

static void add_record(struct er_spread_result *result, const double value[ER_LINEARISE_VALUES])
{
    static const enum er_linearise_value column[ER_LINEARISE_CURVES] = {
        [ER_LINEARISE_C_STEP] = ER_LINEARISE_STEPS,
        [ER_LINEARISE_C_TRAIN_MSE] = ER_LINEARISE_TRAIN_MSE,
        [ER_LINEARISE_C_TEST_MSE] = ER_LINEARISE_TEST_MSE,
        [ER_LINEARISE_C_LINEAR_TRAIN_MSE] = ER_LINEARISE_LINEAR_TRAIN_MSE,
        [ER_LINEARISE_C_LINEAR_TEST_MSE] = ER_LINEARISE_LINEAR_TEST_MSE,
        [ER_LINEARISE_C_LIMIT_TEST_MSE] = ER_LINEARISE_LIMIT_TEST_MSE,
        [ER_LINEARISE_C_GAP] = ER_LINEARISE_GAP,
        [ER_LINEARISE_C_TRAIN_GAP] = ER_LINEARISE_TRAIN_GAP,
        [ER_LINEARISE_C_LIMIT_GAP] = ER_LINEARISE_LIMIT_GAP,
        [ER_LINEARISE_C_LIMIT_SPREAD] = ER_LINEARISE_LIMIT_SPREAD,
        [ER_LINEARISE_C_MOVEMENT] = ER_LINEARISE_MOVEMENT,
        [ER_LINEARISE_C_KERNEL_DISTANCE] = ER_LINEARISE_KERNEL_DISTANCE,
        [ER_LINEARISE_C_ALIGNMENT] = ER_LINEARISE_ALIGNMENT,
    };
    for (int c = 0; c < ER_LINEARISE_CURVES; c++) result->curve[c][result->n_curve] = value[column[c]];
    result->n_curve++;
}

static enum er_status step(struct watch *w, struct er_error *err)
{
    const double factor = w->spec->rate / (double)(w->n * w->O);
    for (int64_t i = 0; i < w->n * w->O; i++) w->residual[i] = factor * (w->f[i] - w->y[i]);
    const enum er_status status = er_finite_vjp(&w->network, w->n, w->x, w->residual, w->g, NULL, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < w->P; i++) w->w[i] -= w->g[i];
    return er_finite_outputs(&w->network, w->n, w->x, w->f, NULL, err);
}

static enum er_status descend(struct watch *w, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    enum er_status status = ER_OK;
    int64_t t = 0;
    result->outcome = "steps";
    for (int64_t next = 0; status == ER_OK; t++) {
        if (t % STOP_EVERY == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "linearise: interrupted");
        if (t == next) {
            status = er_finite_outputs(&w->network, w->m, w->x_test, w->f_test, NULL, err);
            if (status == ER_OK) status = look(w, t, result->value, err);
            if (status == ER_OK) add_record(result, result->value);
            if (t == w->spec->steps) return status;
            next = er_log_step_after(t, PER_DECADE, w->spec->steps);
        }
        if (status == ER_OK) status = step(w, err);
    }
    if (status != ER_E_NONFINITE) return status;
    result->outcome = "diverged";
    snprintf(result->note, sizeof result->note, "an output was no finite number at step %" PRId64, t);
    return ER_OK;
}

enum er_status er_linearise_run(const struct er_linearise_spec *spec, const struct er_wide_net *net,
                                const struct er_split *split, const struct er_progress *progress,
                                struct er_spread_result *result, struct er_error *err)
{
    struct watch w;
    double *block =
        er_alloc(doubles_of(split->train.n, split->test.n, er_net_inputs(net->net), er_net_outputs(net->net),
                            er_net_parameters(net->net), er_net_statistics(net->net)),
                 sizeof *block);
    if (!block) return er_fail(err, ER_E_NOMEM, "linearise: out of memory for weights and outputs");
    enum er_status status = open_watch(&w, spec, net, split, block, err);
    if (status == ER_OK) status = start(&w, net, err);
    if (status == ER_OK)
        status = er_spread_curves(result, "linearise", ER_LINEARISE_CURVES,
                                  er_log_steps_most(PER_DECADE, spec->steps) + 1, err);
    if (status == ER_OK) status = descend(&w, progress, result, err);
    if (status == ER_OK && spec->infinite && !net->limit)
        snprintf(result->note, sizeof result->note, "no kernels of infinite width: %.150s", net->why.msg);
    close_watch(&w);
    return status;
}
