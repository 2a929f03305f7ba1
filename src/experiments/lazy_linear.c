/* lazy_linear.c - see lazy_linear.h. */
#include "experiments/lazy_linear.h"

#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum er_status er_lazy_linear_new(int64_t n, const double *K, const double *residual,
                                  struct er_lazy_linear *out, struct er_error *err)
{
    struct er_lazy_linear l = {.n = n};
    l.vector = er_alloc(n * n, sizeof *l.vector);
    l.value = er_alloc(n, sizeof *l.value);
    l.residual = er_alloc(n, sizeof *l.residual);
    lapack_int info = LAPACK_WORK_MEMORY_ERROR;
    if (l.vector && l.value && l.residual) {
        memcpy(l.vector, K, (size_t)(n * n) * sizeof *K);
        /* Symmetric, and given by columns: what comes out as columns are rows for us. */
        info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, l.vector, (lapack_int)n, l.value);
    }
    if (info != 0) {
        er_lazy_linear_clear(&l);
        if (info == LAPACK_WORK_MEMORY_ERROR)
            return er_fail(err, ER_E_NOMEM, "lazy: out of memory for the kernel of %" PRId64 " examples", n);
        return er_fail(err, ER_E_NONFINITE, "lazy: the kernel of %" PRId64 " examples has no eigenvectors",
                       n);
    }
    for (int64_t v = 0; v < n; v++)
        for (int64_t i = 0; i < n; i++) l.residual[v] += l.vector[v * n + i] * residual[i];
    *out = l;
    return ER_OK;
}

void er_lazy_linear_clear(struct er_lazy_linear *linear)
{
    er_free(linear->vector);
    er_free(linear->value);
    er_free(linear->residual);
    *linear = (struct er_lazy_linear){0};
}

/* (1 - (1 - x)^t) / value, x = step value. */
static double gain(double value, double step, double t, double least)
{
    if (value <= least) return isinf(t) ? 0 : t * step;
    const double x = step * value;
    if (isinf(t)) return 1 / value;
    return (x < 1 ? -expm1(t * log1p(-x)) : 1 - pow(1 - x, t)) / value;
}

void er_lazy_linear_after(const struct er_lazy_linear *linear, double rate, double steps, double *c)
{
    const int64_t n = linear->n;
    const double least = (double)n * DBL_EPSILON * linear->value[n - 1];
    for (int64_t i = 0; i < n; i++) c[i] = 0;
    for (int64_t v = 0; v < n; v++) {
        const double g = gain(linear->value[v], rate / (double)n, steps, least) * linear->residual[v];
        for (int64_t i = 0; i < n; i++) c[i] += g * linear->vector[v * n + i];
    }
}
