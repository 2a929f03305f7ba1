/* max_margin_estimate.c - steps of runs with the same data take the same time, which is tried. */
#include "experiments/max_margin_estimate.h"

#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/max_margin_keys.h"
#include "experiments/max_margin_run.h"
#include "experiments/run_spread.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

/* Numbers of z that the steps of a trial pass over. */
static const double TRIED = 2e7;

/* Seconds of a step. */
static enum er_status try_steps(const struct er_point *point, const struct er_split *split,
                                const struct er_progress *progress, double *seconds, struct er_error *err)
{
    struct er_margin_spec spec = er_max_margin_keys_spec(point);
    struct er_margin_examples examples = {0};
    struct er_margin_descent descent = {0};
    enum er_status status = er_max_margin_keys_classes(point, split->train.classes, err);
    if (status == ER_OK) status = er_margin_examples_new(&split->train, spec.bias, &examples, err);
    if (status != ER_OK) return status;
    const int64_t steps = (int64_t)fmin(10000, fmax(1, TRIED / (double)(examples.n * examples.d)));
    if (isnan(spec.rate)) spec.rate = 0; /* time alone is asked for */
    status = er_margin_descent_new(&examples, &spec, &descent, err);
    const double began = er_clock_s();
    if (status == ER_OK) status = er_margin_descent_until(&descent, steps, progress, err);
    *seconds = (er_clock_s() - began) / (double)steps;
    er_margin_descent_clear(&descent);
    er_margin_examples_clear(&examples);
    return status;
}

enum er_status er_max_margin_estimate(const struct er_point *point, int64_t n,
                                      const struct er_data_places *places, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_estimate *out,
                                      struct er_error *err)
{
    struct er_data_groups groups;
    double bytes = 0;
    double *cost = er_alloc(n, sizeof *cost);
    if (!cost) return er_fail(err, ER_E_NOMEM, "max-margin: out of memory for %" PRId64 " runs", n);
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) {
        er_free(cost);
        return status;
    }
    for (int64_t g = 0, next; status == ER_OK && g < groups.n; g++) {
        const struct er_data_group *group = &groups.group[g];
        double seconds = 0;
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        if (status == ER_OK)
            status = try_steps(&point[group->run[0]], &group->split, progress, &seconds, err);
        if (status == ER_OK) bytes = fmax(bytes, er_max_margin_run_bytes(&group->split));
        for (int64_t i = 0; i < group->n; i++)
            cost[group->run[i]] = seconds * (double)er_max_margin_keys_spec(&point[group->run[i]]).steps;
        er_data_groups_release(&groups, g, g + 1);
    }
    if (status == ER_OK) er_spread_estimate(n, cost, 1, bytes, pool, out);
    er_data_groups_clear(&groups);
    er_free(cost);
    return status;
}
