/* lazy_estimate.c - runs of the same examples, inputs and units are a kind. Of each some steps are tried, as many as make
 * about TRIED additions and multiplications; the records of the curve, some dozens, come on top and are not counted.
 */
#include "experiments/lazy_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/lazy_keys.h"
#include "experiments/lazy_network.h"
#include "experiments/lazy_run.h"

#include <ermine/memory.h>
#include <ermine/regression.h>
#include <inttypes.h>
#include <math.h>

static const double TRIED = 2e8;

/* What runs of one kind have in common, and a step's seconds. */
struct kind {
    int64_t n, d, units;
    double seconds;
};

static enum er_status try_steps(const struct er_regression *train, int64_t units, double *seconds,
                                struct er_error *err)
{
    const double operations = 8 * (double)train->n * (double)train->d * (double)units;
    const int64_t steps = 1 + (int64_t)fmin(1000, TRIED / operations);
    struct er_lazy_network network;
    enum er_status status = er_lazy_network_new(train->d, units, 1, false, 0, &network, err);
    if (status != ER_OK) return status;
    double *f = er_alloc(train->n, sizeof *f),
           *hidden = er_alloc(er_lazy_hidden_size(&network, train->n), sizeof *hidden);
    if (f && hidden) {
        const double began = er_clock_s();
        for (int64_t t = 0; t < steps; t++) {
            er_lazy_network_outputs(&network, train->n, train->x, hidden, f);
            for (int64_t i = 0; i < train->n; i++) f[i] = 1e-9 * (f[i] - train->y[i]);
            er_lazy_network_move(&network, train->n, train->x, f, hidden);
        }
        *seconds = (er_clock_s() - began) / (double)steps;
    } else {
        status = er_fail(err, ER_E_NOMEM, "lazy: out of memory for a calibration");
    }
    er_free(f);
    er_free(hidden);
    er_lazy_network_clear(&network);
    return status;
}

/* Seconds of a step of a run: of a kind that was seen, or of a new one, which is tried. */
static enum er_status step_of(struct er_estimate *out, struct kind *seen, int64_t units,
                              const struct er_regression *train, double *seconds, struct er_error *err)
{
    for (int64_t i = 0; i < out->ensembles; i++)
        if (seen[i].n == train->n && seen[i].d == train->d && seen[i].units == units) {
            *seconds = seen[i].seconds;
            return ER_OK;
        }
    const enum er_status status = try_steps(train, units, seconds, err);
    if (status == ER_OK) seen[out->ensembles++] = (struct kind){train->n, train->d, units, *seconds};
    return status;
}

static enum er_status add_group(struct er_estimate *out, struct kind *seen, const struct er_point *point,
                                const struct er_data_group *group, const struct er_data_places *places,
                                int threads, struct er_error *err)
{
    const struct er_point *first = &point[group->run[0]];
    const struct er_data_spec data = er_data_keys_spec(first);
    struct er_regression_split split;
    struct er_error why = {0};
    double sum = 0, longest = 0;
    enum er_status status = er_regression_open(&data, places, &split, &why);
    if (status != ER_OK) return er_data_keys_fail(first, &why, err);
    const int64_t n = split.train.n, m = split.test.n, d = split.train.d;
    for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
        const struct er_lazy_spec spec = er_lazy_keys_spec(&point[group->run[i]]);
        double seconds = 0;
        const double bytes = er_lazy_run_bytes(&spec, n, m, d);
        status = er_lazy_keys_fit(first, split.train.k, err);
        if (status == ER_OK) status = er_memory_check(bytes, "lazy: outputs and kernels of a run", err);
        if (status == ER_OK) status = step_of(out, seen, spec.units, &split.train, &seconds, err);
        sum += seconds * (double)spec.steps;
        longest = fmax(longest, seconds * (double)spec.steps);
        out->run_bytes = (size_t)fmax((double)out->run_bytes, bytes);
    }
    const int64_t at_once = group->n < threads ? group->n : threads;
    out->at_once = at_once > out->at_once ? at_once : out->at_once;
    out->seconds += fmax(longest, sum / (double)at_once);
    out->data_bytes = (size_t)fmax((double)out->data_bytes, (double)((n + m) * (d + 2)) * sizeof(double));
    er_regression_split_clear(&split);
    return status;
}

enum er_status er_lazy_estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                                struct er_pool *pool, const struct er_progress *progress,
                                struct er_estimate *out, struct er_error *err)
{
    struct er_data_groups groups;
    struct er_estimate e = {.memory = er_memory_available()};
    struct kind *seen = er_alloc(n, sizeof *seen);
    if (!seen) return er_fail(err, ER_E_NOMEM, "lazy: out of memory for %" PRId64 " runs", n);
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status == ER_OK) {
        for (int64_t g = 0; g < groups.n && status == ER_OK; g++)
            status = er_progress_stopped(progress)
                         ? er_fail(err, ER_E_STOPPED, "lazy: interrupted")
                         : add_group(&e, seen, point, &groups.group[g], places, er_pool_threads(pool), err);
        er_data_groups_clear(&groups);
    }
    er_free(seen);
    if (status == ER_OK) *out = e;
    return status;
}
