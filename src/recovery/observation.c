/* observation.c - see observation.h. */
#include "recovery/observation.h"

#include "math/cholesky.h"
#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { BLOCK = 128 }; /* rows of A A* that are one task */

static const double condition_most =
    1e13; /* of A A*; beyond it solutions have no digit that could be trusted */

struct gram {
    const struct er_observation *o;
    double *out;
};

/* Rows of the lower triangle of A A*. */
static void gram_task(void *ctx, int64_t task, int worker)
{
    const struct gram *g = ctx;
    const int64_t first = task * BLOCK, n = g->o->n, size = g->o->size;
    const int64_t rows = n - first < BLOCK ? n - first : BLOCK;
    const double *a = g->o->problem->a;
    (void)worker;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)rows, (blasint)(first + rows),
                (blasint)size, 1, a + first * size, (blasint)size, a, (blasint)size, 0, g->out + first * n,
                (blasint)n);
}

static enum er_status dependent(const struct er_observation *o, struct er_error *err)
{
    return er_fail(err, ER_E_INPUT,
                   "matrix recovery: %" PRId64 " measurements of %" PRId64
                   " entries depend linearly on one another",
                   o->n, o->size);
}

static enum er_status decompose(struct er_observation *o, struct er_pool *pool,
                                const struct er_progress *progress, struct er_error *err)
{
    if (o->n > o->size) return dependent(o, err);
    double *sums = er_alloc(o->n, sizeof *sums);
    o->factor = er_alloc(o->n * o->n, sizeof *o->factor);
    if (!sums || !o->factor) {
        er_free(sums);
        return er_fail(err, ER_E_NOMEM, "matrix recovery: out of memory for %" PRId64 " measurements", o->n);
    }
    er_pool_run(pool, (o->n + BLOCK - 1) / BLOCK, gram_task, &(struct gram){.o = o, .out = o->factor});
    const double norm = er_cholesky_norm(o->n, o->factor, sums);
    er_free(sums);
    int64_t pivot = -1;
    double condition = 0;
    enum er_status status = er_cholesky(o->n, o->factor, &pivot, pool, progress, err);
    if (status == ER_OK && pivot >= 0) return dependent(o, err);
    if (status == ER_OK) status = er_cholesky_condition(o->n, o->factor, norm, &condition, err);
    if (status == ER_OK && !(condition <= condition_most)) return dependent(o, err);
    return status;
}

enum er_status er_observation_open(const struct er_recovery *problem, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_observation *out,
                                   struct er_error *err)
{
    const bool sensing = problem->kind == ER_SENSING;
    struct er_observation o = {.problem = problem, .n = problem->n};
    o.size = problem->rows * problem->columns;
    o.y = sensing ? problem->y : problem->train.value;
    for (int64_t k = 0; k < o.n; k++)
        if (!isfinite(o.y[k]))
            return er_fail(err, ER_E_NONFINITE, "matrix recovery: observation %" PRId64 " is %g", k, o.y[k]);
    for (int64_t i = 0; sensing && i < o.n * o.size; i++)
        if (!isfinite(problem->a[i]))
            return er_fail(err, ER_E_NONFINITE, "matrix recovery: measurement %" PRId64 " has an element %g",
                           i / o.size, problem->a[i]);
    const enum er_status status = sensing ? decompose(&o, pool, progress, err) : ER_OK;
    if (status == ER_OK)
        *out = o;
    else
        er_observation_close(&o);
    return status;
}

void er_observation_close(struct er_observation *o)
{
    er_free(o->factor);
    o->factor = NULL;
}

double er_observation_bytes(const struct er_recovery *problem)
{
    const double n = (double)problem->n;
    return problem->kind == ER_SENSING ? 8 * n * (n + 4) : 0;
}

void er_observe(const struct er_observation *o, const double *x, double *seen)
{
    const struct er_sparse *at = &o->problem->train;
    if (o->problem->kind == ER_SENSING) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)o->n, (blasint)o->size, 1, o->problem->a,
                    (blasint)o->size, x, 1, 0, seen, 1);
        return;
    }
    for (int64_t i = 0; i < at->rows; i++)
        for (int64_t e = at->row_start[i]; e < at->row_start[i + 1]; e++)
            seen[e] = x[i * at->columns + at->column[e]];
}

void er_observe_adjoint(const struct er_observation *o, const double *lambda, double *x)
{
    const struct er_sparse *at = &o->problem->train;
    if (o->problem->kind == ER_SENSING) {
        cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)o->n, (blasint)o->size, 1, o->problem->a,
                    (blasint)o->size, lambda, 1, 0, x, 1);
        return;
    }
    for (int64_t i = 0; i < o->size; i++) x[i] = 0;
    for (int64_t i = 0; i < at->rows; i++)
        for (int64_t e = at->row_start[i]; e < at->row_start[i + 1]; e++)
            x[i * at->columns + at->column[e]] = lambda[e];
}

void er_observe_solve(const struct er_observation *o, double *lambda)
{
    if (o->factor) er_cholesky_solve(o->n, o->factor, 1, lambda);
}

void er_observe_move(const struct er_observation *o, const double *target, double *x, double *scratch)
{
    const struct er_sparse *at = &o->problem->train;
    if (o->problem->kind == ER_SENSING) {
        er_observe(o, x, scratch);
        for (int64_t k = 0; k < o->n; k++) scratch[k] = target[k] - scratch[k];
        er_observe_solve(o, scratch);
        cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)o->n, (blasint)o->size, 1, o->problem->a,
                    (blasint)o->size, scratch, 1, 1, x, 1);
        return;
    }
    for (int64_t i = 0; i < at->rows; i++)
        for (int64_t e = at->row_start[i]; e < at->row_start[i + 1]; e++)
            x[i * at->columns + at->column[e]] = target[e];
}
