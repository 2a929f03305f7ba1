/* pac_bayes_bound.c - the error of a stochastic network around the trained one, with a guarantee
 * (src/stochastic).
 *
 *     Q = N(w, diag s^2)    P = N(w0, lambda I): w0 the initial weights, lambda from a grid
 *     bound on L(Q) = E_{u ~ Q} L(u) with probability >= 1 - ER_MEASURE_DELTA: 0.04 for the examples, 0.01 for the
 *     draws (<ermine/pac_bayes.h>, stochastic/certificate.h)
 *
 *     pac_bayes_bound             s the same for all weights: of 2^-1, 2^-1.5, ... 2^-9 that which seems best by few
 *                                 draws; others then certify it, so that the choice costs nothing. The best lambda
 *                                 for it gives KL = (P / 2) ln(1 + |w - w0|^2 / (P s^2)), below the grid's ceiling
 *     pac_bayes_optimised_bound   w and s, 0.03 at first, by descent on Dziugaite and Roy's bound
 *                                 (stochastic/bound_descent.h)
 *
 * It is the guarantee of the stochastic network, whose error differs from that of the network itself; the
 * second one moves its means as well. Biases and gains are weights like others. Networks with running
 * statistics are refused: these depend on the examples, and no prior has them.
 *
 * Far from any guarantee kl^-1 comes so near to 1 that float64 can't tell. From there on the value is that
 * of the classic bound at the same numbers, which is above 1, holds as well, and keeps vacuous bounds in
 * their order.
 *
 * Cost: some thousands of draws of all weights with 16 examples each; the second 20 passes of descent
 * before that.
 */
#include "measures/measured.h"
#include "net/net.h"
#include "stochastic/bound_descent.h"
#include "stochastic/certificate.h"

#include <ermine/memory.h>
#include <ermine/pac_bayes.h>
#include <math.h>
#include <string.h>

static const double DELTA_SAMPLING = 0.01;

enum { SIZES = 17, SEARCH_DRAWS = 32, ROWS = 16, LEAST_DRAWS = 200, MOST_DRAWS = 10000 };
enum { BATCH = 100, EPOCHS = 20 };

static const double RATE = 0.002, DEVIATION_RATE = 0.01, FIRST_DEVIATION = 0.03;

/* Where kl^-1 is taken for 1. */
static const double SATURATED = 1 - 1e-9;

static enum er_status check(const struct er_measured_run *run, const char *name, struct er_error *err)
{
    if (er_net_statistics(run->is.net) > 0)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "%s: running statistics (batch norm) come from the examples, and no prior has them",
                       name);
    if (run->is.train->n < 8)
        return er_fail(err, ER_E_UNSUPPORTED, "%s: needs 8 training examples, got %lld", name,
                       (long long)run->is.train->n);
    return ER_OK;
}

/* As many as there are examples, within bounds: what draws leave open is then less than what the examples
 * do. */
static struct er_sampling sampling_of(const struct er_measured_run *run)
{
    const int64_t m = run->is.train->n;
    return (struct er_sampling){.draws = m < LEAST_DRAWS  ? LEAST_DRAWS
                                         : m > MOST_DRAWS ? MOST_DRAWS
                                                          : m,
                                .rows = ROWS,
                                .seed = run->is.seed};
}

/* The bound of a posterior, by draws of its own. */
static enum er_status certify(struct er_measured_run *run, const struct er_stochastic *q, double *out,
                              struct er_error *err)
{
    const struct er_sampling how = sampling_of(run);
    struct er_sampled_error error;
    const enum er_status status = er_sampled_error(q, run->is.train, &how, run->pool, NULL, &error, err);
    if (status != ER_OK) return status;
    const struct er_certificate c = er_certify(q, error.mean, how.draws, (double)run->is.train->n,
                                               ER_MEASURE_DELTA - DELTA_SAMPLING, DELTA_SAMPLING);
    *out = c.bound < SATURATED ? c.bound : c.classic;
    return ER_OK;
}

static void fill(int64_t n, float value, float *out)
{
    for (int64_t i = 0; i < n; i++) out[i] = value;
}

/* KL of deviations s and squared distance D to the best prior. */
static double isotropic_kl(double P, double D, double s)
{
    const double lambda = fmin(s * s + D / P, er_prior_variance(1)), r = log(s * s / lambda);
    return (P * (expm1(r) - r) + D / lambda) / 2;
}

/* The deviation that few draws prefer. */
static enum er_status search(struct er_measured_run *run, const struct er_stochastic *q, float *deviation,
                             struct er_error *err)
{
    const struct er_sampling how = {
        .draws = SEARCH_DRAWS, .rows = ROWS, .seed = run->is.seed, .search = true};
    const int64_t P = er_net_parameters(q->net);
    const double m = (double)run->is.train->n;
    double least = (double)INFINITY, D = 0;
    float best = 0;
    for (int64_t i = 0; i < P; i++) {
        const double d = (double)q->mean[i] - (double)q->prior[i];
        D += d * d;
    }
    for (int k = 0; k < SIZES; k++) {
        const double s = exp2(-1 - 0.5 * k), kl = isotropic_kl((double)P, D, s);
        struct er_sampled_error error;
        fill(P, (float)s, deviation);
        const enum er_status status = er_sampled_error(q, run->is.train, &how, run->pool, NULL, &error, err);
        if (status != ER_OK) return status;
        double bound = er_pac_bayes_kl(error.mean, kl, m, ER_MEASURE_DELTA);
        if (!(bound < SATURATED)) bound = er_pac_bayes_classic(error.mean, kl, m, ER_MEASURE_DELTA);
        if (bound < least) best = (float)s;
        least = fmin(least, bound);
    }
    fill(P, best, deviation);
    return ER_OK;
}

static enum er_status compute_isotropic(struct er_measured_run *run, double *out, struct er_error *err)
{
    const int64_t P = er_net_parameters(run->is.net);
    enum er_status status = check(run, "pac_bayes_bound", err);
    if (status != ER_OK) return status;
    float *deviation = er_alloc(P, sizeof *deviation);
    if (!deviation)
        return er_fail(err, ER_E_NOMEM, "pac_bayes_bound: out of memory for %lld weights", (long long)P);
    const struct er_stochastic q = {run->is.net, run->is.w, deviation, run->is.initial_w};
    status = search(run, &q, deviation, err);
    if (status == ER_OK) status = certify(run, &q, out, err);
    er_free(deviation);
    return status;
}

/* What makes a loss at least the 0-1 loss. */
static double factor_of(const struct er_net *net)
{
    const bool logarithm =
        strcmp(net->loss->name, "cross-entropy") == 0 || strcmp(net->loss->name, "logistic") == 0;
    return logarithm ? 1 / log(2) : 1;
}

static enum er_status descend(struct er_bound_descent *descent, struct er_error *err)
{
    while (descent->step < descent->spec.steps)
        if (!er_bound_descent_step(descent))
            return er_fail(err, ER_E_NONFINITE,
                           "pac_bayes_optimised_bound: the loss is not finite at step %lld",
                           (long long)descent->step);
    return ER_OK;
}

static enum er_status compute_optimised(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_measured *is = &run->is;
    const int64_t P = er_net_parameters(is->net), batch = is->train->n < BATCH ? is->train->n : BATCH;
    struct er_bound_descent descent = {0};
    enum er_status status = check(run, "pac_bayes_optimised_bound", err);
    if (status != ER_OK) return status;
    float *deviation = er_alloc(P, sizeof *deviation);
    if (!deviation)
        return er_fail(err, ER_E_NOMEM, "pac_bayes_optimised_bound: out of memory for %lld weights",
                       (long long)P);
    fill(P, logf((float)FIRST_DEVIATION), deviation);
    const struct er_bound_descent_spec spec = {.objective = ER_OBJECTIVE_DZIUGAITE_ROY,
                                               .factor = factor_of(is->net),
                                               .delta = ER_MEASURE_DELTA - DELTA_SAMPLING,
                                               .rate = RATE,
                                               .deviation_rate = DEVIATION_RATE,
                                               .steps = EPOCHS * (is->train->n / batch),
                                               .batch = batch,
                                               .seed = is->seed};
    status = er_bound_descent_open(&descent, is->net, is->train, is->initial_w, is->w, deviation, &spec, err);
    if (status == ER_OK) status = descend(&descent, err);
    if (status == ER_OK) {
        const struct er_stochastic q = {is->net, descent.mean, deviation, is->initial_w};
        er_bound_descent_deviation(&descent, deviation);
        status = certify(run, &q, out, err);
    }
    er_bound_descent_close(&descent);
    er_free(deviation);
    return status;
}

extern const struct er_measure er_measure_pac_bayes_bound;
const struct er_measure er_measure_pac_bayes_bound = {
    .name = "pac_bayes_bound",
    .title = "PAC-Bayes, noise of one size",
    .unit = "",
    .help = "bound on the error with Gaussian noise on all weights: kl^-1(error; (KL + ln(2 sqrt(m) / "
            "delta)) / m)",
    .source = "Maurer 2004; prior as Dziugaite and Roy, UAI 2017, section 3",
    .direction = 1,
    .bound = true,
    .family = "bounds",
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_INITIAL | ER_NEEDS_TRAIN | ER_NEEDS_PERTURBED,
    .cost = ER_COST_PASS,
    .compute = compute_isotropic,
};

extern const struct er_measure er_measure_pac_bayes_optimised_bound;
const struct er_measure er_measure_pac_bayes_optimised_bound = {
    .name = "pac_bayes_optimised_bound",
    .title = "PAC-Bayes, optimised",
    .unit = "",
    .help = "the same for noise and means that descent on the bound has found, from the network on",
    .source = "Dziugaite and Roy, UAI 2017, algorithm 1; Maurer 2004",
    .direction = 1,
    .bound = true,
    .family = "bounds",
    .invariant = ER_INVARIANT_PERMUTATION, /* but for the draws */
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_INITIAL | ER_NEEDS_TRAIN | ER_NEEDS_PERTURBED,
    .cost = ER_COST_TRAINING,
    .compute = compute_optimised,
};
