/* frobenius_norms.c - Frobenius measures of Jiang et al.
 *
 *     prod_of_fro         prod_i f_i^2                      prod_of_fro_over_margin   prod_i f_i^2 / gamma^2
 *     sum_of_fro          d (prod_i f_i^2)^(1/d)            sum_of_fro_over_margin    d (prod_i f_i^2 / gamma^2)^(1/d)
 *     param_norm          sum_i f_i^2                       frobenius_distance        sum_i t_i^2
 *
 * f_i, t_i, gamma: measures/norm_sums.h. log_NAME is the natural logarithm of NAME. A "sum" is d times a geometric mean.
 *
 * Source: Jiang et al., ICLR 2020, equations 36 to 40 and 42.
 */
#include "measures/margin.h"
#include "measures/norm_sums.h"

#include <math.h>

#define MEASURE(NAME, CALL, TITLE, HELP, SOURCE, LOGARITHMIC, INVARIANT, NEEDS, COST)                        \
    static enum er_status compute_##NAME(struct er_measured_run *run, double *out, struct er_error *err)     \
    {                                                                                                        \
        return CALL;                                                                                         \
    }                                                                                                        \
    ER_JIANG_NORM(NAME, TITLE, HELP, SOURCE, LOGARITHMIC, INVARIANT, NEEDS, COST)

#define LAYERS ER_INVARIANT_LAYER_SCALE
#define MARGIN (ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS)

MEASURE(prod_of_fro, er_jiang_product(run, ER_LAYER_FROBENIUS, false, false, out, err),
        "product of Frobenius norms", "product over layers of squared Frobenius norms: prod f^2", "37", true,
        LAYERS, 0, ER_COST_WEIGHTS);
MEASURE(log_prod_of_fro, er_jiang_product(run, ER_LAYER_FROBENIUS, false, true, out, err),
        "ln product of Frobenius norms", "natural logarithm of prod_of_fro", "37", false, LAYERS, 0,
        ER_COST_WEIGHTS);
MEASURE(prod_of_fro_over_margin, er_jiang_product(run, ER_LAYER_FROBENIUS, true, false, out, err),
        "Frobenius norms / margin", "prod f^2 / margin^2, the margin of the 10th percentile", "36", true,
        LAYERS, MARGIN, ER_COST_PASS);
MEASURE(log_prod_of_fro_over_margin, er_jiang_product(run, ER_LAYER_FROBENIUS, true, true, out, err),
        "ln Frobenius norms / margin", "natural logarithm of prod_of_fro_over_margin", "36", false, LAYERS,
        MARGIN, ER_COST_PASS);
MEASURE(sum_of_fro, er_jiang_mean(run, ER_LAYER_FROBENIUS, false, out, err), "mean of Frobenius norms",
        "d (prod f^2)^(1/d), d layers: not a sum, the geometric mean times d", "39", true, LAYERS, 0,
        ER_COST_WEIGHTS);
MEASURE(sum_of_fro_over_margin, er_jiang_mean(run, ER_LAYER_FROBENIUS, true, out, err),
        "mean Frobenius norm / margin", "d (prod f^2 / margin^2)^(1/d)", "38", true, LAYERS, MARGIN,
        ER_COST_PASS);
MEASURE(frobenius_distance, er_jiang_sum_of_squares(run, ER_LAYER_MOVED_FROBENIUS, out, err),
        "distance from initial weights",
        "sum over layers of squared Frobenius distances from the initial weights", "40", true, 0,
        ER_NEEDS_INITIAL, ER_COST_WEIGHTS);
MEASURE(param_norm, er_jiang_sum_of_squares(run, ER_LAYER_FROBENIUS, out, err), "norm of the weights",
        "sum of squared weights, without biases", "42", true, 0, 0, ER_COST_WEIGHTS);
