/* minima_waves_estimate.c - trainings estimated as those of `train`, the rest by trying it. */
#include "experiments/minima_waves_estimate.h"

#include "core/clock.h"
#include "experiments/data_keys.h"
#include "experiments/minima_estimate.h"
#include "experiments/minima_held.h"
#include "experiments/train_estimate.h"
#include "experiments/train_member.h"
#include "minima/sampler.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { SOME_EXAMPLES = 256, MOST_UNITS = 1 << 20 };
static const double LONG_ENOUGH = 0.03, TOO_LONG = 0.3;

enum er_status er_minima_time(er_minima_work *work, void *ctx, int64_t fewest, double *seconds,
                              struct er_error *err)
{
    double before = 0;
    for (int64_t units = 1;; units *= 2) {
        const double start = er_clock_s();
        const enum er_status status = work(ctx, units, err);
        const double took = er_clock_s() - start, more = took - before;
        *seconds = units > 1 && more > 0 ? 2 * more / (double)units : took / (double)units;
        if (status != ER_OK || (took > LONG_ENOUGH && units >= fewest) || took > TOO_LONG ||
            units >= MOST_UNITS)
            return status;
        before = took;
    }
}

/* One estimation. */
struct estimation {
    const struct er_minima_waves_estimate *of;
    const struct er_point *point;
    int64_t n;
    const struct er_data_places *places;
    struct er_pool *pool;
    const struct er_progress *progress;
    struct er_estimate *out;
};

/* A minimum's training. */
struct training {
    struct er_point point;
    double factor; /* NaN: has been added */
    size_t copies;
};

static void add(struct er_estimate *sum, const struct er_estimate *part, double factor)
{
    if (part->ensembles > sum->ensembles) sum->ensembles = part->ensembles;
    if (part->at_once > sum->at_once) sum->at_once = part->at_once;
    if (part->run_bytes > sum->run_bytes) sum->run_bytes = part->run_bytes;
    if (part->data_bytes > sum->data_bytes) sum->data_bytes = part->data_bytes;
    sum->seconds += factor * part->seconds;
}

/* Those trainings i.. whose factor is that of training i. */
static enum er_status add_alike(const struct estimation *e, struct training *training, int64_t n, int64_t i,
                                struct er_point *alike, struct er_error *err)
{
    const double this = training[i].factor;
    struct er_estimate part;
    size_t copies = 0;
    int64_t k = 0;
    if (isnan(this)) return ER_OK;
    for (int64_t j = i; j < n; j++)
        if (training[j].factor == this) {
            alike[k++] = training[j].point;
            copies = training[j].copies > copies ? training[j].copies : copies;
            training[j].factor = (double)NAN;
        }
    const enum er_status status = er_train_estimate(alike, k, e->places, e->pool, e->progress, &part, err);
    part.run_bytes += copies;
    if (status == ER_OK) add(e->out, &part, this);
    return status;
}

static enum er_status add_trainings(const struct estimation *e, bool *trains, struct er_error *err)
{
    const int64_t most = e->n * e->of->each;
    struct training *training = er_alloc(most, sizeof *training);
    struct er_point *alike = er_alloc(most, sizeof *alike);
    enum er_status status = ER_OK;
    int64_t n = 0;
    *trains = true;
    if (training && alike) {
        for (int64_t i = 0; i < e->n; i++) {
            const struct er_sampler *sampler[ER_HELD_MOST];
            const int64_t minima = e->of->samplers(&e->point[i], sampler);
            for (int64_t m = 0; m < minima; m++) {
                training[n++] =
                    (struct training){e->point[i], er_minima_estimate_factor(&e->point[i], sampler[m]),
                                      er_minima_estimate_copies(&e->point[i], sampler[m])};
                *trains = *trains && sampler[m]->info.trains;
            }
        }
        for (int64_t i = 0; i < n && status == ER_OK; i++) status = add_alike(e, training, n, i, alike, err);
    } else
        status = er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld runs", (long long)e->n);
    er_free(training);
    er_free(alike);
    return status;
}

/* Whether what is tried of one point may stand for another. */
static bool alike(const struct er_point *a, const struct er_point *b)
{
    bool same = a->n == b->n;
    for (int64_t i = 0; i < a->n && same; i++)
        same = a->setting[i] == b->setting[i] || strcmp(a->setting[i]->text, b->setting[i]->text) == 0;
    return same;
}

static enum er_status try_on(const struct estimation *e, const struct er_point *point,
                             const struct er_split *split, double *seconds, struct er_error *err)
{
    struct er_net *net = NULL;
    enum er_status status = er_train_member_net(point, split->train.shape, split->train.classes, &net, err);
    if (status != ER_OK) return status;
    const int64_t S = er_net_statistics(net);
    float *w = er_alloc(er_net_parameters(net), sizeof *w), *statistics = er_alloc(S, sizeof *statistics);
    struct er_dataset some = split->train;
    some.n = some.n < SOME_EXAMPLES ? some.n : SOME_EXAMPLES;
    const struct er_minima_trial trial = {.point = point,
                                          .net = net,
                                          .w = w,
                                          .statistics = S ? statistics : NULL,
                                          .some = &some,
                                          .examples = (double)(split->train.n + split->test.n)};
    if (w && statistics) {
        er_net_initialise(net, point->seed, w, statistics);
        status = e->of->try(&trial, seconds, err);
    } else
        status = er_fail(err, ER_E_NOMEM, "minima: out of memory for a network");
    er_free(w);
    er_free(statistics);
    er_net_free(net);
    return status;
}

static enum er_status try_point(const struct estimation *e, const struct er_point *point, double *seconds,
                                struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    struct er_split split = {0};
    struct er_error why = {0};
    if (er_data_open(&spec, e->places, &split, &why) != ER_OK) return er_data_keys_fail(point, &why, err);
    const enum er_status status = try_on(e, point, &split, seconds, err);
    er_split_clear(&split);
    return status;
}

/* What follows the trainings is spread over the threads, by itself or run by run. */
static enum er_status add_rest(const struct estimation *e, struct er_error *err)
{
    double seconds = 0, all = 0;
    for (int64_t i = 0; i < e->n; i++) {
        if (er_progress_stopped(e->progress)) return er_fail(err, ER_E_STOPPED, "minima: stopped");
        if (i == 0 || !alike(&e->point[i - 1], &e->point[i])) {
            const enum er_status status = try_point(e, &e->point[i], &seconds, err);
            if (status != ER_OK) return status;
        }
        all += seconds;
    }
    e->out->seconds += all / er_pool_threads(e->pool);
    return ER_OK;
}

enum er_status er_minima_waves_estimate(const struct er_minima_waves_estimate *of,
                                        const struct er_point *point, int64_t n,
                                        const struct er_data_places *places, struct er_pool *pool,
                                        const struct er_progress *progress, struct er_estimate *out,
                                        struct er_error *err)
{
    const struct estimation e = {of, point, n, places, pool, progress, out};
    bool trains;
    *out = (struct er_estimate){.memory = er_train_member_memory()};
    enum er_status status = add_trainings(&e, &trains, err);
    if (status != ER_OK) return status;
    if (trains) return add_rest(&e, err);
    out->seconds = (double)NAN;
    return ER_OK;
}
