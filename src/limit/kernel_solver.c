/* kernel_solver.c - conjugate gradients for several right sides at once, each with its own steps.
 *
 *     z = M^-1 r,  p = z + beta p,  q = A p,  step = r.z / p.q,  x += step p,  r -= step q,  beta = r.z (new) / r.z (old)
 *
 * The steps of the first right side are a Lanczos tridiagonal matrix of M^-1 A, whose eigenvalues tell its condition (Golub
 * and Van Loan, section 11.3.6 of the 4th edition).
 */
#include <ermine/kernel_solver.h>

#include "limit/kernel_matrix.h"
#include "limit/pivoted_cholesky.h"
#include "limit/posterior.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

struct solver {
    int64_t n, k, iterations;
    const double *b;
    double ridge, tolerance;
    struct er_matrix_pass pass;
    struct er_low_rank m;
    double *r, *p, *z, *q, *projected; /* n x k each; rank x k */
    double *norm, *squared, *sum;      /* k each: |b|, r.z, room */
    double *diagonal, *beside;         /* of the tridiagonal matrix: iterations + 1 */
    int64_t found;                     /* its rows */
    struct er_task_count count;
};

struct er_kernel_solver_options er_kernel_solver_defaults(void)
{
    return (struct er_kernel_solver_options){.rank = 100, .tolerance = 1e-8, .iterations = 1000};
}

/* out <- (K + r I) v */
static void apply(struct solver *s, const double *v, double *out)
{
    er_matrix_apply(&s->pass, v, out);
    for (int64_t i = 0; i < s->n * s->k; i++) out[i] += s->ridge * v[i];
}

/* sum[c] = a_c . b_c of each column. */
static void inner(const struct solver *s, const double *a, const double *b, double *sum)
{
    for (int64_t c = 0; c < s->k; c++) sum[c] = 0;
    for (int64_t i = 0; i < s->n; i++)
        for (int64_t c = 0; c < s->k; c++) sum[c] += a[i * s->k + c] * b[i * s->k + c];
}

/* The largest |r| / |b|; room: k. */
static double residual_of(const struct solver *s, const double *r, double *room)
{
    double worst = 0;
    inner(s, r, r, room);
    for (int64_t c = 0; c < s->k; c++) {
        const double relative = s->norm[c] > 0 ? sqrt(room[c]) / s->norm[c] : 0;
        if (!(relative <= worst)) worst = relative;
    }
    return worst;
}

/* One step of every column; those whose r is 0 stay. False where A is not positive definite. */
static bool advance(struct solver *s, double *x)
{
    bool positive = true;
    double *step = s->sum;
    apply(s, s->p, s->q);
    inner(s, s->p, s->q, step);
    for (int64_t c = 0; c < s->k; c++) {
        positive = positive && (step[c] > 0 || s->squared[c] == 0);
        step[c] = s->squared[c] > 0 ? s->squared[c] / step[c] : 0;
    }
    for (int64_t i = 0; i < s->n * s->k; i++) {
        x[i] += step[i % s->k] * s->p[i];
        s->r[i] -= step[i % s->k] * s->q[i];
    }
    er_low_rank_solve(&s->m, s->k, s->r, s->projected, s->z);
    if (step[0] > 0) s->diagonal[s->found] += 1 / step[0];
    const double first = step[0];
    inner(s, s->r, s->z, step);
    for (int64_t c = 0; c < s->k; c++) {
        const double next = step[c];
        step[c] = s->squared[c] > 0 ? next / s->squared[c] : 0;
        s->squared[c] = next;
    }
    if (first > 0) {
        s->beside[s->found] = sqrt(fmax(step[0], 0)) / first;
        s->diagonal[++s->found] = step[0] / first;
    }
    for (int64_t i = 0; i < s->n * s->k; i++) s->p[i] = s->z[i] + step[i % s->k] * s->p[i];
    return positive;
}

/* The extreme eigenvalues' ratio of the tridiagonal matrix; spoils it. */
static double condition_of(struct solver *s)
{
    const int64_t n = s->found;
    if (n < 1 || LAPACKE_dsterf((lapack_int)n, s->diagonal, s->beside) != 0) return 1;
    return s->diagonal[0] > 0 ? s->diagonal[n - 1] / s->diagonal[0] : (double)INFINITY;
}

static enum er_status iterate(struct solver *s, double *x, struct er_kernel_solver_report *report,
                              struct er_error *err)
{
    const int64_t size = s->n * s->k;
    memset(x, 0, (size_t)size * sizeof *x);
    memcpy(s->r, s->b, (size_t)size * sizeof *x);
    inner(s, s->b, s->b, s->norm);
    for (int64_t c = 0; c < s->k; c++) s->norm[c] = sqrt(s->norm[c]);
    er_low_rank_solve(&s->m, s->k, s->r, s->projected, s->z);
    memcpy(s->p, s->z, (size_t)size * sizeof *x);
    inner(s, s->r, s->z, s->squared);
    int64_t done = 0;
    while (done < s->iterations && residual_of(s, s->r, s->sum) > s->tolerance) {
        if (er_task_count_stopped(&s->count)) return ER_OK; /* closing the count says so */
        if (!advance(s, x) && !er_task_count_stopped(&s->count))
            return er_fail(err, ER_E_NONFINITE,
                           "kernel solver: the matrix is not positive definite, or holds NaN");
        done++;
    }
    apply(s, x, s->q);
    for (int64_t i = 0; i < size; i++) s->q[i] = s->b[i] - s->q[i];
    report->iterations = done + 1;
    report->residual = residual_of(s, s->q, s->sum);
    report->converged = report->residual <= s->tolerance;
    report->condition = condition_of(s);
    return isfinite(report->residual) ? er_check_finite(size, x, "kernel solver", err)
                                      : er_fail(err, ER_E_NONFINITE, "kernel solver: a result is no number");
}

static enum er_status check(int64_t n, int64_t k, struct er_ridge ridge,
                            const struct er_kernel_solver_options *o, struct er_error *err)
{
    if (n < 1 || k < 1)
        return er_fail(err, ER_E_USAGE,
                       "kernel solver: %" PRId64 " examples, %" PRId64 " right sides: each needs at least 1",
                       n, k);
    if (o->rank < 0 || !(o->tolerance >= 1e-15 && o->tolerance <= 1) || o->iterations < 1)
        return er_fail(err, ER_E_USAGE,
                       "kernel solver: rank %" PRId64 " >= 0, tolerance %g of 1e-15 .. 1, iterations %" PRId64
                       " >= 1",
                       o->rank, o->tolerance, o->iterations);
    return er_ridge_check(ridge, err);
}

static enum er_status open_vectors(struct solver *s, struct er_error *err)
{
    const int64_t size = s->n * s->k;
    s->r = er_alloc(4 * size, sizeof *s->r);
    s->projected = er_alloc(s->m.rank * s->k, sizeof *s->projected);
    s->norm = er_alloc(3 * s->k, sizeof *s->norm);
    s->diagonal = er_alloc(2 * (s->iterations + 1), sizeof *s->diagonal);
    if (!s->r || !s->projected || !s->norm || !s->diagonal)
        return er_fail(err, ER_E_NOMEM, "kernel solver: out of memory for %" PRId64 " x %" PRId64, s->n,
                       s->k);
    s->p = s->r + size;
    s->z = s->p + size;
    s->q = s->z + size;
    s->squared = s->norm + s->k;
    s->sum = s->squared + s->k;
    s->beside = s->diagonal + s->iterations + 1;
    return ER_OK;
}

/* The ridge and the preconditioner. */
static enum er_status prepare(struct solver *s, struct er_ridge ridge, int64_t rank, struct er_error *err)
{
    double *diagonal = er_alloc(s->n, sizeof *diagonal), mean = 0;
    if (!diagonal)
        return er_fail(err, ER_E_NOMEM, "kernel solver: out of memory for %" PRId64 " examples", s->n);
    er_matrix_diagonal(s->pass.matrix, diagonal);
    for (int64_t i = 0; i < s->n; i++) mean += diagonal[i];
    mean /= (double)s->n;
    s->ridge = ridge.absolute ? ridge.value : ridge.value * mean;
    const enum er_status status = er_low_rank_find(s->pass.matrix, diagonal, s->ridge, er_least(rank, s->n),
                                                   s->pass.pool, &s->count, &s->m, err);
    er_free(diagonal);
    return status;
}

enum er_status er_kernel_solve(const struct er_kernel_matrix *k_train, struct er_ridge ridge, int64_t k,
                               const double *b, const struct er_kernel_solver_options *options, double *x,
                               struct er_kernel_solver_report *report, struct er_pool *pool,
                               const struct er_progress *progress, struct er_error *err)
{
    struct er_kernel_solver_report found = {0};
    enum er_status status = check(k_train->n, k, ridge, options, err);
    if (status != ER_OK) return status;
    struct solver s = {
        .n = k_train->n, .k = k, .iterations = options->iterations, .b = b, .tolerance = options->tolerance};
    er_task_count_open(&s.count, progress, 0);
    status = er_matrix_pass_open(&s.pass, k_train, k, pool, &s.count, err);
    if (status == ER_OK) status = prepare(&s, ridge, options->rank, err);
    if (status == ER_OK) status = open_vectors(&s, err);
    found.added = s.ridge;
    found.rank = s.m.rank;
    if (status == ER_OK) status = iterate(&s, x, &found, err);
    const enum er_status closed =
        er_task_count_close(&s.count, "kernel solver", status == ER_OK ? err : NULL);
    if (status == ER_OK) status = closed;
    er_free(s.r);
    er_free(s.projected);
    er_free(s.norm);
    er_free(s.diagonal);
    er_low_rank_clear(&s.m);
    er_matrix_pass_clear(&s.pass);
    if (status == ER_OK && report) *report = found;
    return status;
}
