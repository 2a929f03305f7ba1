/* evidence.c - the marginal likelihood as a function of the logarithms of what is not fixed. */
#include <ermine/evidence.h>

#include "limit/posterior.h"
#include "math/simplex.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { VARIABLES = 3 };

struct search {
    int64_t n, outputs;
    const double *y;
    er_prior_kernel *kernel;
    void *ctx;
    struct er_prior prior;   /* with what is fixed */
    bool varies[VARIABLES];  /* weight_std, bias_std, ridge */
    double *k_train, *alpha; /* n x n, n x O */
    struct er_pool *pool;
    const struct er_progress *progress; /* a search has no total: only its stop */
};

struct er_evidence_options er_evidence_defaults(void)
{
    return (struct er_evidence_options){.step = 0.3, .tolerance = 1e-3, .evaluations = 100};
}

static struct er_prior prior_at(const struct search *w, const double *x)
{
    struct er_prior prior = w->prior;
    double *const part[VARIABLES] = {&prior.weight_std, &prior.bias_std, &prior.ridge.value};
    for (int v = 0; v < VARIABLES; v++)
        if (w->varies[v]) *part[v] = exp(*x++);
    return prior;
}

/* log p(y) with the kernel in k_train; -infinity where it is not positive definite. */
static enum er_status likelihood(struct search *w, struct er_ridge ridge, double *out, struct er_error *err)
{
    const struct er_progress stop = {.stop = w->progress ? w->progress->stop : NULL};
    struct er_posterior *posterior = NULL;
    bool definite = false;
    enum er_status status = er_posterior_open(w->n, w->k_train, ridge, &posterior, err);
    *out = -INFINITY;
    if (status == ER_E_NONFINITE) return ER_OK;
    if (status != ER_OK) return status;
    status =
        er_posterior_factor(posterior, w->k_train, posterior->report.ridge, &definite, w->pool, &stop, err);
    if (status == ER_OK && definite) {
        er_posterior_weights(posterior, w->outputs, w->y, w->alpha);
        *out = er_log_marginal_likelihood(posterior, w->outputs, w->y, w->alpha);
    }
    er_posterior_free(posterior);
    return status;
}

static enum er_status evaluate(void *ctx, const double *x, double *value, struct er_error *err)
{
    struct search *w = ctx;
    const struct er_prior prior = prior_at(w, x);
    double log_likelihood = -INFINITY;
    enum er_status status = w->kernel(w->ctx, &prior, w->k_train, err);
    if (status == ER_OK)
        status = likelihood(w, prior.ridge, &log_likelihood, err);
    else if (status == ER_E_NONFINITE)
        status = ER_OK;
    *value = -log_likelihood;
    return status;
}

static enum er_status check(const struct search *w, const struct er_evidence_options *o, struct er_error *err)
{
    const struct er_prior *p = &w->prior;
    if (w->n < 1 || w->outputs < 1)
        return er_fail(err, ER_E_USAGE,
                       "marginal likelihood: %" PRId64 " examples, %" PRId64
                       " outputs: each needs at least 1",
                       w->n, w->outputs);
    if (!(p->weight_std > 0 && isfinite(p->weight_std)) || !(p->bias_std >= 0 && isfinite(p->bias_std)))
        return er_fail(err, ER_E_USAGE, "marginal likelihood: weight_std %g > 0, bias_std %g >= 0",
                       p->weight_std, p->bias_std);
    if (!(o->step > 0) || !(o->tolerance > 0) || o->evaluations < 1)
        return er_fail(err, ER_E_USAGE,
                       "marginal likelihood: step %g > 0, tolerance %g > 0, evaluations %" PRId64 " >= 1",
                       o->step, o->tolerance, o->evaluations);
    return er_ridge_check(p->ridge, err);
}

/* With nothing to vary: the value at the start. */
static enum er_status maximise(struct search *w, const struct er_evidence_options *o, struct er_prior *prior,
                               struct er_evidence_report *report, struct er_error *err)
{
    const double at[VARIABLES] = {prior->weight_std, prior->bias_std, prior->ridge.value};
    double x[VARIABLES] = {0};
    int64_t d = 0;
    for (int v = 0; v < VARIABLES; v++)
        if (w->varies[v]) x[d++] = log(at[v]);
    const struct er_simplex simplex = {.d = d,
                                       .function = evaluate,
                                       .ctx = w,
                                       .step = o->step,
                                       .tolerance = o->tolerance,
                                       .evaluations = o->evaluations};
    struct er_simplex_report found = {.evaluations = 1, .converged = true};
    enum er_status status;
    if (d > 0)
        status = er_simplex_minimise(&simplex, x, &found, err);
    else {
        status = evaluate(w, x, &found.start, err);
        found.least = found.start;
        if (status == ER_OK && !isfinite(found.start)) status = ER_E_NONFINITE;
    }
    if (status == ER_E_NONFINITE)
        return er_fail(
            err, status,
            "marginal likelihood: with weight_std %g, bias_std %g and ridge %g the kernel matrix is "
            "not positive definite",
            at[0], at[1], at[2]);
    if (status != ER_OK) return status;
    *prior = prior_at(w, x);
    if (report)
        *report = (struct er_evidence_report){-found.least, -found.start, found.evaluations, found.converged};
    return ER_OK;
}

enum er_status er_evidence_maximise(int64_t n, int64_t outputs, const double *y, er_prior_kernel *kernel,
                                    void *ctx, const struct er_evidence_options *options,
                                    struct er_prior *prior, struct er_evidence_report *report,
                                    struct er_pool *pool, const struct er_progress *progress,
                                    struct er_error *err)
{
    struct search w = {.n = n,
                       .outputs = outputs,
                       .y = y,
                       .kernel = kernel,
                       .ctx = ctx,
                       .prior = *prior,
                       .varies = {!options->fixed_weight_std, !options->fixed_bias_std && prior->bias_std > 0,
                                  !options->fixed_ridge && prior->ridge.value > 0},
                       .pool = pool,
                       .progress = progress};
    enum er_status status = check(&w, options, err);
    if (status != ER_OK) return status;
    w.k_train = er_alloc(n * n, sizeof *w.k_train);
    w.alpha = er_alloc(n * outputs, sizeof *w.alpha);
    if (w.k_train && w.alpha)
        status = maximise(&w, options, prior, report, err);
    else
        status = er_fail(err, ER_E_NOMEM, "marginal likelihood: out of memory for %" PRId64 " examples", n);
    er_free(w.k_train);
    er_free(w.alpha);
    return status;
}
