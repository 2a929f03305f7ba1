/* kernel_largest.c - the largest eigenvalue by the Lanczos recurrence, without reorthogonalisation: what rounding repeats are
 * copies of eigenvalues that are there, which does not matter at this end.
 */
#include <ermine/kernel_solver.h>

#include "limit/kernel_matrix.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <float.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { PRODUCTS = 200 };

static double norm_of(int64_t n, const double *v)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += v[i] * v[i];
    return sqrt(sum);
}

/* Of the tridiagonal matrix of `rows` rows. */
static double largest_of(int64_t rows, const double *diagonal, const double *beside)
{
    double d[PRODUCTS], e[PRODUCTS];
    memcpy(d, diagonal, (size_t)rows * sizeof *d);
    memcpy(e, beside, (size_t)rows * sizeof *e);
    return LAPACKE_dsterf((lapack_int)rows, d, e) == 0 ? d[rows - 1] : (double)NAN;
}

/* v: the start, before: 0, w: room; n each. */
static double iterate(const struct er_matrix_pass *pass, double tolerance, double *v, double *before,
                      double *w)
{
    const int64_t n = pass->matrix->n;
    double diagonal[PRODUCTS], beside[PRODUCTS], found = 0;
    int settled = 0; /* products in a row that changed little */
    for (int64_t j = 0; j < PRODUCTS && settled < 2 && !er_task_count_stopped(pass->count); j++) {
        double rayleigh = 0;
        er_matrix_apply(pass, v, w);
        for (int64_t i = 0; i < n; i++) rayleigh += v[i] * w[i];
        for (int64_t i = 0; i < n; i++) w[i] -= rayleigh * v[i] + (j > 0 ? beside[j - 1] : 0) * before[i];
        diagonal[j] = rayleigh;
        beside[j] = norm_of(n, w);
        const double next = largest_of(j + 1, diagonal, beside);
        settled = next - found <= tolerance * next ? settled + 1 : 0;
        found = next;
        if (!(beside[j] > DBL_EPSILON * found)) break; /* the whole of what the start has a part in */
        for (int64_t i = 0; i < n; i++) {
            before[i] = v[i];
            v[i] = w[i] / beside[j];
        }
    }
    return found;
}

enum er_status er_kernel_largest(const struct er_kernel_matrix *k_train, double tolerance, double *largest,
                                 struct er_pool *pool, const struct er_progress *progress,
                                 struct er_error *err)
{
    struct er_task_count count;
    struct er_matrix_pass pass;
    const int64_t n = k_train->n;
    double found = 0;
    if (n < 1 || !(tolerance >= 1e-14 && tolerance <= 0.1))
        return er_fail(err, ER_E_USAGE,
                       "largest eigenvalue: %" PRId64 " examples, tolerance %g: at least 1, and 1e-14 .. 0.1",
                       n, tolerance);
    double *v = er_alloc(3 * n, sizeof *v);
    if (!v) return er_fail(err, ER_E_NOMEM, "largest eigenvalue: out of memory for %" PRId64 " examples", n);
    struct er_random random = er_random_open(0, er_stream(ER_PURPOSE_PROBES, 0));
    for (int64_t i = 0; i < n; i++) v[i] = er_random_normal(&random);
    const double norm = norm_of(n, v);
    for (int64_t i = 0; i < n; i++) v[i] /= norm;
    er_task_count_open(&count, progress, 0);
    enum er_status status = er_matrix_pass_open(&pass, k_train, 1, pool, &count, err);
    if (status == ER_OK) found = iterate(&pass, tolerance, v, v + n, v + 2 * n);
    er_matrix_pass_clear(&pass);
    er_free(v);
    const enum er_status closed =
        er_task_count_close(&count, "largest eigenvalue", status == ER_OK ? err : NULL);
    if (status == ER_OK) status = closed;
    if (status != ER_OK) return status;
    if (!isfinite(found))
        return er_fail(err, ER_E_NONFINITE, "largest eigenvalue: the matrix holds infinity or NaN");
    *largest = found;
    return ER_OK;
}
