/* gemm.h - small float32 matrix products, fetched once and called often.
 *
 * All matrices are row-major. A product is planned for fixed shapes and then costs one indirect call:
 *
 *     C = sum_r A_r B_r     or, with accumulate,     C += sum_r A_r B_r     r = 0 .. reduce - 1
 *
 * C is m x n, A_r is m x k and starts r stride_a elements behind A, B_r is k x n and starts r stride_b
 * elements behind B. Element (i, p) of A is a[i lda + p], or a[p lda + i] where a_transposed says that A is
 * stored k x m; (p, j) of B is b[p ldb + j], (i, j) of C is c[i ldc + j]; what lies between the rows of C
 * stays as it is. A is only read, so its rows may overlap (lda below their length), as the patches of a
 * convolution do; so may the A_r and the B_r among themselves (stride 0: the same one each time).
 *
 * Variants (er_gemm_variant_name) do the work, the first that runs here unless one is asked for. Each element
 * of C is one sum, r outermost and p ascending, in an order and with roundings that depend only on shapes and
 * er_gemm_isa(): same bits every time, on any thread. Without accumulate the sum starts at 0, with it at C's
 * value, except that libxsmm's kernels are free to add that last.
 */
#ifndef ERMINE_MATH_GEMM_H
#define ERMINE_MATH_GEMM_H

#include <ermine/status.h>
#include <stdbool.h>

typedef void er_gemm_jit(const float *a, const float *b, float *c, ...);
typedef void er_gemm_reduce_jit(const float *a, const float *b, float *c, const unsigned long long *count,
                                ...);

struct er_gemm {
    int64_t m, n, k;
    int64_t lda, ldb, ldc;      /* row strides in elements: lda >= 1, ldb >= n, ldc >= n */
    bool a_transposed;          /* A is stored k x m */
    bool accumulate;            /* C +=, not C = */
    int64_t reduce;             /* products summed; 0 means 1 */
    int64_t stride_a, stride_b; /* elements from one A, B to the next, >= 0; unused unless reduce > 1 */

    /* Set by planning: */
    void (*kernel)(const struct er_gemm *g, const float *a, const float *b, float *c);
    int64_t piece; /* libxsmm's own: columns (transposed: rows) of A that one call takes, ... */
    union {
        er_gemm_jit *one;
        er_gemm_reduce_jit *many;
    } jit[3]; /* ... and the calls for the first piece, those between and a shorter last one */
};

/* Plans the product that the shape fields of g describe: m, n, k, reduce and strides below 2^31, m, n, k
 * >= 1. ER_E_SHAPE. Any thread. */
enum er_status er_gemm_plan(struct er_gemm *g, struct er_error *err);

/* The same by the variant of that name; ER_E_UNSUPPORTED where this machine or build has it not, or where it
 * has no code for this shape (er_gemm_plan() then takes the portable one). */
enum er_status er_gemm_plan_variant(struct er_gemm *g, const char *name, struct er_error *err);

/* The variants from the fastest: "libxsmm", "avx2", "portable"; NULL from index 3 on. Bounds and bits:
 * - portable rounds each product and each sum, as its C text says, on every machine;
 * - avx2 rounds once a step: the sum of fmaf(A[i,p], B[p,j], sum);
 * - libxsmm fuses where the machine does, in several partial sums for some shapes.
 * All are within (reduce k + 2) FLT_EPSILON sum |A[i,p] B[p,j]| of the exact sum, |C| counted among the
 * terms. */
const char *er_gemm_variant_name(int index);

/* Code is made for planned products, some kilobytes each, and freed in one go when nobody holds any: hold
 * before planning (asserted: planned without a holder, the code may be gone before it is run), release when the
 * products are not run any more. er_gemm_plan() says ER_E_LIMIT when there is no room for more (some 120,000
 * different shapes with libxsmm). Any thread. */
void er_gemm_hold(void);
void er_gemm_release(void);

/* Runs it. Pointers need no alignment; 64 bytes are fastest. C may not overlap A or B. */
static inline void er_gemm_run(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    g->kernel(g, a, b, c);
}

/* out (n x m) = in (m x n) transposed; row strides ld_out and ld_in. Neither may overlap the other. */
void er_transpose_strided(int64_t m, int64_t n, const float *in, int64_t ld_in, float *out, int64_t ld_out);

/* The same without gaps: row strides n and m. */
static inline void er_transpose(int64_t m, int64_t n, const float *in, float *out)
{
    er_transpose_strided(m, n, in, n, out, m);
}

/* The instruction set of the products on this machine: "avx512", "avx2", "avx", "sse" (libxsmm's kernels),
 * "avx2-own" or "portable" (ours). Part of every run's key. */
const char *er_gemm_isa(void);

#endif
