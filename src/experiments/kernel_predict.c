/* kernel_predict.c - a posterior by Cholesky's factor where there is no time, else gradient flow by eigenvectors. */
#include "experiments/kernel_predict.h"

#include <ermine/kernel_solver.h>
#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { ROWS = 256 };

struct work {
    const struct er_kernel_request *request;
    const struct er_kernel_matrices *matrices;
    const struct er_split *split;
    struct er_kernel_flows *flows;
    struct er_pool *pool;
    const struct er_progress *progress;
    const double *train, *test; /* Theta or K; NULL where they are in files */
    int64_t o;                  /* outputs */
    double *y, *y_test, *alpha, *f, *f_test, *variance;
    double ridge, added; /* r as asked for; as it was added */
};

void er_kernel_flows_clear(struct er_kernel_flows *flows)
{
    er_flow_free(flows->of_k);
    er_flow_free(flows->of_theta);
    *flows = (struct er_kernel_flows){0};
}

void er_kernel_targets(const struct er_dataset *data, double *y)
{
    const int64_t o = data->classes;
    for (int64_t i = 0; i < data->n; i++)
        for (int64_t c = 0; c < o; c++) y[i * o + c] = (data->label[i] == c) - 1 / (double)o;
}

/* The flow of the kernel that is predicted with. */
static enum er_status take_flow(const struct work *w, const struct er_flow **out, struct er_error *err)
{
    struct er_flow **flow = w->request->ntk ? &w->flows->of_theta : &w->flows->of_k;
    enum er_status status = ER_OK;
    if (!*flow) status = er_flow_new(w->matrices->n, w->o, w->train, flow, err);
    *out = *flow;
    return status;
}

static enum er_status by_posterior(struct work *w, struct er_kernel_prediction *out, struct er_error *err)
{
    const struct er_kernel_matrices *k = w->matrices;
    struct er_posterior *posterior;
    enum er_status status =
        er_posterior_new(k->n, w->train, w->request->ridge, w->pool, w->progress, &posterior, err);
    if (status != ER_OK) return status;
    const struct er_posterior_report *report = er_posterior_reported(posterior);
    w->ridge = report->ridge;
    w->added = report->added;
    out->condition = report->condition;
    out->jitter =
        (report->added - report->ridge) / er_ridge_added((struct er_ridge){.value = 1}, k->n, w->train);
    er_posterior_weights(posterior, w->o, w->y, w->alpha);
    if (!w->request->ntk)
        out->log_marginal =
            er_log_marginal_likelihood(posterior, w->o, w->y, w->alpha) / ((double)k->n * (double)w->o);
    status = er_predict_mean(k->n, k->n, w->train, w->o, w->alpha, NULL, w->f, w->pool, w->progress, err);
    if (status == ER_OK && w->variance)
        status = w->request->ntk
                     ? er_posterior_ensemble_variances(posterior, k->m, w->test, k->k_test, k->k_train,
                                                       w->variance, NULL, w->pool, w->progress, err)
                     : er_posterior_variances(posterior, k->m, w->test, w->variance, NULL, w->pool,
                                              w->progress, err);
    er_posterior_free(posterior);
    return status;
}

/* Outputs on training or test examples from rows that may be in a file, so many at a time: the same bits wherever they are. */
static enum er_status mean_by_rows(const struct work *w, bool test, double *mean, struct er_error *err)
{
    const struct er_kernel_matrices *k = w->matrices;
    const int64_t all = test ? k->m : k->n;
    double *room = er_alloc(ROWS * k->n, sizeof *room);
    enum er_status status =
        room ? ER_OK : er_fail(err, ER_E_NOMEM, "kernel: out of memory for rows of a matrix");
    for (int64_t at = 0; at < all && status == ER_OK; at += ROWS) {
        const int64_t rows = all - at < ROWS ? all - at : ROWS;
        const double *from = er_kernel_matrices_rows(k, test, w->request->ntk, at, rows, room);
        status = er_predict_mean(rows, k->n, from, w->o, w->alpha, NULL, mean + at * w->o, w->pool,
                                 w->progress, err);
    }
    er_free(room);
    return status;
}

static enum er_status by_gradients(struct work *w, struct er_kernel_prediction *out, struct er_error *err)
{
    const struct er_kernel_matrix matrix = er_kernel_matrices_train(w->matrices, w->request->ntk);
    const struct er_kernel_solver_options options = er_kernel_solver_defaults();
    struct er_kernel_solver_report report;
    enum er_status status = er_kernel_solve(&matrix, w->request->ridge, w->o, w->y, &options, w->alpha,
                                            &report, w->pool, w->progress, err);
    if (status != ER_OK) return status;
    w->ridge = w->added = report.added;
    out->residual = report.residual;
    out->condition = report.condition;
    out->jitter = 0;
    return mean_by_rows(w, false, w->f, err);
}

static enum er_status by_flow(struct work *w, struct er_kernel_prediction *out, struct er_error *err)
{
    const struct er_kernel_matrices *k = w->matrices;
    struct er_descent_options options = er_descent_defaults();
    const struct er_flow *flow;
    options.time = w->request->time;
    options.ridge = w->request->ridge;
    enum er_status status = take_flow(w, &flow, err);
    if (status != ER_OK) return status;
    w->ridge = w->added = er_ridge_added(options.ridge, k->n, w->train);
    out->condition = er_flow_condition(flow, options.ridge);
    out->jitter = 0;
    status = er_flow_weights(flow, &options, w->y, NULL, w->alpha, err);
    if (status == ER_OK) status = er_flow_train(flow, &options, w->y, NULL, w->f, NULL, err);
    if (status == ER_OK && w->variance)
        status = er_flow_variances(flow, &options, k->m, w->test, k->k_test, k->k_train, w->variance, NULL,
                                   w->pool, w->progress, err);
    return status;
}

/* Share of examples whose largest output is not their label's, the first of equals. */
static double error_of(const struct er_dataset *data, const double *f)
{
    const int64_t o = data->classes;
    int64_t wrong = 0;
    for (int64_t i = 0; i < data->n; i++) {
        int64_t best = 0;
        for (int64_t c = 1; c < o; c++)
            if (f[i * o + c] > f[i * o + best]) best = c;
        wrong += best != data->label[i];
    }
    return (double)wrong / (double)data->n;
}

static void measure(const struct work *w, struct er_kernel_prediction *out)
{
    const int64_t n = w->matrices->n, m = w->matrices->m;
    out->train_error = error_of(&w->split->train, w->f);
    out->test_error = error_of(&w->split->test, w->f_test);
    out->train_mse = 2 * er_expected_loss(n, w->o, w->f, NULL, 1, w->y);
    out->test_mse = 2 * er_expected_loss(m, w->o, w->f_test, NULL, 1, w->y_test);
    if (!w->variance) return;
    const double given = w->request->noise, noise = isnan(given) ? (w->request->ntk ? 0 : w->added) : given;
    out->nlpd = er_negative_log_density(m, w->o, w->f_test, w->variance, noise, w->y_test);
    out->member_loss = er_expected_loss(m, w->o, w->f_test, w->variance, 1, w->y_test);
}

/* The largest eigenvalue to three digits at least, and the rate that goes with it. */
static enum er_status measure_largest(const struct work *w, struct er_kernel_prediction *out,
                                      struct er_error *err)
{
    const int64_t n = w->matrices->n;
    const struct er_kernel_matrix matrix = er_kernel_matrices_train(w->matrices, w->request->ntk);
    const enum er_status status = er_kernel_largest(&matrix, 1e-6, &out->largest, w->pool, w->progress, err);
    out->max_rate = 2 * (double)n * (double)w->o / (out->largest + w->ridge);
    return status;
}

static enum er_status measure_spectrum(const struct work *w, struct er_kernel_prediction *out,
                                       struct er_error *err)
{
    const struct er_flow *flow;
    if (!w->request->spectrum && !isfinite(w->request->time)) return measure_largest(w, out, err);
    enum er_status status = take_flow(w, &flow, err);
    if (status != ER_OK) return status;
    const double *eigenvalue = er_flow_eigenvalues(flow);
    out->smallest = eigenvalue[0];
    out->largest = eigenvalue[w->matrices->n - 1];
    out->max_rate = er_flow_max_rate(flow, w->request->ridge, 0);
    return ER_OK;
}

static enum er_status allocate(struct work *w, struct er_error *err)
{
    const int64_t n = w->matrices->n, m = w->matrices->m, o = w->o;
    w->y = er_alloc((2 * m + 3 * n) * o, sizeof *w->y);
    if (w->request->variances) w->variance = er_alloc(m, sizeof *w->variance);
    if (!w->y || (w->request->variances && !w->variance))
        return er_fail(err, ER_E_NOMEM, "kernel: out of memory for the outputs of a run");
    w->alpha = w->y + n * o;
    w->f = w->alpha + n * o;
    w->y_test = w->f + n * o;
    w->f_test = w->y_test + m * o;
    er_kernel_targets(&w->split->train, w->y);
    er_kernel_targets(&w->split->test, w->y_test);
    if (w->variance) memcpy(w->variance, w->matrices->k_self, (size_t)m * sizeof *w->variance);
    return ER_OK;
}

enum er_status er_kernel_predict(const struct er_kernel_request *request,
                                 const struct er_kernel_matrices *matrices, const struct er_split *split,
                                 struct er_kernel_flows *flows, struct er_pool *pool,
                                 const struct er_progress *progress, struct er_kernel_prediction *out,
                                 struct er_error *err)
{
    const bool ntk = request->ntk;
    struct work w = {.request = request,
                     .matrices = matrices,
                     .split = split,
                     .flows = flows,
                     .pool = pool,
                     .progress = progress,
                     .train = ntk ? matrices->theta_train : matrices->k_train,
                     .test = ntk ? matrices->theta_test : matrices->k_test,
                     .o = split->train.classes};
    const double unknown = (double)NAN;
    struct er_kernel_prediction got = {.nlpd = unknown,
                                       .member_loss = unknown,
                                       .log_marginal = unknown,
                                       .condition = unknown,
                                       .residual = unknown,
                                       .smallest = unknown,
                                       .largest = unknown,
                                       .max_rate = unknown};
    enum er_status status = allocate(&w, err);
    if (status == ER_OK)
        status = isfinite(request->time) ? by_flow(&w, &got, err)
                 : request->gradients    ? by_gradients(&w, &got, err)
                                         : by_posterior(&w, &got, err);
    if (status == ER_OK)
        status = request->gradients ? mean_by_rows(&w, true, w.f_test, err)
                                    : er_predict_mean(matrices->m, matrices->n, w.test, w.o, w.alpha, NULL,
                                                      w.f_test, pool, progress, err);
    if (status == ER_OK) status = measure_spectrum(&w, &got, err);
    if (status == ER_OK) {
        measure(&w, &got);
        *out = got;
    }
    er_free(w.y);
    er_free(w.variance);
    return status;
}

static bool has_flow(const struct er_kernel_request *request)
{
    return request->spectrum || isfinite(request->time);
}

/* A factor of the matrix, or its eigenvectors while they are found; rows of test examples twice for the variances. Of
 * conjugate gradients as <ermine/kernel_solver.h> says. */
double er_kernel_predict_bytes(const struct er_kernel_request *request, int64_t n, int64_t m, int64_t classes)
{
    const struct er_kernel_solver_options solver = er_kernel_solver_defaults();
    const double square = (double)n * (double)n, outputs = (double)(3 * n + 2 * m) * (double)classes,
                 rank = (double)solver.rank;
    const double solved =
        request->gradients ? (double)n * (rank + 20 * (double)classes + ROWS) + rank * rank : square;
    return 8 * (solved + (has_flow(request) ? 3 * square : 0) + outputs +
                (request->variances ? 2 * (double)n * (double)m : 0));
}

double er_kernel_predict_flops(const struct er_kernel_request *request, int64_t n, int64_t m, int64_t classes)
{
    const double square = (double)n * (double)n;
    const bool ensemble = request->ntk || isfinite(request->time);
    return (request->gradients ? 100 * square * (double)classes : square * (double)n / 3) +
           (has_flow(request) ? 9 * square * (double)n : 0) +
           2 * (double)classes * (2 * square + (double)n * (double)m) +
           (request->variances ? (ensemble ? 4 : 1) * square * (double)m : 0);
}
