/* lazy.c - the experiment `lazy`: each run trains a network of two layers by gradient descent, and measures how far it
 * goes from its linearisation.
 *
 *     f(x) = alpha / sqrt(M) sum_k a_k max(w_k . x, 0),   weights -= rate / alpha^2 grad 1/(2n) |f(X) - y|^2
 *
 * The output's scale alpha decides between the lazy regime (large: weights hardly move, f follows the model that is
 * linear in the weights, whose tangent kernel is that of the start) and the rich one (small: features are learnt, the
 * kernel turns towards the targets). So does the width M at alpha = 1, since weights have size 1 and the layer the factor
 * 1 / sqrt(M) (the parametrisation of the neural tangent kernel). In float64; the seed of a run draws the weights,
 * data.seed the data.
 *
 * Runs are spread over the pool, one on each thread, or fewer where memory does not hold so many. Sources: Chizat,
 * Oyallon and Bach, "On lazy training in differentiable programming", NeurIPS 2019; Jacot, Gabriel and Hongler,
 * "Neural tangent kernel", NeurIPS 2018; for alignment Baratin et al., "Implicit regularization via neural feature
 * alignment", AISTATS 2021.
 */
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/lazy_estimate.h"
#include "experiments/lazy_keys.h"
#include "experiments/lazy_run.h"
#include "experiments/lazy_tables.h"
#include "experiments/run_spread.h"

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    const enum er_status status = er_data_keys_regression_check(point, err);
    return status == ER_OK ? er_lazy_keys_check(point, err) : status;
}

/* The runs of a group whose data are in memory. */
struct trainings {
    const struct er_point *point;
    const struct er_regression_split *split;
};

static double bytes_of(void *ctx, int64_t run)
{
    const struct trainings *t = ctx;
    const struct er_lazy_spec spec = er_lazy_keys_spec(&t->point[run]);
    return er_lazy_run_bytes(&spec, t->split->train.n, t->split->test.n, t->split->train.d);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct trainings *t = ctx;
    const struct er_lazy_spec spec = er_lazy_keys_spec(&t->point[run]);
    return er_lazy_run(&spec, t->split, progress, result, err);
}

static enum er_status run_group(struct er_run_spread *spread, const struct er_data_group *group,
                                const struct er_data_places *places, struct er_pool *pool,
                                struct er_error *err)
{
    struct trainings *t = spread->ctx;
    const struct er_point *first = &t->point[group->run[0]];
    const struct er_data_spec data = er_data_keys_spec(first);
    struct er_regression_split split;
    struct er_error why = {0};
    enum er_status status = er_regression_open(&data, places, &split, &why);
    if (status != ER_OK) return er_data_keys_fail(first, &why, err);
    t->split = &split;
    status = er_lazy_keys_fit(first, split.train.k, err);
    if (status == ER_OK) status = er_run_spread(spread, group->n, group->run, pool, err);
    t->split = NULL;
    er_regression_split_clear(&split);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_data_groups groups;
    struct trainings t = {.point = point};
    struct er_run_spread spread = {.what = "lazy",
                                   .events = events,
                                   .progress = progress,
                                   .runs = n,
                                   .ctx = &t,
                                   .compute = compute,
                                   .bytes = bytes_of,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) return status;
    for (int64_t g = 0; g < groups.n && status == ER_OK; g++)
        status = run_group(&spread, &groups.group[g], places, pool, err);
    er_data_groups_clear(&groups);
    return status;
}

extern const struct er_experiment er_experiment_lazy;
const struct er_experiment er_experiment_lazy = {
    .name = "lazy",
    .help = "a network of two layers beside its linearisation: lazy training against learning of features",
    .shares = ER_SHARES_DATA,
    .schema = er_lazy_keys_row,
    .run_column = er_lazy_run_column,
    .curve_column = er_lazy_curve_column,
    .figure = er_lazy_figure,
    .claim = er_lazy_claim,
    .arithmetic = "1",
    .check = check,
    .estimate = er_lazy_estimate,
    .run = run,
};
