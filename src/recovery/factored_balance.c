/* factored_balance.c - factors by their singular values.
 *
 *     left = Q_a R_a,  right = Q_b R_b,  R_a R_b^T = U S V^T
 *     X = Q_a (R_a R_b^T) Q_b^T:   left <- Q_a U S^(1/2),  right <- Q_b V S^(1/2)
 */
#include "math/qr.h"
#include "math/svd.h"

#include <cblas.h>
#include <ermine/factored.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* One factor, n x rank: k = min(n, rank) orthonormal columns, whose rows are rank apart, and its triangle. */
struct half {
    int64_t n, k;
    double *q, *r; /* n x rank, k x rank */
};

struct balance {
    int64_t rank, least; /* least: singular values */
    struct half a, b;
    double *core, *u, *vt, *s;
    struct er_svd *svd;
};

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool open_half(struct half *h, int64_t n, int64_t rank)
{
    h->n = n;
    h->k = least_of(n, rank);
    h->q = er_alloc(n * rank, sizeof *h->q);
    h->r = er_alloc(h->k * rank, sizeof *h->r);
    return h->q && h->r;
}

static enum er_status open_balance(struct balance *b, const struct er_factored *x, struct er_error *err)
{
    const bool halves = open_half(&b->a, x->rows, x->rank), both = open_half(&b->b, x->columns, x->rank);
    b->rank = x->rank;
    b->least = least_of(b->a.k, b->b.k);
    b->core = er_alloc(b->a.k * b->b.k, sizeof *b->core);
    b->u = er_alloc(b->a.k * b->least, sizeof *b->u);
    b->vt = er_alloc(b->least * b->b.k, sizeof *b->vt);
    b->s = er_alloc(b->rank, sizeof *b->s);
    if (!halves || !both || !b->core || !b->u || !b->vt || !b->s)
        return er_fail(err, ER_E_NOMEM, "balance of factors: out of memory for rank %" PRId64, x->rank);
    return er_svd_new(b->a.k, b->b.k, true, &b->svd, err);
}

static void close_balance(struct balance *b)
{
    double *const owned[] = {b->a.q, b->a.r, b->b.q, b->b.r, b->core, b->u, b->vt, b->s};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) er_free(owned[i]);
    er_svd_free(b->svd);
}

static enum er_status decompose(const struct balance *b, struct half *h, const double *factor,
                                struct er_error *err)
{
    memcpy(h->q, factor, (size_t)(h->n * b->rank) * sizeof *h->q);
    return er_qr_thin(h->n, b->rank, h->q, h->r, err);
}

static enum er_status find_values(struct balance *b, struct er_error *err)
{
    const blasint m = (blasint)b->a.k, n = (blasint)b->b.k, rank = (blasint)b->rank;
    struct er_error why;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, rank, 1, b->a.r, rank, b->b.r, rank, 0,
                b->core, n);
    if (er_svd_vectors(b->svd, b->core, b->s, b->u, b->vt, &why) == ER_OK) return ER_OK;
    return er_fail(err, ER_E_NONFINITE,
                   "balance of factors: a value is infinite or NaN, or singular values did not converge");
}

static void write_factors(const struct balance *b, struct er_factored *x)
{
    const blasint least = (blasint)b->least, rank = (blasint)b->rank, m = (blasint)b->a.k,
                  n = (blasint)b->b.k;
    for (int64_t k = 0; k < b->least; k++) {
        const double root = sqrt(b->s[k]);
        cblas_dscal(m, root, b->u + k, least);
        cblas_dscal(n, root, b->vt + k * b->b.k, 1);
    }
    memset(x->left, 0, (size_t)(x->rows * x->rank) * sizeof *x->left);
    memset(x->right, 0, (size_t)(x->columns * x->rank) * sizeof *x->right);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)x->rows, least, m, 1, b->a.q, rank, b->u,
                least, 0, x->left, rank);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)x->columns, least, n, 1, b->b.q, rank,
                b->vt, n, 0, x->right, rank);
}

enum er_status er_factored_balance(struct er_factored *x, double *s, struct er_error *err)
{
    struct balance b = {0};
    if (x->rank < 1) return ER_OK;
    enum er_status status = open_balance(&b, x, err);
    if (status == ER_OK) status = decompose(&b, &b.a, x->left, err);
    if (status == ER_OK) status = decompose(&b, &b.b, x->right, err);
    if (status == ER_OK) status = find_values(&b, err);
    if (status == ER_OK) write_factors(&b, x);
    if (status == ER_OK && s) memcpy(s, b.s, (size_t)x->rank * sizeof *s);
    close_balance(&b);
    return status;
}
