/* weight_posterior.c - the noise around a network that a PAC-Bayes bound is least with: see weight_posterior.h. */
#include "measures/weight_posterior.h"

#include "net/net.h"
#include "stochastic/bound_descent.h"

#include <ermine/memory.h>
#include <ermine/pac_bayes.h>
#include <math.h>
#include <string.h>

enum { SIZES = 17, DRAWS = 32, ROWS = 16 };
enum { BATCH = 100, EPOCHS = 20 };

static const double RATE = 0.002, DEVIATION_RATE = 0.01, FIRST_DEVIATION = 0.03;

/* A bound from here on says nothing. */
static const double HOPELESS = 1 - 1e-3;

static const char *const name[] = {"pac_bayes_bound", "pac_bayes_optimised_bound"};

static enum er_status check(const struct er_measured *is, const char *what, struct er_error *err)
{
    if (er_net_statistics(is->net) > 0)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "%s: running statistics (batch norm) come from the examples, and no prior has them",
                       what);
    if (is->train->n < 8)
        return er_fail(err, ER_E_UNSUPPORTED, "%s: needs 8 training examples, got %lld", what,
                       (long long)is->train->n);
    return ER_OK;
}

static void fill(int64_t n, float value, float *out)
{
    for (int64_t i = 0; i < n; i++) out[i] = value;
}

static bool is_hopeless(double kl, double m)
{
    return er_pac_bayes_kl(0, kl, m, ER_POSTERIOR_DELTA) > HOPELESS;
}

/* KL of deviations s and squared distance D to the best prior. */
static double isotropic_kl(double P, double D, double s)
{
    const double lambda = fmin(s * s + D / P, er_prior_variance(1)), r = log(s * s / lambda);
    return (P * (expm1(r) - r) + D / lambda) / 2;
}

static double squared_distance(int64_t P, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < P; i++) {
        const double d = (double)a[i] - (double)b[i];
        sum += d * d;
    }
    return sum;
}

/* The deviation that few draws prefer. */
static enum er_status search(struct er_measured_run *run, struct er_weight_posterior *p, struct er_error *err)
{
    const struct er_sampling how = {.draws = DRAWS, .rows = ROWS, .seed = run->is.seed, .search = true};
    const int64_t P = er_net_parameters(run->is.net);
    const double m = (double)run->is.train->n, D = squared_distance(P, p->mean, run->is.initial_w);
    double least = (double)INFINITY;
    float best = 0;
    for (int k = 0; k < SIZES; k++) {
        const double s = exp2(-1 - 0.5 * k), kl = isotropic_kl((double)P, D, s);
        struct er_sampled_error error = {.mean = 1};
        fill(P, (float)s, p->deviation);
        const enum er_status status =
            is_hopeless(kl, m) ? ER_OK
                               : er_sampled_error(&p->q, run->is.train, &how, run->pool, NULL, &error, err);
        if (status != ER_OK) return status;
        double bound = er_pac_bayes_kl(error.mean, kl, m, ER_POSTERIOR_DELTA);
        if (bound > HOPELESS) bound = fmax(1, er_pac_bayes_classic(error.mean, kl, m, ER_POSTERIOR_DELTA));
        if (bound < least) best = (float)s;
        least = fmin(least, bound);
    }
    fill(P, best, p->deviation);
    p->hopeless = least >= 1;
    return ER_OK;
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
            return er_fail(err, ER_E_NONFINITE, "%s: the loss is not finite at step %lld",
                           name[ER_POSTERIOR_OPTIMISED], (long long)descent->step);
    return ER_OK;
}

static enum er_status optimise(struct er_measured_run *run, struct er_weight_posterior *p,
                               struct er_error *err)
{
    const struct er_measured *is = &run->is;
    const int64_t P = er_net_parameters(is->net), m = is->train->n, batch = m < BATCH ? m : BATCH;
    const struct er_bound_descent_spec spec = {.objective = ER_OBJECTIVE_DZIUGAITE_ROY,
                                               .factor = factor_of(is->net),
                                               .delta = ER_POSTERIOR_DELTA,
                                               .rate = RATE,
                                               .deviation_rate = DEVIATION_RATE,
                                               .steps = EPOCHS * (m / batch),
                                               .batch = batch,
                                               .seed = is->seed};
    struct er_bound_descent descent = {0};
    fill(P, logf((float)FIRST_DEVIATION), p->deviation);
    enum er_status status =
        er_bound_descent_open(&descent, is->net, is->train, is->initial_w, is->w, p->deviation, &spec, err);
    if (status == ER_OK) status = descend(&descent, err);
    if (status == ER_OK) {
        double variance;
        p->hopeless = is_hopeless(er_bound_descent_divergence(&descent, &variance), (double)m);
        memcpy(p->mean, descent.mean, (size_t)P * sizeof *p->mean);
        er_bound_descent_deviation(&descent, p->deviation);
    }
    er_bound_descent_close(&descent);
    return status;
}

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const int64_t P = er_net_parameters(run->is.net);
    struct er_weight_posterior *p = part;
    const enum er_status status = check(&run->is, name[which], err);
    if (status != ER_OK) return status;
    p->mean = er_alloc(P, sizeof *p->mean);
    p->deviation = er_alloc(P, sizeof *p->deviation);
    if (!p->mean || !p->deviation)
        return er_fail(err, ER_E_NOMEM, "%s: out of memory for %lld weights", name[which], (long long)P);
    memcpy(p->mean, run->is.w, (size_t)P * sizeof *p->mean);
    p->q = (struct er_stochastic){run->is.net, p->mean, p->deviation, run->is.initial_w};
    return which == ER_POSTERIOR_ISOTROPIC ? search(run, p, err) : optimise(run, p, err);
}

static void clear(void *part)
{
    struct er_weight_posterior *p = part;
    er_free(p->mean);
    er_free(p->deviation);
}

enum er_status er_weight_posterior_of(struct er_measured_run *run, enum er_posterior_kind kind,
                                      const struct er_weight_posterior **out, struct er_error *err)
{
    static const struct er_part of[] = {
        {"noise of one size", sizeof(struct er_weight_posterior), make, clear, ER_POSTERIOR_ISOTROPIC},
        {"optimised noise", sizeof(struct er_weight_posterior), make, clear, ER_POSTERIOR_OPTIMISED}};
    void *is;
    const enum er_status status = er_measured_part(run, &of[kind], &is, err);
    if (status == ER_OK) *out = is;
    return status;
}
