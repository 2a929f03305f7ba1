/* <ermine/phase.h> - what depth does to infinitely wide networks: order, chaos, and the line between.
 *
 * Layer after layer the variance q of an input and the correlation c of two inputs move to fixed points of
 *
 *     q <- sw^2 E phi(u)^2 + sb^2                      u ~ N(0, q)
 *     c <- (sw^2 E phi(u) phi(v) + sb^2) / q*          u, v ~ N(0, q*), correlation c
 *     chi(c) = sw^2 E phi'(u) phi'(v)                  the slope of the second map; chi_1 = chi(1)
 *
 * chi_1 < 1: ordered, all inputs become one (c* = 1); chi_1 > 1: chaotic, c* < 1. Correlations approach c* as
 * exp(-depth / xi), xi = -1 / log chi(c*): how deep a signal goes, and which depths can be trained. Sources: Poole et al.,
 * "Exponential expressivity in deep neural networks through transient chaos", NeurIPS 2016; Schoenholz et al., "Deep
 * information propagation", ICLR 2017; Xiao, Pennington and Schoenholz, "Disentangling trainability and generalization in
 * deep neural networks", ICML 2020. Checks: tests/limit/phase.c.
 */
#ifndef ERMINE_PHASE_H
#define ERMINE_PHASE_H

#include <ermine/status.h>

struct er_phase {
    double
        variance; /* q*; infinite where it grows without bound, and then all below is NaN; 0 where it dies out, and
                           then all below is NaN but chi_1 */
    double correlation; /* c*, of inputs that start uncorrelated */
    double slope_one;   /* chi_1 */
    double slope;       /* chi(c*) */
    double depth_scale; /* xi, in layers; infinite at slope 1, 0 at slope 0 */
};

/**
 * @param activation  a layer as in a model's text: "erf", "relu", "leaky_relu 0.1", "tanh".
 * @param weight_std  sw > 0; bias_std sb >= 0.
 * The variance starts at 1 (relu with sw^2 = 2, sb = 0 keeps every variance: 1 then). ER_E_INPUT: the text;
 * ER_E_UNSUPPORTED: no activation, or one without these maps; ER_E_USAGE, ER_E_NOMEM. Cost: some 100
 * evaluations of the maps.
 */
ER_API enum er_status er_phase_at(const char *activation, double weight_std, double bias_std,
                                  struct er_phase *out, struct er_error *err);

/** The weight_std at which chi_1 = 1, by bisection between `low` and `high` (0 < low < high), where chi_1 - 1 must differ in
 * sign: ER_E_INPUT else. */
ER_API enum er_status er_phase_critical(const char *activation, double bias_std, double low, double high,
                                        double *weight_std, struct er_error *err);

#endif
