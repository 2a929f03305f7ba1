/* bound_descent.h - a stochastic network and its optimisation: N(w, diag s^2) around a prior N(prior,
 * lambda I).
 *
 * Parameters are the means w and the logarithms of the deviations s, P each. A step draws one network, u =
 * w + s * xi, takes the gradient g of the surrogate loss of a batch at u, in evaluation, and descends on
 * the objective F(l, K):
 *
 *     dF/dw_i     = F_l g_i + F_K (w_i - prior_i) / lambda
 *     dF/d ln s_i = F_l g_i s_i xi_i + F_K (s_i^2 / lambda - 1)
 *     lambda  = sum_i (s_i^2 + (w_i - prior_i)^2) / P,        below the ceiling of the grid
 *
 * lambda is at every step the one that makes KL least, so it needs no gradient: its derivative there is 0
 * but for the price of its place on the grid, which is next to nothing. (Dziugaite and Roy descend on ln
 * lambda too.) Adam takes the gradients, with one rate for the means and one for the deviations; both fall
 * to 0 along half a cosine, so that in the end hardly any KL is left which only the noise of the gradients
 * has made. (Theirs is RMSProp, whose rate falls to a tenth.) Batches are drawn without replacement, epoch
 * by epoch; a last one that is not full is left out.
 *
 * All is a function of (spec, data, where it starts): one thread, the same bits at any vector width.
 *
 * Source: Dziugaite and Roy, "Computing nonvacuous generalization bounds for deep (stochastic) neural
 * networks with many more parameters than training data", UAI 2017; gradients by one draw: Kingma and
 * Welling, ICLR 2014.
 */
#ifndef ERMINE_STOCHASTIC_BOUND_DESCENT_H
#define ERMINE_STOCHASTIC_BOUND_DESCENT_H

#include "stochastic/objective.h"

#include <ermine/net.h>

struct er_bound_descent_spec {
    enum er_objective objective;
    double factor;               /* of the net's loss, which makes it the surrogate */
    double delta;                /* in the objective */
    double rate, deviation_rate; /* of Adam, above 0 */
    int64_t steps;               /* in all: when the rates fall */
    int64_t batch;               /* 1..n */
    uint64_t seed;               /* of noise and batches */
};

struct er_bound_descent {
    struct er_bound_descent_spec spec;
    const struct er_net *net;
    const struct er_dataset *data;
    const float *prior; /* P, borrowed */
    int64_t P, d, step;
    float *mean, *log_deviation; /* P each */
    float *moment; /* Adam's: first and second of the means, first and second of the deviations */
    double variance, divergence, loss, value; /* lambda, KL, l and F of the last step, before its update */

    float *noise, *sampled, *gradient, *x;
    int32_t *label;
    int64_t *order, order_epoch;
    struct er_plan *plan;
    void *scratch;
};

/* Begins at these means and deviations, which are copied. Borrows the rest. er_bound_descent_close() frees it; after
 * a failure there is nothing to free. ER_E_USAGE (the net has running statistics, whose part in the prior nobody
 * knows; fewer than 8 examples; a batch of more than there are), ER_E_NOMEM. */
enum er_status er_bound_descent_open(struct er_bound_descent *p, const struct er_net *net,
                                     const struct er_dataset *data, const float *prior, const float *mean,
                                     const float *log_deviation, const struct er_bound_descent_spec *spec,
                                     struct er_error *err);
void er_bound_descent_close(struct er_bound_descent *p);

/* One step. False: loss or divergence is not finite, and nothing has moved. */
bool er_bound_descent_step(struct er_bound_descent *p);

/* KL and the best lambda where it is now, in float64 (er_gaussian_kl() has the reading of the certificate).
 */
double er_bound_descent_divergence(const struct er_bound_descent *p, double *variance);

/* deviation[0..P) = s, in float32 as the steps draw with them. */
void er_bound_descent_deviation(const struct er_bound_descent *p, float *deviation);

/* Steps in an epoch. */
int64_t er_bound_descent_epoch(const struct er_bound_descent *p);

/* What all that follows depends on, and back; `bytes` long. A state is for the same program on the same
 * machine. */
size_t er_bound_descent_state_bytes(const struct er_bound_descent *p);
void er_bound_descent_save(const struct er_bound_descent *p, void *state);
void er_bound_descent_restore(struct er_bound_descent *p, const void *state);

/* What opening one takes, the data left out. ER_E_NOMEM. */
enum er_status er_bound_descent_bytes(const struct er_net *net, int64_t examples, int64_t batch,
                                      double *bytes, struct er_error *err);

/* out = w + s * xi, xi the standard normals of (seed, stream): one network. `out` and `noise` P each. */
void er_sample_network(int64_t P, const float *mean, const float *deviation, uint64_t seed, uint64_t stream,
                       float *noise, float *out);

#endif
