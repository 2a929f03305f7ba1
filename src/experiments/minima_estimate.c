/* minima_estimate.c - runs as plain trainings of the same points, those of one factor together; searches by trying them. */
#include "experiments/minima_estimate.h"

#include "data/dataset.h"
#include "experiments/data_keys.h"
#include "experiments/minima_calibrate.h"
#include "experiments/minima_keys.h"
#include "experiments/minima_request.h"
#include "experiments/train_estimate.h"
#include "experiments/train_member.h"
#include "minima/sampler.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

/* How many examples the training set has, as far as is known without reading it; 0: not. */
static double examples(const struct er_point *point)
{
    const struct er_data_info *info = er_data_keys_info(point);
    return (double)er_point_integer(point, "data.train", info ? info->train : 0);
}

double er_minima_estimate_factor(const struct er_point *point, const struct er_sampler *sampler)
{
    const double n = examples(point);
    return n > 0 ? er_minima_keys_work(point, sampler, n) / n : 1;
}

static void add(struct er_estimate *sum, const struct er_estimate *part, double factor)
{
    sum->ensembles += part->ensembles;
    sum->at_once = part->at_once > sum->at_once ? part->at_once : sum->at_once;
    sum->run_bytes = part->run_bytes > sum->run_bytes ? part->run_bytes : sum->run_bytes;
    sum->data_bytes = part->data_bytes > sum->data_bytes ? part->data_bytes : sum->data_bytes;
    sum->memory = part->memory;
    sum->seconds += factor * part->seconds;
}

size_t er_minima_estimate_copies(const struct er_point *point, const struct er_sampler *sampler)
{
    struct er_shape shape = {0};
    int64_t classes = 0;
    if (strcmp(sampler->info.name, "adversarial") != 0) return 0;
    er_data_keys_shape(point, &shape, &classes);
    return (size_t)(examples(point) * (double)er_point_integer(point, "minima.copies", 1) *
                    (double)er_shape_size(shape)) *
           sizeof(float);
}

/* Estimates those of points i.. whose factor is that of point i, and marks them by NaN. */
static enum er_status add_alike(const struct er_point *point, int64_t n, int64_t i, double *factor,
                                struct er_point *alike, const struct er_data_places *places,
                                struct er_pool *pool, const struct er_progress *progress,
                                struct er_estimate *sum, struct er_error *err)
{
    const double this = factor[i];
    struct er_estimate part;
    int64_t k = 0;
    if (isnan(this)) return ER_OK;
    for (int64_t j = i; j < n; j++)
        if (factor[j] == this) {
            alike[k++] = point[j];
            factor[j] = (double)NAN;
        }
    const enum er_status status = er_train_estimate(alike, k, places, pool, progress, &part, err);
    part.run_bytes += er_minima_estimate_copies(&point[i], er_minima_keys_sampler(&point[i]));
    if (status == ER_OK) add(sum, &part, this);
    return status;
}

static bool same_settings(const struct er_point *a, const struct er_point *b)
{
    bool same = a->n == b->n;
    for (int64_t i = 0; i < a->n && same; i++)
        same = a->setting[i] == b->setting[i] || (a->setting[i]->row == b->setting[i]->row &&
                                                  strcmp(a->setting[i]->text, b->setting[i]->text) == 0);
    return same;
}

/* One search of a point's, on its data. */
static enum er_status try_point(const struct er_point *point, const struct er_sampler *sampler,
                                const struct er_data_places *places, struct er_pool *pool,
                                const struct er_progress *progress, struct er_search_cost *cost,
                                size_t *data_bytes, struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    struct er_split split = {0};
    struct er_net *net = NULL;
    struct er_error why = {0};
    if (er_data_open(&spec, places, &split, &why) != ER_OK) return er_data_keys_fail(point, &why, err);
    enum er_status status = er_train_member_net(point, split.train.shape, split.train.classes, &net, err);
    if (status == ER_OK) {
        const struct er_minimum_request request = er_minimum_request_of(point, &split, net, sampler, 0);
        status = er_minima_calibrate(&request, pool, progress, cost, err);
    }
    *data_bytes =
        er_dataset_bytes(&split.train) + er_dataset_bytes(&split.test) + er_dataset_bytes(&split.others);
    er_net_free(net);
    er_split_clear(&split);
    return status;
}

/* Searches of several points. */
struct searches {
    double shared, alone,
        longest; /* seconds: of those that have all threads; of others, and of the longest one */
    int64_t n;   /* of the others */
};

/* Adds points i.. with the settings of point i, and marks them by NaN: `times` searches for each. */
static enum er_status add_searches(const struct er_point *point, int64_t n, int64_t i, double *factor,
                                   const struct er_sampler *sampler, int64_t times,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct searches *all,
                                   struct er_estimate *sum, struct er_error *err)
{
    struct er_search_cost cost = {0};
    struct er_estimate part = {.ensembles = 1, .at_once = 1, .memory = sum->memory};
    int64_t runs = 0;
    const enum er_status status =
        try_point(&point[i], sampler, places, pool, progress, &cost, &part.data_bytes, err);
    if (status != ER_OK) return status;
    for (int64_t j = i; j < n; j++)
        if (!isnan(factor[j]) && same_settings(&point[i], &point[j])) {
            factor[j] = (double)NAN;
            runs += times;
        }
    part.run_bytes = cost.bytes;
    if (cost.shared) {
        all->shared += cost.seconds * (double)runs;
    } else {
        all->alone += cost.seconds * (double)runs;
        all->longest = fmax(all->longest, cost.seconds);
        all->n += runs;
    }
    add(sum, &part, 1);
    return ER_OK;
}

/* What they come to on the pool. */
static void end_searches(const struct searches *all, int threads, struct er_estimate *sum)
{
    const int64_t at_once = all->n < threads ? all->n : threads;
    sum->seconds += all->shared + fmax(all->longest, all->alone / threads);
    if (at_once > sum->at_once) sum->at_once = at_once;
}

/* `alike` and `factor`: room for n of them. */
static enum er_status estimate(const struct er_point *point, int64_t n, struct er_point *alike,
                               double *factor, const struct er_data_places *places, struct er_pool *pool,
                               const struct er_progress *progress, struct er_estimate *out,
                               struct er_error *err)
{
    struct searches all = {0};
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < n; i++) {
        const struct er_sampler *sampler = er_minima_keys_sampler(&point[i]);
        factor[i] = sampler->info.trains ? er_minima_estimate_factor(&point[i], sampler) : 0;
    }
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        if (factor[i] == 0)
            status = add_searches(point, n, i, factor, er_minima_keys_sampler(&point[i]), 1, places, pool,
                                  progress, &all, out, err);
        else
            status = add_alike(point, n, i, factor, alike, places, pool, progress, out, err);
    }
    end_searches(&all, er_pool_threads(pool), out);
    return status;
}

enum er_status er_minima_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err)
{
    struct er_point *alike = er_alloc(n, sizeof *alike);
    double *factor = er_alloc(n, sizeof *factor);
    *out = (struct er_estimate){.memory = er_train_member_memory()};
    const enum er_status status =
        alike && factor ? estimate(point, n, alike, factor, places, pool, progress, out, err)
                        : er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld runs", (long long)n);
    er_free(alike);
    er_free(factor);
    return status;
}

/* Adds `runs` trainings of a point, of which so many are told apart. */
static enum er_status add_trainings(const struct er_point *point, int64_t runs,
                                    const struct er_data_places *places, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_estimate *sum,
                                    struct er_error *err)
{
    enum { MOST = 256 };
    struct er_point copies[MOST];
    struct er_estimate part;
    const int64_t n = runs < MOST ? runs : MOST;
    for (int64_t i = 0; i < n; i++) copies[i] = *point;
    const enum er_status status = er_train_estimate(copies, n, places, pool, progress, &part, err);
    if (status == ER_OK) add(sum, &part, (double)runs / (double)n);
    return status;
}

enum er_status er_minima_estimate_amounts(const struct er_point *point, int64_t n,
                                          struct er_minima_amount (*amount)(const struct er_point *point),
                                          const struct er_data_places *places, struct er_pool *pool,
                                          const struct er_progress *progress, struct er_estimate *out,
                                          struct er_error *err)
{
    double *factor = er_alloc(n, sizeof *factor);
    enum er_status status = ER_OK;
    *out = (struct er_estimate){.memory = er_train_member_memory()};
    if (!factor) return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld runs", (long long)n);
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        const struct er_minima_amount asked = amount(&point[i]);
        struct searches all = {0};
        int64_t runs = 0;
        if (isnan(factor[i])) continue;
        for (int64_t j = i; j < n; j++) runs += same_settings(&point[i], &point[j]);
        status = add_searches(point, n, i, factor, asked.sampler, asked.searches, places, pool, progress,
                              &all, out, err);
        if (status == ER_OK)
            status = add_trainings(&point[i], runs * asked.trainings, places, pool, progress, out, err);
        out->seconds += all.shared + all.alone; /* a run's searches wait for each other */
    }
    er_free(factor);
    return status;
}
