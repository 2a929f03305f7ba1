/* sign_error.c - one draw of some measures as a task; which environments there are, and their errors as estimates. */
#include "rank/sign_error.h"
#include "math/quantile.h"
#include "rank/sign_draw.h"
#include "rank/statistics.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MODELS_EACH = 4 }; /* 16 pairs: more than the 12 that an environment needs */

static const int64_t most_environments = (int64_t)1 << 26;

struct tasks {
    struct er_sign_draws of;
    const struct er_progress *progress;
    int64_t blocks; /* of measures */
    atomic_bool failed;
};

static void run_draw(struct tasks *t, int64_t number, int64_t block)
{
    const int64_t measures = t->of.c->measures, from = block * ER_SIGN_MEASURES,
                  to = from + ER_SIGN_MEASURES < measures ? from + ER_SIGN_MEASURES : measures;
    int32_t *copies = er_alloc(t->of.c->points.models, sizeof *copies);
    struct er_sign_sums *sums = er_alloc(t->of.environments, sizeof *sums);
    if (copies && sums)
        er_sign_draw(&t->of, number, from, to, copies, sums);
    else
        atomic_store(&t->failed, true);
    er_free(copies);
    er_free(sums);
}

static void run_first(void *ctx, int64_t task, int worker)
{
    (void)worker;
    run_draw(ctx, 0, task);
}

static void run_later(void *ctx, int64_t task, int worker)
{
    struct tasks *t = ctx;
    (void)worker;
    if (!er_progress_stopped(t->progress)) run_draw(t, 1 + task / t->blocks, task % t->blocks);
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Of measure k over the environments [first, end) of axis a; `work` has room for these and for the draws. */
static struct er_rank_sign_errors summary(const struct tasks *t, int64_t k, int64_t a, int64_t first,
                                          int64_t end, double *work)
{
    struct er_rank_sign_errors s = {.p90 = NAN};
    for (int64_t e = first; e < end; e++)
        if (!isnan(t->of.error[k * t->of.environments + e]))
            work[s.environments++] = t->of.error[k * t->of.environments + e];
    if (s.environments > 0) {
        qsort(work, (size_t)s.environments, sizeof *work, rising);
        s.p90 = er_quantile(work, s.environments, 0.9);
    }
    const double level = t->of.options->level;
    s.mean =
        er_rank_estimate_of(er_sign_value(&t->of, k, a, ER_SIGN_MEAN), t->of.draws - 1, 1, level, 0, 1, work);
    s.max =
        er_rank_estimate_of(er_sign_value(&t->of, k, a, ER_SIGN_MAX), t->of.draws - 1, 1, level, 0, 1, work);
    return s;
}

static void summarise(const struct tasks *t, double *work, struct er_rank_sign_errors_of *out)
{
    const int64_t axes = t->of.c->points.axes;
    for (int64_t k = 0; k < t->of.c->measures; k++) {
        for (int64_t a = 0; a < axes; a++)
            out[k].axis[a] =
                summary(t, k, a, t->of.axis[a].first, t->of.axis[a].first + t->of.axis[a].environments, work);
        out[k].all = summary(t, k, axes, 0, t->of.environments, work);
    }
}

static enum er_status prepare(struct tasks *t, int64_t a, struct er_error *err)
{
    struct er_sign_axis *axis = &t->of.axis[a];
    const enum er_status status = er_rank_lines_new(&t->of.c->points, a, true, &axis->lines, err);
    if (status != ER_OK) return status;
    const int64_t levels = t->of.c->points.levels[a];
    for (int64_t l = 0; l < axis->lines.n; l++) {
        const int64_t length = axis->lines.first[l + 1] - axis->lines.first[l];
        axis->environments += length * (length - 1) / 2;
    }
    if (t->of.pooled) axis->environments = levels * (levels - 1) / 2;
    axis->first = t->of.environments;
    t->of.environments += axis->environments;
    if (t->of.environments * t->of.c->measures <= most_environments) return ER_OK;
    return er_fail(err, ER_E_LIMIT,
                   "rank: %" PRId64 " environments of %" PRId64 " measures, more than 2^26%s",
                   t->of.environments, t->of.c->measures, t->of.pooled ? "" : "; pool them by level");
}

static enum er_status no_memory(const struct tasks *t, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM,
                   "rank: out of memory for %" PRId64 " environments of %" PRId64 " measures",
                   t->of.environments, t->of.c->measures);
}

static enum er_status run(struct tasks *t, struct er_pool *pool, struct er_rank_sign_errors_of *out,
                          struct er_error *err)
{
    const int64_t axes = t->of.c->points.axes, later = (t->of.draws - 1) * t->blocks;
    for (int64_t a = 0; a < axes; a++) {
        const enum er_status status = prepare(t, a, err);
        if (status != ER_OK) return status;
    }
    t->of.error = er_alloc(t->of.c->measures * t->of.environments, sizeof *t->of.error);
    t->of.value =
        er_alloc(t->of.c->measures * (axes + 1) * ER_SIGN_KINDS, (size_t)t->of.draws * sizeof *t->of.value);
    double *work =
        er_alloc(t->of.environments > t->of.draws ? t->of.environments : t->of.draws, sizeof *work);
    bool made = t->of.error && t->of.value && work;
    if (made && pool) er_pool_run(pool, t->blocks, run_first, t);
    for (int64_t i = 0; made && !pool && i < t->blocks; i++) run_first(t, i, 0);
    made = made && !atomic_load(&t->failed);
    if (made && pool) er_pool_run(pool, later, run_later, t);
    for (int64_t i = 0; made && !pool && i < later; i++) run_later(t, i, 0);
    made = made && !atomic_load(&t->failed);
    if (made) summarise(t, work, out);
    er_free(work);
    if (!made) return no_memory(t, err);
    return er_progress_stopped(t->progress) ? er_fail(err, ER_E_STOPPED, "rank: interrupted") : ER_OK;
}

static bool is_pooled(const struct er_rank_options *options, const struct er_rank_points *points)
{
    if (options->environments == ER_RANK_ENVIRONMENTS_AUTO)
        return points->models < MODELS_EACH * points->configurations;
    return options->environments == ER_RANK_ENVIRONMENTS_LEVELS;
}

enum er_status er_rank_sign_errors_new(const struct er_rank_comparison *c,
                                       const struct er_rank_options *options, struct er_pool *pool,
                                       const struct er_progress *progress,
                                       struct er_rank_sign_errors_of **out, struct er_error *err)
{
    const int64_t axes = c->points.axes;
    struct tasks t = {.of = {.c = c,
                             .options = options,
                             .draws = options->resamples + 1,
                             .pooled = is_pooled(options, &c->points)},
                      .progress = progress,
                      .blocks = (c->measures + ER_SIGN_MEASURES - 1) / ER_SIGN_MEASURES};
    t.of.axis = er_alloc(axes, sizeof *t.of.axis);
    struct er_rank_sign_errors_of *errors = er_alloc(c->measures, sizeof *errors);
    struct er_rank_sign_errors *by_axis = er_alloc(c->measures * axes, sizeof *by_axis);
    const bool made = t.of.axis && errors && by_axis;
    for (int64_t k = 0; made && k < c->measures; k++) errors[k].axis = by_axis + k * axes;
    const enum er_status status = made ? run(&t, pool, errors, err) : no_memory(&t, err);
    for (int64_t a = 0; t.of.axis && a < axes; a++) er_rank_lines_clear(&t.of.axis[a].lines);
    er_free(t.of.axis);
    er_free(t.of.error);
    er_free(t.of.value);
    if (status == ER_OK) {
        *out = errors;
        return ER_OK;
    }
    er_free(by_axis);
    er_free(errors);
    return status;
}

void er_rank_sign_errors_free(struct er_rank_sign_errors_of *errors)
{
    if (!errors) return;
    er_free(errors->axis);
    er_free(errors);
}
