/* <ermine/predict.h> - what networks of infinite width predict: the Bayesian posterior, and training by gradient descent.
 *
 * A network of infinite width is known by two kernels, K (NNGP) and Theta (NTK), see <ermine/limit.h>; what it predicts
 * follows by linear algebra from their matrices. Symbols: n training examples, m test examples, O outputs of each; K_DD,
 * K_*D, K_** (n x n, m x n, m x m) the kernel among training, between test and training, among test examples; y (n x O)
 * targets. All matrices are float64, row-major; K_DD, Theta_DD and K_** are symmetric, and all of them is read. Outputs are
 * independent and share covariances: a covariance is that of one output.
 *
 * Errors of all: ER_E_USAGE (a size, ridge, rate, time or momentum out of its range), ER_E_LIMIT (n above 32000, for
 * er_flow_new()), ER_E_NOMEM, ER_E_NONFINITE (an input or a result is infinite or NaN), ER_E_STOPPED. Results
 * are untouched or half written on failure. A pool is never NULL. The same bits for any number of threads. A posterior or flow may be read by
 * several threads at once, each with a pool of its own.
 *
 * Sources: Rasmussen and Williams, "Gaussian processes for machine learning", 2006, algorithm 2.1 (posterior); Jacot,
 * Gabriel and Hongler, NeurIPS 2018 (flow); Lee et al., "Wide neural networks of any depth evolve as linear models under
 * gradient descent", NeurIPS 2019, equations 8-16 (means and covariances at any time); He, Lakshminarayanan and Teh,
 * "Bayesian deep ensembles via the neural tangent kernel", NeurIPS 2020 (NTKGP). Checks: tests/limit/predict.c.
 */
#ifndef ERMINE_PREDICT_H
#define ERMINE_PREDICT_H

#include <ermine/pool.h>
#include <ermine/progress.h>

/* What is added to the diagonal of the kernel among training examples: A = K_DD + r I.
 *
 *     r = value trace(K_DD) / n       or, with `absolute`, r = value          value >= 0
 *
 * For a posterior r is the variance of the noise of targets; for descent it is the penalty (r/2) |w - w_0|^2 on the loss
 * 1/2 sum (f - y)^2. */
struct er_ridge {
    double value;
    bool absolute;
};

/** r. */
ER_API double er_ridge_added(struct er_ridge ridge, int64_t n, const double *k_train);

/* --- the posterior --- */

/* A = L L^T of one kernel and ridge: serves any targets and test examples. */
struct er_posterior;

struct er_posterior_report {
    double ridge;   /* r as asked for */
    double added;   /* r as it is in A: larger where A was not positive definite to rounding */
    int64_t raised; /* how often it was multiplied by 10 */
    double
        condition; /* |A| |A^-1| in the 1-norm, estimated from below, mostly within a factor 3. Above 1e12 fewer
                               than 4 digits of a result are sure: say so to whoever reads it */
    double log_determinant; /* of A */
};

/**
 * Factors A. Copies k_train. With K_DD: the posterior of a Bayesian network. With Theta_DD: the end of gradient descent
 * (er_predict_mean() and er_posterior_ensemble...), or the NTKGP, where Theta stands for K everywhere.
 *
 * Where A is not positive definite to rounding r is multiplied by 10 until it is, from 1e-14 of the mean of the diagonal at
 * least: see the report. ER_E_NONFINITE when r reaches that mean itself. Cost: n^3 / 3 flops a try; 8 n^2 bytes.
 */
ER_API enum er_status er_posterior_new(int64_t n, const double *k_train, struct er_ridge ridge,
                                       struct er_pool *pool, const struct er_progress *progress,
                                       struct er_posterior **out, struct er_error *err);
ER_API void er_posterior_free(struct er_posterior *posterior);
ER_API const struct er_posterior_report *er_posterior_reported(const struct er_posterior *posterior);

/** alpha = A^-1 y (n x O); may be y itself. The mean is then er_predict_mean(). 2 n^2 O flops on one thread. */
ER_API void er_posterior_weights(const struct er_posterior *posterior, int64_t outputs, const double *y,
                                 double *alpha);

/**
 * The logarithm of the marginal likelihood, summed over outputs (divide by n O to compare sizes):
 *
 *     log p(y) = sum over outputs of  -1/2 y^T alpha - 1/2 log det A - (n/2) log 2 pi
 */
ER_API double er_log_marginal_likelihood(const struct er_posterior *posterior, int64_t outputs,
                                         const double *y, const double *alpha);

/**
 * The posterior covariance among m test examples, K_** - K_*D A^-1 K_D*: `covariance` (m x m) holds K_** and becomes it,
 * symmetric to the bit. That of a noisy target has r more on its diagonal. n^2 m + n m^2 flops; 8 n m bytes.
 */
ER_API enum er_status er_posterior_covariance(const struct er_posterior *posterior, int64_t m,
                                              const double *k_test, double *covariance, struct er_pool *pool,
                                              const struct er_progress *progress, struct er_error *err);

/** Its diagonal alone: `variance` (m) holds K(x,x). Those below 0 by rounding become 0 and are counted in *clipped (or
 * NULL). n^2 m flops. */
ER_API enum er_status er_posterior_variances(const struct er_posterior *posterior, int64_t m,
                                             const double *k_test, double *variance, int64_t *clipped,
                                             struct er_pool *pool, const struct er_progress *progress,
                                             struct er_error *err);

/**
 * The ensemble of networks after infinite time, from a posterior of Theta_DD: B = Theta_*D A^-1,
 *
 *     K_** - B K_D* - K_*D B^T + B K_DD B^T
 *
 * `covariance` holds K_** (m x m) and becomes it; `variance` K(x,x) (m). Not the NNGP posterior unless Theta = K.
 * 4 n^2 m flops (and 4 n m^2); 16 n m bytes.
 */
ER_API enum er_status er_posterior_ensemble_covariance(const struct er_posterior *theta, int64_t m,
                                                       const double *theta_test, const double *k_test,
                                                       const double *k_train, double *covariance,
                                                       struct er_pool *pool,
                                                       const struct er_progress *progress,
                                                       struct er_error *err);
ER_API enum er_status er_posterior_ensemble_variances(const struct er_posterior *theta, int64_t m,
                                                      const double *theta_test, const double *k_test,
                                                      const double *k_train, double *variance,
                                                      int64_t *clipped, struct er_pool *pool,
                                                      const struct er_progress *progress,
                                                      struct er_error *err);

/**
 * mean (m x O) = start + k_test alpha: of a posterior with K_*D, of networks trained by descent with Theta_*D; `start`
 * (m x O) is f_0 at the test examples, or NULL for 0. 2 m n O flops. ER_E_STOPPED alone.
 */
ER_API enum er_status er_predict_mean(int64_t m, int64_t n, const double *k_test, int64_t outputs,
                                      const double *alpha, const double *start, double *mean,
                                      struct er_pool *pool, const struct er_progress *progress,
                                      struct er_error *err);

/* --- gradient descent on the loss 1/(2 n O) sum (f - y)^2 --- */

/* Theta_DD = Q diag(lambda) Q^T: serves any time, rate, ridge, targets and kind of descent. */
struct er_flow;

enum er_descent {
    ER_DESCENT_FLOW,       /* df/dt = -rate/(n O) Theta (f - y) */
    ER_DESCENT_STEPS,      /* f <- f - rate/(n O) Theta (f - y), `time` times */
    ER_DESCENT_HEAVY_BALL, /* v <- momentum v + (f - y)/(n O); f <- f - rate Theta v, `time` times; v_0 = 0 */
    ER_DESCENT_MOMENTUM_FLOW, /* its continuous limit in s = sqrt(rate) time: f'' = -Theta (f - y)/(n O) - g f',
                                 g = (1 - momentum)/sqrt(rate), f'(0) = 0. It doesn't track the steps exactly */
};

struct er_descent_options {
    enum er_descent kind;
    double rate;     /* > 0 */
    double time;     /* >= 0, in steps, a whole number where there are steps; INFINITY: the end */
    double momentum; /* 0 <= momentum < 1, of the last two */
    struct er_ridge ridge;
};

/** Flow with rate 1 to the end, without ridge. */
ER_API struct er_descent_options er_descent_defaults(void);

/**
 * Decomposes Theta_DD, which is copied, for nets of O outputs (O is in every exponent). With K_DD instead of Theta_DD only
 * the last layer is trained. About 9 n^3 flops on one thread, in one call of LAPACK (dsyevd), which can't be stopped and
 * reports no progress: a minute for 5000 examples, hours for 30000; 8 n^2 bytes, 24 n^2 in between. Above 32000 examples
 * its workspace of 2 n^2 numbers does not fit the 32 bit integers of LAPACK, and nothing here takes its place: the end of
 * training needs no decomposition (er_posterior_new(), er_kernel_solve() of <ermine/kernel_solver.h>).
 */
ER_API enum er_status er_flow_new(int64_t n, int64_t outputs, const double *theta_train, struct er_flow **out,
                                  struct er_error *err);
ER_API void er_flow_free(struct er_flow *flow);

/** The n eigenvalues of Theta_DD, ascending. */
ER_API const double *er_flow_eigenvalues(const struct er_flow *flow);

/** (lambda_max + r) / (lambda_min + r); infinite when the least is not above 0. */
ER_API double er_flow_condition(const struct er_flow *flow, struct er_ridge ridge);

/** The largest rate at which steps do not diverge: 2 (1 + momentum) n O / (lambda_max + r). */
ER_API double er_flow_max_rate(const struct er_flow *flow, struct er_ridge ridge, double momentum);

/**
 * alpha (n x O) = Q diag(psi) Q^T (y - f_0) with psi = (1 - e(lambda + r)) / (lambda + r), where e says what is left of an
 * error at `time`: exp(-lambda rate time/(n O)) for a flow. Test outputs are f_0 + Theta_*D alpha, er_predict_mean().
 * Eigenvalues below 0 by rounding count as 0; at infinite time directions whose lambda + r is at most n epsilon lambda_max
 * are not learnt (psi = 0).
 *
 * @param start  f_0 at the training examples (n x O), or NULL for 0: the mean of the ensemble.
 * Steps of a rate above er_flow_max_rate() diverge: their outputs grow, which is what is given, until they are infinite or
 * time is; then ER_E_NONFINITE names the largest rate. 4 n^2 O flops on one thread, whatever the time: all kinds are in
 * closed form.
 */
ER_API enum er_status er_flow_weights(const struct er_flow *flow, const struct er_descent_options *options,
                                      const double *y, const double *start, double *alpha,
                                      struct er_error *err);

/** Outputs on the training examples at `time`, f_0 + Theta_DD alpha with and without ridge, by the eigenvectors; the same
 * arguments. *loss (or NULL): 1/(2 n O) sum (f - y)^2. */
ER_API enum er_status er_flow_train(const struct er_flow *flow, const struct er_descent_options *options,
                                    const double *y, const double *start, double *train, double *loss,
                                    struct er_error *err);

/** Their covariance over the ensemble, f_0 ~ N(0, K): E K_DD E with E = I - Theta_DD Q diag(psi) Q^T (n x n), symmetric to
 * the bit. 6 n^3 flops; 16 n^2 bytes. */
ER_API enum er_status er_flow_train_covariance(const struct er_flow *flow,
                                               const struct er_descent_options *options,
                                               const double *k_train, double *covariance,
                                               struct er_pool *pool, const struct er_progress *progress,
                                               struct er_error *err);

/**
 * Covariance over the ensemble at m test examples: B = Theta_*D Q diag(psi) Q^T in the formula of
 * er_posterior_ensemble_covariance(), whose arguments and results these are. 6 n^2 m flops (and 4 n m^2).
 */
ER_API enum er_status er_flow_covariance(const struct er_flow *flow, const struct er_descent_options *options,
                                         int64_t m, const double *theta_test, const double *k_test,
                                         const double *k_train, double *covariance, struct er_pool *pool,
                                         const struct er_progress *progress, struct er_error *err);
ER_API enum er_status er_flow_variances(const struct er_flow *flow, const struct er_descent_options *options,
                                        int64_t m, const double *theta_test, const double *k_test,
                                        const double *k_train, double *variance, int64_t *clipped,
                                        struct er_pool *pool, const struct er_progress *progress,
                                        struct er_error *err);

/* --- how good predictions are expected to be --- */

/** 1/2 mean over m x O of (mean - y)^2 + variance / members: the expected loss of the mean of so many networks. variance
 * (m, shared by the outputs) NULL: of the ensemble's mean itself. members >= 1. */
ER_API double er_expected_loss(int64_t m, int64_t outputs, const double *mean, const double *variance,
                               double members, const double *y);

/** Negative logarithm of the predictive density, mean over m x O: 1/2 log(2 pi s) + (y - mean)^2 / (2 s), s = variance +
 * noise > 0; else infinite. */
ER_API double er_negative_log_density(int64_t m, int64_t outputs, const double *mean, const double *variance,
                                      double noise, const double *y);

#endif
