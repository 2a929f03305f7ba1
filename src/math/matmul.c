/* matmul.c - large products in tiles of about ROWS x COLUMNS, more rows where that is too little work for a task; small ones
 * in a few stripes of rows. */
#include "math/matmul.h"

#include <cblas.h>

enum { ROWS = 240, COLUMNS = 480, EVEN = 16, STRIPES = 8 };
static const double SMALL = 3e7, STRIPE = 1e6,
                    TASK = 1e7; /* flops: of a small product, of a stripe, of a tile */

struct product {
    bool a_transposed;
    int64_t m, n, k, lda, ldb, ldc;
    int64_t rows, columns, across; /* of a tile; tiles beside each other */
    const double *a64, *b64;
    const float *a32, *b32; /* either these or those */
    double *c64;
    float *c32;
};

static int64_t least(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

static int64_t up(int64_t x, int64_t step)
{
    return (x + step - 1) / step;
}

/* Sides of equal tiles of at most `most`, in whole vectors. */
static int64_t side(int64_t length, int64_t most)
{
    return up(up(length, up(length, most)), EVEN) * EVEN;
}

static void tile(void *ctx, int64_t task, int worker)
{
    const struct product *p = ctx;
    const int64_t i = task / p->across * p->rows, j = task % p->across * p->columns;
    const int m = (int)least(p->rows, p->m - i), n = (int)least(p->columns, p->n - j), k = (int)p->k;
    const int64_t at = p->a_transposed ? i : i * p->lda;
    const int lda = (int)p->lda, ldb = (int)p->ldb, ldc = (int)p->ldc;
    const enum CBLAS_TRANSPOSE turn = p->a_transposed ? CblasTrans : CblasNoTrans;
    (void)worker;
    if (p->c64)
        cblas_dgemm(CblasRowMajor, turn, CblasNoTrans, m, n, k, 1, p->a64 + at, lda, p->b64 + j, ldb, 0,
                    p->c64 + i * p->ldc + j, ldc);
    else
        cblas_sgemm(CblasRowMajor, turn, CblasNoTrans, m, n, k, 1, p->a32 + at, lda, p->b32 + j, ldb, 0,
                    p->c32 + i * p->ldc + j, ldc);
}

static void multiply(struct er_team *team, struct product *p)
{
    const double flops = 2 * (double)p->m * (double)p->n * (double)p->k;
    p->rows = p->m;
    p->columns = p->n;
    if (flops <= SMALL) {
        const int64_t stripes = flops < 2 * STRIPE ? 1 : least((int64_t)(flops / STRIPE), STRIPES);
        p->rows = up(p->m, stripes);
    } else {
        p->columns = side(p->n, COLUMNS);
        const double row = 2 * (double)p->columns * (double)p->k;
        p->rows = side(p->m, row * ROWS > TASK ? ROWS : (int64_t)(TASK / row) + 1);
    }
    p->across = up(p->n, p->columns);
    er_team_tasks(team, p->across * up(p->m, p->rows), tile, p);
}

void er_matmul64(struct er_team *team, bool a_transposed, int64_t m, int64_t n, int64_t k, const double *a,
                 int64_t lda, const double *b, int64_t ldb, double *c, int64_t ldc)
{
    multiply(team, &(struct product){.a_transposed = a_transposed,
                                     .m = m,
                                     .n = n,
                                     .k = k,
                                     .lda = lda,
                                     .ldb = ldb,
                                     .ldc = ldc,
                                     .a64 = a,
                                     .b64 = b,
                                     .c64 = c});
}

void er_matmul32(struct er_team *team, bool a_transposed, int64_t m, int64_t n, int64_t k, const float *a,
                 int64_t lda, const float *b, int64_t ldb, float *c, int64_t ldc)
{
    multiply(team, &(struct product){.a_transposed = a_transposed,
                                     .m = m,
                                     .n = n,
                                     .k = k,
                                     .lda = lda,
                                     .ldb = ldb,
                                     .ldc = ldc,
                                     .a32 = a,
                                     .b32 = b,
                                     .c32 = c});
}
