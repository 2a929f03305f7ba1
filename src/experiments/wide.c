/* wide.c - the experiment `wide`: networks at initialisation beside their limit of infinite width.
 *
 *     nngp_error = |K^ - K|^2 / |K|^2      K^ the mean of the empirical kernels of m networks, over all training examples
 *     ntk_error  = the same of Theta^, Theta
 *
 * in squared Frobenius norms: (A / width + bias^2) as m goes. Outputs f(x) of other networks, in units of their limiting
 * standard deviation sqrt(K(x, x)), are held to the normal distribution, example by example: excess kurtosis <z^4> / <z^2>^2
 * - 3, and the largest distance of the two distribution functions (Kolmogorov and Smirnov's). Weights are drawn by the run's
 * seed; labels are not used.
 *
 * Sources: Neal, "Bayesian learning for neural networks", 1996, chapter 2; Matthews et al., "Gaussian process behaviour in
 * wide deep neural networks", ICLR 2018; Novak et al., "Neural Tangents", ICLR 2020 (convergence by Monte Carlo).
 */
#include "experiments/data_fixed.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/key_rows.h"
#include "experiments/point.h"
#include "experiments/spread_groups.h"
#include "experiments/targets.h"
#include "experiments/wide_estimate.h"
#include "experiments/wide_net.h"
#include "experiments/wide_outputs.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { PARAMETERS, NNGP_ERROR, NTK_ERROR, NNGP_NOISE, NTK_NOISE, KURTOSIS, KS, KS_GAUSSIAN, RUN_COLUMNS };

static const struct er_schema_row schema[] = {
    MAP("wide", NULL, "networks at initialisation beside their limit of infinite width"),
    INTEGER("wide.width", "units", 0, 1 << 20, "0",
            "outputs of every layer but the last that has a width; 0: what the model says"),
    INTEGER("wide.networks", "networks", 1, 1 << 24, "16", "m, whose empirical kernels are averaged"),
    INTEGER("wide.draws", "networks", 1, 1 << 24, "1000",
            "other networks, whose outputs are held to the normal distribution"),
    {0},
};

static const struct er_column run_column[] = {
    [PARAMETERS] = {"parameters", "", "weights of the network", true},
    [NNGP_ERROR] = {"nngp_error", "",
                    "squared distance of the mean empirical NNGP kernel to the exact one, relative to it",
                    true},
    [NTK_ERROR] = {"ntk_error", "", "the same of the tangent kernel", true},
    [NNGP_NOISE] =
        {"nngp_noise", "",
         "the part of nngp_error that so few networks are expected to make: squared standard errors", true},
    [NTK_NOISE] = {"ntk_noise", "", "the same of the tangent kernel", true},
    [KURTOSIS] = {"kurtosis", "", "excess kurtosis of an output over networks, mean over examples", true},
    [KS] =
        {"ks", "",
         "largest distance of an output's distribution function to that of the limiting Gaussian, mean over "
         "examples",
         true},
    [KS_GAUSSIAN] = {"ks_gaussian", "", "what ks would be of as many Gaussian numbers", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    {"gaussian", "", "quantile of the normal distribution", false},
    {"output", "", "the same quantile of outputs, in limiting standard deviations, all examples together",
     false},
    {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "axis", .y = "nngp_error ntk_error", .axes = ER_DEFAULT_ONE_AXIS, .x_scale = "log"},
    {.mark = "line", .x = "axis", .y = "ks ks_gaussian", .axes = ER_DEFAULT_ONE_AXIS, .x_scale = "log"},
    {.mark = "line", .x = "axis", .y = "kurtosis", .axes = ER_DEFAULT_ONE_AXIS, .x_scale = "log"},
    {.mark = "line", .x = "gaussian", .y = "output", .colour = "axis"},
    {.mark = "line", .x = "axis", .y = "ntk_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "line", .x = "axis", .y = "ks", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

static const struct er_default_claim claim[] = {
    {.claim = "The wider the network, the nearer its tangent kernel to the limit",
     .rule = "ntk_error falls along wide.width",
     .source = "Jacot, Gabriel and Hongler 2018",
     .axes = "wide.width",
     .alone = true},
    {.claim = "The wider the network, the more Gaussian its outputs",
     .rule = "ks falls along wide.width",
     .source = "Neal 1996; Matthews et al. 2018",
     .axes = "wide.width",
     .alone = true},
    {0},
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    struct er_shape shape;
    struct er_wide_net net = {0};
    int64_t classes;
    enum er_status status = er_data_fixed_check(point, "wide", err);
    if (status != ER_OK || !er_data_keys_shape(point, &shape, &classes)) return status;
    status = er_wide_net_open(point, "wide.width", shape, classes, &net, err);
    if (status == ER_OK && !net.limit) status = er_point_fail(point, "model", err, "%s", net.why.msg);
    er_wide_net_clear(&net);
    return status;
}

/* Runs of different seeds share no network; nor do kernels and outputs of a run. */
static uint64_t first_seed(const struct er_point *point, bool of_outputs)
{
    return (point->seed << 32) + (of_outputs ? (uint64_t)1 << 31 : 0);
}

/* |a - b|^2 / |b|^2 */
static double distance(int64_t n, const double *a, const double *b)
{
    double off = 0, size = 0;
    for (int64_t i = 0; i < n; i++) {
        off += (a[i] - b[i]) * (a[i] - b[i]);
        size += b[i] * b[i];
    }
    return off / size;
}

static double noise(int64_t n, const double *error, const double *b)
{
    double squares = 0, size = 0;
    for (int64_t i = 0; i < n; i++) {
        squares += error[i] * error[i];
        size += b[i] * b[i];
    }
    return squares / size;
}

/* Kernels, exact ones and means: six matrices. */
static enum er_status compare_kernels(const struct er_point *point, const struct er_wide_net *net, int64_t n,
                                      const double *x, double *kernels, const struct er_progress *progress,
                                      double value[RUN_COLUMNS], struct er_error *err)
{
    const int64_t N = n * n;
    double *k = kernels, *theta = k + N;
    const struct er_sampled_kernels mean = {k + 2 * N, k + 3 * N, k + 4 * N, k + 5 * N};
    const struct er_sampled_options options = {.networks = er_point_integer(point, "wide.networks", 16),
                                               .seed = first_seed(point, false)};
    const struct er_progress stop = {.stop = progress ? progress->stop : NULL};
    enum er_status status = er_wide_net_kernel(net, n, x, 0, NULL, k, theta, err);
    if (status == ER_OK)
        status = er_sampled_kernel(net->finite, n, x, 0, NULL, &options, &mean, NULL, &stop, err);
    if (status != ER_OK) return status;
    value[NNGP_ERROR] = distance(N, mean.k, k);
    value[NTK_ERROR] = distance(N, mean.theta, theta);
    value[NNGP_NOISE] = noise(N, mean.k_error, k);
    value[NTK_NOISE] = noise(N, mean.theta_error, theta);
    return ER_OK;
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct er_group_runs *r = ctx;
    return er_wide_bytes(&r->point[run], &r->split->train);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_group_runs *r = ctx;
    const struct er_point *point = &r->point[run];
    const int64_t n = r->split->train.n;
    struct er_wide_net net = {0};
    struct er_wide_outputs outputs = {0};
    double *block = er_alloc(n * er_shape_size(r->split->train.shape) + 6 * n * n, sizeof *block), *x = block;
    if (!block) return er_fail(err, ER_E_NOMEM, "wide: out of memory for kernels of %" PRId64 " examples", n);
    double *kernels = x + n * er_shape_size(r->split->train.shape);
    for (double *at = x; at < kernels; at++) *at = (double)r->split->train.x[at - x];
    enum er_status status =
        er_wide_net_open(point, "wide.width", r->split->train.shape, r->split->train.classes, &net, err);
    if (status == ER_OK && !net.limit) status = er_point_fail(point, "model", err, "%s", net.why.msg);
    if (status == ER_OK) status = er_spread_curves(result, "wide", 2, ER_WIDE_QUANTILES, err);
    if (status == ER_OK) status = compare_kernels(point, &net, n, x, kernels, progress, result->value, err);
    if (status == ER_OK)
        status = er_wide_outputs_measure(&net, n, x, kernels, er_point_integer(point, "wide.draws", 1000),
                                         first_seed(point, true), progress, &outputs, result->curve, err);
    if (status == ER_OK) {
        result->outcome = "drawn";
        result->n_curve = ER_WIDE_QUANTILES;
        result->value[PARAMETERS] = (double)er_net_parameters(net.net);
        result->value[KURTOSIS] = outputs.kurtosis;
        result->value[KS] = outputs.ks;
        result->value[KS_GAUSSIAN] = outputs.ks_gaussian;
    }
    er_wide_net_clear(&net);
    er_free(block);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    static const struct er_group_work work = {.what = "wide", .compute = compute, .bytes = bytes_of};
    return er_spread_groups(&work, point, n, places, pool, progress, events, err);
}

extern const struct er_experiment er_experiment_wide;
const struct er_experiment er_experiment_wide = {
    .name = "wide",
    .help = "networks at initialisation beside their limit of infinite width: kernels, and how Gaussian "
            "outputs are",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .schema = schema,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .claim = claim,
    .arithmetic = "1",
    .check = check,
    .estimate = er_wide_estimate,
    .run = run,
};
