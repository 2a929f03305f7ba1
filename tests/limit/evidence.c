/* Priors found by their marginal likelihood: a maximum in one variable and in three, what is fixed, what is impossible. */
#include <ermine/evidence.h>

#include "support/needed.h"
#include "support/toy_kernels.h"
#include "t.h"

static struct er_pool *pool;
static struct er_error err;

static enum er_status toy_prior(void *ctx, const struct er_prior *prior, double *k_train, struct er_error *e)
{
    const struct toy_kernels toy = toy_kernels(prior->weight_std, prior->bias_std);
    ++*(int *)ctx;
    memcpy(k_train, toy.k_train, sizeof toy.k_train);
    return prior->weight_std > 1e3 ? er_fail(e, ER_E_NONFINITE, "too large") : ER_OK;
}

static double likelihood_at(double weight_std, double bias_std, double ridge)
{
    const struct toy_kernels toy = toy_kernels(weight_std, bias_std);
    struct er_posterior *p = NULL;
    double alpha[TOY_TRAIN];
    if (er_posterior_new(TOY_TRAIN, toy.k_train, (struct er_ridge){ridge, true}, pool, NULL, &p, &err) !=
        ER_OK)
        return NAN;
    er_posterior_weights(p, 1, toy_targets, alpha);
    const double found = er_log_marginal_likelihood(p, 1, toy_targets, alpha);
    er_posterior_free(p);
    return found;
}

static void check_evidence(void)
{
    int calls = 0;
    struct er_prior prior = {1.5, 0.1, {0.01, true}};
    struct er_evidence_report report;
    struct er_evidence_options o = er_evidence_defaults();
    o.fixed_bias_std = true;
    o.fixed_ridge = true;
    o.tolerance = 1e-6;
    T_STATUS(er_evidence_maximise(TOY_TRAIN, 1, toy_targets, toy_prior, &calls, &o, &prior, &report, pool,
                                  NULL, &err),
             ER_OK, "one variable");
    T_CLOSE(report.at_start, -3.458934360645833, 1e-12, "at the start");
    T_OK(report.converged && report.evaluations == calls, "%d evaluations", calls);
    T_CLOSE(report.log_likelihood, likelihood_at(prior.weight_std, 0.1, 0.01), 1e-12, "the best one");
    T_OK(prior.bias_std == 0.1 && prior.ridge.value == 0.01, "what is fixed stays");
    for (int side = -1; side <= 1; side += 2)
        T_OK(likelihood_at(prior.weight_std * (1 + side * 1e-3), 0.1, 0.01) < report.log_likelihood,
             "a maximum over weight_std, at %g", prior.weight_std);
    prior = (struct er_prior){1.5, 0.1, {0.01, true}};
    o = er_evidence_defaults();
    o.tolerance = 1e-5;
    o.evaluations = 400;
    const double one = report.log_likelihood;
    T_STATUS(er_evidence_maximise(TOY_TRAIN, 1, toy_targets, toy_prior, &calls, &o, &prior, &report, pool,
                                  NULL, &err),
             ER_OK, "three variables");
    T_OK(report.log_likelihood > one, "more freedom, more likelihood: %g", report.log_likelihood);
    o.evaluations = 6; /* 4 of the first simplex; a step of at most 5 begins after the 5th */
    prior = (struct er_prior){1.5, 0.1, {0.01, true}};
    T_STATUS(er_evidence_maximise(TOY_TRAIN, 1, toy_targets, toy_prior, &calls, &o, &prior, &report, pool,
                                  NULL, &err),
             ER_OK, "a search that is cut short");
    T_OK(report.evaluations >= 6 && report.evaluations <= 10 && !report.converged, "after %d evaluations",
         (int)report.evaluations);
    o.fixed_weight_std = true;
    prior = (struct er_prior){1.5, 0, {0, true}};
    T_STATUS(er_evidence_maximise(TOY_TRAIN, 1, toy_targets, toy_prior, &calls, &o, &prior, &report, pool,
                                  NULL, &err),
             ER_OK, "nothing to vary: 0 stays 0");
    T_EQ_INT(report.evaluations, 1, "one look");
    prior.weight_std = 2e3;
    T_STATUS(er_evidence_maximise(TOY_TRAIN, 1, toy_targets, toy_prior, &calls, &o, &prior, &report, pool,
                                  NULL, &err),
             ER_E_NONFINITE, "a start that is impossible");
    prior.weight_std = 0;
    T_STATUS(er_evidence_maximise(TOY_TRAIN, 1, toy_targets, toy_prior, &calls, &o, &prior, &report, pool,
                                  NULL, &err),
             ER_E_USAGE, "no weights");
}

int main(void)
{
    struct er_prior prior = {1.5, 0.1, {0.01, true}};
    struct er_evidence_options few = er_evidence_defaults();
    int calls = 0;
    few.evaluations = 1;
    pool = needed_pool(2);
    check_evidence();
    T_ALLOCATIONS(er_evidence_maximise(TOY_TRAIN, 1, toy_targets, toy_prior, &calls, &few, &prior, NULL, pool,
                                       NULL, &err),
                  (void)0, "allocations");
    er_pool_free(pool);
    return t_done();
}
