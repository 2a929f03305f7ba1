/* certificate.h - the best solution of the minimum nuclear norm that was seen, and the best lower bound of it
 * (<ermine/nuclear.h>). Whatever an algorithm proposes is first brought within its constraints, so that both hold but for
 * the rounding of one decomposition: min(rows, columns) 2^-53 of the norm.
 */
#ifndef ERMINE_RECOVERY_CERTIFICATE_H
#define ERMINE_RECOVERY_CERTIFICATE_H

#include "math/svd.h"
#include "recovery/observation.h"
#include <ermine/nuclear.h>

struct er_certificate {
    const struct er_observation *o;
    double tolerance;
    struct er_svd *svd;
    double *x, *lambda;              /* the best: rows x columns; n */
    double *matrix, *vector, *other; /* scratch: rows x columns; n; n */
    double *s;                       /* scratch: min(rows, columns) */
    double primal, dual;             /* of the best; infinite and 0 at the beginning */
};

/* ER_E_NOMEM, ER_E_LIMIT. The observation is borrowed. */
enum er_status er_certificate_open(const struct er_observation *o, double tolerance,
                                   struct er_certificate *out, struct er_error *err);
void er_certificate_close(struct er_certificate *c);
double er_certificate_bytes(const struct er_recovery *problem);

/* Considers x (rows x columns), moved to the nearest matrix that agrees with what was observed. ER_E_NONFINITE. */
enum er_status er_certificate_primal(struct er_certificate *c, const double *x, struct er_error *err);

/* Considers lambda (n), divided by the norm of sum_k lambda_k A_k where that is above 1. ER_E_NONFINITE. */
enum er_status er_certificate_dual(struct er_certificate *c, const double *lambda, struct er_error *err);

/* (primal - dual) / primal; infinite as long as there is no primal. Rounding may take it below 0. */
double er_certificate_gap(const struct er_certificate *c);

/* How far the best x is outside of the tolerance. */
double er_certificate_violation(struct er_certificate *c);

#endif
