/* row_regression.c - see row_regression.h: rows across are gathered into a block, so that normal equations are one product. */
#include "recovery/row_regression.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { GATHERED = 256, LINES = 16, AHEAD = 8, EIGEN_WORK = 34 };

/* A worker's: rows across and their values; the matrix, and a copy where Cholesky fails; the right side. */
struct room {
    double *v, *y, *matrix, *kept, *right, *work;
};

static struct room room_of(const struct er_row_regression *r, int worker)
{
    double *at = r->scratch + worker * r->per_worker;
    const int64_t k = r->rank;
    struct room room = {.v = at};
    room.y = room.v + GATHERED * k;
    room.matrix = room.y + GATHERED;
    room.kept = room.matrix + k * k;
    room.right = room.kept + k * k;
    room.work = room.right + k;
    return room;
}

enum er_status er_row_regression_open(struct er_row_regression *r, int64_t rank, double lambda, bool weighted,
                                      struct er_pool *pool, struct er_task_count *count, struct er_error *err)
{
    const int64_t one = (GATHERED + 2 * rank + EIGEN_WORK + 3) * rank + GATHERED;
    *r = (struct er_row_regression){.rank = rank,
                                    .lambda = lambda,
                                    .weighted = weighted,
                                    .per_worker = (one + 7) / 8 * 8,
                                    .pool = pool,
                                    .count = count};
    r->scratch = er_alloc(r->per_worker * er_pool_threads(pool), sizeof *r->scratch);
    return r->scratch ? ER_OK
                      : er_fail(err, ER_E_NOMEM, "regressions: out of memory for rank %" PRId64, rank);
}

void er_row_regression_close(struct er_row_regression *r)
{
    er_free(r->scratch);
    r->scratch = NULL;
}

struct run {
    const struct er_row_regression *r;
    const struct er_sparse_side *side;
    const double *value, *v;
    double *u, *squared;
};

/* Rows across and values of entries from .. to - 1. */
static void gather(const struct run *g, struct room *room, int64_t from, int64_t to)
{
    const struct er_sparse_side *side = g->side;
    const int64_t k = g->r->rank;
    for (int64_t e = from; e < to; e++) {
        if (e + AHEAD < to) __builtin_prefetch(g->v + side->across[e + AHEAD] * k);
        memcpy(room->v + (e - from) * k, g->v + side->across[e] * k, (size_t)k * sizeof *room->v);
        room->y[e - from] = g->value[er_sparse_place(side, e)];
    }
}

/* The solution of least norm of the matrix in `kept`, into `right`. */
static void solve_singular(int64_t k, struct room *room)
{
    const lapack_int n = (lapack_int)k;
    double *values = room->work, *turned = values + k;
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'L', n, room->kept, n, values, turned + k,
                           EIGEN_WORK * n) != 0) {
        for (int64_t i = 0; i < k; i++) room->right[i] = (double)NAN;
        return;
    }
    const double least = (double)k * DBL_EPSILON * values[k - 1];
    cblas_dgemv(CblasColMajor, CblasTrans, n, n, 1, room->kept, n, room->right, 1, 0, turned, 1);
    for (int64_t i = 0; i < k; i++) turned[i] = values[i] > least ? turned[i] / values[i] : 0;
    cblas_dgemv(CblasColMajor, CblasNoTrans, n, n, 1, room->kept, n, turned, 1, 0, room->right, 1);
}

static void solve(int64_t k, struct room *room)
{
    const lapack_int n = (lapack_int)k;
    double largest = 0, least = (double)INFINITY;
    memcpy(room->kept, room->matrix, (size_t)(k * k) * sizeof *room->kept);
    for (int64_t i = 0; i < k; i++) largest = fmax(largest, room->matrix[i * k + i]);
    const lapack_int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', n, room->matrix, n);
    for (int64_t i = 0; i < k; i++) least = fmin(least, room->matrix[i * k + i]);
    if (info == 0 && least * least > (double)k * DBL_EPSILON * largest) {
        cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, room->matrix, n, room->right,
                    1);
        cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, n, room->matrix, n, room->right, 1);
    } else {
        solve_singular(k, room);
    }
}

/* u = V^T (V V^T + lambda I)^-1 y of fewer entries than columns, all of them gathered: the smaller of two systems. */
static void solve_few(int64_t k, int64_t m, double lambda, struct room *room, double *u)
{
    const blasint columns = (blasint)k, entries = (blasint)m;
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, entries, columns, 1, room->v, columns, 0, room->matrix,
                entries);
    for (int64_t e = 0; e < m; e++) room->matrix[e * m + e] += lambda;
    memcpy(room->right, room->y, (size_t)m * sizeof *room->right);
    solve(m, room);
    cblas_dgemv(CblasColMajor, CblasNoTrans, columns, entries, 1, room->v, columns, room->right, 1, 0, u, 1);
}

/* u = (V^T V + lambda I)^-1 V^T y; the last block stays gathered. */
static void solve_many(const struct run *g, struct room *room, int64_t from, int64_t to, double lambda,
                       double *u)
{
    const int64_t k = g->r->rank;
    const blasint n = (blasint)k;
    memset(room->matrix, 0, (size_t)(k * k) * sizeof *room->matrix);
    memset(room->right, 0, (size_t)k * sizeof *room->right);
    for (int64_t at = from; at < to; at += GATHERED) {
        const int64_t end = at + GATHERED < to ? at + GATHERED : to;
        const blasint m = (blasint)(end - at);
        gather(g, room, at, end);
        cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, n, m, 1, room->v, n, 1, room->matrix, n);
        cblas_dgemv(CblasColMajor, CblasNoTrans, n, m, 1, room->v, n, room->y, 1, 1, room->right, 1);
    }
    for (int64_t c = 0; c < k; c++) room->matrix[c * k + c] += lambda;
    solve(k, room);
    memcpy(u, room->right, (size_t)k * sizeof *u);
}

static void solve_line(const struct run *g, struct room *room, int64_t i)
{
    const int64_t from = g->side->start[i], to = g->side->start[i + 1], k = g->r->rank;
    const double lambda = g->r->weighted ? g->r->lambda * (double)(to - from) : g->r->lambda;
    double *u = g->u + i * k, squared = 0;
    g->squared[i] = 0;
    memset(u, 0, (size_t)k * sizeof *u);
    if (from == to) return;
    if (to - from < k && to - from <= GATHERED) {
        gather(g, room, from, to);
        solve_few(k, to - from, lambda, room, u);
    } else {
        solve_many(g, room, from, to, lambda, u);
    }
    for (int64_t at = from; at < to; at += GATHERED) {
        const int64_t end = at + GATHERED < to ? at + GATHERED : to;
        if (to - from > GATHERED) gather(g, room, at, end);
        for (int64_t e = 0; e < end - at; e++) {
            const double left = room->y[e] - er_sparse_dot(k, u, room->v + e * k);
            squared += left * left;
        }
    }
    g->squared[i] = squared;
}

static void solve_lines(void *ctx, int64_t from, int64_t to, int worker)
{
    const struct run *g = ctx;
    const int64_t k = g->r->rank;
    struct room room = room_of(g->r, worker);
    if (g->r->count && er_task_count_stopped(g->r->count)) return;
    for (int64_t i = from; i < to; i++) solve_line(g, &room, i);
    if (g->r->count)
        er_task_count_add(g->r->count,
                          (double)(g->side->start[to] - g->side->start[from]) * (double)(k * (k + 5)) +
                              (double)(to - from) * (double)(k * k * k) / 3);
}

void er_row_regression_run(const struct er_row_regression *r, const struct er_sparse_side *side,
                           const double *value, const double *v, double *u, double *squared)
{
    struct run g = {r, side, value, v, u, squared};
    er_sparse_run(side->lines, LINES, solve_lines, &g, r->pool);
}

double er_row_regression_penalty(const struct er_row_regression *r, const struct er_sparse_side *side,
                                 const double *u)
{
    double sum = 0;
    for (int64_t i = 0; i < side->lines; i++) {
        const double weight = r->weighted ? (double)(side->start[i + 1] - side->start[i]) : 1;
        sum += weight * er_sparse_dot(r->rank, u + i * r->rank, u + i * r->rank);
    }
    return r->lambda * sum;
}
