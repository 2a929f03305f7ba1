/* statistics.c - draws and measures as tasks of a pool: a task is one draw of some measures. */
#include "rank/statistics.h"
#include "math/task_count.h"
#include "rank/order.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>

enum { MEASURES = 8 }; /* of a task: what they share of a draw is computed again in the next task */

/* What a worker owns. */
struct desk {
    struct er_rank_signs_tree *tree;
    int64_t *pairs, *gap, *measure, *both; /* cells each, one block */
    int64_t *work;                         /* er_rank_cmi_work() */
    int32_t *w, *copies;                   /* of points, of models; one block */
    struct er_rank_entry *entry;           /* N */
    struct er_rank_sequence gaps, values;  /* of a draw of seeds */
};

struct tasks {
    struct er_rank_statistics *s;
    struct desk *desk;
    int64_t blocks; /* of measures */
    struct er_task_count count;
    double cost; /* of one measure and draw */
};

static enum er_status no_memory(int64_t n, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " points", n);
}

static void desk_clear(struct desk *d)
{
    er_rank_signs_tree_free(d->tree);
    er_free(d->pairs);
    er_free(d->work);
    er_free(d->w);
    er_free(d->entry);
    er_rank_sequence_clear(&d->gaps);
    er_rank_sequence_clear(&d->values);
}

static enum er_status desk_fill(const struct er_rank_comparison *c, struct desk *d, struct er_error *err)
{
    const int64_t n = c->points.n, cells = c->signs.cells;
    d->pairs = er_alloc(cells, 4 * sizeof *d->pairs);
    d->work = er_alloc(er_rank_cmi_work(&c->points), sizeof *d->work);
    d->w = er_alloc(n + c->points.models, sizeof *d->w);
    d->entry = er_alloc(n, sizeof *d->entry);
    if (!d->pairs || !d->work || !d->w || !d->entry) return no_memory(n, err);
    d->gap = d->pairs + cells;
    d->measure = d->pairs + 2 * cells;
    d->both = d->pairs + 3 * cells;
    d->copies = d->w + n;
    enum er_status status = er_rank_signs_tree_new(&c->signs, &d->tree, err);
    if (status == ER_OK) status = er_rank_sequence_new(n, &d->gaps, err);
    return status == ER_OK ? er_rank_sequence_new(n, &d->values, err) : status;
}

/* Copies of each point in a draw, and of each model where these are drawn. */
static void draw(const struct er_rank_statistics *s, int64_t number, struct desk *d)
{
    const struct er_rank_points *p = &s->c->points;
    struct er_random r = er_random_open(s->options->seed, er_stream(ER_PURPOSE_RESAMPLES, (uint64_t)number));
    const bool seeds = number > 0 && s->options->resample == ER_RANK_RESAMPLE_SEEDS;
    for (int64_t i = 0; i < p->models; i++) d->copies[i] = number == 0;
    for (int64_t c = 0; seeds && c < p->configurations; c++) {
        const int64_t models = p->first[c + 1] - p->first[c];
        for (int64_t i = 0; i < models; i++) d->copies[p->first[c] + er_random_below(&r, models)]++;
    }
    for (int64_t c = 0; !seeds && number > 0 && c < p->configurations; c++)
        d->copies[er_random_below(&r,
                                  p->configurations)]++; /* of configurations, of which no more than models */
    for (int64_t i = 0; i < p->n; i++)
        d->w[i] = number == 0 ? 1 : !seeds ? d->copies[p->at[i]] : p->apart ? d->copies[i] : 1;
}

/* The order of the points by `of_models` in this draw: as it was, or of new means. */
static const struct er_rank_sequence *sequence(const struct tasks *t, int64_t number, const double *of_models,
                                               const struct er_rank_sequence *as_it_was, struct desk *d,
                                               struct er_rank_sequence *room)
{
    const struct er_rank_points *p = &t->s->c->points;
    if (number == 0 || p->apart || t->s->options->resample != ER_RANK_RESAMPLE_SEEDS) return as_it_was;
    er_rank_points_values(p, of_models, d->copies, room->value);
    er_rank_order(p->n, room->value, d->entry, room->order, room->from, room->to);
    return room;
}

static void measure_one(const struct tasks *t, int64_t number, int64_t k, const struct er_rank_sequence *gap,
                        struct desk *d)
{
    struct er_rank_statistics *s = t->s;
    const struct er_rank_comparison *c = s->c;
    const struct er_rank_sequence *x =
        sequence(t, number, c->value[c->measure[k]], &c->values[k], d, &d->values);
    const struct er_rank_ordered by_gap = {gap->order, gap->from, gap->to}, by_x = {x->order, x->from, x->to};
    er_rank_signs_one(&c->signs, d->w, &by_x, true, d->tree, d->measure);
    er_rank_signs_both(&c->signs, d->w, &by_x, &by_gap, true, d->tree, d->both);
    const struct er_rank_counts counts = {d->pairs, d->gap, d->measure, d->both};
    struct er_rank_cmi cmi;
    er_rank_cmi(&c->points, &c->signs, &counts, d->work, &cmi);
    if (number == 0) s->k[k] = cmi;
    double *out = s->value + (k * s->draws + number) * s->width;
    int64_t pairs = 0, both = 0; /* of all points: the cells of any one set together */
    for (int64_t i = 0; i < c->signs.set[0].groups * c->signs.set[0].groups; i++) {
        pairs += d->pairs[i];
        both += d->both[i];
    }
    er_rank_tau(pairs, both, er_rank_ties(gap, c->points.n, d->w), er_rank_ties(x, c->points.n, d->w), out);
    out[ER_RANK_CMI] = cmi.value;
    double sum = 0;
    int64_t axes = 0;
    for (int64_t a = 0; a < c->points.axes; a++) {
        const double psi = er_rank_psi_axis(&c->lines[a], d->w, gap, x);
        out[ER_RANK_STATISTICS + a] = psi;
        if (isnan(psi)) continue;
        sum += psi;
        axes++;
    }
    out[ER_RANK_PSI] = axes > 0 ? sum / (double)axes : (double)NAN;
}

/* The organisers' score of the points themselves. */
static void score(const struct tasks *t, int64_t from, int64_t to, struct desk *d)
{
    const struct er_rank_comparison *c = t->s->c;
    const struct er_rank_ordered gap = {c->gaps.order, c->gaps.from, c->gaps.to};
    er_rank_signs_pairs(&c->signs, d->w, false, d->pairs);
    er_rank_signs_one(&c->signs, d->w, &gap, false, d->tree, d->gap);
    for (int64_t k = from; k < to; k++) {
        const struct er_rank_ordered x = {c->values[k].order, c->values[k].from, c->values[k].to};
        er_rank_signs_one(&c->signs, d->w, &x, false, d->tree, d->measure);
        er_rank_signs_both(&c->signs, d->w, &x, &gap, false, d->tree, d->both);
        t->s->pgdl[k] =
            er_rank_cmi_pgdl(&c->signs, &(struct er_rank_counts){d->pairs, d->gap, d->measure, d->both});
    }
}

static void task_run(void *ctx, int64_t task, int worker)
{
    struct tasks *t = ctx;
    if (er_task_count_stopped(&t->count)) return;
    struct desk *d = &t->desk[worker];
    const struct er_rank_comparison *c = t->s->c;
    const int64_t number = task / t->blocks, from = task % t->blocks * MEASURES,
                  to = from + MEASURES < c->measures ? from + MEASURES : c->measures;
    draw(t->s, number, d);
    const struct er_rank_sequence *gap = sequence(t, number, c->gap, &c->gaps, d, &d->gaps);
    er_rank_signs_pairs(&c->signs, d->w, true, d->pairs);
    er_rank_signs_one(&c->signs, d->w, &(struct er_rank_ordered){gap->order, gap->from, gap->to}, true,
                      d->tree, d->gap);
    for (int64_t k = from; k < to; k++) measure_one(t, number, k, gap, d);
    if (number == 0 && !er_rank_pgdl_missing(&c->points)) score(t, from, to, d);
    er_task_count_add(&t->count, t->cost * (double)(to - from));
}

const char *er_rank_pgdl_missing(const struct er_rank_points *points)
{
    if (points->axes < 2) return "fewer than two hyper-parameters vary";
    int64_t cells = 1;
    for (int64_t a = 0; a < points->axes; a++) {
        if (points->levels[a] > points->n / cells) return "the grid of hyper-parameters is not complete";
        cells *= points->levels[a];
    }
    if (points->configurations < cells) return "the grid of hyper-parameters is not complete";
    return points->n > cells ? "a cell of the grid has several models" : NULL;
}

static enum er_status run(struct tasks *t, struct er_pool *pool, struct er_error *err)
{
    const struct er_rank_comparison *c = t->s->c;
    const int threads = pool ? er_pool_threads(pool) : 1;
    t->desk = er_alloc(threads, sizeof *t->desk);
    if (!t->desk) return no_memory(c->points.n, err);
    enum er_status status = ER_OK;
    for (int i = 0; status == ER_OK && i < threads; i++) status = desk_fill(c, &t->desk[i], err);
    const int64_t tasks = t->s->draws * t->blocks;
    if (status == ER_OK && pool) er_pool_run(pool, tasks, task_run, t);
    for (int64_t i = 0; status == ER_OK && !pool && i < tasks; i++) task_run(t, i, 0);
    for (int i = 0; i < threads; i++) desk_clear(&t->desk[i]);
    er_free(t->desk);
    return status;
}

enum er_status er_rank_statistics_new(const struct er_rank_comparison *c,
                                      const struct er_rank_options *options, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_rank_statistics *out,
                                      struct er_error *err)
{
    struct er_rank_statistics s = {.c = c,
                                   .options = options,
                                   .draws = options->resamples + 1,
                                   .width = ER_RANK_STATISTICS + c->points.axes};
    s.value = er_alloc(c->measures * s.draws, (size_t)s.width * sizeof *s.value);
    s.k = er_alloc(c->measures, sizeof *s.k);
    s.pgdl = er_alloc(c->measures, sizeof *s.pgdl);
    if (!s.value || !s.k || !s.pgdl) {
        er_rank_statistics_clear(&s);
        return no_memory(c->points.n, err);
    }
    for (int64_t k = 0; k < c->measures; k++) s.pgdl[k] = NAN;
    struct tasks t = {.s = &s, .blocks = (c->measures + MEASURES - 1) / MEASURES};
    t.cost = (double)c->points.n * (double)c->signs.columns * (1 + log2((double)c->points.n));
    er_task_count_open(&t.count, progress, t.cost * (double)(s.draws * c->measures));
    enum er_status status = run(&t, pool, err);
    const enum er_status end = er_task_count_close(&t.count, "rank", status == ER_OK ? err : NULL);
    if (status == ER_OK) status = end;
    if (status != ER_OK) {
        er_rank_statistics_clear(&s);
        return status;
    }
    *out = s;
    return ER_OK;
}

void er_rank_statistics_clear(struct er_rank_statistics *s)
{
    er_free(s->value);
    er_free(s->k);
    er_free(s->pgdl);
    *s = (struct er_rank_statistics){0};
}
