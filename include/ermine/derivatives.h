/* <ermine/derivatives.h> - derivatives of a network's loss over a whole data set: the gradient, products with
 * the Hessian and its relatives, products with the Jacobian, gradients of single examples.
 *
 * For any net, loss and data set. With n examples (x_i, y_i), outputs f_i = f(x_i, w) of size O, losses
 * l_i = loss(f_i, y_i), parameters w of size P:
 *
 *     J_i = d f_i / d w (O x P)     g_i = d l_i / d w = J_i' r_i,  r_i = d l_i / d f_i
 *     L = (1/n) sum_i l_i           g = (1/n) sum_i g_i
 *
 *     Hessian           H = d2 L / d w d w'
 *     Gauss-Newton      G = (1/n) sum_i J_i' (d2 l_i / d f_i d f_i') J_i     H without the net's curvature
 *     Fisher            F = (1/n) sum_i E_{y ~ p(y | f_i)} g_i(y) g_i(y)'    labels drawn from the model
 *     empirical Fisher  E = (1/n) sum_i g_i g_i'                             labels of the data
 *     covariance        C = (1/n) sum_i (g_i - g) (g_i - g)' = E - g g'      gradient noise of one example
 *
 * F = G where the loss is a negative log-likelihood of natural parameters f: cross-entropy, logistic,
 * mean-squared (of a normal distribution of variance 1). E is not F, nor near it away from a good fit.
 *
 * All products are exact (no differences). Arithmetic: the data are taken in blocks of some hundred examples;
 * a block's sum is in float32, as in training, blocks are added in float64 in their order, and the mean is
 * rounded to float32 once. So results are a function of (network, data, options), the same to the bit for any
 * number of threads; the relative error of a vector is that of float32 on one block, 1e-7 to 1e-5 of its
 * length, and does not grow with n. Derivatives at kinks of relu and the like are those of one side, second
 * derivatives there count as 0 (<ermine/net.h>).
 *
 * Training mode (network.training). Dropout is drawn as for one batch of all n examples: a function of
 * (seed, layer, step, example, unit), so that every call sees the same masks. Batch norm by the moments of
 * the batch makes all f_i depend on all x_i: the whole set is then one batch, run by one thread, in memory
 * of n rows; H, G, E and C keep their meaning with g_i the gradient of l_i within that batch, and gradients
 * of single examples are refused (ER_E_UNSUPPORTED).
 *
 * Units of cost: 1 = one forward pass over the data; a gradient costs about 3. For one hidden layer, whose
 * inputs need no gradient, H, G and E cost 1.5 gradients and C two. Sources: Pearlmutter, "Fast
 * exact multiplication by the Hessian", Neural Computation 1994 (H v); Schraudolph, "Fast curvature
 * matrix-vector products for second-order gradient descent", Neural Computation 2002 (G v); Martens, "New
 * insights and perspectives on the natural gradient method", JMLR 2020, sections 8-9 (F = G); Kunstner,
 * Balles and Hennig, "Limitations of the empirical Fisher approximation", NeurIPS 2019 (E against F);
 * Ghorbani, Krishnan and Xiao, "An investigation into neural net optimization via Hessian eigenvalue
 * density", ICML 2019 (the full-data Hessian as an operator). Well known; written from the formulas.
 */
#ifndef ERMINE_DERIVATIVES_H
#define ERMINE_DERIVATIVES_H

#include <ermine/net.h>
#include <ermine/pool.h>
#include <ermine/spectrum.h>

/* What it takes to differentiate one net on one data set: plans and memory. For one caller at a time. */
struct er_derivatives;

/* 0 everywhere is the default. Other sizes give other last bits. */
struct er_derivatives_options {
    int64_t chunk; /* examples of a block, 1 .. 2^24; 0: a power of two up to 512 by the net's size, fewer for
                      fewer than 4096 examples, so that threads find work, 128 at least */
    int64_t example_rows; /* the same where gradients of single examples are formed; 0: as many as make 2^21
                             floats of them, at most `chunk` */
};

/**
 * Plans the derivatives of `net` on `set`. Everything but `options` is borrowed until er_derivatives_free();
 * weights, statistics, seed and step of the network, and the values of x and label, may change between calls
 * (labels within 0..K-1: they are looked at here, not in the calls).
 * Its `training` may be set later only if the net does not mix rows (ER_E_USAGE from the calls).
 *
 * @param pool     NULL: the caller's thread alone. Not to be in use by others during a call.
 * @param options  NULL: all 0.
 * Errors: ER_E_USAGE (no examples, a net without parameters, an option out of range), ER_E_SHAPE (inputs or
 * classes of the set are not the net's), ER_E_INPUT (a label outside of 0..K-1), ER_E_LIMIT (er_plan_new()),
 * ER_E_NOMEM. Memory: er_derivatives_bytes().
 */
ER_API enum er_status er_derivatives_new(const struct er_net *net, const struct er_network *network,
                                         const struct er_dataset *set, struct er_pool *pool,
                                         const struct er_derivatives_options *options,
                                         struct er_derivatives **out, struct er_error *err);
ER_API void er_derivatives_free(struct er_derivatives *d);

/**
 * *bytes = the memory that er_derivatives_new() would take for `examples` examples and `threads` threads, to
 * within a few kilobytes: for each thread a plan's scratch and max(P, example_rows P) floats, and P doubles.
 * `training` as the network's. Errors as there.
 */
ER_API enum er_status er_derivatives_bytes(const struct er_net *net, bool training, int64_t examples,
                                           int threads, const struct er_derivatives_options *options,
                                           size_t *bytes, struct er_error *err);

/* All calls below give ER_E_NONFINITE when a weight, a given vector or a result is infinite or NaN,
 * ER_E_UNSUPPORTED when a layer lacks the reading (named), ER_E_USAGE (training, above). Vectors that are
 * given and taken never overlap. Vectors of P are left untouched on failure; larger results are undefined. */

/** *loss = L, and the number of wrong predictions (may be NULL; ties are wrong). Cost 1. */
ER_API enum er_status er_derivatives_loss(struct er_derivatives *d, double *loss, int64_t *errors,
                                          struct er_error *err);

/** g (P); loss and errors likewise, may be NULL. Cost 3. */
ER_API enum er_status er_derivatives_gradient(struct er_derivatives *d, float *g, double *loss,
                                              int64_t *errors, struct er_error *err);

/** dx (n x D): row i is d l_i / d x_i; where batch norm mixes rows, d (n L) / d x_i. Cost 3 or less. */
ER_API enum er_status er_derivatives_inputs(struct er_derivatives *d, float *dx, struct er_error *err);

enum er_curvature {
    ER_CURVATURE_HESSIAN,          /* H; symmetric, indefinite. Cost 8 */
    ER_CURVATURE_GAUSS_NEWTON,     /* G; positive semidefinite for these losses; 0 for hinge. Cost 5 */
    ER_CURVATURE_FISHER,           /* F = G; ER_E_UNSUPPORTED for hinge, which is no likelihood. Cost 5 */
    ER_CURVATURE_EMPIRICAL_FISHER, /* E; v -> (1/n) sum_i g_i (g_i . v), no g_i is formed. Cost 5 */
    ER_CURVATURE_COVARIANCE        /* C; v -> (1/n) sum_i g_i (g_i . v - g . v), two sweeps. Cost 6 */
};

/** out (P) = the matrix times v (P). g_i . v = r_i . (J_i v) comes from a tangent, in float64. */
ER_API enum er_status er_derivatives_product(struct er_derivatives *d, enum er_curvature matrix,
                                             const float *v, float *out, struct er_error *err);

/** The same as an operator for <ermine/spectrum.h>; it lives as long as d:
 *
 *     struct er_operator h = er_derivatives_operator(d, ER_CURVATURE_HESSIAN);
 *     er_lanczos(&h, &options, value, NULL, NULL, NULL, &err);
 */
ER_API struct er_operator er_derivatives_operator(struct er_derivatives *d, enum er_curvature matrix);

/** tf (n x O): row i is J_i v, not divided by n; f (n x O, may be NULL) the outputs. Cost 3. */
ER_API enum er_status er_derivatives_jvp(struct er_derivatives *d, const float *v, float *f, float *tf,
                                         struct er_error *err);

/** out (P) = sum_i J_i' df_i, not divided by n, for df (n x O). Cost 3. */
ER_API enum er_status er_derivatives_vjp(struct er_derivatives *d, const float *df, float *out,
                                         struct er_error *err);

/** The two as a linear map of n O rows and P columns, for er_operator_norm(); it lives as long as d. */
ER_API struct er_linear_map er_derivatives_jacobian(struct er_derivatives *d);

/**
 * g (count x P): the gradients g_i of examples first .. first + count - 1; loss (count, may be NULL) their
 * losses. g_i does not depend on the range asked for. Cost 3, and the writing of count P floats, which
 * dominates. ER_E_USAGE: a range that is not within the data.
 */
ER_API enum er_status er_derivatives_examples(struct er_derivatives *d, int64_t first, int64_t count,
                                              float *g, double *loss, struct er_error *err);

/* Moments of the gradients of single examples. */
struct er_gradient_moments {
    double square;   /* (1/n) sum_i |g_i|^2, the trace of E */
    double mean;     /* |g|^2 */
    double variance; /* V = square - mean, the trace of C: the gradient noise of one example. Not divided by
                        P */
};

/**
 * The moments; square (n, may be NULL): |g_i|^2 of each. All sums, that of g too, are in float64 over the
 * float32 g_i, so that V has an absolute error of about 1e-15 `square` beside that of the g_i themselves.
 * A V below that, of equal gradients, is given as 0 if it comes out negative. Cost as of all examples' g_i,
 * which are formed block by block and not kept.
 */
ER_API enum er_status er_derivatives_moments(struct er_derivatives *d, struct er_gradient_moments *out,
                                             double *square, struct er_error *err);

#endif
