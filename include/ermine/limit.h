/* <ermine/limit.h> - networks of infinite width: the exact NNGP and NTK kernels of a model.
 *
 * When the hidden widths of a network go to infinity, its outputs at initialisation become a Gaussian process with the
 * covariance K (the NNGP kernel), and training it by gradient flow becomes kernel regression with the tangent kernel
 * Theta (the NTK). Both are functions of the model's text, known exactly: in closed form, or, behind tanh, sigmoid, softplus,
 * swish, elu and tanh's gelu, as series and integrals to 1e-9 of their size. In float64, for one output:
 *
 *     K(x, x') = E f(x) f(x')          Theta(x, x') = E sum over parameters df/dw(x) df/dw(x')
 *
 * The data enter as K0[p,p'] = (1/C) x[p] . x'[p'], a mean over channels. Weights as the layers' `init` says: with
 * init=ntk the tangent parameterisation, with the others the standard one, whose Theta has the widths of the text in it;
 * er_limit_options can set both for all layers.
 *
 * A limit is never written to once it is made: threads may share it, and points too. `pool` is never NULL; a pool serves one
 * call at a time.
 *
 * Cost. Nets of vectors: er_limit_flops() and a few numbers of memory an entry. Images of P pixels: with global average pooling
 * P^2 activations a layer and entry, with all pixels flattened P. One displacement of the two pixels is run after the other,
 * in memory of a few images; average pooling in the middle stores the displacements of its output that are needed, at
 * most P'^2 for its P' pixels: 1 MB an entry for 32 x 32 -> 16 x 16 in float64. A pool of more than 2^20 of them (16 MB) is not
 * stored: what it needs is computed again for every displacement, several times in all. er_limit_scratch_bytes() says
 * what a thread takes.
 *
 * Activations are closed forms, to rounding, but for tanh, sigmoid, swish, softplus, elu and gelu approximate=tanh: E phi phi
 * and E phi' phi' of these are series in Hermite polynomials, or quadrature where the series would be off by more, and right
 * to 1e-9 of what they are for a point with itself (each layer; for variances up to 1e10). A pair of values takes 0.6 us by
 * the series, several hundred times relu's, and 4 to 200 us by quadrature, which takes over near correlation +-1 for variances
 * above about 2 (tanh) or 5, and for elu: keep inputs at the scale of 1. The coefficients take 2 KiB for each pixel of the
 * input of such a layer: in the points, or, where images are compared at 32 displacements or more (global_avg_pool), for 16
 * images in each thread's scratch.
 *
 * Sources: Lee et al., "Deep neural networks as Gaussian processes", ICLR 2018; Jacot, Gabriel and Hongler, "Neural tangent
 * kernel", NeurIPS 2018; Novak et al., "Bayesian deep convolutional networks with many channels are Gaussian processes",
 * ICLR 2019; Arora et al., "On exact computation with an infinitely wide neural net", NeurIPS 2019; Novak et al., "Neural
 * Tangents", ICLR 2020.
 */
#ifndef ERMINE_LIMIT_H
#define ERMINE_LIMIT_H

#include <ermine/data.h>
#include <ermine/model.h>
#include <ermine/pool.h>
#include <ermine/progress.h>

enum er_parameterisation {
    ER_PARAMETERISATION_MODEL, /* as each layer's init says */
    ER_PARAMETERISATION_NTK,
    ER_PARAMETERISATION_STANDARD
};

struct er_limit_options {
    /* Standard deviations of every layer's weights (times sqrt(fan-in)) and biases, instead of what the model says; NAN: as
     * the model says. A layer with bias=false has none. weight_std > 0, bias_std >= 0. */
    double weight_std, bias_std;
    enum er_parameterisation parameterisation;
    /* Of images, where every activation can (those of closed form): pairs in float32. K is right to 3e-7 of itself, Theta to
     * 1e-7 for every hidden layer and at least 1e-6: an angle is uncertain by 1e-7 / angle. Images whose cosine is above
     * 1 - 1/128, and what points take alone, are done in float64. Where flattened images share patches, as black borders, the
     * angle between these is lost, and Theta is right to 2e-5 only. */
    bool float32;
    bool ntk; /* Theta as well as K */
    /* Dense layers and convolutions, counted from the data, and whether the last of them, whose own parameters are not
     * trained: what they would add to Theta is left out (Arora et al. 2019, section 4; arXiv:1910.01663). >= 0;
     * one must be left that is trained. */
    int64_t fixed;
    bool fixed_last;
};

/** As the model says, float64, both kernels. */
ER_API struct er_limit_options er_limit_defaults(void);

struct er_limit;

/**
 * The limit of a model on inputs of one shape. Keeps no pointer.
 *
 * Errors: ER_E_UNSUPPORTED names layer and reason: one without a kernel (max_pool, batch_norm, lrn, gain: sampled kernels,
 * <ermine/empirical.h>, are there for them); an activation whose input is not Gaussian (behind another activation, on the
 * data, behind pooled activations); branches of a sum or product that share weights; dropout on the data; with ntk, sign, and
 * layer_norm but with affine=false.
 * ER_E_SHAPE as er_net_new(); ER_E_USAGE (options out of range); ER_E_NOMEM.
 */
ER_API enum er_status er_limit_new(const struct er_model *model, struct er_shape input,
                                   const struct er_limit_options *options, struct er_limit **out,
                                   struct er_error *err);
ER_API void er_limit_free(struct er_limit *limit);

/** D, the numbers of an input. */
ER_API int64_t er_limit_inputs(const struct er_limit *limit);

/** Flops of one entry of K and Theta, as counted, for progress and bounds; an activation counts as 30. A point that is prepared
 * counts, and takes, about as much. */
ER_API double er_limit_flops(const struct er_limit *limit);

/* Points: inputs with what a kernel takes of each alone, computed once: the variances at every activation, K and Theta of a
 * point with itself. */
struct er_limit_points;

/**
 * Prepares n points. Keeps x, borrowed, and the limit. Spread over the pool; n er_limit_flops() are reported. With global
 * average pooling a point takes about as long as an entry of the kernel: 10,000 images, a ten-thousandth of all pairs,
 * minutes.
 *
 * @param x         n x D, row-major, images height x width x channels.
 * @param training  whether dropout draws its masks, independent for every example and pixel: they change a point's variances
 *                  and its kernels with itself. Else dropout is the identity, as in evaluation.
 * ER_E_NONFINITE (an input, or a variance that overflows), ER_E_NOMEM, ER_E_STOPPED.
 */
ER_API enum er_status er_limit_points_new(const struct er_limit *limit, int64_t n, const double *x,
                                          bool training, struct er_pool *pool,
                                          const struct er_progress *progress, struct er_limit_points **out,
                                          struct er_error *err);
ER_API void er_limit_points_free(struct er_limit_points *points);

/** Bytes that n points take, x not counted. */
ER_API double er_limit_points_bytes(const struct er_limit *limit, int64_t n);

/** Bytes of scratch that each thread takes while points are prepared and kernels computed, stored means included. */
ER_API double er_limit_scratch_bytes(const struct er_limit *limit);

/** K(x_i, x_i) and Theta(x_i, x_i) of every point, read from what is prepared. @param k, theta  n each; either may be NULL. */
ER_API void er_limit_diagonal(const struct er_limit_points *points, double *k, double *theta);

/**
 * Kernel matrices in memory. Cost: er_limit_flops() an entry, of a with itself n (n - 1) / 2 of them. Equal points have the
 * kernel of a point with itself, unless one of them was prepared with masks of dropout: the points of a and b, and those of
 * different rows, are different examples even where they are equal. The same bits for any number of threads. Matrices beyond
 * memory: <ermine/gram_file.h>.
 *
 * @param b      NULL: of a with itself, symmetric to the bit.
 * @param k      n_a x n_b, row-major (n_a x n_a without b).
 * @param theta  the same; NULL: K alone.
 *
 * ER_E_NOMEM; ER_E_STOPPED; ER_E_NONFINITE; ER_E_USAGE (theta of a limit without ntk, points of two limits).
 */
ER_API enum er_status er_limit_kernel(const struct er_limit_points *a, const struct er_limit_points *b,
                                      double *k, double *theta, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_error *err);

#endif
