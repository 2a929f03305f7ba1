/* statistics.c - draws and measures as tasks of a pool: a task is one draw of some measures. */
#include "rank/statistics.h"
#include "math/task_count.h"
#include "rank/order.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MEASURES = 8 }; /* of a task: what they share of a draw is computed again in the next task */

/* What a worker owns. */
struct desk {
    struct er_rank_signs_tree *tree;
    int64_t *pairs, *gap, *measure, *both; /* cells each, one block */
    int64_t *scored;                       /* 2 cells: pairs and gaps of the organisers' score */
    int64_t *work;                         /* er_rank_cmi_work() */
    int32_t *w, *copies;                   /* of points, of models; one block */
    struct er_rank_entry *entry;           /* N */
    struct er_rank_sequence gaps, values;  /* of a draw of seeds */
};

struct tasks {
    struct er_rank_statistics *s;
    struct desk *desk;
    int64_t blocks; /* of measures */
    bool scored;    /* the organisers' score is defined */
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
    d->pairs = er_alloc(cells, 6 * sizeof *d->pairs);
    d->work = er_alloc(er_rank_cmi_work(&c->points), sizeof *d->work);
    d->w = er_alloc(n + c->points.models, sizeof *d->w);
    d->entry = er_alloc(n, sizeof *d->entry);
    if (!d->pairs || !d->work || !d->w || !d->entry) return no_memory(n, err);
    d->gap = d->pairs + cells;
    d->measure = d->pairs + 2 * cells;
    d->both = d->pairs + 3 * cells;
    d->scored = d->pairs + 4 * cells;
    d->copies = d->w + n;
    enum er_status status = er_rank_signs_tree_new(&c->signs, &d->tree, err);
    if (status == ER_OK) status = er_rank_sequence_new(n, &d->gaps, err);
    return status == ER_OK ? er_rank_sequence_new(n, &d->values, err) : status;
}

/* Copies of each point in a draw, and of each model. */
static void draw(const struct er_rank_statistics *s, int64_t number, struct desk *d)
{
    const struct er_rank_points *p = &s->c->points;
    const bool new_means = !p->apart && s->options->resample == ER_RANK_RESAMPLE_SEEDS;
    er_rank_points_draw(p, s->options, number, d->copies);
    for (int64_t i = 0; i < p->n; i++) d->w[i] = new_means ? 1 : d->copies[p->apart ? i : p->first[p->at[i]]];
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

static bool has_ties(const struct er_rank_sequence *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (x->to[i] - x->from[i] > 1) return true;
    return false;
}

/* Pairs of all points, each copy of a point with itself among them and not with the others. */
static void count_scored(const struct er_rank_comparison *c, const int32_t *w, const int64_t *pairs,
                         int64_t *scored)
{
    const struct er_rank_signs *signs = &c->signs;
    memcpy(scored, pairs, (size_t)signs->cells * sizeof *scored);
    for (int64_t s = 0; s < signs->sets; s++)
        for (int64_t p = 0; p < signs->n; p++) {
            const int64_t u = signs->column[p * signs->sets + s] - signs->set[s].column;
            scored[signs->set[s].cell + u * signs->set[s].groups + u] += w[p];
        }
}

/* The organisers' score of one measure, from counts of halves where there are no ties: these are twice, and four times, the
 * strict ones then. */
static double score(const struct er_rank_comparison *c, const struct er_rank_sequence *gap,
                    const struct er_rank_sequence *x, struct desk *d)
{
    const struct er_rank_ordered by_gap = {gap->order, gap->from, gap->to}, by_x = {x->order, x->from, x->to};
    const int64_t cells = c->signs.cells;
    struct er_rank_counts counts = {d->scored, d->scored + cells, d->measure, d->both};
    if (has_ties(x, c->points.n)) {
        er_rank_signs_one(&c->signs, d->w, &by_x, false, d->tree, d->measure);
    } else {
        for (int64_t i = 0; i < cells; i++) d->measure[i] /= 2;
    }
    if (has_ties(x, c->points.n) || has_ties(gap, c->points.n)) {
        er_rank_signs_both(&c->signs, d->w, &by_x, &by_gap, false, d->tree, d->both);
    } else {
        for (int64_t i = 0; i < cells; i++) d->both[i] /= 4;
    }
    return er_rank_cmi_pgdl(&c->signs, &counts);
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
    out[ER_RANK_SCORE] = t->scored ? score(c, gap, x, d) : (double)NAN; /* last: it changes the counts */
}

/* K of a random order of the points. */
static void measure_chance(const struct tasks *t, int64_t number, struct desk *d)
{
    const struct er_rank_comparison *c = t->s->c;
    const struct er_rank_points *p = &c->points;
    const struct er_rank_ordered by_gap = {c->gaps.order, c->gaps.from, c->gaps.to},
                                 by_x = {d->values.order, d->values.from, d->values.to};
    struct er_random r = er_random_open(t->s->options->seed, er_stream(ER_PURPOSE_NULL, (uint64_t)number));
    for (int64_t i = 0; i < p->n; i++) {
        d->w[i] = 1;
        d->values.value[i] = er_random_uniform(&r);
    }
    er_rank_order(p->n, d->values.value, d->entry, d->values.order, d->values.from, d->values.to);
    er_rank_signs_pairs(&c->signs, d->w, true, d->pairs);
    er_rank_signs_one(&c->signs, d->w, &by_gap, true, d->tree, d->gap);
    er_rank_signs_one(&c->signs, d->w, &by_x, true, d->tree, d->measure);
    er_rank_signs_both(&c->signs, d->w, &by_x, &by_gap, true, d->tree, d->both);
    struct er_rank_cmi cmi;
    er_rank_cmi(p, &c->signs, &(struct er_rank_counts){d->pairs, d->gap, d->measure, d->both}, d->work, &cmi);
    t->s->chance[number - 1] = cmi.value;
}

static void measure_draw(const struct tasks *t, int64_t number, int64_t from, int64_t to, struct desk *d)
{
    const struct er_rank_comparison *c = t->s->c;
    draw(t->s, number, d);
    const struct er_rank_sequence *gap = sequence(t, number, c->gap, &c->gaps, d, &d->gaps);
    const struct er_rank_ordered by_gap = {gap->order, gap->from, gap->to};
    er_rank_signs_pairs(&c->signs, d->w, true, d->pairs);
    er_rank_signs_one(&c->signs, d->w, &by_gap, true, d->tree, d->gap);
    if (t->scored) {
        count_scored(c, d->w, d->pairs, d->scored);
        er_rank_signs_one(&c->signs, d->w, &by_gap, false, d->tree, d->scored + c->signs.cells);
    }
    for (int64_t k = from; k < to; k++) measure_one(t, number, k, gap, d);
}

/* The draws of all measures, then the random orders. */
static void task_run(void *ctx, int64_t task, int worker)
{
    struct tasks *t = ctx;
    if (er_task_count_stopped(&t->count)) return;
    struct desk *d = &t->desk[worker];
    const int64_t number = task / t->blocks, from = task % t->blocks * MEASURES,
                  to = from + MEASURES < t->s->c->measures ? from + MEASURES : t->s->c->measures,
                  draws = t->s->draws * t->blocks;
    if (task >= draws)
        measure_chance(t, task - draws + 1, d);
    else
        measure_draw(t, number, from, to, d);
    er_task_count_add(&t->count, t->cost * (double)(task >= draws ? 1 : to - from));
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
    const int64_t tasks = t->s->draws * (t->blocks + 1) - 1;
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
    s.chance = er_alloc(options->resamples, sizeof *s.chance);
    if (!s.value || !s.k || !s.chance) {
        er_rank_statistics_clear(&s);
        return no_memory(c->points.n, err);
    }
    struct tasks t = {.s = &s,
                      .blocks = (c->measures + MEASURES - 1) / MEASURES,
                      .scored = !er_rank_pgdl_missing(&c->points)};
    t.cost = (double)c->points.n * (double)c->signs.columns * (1 + log2((double)c->points.n));
    er_task_count_open(&t.count, progress, t.cost * (double)(s.draws * (c->measures + 1) - 1));
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
    er_free(s->chance);
    *s = (struct er_rank_statistics){0};
}
