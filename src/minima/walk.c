/* walk.c - a walk from its first draw to its end; walks side by side. */
#include "minima/walk.h"

#include "core/clock.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

static const double UNIT = 3; /* of the norm of a layer (<ermine/minima.h>) */

double er_walk_try(struct er_walk *walk, const float *w, int64_t *errors)
{
    const bool normalised = walk->request->settings.objective == ER_OBJECTIVE_NORMALISED;
    const double divisor = normalised ? er_trial_scale(walk->request->net, w, UNIT) : 1;
    walk->tried++;
    return er_trial_loss(&walk->trial, &walk->room, w, walk->statistics, divisor, errors);
}

const char *er_walk_ends(const struct er_walk *walk)
{
    const struct er_stop *stop = &walk->request->spec.stop;
    const double error = (double)walk->errors / (double)walk->request->train->n;
    if (error <= stop->train_error) return er_stop_reason_text(ER_STOP_TRAIN_ERROR);
    if (walk->objective <= stop->train_loss) return er_stop_reason_text(ER_STOP_TRAIN_LOSS);
    if (walk->radius < walk->request->settings.radius) return "radius";
    if (walk->tried >= walk->request->settings.draws) return "draws";
    return NULL;
}

static enum er_status open_walk(struct er_walk *walk, struct er_error *err)
{
    const struct er_minimum_request *request = walk->request;
    const int64_t P = er_net_parameters(request->net);
    enum er_status status =
        er_prior_new(request->net, ER_PRIOR_UNIFORM, request->settings.scale, &walk->start, err);
    if (status == ER_OK) status = er_trial_new(request->net, request->train, &walk->trial, err);
    if (status == ER_OK) status = er_trial_room_new(&walk->trial, &walk->room, err);
    if (status != ER_OK) return status;
    walk->word = er_alloc(walk->start.words, sizeof *walk->word);
    walk->statistics = er_alloc(er_net_statistics(request->net), sizeof *walk->statistics);
    walk->initial = er_alloc(P, sizeof *walk->initial);
    walk->w = er_alloc(P, sizeof *walk->w);
    walk->candidate = er_alloc(P, sizeof *walk->candidate);
    if (!walk->word || !walk->statistics || !walk->initial || !walk->w || !walk->candidate)
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for a search");
    er_net_initialise(request->net, 0, walk->w, walk->statistics);
    er_prior_draw(&walk->start, request->seed_initialise, er_stream(ER_PURPOSE_PRIOR, 0), walk->word,
                  walk->initial);
    memcpy(walk->w, walk->initial, (size_t)P * sizeof *walk->w);
    walk->radius = 1;
    walk->objective = er_walk_try(walk, walk->w, &walk->errors);
    return ER_OK;
}

static void close_walk(struct er_walk *walk)
{
    er_prior_clear(&walk->start);
    er_trial_room_clear(&walk->room);
    er_trial_clear(&walk->trial);
    er_free(walk->word);
    er_free(walk->statistics);
    er_free(walk->initial);
    er_free(walk->w);
    er_free(walk->candidate);
}

/* Walks side by side: the first error ends those that have not begun. */
struct walks {
    const struct er_sampling *sampling;
    er_walk_steps *steps;
    pthread_mutex_t lock;
    struct er_error error;
    int64_t done;
};

static enum er_status hand_over(const struct walks *all, int64_t number, struct er_walk *walk, double seconds,
                                struct er_error *err)
{
    const struct er_minima_events *events = all->sampling->events;
    struct er_minimum minimum = {
        .tried = walk->tried, .w = walk->w, .statistics = walk->statistics, .initial = walk->initial};
    enum er_status status = er_minimum_measure(walk->request, &minimum, err);
    if (status == ER_OK && events->found) status = events->found(events->ctx, number, &minimum, err);
    if (status != ER_OK || !events->end) return status;
    const struct er_minima_result result = {
        .outcome = er_walk_ends(walk), .cause = "", .tried = walk->tried, .found = 1, .seconds = seconds};
    return events->end(events->ctx, number, &result, err);
}

static enum er_status answer(struct walks *all, int64_t number, struct er_error *err)
{
    const struct er_minima_events *events = all->sampling->events;
    struct er_walk walk = {.request = &all->sampling->request[number], .progress = all->sampling->progress};
    const double start = er_clock_s();
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = ER_OK;
    if (events->begin) status = events->begin(events->ctx, number, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    status = open_walk(&walk, err);
    if (status == ER_OK) status = all->steps(&walk, err);
    if (status == ER_OK) status = hand_over(all, number, &walk, er_clock_s() - start, err);
    close_walk(&walk);
    return status;
}

static void report_done(struct walks *all)
{
    const struct er_progress *progress = all->sampling->progress;
    const struct er_progress_report report = {
        .what = "minima", .unit = "runs", .done = (double)++all->done, .total = (double)all->sampling->n};
    if (progress && progress->report) progress->report(progress->ctx, &report);
}

static void run_walk(void *ctx, int64_t task, int worker)
{
    struct walks *all = ctx;
    struct er_error error = {0};
    (void)worker;
    pthread_mutex_lock(&all->lock);
    const bool failed = all->error.code != ER_OK;
    pthread_mutex_unlock(&all->lock);
    if (failed) return;
    const enum er_status status = answer(all, all->sampling->which[task], &error);
    pthread_mutex_lock(&all->lock);
    if (status != ER_OK && all->error.code == ER_OK) all->error = error;
    report_done(all);
    pthread_mutex_unlock(&all->lock);
}

enum er_status er_walk_find(const struct er_sampling *sampling, er_walk_steps *steps, struct er_error *err)
{
    struct walks all = {.sampling = sampling, .steps = steps, .lock = PTHREAD_MUTEX_INITIALIZER};
    er_pool_run(sampling->pool, sampling->n, run_walk, &all);
    if (all.error.code != ER_OK && err) *err = all.error;
    return all.error.code;
}

enum er_status er_walk_check(const struct er_minimum_request *request, struct er_error *err)
{
    const struct er_minima_settings *asked = &request->settings;
    if (asked->draws < 1 || asked->draws > (int64_t)1 << 40)
        return er_fail(err, ER_E_USAGE, "draws is %lld, and must be from 1 to 2^40", (long long)asked->draws);
    if (!(asked->scale > 0 && asked->scale <= 1e6))
        return er_fail(err, ER_E_USAGE, "scale is %g, and must be above 0, 10^6 at most", asked->scale);
    if (!(asked->radius > 0 && asked->radius < 1))
        return er_fail(err, ER_E_USAGE, "radius is %g, and must be between 0 and 1", asked->radius);
    if (asked->objective == ER_OBJECTIVE_NORMALISED && !isnan(request->spec.stop.train_loss))
        return er_fail(err, ER_E_USAGE,
                       "a search that lowers the normalised loss can't end at a training loss, of %g",
                       request->spec.stop.train_loss);
    return ER_OK;
}
