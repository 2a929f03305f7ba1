/* rank.c - the experiment `rank`: how well each measure of a zoo of networks predicts their gap, by every criterion of
 * <ermine/rank.h>.
 *
 * A run is a measure. Its models are all runs of an earlier study of the note, or lines of a file; which of them are
 * compared depends on these alone, so that measures are compared on the same models and no run's numbers on other runs.
 * Runs that differ in nothing but the measure are computed together: intervals draw the same models for all.
 */
#include "core/clock.h"
#include "experiments/experiment.h"
#include "experiments/rank_keys.h"
#include "experiments/rank_models.h"
#include "experiments/rank_tables.h"

#include <ermine/memory.h>
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Runs that are computed together. */
struct group {
    const struct er_point *point; /* all points of the call */
    const struct er_source *source;
    int64_t *run, n; /* which of them */
    struct er_arena *arena;
    struct er_rank_models models;
    struct er_rank_table kept;
    const int64_t *row; /* of each model that is kept, among all */
    struct er_rank_options options;
    const char *const *axis; /* the hyper-parameters that have columns */
    int64_t axes;
};

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "rank: out of memory");
    return ER_E_NOMEM;
}

static bool same_but_for_measure(const struct er_point *a, const struct er_point *b)
{
    if (a->seed != b->seed || a->n != b->n) return false;
    for (int64_t i = 0; i < a->n; i++) {
        const struct er_setting *x = a->setting[i], *y = b->setting[i];
        if (x->row != y->row) return false;
        if (strcmp(x->row->path, "rank.measure") == 0) continue;
        if (x->present != y->present || strcmp(x->text, y->text) != 0) return false;
    }
    return true;
}

static const char *measure_of(const struct group *g, int64_t i)
{
    return er_point_text(&g->point[g->run[i]], "rank.measure", "");
}

static void group_clear(struct group *g)
{
    er_rank_models_clear(&g->models);
    er_arena_free(g->arena);
}

static enum er_status group_open(struct group *g, const struct er_data_places *places, struct er_error *err)
{
    const struct er_point *point = &g->point[g->run[0]];
    enum er_status status = er_arena_new(SIZE_MAX / 2, &g->arena, err);
    if (status != ER_OK) return status;
    const char **asked = er_arena_alloc(g->arena, g->n + 1, sizeof *asked);
    int64_t n = 0;
    if (!asked) return no_memory(err);
    for (int64_t i = 0; i < g->n; i++)
        if (!er_rank_keys_is_baseline(measure_of(g, i))) asked[n++] = measure_of(g, i);
    status = er_rank_models_new(point, g->source, places, asked, &g->models, err);
    if (status == ER_OK)
        status = er_rank_models_keep(&g->models, er_point_real(point, "rank.least_share", 0.5), g->arena,
                                     &g->kept, &g->row, err);
    if (status == ER_OK) status = er_rank_axis_names(point, g->source, g->arena, &g->axis, &g->axes, err);
    if (status == ER_OK) g->options = er_rank_keys_options(point, g->models.test_size);
    return status;
}

/* The measure of run i: its values of the models that are kept. */
static enum er_status fill_measure(const struct group *g, int64_t i, struct er_rank_measure *out,
                                   struct er_error *err)
{
    const struct er_point *point = &g->point[g->run[i]];
    const char *name = measure_of(g, i);
    const struct er_rank_table *all = &g->models.table;
    double *value = er_arena_alloc(g->arena, g->kept.n, sizeof *value);
    if (!value) return no_memory(err);
    *out = (struct er_rank_measure){.name = name, .value = value, .direction = 1};
    if (er_rank_keys_is_baseline(name)) return er_rank_baseline(&g->kept, name, point->seed, value, err);
    for (int64_t k = 0; k < all->measures; k++) {
        if (strcmp(all->measure[k].name, name) != 0) continue;
        const int asked = (int)er_point_integer(point, "rank.direction", 0);
        out->direction = asked ? asked : all->measure[k].direction;
        out->scale = all->measure[k].scale;
        for (int64_t m = 0; m < g->kept.n; m++) value[m] = all->measure[k].value[g->row[m]];
        return ER_OK;
    }
    const struct er_setting *at = er_point_get(point, "rank.measure");
    return er_fail_at(err, ER_E_INPUT, NULL, at->line, at->column, "rank.measure: there is no column '%s'",
                      name);
}

static void put_estimate(double *value, int column, const struct er_rank_estimate *e)
{
    value[column] = e->value;
    value[column + 1] = e->low;
    value[column + 2] = e->high;
}

/* The worst environment's error by that of a constant; NaN where there is none. */
static enum er_status put_regressions(const struct er_rank_table *table,
                                      const struct er_rank_measure *measure, double *value,
                                      struct er_error *err)
{
    double *towards = er_alloc(table->n, sizeof *towards);
    enum er_status status = towards ? ER_OK : no_memory(err);
    for (int64_t i = 0; towards && i < table->n; i++) towards[i] = er_rank_compared(table, measure, i);
    for (int grain = 1; status == ER_OK && grain <= 3; grain++) {
        struct er_rank_regression r;
        struct er_error why = {0};
        value[ER_RANK_REGRESSION_1 + grain - 1] = (double)NAN;
        status = er_rank_regress(table, towards, (enum er_rank_grain)grain, &r, &why);
        if (status == ER_OK)
            value[ER_RANK_REGRESSION_1 + grain - 1] = sqrt(r.worst / r.baseline);
        else if (status == ER_E_UNSUPPORTED)
            status = ER_OK;
        else if (err)
            *err = why;
    }
    er_free(towards);
    return status;
}

static void put_axes(const struct group *g, const struct er_rank_result *r, double *value)
{
    for (int64_t a = 0; a < g->axes; a++) {
        double *psi = &value[ER_RANK_RUN_COLUMNS + ER_RANK_AXIS_PSI * g->axes + a];
        double *sign = &value[ER_RANK_RUN_COLUMNS + ER_RANK_AXIS_SIGN * g->axes + a];
        *psi = *sign = (double)NAN;
        for (int64_t p = 0; p < g->kept.parameters; p++) {
            if (strcmp(g->kept.parameter[p].name, g->axis[a]) != 0) continue;
            *psi = r->psi_axis[p].value;
            *sign = r->sign_axis[p].mean.value;
        }
    }
}

static enum er_status put_all(const struct group *g, const struct er_rank_table *table,
                              const struct er_rank_measure *measure, const struct er_rank_result *r,
                              double *value, struct er_error *err)
{
    put_estimate(value, ER_RANK_TAU_A, &r->tau_a);
    put_estimate(value, ER_RANK_TAU_B, &r->tau_b);
    put_estimate(value, ER_RANK_PSI, &r->psi);
    put_estimate(value, ER_RANK_CMI, &r->cmi);
    for (int s = 0; s < 3; s++) value[ER_RANK_CMI_NONE + s] = r->cmi_by_size[s];
    value[ER_RANK_CMI_CHANCE] = r->cmi_chance;
    put_estimate(value, ER_RANK_SIGN_MEAN, &r->sign.mean);
    value[ER_RANK_SIGN_P90] = r->sign.p90;
    put_estimate(value, ER_RANK_SIGN_MAX, &r->sign.max);
    value[ER_RANK_ENVIRONMENTS] = (double)r->sign.environments;
    put_estimate(value, ER_RANK_PGDL, &r->pgdl);
    value[ER_RANK_PGDL_STRICT] = r->pgdl_strict;
    value[ER_RANK_MODELS] = (double)r->models;
    value[ER_RANK_CONFIGURATIONS] = (double)r->points;
    value[ER_RANK_DROPPED] = (double)(g->models.passed_over + g->models.table.n - r->models);
    value[ER_RANK_MISSING] = (double)r->missing;
    value[ER_RANK_DIRECTION] = measure->direction;
    put_axes(g, r, value);
    return put_regressions(table, measure, value, err);
}

static enum er_status write_results(const struct group *g, const struct er_rank_table *table,
                                    const struct er_rank_results *results, const int64_t *which,
                                    double seconds, const struct er_run_events *events, struct er_error *err)
{
    const int64_t n = ER_RANK_RUN_COLUMNS + ER_RANK_AXIS_COLUMNS * g->axes;
    double *value = er_alloc(n, sizeof *value);
    enum er_status status = value ? ER_OK : no_memory(err);
    for (int64_t k = 0; status == ER_OK && k < results->n; k++) {
        const struct er_rank_result *r = &results->result[k];
        status = put_all(g, table, &table->measure[k], r, value, err);
        const bool there = r->models >= 2;
        const struct er_record record = {.outcome = there ? "ranked" : "missing",
                                         .note = there ? "" : "no two models have it",
                                         .seconds = seconds / (double)results->n,
                                         .value = value};
        if (status == ER_OK) status = events->end(events->ctx, g->run[which[k]], &record, err);
    }
    er_free(value);
    return status;
}

static enum er_status rank_group(const struct group *g, struct er_pool *pool,
                                 const struct er_progress *progress, const struct er_run_events *events,
                                 struct er_error *err)
{
    struct er_rank_table table = g->kept;
    struct er_rank_results results;
    struct er_rank_measure *measure = er_arena_alloc(g->arena, g->n, sizeof *measure);
    int64_t *which = er_arena_alloc(g->arena, g->n, sizeof *which);
    const double began = er_clock_s();
    enum er_status status = measure && which ? ER_OK : no_memory(err);
    for (int64_t i = 0; status == ER_OK && i < g->n; i++) {
        which[table.measures] = i;
        status = fill_measure(g, i, &measure[table.measures++], err);
    }
    if (status != ER_OK) return status;
    table.measure = measure;
    status = er_rank(&table, &g->options, pool, progress, &results, err);
    if (status != ER_OK) return status;
    status = write_results(g, &table, &results, which, er_clock_s() - began, events, err);
    er_rank_results_clear(&results);
    return status;
}

/* Leases the runs that differ from run `first` in the measure alone; those that are free make the group. */
static enum er_status collect(struct group *g, int64_t first, int64_t n, bool *done,
                              const struct er_run_events *events, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = first; status == ER_OK && i < n; i++) {
        const void *state = NULL;
        size_t bytes = 0;
        bool skip = false;
        if (done[i] || !same_but_for_measure(&g->point[first], &g->point[i])) continue;
        done[i] = true;
        status = events->begin(events->ctx, i, &skip, &state, &bytes, err);
        if (status == ER_OK && !skip) g->run[g->n++] = i;
    }
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    bool *done = er_alloc(n, sizeof *done);
    int64_t *members = er_alloc(n, sizeof *members);
    enum er_status status = done && members ? ER_OK : no_memory(err);
    for (int64_t i = 0; status == ER_OK && i < n; i++) {
        struct group g = {.point = point, .source = events->source, .run = members};
        if (done[i]) continue;
        if (er_progress_stopped(progress)) {
            status = er_fail(err, ER_E_STOPPED, "rank: interrupted");
            break;
        }
        status = collect(&g, i, n, done, events, err);
        if (status == ER_OK && g.n > 0) status = group_open(&g, places, err);
        if (status == ER_OK && g.n > 0) status = rank_group(&g, pool, &quiet, events, err);
        group_clear(&g);
    }
    er_free(done);
    er_free(members);
    return status;
}

static const struct er_results_reader reader = {
    .spread = "rank.measure",
    .word = er_rank_keys_word,
    .check = er_rank_keys_check_source,
    .columns = er_rank_axis_columns,
};

extern const struct er_experiment er_experiment_rank;
const struct er_experiment er_experiment_rank = {
    .name = "rank",
    .help = "ranks measures of generalisation by how well they predict the gap, by every published criterion",
    .schema = er_rank_keys_row,
    .run_column = er_rank_run_column,
    .curve_column = er_rank_curve_column,
    .figure = er_rank_figure,
    .arithmetic = "3",
    .check = er_rank_keys_check,
    .reads = &reader,
    .run = run,
};
