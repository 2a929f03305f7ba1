/* sign_error.c - one draw of some measures as a task: sums over the pairs of each environment; the mean, quantile and largest
 * over environments. Draw 0 is of the models themselves and says which environments there are. */
#include "rank/sign_error.h"
#include "math/quantile.h"
#include "rank/statistics.h"

#include <ermine/memory.h>
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURES = 16, MODELS_EACH = 4, MEAN = 0, MAX, KINDS }; /* MEASURES: of a task */

static const int64_t most_environments = (int64_t)1 << 26;

double er_rank_pair_weight(double difference, int64_t test_size)
{
    if (test_size == 0) return 1;
    const double half = 0.5 * difference, sure = 1 - 2 * exp(-2 * (double)test_size * half * half);
    const double w = sure > 0 ? sure * sure : 0;
    return w > 0.5 ? w - 0.5 : 0;
}

struct axis {
    struct er_rank_lines lines;  /* of configurations */
    int64_t first, environments; /* among those of all axes */
};

struct tasks {
    const struct er_rank_comparison *c;
    const struct er_rank_options *options;
    const struct er_progress *progress;
    struct axis *axis;
    int64_t environments, blocks, draws; /* the last with draw 0 */
    bool pooled;                         /* environments are pairs of levels */
    double *error; /* K x environments: of draw 0; NaN where an environment has too few pairs */
    double *value; /* K x (A + 1) x KINDS x draws: by axis, then of all */
    atomic_bool failed;
};

/* Sums of one environment. */
struct sums {
    double w, w2, wrong[MEASURES];
};

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

static double *value_of(const struct tasks *t, int64_t k, int64_t a, int kind)
{
    return t->value + ((k * (t->c->points.axes + 1) + a) * KINDS + kind) * t->draws;
}

/* Adds all pairs of a model of configuration i with one of configuration j. */
static void add_pairs(const struct tasks *t, const int32_t *copies, int64_t from, int64_t to, int64_t i,
                      int64_t j, struct sums *sums)
{
    const struct er_rank_comparison *c = t->c;
    const struct er_rank_points *p = &c->points;
    for (int64_t x = p->first[i]; x < p->first[i + 1]; x++)
        for (int64_t y = p->first[j]; y < p->first[j + 1]; y++) {
            const double times = (double)copies[x] * (double)copies[y];
            if (!(times > 0)) continue;
            const int32_t a = p->model[x], b = p->model[y];
            const double difference = c->gap[a] - c->gap[b],
                         w = times * er_rank_pair_weight(difference, t->options->test_size);
            sums->w += w;
            sums->w2 += w * w;
            for (int64_t k = from; w > 0 && k < to; k++) {
                const double *value = c->value[c->measure[k]];
                sums->wrong[k - from] += w * 0.5 * (1 - sign(value[a] - value[b]) * sign(difference));
            }
        }
}

/* What is done with two configurations that differ along an axis: they are of environment e. */
typedef void visit(const struct tasks *t, int64_t i, int64_t j, int64_t e, void *ctx);

static void visit_pairs(const struct tasks *t, int64_t a, visit *each, void *ctx)
{
    const struct er_rank_points *p = &t->c->points;
    const struct er_rank_lines *lines = &t->axis[a].lines;
    int64_t number = 0;
    for (int64_t l = 0; l < lines->n; l++)
        for (int64_t x = lines->first[l]; x < lines->first[l + 1]; x++)
            for (int64_t y = lines->first[l]; y < x; y++, number++) {
                const int64_t i = lines->point[x], j = lines->point[y], upper = p->level[i * p->axes + a],
                              lower = p->level[j * p->axes + a];
                each(t, i, j, t->axis[a].first + (t->pooled ? upper * (upper - 1) / 2 + lower : number), ctx);
            }
}

/* A draw of measures from .. to - 1. */
struct drawing {
    int64_t from, to;
    int32_t *copies;                                /* of models */
    struct sums *sums;                              /* environments, where pairs are counted */
    double total[MEASURES], most[MEASURES], weight; /* over the environments of an axis */
};

static void count(const struct tasks *t, int64_t i, int64_t j, int64_t e, void *ctx)
{
    struct drawing *d = ctx;
    add_pairs(t, d->copies, d->from, d->to, i, j, &d->sums[e]);
}

/* An environment that is in the draw so many times. */
static void take(struct drawing *d, int64_t k, double error, double times)
{
    d->total[k - d->from] += times * error;
    if (!(error <= d->most[k - d->from])) d->most[k - d->from] = error;
}

/* Two configurations that are drawn as wholes: their error is what it was. */
static void count_again(const struct tasks *t, int64_t i, int64_t j, int64_t e, void *ctx)
{
    struct drawing *d = ctx;
    const struct er_rank_points *p = &t->c->points;
    const double times = (double)d->copies[p->first[i]] * (double)d->copies[p->first[j]];
    if (!(times > 0) || isnan(t->error[d->from * t->environments + e])) return;
    d->weight += times;
    for (int64_t k = d->from; k < d->to; k++) take(d, k, t->error[k * t->environments + e], times);
}

/* Errors of the environments of an axis from their sums. */
static void take_sums(const struct tasks *t, int64_t a, int64_t number, struct drawing *d)
{
    for (int64_t e = t->axis[a].first; e < t->axis[a].first + t->axis[a].environments; e++) {
        const struct sums *s = &d->sums[e];
        const bool enough = number > 0 ? !isnan(t->error[d->from * t->environments + e])
                                       : s->w * s->w >= t->options->least_pairs * s->w2;
        const bool there = enough && s->w > 0;
        d->weight += there;
        for (int64_t k = d->from; k < d->to; k++) {
            const double error = there ? s->wrong[k - d->from] / s->w : (double)NAN;
            if (number == 0) t->error[k * t->environments + e] = error;
            if (there) take(d, k, error, 1);
        }
    }
}

static void draw(const struct tasks *t, int64_t number, struct drawing *d)
{
    const int64_t axes = t->c->points.axes;
    const bool whole = number > 0 && !t->pooled && t->options->resample == ER_RANK_RESAMPLE_CONFIGURATIONS;
    double total[MEASURES] = {0}, most[MEASURES], weight = 0;
    for (int i = 0; i < MEASURES; i++) most[i] = (double)NAN;
    er_rank_points_draw(&t->c->points, t->options, number, d->copies);
    for (int64_t a = 0; a < axes; a++) {
        d->weight = 0;
        for (int i = 0; i < MEASURES; i++) d->total[i] = 0;
        for (int i = 0; i < MEASURES; i++) d->most[i] = (double)NAN;
        visit_pairs(t, a, whole ? count_again : count, d);
        if (!whole) take_sums(t, a, number, d);
        for (int64_t k = d->from; k < d->to; k++) {
            const int64_t i = k - d->from;
            value_of(t, k, a, MEAN)[number] = d->total[i] / d->weight; /* NaN where there is none */
            value_of(t, k, a, MAX)[number] = d->most[i];
            total[i] += d->total[i];
            most[i] = fmax(most[i], d->most[i]);
        }
        weight += d->weight;
    }
    for (int64_t k = d->from; k < d->to; k++) {
        value_of(t, k, axes, MEAN)[number] = total[k - d->from] / weight;
        value_of(t, k, axes, MAX)[number] = most[k - d->from];
    }
}

static void run_draw(struct tasks *t, int64_t number, int64_t block)
{
    struct drawing d = {.from = block * MEASURES};
    d.to = d.from + MEASURES < t->c->measures ? d.from + MEASURES : t->c->measures;
    d.copies = er_alloc(t->c->points.models, sizeof *d.copies);
    d.sums = er_alloc(t->environments, sizeof *d.sums);
    if (d.copies && d.sums)
        draw(t, number, &d);
    else
        atomic_store(&t->failed, true);
    er_free(d.copies);
    er_free(d.sums);
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
        if (!isnan(t->error[k * t->environments + e]))
            work[s.environments++] = t->error[k * t->environments + e];
    if (s.environments > 0) {
        qsort(work, (size_t)s.environments, sizeof *work, rising);
        s.p90 = er_quantile(work, s.environments, 0.9);
    }
    const double level = t->options->level;
    s.mean = er_rank_estimate_of(value_of(t, k, a, MEAN), t->draws - 1, 1, level, 0, 1, work);
    s.max = er_rank_estimate_of(value_of(t, k, a, MAX), t->draws - 1, 1, level, 0, 1, work);
    return s;
}

static void summarise(const struct tasks *t, double *work, struct er_rank_sign_errors_of *out)
{
    const int64_t axes = t->c->points.axes;
    for (int64_t k = 0; k < t->c->measures; k++) {
        for (int64_t a = 0; a < axes; a++)
            out[k].axis[a] =
                summary(t, k, a, t->axis[a].first, t->axis[a].first + t->axis[a].environments, work);
        out[k].all = summary(t, k, axes, 0, t->environments, work);
    }
}

static enum er_status prepare(struct tasks *t, int64_t a, struct er_error *err)
{
    struct axis *axis = &t->axis[a];
    const enum er_status status = er_rank_lines_new(&t->c->points, a, true, &axis->lines, err);
    if (status != ER_OK) return status;
    const int64_t levels = t->c->points.levels[a];
    for (int64_t l = 0; l < axis->lines.n; l++) {
        const int64_t length = axis->lines.first[l + 1] - axis->lines.first[l];
        axis->environments += length * (length - 1) / 2;
    }
    if (t->pooled) axis->environments = levels * (levels - 1) / 2;
    axis->first = t->environments;
    t->environments += axis->environments;
    if (t->environments * t->c->measures <= most_environments) return ER_OK;
    return er_fail(err, ER_E_LIMIT,
                   "rank: %" PRId64 " environments of %" PRId64 " measures, more than 2^26%s",
                   t->environments, t->c->measures, t->pooled ? "" : "; pool them by level");
}

static enum er_status no_memory(const struct tasks *t, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM,
                   "rank: out of memory for %" PRId64 " environments of %" PRId64 " measures",
                   t->environments, t->c->measures);
}

static enum er_status run(struct tasks *t, struct er_pool *pool, struct er_rank_sign_errors_of *out,
                          struct er_error *err)
{
    const int64_t axes = t->c->points.axes, later = (t->draws - 1) * t->blocks;
    for (int64_t a = 0; a < axes; a++) {
        const enum er_status status = prepare(t, a, err);
        if (status != ER_OK) return status;
    }
    t->error = er_alloc(t->c->measures * t->environments, sizeof *t->error);
    t->value = er_alloc(t->c->measures * (axes + 1) * KINDS, (size_t)t->draws * sizeof *t->value);
    double *work = er_alloc(t->environments > t->draws ? t->environments : t->draws, sizeof *work);
    bool made = t->error && t->value && work;
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
    struct tasks t = {.c = c,
                      .options = options,
                      .progress = progress,
                      .blocks = (c->measures + MEASURES - 1) / MEASURES,
                      .draws = options->resamples + 1,
                      .pooled = is_pooled(options, &c->points)};
    t.axis = er_alloc(axes, sizeof *t.axis);
    struct er_rank_sign_errors_of *errors = er_alloc(c->measures, sizeof *errors);
    struct er_rank_sign_errors *by_axis = er_alloc(c->measures * axes, sizeof *by_axis);
    enum er_status status = t.axis && errors && by_axis ? ER_OK : no_memory(&t, err);
    for (int64_t k = 0; status == ER_OK && k < c->measures; k++) errors[k].axis = by_axis + k * axes;
    if (status == ER_OK) status = run(&t, pool, errors, err);
    for (int64_t a = 0; t.axis && a < axes; a++) er_rank_lines_clear(&t.axis[a].lines);
    er_free(t.axis);
    er_free(t.error);
    er_free(t.value);
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
