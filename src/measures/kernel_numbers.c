/* kernel_numbers.c - alignment, label complexity and ranks of a kernel matrix. */
#include "measures/kernel_numbers.h"

#include "math/cholesky.h"

#include <ermine/memory.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static enum er_status no_room(int64_t n, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "kernel: out of memory for %lld examples", (long long)n);
}

/* The columns of a (n x c) less their means. */
static void centre_columns(int64_t n, int64_t c, double *a)
{
    for (int64_t j = 0; j < c; j++) {
        double mean = 0;
        for (int64_t i = 0; i < n; i++) mean += a[i * c + j] / (double)n;
        for (int64_t i = 0; i < n; i++) a[i * c + j] -= mean;
    }
}

/* C K C */
static void centre_both(int64_t n, double *k)
{
    centre_columns(n, n, k);
    for (int64_t i = 0; i < n; i++) centre_columns(n, 1, k + i * n);
}

static double norm(int64_t n, const double *a)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += a[i] * a[i];
    return sqrt(sum);
}

/* <K, Y Y'> = sum over columns of y' K y. */
static double product(int64_t n, const double *k, int64_t c, const double *y)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            double same = 0;
            for (int64_t l = 0; l < c; l++) same += y[i * c + l] * y[j * c + l];
            sum += k[i * n + j] * same;
        }
    return sum;
}

/* |Y Y'|_F = |Y' Y|_F */
static double gram_norm(int64_t n, int64_t c, const double *y)
{
    double sum = 0;
    for (int64_t a = 0; a < c; a++)
        for (int64_t b = 0; b < c; b++) {
            double inner = 0;
            for (int64_t i = 0; i < n; i++) inner += y[i * c + a] * y[i * c + b];
            sum += inner * inner;
        }
    return sqrt(sum);
}

enum er_status er_kernel_alignment(int64_t n, const double *k, int64_t c, const double *y, bool centred,
                                   double *out, struct er_error *err)
{
    double *a = er_alloc(n * n + n * c, sizeof *a), *t = a + n * n;
    if (!a) return no_room(n, err);
    memcpy(a, k, (size_t)(n * n) * sizeof *a);
    memcpy(t, y, (size_t)(n * c) * sizeof *t);
    /* what is left of a constant by rounding is no variation */
    const double least[] = {centred ? 16 * (double)n * DBL_EPSILON * norm(n * n, a) : 0,
                            centred ? 16 * (double)n * DBL_EPSILON * gram_norm(n, c, t) : 0};
    if (centred) {
        centre_both(n, a);
        centre_columns(n, c, t);
    }
    const double norms[] = {norm(n * n, a), gram_norm(n, c, t)};
    const double value = product(n, a, c, t) / (norms[0] * norms[1]);
    er_free(a);
    for (int i = 0; i < 2; i++)
        if (!(norms[i] > least[i]))
            return er_fail(err, ER_E_UNSUPPORTED, "kernel-target alignment: %s %s",
                           i ? "the labels" : "the kernel", centred ? "do not vary" : "are 0");
    *out = value;
    return ER_OK;
}

enum er_status er_kernel_label_complexity(int64_t n, const double *k, double jitter, int64_t c,
                                          const double *y, double *out, struct er_error *err)
{
    double *a = er_alloc(n * n + n * c, sizeof *a), *x = a + n * n, sum = 0;
    if (!a) return no_room(n, err);
    memcpy(a, k, (size_t)(n * n) * sizeof *a);
    memcpy(x, y, (size_t)(n * c) * sizeof *x);
    for (int64_t i = 0; i < n; i++) a[i * n + i] += jitter;
    /* the upper triangle by columns is the lower one by rows */
    const lapack_int info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', (lapack_int)n, a, (lapack_int)n);
    if (info == 0) {
        er_cholesky_solve(n, a, c, x);
        for (int64_t i = 0; i < n * c; i++) sum += x[i] * y[i];
        *out = sqrt(2 * sum / (double)(n * c));
    }
    er_free(a);
    if (info == 0) return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED, "label complexity: the kernel is singular at row %d of %lld",
                   (int)info, (long long)n);
}

enum er_status er_kernel_eigenvalues(int64_t n, const double *k, double *value, struct er_error *err)
{
    double *a = er_alloc(n * n, sizeof *a);
    if (!a) return no_room(n, err);
    memcpy(a, k, (size_t)(n * n) * sizeof *a);
    const lapack_int info = LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'L', (lapack_int)n, a, (lapack_int)n, value);
    er_free(a);
    if (info == LAPACK_WORK_MEMORY_ERROR) return no_room(n, err);
    if (info != 0) return er_fail(err, ER_E_NONFINITE, "kernel: its eigenvalues were not found");
    for (int64_t i = 0; i < n; i++) value[i] = fmax(value[i], 0);
    return ER_OK;
}

static double sum_of(int64_t n, const double *value)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += value[i];
    return sum;
}

double er_kernel_dimension(int64_t n, const double *value, double ridge)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += value[i] / (value[i] + ridge);
    return sum;
}

double er_kernel_effective_rank(int64_t n, const double *value)
{
    const double all = sum_of(n, value);
    double entropy = 0;
    for (int64_t i = 0; i < n; i++)
        if (value[i] > 0) entropy -= value[i] / all * log(value[i] / all);
    return exp(entropy);
}

double er_kernel_stable_rank(int64_t n, const double *value)
{
    return sum_of(n, value) / value[n - 1];
}

double er_kernel_participation(int64_t n, const double *value)
{
    const double ratio = sum_of(n, value) / norm(n, value);
    return ratio * ratio;
}

double er_kernel_condition(int64_t n, const double *value, double jitter)
{
    return (value[n - 1] + jitter) / (value[0] + jitter);
}

enum er_status er_label_columns(const struct er_dataset *set, double other, double **out, int64_t *c,
                                struct er_error *err)
{
    const int64_t n = set->n, K = set->classes;
    int64_t *column = er_alloc(K, sizeof *column), columns = 0;
    if (!column) return no_room(n, err);
    for (int64_t i = 0; i < n; i++) column[set->label[i]] = 1;
    for (int64_t k = 0; k < K; k++) column[k] = column[k] ? columns++ : -1;
    if (K == 2) columns = 1;
    double *y = er_alloc(n * columns, sizeof *y);
    if (y && K == 2)
        for (int64_t i = 0; i < n; i++) y[i] = set->label[i] == 1 ? 1 : -1;
    if (y && K > 2)
        for (int64_t i = 0; i < n; i++)
            for (int64_t k = 0; k < columns; k++) y[i * columns + k] = k == column[set->label[i]] ? 1 : other;
    er_free(column);
    if (!y) return no_room(n, err);
    *out = y;
    *c = columns;
    return ER_OK;
}
