/* search.c - a search from its first draw to its end; searches side by side. */
#include "minima/search.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

static const double UNIT = 3; /* of the norm of a layer (<ermine/minima.h>) */

double er_search_try(struct er_search *search, const float *w, int64_t *errors)
{
    const bool normalised = search->request->settings.objective == ER_OBJECTIVE_NORMALISED;
    const double divisor = normalised ? er_trial_scale(search->request->net, w, UNIT) : 1;
    search->tried++;
    return er_trial_loss(&search->trial, &search->room, w, search->statistics, divisor, errors);
}

const char *er_search_ends(const struct er_search *search)
{
    const struct er_stop *stop = &search->request->spec.stop;
    const double error = (double)search->errors / (double)search->request->train->n;
    if (error <= stop->train_error) return er_stop_reason_text(ER_STOP_TRAIN_ERROR);
    if (search->objective <= stop->train_loss) return er_stop_reason_text(ER_STOP_TRAIN_LOSS);
    if (search->radius < search->request->settings.radius) return "radius";
    if (search->tried >= search->request->settings.draws) return "draws";
    return NULL;
}

int64_t er_search_block(const struct er_search *search)
{
    const int64_t left = search->request->settings.draws - search->tried;
    return left < ER_SEARCH_BLOCK ? left : ER_SEARCH_BLOCK;
}

/* What a checkpoint says beside the weights. */
struct numbers {
    double objective, radius, seconds;
    int64_t errors, tried;
    struct er_search_place place;
};

enum er_status er_search_pause(struct er_search *search, struct er_error *err)
{
    const int64_t P = er_net_parameters(search->request->net);
    struct numbers numbers = {search->objective, search->radius, er_state_seconds(&search->state),
                              search->errors,    search->tried,  search->place};
    const struct er_state_part part[] = {{&numbers, sizeof numbers},
                                         {search->w, (size_t)P * sizeof *search->w}};
    return er_state_pause(&search->state, er_progress_stopped(search->state.sampling->progress), part, 2,
                          err);
}

/* Begins at the first draw, or where a checkpoint says. */
static void begin(struct er_search *search, const void *from, size_t bytes)
{
    const size_t size = (size_t)er_net_parameters(search->request->net) * sizeof *search->w;
    struct numbers numbers = {0};
    struct er_state_part part[] = {{&numbers, sizeof numbers}, {NULL, 0}};
    if (er_state_take(search->request, from, bytes, part, 2) && part[1].bytes == size) {
        memcpy(search->w, part[1].at, size);
        search->objective = numbers.objective;
        search->radius = numbers.radius;
        search->errors = numbers.errors;
        search->tried = numbers.tried;
        search->place = numbers.place;
        er_state_begin(&search->state, numbers.seconds);
        return;
    }
    er_state_begin(&search->state, 0);
    memcpy(search->w, search->initial, size);
    search->radius = 1;
    search->objective = er_search_try(search, search->w, &search->errors);
}

static enum er_status open_search(struct er_search *search, struct er_error *err)
{
    const struct er_minimum_request *request = search->request;
    const int64_t P = er_net_parameters(request->net);
    enum er_status status =
        er_prior_new(request->net, ER_PRIOR_UNIFORM, request->settings.scale, &search->start, err);
    if (status == ER_OK) status = er_trial_new(request->net, request->train, &search->trial, err);
    if (status == ER_OK) status = er_trial_room_new(&search->trial, &search->room, err);
    if (status != ER_OK) return status;
    search->word = er_alloc(search->start.words, sizeof *search->word);
    search->statistics = er_alloc(er_net_statistics(request->net), sizeof *search->statistics);
    search->initial = er_alloc(P, sizeof *search->initial);
    search->w = er_alloc(P, sizeof *search->w);
    search->candidate = er_alloc(P, sizeof *search->candidate);
    if (!search->word || !search->statistics || !search->initial || !search->w || !search->candidate)
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for a search");
    er_net_initialise(request->net, 0, search->w, search->statistics);
    er_prior_draw(&search->start, request->seed_initialise, er_stream(ER_PURPOSE_PRIOR, 0), search->word,
                  search->initial);
    return ER_OK;
}

static void close_search(struct er_search *search)
{
    er_prior_clear(&search->start);
    er_trial_room_clear(&search->room);
    er_trial_clear(&search->trial);
    er_free(search->word);
    er_free(search->statistics);
    er_free(search->initial);
    er_free(search->w);
    er_free(search->candidate);
}

/* Searches side by side: the first error ends those that have not begun. */
struct searches {
    const struct er_sampling *sampling;
    er_search_steps *steps;
    pthread_mutex_t lock;
    struct er_error error;
    int64_t done;
};

static enum er_status hand_over(const struct searches *all, int64_t number, struct er_search *search,
                                struct er_error *err)
{
    const struct er_minima_events *events = all->sampling->events;
    struct er_minimum minimum = {
        .tried = search->tried, .w = search->w, .statistics = search->statistics, .initial = search->initial};
    enum er_status status = er_minimum_measure(search->request, &minimum, err);
    if (status == ER_OK && events->found) status = events->found(events->ctx, number, &minimum, err);
    if (status != ER_OK || !events->end) return status;
    const struct er_minima_result result = {.outcome = er_search_ends(search),
                                            .cause = "",
                                            .tried = search->tried,
                                            .found = 1,
                                            .seconds = er_state_seconds(&search->state)};
    return events->end(events->ctx, number, &result, err);
}

static enum er_status answer(struct searches *all, int64_t number, struct er_error *err)
{
    const struct er_minima_events *events = all->sampling->events;
    struct er_search search = {.request = &all->sampling->request[number],
                               .state = {.sampling = all->sampling, .number = number}};
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = ER_OK;
    if (events->begin) status = events->begin(events->ctx, number, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    status = open_search(&search, err);
    if (status == ER_OK) {
        begin(&search, state, bytes);
        status = all->steps(&search, err);
    }
    if (status == ER_OK) status = hand_over(all, number, &search, err);
    close_search(&search);
    return status;
}

static void report_done(struct searches *all)
{
    const struct er_progress *progress = all->sampling->progress;
    const struct er_progress_report report = {
        .what = "minima", .unit = "runs", .done = (double)++all->done, .total = (double)all->sampling->n};
    if (progress && progress->report) progress->report(progress->ctx, &report);
}

static void run_search(void *ctx, int64_t task, int worker)
{
    struct searches *all = ctx;
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

enum er_status er_search_find(const struct er_sampling *sampling, er_search_steps *steps,
                              struct er_error *err)
{
    struct searches all = {.sampling = sampling, .steps = steps, .lock = PTHREAD_MUTEX_INITIALIZER};
    er_pool_run(sampling->pool, sampling->n, run_search, &all);
    if (all.error.code != ER_OK && err) *err = all.error;
    return all.error.code;
}

enum er_status er_search_check(const struct er_minimum_request *request, struct er_error *err)
{
    const struct er_minima_settings *asked = &request->settings;
    if (er_net_statistics(request->net) > 0)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "%s: the model has batch norm, whose statistics no search moves",
                       request->sampler->info.name);
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
