/* output_hessian.h - the Hessian of an example's loss in the network's outputs, as a sum of squares in float64.
 *
 *     d2 loss / d f d f' = sum_k q_k q_k'
 *
 *     cross-entropy   diag(p) - p p', p = softmax(f)     q_k = sqrt(p_k) (e_k - p)
 *     logistic        diag(s (1 - s)), s = 1 / (1 + exp(-f))
 *     mean-squared    the identity
 *
 * None depends on the label. With it the Gauss-Newton matrix is that of the vectors J_i' q_k.
 */
#ifndef ERMINE_MEASURES_OUTPUT_HESSIAN_H
#define ERMINE_MEASURES_OUTPUT_HESSIAN_H

#include <ermine/net.h>

/* ER_E_UNSUPPORTED where the net's loss is none of these: hinge is piecewise linear. `what`: the measure. */
enum er_status er_output_hessian_check(const struct er_net *net, const char *what, struct er_error *err);

/* q (O x O): row k is q_k at the outputs f (O) of one example. */
void er_output_hessian_root(const struct er_net *net, const float *f, double *q);

#endif
