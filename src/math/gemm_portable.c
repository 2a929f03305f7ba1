/* gemm_portable.c - matrix products in plain loops: C[i,:] = sum_p A[i,p] B[p,:], p ascending. */
#include "math/gemm.h"

#include <string.h>

static void portable(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    const int64_t along_row = g->a_transposed ? g->lda : 1, along_column = g->a_transposed ? 1 : g->lda;
    for (int64_t i = 0; i < g->m; i++) {
        float *row = c + i * g->ldc;
        memset(row, 0, (size_t)g->n * sizeof *row);
        for (int64_t p = 0; p < g->k; p++) {
            const float factor = a[i * along_column + p * along_row];
            const float *from = b + p * g->ldb;
#pragma omp simd
            for (int64_t j = 0; j < g->n; j++) row[j] += factor * from[j];
        }
    }
}

enum er_status er_gemm_plan_portable(struct er_gemm *g, struct er_error *err)
{
    const int64_t row_a = g->a_transposed ? g->m : g->k;
    if (g->m < 1 || g->n < 1 || g->k < 1 || g->m > INT32_MAX || g->n > INT32_MAX || g->k > INT32_MAX)
        return er_fail(err, ER_E_SHAPE, "matrix product: %lld x %lld x %lld is not a shape", (long long)g->m,
                       (long long)g->n, (long long)g->k);
    if (g->lda < row_a || g->ldb < g->n || g->ldc < g->n)
        return er_fail(err, ER_E_SHAPE, "matrix product: a row stride is shorter than its row");
    if (g->lda > INT32_MAX || g->ldb > INT32_MAX || g->ldc > INT32_MAX)
        return er_fail(err, ER_E_SHAPE, "matrix product: a row stride is over %d", INT32_MAX);
    g->kernel = portable;
    g->jit = NULL;
    return ER_OK;
}

void er_transpose(int64_t m, int64_t n, const float *in, float *out)
{
    enum { TILE = 16 }; /* 16 rows of 64 bytes: each cache line is read and written once */
    for (int64_t i0 = 0; i0 < m; i0 += TILE)
        for (int64_t j0 = 0; j0 < n; j0 += TILE) {
            const int64_t i1 = i0 + TILE < m ? i0 + TILE : m, j1 = j0 + TILE < n ? j0 + TILE : n;
            for (int64_t j = j0; j < j1; j++)
                for (int64_t i = i0; i < i1; i++) out[j * m + i] = in[i * n + j];
        }
}
