/* frobenius.c - minimum Frobenius norm (<ermine/nuclear.h>): X = A* l,  A A* l = y. */
#include "recovery/observation.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/nuclear.h>
#include <inttypes.h>
#include <math.h>

static double largest_violation(const struct er_observation *o, const double *seen)
{
    double most = 0;
    for (int64_t k = 0; k < o->n; k++) most = fmax(most, fabs(seen[k] - o->y[k]));
    return most;
}

/* Row by row: all entries together may be more than BLAS can count. */
static double norm_of(const struct er_recovery *p, const double *x)
{
    double norm = 0;
    for (int64_t i = 0; i < p->rows; i++)
        norm = hypot(norm, cblas_dnrm2((blasint)p->columns, x + i * p->columns, 1));
    return norm;
}

enum er_status er_frobenius_minimum(const struct er_recovery *problem, double *x,
                                    struct er_nuclear_result *result, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_error *err)
{
    struct er_observation o = {0};
    struct er_pool *own = NULL;
    double *lambda = er_alloc(problem->n, sizeof *lambda);
    if (!lambda)
        return er_fail(err, ER_E_NOMEM, "least Frobenius norm: out of memory for %" PRId64 " observations",
                       problem->n);
    enum er_status status = ER_OK;
    if (!pool) {
        status = er_pool_new(1, &own, err);
        pool = own;
    }
    if (status == ER_OK) status = er_observation_open(problem, pool, progress, &o, err);
    if (status == ER_OK) {
        struct er_nuclear_result r = {.reached = true};
        for (int64_t k = 0; k < o.n; k++) lambda[k] = o.y[k];
        er_observe_solve(&o, lambda);
        er_observe_adjoint(&o, lambda, x);
        r.primal = norm_of(problem, x);
        r.dual = r.primal > 0 ? cblas_ddot((blasint)o.n, lambda, 1, o.y, 1) / r.primal : 0;
        r.gap = r.primal > 0 ? fmax(0, (r.primal - r.dual) / r.primal) : 0; /* rounding may put it below */
        er_observe(&o, x, lambda);
        r.violation = largest_violation(&o, lambda);
        *result = r;
    }
    er_observation_close(&o);
    er_pool_free(own);
    er_free(lambda);
    return status;
}
