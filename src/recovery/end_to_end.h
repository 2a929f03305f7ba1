/* end_to_end.h - how the product of balanced factors moves when they follow the gradient: the right-hand side of the flow
 * (<ermine/matrix_flow.h>). With W = U diag(s) V^T, thin, p = 2 (N-1) / N, G = dL/dW and B = U^T G V:
 *
 *     dW/dt = - U (diag(s^p) U^T G + (K o B) V^T) - G V diag(s^p) V^T          N >= 2
 *     K_ab  = sum_{j=2..N-1} s_a^(2(N-j)/N) s_b^(2(j-1)/N)
 *
 * The first and the last of the N terms have a power 0 on one side, which is the identity of the whole space: they move W out
 * of its own rows and columns.
 */
#ifndef ERMINE_RECOVERY_END_TO_END_H
#define ERMINE_RECOVERY_END_TO_END_H

#include "math/svd.h"

struct er_end_to_end {
    int64_t m, n, r, depth;
    struct er_svd *svd;
    double *u, *s, *vt;           /* of the W that was looked at last: m x r, r, r x n */
    double *power;                /* depth x r: s^(2 j / N) */
    double *left, *right, *inner; /* r x n, m x r, r x r */
};

/* ER_E_USAGE, ER_E_SHAPE, ER_E_NOMEM. Freed by er_end_to_end_clear(). */
enum er_status er_end_to_end_open(int64_t m, int64_t n, int64_t depth, struct er_end_to_end *out,
                                  struct er_error *err);

void er_end_to_end_clear(struct er_end_to_end *e);

/* Decomposes w. ER_E_NONFINITE. */
enum er_status er_end_to_end_look(struct er_end_to_end *e, const double *w, struct er_error *err);

/* Bytes of one. */
double er_end_to_end_bytes(int64_t m, int64_t n, int64_t depth);

/* Factor j of N >= 2 balanced ones of what was looked at: of its `width` largest modes, zeros beyond its rank. */
void er_end_to_end_factor(const struct er_end_to_end *e, int64_t j, int64_t width, double *factor);

/* left = U^T G, right = G V, inner = U^T G V of what was looked at. */
void er_end_to_end_project(struct er_end_to_end *e, const double *g);

/* dW/dt, m x n, after er_end_to_end_look(). */
void er_end_to_end_slope(struct er_end_to_end *e, const double *g, double *slope);

#endif
