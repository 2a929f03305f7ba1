/* wide_estimate.c - a run's time is that of its networks, as flops are counted, and of their normal numbers; of both a few
 * are tried once. Exact kernels are left out: there is one of them beside many.
 */
#include "experiments/wide_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/run_spread.h"
#include "experiments/wide_net.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

double er_wide_bytes(const struct er_point *point, const struct er_dataset *train)
{
    const struct er_empirical_options options = {0};
    struct er_wide_net net = {0};
    const double n = (double)train->n;
    double doubles = 0, bytes = 0;
    if (er_wide_net_open(point, "wide.width", train->shape, train->classes, &net, NULL) == ER_OK) {
        const double draws = (double)er_point_integer(point, "wide.draws", 1000);
        doubles = 8 * n * n + n * (double)er_net_inputs(net.net) + 3 * (double)er_net_parameters(net.net) +
                  n * draws * (double)er_net_outputs(net.net);
        bytes = er_empirical_plan(net.finite, train->n, 0, &options, 1).bytes;
    }
    er_wide_net_clear(&net);
    return doubles * sizeof(double) + bytes;
}

/* Seconds of one network's kernels, and of another's outputs. */
static enum er_status try_network(const struct er_wide_net *net, const struct er_dataset *train,
                                  double seconds[2], struct er_error *err)
{
    const int64_t n = train->n, P = er_net_parameters(net->net), S = er_net_statistics(net->net);
    double *x = er_wide_inputs(train), *w = er_alloc(P + S, sizeof *w);
    double *f = er_alloc(n * er_net_outputs(net->net), sizeof *f), *theta = er_alloc(n * n, sizeof *theta);
    enum er_status status = ER_OK;
    if (!x || !w || !f || !theta) {
        status = er_fail(err, ER_E_NOMEM, "wide: out of memory for a calibration");
    } else {
        const struct er_finite_network network = {net->finite, w, S > 0 ? w + P : NULL};
        const struct er_sampled_kernels out = {.theta = theta};
        const double began = er_clock_s();
        status = er_sampled_kernel(net->finite, n, x, 0, NULL, &(struct er_sampled_options){.networks = 1},
                                   &out, NULL, NULL, err);
        const double between = er_clock_s();
        if (status == ER_OK) status = er_finite_initialise(net->finite, 0, w, S > 0 ? w + P : NULL, err);
        if (status == ER_OK) status = er_finite_outputs(&network, n, x, f, NULL, err);
        seconds[0] = between - began;
        seconds[1] = er_clock_s() - between;
    }
    er_free(x);
    er_free(w);
    er_free(f);
    er_free(theta);
    return status;
}

/* Seconds of one network of a run; and the most bytes of a run so far. */
static enum er_status try_run(const struct er_point *point, const struct er_dataset *train, double seconds[2],
                              double *most, struct er_error *err)
{
    struct er_wide_net net = {0};
    const double bytes = er_wide_bytes(point, train);
    *most = fmax(*most, bytes);
    enum er_status status = er_memory_check(bytes, "wide: kernels and outputs of a run", err);
    if (status == ER_OK)
        status = er_wide_net_open(point, "wide.width", train->shape, train->classes, &net, err);
    if (status == ER_OK) status = try_network(&net, train, seconds, err);
    er_wide_net_clear(&net);
    return status;
}

/* The run before run i of a group that has the same network, or -1. */
static int64_t seen_before(const struct er_point *point, const struct er_data_group *group, int64_t i)
{
    const struct er_point *p = &point[group->run[i]];
    for (int64_t j = 0; j < i; j++) {
        const struct er_point *q = &point[group->run[j]];
        if (er_point_integer(p, "wide.width", 0) == er_point_integer(q, "wide.width", 0) &&
            strcmp(er_point_text(p, "model", ""), er_point_text(q, "model", "")) == 0)
            return group->run[j];
    }
    return -1;
}

/* cost[n + 2 r], cost[n + 2 r + 1]: seconds of a network of run r, as above. */
static enum er_status add_group(const struct er_point *point, int64_t n, const struct er_data_group *group,
                                const struct er_progress *progress, double *cost, double *most,
                                struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
        const int64_t run = group->run[i], seen = seen_before(point, group, i);
        double *seconds = cost + n + 2 * run;
        if (seen >= 0)
            memcpy(seconds, cost + n + 2 * seen, 2 * sizeof *seconds);
        else if (er_progress_stopped(progress))
            status = er_fail(err, ER_E_STOPPED, "wide: interrupted");
        else
            status = try_run(&point[run], &group->split.train, seconds, most, err);
        cost[run] = seconds[0] * (double)er_point_integer(&point[run], "wide.networks", 16) +
                    seconds[1] * (double)er_point_integer(&point[run], "wide.draws", 1000);
    }
    return status;
}

enum er_status er_wide_estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                                struct er_pool *pool, const struct er_progress *progress,
                                struct er_estimate *out, struct er_error *err)
{
    struct er_data_groups groups;
    double *cost = er_alloc(3 * n, sizeof *cost), most = 0;
    if (!cost) return er_fail(err, ER_E_NOMEM, "wide: out of memory for %lld runs", (long long)n);
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status == ER_OK) {
        for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
            status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
            if (status == ER_OK) status = add_group(point, n, &groups.group[g], progress, cost, &most, err);
            er_data_groups_release(&groups, g, g + 1);
        }
        er_data_groups_clear(&groups);
    }
    if (status == ER_OK) er_spread_estimate(n, cost, 1, most, pool, out);
    er_free(cost);
    return status;
}
