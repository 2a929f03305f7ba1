/* ensemble.c - blocks of test examples as tasks of a pool. */
#include "limit/ensemble.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

enum { ROWS = 64 }; /* test examples of a task */

struct work {
    const struct er_ensemble *e;
    double *influence, *moved; /* B and M: of all rows, or of one block a worker */
    double *scratch;           /* ROWS x n a worker */
    double *variance;          /* NULL: the matrices are wanted whole */
    struct er_task_count count;
};

void er_clip_variances(int64_t m, double *variance, int64_t *clipped)
{
    int64_t below = 0;
    for (int64_t i = 0; i < m; i++) {
        if (!(variance[i] < 0)) continue;
        variance[i] = 0;
        below++;
    }
    if (clipped) *clipped = below;
}

static void block_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    const struct er_ensemble *e = w->e;
    const int64_t n = e->n, row = task * ROWS, rows = er_least(ROWS, e->m - row);
    const int64_t at = w->variance ? (int64_t)worker * ROWS * n : row * n;
    double *b = w->influence + at, *moved = w->moved + at;
    if (er_task_count_stopped(&w->count)) return;
    memcpy(b, e->theta_test + row * n, (size_t)(rows * n) * sizeof *b);
    memcpy(moved, e->k_test + row * n, (size_t)(rows * n) * sizeof *moved);
    e->influence(e->of, rows, b, w->scratch + (int64_t)worker * ROWS * n);
    const struct er_product product = {
        .m = rows, .n = n, .k = n, .factor = 1, .a = b, .b = e->k_train, .keep = -2, .c = moved};
    er_product_here(&product);
    for (int64_t i = 0; w->variance && i < rows; i++) {
        double sum = 0;
        for (int64_t j = 0; j < n; j++) sum += moved[i * n + j] * b[i * n + j];
        w->variance[row + i] += sum;
    }
    er_task_count_add(&w->count, (double)rows * (e->flops + 2 * (double)n * (double)n));
}

static enum er_status open_work(struct work *w, const struct er_ensemble *e, double *variance,
                                struct er_pool *pool, struct er_error *err)
{
    const int64_t block = (int64_t)er_pool_threads(pool) * ROWS * e->n, room = variance ? block : e->m * e->n;
    *w = (struct work){.e = e, .variance = variance};
    if (e->m < 1) return er_fail(err, ER_E_USAGE, "ensemble: needs at least 1 test example");
    w->influence = er_alloc(room, sizeof *w->influence);
    w->moved = er_alloc(room, sizeof *w->moved);
    w->scratch = er_alloc(block, sizeof *w->scratch);
    if (w->influence && w->moved && w->scratch) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "ensemble: out of memory for %" PRId64 " test examples", e->m);
}

static void close_work(struct work *w)
{
    er_free(w->influence);
    er_free(w->moved);
    er_free(w->scratch);
}

static double block_flops(const struct er_ensemble *e)
{
    return (double)e->m * (e->flops + 2 * (double)e->n * (double)e->n);
}

enum er_status er_ensemble_variances(const struct er_ensemble *e, double *variance, int64_t *clipped,
                                     struct er_pool *pool, const struct er_progress *progress,
                                     struct er_error *err)
{
    struct work w;
    enum er_status status = open_work(&w, e, variance, pool, err);
    if (status == ER_OK) {
        er_task_count_open(&w.count, progress, block_flops(e));
        er_pool_run(pool, (e->m + ROWS - 1) / ROWS, block_task, &w);
        status = er_task_count_close(&w.count, "variances of the ensemble", err);
    }
    close_work(&w);
    if (status == ER_OK) status = er_check_finite(e->m, variance, "variances of the ensemble", err);
    if (status == ER_OK) er_clip_variances(e->m, variance, clipped);
    return status;
}

enum er_status er_ensemble_covariance(const struct er_ensemble *e, double *covariance, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_error *err)
{
    struct work w;
    const int64_t m = e->m;
    enum er_status status = open_work(&w, e, NULL, pool, err);
    if (status == ER_OK) {
        er_task_count_open(&w.count, progress, block_flops(e) + 2 * (double)m * (double)m * (double)e->n);
        er_pool_run(pool, (m + ROWS - 1) / ROWS, block_task, &w);
        const struct er_product product = {.m = m,
                                           .n = m,
                                           .k = e->n,
                                           .factor = 1,
                                           .a = w.moved,
                                           .b = w.influence,
                                           .transposed = true,
                                           .keep = 1,
                                           .c = covariance};
        er_product_run(&product, pool, &w.count);
        status = er_task_count_close(&w.count, "covariance of the ensemble", err);
    }
    close_work(&w);
    if (status != ER_OK) return status;
    er_symmetrise(m, covariance);
    return er_check_finite(m * m, covariance, "covariance of the ensemble", err);
}
