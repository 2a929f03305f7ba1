/* gemm.h - small float32 matrix products, fetched once and called often.
 *
 * All matrices are row-major. A product is planned for fixed shapes and then costs one indirect call:
 *
 *     C (m x n) = A (m x k) B (k x n)  [+ C when accumulating]
 *
 * with A given as is (m x k) or transposed (stored k x m). libxsmm makes the kernels where it is present;
 * otherwise the portable loops of gemm_portable.c do. Sums run over k in a fixed order for given shapes and
 * ISA: same bits every time, on any thread.
 */
#ifndef ERMINE_MATH_GEMM_H
#define ERMINE_MATH_GEMM_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_gemm {
    int64_t m, n, k;
    int64_t lda, ldb, ldc; /* row strides in elements */
    bool a_transposed;     /* A is stored k x m (lda >= m) */
    bool accumulate;       /* C += instead of C = */
    void (*kernel)(const struct er_gemm *g, const float *a, const float *b, float *c);
    void (*jit)(const float *, const float *, float *, ...);
};

/* Plans the product that g's shape fields describe (m, n, k >= 1; strides at least the row lengths): fills
 * the rest. ER_E_SHAPE. Thread safe. */
enum er_status er_gemm_plan(struct er_gemm *g, struct er_error *err);

/* Runs it. Pointers need no alignment; 64 bytes are fastest. C may not overlap A or B. */
static inline void er_gemm_run(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    g->kernel(g, a, b, c);
}

/* out (n x m) = in (m x n) transposed, row strides ldi and ldo. */
void er_transpose(int64_t m, int64_t n, const float *in, int64_t ldi, float *out, int64_t ldo);

/* The instruction set that the products use here: "avx512", "avx2", "portable", ...: part of every run's key.
 */
const char *er_gemm_isa(void);

#endif
