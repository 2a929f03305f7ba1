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
 * is a negative log-likelihood, with the prior N(0, 1/(n lambda)); without lambda there is none. The lower T, the more it
 * is gradient descent.
 *
 * xi of step t is a function of (seed_batches, t), so that a walk goes on from its weights and t to the bit. A checkpoint
 * has these and the numbers of the minima that were met, not their weights. Of the training specification the rate, the
 * weight decay and the loss count, and nothing else; dropout is not drawn.
 *
 * Sources: Roberts and Tweedie, "Exponential convergence of Langevin distributions and their discrete approximations",
 * Bernoulli 1996; Welling and Teh, "Bayesian learning via stochastic gradient Langevin dynamics", ICML 2011, of which
 * this is the case of whole batches and constant steps.
 */
#include "minima/state.h"

#include <ermine/derivatives.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

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
    struct er_state state;
    int64_t P;
    float *w, *initial, *g;
    struct er_network network;
    struct er_derivatives *derivatives;
    int64_t t, found, tried;
    struct er_minimum *past; /* the numbers of those that were found, where checkpoints are wanted */
    int64_t room;
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
    er_free(walk->past);
}

static enum er_status step(struct walk *walk, struct er_error *err)
{
    const struct er_minimum_request *r = walk->request;
    const double eta = r->spec.optimiser.rate, lambda = r->spec.optimiser.weight_decay;
    const double noise = sqrt(2 * eta * r->settings.langevin.temperature);
    struct er_random xi = er_random_open(r->seed_batches, er_stream(ER_PURPOSE_LANGEVIN, (uint64_t)walk->t));
    const enum er_status status = er_derivatives_gradient(walk->derivatives, walk->g, NULL, NULL, err);
    for (int64_t i = 0; i < walk->P && status == ER_OK; i++) {
        const double w = (double)walk->w[i];
        walk->w[i] = (float)(w - eta * ((double)walk->g[i] + lambda * w) + noise * er_random_normal(&xi));
    }
    walk->t++;
    return status;
}

/* Keeps the numbers of the newest minimum for checkpoints. */
static enum er_status remember(struct walk *walk, const struct er_minimum *minimum, struct er_error *err)
{
    if (walk->found == walk->room) {
        const int64_t room = 2 * walk->room + 16;
        struct er_minimum *grown = er_grow(walk->past, walk->room, room, sizeof *grown);
        if (!grown)
            return er_fail(err, ER_E_NOMEM, "langevin: out of memory for %lld minima", (long long)room);
        walk->past = grown;
        walk->room = room;
    }
    struct er_minimum *kept = &walk->past[walk->found];
    *kept = *minimum;
    kept->w = kept->initial = kept->statistics = NULL;
    return ER_OK;
}

static enum er_status hand_over(struct walk *walk, const struct er_minimum *minimum, struct er_error *err)
{
    const struct er_minima_events *events = walk->state.sampling->events;
    enum er_status status = ER_OK;
    if (events->checkpoint) status = remember(walk, minimum, err);
    walk->found++;
    return status == ER_OK && events->found ? events->found(events->ctx, walk->state.number, minimum, err)
                                            : status;
}

/* Hands the weights over where they fit S. */
static enum er_status look(struct walk *walk, struct er_error *err)
{
    double loss;
    int64_t errors;
    enum er_status status = er_derivatives_loss(walk->derivatives, &loss, &errors, err);
    walk->tried++;
    if (status != ER_OK || errors > 0) return status;
    struct er_minimum minimum = {
        .number = walk->found, .tried = walk->tried, .w = walk->w, .initial = walk->initial};
    status = er_minimum_measure(walk->request, &minimum, err);
    return status == ER_OK ? hand_over(walk, &minimum, err) : status;
}

/* What a checkpoint says beside the weights and the minima. */
struct numbers {
    int64_t t, tried;
    double seconds;
};

static enum er_status pause(struct walk *walk, bool stop, struct er_error *err)
{
    struct numbers numbers = {walk->t, walk->tried, er_state_seconds(&walk->state)};
    const struct er_state_part part[] = {
        {&numbers, sizeof numbers},
        {walk->w, (size_t)walk->P * sizeof *walk->w},
        {walk->past, walk->past ? (size_t)walk->found * sizeof *walk->past : 0}};
    return er_state_pause(&walk->state, stop, part, 3, err);
}

/* Begins at the initial weights, or where a checkpoint says. */
static enum er_status begin(struct walk *walk, const void *from, size_t bytes, struct er_error *err)
{
    struct numbers numbers = {0};
    struct er_state_part part[] = {
        {&numbers, sizeof numbers}, {walk->w, (size_t)walk->P * sizeof *walk->w}, {NULL, sizeof *walk->past}};
    enum er_status status = ER_OK;
    const bool taken = er_state_take(walk->request, from, bytes, part, 3);
    const int64_t n = taken ? (int64_t)(part[2].bytes / sizeof *walk->past) : 0;
    er_state_begin(&walk->state, numbers.seconds);
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        struct er_minimum minimum;
        memcpy(&minimum, (const unsigned char *)part[2].at + i * (int64_t)sizeof minimum, sizeof minimum);
        status = hand_over(walk, &minimum, err);
    }
    walk->t = numbers.t;
    walk->tried = numbers.tried;
    return status;
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
    report(all, (double)walk->tried / (double)l->samples);
    while (walk->tried < l->samples && status == ER_OK) {
        const int64_t until = l->burn + (walk->tried + 1) * l->thin;
        while (walk->t < until && status == ER_OK) {
            status = pause(walk, stopped(all), err);
            if (status == ER_OK) status = step(walk, err);
        }
        if (status == ER_OK) status = look(walk, err);
        report(all, 1 / (double)l->samples);
    }
    return status;
}

static enum er_status answer(struct walks *all, int64_t number, struct er_error *err)
{
    const struct er_minima_events *events = all->sampling->events;
    struct walk walk = {.request = &all->sampling->request[number],
                        .state = {.sampling = all->sampling, .number = number}};
    const void *from = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = ER_OK;
    if (events->begin) status = events->begin(events->ctx, number, &skip, &from, &bytes, err);
    if (status != ER_OK) return status;
    if (skip) {
        report(all, 1);
        return ER_OK;
    }
    struct er_error why = {0};
    status = open_walk(&walk, &why);
    if (status == ER_OK) status = begin(&walk, from, bytes, &why);
    if (status == ER_OK) status = go(all, &walk, &why);
    close_walk(&walk);
    const bool diverged = status == ER_E_NONFINITE;
    if (status != ER_OK && !diverged) return er_fail(err, status, "%s", why.msg);
    const struct er_minima_result end = {.outcome = diverged ? "diverged" : "samples",
                                         .cause = diverged ? why.msg : "",
                                         .tried = walk.tried,
                                         .found = walk.found,
                                         .seconds = er_state_seconds(&walk.state)};
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
