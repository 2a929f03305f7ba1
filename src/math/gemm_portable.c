/* gemm_portable.c - matrix products in plain C: the definition, and what is left where nothing else is.
 *
 *     C[i,j] (+)= sum_r sum_p A_r[i,p] B_r[p,j]          each product and each sum rounded, p ascending in r
 *
 * B is taken in panels of COLUMNS columns and DEPTH rows, packed (zeros fill up a narrow one), so that the
 * inner loop meets them in cache; ROWS x COLUMNS sums stay in registers on the way through a panel. Between
 * panels sums rest in C, which rounds nothing: blocks decide the speed, not the bits.
 */
#include "core/vector.h"
#include "math/gemm_variant.h"

enum { ROWS = 4, COLUMNS = 16, DEPTH = 256, CLOSE = 4096 };

/* What is the same for all tiles of a panel. */
struct panel {
    int64_t depth, columns; /* at most DEPTH, COLUMNS */
    const float *b;
    int64_t ldb;
    int64_t a_row, a_column; /* steps from A[i,p] to A[i+1,p], A[i,p+1] */
    int64_t ldc;
    bool accumulate;
};

static inline __attribute__((always_inline)) void tile(const struct panel *t, const int rows, const float *a,
                                                       float *c)
{
    float sum[ROWS][COLUMNS] = {{0}};
    if (t->accumulate)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < t->columns; j++) sum[i][j] = c[i * t->ldc + j];
    const float *b = t->b;
    for (int64_t p = 0; p < t->depth; p++, b += t->ldb, a += t->a_column) {
#pragma GCC unroll 4
        for (int i = 0; i < rows; i++) {
            const float factor = a[i * t->a_row];
#pragma omp simd
            for (int j = 0; j < COLUMNS; j++) sum[i][j] += factor * b[j];
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < t->columns; j++) c[i * t->ldc + j] = sum[i][j];
}

ER_VECTOR
static void multiply_panel(const struct panel *t, int64_t m, const float *a, float *c)
{
    int64_t i = 0;
    for (; i + ROWS <= m; i += ROWS) tile(t, ROWS, a + i * t->a_row, c + i * t->ldc);
    a += i * t->a_row;
    c += i * t->ldc;
    switch (m - i) {
    case 3:
        tile(t, 3, a, c);
        break;
    case 2:
        tile(t, 2, a, c);
        break;
    case 1:
        tile(t, 1, a, c);
        break;
    default:
        break;
    }
}

static void pack(int64_t depth, int64_t columns, const float *b, int64_t ldb, float *to)
{
    for (int64_t p = 0; p < depth; p++, b += ldb, to += COLUMNS)
        for (int64_t j = 0; j < COLUMNS; j++) to[j] = j < columns ? b[j] : 0;
}

static int64_t least(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

static void run(const struct er_gemm *g, const float *a, const float *b, float *c)
{
    _Alignas(64) float packed[DEPTH * COLUMNS];
    struct panel t = {
        .a_row = g->a_transposed ? 1 : g->lda, .a_column = g->a_transposed ? g->lda : 1, .ldc = g->ldc};
    const bool few = g->m <= 2 * ROWS;
    for (int64_t j = 0; j < g->n; j += COLUMNS) {
        t.columns = least(g->n - j, COLUMNS);
        t.accumulate = g->accumulate;
        for (int64_t r = 0; r < g->reduce; r++)
            for (int64_t p = 0; p < g->k; p += DEPTH, t.accumulate = true) {
                t.depth = least(g->k - p, DEPTH);
                const float *from = b + r * g->stride_b + p * g->ldb + j;
                const bool packs = t.columns < COLUMNS || (!few && t.depth * g->ldb > CLOSE);
                t.b = packs ? packed : from;
                t.ldb = packs ? COLUMNS : g->ldb;
                if (packs) pack(t.depth, t.columns, from, g->ldb, packed);
                multiply_panel(&t, g->m, a + r * g->stride_a + p * t.a_column, c + j);
            }
    }
}

static enum er_gemm_planned plan(struct er_gemm *g)
{
    g->kernel = run;
    return ER_GEMM_PLANNED;
}

static const char *isa(void)
{
    return "portable";
}

const struct er_gemm_variant er_gemm_portable = {"portable", isa, plan, NULL};
