/* <ermine/empirical.h> - kernels of networks of finite width, and what training does to first and higher orders:
 * empirical NTK and NNGP, their Monte-Carlo means, linearised and Taylor-expanded outputs. All in float64.
 *
 * With outputs f(x) of size O, parameters w of size P and J(x) = df(x)/dw (O x P):
 *
 *     Theta^[x1, x2] = J(x1) J(x2)'     (O x O)            K^[x1, x2] = f(x1) . f(x2) / O
 *
 * As widths grow they tend to Theta I_O and K of the same model's infinite network (<ermine/limit.h>), where weights are
 * drawn as the layers' `init` says. Networks are in evaluation: batch norm takes its running statistics (at initialisation
 * means 0 and variances 1), dropout is the identity.
 *
 * Inputs x are n x D, row-major, images height x width x channels. Weights are P doubles in the net's own layout,
 * statistics S doubles (NULL where S is 0). Results are the same to the bit for any number of threads; a pool may be NULL:
 * the caller's thread alone. ER_E_NONFINITE: a result is infinite or NaN. Errors name what was wrong.
 *
 * Sources: Jacot, Gabriel and Hongler, NeurIPS 2018; Lee et al., "Wide neural networks of any depth evolve as linear
 * models", NeurIPS 2019; Novak, Sohl-Dickstein and Schoenholz, "Fast finite width neural tangent kernel", ICML 2022 (the
 * three algorithms); Novak et al., ICLR 2019 (Monte Carlo). Well known; written from the formulas.
 */
#ifndef ERMINE_EMPIRICAL_H
#define ERMINE_EMPIRICAL_H

#include <ermine/net.h>
#include <ermine/pool.h>
#include <ermine/progress.h>

/* A net in float64. Immutable: any number of threads may use one. */
struct er_finite;

/**
 * The net is borrowed until er_finite_free(). ER_E_UNSUPPORTED names a layer that has no reading in float64; ER_E_NOMEM.
 */
ER_API enum er_status er_finite_new(const struct er_net *net, struct er_finite **out, struct er_error *err);
ER_API void er_finite_free(struct er_finite *finite);

/* A net with its numbers, all borrowed. */
struct er_finite_network {
    const struct er_finite *finite;
    const double *w;          /* P */
    const double *statistics; /* S; NULL where S is 0 */
};

/** w (P) and statistics (S, may be NULL) in float64 as er_net_initialise() draws them. ER_E_NOMEM. */
ER_API enum er_status er_finite_initialise(const struct er_finite *finite, uint64_t seed, double *w,
                                           double *statistics, struct er_error *err);

/** f (n x O) = the outputs. Cost: 1 forward pass. ER_E_NOMEM, ER_E_NONFINITE. */
ER_API enum er_status er_finite_outputs(const struct er_finite_network *network, int64_t n, const double *x,
                                        double *f, struct er_pool *pool, struct er_error *err);

enum { ER_TAYLOR_DEGREE = 15 };

/**
 * The Taylor expansions of the outputs in the parameters, around w along d (P), of all degrees up to `degree`:
 *
 *     f (degree + 1, n, O):   f_k = sum_{j <= k} (1/j!) d^j/ds^j f(w + s d) at s = 0
 *
 * f_0 is the output at w, f_1 = f_0 + J d the network linearised, f_k - f_{k-1} the k-th term. At a kink (relu, max_pool)
 * the expansion is that of the side on which w lies. Truncated polynomials in s are propagated through the net: cost
 * degree (degree + 1) / 2 forward passes and a few (2 products a layer and order).
 * ER_E_USAGE (degree outside of 0 .. ER_TAYLOR_DEGREE), ER_E_NOMEM, ER_E_NONFINITE.
 */
ER_API enum er_status er_finite_taylor(const struct er_finite_network *network, const double *d, int degree,
                                       int64_t n, const double *x, double *f, struct er_pool *pool,
                                       struct er_error *err);

/** g (P) = sum_i J(x_i)' v_i, for v (n x O): the gradient of sum_i v_i . f(x_i). Cost about 3 forward passes.
 * ER_E_NOMEM, ER_E_NONFINITE. */
ER_API enum er_status er_finite_vjp(const struct er_finite_network *network, int64_t n, const double *x,
                                    const double *v, double *g, struct er_pool *pool, struct er_error *err);

/* Which outputs of Theta^[x1, x2] are kept. */
enum er_outputs_kept {
    ER_OUTPUTS_MEAN,     /* (1/O) sum_o Theta^[o,o]: one number a pair. Divided by O */
    ER_OUTPUTS_DIAGONAL, /* Theta^[o,o]: O */
    ER_OUTPUTS_ALL       /* Theta^[o1,o2]: O x O */
};

/* How. All three give the same to rounding; N inputs a side, W the width of a layer:
 *
 *     jacobian     rows of J layer by layer, multiplied out       N O passes and N^2 O^2 P
 *     products     J(x1) (J(x2)' e_o), no J is held               N^2 O passes
 *     structured   (h1 . h2) (delta1 . delta2) of each layer      N O passes and N^2 O^2 sum W, not W^2
 *
 * where of each layer `structured` takes the cheaper of that and of rows of J. */
enum er_empirical_algorithm {
    ER_EMPIRICAL_AUTOMATIC, /* the one with the fewest operations, as counted */
    ER_EMPIRICAL_JACOBIAN,
    ER_EMPIRICAL_PRODUCTS,
    ER_EMPIRICAL_STRUCTURED
};

struct er_empirical_options {
    enum er_outputs_kept outputs;
    enum er_empirical_algorithm algorithm;
    double
        memory; /* bytes that may be taken beside the result, about; inputs are cut into pieces that fit (one row a side
                      at least). 0: 2^30 */
};

/* What a call did, or would do. */
struct er_empirical_plan {
    enum er_empirical_algorithm algorithm; /* never AUTOMATIC */
    double flops[4];                       /* counted, by algorithm; [0] unused */
    double bytes;                          /* taken beside the result */
};

/** "jacobian", "products", "structured". */
ER_API const char *er_empirical_algorithm_name(enum er_empirical_algorithm algorithm);

/** What er_empirical_kernel() would do for n1 x n2 inputs (n2 0: x1 with itself) on so many threads. */
ER_API struct er_empirical_plan er_empirical_plan(const struct er_finite *finite, int64_t n1, int64_t n2,
                                                  const struct er_empirical_options *options, int threads);

/**
 * Empirical kernels of one network. x2 NULL: x1 with itself, symmetric to the bit.
 *
 * @param k      n1 x n2 or NULL: K^.
 * @param theta  n1 x n2 (MEAN), n1 x n2 x O (DIAGONAL), n1 x n2 x O x O (ALL) or NULL: Theta^.
 * @param plan   NULL, or filled: which algorithm it was.
 * Cost: er_empirical_plan(). ER_E_NOMEM, ER_E_NONFINITE, ER_E_STOPPED.
 */
ER_API enum er_status er_empirical_kernel(const struct er_finite_network *network, int64_t n1,
                                          const double *x1, int64_t n2, const double *x2,
                                          const struct er_empirical_options *options, double *k,
                                          double *theta, struct er_empirical_plan *plan, struct er_pool *pool,
                                          const struct er_progress *progress, struct er_error *err);

/** out (n1 x O) = Theta^[x1, x2] v, v (n2 x O): one vjp and one product with the Jacobian, whatever n and O. x2 NULL: x1.
 * ER_E_NOMEM, ER_E_NONFINITE. */
ER_API enum er_status er_empirical_product(const struct er_finite_network *network, int64_t n1,
                                           const double *x1, int64_t n2, const double *x2, const double *v,
                                           double *out, struct er_pool *pool, struct er_error *err);

/* Kernels by Monte Carlo: means over networks drawn at initialisation. Defined for every layer with a reading in float64,
 * those without an exact kernel map included (max_pool, gain, batch_norm by its running statistics).
 *
 * Of one hidden layer the mean is unbiased; of deeper nets it has a bias of the order 1 / width, which no number of
 * networks removes. K of a network whose last layer is dense is that of infinitely many outputs: the mean over the
 * last layer's weights, given what comes before, is exact (variance of a weight times h1 . h2, plus that of the bias). */
struct er_sampled_options {
    int64_t networks; /* m >= 1: networks seed .. seed + m - 1, as er_net_initialise() draws them */
    uint64_t seed;
    double memory; /* of each thread, as in er_empirical_options; 0: 2^30 */
};

/* Where the results go, n1 x n2 each, any may be NULL. The errors are standard errors of the mean over networks, from
 * running second moments; with one network NAN. Theta is the mean over outputs. */
struct er_sampled_kernels {
    double *k, *k_error, *theta, *theta_error;
};

/* What er_sampled_kernel() takes: bytes beside the results, on so many threads, and flops of one network, as counted. */
struct er_sampled_plan {
    double bytes, flops;
};

/** Of n1 x n2 inputs (n2 0: x1 with itself), of K, Theta, or both. */
ER_API struct er_sampled_plan er_sampled_plan(const struct er_finite *finite, int64_t n1, int64_t n2,
                                              const struct er_sampled_options *options, bool k, bool theta,
                                              int threads);

/**
 * x2 NULL: x1 with itself. A network a task of the pool, added in their order. Cost: er_sampled_plan().
 * ER_E_USAGE (no networks), ER_E_NOMEM, ER_E_NONFINITE (names the network), ER_E_STOPPED.
 */
ER_API enum er_status er_sampled_kernel(const struct er_finite *finite, int64_t n1, const double *x1,
                                        int64_t n2, const double *x2,
                                        const struct er_sampled_options *options,
                                        const struct er_sampled_kernels *out, struct er_pool *pool,
                                        const struct er_progress *progress, struct er_error *err);

#endif
