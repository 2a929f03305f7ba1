/* observation.h - what a problem of recovery sees of a matrix: the linear map, its adjoint, and the nearest matrix that
 * looks as asked.
 *
 *     A(X)_k = <A_k, X>      A*(l) = sum_k l_k A_k      X <- X + A* (A A*)^-1 (target - A(X))
 *
 * Matrices are rows x columns, row-major. In completion A A* is the identity; in sensing it is decomposed once.
 */
#ifndef ERMINE_RECOVERY_OBSERVATION_H
#define ERMINE_RECOVERY_OBSERVATION_H

#include <ermine/pool.h>
#include <ermine/progress.h>
#include <ermine/recovery.h>

struct er_observation {
    const struct er_recovery *problem; /* borrowed */
    int64_t n, size;                   /* observations; rows columns */
    const double *y;                   /* n, the problem's */
    double *factor;                    /* sensing: n x n, L of A A* = L L^T; else NULL */
};

/* ER_E_INPUT: measurements that depend on one another, to rounding; ER_E_NONFINITE: a value that is no number;
 * ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_observation_open(const struct er_recovery *problem, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_observation *out,
                                   struct er_error *err);
void er_observation_close(struct er_observation *o);
double er_observation_bytes(const struct er_recovery *problem);

/* seen (n) <- A(x) */
void er_observe(const struct er_observation *o, const double *x, double *seen);

/* x <- A*(lambda) */
void er_observe_adjoint(const struct er_observation *o, const double *lambda, double *x);

/* lambda (n) <- (A A*)^-1 lambda */
void er_observe_solve(const struct er_observation *o, double *lambda);

/* x <- the nearest matrix with A(x) = target; exactly so in completion. scratch: n. */
void er_observe_move(const struct er_observation *o, const double *target, double *x, double *scratch);

#endif
