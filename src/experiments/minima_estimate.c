/* minima_estimate.c - runs as plain trainings of the same points, those of one factor together. */
#include "experiments/minima_estimate.h"

#include "experiments/data_keys.h"
#include "experiments/minima_keys.h"
#include "experiments/train_estimate.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>

/* How many examples the training set has, as far as is known without reading it; 0: not. */
static double examples(const struct er_point *point)
{
    const struct er_data_info *info = er_data_keys_info(point);
    return (double)er_point_integer(point, "data.train", info ? info->train : 0);
}

static double factor_of(const struct er_point *point)
{
    const double n = examples(point);
    return n > 0 ? er_minima_keys_work(point, n) / n : 1;
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
    if (status == ER_OK) add(sum, &part, this);
    return status;
}

enum er_status er_minima_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err)
{
    *out = (struct er_estimate){.memory = er_train_member_memory(), .seconds = (double)NAN};
    for (int64_t i = 0; i < n; i++)
        if (!er_minima_keys_train(&point[i])) return ER_OK;
    struct er_point *alike = er_alloc(n, sizeof *alike);
    double *factor = er_alloc(n, sizeof *factor);
    enum er_status status = ER_OK;
    out->seconds = 0;
    if (alike && factor) {
        for (int64_t i = 0; i < n; i++) factor[i] = factor_of(&point[i]);
        for (int64_t i = 0; i < n && status == ER_OK; i++)
            status = add_alike(point, n, i, factor, alike, places, pool, progress, out, err);
    } else {
        status = er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld runs", (long long)n);
    }
    er_free(alike);
    er_free(factor);
    return status;
}
