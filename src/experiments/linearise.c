/* linearise.c - the experiment `linearise`: does a network train like its linearisation? Each run trains one by gradient
 * descent on all examples, in float64, beside the same descent on the model linear in the weights (in closed form, by the
 * empirical tangent kernel at the start) and beside the ensemble of infinitely wide networks (by the exact kernels).
 *
 *     L = 1/(2 n O) |f(X) - y|^2      w -= rate dL/dw
 *
 * Targets: for two classes -1 and 1, else 1 for the label's class and 0 for the others. The seed of a run draws the weights,
 * data.seed the data. Source: Lee et al., "Wide neural networks of any depth evolve as linear models under gradient
 * descent", NeurIPS 2019.
 */
#include "experiments/data_fixed.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/key_rows.h"
#include "experiments/linearise_estimate.h"
#include "experiments/linearise_tables.h"
#include "experiments/spread_groups.h"

static const struct er_schema_row schema[] = {
    MAP("linearise", NULL,
        "trains a network beside its linearisation at the start and the limit of infinite width"),
    INTEGER("linearise.width", "units", 0, 1 << 20, "0",
            "outputs of every layer but the last that has a width; 0: what the model says"),
    REAL(
        "linearise.rate", "", 1e-300, 1e300, "1",
        "learning rate of gradient descent on half the mean squared error, a mean over examples and outputs"),
    INTEGER("linearise.steps", "steps", 1, 1e9, "300", "steps, with all examples each"),
    BOOL("linearise.infinite", "true",
         "whether the ensemble of infinite width is computed too, if the model has one"),
    {0},
};

struct er_linearise_spec er_linearise_spec(const struct er_point *point)
{
    return (struct er_linearise_spec){.steps = er_point_integer(point, "linearise.steps", 300),
                                      .rate = er_point_real(point, "linearise.rate", 1),
                                      .infinite = er_point_bool(point, "linearise.infinite", true),
                                      .seed = point->seed};
}

static enum er_status open_net(const struct er_point *point, struct er_shape shape, int64_t classes,
                               struct er_wide_net *net, struct er_error *err)
{
    return er_wide_net_open(point, "linearise.width", shape, classes, net, err);
}

enum er_status er_linearise_net(const struct er_point *point, const struct er_dataset *train,
                                struct er_wide_net *net, struct er_error *err)
{
    return open_net(point, train->shape, train->classes, net, err);
}

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    struct er_shape shape;
    struct er_wide_net net = {0};
    int64_t classes;
    enum er_status status = er_data_fixed_check(point, "linearise", err);
    if (status != ER_OK || !er_data_keys_shape(point, &shape, &classes)) return status;
    status = open_net(point, shape, classes, &net, err);
    er_wide_net_clear(&net);
    return status;
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct er_group_runs *t = ctx;
    return er_linearise_run_bytes(&t->point[run], t->split);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_group_runs *t = ctx;
    const struct er_linearise_spec spec = er_linearise_spec(&t->point[run]);
    struct er_wide_net net = {0};
    enum er_status status = er_linearise_net(&t->point[run], &t->split->train, &net, err);
    if (status == ER_OK) status = er_linearise_run(&spec, &net, t->split, progress, result, err);
    er_wide_net_clear(&net);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    static const struct er_group_work work = {.what = "linearise", .compute = compute, .bytes = bytes_of};
    return er_spread_groups(&work, point, n, places, pool, progress, events, err);
}

extern const struct er_experiment er_experiment_linearise;
const struct er_experiment er_experiment_linearise = {
    .name = "linearise",
    .help =
        "a network in training beside its linearisation at the start, and beside the limit of infinite width",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .schema = schema,
    .run_column = er_linearise_run_column,
    .curve_column = er_linearise_curve_column,
    .figure = er_linearise_figure,
    .claim = er_linearise_claim,
    .arithmetic = "1",
    .check = check,
    .estimate = er_linearise_estimate,
    .run = run,
};
