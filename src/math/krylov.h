/* krylov.h - an orthonormal basis that grows by products with a symmetric operator.
 *
 *     A V = V S + beta v e^T        V = (v_0 .. v_{size-1}), v = v_size
 *
 * The one thing under er_lanczos() and er_spectral_density(): the step and its reorthogonalisation.
 */
#ifndef ERMINE_MATH_KRYLOV_H
#define ERMINE_MATH_KRYLOV_H

#include <ermine/spectrum.h>

struct er_krylov {
    const struct er_operator *a;
    int64_t n, m;     /* length of a vector; most vectors in the basis, m <= n */
    int64_t size;     /* vectors in the basis now; v[size] is the next direction when beta > 0 */
    float **v;        /* m + 1 vectors */
    double *s;        /* upper triangle of S, S_ij at s[i + j m] */
    double beta;      /* length of the last product outside of the basis; 0: the basis is invariant */
    double norm;      /* the largest ||A v_i|| met, a lower bound of ||A|| */
    bool chained;     /* v[size] is what A v[size-1] left: v_{size-1} . A v_size = beta */
    double asymmetry; /* the largest |v_i . A v_j - v_j . A v_i| met for neighbours */
    int64_t applies;
    double *h, *again; /* m coefficients each */
    double *work;      /* of a rotation */
    struct er_random random;
};

/* An empty basis of at most m vectors, 1 <= m <= n, whose random directions come from (seed, stream).
 * ER_E_NOMEM. The struct must be cleared by er_krylov_close() whatever came. */
enum er_status er_krylov_open(struct er_krylov *k, const struct er_operator *a, int64_t m, uint64_t seed,
                              uint64_t stream, struct er_error *err);
void er_krylov_close(struct er_krylov *k);

/* Empties the basis; the first direction is what v[0] holds, scaled to length 1. */
void er_krylov_begin(struct er_krylov *k);

/* Makes a random direction orthogonal to the basis the next one. size < n. */
void er_krylov_turn(struct er_krylov *k);

/* Takes v[size] into the basis (size < m): column `size` of S, the next direction and beta. */
enum er_status er_krylov_step(struct er_krylov *k, struct er_error *err);

/* Replaces the basis by its p combinations V y[:, column[0]], ..., V y[:, column[p-1]], y of leading
 * dimension m with orthonormal columns, which are made orthonormal again in float32. v[size] becomes the next
 * direction still. S is left to the caller. */
void er_krylov_rotate(struct er_krylov *k, const double *y, const int64_t *column, int64_t p);

/* out = A v, and ||out||^2 in *square. ER_E_NONFINITE, the operator's. */
enum er_status er_operator_apply(const struct er_operator *a, const float *v, float *out, double *square,
                                 struct er_error *err);

/* ER_E_USAGE unless n >= 1 and there is a product. */
enum er_status er_operator_check(const struct er_operator *a, struct er_error *err);

#endif
