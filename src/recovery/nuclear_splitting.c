/* nuclear_splitting.c - minimum nuclear norm in completion by the alternating directions method of multipliers: for sizes
 * whose normal equations are too large for nuclear_interior.c.
 *
 *     X <- shrink(Z - U, 1 / rho)         singular values less 1 / rho, at least 0
 *     Z <- X' + U, its observed entries moved into y +- tolerance         X' = a X + (1 - a) Z
 *     U <- U + X' - Z                     0 where nothing is observed
 *
 * rho (Z - U - X) is in the subdifferential of the nuclear norm at X, so -rho U on the observed entries tends to the dual
 * solution. rho is adapted during the first iterations and then stays, for that alone is known to converge. Sources: Boyd,
 * Parikh, Chu, Peleato and Eckstein, "Distributed optimization and statistical learning via ADMM", 2011, sections 3.3, 3.4;
 * Cai, Candes and Shen, "A singular value thresholding algorithm for matrix completion", SIAM J. Optim. 2010 (the shrinkage).
 */
#include "recovery/nuclear_methods.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum {
    EVERY = 20,    /* iterations between two looks at the certificate, and at rho */
    ADAPTED = 1000 /* iterations with changes of rho */
};

static const double relax = 1.6; /* a above */
static const double apart = 5;   /* of the two residuals, above which rho is changed */
static const double change = 1.5;

struct splitting {
    const struct er_observation *o;
    double tolerance, rho;
    struct er_svd *svd;
    int64_t rows, columns, least;
    double *x, *z, *u, *shifted; /* rows x columns; shifted = Z - U */
    double *left, *s, *right;    /* of its decomposition */
    double *lambda;              /* n */
    double primal, dual;         /* residuals: |X - Z| / |Z|, |Z - Z before| / |U| */
};

static enum er_status open_splitting(struct splitting *w, struct er_error *err)
{
    const struct er_recovery *p = w->o->problem;
    w->rows = p->rows;
    w->columns = p->columns;
    w->least = w->rows < w->columns ? w->rows : w->columns;
    enum er_status status = er_svd_new(w->rows, w->columns, true, &w->svd, err);
    if (status != ER_OK) return status;
    w->x = er_alloc(w->o->size, sizeof *w->x);
    w->z = er_alloc(w->o->size, sizeof *w->z);
    w->u = er_alloc(w->o->size, sizeof *w->u);
    w->shifted = er_alloc(w->o->size, sizeof *w->shifted);
    w->left = er_alloc(w->rows * w->least, sizeof *w->left);
    w->right = er_alloc(w->least * w->columns, sizeof *w->right);
    w->s = er_alloc(w->least, sizeof *w->s);
    w->lambda = er_alloc(w->o->n, sizeof *w->lambda);
    if (w->x && w->z && w->u && w->shifted && w->left && w->right && w->s && w->lambda) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "least nuclear norm: out of memory for %" PRId64 " x %" PRId64, w->rows,
                   w->columns);
}

static void close_splitting(struct splitting *w)
{
    er_svd_free(w->svd);
    er_free(w->x);
    er_free(w->z);
    er_free(w->u);
    er_free(w->shifted);
    er_free(w->left);
    er_free(w->right);
    er_free(w->s);
    er_free(w->lambda);
}

double er_nuclear_splitting_bytes(const struct er_recovery *problem)
{
    const double rows = (double)problem->rows, columns = (double)problem->columns;
    const double least = fmin(rows, columns);
    return 8 * (5 * rows * columns + least * (5 * least + rows + columns) + (double)problem->n);
}

/* x <- shrink(shifted, 1 / rho) */
static enum er_status shrink(struct splitting *w, const struct er_progress *progress, struct er_error *err)
{
    enum er_status status = er_svd_vectors(w->svd, w->shifted, w->s, w->left, w->right, err);
    if (status == ER_OK) status = er_nuclear_stopped(progress, err);
    if (status != ER_OK) return status;
    int64_t rank = 0;
    while (rank < w->least && w->s[rank] > 1 / w->rho) rank++;
    for (int64_t r = 0; r < rank; r++)
        cblas_dscal((blasint)w->columns, w->s[r] - 1 / w->rho, w->right + r * w->columns, 1);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)w->rows, (blasint)w->columns,
                (blasint)rank, 1, w->left, (blasint)w->least, w->right, (blasint)w->columns, 0, w->x,
                (blasint)w->columns);
    return ER_OK;
}

/* Z and U of X, and how far they moved; lambda <- -rho U on the observed entries. */
static void update(struct splitting *w)
{
    const struct er_sparse *at = &w->o->problem->train;
    double apart2 = 0, z2 = 0, moved2 = 0, u2 = 0;
    for (int64_t i = 0; i < w->rows; i++) {
        int64_t e = at->row_start[i];
        for (int64_t j = 0; j < w->columns; j++) {
            const int64_t place = i * w->columns + j;
            const double before = w->z[place];
            const double sum = relax * w->x[place] + (1 - relax) * before + w->u[place];
            double z = sum;
            if (e < at->row_start[i + 1] && at->column[e] == j) {
                z = fmin(fmax(sum, at->value[e] - w->tolerance), at->value[e] + w->tolerance);
                w->lambda[e++] = -w->rho * (sum - z);
            }
            w->u[place] = sum - z;
            w->z[place] = z;
            w->shifted[place] = z - w->u[place];
            apart2 += (w->x[place] - z) * (w->x[place] - z);
            moved2 += (z - before) * (z - before);
            z2 += z * z;
            u2 += w->u[place] * w->u[place];
        }
    }
    w->primal = sqrt(apart2 / z2);
    w->dual = sqrt(moved2 / u2);
}

/* A larger rho where X and Z are apart, a smaller one where they move; rho U, the dual solution, stays. */
static void adapt(struct splitting *w)
{
    double factor = 1;
    if (w->primal > apart * w->dual) factor = change;
    if (w->dual > apart * w->primal) factor = 1 / change;
    w->rho *= factor;
    for (int64_t i = 0; i < w->o->size; i++) {
        w->u[i] /= factor;
        w->shifted[i] = w->z[i] - w->u[i];
    }
}

static enum er_status iterate(struct splitting *w, const struct er_nuclear_spec *spec,
                              struct er_certificate *c, int64_t *iterations,
                              const struct er_progress *progress, struct er_error *err)
{
    er_observe_adjoint(w->o, w->o->y, w->z);
    er_observe_adjoint(w->o, w->o->y, w->shifted);
    enum er_status status = er_svd_values(c->svd, w->z, w->s, err);
    if (status == ER_OK) w->rho = 1 / w->s[0];
    if (status == ER_OK) status = er_nuclear_stopped(progress, err);
    for (*iterations = 0; status == ER_OK && *iterations < spec->iterations;) {
        status = shrink(w, progress, err);
        if (status == ER_OK) status = er_nuclear_report(progress, *iterations + 1, err);
        if (status != ER_OK) break;
        update(w);
        if (++*iterations % EVERY != 0 && *iterations < spec->iterations) continue;
        status = er_certificate_primal(c, w->z, err);
        if (status == ER_OK) status = er_nuclear_stopped(progress, err);
        if (status == ER_OK) status = er_certificate_dual(c, w->lambda, err);
        if (status == ER_OK) status = er_nuclear_stopped(progress, err);
        if (status != ER_OK || er_certificate_gap(c) <= spec->gap) break;
        if (*iterations <= ADAPTED) adapt(w);
    }
    return status;
}

enum er_status er_nuclear_splitting(const struct er_observation *o, const struct er_nuclear_spec *spec,
                                    struct er_certificate *c, int64_t *iterations,
                                    const struct er_progress *progress, struct er_error *err)
{
    struct splitting w = {.o = o, .tolerance = spec->tolerance};
    enum er_status status = open_splitting(&w, err);
    if (status == ER_OK) status = iterate(&w, spec, c, iterations, progress, err);
    close_splitting(&w);
    return status;
}
