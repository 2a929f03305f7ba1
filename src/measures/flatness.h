/* flatness.h - relative flatness of a layer from what its outputs' gradients and its weights are.
 *
 *     f_is        output s of example i, a function of the weights w_s of unit s alone, piecewise linear in them
 *     b_is        d f_is / d w_s (F); of a dense layer that gives the outputs, the features that come in, for every s
 *     H_ss'       (1/m) sum_i h_i[s,s'] b_is (b_is')', h_i = d2 loss_i / d f_i d f_i': the blocks of the layer's Hessian
 *
 *     trace       kappa_Tr = sum_ss' <w_s, w_s'> tr H_ss'
 *     largest     kappa_max = sum_s |w_s|^2 lambda_max(H_ss)
 *     upper       |W|_F^2 sum_s tr H_ss
 *
 * er_flatness_normalise() divides the features that come in by their standard deviations over the examples,
 * and multiplies the weights by these, which leaves the function. After it, a factor that moves from a unit's
 * incoming weights to its outgoing ones changes nothing.
 * Source: Petzka, Kamp, Adilova, Sminchisescu and Boley, "Relative flatness and generalization", NeurIPS 2021,
 * section 3.
 */
#ifndef ERMINE_MEASURES_FLATNESS_H
#define ERMINE_MEASURES_FLATNESS_H

#include <ermine/pool.h>
#include <ermine/status.h>
#include <stdbool.h>

struct er_flatness_layer {
    int64_t m, units, fan_in; /* m, O, F */
    int64_t kinds;            /* rows of b per example: O, or 1 where all outputs see the same */
    const double *w;          /* O x F */
    float *b;                 /* m x kinds x F */
    const double *root;       /* m x O x O: rows q_k with h_i = sum_k q_k q_k' (measures/output_hessian.h) */
};

struct er_flatness {
    double trace, largest, upper;
};

/* Scales b and w so that each of the F features has a standard deviation of 1 over examples and kinds; one
 * that does not vary, a size of 1, and one that is 0 loses its weights. w: O x F. ER_E_NOMEM. */
enum er_status er_flatness_normalise(const struct er_flatness_layer *layer, double *w, struct er_error *err);

/* The pool may be NULL; the same bits for any number of threads. ER_E_NOMEM, ER_E_NONFINITE. */
enum er_status er_flatness_of(const struct er_flatness_layer *layer, struct er_pool *pool,
                              struct er_flatness *out, struct er_error *err);

/* Bytes that relative flatness (relative_flatness.c) takes of m examples; 0 where it is not defined. */
struct er_net;
double er_relative_flatness_bytes(const struct er_net *net, int64_t m);

#endif
