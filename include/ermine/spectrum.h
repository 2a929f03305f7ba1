/* <ermine/spectrum.h> - spectra of matrices that are known by their products alone.
 *
 * A Hessian of P parameters is never formed; what there is, is the product A v. From such products come the
 * top eigenpairs, the density of all eigenvalues, the trace, the Frobenius norm, and the spectral norm of a
 * linear map.
 *
 * Vectors are float32, as Hessian-vector products are; all inner products, coefficients and small
 * eigenproblems are float64. With u = 2^-24 the unit roundoff of float32, each vector carries a relative
 * error of u, so that no residual goes below about u ||A||, 6e-8 relative to the largest eigenvalue, or the
 * operator's own rounding if that is larger (1e-6 to 1e-5 for the Hessian of a network). Eigenvalues are
 * Rayleigh quotients and err by the square of the residual over the gap, besides that floor.
 *
 * Everything is a function of (operator, options): single-threaded here, sums in a fixed order; the operator
 * may be parallel inside. The functions may be called from any thread, each with an operator of its own. A
 * failure leaves all outputs untouched. An operator's failure ends the call with its status and message: so a
 * call is stopped, by returning ER_E_STOPPED. ER_E_NONFINITE: a product holds infinity or NaN.
 *
 * Streams of random numbers: take er_stream(ER_PURPOSE_PROBES, index).
 */
#ifndef ERMINE_SPECTRUM_H
#define ERMINE_SPECTRUM_H

#include <ermine/random.h>
#include <ermine/status.h>
#include <stdbool.h>

/* A symmetric linear operator A on R^n: out = A v. n >= 1. `v` and `out` are n floats each, never the same
 * block. */
struct er_operator {
    int64_t n;
    void *ctx;
    enum er_status (*apply)(void *ctx, const float *v, float *out, struct er_error *err);
};

enum { ER_KRYLOV_MAX = 4096 }; /* vectors of one basis, at most */

enum er_spectrum_end {
    ER_SPECTRUM_LARGEST,  /* largest algebraic first */
    ER_SPECTRUM_SMALLEST, /* smallest algebraic (most negative) first */
    ER_SPECTRUM_MAGNITUDE /* largest absolute value first; at equal ones, the positive first */
};

struct er_lanczos_options {
    int64_t k; /* eigenpairs wanted, 1 .. ER_KRYLOV_MAX - 2; more than n is n */
    enum er_spectrum_end end;
    bool repeated;    /* look for further copies of the eigenvalues found, see er_lanczos() */
    double tolerance; /* on ||A v - lambda v|| / max |lambda|: 1e-7 .. 1, below 1e-6 rarely reached */
    int64_t vectors;  /* m, the size of the basis at which the method restarts: k + 2 .. ER_KRYLOV_MAX, or 0
                         for 2 k + 20  (ER_KRYLOV_MAX at most). n is always enough */
    int64_t applies;  /* products at most, >= 1; measuring the result takes k more */
    uint64_t seed, stream; /* of the start vector */
    const float *start; /* n floats to start from, not all 0, borrowed; NULL: a random vector. The nearer it
                              is to the eigenvectors wanted, the fewer products; what it has no part in is not
                              found before the rest is exhausted, so a bit of everything belongs in it */
};

/** k = 1, largest, tolerance 1e-5, vectors 0, applies 1000, not repeated, seed 0, stream of
 * ER_PURPOSE_PROBES, start NULL. */
ER_API struct er_lanczos_options er_lanczos_options_default(void);

struct er_lanczos_report {
    int64_t found;     /* pairs given: min(k, n), or fewer when `applies` was below that */
    int64_t converged; /* those of them whose residual is within the tolerance */
    int64_t applies;   /* products taken, the last `found` of them to measure the residuals */
    int64_t restarts;
    double asymmetry; /* largest |v_i . A v_j - v_j . A v_i| met between neighbours, over the largest ||A v||:
                         about 1e-7 for a symmetric A; more tells of noise, or of an operator that is not
                         symmetric */
};

/**
 * Extreme eigenpairs by Lanczos' method with full reorthogonalisation and thick restart.
 *
 *     A V = V S + beta v e^T     V orthonormal, S = V^T A V;     S y = theta y  ->  lambda = theta, x = V y
 *
 * Each new direction A v is made orthogonal to all of the basis twice (Gram and Schmidt; "twice is enough").
 * When the basis has m vectors, the best k + (m - k) / 2 Ritz vectors are kept and the iteration goes on from
 * them. When the basis spans an invariant subspace (beta = 0 to rounding) it goes on with a new random
 * direction. At the end eigenvalues and residuals are measured with a product each, not estimated.
 *
 * One start vector meets one eigenvector of each distinct eigenvalue. Copies of a repeated eigenvalue appear
 * when the subspace is exhausted, or late, by rounding. With `repeated`, the iteration starts again, after it
 * has converged, with a random direction orthogonal to the pairs found, until that brings nothing new and the
 * (k+1)-th pair has converged too; copies are then found with probability one. It costs about as much again
 * for every copy.
 *
 * Not to converge within `applies` is no error: see `converged` and `residual`.
 *
 * @param value     room for k: eigenvalues in the order of `end`. Those beyond `found` are not written.
 * @param residual  room for k, or NULL: ||A x - lambda x|| / max |lambda| (the norm itself when A = 0).
 * @param vector    room for k * n, or NULL: unit eigenvectors, one after the other.
 * @param report    may be NULL.
 * Errors: ER_E_USAGE, ER_E_NOMEM, ER_E_NONFINITE, the operator's.
 *
 * Memory: m + 1 vectors of n floats, and about 3 m^2 + 256 m doubles (m <= n). Cost per product: 8 n j
 * operations beside the product's, j <= m the size of the basis; 2 n m (k + m) / 2 a restart; and the small
 * eigenproblems, O(m^3) in all between two restarts. Invariants (tests/math/lanczos.c): closed-form spectra;
 * same pairs with and without restart. Sources: Lanczos 1950; Wu and Simon, "Thick-restart Lanczos method for
 * large symmetric eigenvalue problems", SIAM J. Matrix Anal. Appl. 2000; Giraud, Langou, Rozloznik and van
 * den Eshof, "Rounding error analysis of the classical Gram-Schmidt orthogonalization process", Numer. Math.
 * 2005 (twice). Departure: S is taken whole from the inner products v_i . A v_j, i <= j, which
 * reorthogonalisation computes anyway, rather than from its tridiagonal part; so restarts and new directions
 * need no case of their own.
 */
ER_API enum er_status er_lanczos(const struct er_operator *a, const struct er_lanczos_options *options,
                                 double *value, double *residual, float *vector,
                                 struct er_lanczos_report *report, struct er_error *err);

enum er_probe {
    ER_PROBE_RADEMACHER, /* each element 1 or -1 */
    ER_PROBE_GAUSSIAN    /* each element standard normal */
};

struct er_density_options {
    int64_t probes; /* >= 1 */
    int64_t steps;  /* m, Lanczos steps a probe and nodes of its quadrature: 1 .. ER_KRYLOV_MAX */
    enum er_probe probe;
    uint64_t seed, stream; /* probe p draws from stream + p: fewer probes are the first of more */
};

/** 8 probes of 80 steps, Rademacher, seed 0, stream of ER_PURPOSE_PROBES. */
ER_API struct er_density_options er_density_options_default(void);

/**
 * The density of eigenvalues by stochastic Lanczos quadrature: for a probe v of length 1, m steps of Lanczos
 * give the Gauss quadrature of the measure sum_i (v . x_i)^2 delta(lambda_i), and its mean over probes is the
 * density.
 *
 *     T = U diag(node) U^T,  weight_i = U_1i^2;     E sum_i weight_i f(node_i) ~ (1/n) sum_i f(lambda_i)
 *
 * For a polynomial f of degree 2m - 1 or less the quadrature of each probe is exact: v^T f(A) v. The weights
 * of a probe sum to 1. A probe that spans an invariant subspace earlier has fewer nodes, is exact for every
 * f, and is filled up with nodes 0 of weight 0.
 *
 * @param node, weight  room for probes * steps each, a probe after the other, nodes ascending (filling last).
 * Errors: ER_E_USAGE, ER_E_NOMEM, ER_E_NONFINITE, the operator's.
 *
 * Memory: steps + 1 vectors of n floats. Cost: probes * steps products, 4 n steps^2 operations a probe beside
 * them. Invariants (tests/math/density.c): moments of known spectra; exact for steps = n. Sources: Ubaru,
 * Chen and Saad, "Fast estimation of tr(f(A)) via stochastic Lanczos quadrature", SIAM J. Matrix Anal. Appl.
 * 2017; Ghorbani, Krishnan and Xiao, "An investigation into neural net optimization via Hessian eigenvalue
 * density", ICML 2019; Golub and Welsch 1969 for weights from eigenvectors.
 */
ER_API enum er_status er_spectral_density(const struct er_operator *a,
                                          const struct er_density_options *options, double *node,
                                          double *weight, struct er_error *err);

/**
 * The density smoothed by a Gaussian of standard deviation sigma > 0, in the unit of the eigenvalues:
 *
 *     density(x) = (1/probes) sum_j weight_j exp(-(x - node_j)^2 / (2 sigma^2)) / (sigma sqrt(2 pi))
 *
 * for j over all `probes` * `steps` nodes of er_spectral_density(), at the `count` points x. It integrates
 * to 1. Ghorbani et al. take sigma^2 = 1e-5 after scaling the spectrum to [-1, 1]. ER_E_USAGE. Cost: count *
 * probes * steps exponentials.
 */
ER_API enum er_status er_density_on_grid(int64_t probes, int64_t steps, const double *node,
                                         const double *weight, double sigma, int64_t count, const double *x,
                                         double *density, struct er_error *err);

/* Means over probes, and their standard errors (standard deviation over sqrt(probes); NaN for one probe). */
struct er_trace {
    double trace, trace_error;   /* of sum_i lambda_i */
    double square, square_error; /* of tr(A^2) = sum_i lambda_i^2: its root is the Frobenius norm */
};

/**
 * Hutchinson's estimate of the trace, E v^T A v over probes v of independent signs, and of the trace of A^2
 * by E ||A v||^2 from the same products.
 *
 * Variance of one probe: 2 (||A||_F^2 - sum_i a_ii^2), so that a diagonal matrix needs one probe only.
 *
 * @param probes  N >= 1 products; probe p draws from stream + p.
 * Errors: ER_E_USAGE, ER_E_NOMEM, ER_E_NONFINITE, the operator's. Memory: 2 vectors of n floats.
 * Source: Hutchinson, "A stochastic estimator of the trace of the influence matrix", Comm. Stat. Simul.
 * Comput. 1989.
 */
ER_API enum er_status er_trace(const struct er_operator *a, int64_t probes, uint64_t seed, uint64_t stream,
                               struct er_trace *out, struct er_error *err);

/**
 * The trace alone, with the same number of products but the largest eigenvalues exactly: Q, orthonormal, spans A v_1 ... A v_k of
 * k = floor(N / 3) probes, and
 *
 *     tr A = tr Q^T A Q + E u^T A u,   u = (I - Q Q^T) v
 *
 * by N - 2 k probes v more. Where few eigenvalues hold most of the trace, as in Hessians of losses, the error is a small part of
 * er_trace()'s; of a matrix of rank k or less it is 0.
 *
 * @param products  N >= 3 at most; @param error  the standard error of the second part. Probe p draws from stream + p.
 * Errors: er_trace()'s. Memory: k + 2 vectors of n floats.
 * Source: Meyer, Musco, Musco and Woodruff, "Hutch++: optimal stochastic trace estimation", SOSA 2021, algorithm 1.
 */
ER_API enum er_status er_trace_split(const struct er_operator *a, int64_t products, uint64_t seed,
                                     uint64_t stream, double *trace, double *error, struct er_error *err);

/* A linear map B: R^columns -> R^rows and its transpose. */
struct er_linear_map {
    int64_t rows, columns;
    void *ctx;
    enum er_status (*apply)(void *ctx, const float *v, float *out, struct er_error *err); /* B v */
    enum er_status (*apply_transposed)(void *ctx, const float *v, float *out,
                                       struct er_error *err); /* B^T v */
};

/**
 * The spectral norm max ||B v|| / ||v||, the largest singular value: the root of the largest eigenvalue of
 * B^T B or B B^T, whichever is smaller, by er_lanczos(). Squaring costs no accuracy at this end of the
 * spectrum.
 *
 * @param tolerance  on the relative error, 1e-7 .. .5: the residual of the squared problem is brought below
 * twice this, which bounds the relative distance to a singular value. The norm found is never above the true
 * one by more than the products' rounding (1e-7).
 * @param applies    products with B at most (and as many with B^T), >= 1.
 * @param norm       >= 0.
 * @param error      the bound on the relative error as measured; may be NULL. Above the tolerance when
 * `applies` ran out. Errors: ER_E_USAGE, ER_E_NOMEM, ER_E_NONFINITE (also when the square of the norm, or its
 * square, leaves float32), the map's. Memory: at most 24 vectors of min(rows, columns) floats, and one of the
 * larger.
 */
ER_API enum er_status er_operator_norm(const struct er_linear_map *b, double tolerance, int64_t applies,
                                       uint64_t seed, uint64_t stream, double *norm, double *error,
                                       struct er_error *err);

#endif
