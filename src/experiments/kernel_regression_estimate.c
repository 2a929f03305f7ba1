/* kernel_regression_estimate.c - runs of the same sizes take the same memory and time: a kind. Time is that of a
 * kernel matrix and of a Cholesky factor of a few examples, scaled by flops.
 */
#include "experiments/kernel_regression_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "data/dataset.h"
#include "experiments/data_groups.h"
#include "experiments/kernel_fit.h"
#include "experiments/kernel_regression_keys.h"
#include "experiments/targets.h"
#include "math/cholesky.h"
#include "math/gram.h"

#include <ermine/memory.h>
#include <inttypes.h>

enum { TRIED = 1024 };

/* What a split comes to. */
struct sizes {
    int64_t n, m, d, k;
};

/* Seconds a flop of kernel matrices (of n points: n^2 d) and of factors (n^3 / 3) of this kind. */
static enum er_status calibrate(const struct er_point *point, const struct er_dataset *train,
                                struct er_pool *pool, const struct er_progress *progress, double *matrix,
                                double *factor, struct er_error *err)
{
    const int64_t n = train->n < TRIED ? train->n : TRIED, d = er_shape_size(train->shape);
    const struct er_kernel kernel = er_kernel_regression_keys_kernel(point);
    double *K = er_alloc(n * n, sizeof *K);
    if (!K) return er_fail(err, ER_E_NOMEM, "kernel-regression: out of memory for a calibration");
    const double began = er_clock_s();
    enum er_status status = er_gram(&kernel, n, d, train->x, K, pool, progress, err);
    const double between = er_clock_s();
    for (int64_t i = 0; i < n * n; i++) K[i] = i % (n + 1) == 0; /* a matrix that has a factor */
    const double again = er_clock_s();
    int64_t pivot;
    if (status == ER_OK) status = er_cholesky(n, K, &pivot, pool, progress, err);
    *matrix = (between - began) / ((double)n * (double)n * (double)d);
    *factor = (er_clock_s() - again) / ((double)n * (double)n * (double)n / 3);
    er_free(K);
    return status;
}

static struct sizes sizes_of(const struct er_split *split)
{
    return (struct sizes){.n = split->train.n,
                          .m = split->test.n,
                          .d = er_shape_size(split->train.shape),
                          .k = er_targets_of(split->train.classes)};
}

static enum er_status add(struct er_estimate *out, const struct er_point *point,
                          const struct er_data_group *group, struct er_pool *pool,
                          const struct er_progress *progress, struct er_error *err)
{
    const struct sizes s = sizes_of(&group->split);
    const double n = (double)s.n, bytes = er_kernel_fit_bytes(s.n, s.d, s.k, er_pool_threads(pool));
    const size_t data = er_dataset_bytes(&group->split.train) + er_dataset_bytes(&group->split.test);
    double matrix = 0, factor = 0;
    if (bytes > (double)out->memory)
        return er_fail(err, ER_E_NOMEM,
                       "kernel-regression: a run on %" PRId64
                       " examples takes %.1f GB of memory, %.1f GB are available",
                       s.n, bytes / 1e9, (double)out->memory / 1e9);
    enum er_status status = calibrate(point, &group->split.train, pool, progress, &matrix, &factor, err);
    out->seconds +=
        (double)group->n * (matrix * n * (double)s.d * (n + 2 * (double)s.m) + factor * n * n * n * 2 / 3);
    if (bytes > (double)out->run_bytes) out->run_bytes = (size_t)bytes;
    if (data > out->data_bytes) out->data_bytes = data;
    return status;
}

enum er_status er_kernel_regression_estimate(const struct er_point *point, int64_t n,
                                             const struct er_data_places *places, struct er_pool *pool,
                                             const struct er_progress *progress, struct er_estimate *out,
                                             struct er_error *err)
{
    struct er_data_groups groups;
    struct sizes *seen = er_alloc(n, sizeof *seen);
    if (!seen) return er_fail(err, ER_E_NOMEM, "kernel-regression: out of memory for %" PRId64 " runs", n);
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) goto done;
    *out = (struct er_estimate){.at_once = 1, .memory = er_memory_available()};
    for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
        const struct er_data_group *group = &groups.group[g];
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        if (status == ER_OK) status = add(out, &point[group->run[0]], group, pool, progress, err);
        if (status == ER_OK) {
            const struct sizes s = sizes_of(&group->split);
            int64_t i = 0;
            while (i < out->ensembles && (seen[i].n != s.n || seen[i].m != s.m || seen[i].d != s.d)) i++;
            if (i == out->ensembles) seen[out->ensembles++] = s;
        }
        er_data_groups_release(&groups, g, g + 1);
    }
    er_data_groups_clear(&groups);
done:
    er_free(seen);
    return status;
}
