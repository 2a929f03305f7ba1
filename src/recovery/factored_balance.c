/* factored_balance.c - factors by their singular values.
 *
 *     left^T = L_a Q_a,  right^T = L_b Q_b,  L_a^T L_b = U S V^T
 *     X = Q_a^T (L_a^T L_b) Q_b:   left <- Q_a^T U S^(1/2),  right <- Q_b^T V S^(1/2)
 *
 * A row-major matrix is its transpose to LAPACK, hence LQ.
 */
#include <ermine/factored.h>

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

/* One factor: its triangle (rank x k, column-major) and its orthonormal rows, of which there are k = min(n, rank). */
struct half {
    lapack_int n, k;
    double *q, *l, *tau; /* rank x n, rank x k, k */
};

struct balance {
    lapack_int r, least; /* rank; singular values */
    struct half a, b;
    double *core, *u, *vt, *s, *work;
    lapack_int n_work;
    lapack_int *places;
};

static lapack_int least_of(lapack_int a, lapack_int b)
{
    return a < b ? a : b;
}

static bool open_half(struct half *h, int64_t n, lapack_int r)
{
    h->n = (lapack_int)n;
    h->k = least_of(h->n, r);
    h->q = er_alloc(n * r, sizeof *h->q);
    h->l = er_alloc((int64_t)r * h->k, sizeof *h->l);
    h->tau = er_alloc(h->k, sizeof *h->tau);
    return h->q && h->l && h->tau;
}

static void close_half(struct half *h)
{
    er_free(h->q);
    er_free(h->l);
    er_free(h->tau);
}

static bool open_balance(struct balance *b, const struct er_factored *x)
{
    const int64_t r = x->rank;
    b->r = (lapack_int)r;
    const bool halves = open_half(&b->a, x->rows, b->r), both = open_half(&b->b, x->columns, b->r) && halves;
    b->least = least_of(b->a.k, b->b.k);
    b->n_work = 4 * b->r * b->r + 64 * b->r + 64; /* dgesdd's need, and blocks of 64 for the rest */
    b->core = er_alloc(r * r, sizeof *b->core);
    b->u = er_alloc(r * r, sizeof *b->u);
    b->vt = er_alloc(r * r, sizeof *b->vt);
    b->s = er_alloc(r, sizeof *b->s);
    b->work = er_alloc(b->n_work, sizeof *b->work);
    b->places = er_alloc(8 * r, sizeof *b->places);
    return both && b->core && b->u && b->vt && b->s && b->work && b->places;
}

static void close_balance(struct balance *b)
{
    close_half(&b->a);
    close_half(&b->b);
    er_free(b->core);
    er_free(b->u);
    er_free(b->vt);
    er_free(b->s);
    er_free(b->work);
    er_free(b->places);
}

/* LQ; the triangle apart, then the rows of Q. */
static lapack_int decompose(struct balance *b, struct half *h, const double *factor)
{
    memcpy(h->q, factor, (size_t)h->n * (size_t)b->r * sizeof *h->q);
    lapack_int info =
        LAPACKE_dgelqf_work(LAPACK_COL_MAJOR, b->r, h->n, h->q, b->r, h->tau, b->work, b->n_work);
    for (lapack_int j = 0; j < h->k; j++)
        for (lapack_int i = j; i < b->r; i++) h->l[i + j * b->r] = h->q[i + j * b->r];
    if (info == 0)
        info =
            LAPACKE_dorglq_work(LAPACK_COL_MAJOR, h->k, h->n, h->k, h->q, b->r, h->tau, b->work, b->n_work);
    return info;
}

static bool find_values(struct balance *b)
{
    const struct half *a = &b->a, *c = &b->b;
    cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, a->k, c->k, b->r, 1, a->l, b->r, c->l, b->r, 0,
                b->core, a->k);
    for (int64_t i = 0; i < (int64_t)a->k * c->k; i++)
        if (!isfinite(b->core[i])) return false;
    return LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', a->k, c->k, b->core, a->k, b->s, b->u, a->k, b->vt,
                               b->least, b->work, b->n_work, b->places) == 0;
}

static void write_factors(struct balance *b, struct er_factored *x)
{
    for (lapack_int k = 0; k < b->least; k++) {
        const double root = sqrt(b->s[k]);
        cblas_dscal(b->a.k, root, b->u + (int64_t)k * b->a.k, 1);
        cblas_dscal(b->b.k, root, b->vt + k, b->least);
    }
    memset(x->left, 0, (size_t)(x->rows * x->rank) * sizeof *x->left);
    memset(x->right, 0, (size_t)(x->columns * x->rank) * sizeof *x->right);
    cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, b->least, b->a.n, b->a.k, 1, b->u, b->a.k, b->a.q,
                b->r, 0, x->left, b->r);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, b->least, b->b.n, b->b.k, 1, b->vt, b->least,
                b->b.q, b->r, 0, x->right, b->r);
}

enum er_status er_factored_balance(struct er_factored *x, double *s, struct er_error *err)
{
    struct balance b = {0};
    enum er_status status = ER_OK;
    if (x->rank < 1) return ER_OK;
    if (!open_balance(&b, x)) {
        status = er_fail(err, ER_E_NOMEM, "balance of factors: out of memory for rank %" PRId64, x->rank);
    } else if (decompose(&b, &b.a, x->left) != 0 || decompose(&b, &b.b, x->right) != 0 || !find_values(&b)) {
        status =
            er_fail(err, ER_E_NONFINITE,
                    "balance of factors: a value is infinite or NaN, or singular values did not converge");
    } else {
        write_factors(&b, x);
        if (s) memcpy(s, b.s, (size_t)x->rank * sizeof *s);
    }
    close_balance(&b);
    return status;
}
