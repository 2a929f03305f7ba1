/* kernel_map.h - what a layer does to the kernels of the infinitely wide network: its last reading.
 *
 *     K[p,p'] = E h(x)[p] h(x')[p']      one channel at two pixels p of x, p' of x': the NNGP kernel
 *     Theta   = sum over parameters of df/dw(x) df/dw(x')                     : the NTK
 *
 * Both are per channel: covariance and tangent kernel over channels are K times the identity. A layer says which of a few
 * forms its map has, and with which numbers; src/limit runs the maps.
 *
 *     form        K out                            Theta out
 *     AFFINE      w A K + b                        w A Theta + tangent_w A K + tangent_b
 *     POINTWISE   T(q, q', K)                      Theta T'(q, q', K)                           (math/dual.h)
 *     SCALE       w K                              w Theta
 *     AVERAGE     mean over both windows           the same
 *     SUM         sum of branches                  sum of branches
 *     PRODUCT     product of branches              sum_i Theta_i prod_{j != i} K_j
 *     CONCAT      sum n_i K_i / sum n_i            the same                n_i: channels of branch i
 *     NORMALISE   K / sqrt((e + v)(e + v'))        Theta / the same
 *     DROPOUT     K, where example and pixel are the same K / keep;    Theta likewise
 *
 * A is the mean over the taps of one window, the same tap for p and p', zero outside; of a dense layer the mean over all
 * pixels p = p'. In the tangent parameterisation (init=ntk) tangent_w = w, tangent_b = b; else tangent_w is the fan-in and
 * tangent_b 1 with a bias, 0 without. What flattens an image (flatten, dense) leaves its pixels what they are: behind flatten
 * an activation still has one variance for each. Layers whose y is x (flatten, identity) are no nodes of a program.
 *
 * Sources: Jacot et al., NeurIPS 2018; Lee et al., ICLR 2018; Novak et al., ICLR 2019; Arora et al., NeurIPS 2019, section
 * 4; Sohl-Dickstein et al., arXiv:2001.07301; Novak et al., arXiv:1912.02803.
 */
#ifndef ERMINE_NET_KERNEL_MAP_H
#define ERMINE_NET_KERNEL_MAP_H

#include "math/dual.h"
#include "net/window.h"

enum er_kernel_form {
    ER_KERNEL_AFFINE,
    ER_KERNEL_POINTWISE,
    ER_KERNEL_SCALE,
    ER_KERNEL_AVERAGE,
    ER_KERNEL_SUM,
    ER_KERNEL_PRODUCT,
    ER_KERNEL_CONCAT,
    ER_KERNEL_NORMALISE,
    ER_KERNEL_DROPOUT
};

struct er_kernel_map {
    enum er_kernel_form form;
    double w, b; /* AFFINE: variances of a weight times the fan-in, and of a bias. SCALE: w = c^2 */
    double tangent_w, tangent_b; /* AFFINE */

    /* AFFINE */
    bool all_pixels; /* the mean over all pixels, not over windows */
    bool has_bias;
    bool tangent;   /* whether the layer is in the tangent parameterisation */
    bool grouped;   /* each output sees a group of channels alone: they must be alike */
    int64_t fan_in; /* of the finite layer */

    struct er_window rows, columns; /* AFFINE, AVERAGE: fitted; a global average has one window, the image */
    bool counts_padding; /* AVERAGE: a window's mean is over its whole size, not over the pixels that exist */

    /* POINTWISE */
    const struct er_dual *dual;
    double parameter[ER_DUAL_PARAMETERS];

    /* NORMALISE */
    double epsilon;
    bool over_all; /* v is the mean of the variances of all pixels, else that of each */
    /* Whether it has gamma and beta: what these add to Theta behind an activation is no product with T' (it has u v in it), and
     * none is known here. */
    bool trained;

    double keep; /* DROPOUT: the share that is kept */
};

#endif
