/* linearise_model.c - see linearise_model.h. */
#include "experiments/linearise_model.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

/* The kernels of all outputs, [i][j][o1][o2], as a matrix of rows (i, o1) and columns (j, o2). */
static void lay_out(int64_t rows, int64_t columns, int64_t O, const double *theta, double *matrix)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++)
            for (int64_t o = 0; o < O * O; o++)
                matrix[(i * O + o / O) * columns * O + j * O + o % O] = theta[(i * columns + j) * O * O + o];
}

static enum er_status open_block(struct er_linearise_model *model, int64_t doubles, struct er_error *err)
{
    model->block = er_alloc(doubles, sizeof *model->block);
    if (!model->block)
        return er_fail(err, ER_E_NOMEM, "linearise: out of memory for kernels of %lld and %lld examples",
                       (long long)model->n, (long long)model->m);
    return er_pool_new(1, &model->pool, err);
}

enum er_status er_linearise_model_of_network(const struct er_finite_network *network, int64_t outputs,
                                             int64_t n, const double *x_train, int64_t m,
                                             const double *x_test, struct er_linearise_model *out,
                                             struct er_error *err)
{
    const struct er_empirical_options options = {.outputs = ER_OUTPUTS_ALL};
    struct er_linearise_model model = {.n = n, .m = m, .O = outputs, .mixes = true};
    const int64_t O = model.O, most = (n > m ? n : m) * n * O * O;
    double *theta = er_alloc(most, sizeof *theta);
    if (!theta) return er_fail(err, ER_E_NOMEM, "linearise: out of memory for a kernel");
    enum er_status status = open_block(&model, (n + m) * n * O * O + n * O, err);
    if (status == ER_OK) {
        model.theta_train = model.block;
        model.theta_test = model.theta_train + n * n * O * O;
        model.alpha = model.theta_test + m * n * O * O;
        status =
            er_empirical_kernel(network, n, x_train, 0, NULL, &options, NULL, theta, NULL, NULL, NULL, err);
    }
    if (status == ER_OK) {
        lay_out(n, n, O, theta, model.theta_train);
        if (m > 0)
            status = er_empirical_kernel(network, m, x_test, n, x_train, &options, NULL, theta, NULL, NULL,
                                         NULL, err);
    }
    if (status == ER_OK) {
        lay_out(m, n, O, theta, model.theta_test);
        status = er_flow_new(n * O, 1, model.theta_train, &model.flow, err);
    }
    er_free(theta);
    *out = model;
    return status;
}

enum er_status er_linearise_model_of_limit(const struct er_wide_net *net, int64_t outputs, int64_t n,
                                           const double *x_train, int64_t m, const double *x_test,
                                           struct er_linearise_model *out, struct er_error *err)
{
    struct er_linearise_model model = {.n = n, .m = m, .O = outputs};
    enum er_status status = open_block(&model, 2 * (n + m) * n + m + n * model.O, err);
    if (status == ER_OK) {
        model.theta_train = model.block;
        model.theta_test = model.theta_train + n * n;
        model.k_train = model.theta_test + m * n;
        model.k_test = model.k_train + n * n;
        model.k_self = model.k_test + m * n;
        model.alpha = model.k_self + m;
        status = er_wide_net_kernel(net, n, x_train, 0, NULL, model.k_train, model.theta_train, err);
    }
    if (status == ER_OK && m > 0)
        status = er_wide_net_kernel(net, m, x_test, n, x_train, model.k_test, model.theta_test, err);
    if (status == ER_OK && m > 0) status = er_wide_net_variances(net, m, x_test, model.k_self, err);
    if (status == ER_OK) status = er_flow_new(n, model.O, model.theta_train, &model.flow, err);
    *out = model;
    return status;
}

void er_linearise_model_clear(struct er_linearise_model *model)
{
    er_flow_free(model->flow);
    er_pool_free(model->pool);
    er_free(model->block);
    *model = (struct er_linearise_model){0};
}

static void fill_nan(int64_t n, double *v)
{
    for (int64_t i = 0; v && i < n; i++) v[i] = (double)NAN;
}

enum er_status er_linearise_model_after(struct er_linearise_model *model, double rate, int64_t steps,
                                        const double *y, const double *start_train, const double *start_test,
                                        double *train, double *test, double *variance, struct er_error *err)
{
    const int64_t O = model->O, n = model->mixes ? model->n * O : model->n, outputs = model->mixes ? 1 : O;
    const int64_t m = model->mixes ? model->m * O : model->m;
    struct er_descent_options options = er_descent_defaults();
    options.kind = ER_DESCENT_STEPS;
    options.rate = rate;
    options.time = (double)steps;
    enum er_status status = er_flow_weights(model->flow, &options, y, start_train, model->alpha, err);
    if (status == ER_E_NONFINITE) {
        fill_nan(model->n * O, train);
        fill_nan(model->m * O, test);
        fill_nan(model->m, variance);
        return ER_OK;
    }
    if (status == ER_OK) status = er_flow_train(model->flow, &options, y, start_train, train, NULL, err);
    if (model->m == 0 || status != ER_OK) return status;
    status = er_predict_mean(m, n, model->theta_test, outputs, model->alpha, start_test, test, model->pool,
                             NULL, err);
    if (status == ER_OK && variance) {
        memcpy(variance, model->k_self, (size_t)m * sizeof *variance);
        status = er_flow_variances(model->flow, &options, m, model->theta_test, model->k_test, model->k_train,
                                   variance, NULL, model->pool, NULL, err);
    }
    return status;
}
