/* memorise_estimate.c - runs on splits of the same sizes are a kind. Making the network and summing its units for every
 * training example take n^2 k operations each, projecting the examples (n + m) d: tried on points of a line, which are all
 * apart.
 */
#include "experiments/memorise_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "data/dataset.h"
#include "experiments/data_groups.h"
#include "experiments/memorise_network.h"
#include "experiments/targets.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { TRIED = 1024, TRIED_TARGETS = 4, PROJECTED = 1 << 16 };

/* What a split comes to. */
struct sizes {
    int64_t n, m, d, k;
};

static struct sizes sizes_of(const struct er_split *split)
{
    return (struct sizes){.n = split->train.n,
                          .m = split->test.n,
                          .d = er_shape_size(split->train.shape),
                          .k = er_targets_of(split->train.classes)};
}

double er_memorise_run_bytes(const struct er_split *split)
{
    const struct sizes s = sizes_of(split);
    const double n = (double)s.n, k = (double)s.k, of_network = (double)s.d + n * (1 + 3 * k),
                 most = fmax(n, (double)s.m);
    return (of_network + 2 * n + n * k + most * k) * sizeof(double);
}

/* Seconds of n = k = 1 and of d = 1. */
static enum er_status try_network(double *pair, double *number, const struct er_progress *progress,
                                  struct er_error *err)
{
    struct er_memorise m = {0};
    struct er_memorise_tie tie = {0};
    float *x = er_alloc(PROJECTED, sizeof *x);
    double *y = er_alloc((int64_t)TRIED * TRIED_TARGETS, sizeof *y), out[TRIED_TARGETS];
    double *a = er_alloc(PROJECTED, sizeof *a);
    enum er_status status = ER_OK;
    if (!x || !y || !a) {
        status = er_fail(err, ER_E_NOMEM, "memorise: out of memory for a calibration");
        goto done;
    }
    for (int64_t i = 0; i < TRIED; i++) x[i] = (float)i;
    const double began = er_clock_s();
    status = er_memorise_new(TRIED, 1, TRIED_TARGETS, x, y, 0, progress, &tie, &m, err);
    for (int64_t i = 0; i < TRIED && status == ER_OK && !tie.tied; i++)
        er_memorise_sum(&m, er_memorise_project(&m, x + i), out);
    *pair = (er_clock_s() - began) / ((double)TRIED * TRIED * TRIED_TARGETS);
    er_memorise_clear(&m);
    const struct er_memorise wide = {.d = PROJECTED, .a = a};
    const double again = er_clock_s();
    (void)er_memorise_project(&wide, x);
    *number = (er_clock_s() - again) / PROJECTED;
done:
    er_free(a);
    er_free(x);
    er_free(y);
    return status;
}

/* Adds the runs of a group, whose split is loaded. */
static void add(struct er_estimate *out, struct sizes *seen, const struct er_data_group *group, int threads,
                double pair, double number)
{
    const struct sizes s = sizes_of(&group->split);
    const double n = (double)s.n, bytes = er_memorise_run_bytes(&group->split);
    const size_t data = er_dataset_bytes(&group->split.train) + er_dataset_bytes(&group->split.test);
    const int64_t at_once = group->n < threads ? group->n : threads,
                  waves = (group->n + at_once - 1) / at_once;
    const double run = pair * n * n * (double)s.k + number * (2 * n + (double)s.m) * (double)s.d;
    int64_t i = 0;
    while (i < out->ensembles &&
           (seen[i].n != s.n || seen[i].m != s.m || seen[i].d != s.d || seen[i].k != s.k))
        i++;
    if (i == out->ensembles) seen[out->ensembles++] = s;
    out->seconds += run * (double)waves;
    if (bytes > (double)out->run_bytes) out->run_bytes = (size_t)bytes;
    if (data > out->data_bytes) out->data_bytes = data;
    if (at_once > out->at_once) out->at_once = at_once;
}

enum er_status er_memorise_estimate(const struct er_point *point, int64_t n,
                                    const struct er_data_places *places, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_estimate *out,
                                    struct er_error *err)
{
    struct er_data_groups groups;
    struct er_estimate e = {.memory = er_memory_available()};
    double pair = 0, number = 0;
    struct sizes *seen = er_alloc(n, sizeof *seen);
    if (!seen) return er_fail(err, ER_E_NOMEM, "memorise: out of memory for %" PRId64 " runs", n);
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status == ER_OK) {
        status = try_network(&pair, &number, progress, err);
        for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
            status = er_progress_stopped(progress)
                         ? er_fail(err, ER_E_STOPPED, "memorise: interrupted")
                         : er_data_groups_load(&groups, point, places, g, 1, &next, err);
            if (status == ER_OK) add(&e, seen, &groups.group[g], er_pool_threads(pool), pair, number);
            er_data_groups_release(&groups, g, g + 1);
        }
        er_data_groups_clear(&groups);
    }
    er_free(seen);
    if (status == ER_OK) *out = e;
    return status;
}
