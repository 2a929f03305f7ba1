/* measures_time.c - see measures_time.h. */
#include "experiments/measures_time.h"

#include "core/clock.h"
#include "measures/subset.h"

#include <ermine/measure.h>
#include <ermine/memory.h>
#include <math.h>

enum { COSTS = ER_COST_TRAINING + 1, EPOCHS = 50 };

struct timing {
    const struct er_member *member; /* on a few examples */
    const char *words;              /* the measures */
    double growth;                  /* by which all examples are more than these few */
    double seconds;                 /* for all of it */
    const struct er_progress *progress;
    double *took; /* of each measure; NaN: not tried */
    double total;
};

/* What a pass over examples takes grows with them; weights are the same. */
static double in_full(const struct timing *t, const struct er_measure *measure, double seconds)
{
    return measure->cost == ER_COST_MODEL || measure->cost == ER_COST_WEIGHTS ? seconds : seconds * t->growth;
}

/* Tries the measures, or of each cost the first alone. One that is not defined here takes its time all the same. */
static enum er_status try_measures(struct timing *t, struct er_measured_run *run, bool first, double until,
                                   struct er_error *err)
{
    bool tried[COSTS] = {false};
    const char *at = t->words;
    const struct er_measure *measure;
    for (int64_t i = 0; (measure = er_measure_next(&at)); i++) {
        const double begin = er_clock_s();
        struct er_error why = {0};
        double value;
        if (er_progress_stopped(t->progress)) return er_fail(err, ER_E_STOPPED, "calibration was stopped");
        if (!isnan(t->took[i]) || (first && tried[measure->cost]) || (!first && begin > until)) continue;
        if (er_measure_compute(measure, run, &value, &why) == ER_E_NOMEM)
            return er_fail(err, ER_E_NOMEM, "%s: %s", measure->name, why.msg);
        t->took[i] = in_full(t, measure, er_clock_s() - begin);
        tried[measure->cost] = true;
    }
    return ER_OK;
}

/* Those that were not tried take the mean of those of their cost. */
static void add_up(struct timing *t)
{
    double sum[COSTS] = {0};
    int64_t tried[COSTS] = {0}, all[COSTS] = {0};
    const char *at = t->words;
    const struct er_measure *measure;
    for (int64_t i = 0; (measure = er_measure_next(&at)); i++) {
        all[measure->cost]++;
        if (isnan(t->took[i])) continue;
        sum[measure->cost] += t->took[i];
        tried[measure->cost]++;
    }
    for (int c = 0; c < COSTS; c++)
        if (tried[c] > 0) t->total += sum[c] * (double)all[c] / (double)tried[c];
}

/* er_train_events.end: of the network that has learned the few examples. */
static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    struct timing *t = ctx;
    const struct er_member *m = t->member;
    const int64_t P = er_net_parameters(m->net), S = er_net_statistics(m->net);
    const double until = er_clock_s() + t->seconds;
    struct er_measured_run *run = NULL;
    (void)member;
    float *initial = er_alloc(P + S, sizeof *initial);
    if (!initial) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld weights", (long long)P);
    er_net_initialise(m->net, m->seed_initialise, initial, S ? initial + P : NULL);
    const bool diverged = result->reason == ER_STOP_DIVERGED;
    const struct er_measured what = {.net = m->net,
                                     .w = diverged ? initial : result->w,
                                     .statistics = diverged ? (S ? initial + P : NULL) : result->statistics,
                                     .initial_w = initial,
                                     .initial_statistics = S ? initial + P : NULL,
                                     .first_epoch_w = initial,
                                     .first_epoch_statistics = S ? initial + P : NULL,
                                     .train = m->train,
                                     .test = m->test,
                                     .train_error = (double)NAN,
                                     .test_error = (double)NAN,
                                     .seed = m->seed_initialise};
    enum er_status status = er_measured_run_new(&what, NULL, &run, err);
    if (status == ER_OK) status = try_measures(t, run, true, until, err);
    if (status == ER_OK) status = try_measures(t, run, false, until, err);
    if (status == ER_OK) add_up(t);
    er_measured_run_free(run);
    er_free(initial);
    return status;
}

/* Trained for a moment, so that searches around the weights have something to find. */
static struct er_train_spec brief(const struct er_train_spec *spec, double seconds)
{
    struct er_train_spec out = *spec;
    out.stop = (struct er_stop){
        .train_error = 0, .train_loss = (double)NAN, .epochs = EPOCHS, .seconds = seconds / 4};
    out.every = 1;
    out.early = 0;
    return out;
}

enum er_status er_measures_time(const struct er_point *point, const struct er_member *member, double seconds,
                                const struct er_progress *progress, double *out, struct er_error *err)
{
    const char *words = er_point_text(point, "measures", ""), *at = words;
    struct er_dataset train = *member->train, test = {0};
    struct er_member few = *member;
    struct er_pool *pool = NULL;
    int64_t n = 0;
    *out = 0;
    while (er_measure_next(&at)) n++;
    if (n == 0) return ER_OK;
    if (train.n > ER_SUBSET_EXAMPLES) train.n = ER_SUBSET_EXAMPLES;
    few.train = &train;
    if (member->test) {
        test = *member->test;
        if (test.n > train.n) test.n = train.n;
        few.test = &test;
    }
    few.spec = brief(&member->spec, seconds);
    few.keep = NULL;
    few.keep_first_epoch = false;
    struct timing t = {.member = &few,
                       .words = words,
                       .growth = (double)member->train->n / (double)train.n,
                       .seconds = seconds,
                       .progress = progress,
                       .took = er_alloc(n, sizeof *t.took)};
    const struct er_train_events events = {.ctx = &t, .end = on_end};
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    enum er_status status =
        t.took ? er_pool_new(1, &pool, err) : er_fail(err, ER_E_NOMEM, "measures: out of memory");
    for (int64_t i = 0; t.took && i < n; i++) t.took[i] = (double)NAN;
    if (status == ER_OK) status = er_train(&few, 1, pool, &quiet, &events, err);
    er_pool_free(pool);
    er_free(t.took);
    *out = t.total;
    return status;
}
