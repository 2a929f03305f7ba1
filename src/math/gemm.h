/* gemm.h - small float32 matrix products, fetched once and called often.
 *
 * All matrices are row-major. A product is planned for fixed shapes and then costs one indirect call:
 *
 *     C (m x n) = A (m x k) B (k x n)
 *
 * with A given as it is (m x k) or transposed (stored k x m). libxsmm makes the kernels where it is present,
 * otherwise the loops of gemm_portable.c do. Each element of C is one sum over k in ascending order (in
 * several partial sums that depend only on shapes and instruction set): same bits every time, on any thread.
 */
#ifndef ERMINE_MATH_GEMM_H
#define ERMINE_MATH_GEMM_H

#include <ermine/status.h>
#include <stdbool.h>

typedef void er_gemm_jit(const float *a, const float *b, float *c, ...);

struct er_gemm {
    int64_t m, n, k;
    int64_t lda, ldb, ldc; /* row strides in elements */
    bool a_transposed;     /* A is stored k x m (lda >= m) */
    void (*kernel)(const struct er_gemm *g, const float *a, const float *b,
                   float *c); /* set by er_gemm_plan() */
    er_gemm_jit *jit;         /* kernel's own */
};

/* Plans the product that the shape fields of g describe: m, n, k >= 1, each below 2^31; strides at least the
 * row lengths. ER_E_SHAPE. Any thread. */
enum er_status er_gemm_plan(struct er_gemm *g, struct er_error *err);

/* The same, with the portable loops whatever the machine offers: the definition that tests hold the others
 * to. */
enum er_status er_gemm_plan_portable(struct er_gemm *g, struct er_error *err);

/* Runs it. Pointers need no alignment; 64 bytes are fastest. C may not overlap A or B. */
static inline void er_gemm_run(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    g->kernel(g, a, b, c);
}

/* out (n x m) = in (m x n) transposed; row strides n and m. */
void er_transpose(int64_t m, int64_t n, const float *in, float *out);

/* The instruction set of the products on this machine: "avx512", "avx2", "avx", "sse" or "portable". Part of
 * every run's key. */
const char *er_gemm_isa(void);

#endif
