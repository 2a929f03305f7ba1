/* linearise_estimate.c - a run's time: that of a run of one step, and of each step more as long as a step of a network that
 * stands still. Records, some dozens, come on top.
 */
#include "experiments/linearise_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "experiments/data_groups.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

double er_linearise_run_bytes(const struct er_point *point, const struct er_split *split)
{
    struct er_wide_net net = {0};
    double bytes = 0;
    if (er_linearise_net(point, &split->train, &net, NULL) == ER_OK)
        bytes = er_linearise_bytes(&net, split->train.n, split->test.n, er_linearise_spec(point).infinite);
    er_wide_net_clear(&net);
    return bytes;
}

/* Seconds of a step, the best of a few. */
static enum er_status try_steps(const struct er_wide_net *net, const struct er_dataset *train,
                                double *seconds, struct er_error *err)
{
    const int64_t P = er_net_parameters(net->net), S = er_net_statistics(net->net);
    const int64_t outputs = train->n * er_net_outputs(net->net);
    double *x = er_wide_inputs(train), *w = er_alloc(2 * P + S, sizeof *w), *f = er_alloc(outputs, sizeof *f);
    enum er_status status = ER_OK;
    if (!x || !w || !f) {
        status = er_fail(err, ER_E_NOMEM, "linearise: out of memory for a calibration");
    } else {
        const struct er_finite_network network = {net->finite, w, S > 0 ? w + P : NULL};
        status = er_finite_initialise(net->finite, 0, w, S > 0 ? w + P : NULL, err);
        *seconds = HUGE_VAL;
        for (int i = 0; i < 3 && status == ER_OK; i++) {
            const double began = er_clock_s();
            status = er_finite_outputs(&network, train->n, x, f, NULL, err);
            if (status == ER_OK) status = er_finite_vjp(&network, train->n, x, f, w + P + S, NULL, err);
            *seconds = fmin(*seconds, er_clock_s() - began);
        }
    }
    er_free(x);
    er_free(w);
    er_free(f);
    return status;
}

static enum er_status add_run(const struct er_point *point, const struct er_split *split, double *cost,
                              double *most, struct er_error *err)
{
    struct er_linearise_spec spec = er_linearise_spec(point);
    const int64_t steps = spec.steps;
    const double bytes = er_linearise_run_bytes(point, split), began = er_clock_s();
    struct er_spread_result result = {.outcome = ""};
    struct er_wide_net net = {0};
    double seconds = 0;
    *most = fmax(*most, bytes);
    enum er_status status = er_memory_check(bytes, "linearise: kernels of a run", err);
    spec.steps = 1;
    spec.rate = fmin(spec.rate, 1e-3); /* one that overflows takes as long */
    if (status == ER_OK) status = er_linearise_net(point, &split->train, &net, err);
    if (status == ER_OK) status = er_linearise_run(&spec, &net, split, NULL, &result, err);
    *cost = er_clock_s() - began;
    if (status == ER_OK) status = try_steps(&net, &split->train, &seconds, err);
    *cost += (double)(steps - 1) * seconds;
    er_free(result.curve[0]);
    er_wide_net_clear(&net);
    return status;
}

/* The run before run i of a group that takes as long, or -1. */
static int64_t seen_before(const struct er_point *point, const struct er_data_group *group, int64_t i)
{
    const struct er_point *p = &point[group->run[i]];
    const struct er_linearise_spec spec = er_linearise_spec(p);
    for (int64_t j = 0; j < i; j++) {
        const struct er_point *q = &point[group->run[j]];
        const struct er_linearise_spec other = er_linearise_spec(q);
        if (other.steps == spec.steps && other.infinite == spec.infinite &&
            er_point_integer(p, "linearise.width", 0) == er_point_integer(q, "linearise.width", 0) &&
            strcmp(er_point_text(p, "model", ""), er_point_text(q, "model", "")) == 0)
            return group->run[j];
    }
    return -1;
}

enum er_status er_linearise_estimate(const struct er_point *point, int64_t n,
                                     const struct er_data_places *places, struct er_pool *pool,
                                     const struct er_progress *progress, struct er_estimate *out,
                                     struct er_error *err)
{
    struct er_data_groups groups;
    double *cost = er_alloc(n, sizeof *cost), most = 0;
    if (!cost) return er_fail(err, ER_E_NOMEM, "linearise: out of memory for %lld runs", (long long)n);
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status == ER_OK) {
        for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
            const struct er_data_group *group = &groups.group[g];
            status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
            for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
                const int64_t run = group->run[i], seen = seen_before(point, group, i);
                if (seen >= 0)
                    cost[run] = cost[seen];
                else if (er_progress_stopped(progress))
                    status = er_fail(err, ER_E_STOPPED, "linearise: interrupted");
                else
                    status = add_run(&point[run], &group->split, &cost[run], &most, err);
            }
            er_data_groups_release(&groups, g, g + 1);
        }
        er_data_groups_clear(&groups);
    }
    if (status == ER_OK) er_spread_estimate(n, cost, 1, most, pool, out);
    er_free(cost);
    return status;
}
