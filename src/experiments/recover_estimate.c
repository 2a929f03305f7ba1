/* recover_estimate.c - see recover_estimate.h. */
#include "experiments/recover_estimate.h"

#include "core/available.h"
#include "experiments/matrix_groups.h"
#include "experiments/recover_tables.h"
#include "experiments/run_spread.h"

#include <ermine/memory.h>
#include <math.h>

/* From so many observations or entries on a run's work is split, and from so many observations on it has all
 * threads. */
enum { SPLIT_OBSERVED = 2000, SPLIT_ENTRIES = 40000, ALONE_OBSERVED = 20000 };

bool er_recover_is_large(const struct er_point *point, const struct er_recovery *problem, int64_t runs,
                         int threads)
{
    (void)point;
    if (problem->n > ALONE_OBSERVED) return true;
    return runs < threads &&
           (problem->n > SPLIT_OBSERVED || problem->rows * problem->columns > SPLIT_ENTRIES);
}

enum er_status er_recover_estimate(const struct er_point *point, int64_t n,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_estimate *out,
                                   struct er_error *err)
{
    const int threads = er_pool_threads(pool);
    struct er_matrix_groups groups = {0};
    double *cost = er_alloc(n, sizeof *cost), large = 0, bytes = 0, data = 0, flop = 0;
    int64_t made = -1;
    enum er_status status =
        cost ? er_matrix_groups_new(point, n, er_recover_keys_centre, &groups, err)
             : er_fail(err, ER_E_NOMEM, "recover: out of memory for %lld runs", (long long)n);
    if (status == ER_OK) flop = er_method_flop_seconds(pool);
    for (int64_t g = 0; g < groups.n && status == ER_OK; g++) {
        status = er_progress_stopped(progress)
                     ? er_fail(err, ER_E_STOPPED, "recover: interrupted")
                     : er_matrix_groups_like(&groups, point, places, g, pool, &made, err);
        if (status != ER_OK) break;
        const struct er_recovery *problem = &groups.group[made].problem;
        data = fmax(data, er_recovery_bytes(problem));
        for (int64_t i = 0; i < groups.group[g].n && status == ER_OK; i++) {
            const int64_t run = groups.group[g].run[i];
            const struct er_method_spec spec = er_recover_keys_spec(&point[run]);
            const double seconds = flop * er_method_flops(problem, &spec),
                         taken = er_method_bytes(problem, &spec);
            if (er_recover_is_large(&point[run], problem, n, threads))
                large += seconds / threads;
            else
                cost[run] = seconds;
            bytes = fmax(bytes, taken);
            status = er_memory_check(taken, "recover: a run", err);
        }
    }
    if (status == ER_OK) {
        er_spread_estimate(n, cost, 1, bytes, pool, out);
        out->seconds += large;
        out->data_bytes = (size_t)data;
    }
    er_matrix_groups_clear(&groups);
    er_free(cost);
    return status;
}
