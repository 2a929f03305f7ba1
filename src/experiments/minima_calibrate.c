/* minima_calibrate.c - a search with twice as many draws, or steps, each time, until that takes long enough. */
#include "experiments/minima_calibrate.h"

#include "core/clock.h"
#include "minima/trial.h"

#include <math.h>
#include <string.h>

static const double enough = 0.1;           /* seconds */
enum { FIRST = 64, DRAWS_OF_A_TASK = 512 }; /* as minima/drawn.c shares them out */

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                               struct er_error *err)
{
    (void)ctx;
    (void)request;
    (void)minimum;
    (void)err;
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *err)
{
    struct er_minima_result *out = ctx;
    (void)request;
    (void)err;
    *out = *result;
    return ER_OK;
}

static bool is(const struct er_minimum_request *request, const char *name)
{
    struct er_sampler_info info;
    int64_t i = 0;
    while (er_sampler_describe(i, &info) && er_sampler_find(info.name) != request->sampler) i++;
    return strcmp(info.name, name) == 0;
}

/* The whole of a search by draws, from `tried` of them in `seconds`. */
static double by_draws(const struct er_minimum_request *request, bool shared, int threads,
                       const struct er_minima_result *end, double seconds)
{
    const double asked = (double)request->settings.draws, tried = (double)end->tried;
    if (!shared) return seconds * asked / tried;
    const double tasks = ceil(tried / DRAWS_OF_A_TASK), busy = fmin(tasks, threads);
    const double fitting =
        end->found > 0 ? tried * (double)request->settings.most / (double)end->found : asked;
    return seconds * busy / threads * fmin(asked, fitting) / tried;
}

static size_t bytes_of(const struct er_minimum_request *request, int threads)
{
    struct er_trial trial;
    if (er_trial_new(request->net, request->train, &trial, NULL) != ER_OK) return 0;
    const size_t outputs = (size_t)(request->train->n * er_net_outputs(request->net)) * sizeof(float),
                 weights = 4 * (size_t)er_net_parameters(request->net) * sizeof(float);
    const size_t bytes = er_plan_scratch_bytes(trial.plan) + outputs + weights;
    er_trial_clear(&trial);
    return bytes * (size_t)threads;
}

enum er_status er_minima_calibrate(const struct er_minimum_request *request, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_search_cost *out,
                                   struct er_error *err)
{
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    const bool walks = is(request, "langevin"), shared = is(request, "guess") || is(request, "prior");
    const int threads = shared ? er_pool_threads(pool) : 1;
    const struct er_langevin *l = &request->settings.langevin;
    const double steps = (double)l->burn + (double)l->thin * (double)l->samples;
    const int64_t asked = walks ? (int64_t)fmin(steps, 0x1p62) : request->settings.draws;
    struct er_minimum_request tried = *request;
    *out = (struct er_search_cost){.shared = shared, .bytes = bytes_of(request, threads)};
    for (int64_t n = FIRST;; n *= 2) {
        struct er_minima_result end = {0};
        const struct er_minima_events events = {.ctx = &end, .found = on_found, .end = on_end};
        const bool whole = n >= asked;
        tried.settings.draws = whole ? asked : n;
        if (walks) tried.settings.langevin = (struct er_langevin){l->temperature, 0, whole ? asked : n, 1};
        const double start = er_clock_s();
        const enum er_status status = er_minima_find(&tried, 1, pool, &quiet, &events, err);
        const double seconds = er_clock_s() - start;
        if (status != ER_OK) return status;
        out->seconds = seconds;
        if (whole || (!walks && strcmp(end.outcome, "draws") != 0)) return ER_OK;
        if (seconds < enough) continue;
        out->seconds = walks ? seconds * (double)asked / (double)n
                             : by_draws(request, shared, er_pool_threads(pool), &end, seconds);
        return ER_OK;
    }
}
