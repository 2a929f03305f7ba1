/* sign_draw.c - pairs of models by environment; means and largest errors over environments. */
#include "rank/sign_draw.h"

#include <ermine/rank_scores.h>
#include <math.h>

double er_rank_pair_weight(double difference, int64_t test_size)
{
    if (test_size == 0) return 1;
    const double half = 0.5 * difference, sure = 1 - 2 * exp(-2 * (double)test_size * half * half);
    const double w = sure > 0 ? sure * sure : 0;
    return w > 0.5 ? w - 0.5 : 0;
}

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

double *er_sign_value(const struct er_sign_draws *t, int64_t k, int64_t a, int kind)
{
    return t->value + ((k * (t->c->points.axes + 1) + a) * ER_SIGN_KINDS + kind) * t->draws;
}

/* Adds all pairs of a model of configuration i with one of configuration j. */
static void add_pairs(const struct er_sign_draws *t, const int32_t *copies, int64_t from, int64_t to,
                      int64_t i, int64_t j, struct er_sign_sums *sums)
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
typedef void visit(const struct er_sign_draws *t, int64_t i, int64_t j, int64_t e, void *ctx);

static void visit_pairs(const struct er_sign_draws *t, int64_t a, visit *each, void *ctx)
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
    int32_t *copies;           /* of models */
    struct er_sign_sums *sums; /* environments, where pairs are counted */
    double total[ER_SIGN_MEASURES], most[ER_SIGN_MEASURES], weight; /* over the environments of an axis */
};

static void count(const struct er_sign_draws *t, int64_t i, int64_t j, int64_t e, void *ctx)
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
static void count_again(const struct er_sign_draws *t, int64_t i, int64_t j, int64_t e, void *ctx)
{
    struct drawing *d = ctx;
    const struct er_rank_points *p = &t->c->points;
    const double times = (double)d->copies[p->first[i]] * (double)d->copies[p->first[j]];
    if (!(times > 0) || isnan(t->error[d->from * t->environments + e])) return;
    d->weight += times;
    for (int64_t k = d->from; k < d->to; k++) take(d, k, t->error[k * t->environments + e], times);
}

/* Errors of the environments of an axis from their sums. */
static void take_sums(const struct er_sign_draws *t, int64_t a, int64_t number, struct drawing *d)
{
    for (int64_t e = t->axis[a].first; e < t->axis[a].first + t->axis[a].environments; e++) {
        const struct er_sign_sums *s = &d->sums[e];
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

static void draw(const struct er_sign_draws *t, int64_t number, struct drawing *d)
{
    const int64_t axes = t->c->points.axes;
    const bool whole = number > 0 && !t->pooled && t->options->resample == ER_RANK_RESAMPLE_CONFIGURATIONS;
    double total[ER_SIGN_MEASURES] = {0}, most[ER_SIGN_MEASURES], weight = 0;
    for (int i = 0; i < ER_SIGN_MEASURES; i++) most[i] = (double)NAN;
    er_rank_points_draw(&t->c->points, t->options, number, d->copies);
    for (int64_t a = 0; a < axes; a++) {
        d->weight = 0;
        for (int i = 0; i < ER_SIGN_MEASURES; i++) d->total[i] = 0;
        for (int i = 0; i < ER_SIGN_MEASURES; i++) d->most[i] = (double)NAN;
        visit_pairs(t, a, whole ? count_again : count, d);
        if (!whole) take_sums(t, a, number, d);
        for (int64_t k = d->from; k < d->to; k++) {
            const int64_t i = k - d->from;
            er_sign_value(t, k, a, ER_SIGN_MEAN)[number] =
                d->total[i] / d->weight; /* NaN where there is none */
            er_sign_value(t, k, a, ER_SIGN_MAX)[number] = d->most[i];
            total[i] += d->total[i];
            most[i] = fmax(most[i], d->most[i]);
        }
        weight += d->weight;
    }
    for (int64_t k = d->from; k < d->to; k++) {
        er_sign_value(t, k, axes, ER_SIGN_MEAN)[number] = total[k - d->from] / weight;
        er_sign_value(t, k, axes, ER_SIGN_MAX)[number] = most[k - d->from];
    }
}

void er_sign_draw(const struct er_sign_draws *t, int64_t number, int64_t from, int64_t to, int32_t *copies,
                  struct er_sign_sums *sums)
{
    struct drawing d = {.from = from, .to = to, .copies = copies, .sums = sums};
    draw(t, number, &d);
}
