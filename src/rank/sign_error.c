/* sign_error.c - environments of one axis and some measures as a task; quantiles over environments. */
#include "rank/sign_error.h"
#include "math/quantile.h"

#include <ermine/memory.h>
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURES = 8 }; /* of a task */

static const int64_t most_environments = (int64_t)1 << 26;

double er_rank_pair_weight(double difference, int64_t test_size)
{
    if (test_size == 0) return 1;
    const double half = 0.5 * difference, sure = 1 - 2 * exp(-2 * (double)test_size * half * half);
    const double w = sure > 0 ? sure * sure : 0;
    return w > 0.5 ? w - 0.5 : 0;
}

struct axis {
    struct er_rank_lines lines; /* of configurations */
    int64_t environments;
    int64_t kept;
    double *error; /* K x environments, of which `kept` count */
};

struct tasks {
    const struct er_rank_comparison *c;
    const struct er_rank_options *options;
    struct axis *axis;
    int64_t blocks;
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

/* Adds all pairs of a model of configuration i with one of configuration j. */
static void add_pairs(const struct tasks *t, int64_t from, int64_t to, int64_t i, int64_t j,
                      struct sums *sums)
{
    const struct er_rank_comparison *c = t->c;
    const struct er_rank_points *p = &c->points;
    for (int64_t x = p->first[i]; x < p->first[i + 1]; x++)
        for (int64_t y = p->first[j]; y < p->first[j + 1]; y++) {
            const int32_t a = p->model[x], b = p->model[y];
            const double difference = c->gap[a] - c->gap[b],
                         w = er_rank_pair_weight(difference, t->options->test_size);
            sums->w += w;
            sums->w2 += w * w;
            for (int64_t k = from; w > 0 && k < to; k++) {
                const double *value = c->value[c->measure[k]];
                sums->wrong[k - from] += w * 0.5 * (1 - sign(value[a] - value[b]) * sign(difference));
            }
        }
}

static void add_lines(const struct tasks *t, int64_t a, int64_t from, int64_t to, struct sums *sums)
{
    const struct er_rank_points *p = &t->c->points;
    const struct er_rank_lines *lines = &t->axis[a].lines;
    const bool pooled = t->options->environments == ER_RANK_ENVIRONMENTS_LEVELS;
    int64_t number = 0;
    for (int64_t l = 0; l < lines->n; l++)
        for (int64_t x = lines->first[l]; x < lines->first[l + 1]; x++)
            for (int64_t y = lines->first[l]; y < x; y++, number++) {
                const int64_t i = lines->point[x], j = lines->point[y], upper = p->level[i * p->axes + a],
                              lower = p->level[j * p->axes + a];
                add_pairs(t, from, to, i, j, &sums[pooled ? upper * (upper - 1) / 2 + lower : number]);
            }
}

static void task_run(void *ctx, int64_t task, int worker)
{
    (void)worker;
    struct tasks *t = ctx;
    const int64_t a = task / t->blocks, from = task % t->blocks * MEASURES,
                  to = from + MEASURES < t->c->measures ? from + MEASURES : t->c->measures;
    struct axis *axis = &t->axis[a];
    struct sums *sums = er_alloc(axis->environments, sizeof *sums);
    if (!sums) {
        atomic_store(&t->failed, true);
        return;
    }
    add_lines(t, a, from, to, sums);
    int64_t kept = 0;
    for (int64_t e = 0; e < axis->environments; e++) {
        const struct sums *s = &sums[e];
        if (!(s->w > 0) || s->w * s->w / s->w2 < t->options->least_pairs) continue;
        for (int64_t k = from; k < to; k++)
            axis->error[k * axis->environments + kept] = s->wrong[k - from] / s->w;
        kept++;
    }
    if (from == 0) axis->kept = kept; /* the same in all blocks: weights are of gaps */
    er_free(sums);
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Sorts `error`. */
static struct er_rank_sign_errors summary(int64_t n, double *error)
{
    struct er_rank_sign_errors s = {.environments = n, .mean = NAN, .p90 = NAN, .max = NAN};
    if (n == 0) return s;
    qsort(error, (size_t)n, sizeof *error, rising);
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += error[i];
    s.mean = sum / (double)n;
    s.p90 = er_quantile(error, n, 0.9);
    s.max = error[n - 1];
    return s;
}

static void summarise(const struct tasks *t, double *work, struct er_rank_sign_errors_of *out)
{
    const int64_t axes = t->c->points.axes;
    for (int64_t k = 0; k < t->c->measures; k++) {
        int64_t n = 0;
        for (int64_t a = 0; a < axes; a++) {
            const struct axis *axis = &t->axis[a];
            double *error = axis->error + k * axis->environments;
            if (axis->kept > 0) memcpy(work + n, error, (size_t)axis->kept * sizeof *work);
            n += axis->kept;
            out[k].axis[a] = summary(axis->kept, error);
        }
        out[k].all = summary(n, work);
    }
}

static enum er_status prepare(const struct tasks *t, int64_t a, struct er_error *err)
{
    struct axis *axis = &t->axis[a];
    const enum er_status status = er_rank_lines_new(&t->c->points, a, true, &axis->lines, err);
    if (status != ER_OK) return status;
    const int64_t levels = t->c->points.levels[a];
    for (int64_t l = 0; l < axis->lines.n; l++) {
        const int64_t length = axis->lines.first[l + 1] - axis->lines.first[l];
        axis->environments += length * (length - 1) / 2;
    }
    if (t->options->environments == ER_RANK_ENVIRONMENTS_LEVELS)
        axis->environments = levels * (levels - 1) / 2;
    if (axis->environments * t->c->measures > most_environments)
        return er_fail(err, ER_E_LIMIT,
                       "rank: %" PRId64 " environments of %" PRId64
                       " measures, more than 2^26; pool them by level",
                       axis->environments, t->c->measures);
    axis->error = er_alloc(axis->environments * t->c->measures, sizeof *axis->error);
    return axis->error ? ER_OK
                       : er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " environments",
                                 axis->environments);
}

static enum er_status run(struct tasks *t, struct er_pool *pool, struct er_rank_sign_errors_of *out,
                          struct er_error *err)
{
    const int64_t axes = t->c->points.axes;
    int64_t all = 0;
    for (int64_t a = 0; a < axes; a++) {
        const enum er_status status = prepare(t, a, err);
        if (status != ER_OK) return status;
        all += t->axis[a].environments;
    }
    double *work = er_alloc(all, sizeof *work);
    if (!work) return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " environments", all);
    if (pool) er_pool_run(pool, axes * t->blocks, task_run, t);
    for (int64_t i = 0; !pool && i < axes * t->blocks; i++) task_run(t, i, 0);
    const bool failed = atomic_load(&t->failed);
    if (!failed) summarise(t, work, out);
    er_free(work);
    return failed ? er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " environments", all) : ER_OK;
}

enum er_status er_rank_sign_errors_new(const struct er_rank_comparison *c,
                                       const struct er_rank_options *options, struct er_pool *pool,
                                       struct er_rank_sign_errors_of **out, struct er_error *err)
{
    const int64_t axes = c->points.axes;
    struct tasks t = {.c = c, .options = options, .blocks = (c->measures + MEASURES - 1) / MEASURES};
    t.axis = er_alloc(axes, sizeof *t.axis);
    struct er_rank_sign_errors_of *errors = er_alloc(c->measures, sizeof *errors);
    struct er_rank_sign_errors *by_axis = er_alloc(c->measures * axes, sizeof *by_axis);
    if (!t.axis || !errors || !by_axis) {
        er_free(t.axis);
        er_free(errors);
        er_free(by_axis);
        return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " measures", c->measures);
    }
    for (int64_t k = 0; k < c->measures; k++) errors[k].axis = by_axis + k * axes;
    const enum er_status status = run(&t, pool, errors, err);
    for (int64_t a = 0; a < axes; a++) {
        er_rank_lines_clear(&t.axis[a].lines);
        er_free(t.axis[a].error);
    }
    er_free(t.axis);
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
