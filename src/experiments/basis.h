/* basis.h - the features phi(x) of a linear model f(x) = w . phi(x), fixed before any fit.
 *
 * Of one number x, with z = (x - centre) / half, which takes the range of the data to [-1, 1]:
 *
 *     polynomial        z^j,     j = 0..degree
 *     legendre          P_j(z),  j = 0..degree: the same fits as the polynomial, better conditioned
 *     fourier           1, cos(pi z / 2), sin(pi z / 2), cos(pi z), ...: the period is twice the range, whose
 *                       ends are free of each other
 *     radial            exp(-(z - c_j)^2 / (2 bandwidth^2)), centres equally spaced from -1 to 1; bandwidth
 *                       in units of z, the distance of the centres unless given
 *
 * Least squares without ridge does not depend on the basis of a space: x of the marathon with the offset
 * 1956 and the scale 120 of the exercise gives the same fits as [-1, 1].
 *
 * Of a vector x of d numbers:
 *
 *     linear            x
 *     relu-features     max(v_j . x, 0) / sqrt(N),      v_j ~ N(0, I / d)
 *     fourier-features  sqrt(2 / N) cos(v_j . x + b_j), v_j ~ N(0, I / bandwidth^2), b_j ~ U(0, 2 pi)
 *
 * The first features of a larger N are those of a smaller one, up to the scale. Sources: Lawrence,
 * "Generalization: Model Validation" (lecture notes) for the bases of one number; Rahimi and Recht, "Random
 * features for large-scale kernel machines", NIPS 2007; Belkin, Hsu, Ma and Mandal, "Reconciling modern
 * machine-learning practice and the classical bias-variance trade-off", PNAS 2019.
 */
#ifndef ERMINE_EXPERIMENTS_BASIS_H
#define ERMINE_EXPERIMENTS_BASIS_H

#include <ermine/progress.h>

/* In the order of the words of `regress.basis`. */
enum er_basis_kind {
    ER_BASIS_POLYNOMIAL,
    ER_BASIS_LEGENDRE,
    ER_BASIS_FOURIER,
    ER_BASIS_RADIAL,
    ER_BASIS_LINEAR,
    ER_BASIS_RELU,
    ER_BASIS_RANDOM_FOURIER
};

struct er_basis {
    enum er_basis_kind kind;
    int64_t n, d;        /* features; numbers of an x */
    double centre, half; /* of a basis of one number */
    double bandwidth;
    double *direction, *phase; /* random features: n x d, n; else NULL */
};

/* Whether features of this kind are of one number, and whether they have a degree in place of a number of
 * them. */
bool er_basis_is_of_one(enum er_basis_kind kind);
bool er_basis_has_degree(enum er_basis_kind kind);

/* A basis for inputs of d numbers in low..high (which only a basis of one number looks at). `features` is
 * the number of them, d for the linear basis; bandwidth NaN: the default (fourier-features: 5). `seed`
 * draws random features. Freed by er_basis_clear(). ER_E_SHAPE: a basis of one number for d > 1.
 * ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_basis_open(enum er_basis_kind kind, int64_t features, double bandwidth, int64_t d,
                             double low, double high, uint64_t seed, const struct er_progress *progress,
                             struct er_basis *out, struct er_error *err);

/* Bytes that a basis of so many features keeps. */
double er_basis_bytes(enum er_basis_kind kind, int64_t features, int64_t d);

/* phi (n x basis->n, row-major) of x (n x d). ER_E_STOPPED, some tenths of a second after it is asked to. Cost: a
 * matrix product n d N for random features, else n N. */
enum er_status er_basis_design(const struct er_basis *basis, int64_t n, const double *x, double *phi,
                               const struct er_progress *progress, struct er_error *err);

void er_basis_clear(struct er_basis *basis);

#endif
