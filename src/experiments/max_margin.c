/* max_margin.c - the experiment `max-margin`: each run is one gradient descent on the logistic loss of a linear model
 * of two classes (experiments/max_margin_descent.h), long after its training error is 0, beside the classifier of largest
 * margin.
 *
 * Runs are spread over the pool, one on each thread; their data are read a group at a time.
 */
#include "experiments/data_fixed.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/max_margin_estimate.h"
#include "experiments/max_margin_keys.h"
#include "experiments/max_margin_run.h"
#include "experiments/max_margin_tables.h"
#include "experiments/spread_groups.h"

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    struct er_shape shape;
    int64_t classes;
    (void)places;
    const enum er_status status = er_data_fixed_check(point, "max-margin", err);
    if (status != ER_OK || !er_data_keys_shape(point, &shape, &classes)) return status;
    return er_max_margin_keys_classes(point, classes, err);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_group_runs *d = ctx;
    const struct er_margin_spec spec = er_max_margin_keys_spec(&d->point[run]);
    const enum er_status status = er_max_margin_keys_classes(&d->point[run], d->split->train.classes, err);
    return status == ER_OK ? er_max_margin_run(&spec, d->split, progress, result, err) : status;
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct er_group_runs *d = ctx;
    (void)run;
    return er_max_margin_run_bytes(d->split);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    static const struct er_group_work work = {.what = "max-margin", .compute = compute, .bytes = bytes_of};
    return er_spread_groups(&work, point, n, places, pool, progress, events, err);
}

extern const struct er_experiment er_experiment_max_margin;
const struct er_experiment er_experiment_max_margin = {
    .name = "max-margin",
    .help = "gradient descent on separable data: whether, and how slowly, it comes to the largest margin",
    .shares = ER_SHARES_DATA,
    .schema = er_max_margin_keys_row,
    .run_column = er_max_margin_run_column,
    .curve_column = er_max_margin_curve_column,
    .figure = er_max_margin_figure,
    .arithmetic = "1",
    .check = check,
    .estimate = er_max_margin_estimate,
    .run = run,
};
