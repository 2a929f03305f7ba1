/* kernel_estimate.c - runs that share kernel matrices are a kind. */
#include "experiments/kernel_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "data/dataset.h"
#include "experiments/data_groups.h"
#include "experiments/kernel_keys.h"
#include "experiments/kernel_matrices.h"
#include "experiments/kernel_predict.h"
#include "math/cholesky.h"

#include <ermine/memory.h>
#include <inttypes.h>

enum { FIRST_TRIED = 4, MOST_TRIED = 256, FACTORED = 512, SEARCHED = 100 };

static const double LONG_ENOUGH = 0.05; /* seconds of a trial */

struct estimating {
    const struct er_point *point;
    struct er_pool *pool;
    const struct er_progress *progress;
    double flop_seconds; /* of linear algebra */
    bool *taken;
    struct er_estimate *out;
};

/* Seconds of a flop of a Cholesky factor on the pool. */
static enum er_status time_factor(struct estimating *e, struct er_error *err)
{
    int64_t pivot;
    double *a = er_alloc(FACTORED, FACTORED * sizeof *a);
    if (!a) return er_fail(err, ER_E_NOMEM, "kernel: out of memory for a calibration");
    for (int64_t i = 0; i < FACTORED; i++) a[i * FACTORED + i] = 1;
    const double began = er_clock_s();
    const enum er_status status = er_cholesky(FACTORED, a, &pivot, e->pool, e->progress, err);
    e->flop_seconds = (er_clock_s() - began) / ((double)FACTORED * FACTORED * FACTORED / 3);
    er_free(a);
    return status;
}

/* Seconds of an entry, and of what is made of a point alone. */
struct unit_times {
    double entry, point;
};

/* The kernel of the first few training examples. Returns its seconds in *seconds. */
static enum er_status time_some(const struct er_limit *limit, int64_t some, const double *x, bool ntk,
                                struct er_pool *pool, const struct er_progress *progress,
                                struct unit_times *out, double *seconds, struct er_error *err)
{
    struct er_limit_points *points = NULL;
    double *k = er_alloc(2 * some * some, sizeof *k);
    if (!k) return er_fail(err, ER_E_NOMEM, "kernel: out of memory for a calibration");
    const double began = er_clock_s();
    enum er_status status = er_limit_points_new(limit, some, x, true, pool, progress, &points, err);
    const double between = er_clock_s();
    if (status == ER_OK)
        status = er_limit_kernel(points, NULL, k, ntk ? k + some * some : NULL, pool, progress, err);
    *seconds = er_clock_s() - between;
    out->point = (between - began) / (double)some;
    out->entry = *seconds / ((double)some * ((double)some + 1) / 2);
    er_limit_points_free(points);
    er_free(k);
    return status;
}

static enum er_status time_units(const struct estimating *e, const struct er_limit *limit,
                                 const struct er_dataset *train, bool ntk, struct unit_times *out,
                                 struct er_error *err)
{
    const int64_t d = er_limit_inputs(limit), most = train->n < MOST_TRIED ? train->n : MOST_TRIED;
    double *x = er_alloc(most * d, sizeof *x), seconds = 0;
    enum er_status status = x ? ER_OK : er_fail(err, ER_E_NOMEM, "kernel: out of memory for a calibration");
    for (int64_t i = 0; x && i < most * d; i++) x[i] = (double)train->x[i];
    for (int64_t some = most < FIRST_TRIED ? most : FIRST_TRIED; status == ER_OK;
         some = 2 * some < most ? 2 * some : most) {
        status = time_some(limit, some, x, ntk, e->pool, e->progress, out, &seconds, err);
        if (seconds >= LONG_ENOUGH || some == most) break;
    }
    er_free(x);
    return status;
}

/* Runs that share with run `first` of a group. */
static enum er_status add_kind(struct estimating *e, const struct er_data_group *group, int64_t first,
                               struct er_error *err)
{
    const struct er_point *point = &e->point[group->run[first]];
    const int64_t n = group->split.train.n, m = group->split.test.n, o = group->split.train.classes;
    struct er_kernel_request request = er_kernel_keys_request(point);
    struct er_limit *limit = NULL;
    struct unit_times times = {0};
    double bytes = 0, flops = 0;
    bool ntk = false, rows = true;
    for (int64_t i = first; i < group->n; i++) {
        const struct er_point *other = &e->point[group->run[i]];
        if (e->taken[group->run[i]] || !er_kernel_keys_share(point, other)) continue;
        const struct er_kernel_request its = er_kernel_keys_request(other);
        const double own = er_kernel_predict_bytes(&its, n, m, o);
        e->taken[group->run[i]] = true;
        ntk |= its.ntk;
        rows &= its.gradients && !its.spectrum;
        flops += er_kernel_predict_flops(&its, n, m, o);
        bytes = own > bytes ? own : bytes;
    }
    request.limit.ntk = ntk;
    enum er_status status =
        er_kernel_keys_limit(point, group->split.train.shape, &request.limit, &limit, err);
    if (status != ER_OK) return status;
    bytes += er_kernel_matrices_bytes(limit, n, m, ntk, rows, er_pool_threads(e->pool));
    if (bytes > (double)e->out->memory)
        status = er_fail(err, ER_E_NOMEM,
                         "kernel: runs on %" PRId64 " and %" PRId64
                         " examples take %.1f GB of memory, %.1f GB are available",
                         n, m, bytes / 1e9, (double)e->out->memory / 1e9);
    if (status == ER_OK) status = time_units(e, limit, &group->split.train, ntk, &times, err);
    const double searched =
        request.tune ? SEARCHED * (times.point * (double)n + times.entry * (double)n * (double)n / 2 +
                                   e->flop_seconds * (double)n * (double)n * (double)n / 3)
                     : 0;
    e->out->seconds += times.point * (double)(n + m) + times.entry * er_kernel_matrices_entries(n, m) +
                       flops * e->flop_seconds + searched;
    e->out->ensembles++;
    const double disk =
        rows || er_kernel_matrices_worth(limit, n, m) ? er_kernel_matrices_file_bytes(limit, n, m, ntk) : 0;
    if (disk > (double)e->out->work_bytes) e->out->work_bytes = (size_t)disk;
    if (bytes > (double)e->out->run_bytes) e->out->run_bytes = (size_t)bytes;
    er_limit_free(limit);
    return status;
}

enum er_status er_kernel_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err)
{
    struct er_data_groups groups = {0};
    struct estimating e = {.point = point, .pool = pool, .progress = progress, .out = out};
    *out = (struct er_estimate){.at_once = 1, .memory = er_memory_available()};
    e.taken = er_alloc(n, sizeof *e.taken);
    enum er_status status = e.taken
                                ? er_data_groups_new(point, n, &groups, err)
                                : er_fail(err, ER_E_NOMEM, "kernel: out of memory for %" PRId64 " runs", n);
    if (status == ER_OK) status = time_factor(&e, err);
    for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
        const struct er_data_group *group = &groups.group[g];
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        const size_t data = er_dataset_bytes(&group->split.train) + er_dataset_bytes(&group->split.test);
        if (data > out->data_bytes) out->data_bytes = data;
        for (int64_t i = 0; i < group->n && status == ER_OK; i++)
            if (!e.taken[group->run[i]]) status = add_kind(&e, group, i, err);
        er_data_groups_release(&groups, g, g + 1);
    }
    er_data_groups_clear(&groups);
    er_free(e.taken);
    return status;
}
