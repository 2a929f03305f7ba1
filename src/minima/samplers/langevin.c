/* langevin.c - the sampler `langevin`: a walk downhill that is shaken, looked at now and then.
 *
 *     w <- w - eta (g(w) + lambda w) + sqrt(2 eta T) xi,   xi ~ N(0, I)
 *
 * g the gradient of the mean loss over all of S (in evaluation), eta the learning rate, lambda the weight decay of
 * the training specification, T the temperature. For small steps the walk samples the density
 *
 *     p(w) ~ exp(-(L(w) + lambda |w|^2 / 2) / T)
 *
 * (the unadjusted Langevin algorithm: around a quadratic minimum of curvature h the variance is T / h times
 * 2 / (2 - eta h)). It begins at random initial weights. After `burn` steps the weights are looked at every `thin`
 * steps, `samples` times; those that fit S are minima. T = 1/n is the Bayesian posterior of n examples where the loss
 * is a negative log-likelihood; the lower T, the more it is gradient descent.
 *
 * xi of step t is a function of (seed_batches, t). A search that is interrupted starts afresh.
 *
 * Sources: Roberts and Tweedie, "Exponential convergence of Langevin distributions and their discrete approximations",
 * Bernoulli 1996; Welling and Teh, "Bayesian learning via stochastic gradient Langevin dynamics", ICML 2011, of which
 * this is the case of whole batches and constant steps.
 */
#include "core/clock.h"
#include "minima/sampler.h"

#include <ermine/derivatives.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <pthread.h>

/* All walks of a sampling. */
struct walks {
    const struct er_sampling *sampling;
    atomic_bool abort;
    pthread_mutex_t lock; /* of the rest */
    double done;
    enum er_status status;
    struct er_error error;
};

/* One of them. */
struct walk {
    const struct er_minimum_request *request;
    int64_t number, P;
    float *w, *initial, *g;
    struct er_network network;
    struct er_derivatives *derivatives;
    int64_t found, tried;
};

static enum er_status open_walk(struct walk *walk, struct er_error *err)
{
    const struct er_minimum_request *r = walk->request;
    walk->P = er_net_parameters(r->net);
    walk->w = er_alloc(walk->P, sizeof *walk->w);
    walk->initial = er_alloc(walk->P, sizeof *walk->initial);
    walk->g = er_alloc(walk->P, sizeof *walk->g);
    if (!walk->w || !walk->initial || !walk->g)
        return er_fail(err, ER_E_NOMEM, "langevin: out of memory for %lld weights", (long long)walk->P);
    er_net_initialise(r->net, r->seed_initialise, walk->initial, NULL);
    for (int64_t i = 0; i < walk->P; i++) walk->w[i] = walk->initial[i];
    walk->network = (struct er_network){.w = walk->w};
    return er_derivatives_new(r->net, &walk->network, r->train, NULL, NULL, &walk->derivatives, err);
}

static void close_walk(struct walk *walk)
{
    er_derivatives_free(walk->derivatives);
    er_free(walk->w);
    er_free(walk->initial);
    er_free(walk->g);
}

static enum er_status step(struct walk *walk, int64_t t, struct er_error *err)
{
    const struct er_minimum_request *r = walk->request;
    const double eta = r->spec.optimiser.rate, lambda = r->spec.optimiser.weight_decay;
    const double noise = sqrt(2 * eta * r->settings.langevin.temperature);
    struct er_random xi = er_random_open(r->seed_batches, er_stream(ER_PURPOSE_LANGEVIN, (uint64_t)t));
    const enum er_status status = er_derivatives_gradient(walk->derivatives, walk->g, NULL, NULL, err);
    for (int64_t i = 0; i < walk->P && status == ER_OK; i++) {
        const double w = (double)walk->w[i];
        walk->w[i] = (float)(w - eta * ((double)walk->g[i] + lambda * w) + noise * er_random_normal(&xi));
    }
    return status;
}

/* Hands the weights over where they fit S. */
static enum er_status look(const struct walks *all, struct walk *walk, struct er_error *err)
{
    const struct er_minima_events *events = all->sampling->events;
    double loss;
    int64_t errors;
    enum er_status status = er_derivatives_loss(walk->derivatives, &loss, &errors, err);
    walk->tried++;
    if (status != ER_OK || errors > 0) return status;
    struct er_minimum minimum = {
        .number = walk->found++, .tried = walk->tried, .w = walk->w, .initial = walk->initial};
    status = er_minimum_measure(walk->request, &minimum, err);
    return status == ER_OK && events->found ? events->found(events->ctx, walk->number, &minimum, err)
                                            : status;
}

/* Adds a share of a walk to what is reported. */
static void report(struct walks *all, double share)
{
    const struct er_progress *caller = all->sampling->progress;
    pthread_mutex_lock(&all->lock);
    all->done += share;
    const struct er_progress_report now = {
        .what = "langevin", .unit = "runs", .done = all->done, .total = (double)all->sampling->n};
    if (caller && caller->report) caller->report(caller->ctx, &now);
    pthread_mutex_unlock(&all->lock);
}

static bool stopped(const struct walks *all)
{
    return atomic_load(&all->abort) || er_progress_stopped(all->sampling->progress);
}

static enum er_status go(struct walks *all, struct walk *walk, struct er_error *err)
{
    const struct er_langevin *l = &walk->request->settings.langevin;
    enum er_status status = ER_OK;
    int64_t t = 0;
    for (int64_t sample = 0; sample < l->samples && status == ER_OK; sample++) {
        const int64_t until = l->burn + (sample + 1) * l->thin;
        while (t < until && status == ER_OK) {
            if (stopped(all)) return er_fail(err, ER_E_STOPPED, "langevin: was stopped");
            status = step(walk, t++, err);
        }
        if (status == ER_OK) status = look(all, walk, err);
        report(all, 1 / (double)l->samples);
    }
    return status;
}

static enum er_status answer(struct walks *all, int64_t number, struct er_error *err)
{
    const struct er_minima_events *events = all->sampling->events;
    struct walk walk = {.request = &all->sampling->request[number], .number = number};
    const void *ignored = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = ER_OK;
    if (events->begin) status = events->begin(events->ctx, number, &skip, &ignored, &bytes, err);
    if (status != ER_OK) return status;
    if (skip) {
        report(all, 1);
        return ER_OK;
    }
    const double start = er_clock_s();
    struct er_error why = {0};
    status = open_walk(&walk, &why);
    if (status == ER_OK) status = go(all, &walk, &why);
    close_walk(&walk);
    const bool diverged = status == ER_E_NONFINITE;
    if (status != ER_OK && !diverged) return er_fail(err, status, "%s", why.msg);
    const struct er_minima_result end = {.outcome = diverged ? "diverged" : "samples",
                                         .cause = diverged ? why.msg : "",
                                         .tried = walk.tried,
                                         .found = walk.found,
                                         .seconds = er_clock_s() - start};
    return events->end ? events->end(events->ctx, number, &end, err) : ER_OK;
}

static void task(void *ctx, int64_t i, int worker)
{
    struct walks *all = ctx;
    struct er_error err = {0};
    (void)worker;
    const enum er_status status = stopped(all) ? er_fail(&err, ER_E_STOPPED, "langevin: was stopped")
                                               : answer(all, all->sampling->which[i], &err);
    if (status == ER_OK) return;
    atomic_store(&all->abort, true);
    pthread_mutex_lock(&all->lock);
    if (all->status == ER_OK || all->status == ER_E_STOPPED) {
        all->status = status;
        all->error = err;
    }
    pthread_mutex_unlock(&all->lock);
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    struct walks all = {.sampling = sampling, .lock = PTHREAD_MUTEX_INITIALIZER};
    er_pool_run(sampling->pool, sampling->n, task, &all);
    if (all.status != ER_OK && err) *err = all.error;
    return all.status;
}

static enum er_status check(const struct er_minimum_request *request, struct er_error *err)
{
    const struct er_langevin *l = &request->settings.langevin;
    if (er_net_statistics(request->net) > 0)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "langevin: the model has batch norm, whose statistics no walk moves");
    if (!(l->temperature >= 0))
        return er_fail(err, ER_E_USAGE, "temperature is %g, and must be at least 0", l->temperature);
    if (l->burn >= 0 && l->thin >= 1 && l->samples >= 1) return ER_OK;
    return er_fail(err, ER_E_USAGE,
                   "burn, thin and samples are %lld, %lld and %lld, and must be at least 0, 1 and 1",
                   (long long)l->burn, (long long)l->thin, (long long)l->samples);
}

const struct er_sampler er_sampler_langevin = {
    .info = {.name = "langevin",
             .help = "gradient descent with thermal noise, looked at now and then: samples at a temperature",
             .source = "Roberts and Tweedie, 1996; Welling and Teh, 2011",
             .trains = false},
    .check = check,
    .find = find,
};
