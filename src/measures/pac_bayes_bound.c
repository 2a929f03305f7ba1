/* pac_bayes_bound.c - a guarantee for the error of a stochastic network around the trained one (src/stochastic).
 *
 *     Q = N(mean, diag s^2)    P = N(w0, lambda I): w0 the initial weights, lambda from a grid
 *     L(Q) = E_{u ~ Q} L(u) <= bound  with probability >= 1 - ER_MEASURE_DELTA: 0.04 for the examples, 0.01 for the
 *     draws (<ermine/pac_bayes.h>, stochastic/certificate.h)
 *
 *     pac_bayes_bound             mean w, and s the same for all weights. The best lambda for it gives KL = (P / 2)
 *                                 ln(1 + |w - w0|^2 / (P s^2)), below the grid's ceiling
 *     pac_bayes_optimised_bound   mean and s by descent on Dziugaite and Roy's bound
 *
 * weight_posterior.h has how Q is found. A bound of this kind holds for all Q at once, so that the search costs nothing; and
 * the draws that certify Q are others than those that chose it.
 *
 * It is the guarantee of the stochastic network alone. The network itself may err where most of its neighbours do not,
 * and the other way round; the second measure moves the means as well. Biases and gains are weights like others.
 * Networks with running statistics are refused: these depend on the examples, and no prior has them.
 *
 * Far from any guarantee kl^-1 comes so near to 1 that float64 can't tell. From there on the value is that of the classic
 * bound at the same numbers, which keeps vacuous bounds in their order. No part of delta is spent on the choice: where
 * kl(ebar || L) <= C / m, Pinsker's inequality gives L <= ebar + sqrt(C / (2 m)) as well.
 *
 * Cost: up to 544 draws of all weights to choose, 4000 to certify, with 16 examples each; a tenth of it where the bound is
 * hopeless. The second 20 passes of descent besides.
 */
#include "measures/weight_posterior.h"

#include <ermine/pac_bayes.h>

static const double DELTA_SAMPLING = ER_MEASURE_DELTA - ER_POSTERIOR_DELTA;

enum { ROWS = 16, LEAST_DRAWS = 200, MOST_DRAWS = 4000 };

/* Where kl^-1 is taken for 1. */
static const double SATURATED = 1 - 1e-9;

/* As many as there are examples, within bounds: what draws leave open is then less than what the examples do. How many is
 * settled before any of them is drawn. */
static int64_t draws_of(const struct er_weight_posterior *p, int64_t m)
{
    return p->hopeless || m < LEAST_DRAWS ? LEAST_DRAWS : m > MOST_DRAWS ? MOST_DRAWS : m;
}

static enum er_status bound_of(struct er_measured_run *run, enum er_posterior_kind kind, double *out,
                               struct er_error *err)
{
    const struct er_weight_posterior *p;
    const struct er_measured *is = &run->is;
    struct er_sampled_error error;
    enum er_status status = er_weight_posterior_of(run, kind, &p, err);
    if (status != ER_OK) return status;
    const struct er_sampling how = {.draws = draws_of(p, is->train->n), .rows = ROWS, .seed = is->seed};
    status = er_sampled_error(&p->q, is->train, &how, run->pool, NULL, &error, err);
    if (status != ER_OK) return status;
    const struct er_certificate c =
        er_certify(&p->q, error.mean, how.draws, (double)is->train->n, ER_POSTERIOR_DELTA, DELTA_SAMPLING);
    *out = c.bound < SATURATED ? c.bound : c.classic;
    return ER_OK;
}

static enum er_status test_error_of(struct er_measured_run *run, enum er_posterior_kind kind, double *out,
                                    struct er_error *err)
{
    const struct er_weight_posterior *p;
    const struct er_sampling how = {.draws = ER_MEASURE_TEST_DRAWS, .rows = ROWS, .seed = run->is.seed};
    struct er_sampled_error error;
    enum er_status status = er_weight_posterior_of(run, kind, &p, err);
    if (status == ER_OK) status = er_sampled_error(&p->q, run->is.test, &how, run->pool, NULL, &error, err);
    if (status == ER_OK) *out = error.mean;
    return status;
}

static enum er_status isotropic_bound(struct er_measured_run *run, double *out, struct er_error *err)
{
    return bound_of(run, ER_POSTERIOR_ISOTROPIC, out, err);
}

static enum er_status isotropic_test_error(struct er_measured_run *run, double *out, struct er_error *err)
{
    return test_error_of(run, ER_POSTERIOR_ISOTROPIC, out, err);
}

static enum er_status optimised_bound(struct er_measured_run *run, double *out, struct er_error *err)
{
    return bound_of(run, ER_POSTERIOR_OPTIMISED, out, err);
}

static enum er_status optimised_test_error(struct er_measured_run *run, double *out, struct er_error *err)
{
    return test_error_of(run, ER_POSTERIOR_OPTIMISED, out, err);
}

extern const struct er_measure er_measure_pac_bayes_bound;
const struct er_measure er_measure_pac_bayes_bound = {
    .name = "pac_bayes_bound",
    .title = "PAC-Bayes, stochastic network",
    .unit = "",
    .help = "bound on the error of the stochastic network, with Gaussian noise of one size on all weights: "
            "kl^-1(error; (KL + ln(2 sqrt(m) / delta)) / m)",
    .source = "Maurer 2004; prior as Dziugaite and Roy, UAI 2017, section 3",
    .direction = 1,
    .guarantee = ER_GUARANTEE_STOCHASTIC,
    .family = "bounds",
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_INITIAL | ER_NEEDS_TRAIN | ER_NEEDS_PERTURBED,
    .cost = ER_COST_TRAINING,
    .compute = isotropic_bound,
    .test_error = isotropic_test_error,
};

extern const struct er_measure er_measure_pac_bayes_optimised_bound;
const struct er_measure er_measure_pac_bayes_optimised_bound = {
    .name = "pac_bayes_optimised_bound",
    .title = "PAC-Bayes, optimised stochastic network",
    .unit = "",
    .help = "bound on the error of the stochastic network that descent on it finds from the network on",
    .source = "Dziugaite and Roy, UAI 2017, algorithm 1; Maurer 2004",
    .direction = 1,
    .guarantee = ER_GUARANTEE_STOCHASTIC,
    .family = "bounds",
    .invariant = ER_INVARIANT_PERMUTATION, /* but for the draws */
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_INITIAL | ER_NEEDS_TRAIN | ER_NEEDS_PERTURBED,
    .cost = ER_COST_TRAINING,
    .compute = optimised_bound,
    .test_error = optimised_test_error,
};
