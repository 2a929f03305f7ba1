/* rank.c - all criteria of all measures: which models are compared, and where the numbers go. */
#include "rank/sign_error.h"
#include "rank/statistics.h"
#include "rank/table.h"

#include <ermine/memory.h>
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct er_rank_options er_rank_options_default(void)
{
    return (struct er_rank_options){
        .least_share = 0.5, .test_size = 10000, .least_pairs = 12, .resamples = 200, .level = 0.95};
}

/* Gap and measures as they are compared. */
struct ranking {
    const struct er_rank_table *table;
    struct er_rank_options options;
    double *gap;    /* n */
    double **value; /* measures, n each, one block */
    bool *kept;     /* n */
    int64_t gaps;   /* models with a gap */
    int64_t *together, n_together;
    struct er_rank_results *out;
};

double er_rank_compared(const struct er_rank_table *table, const struct er_rank_measure *measure, int64_t i)
{
    double x = measure->value[i];
    if (!isfinite(x)) return NAN;
    if (table->train_size && measure->scale == ER_RANK_NUMERATOR)
        x = copysign(sqrt(fabs(x) / table->train_size[i]), x);
    if (table->train_size && measure->scale == ER_RANK_LOG_NUMERATOR)
        x = 0.5 * (x - log(table->train_size[i]));
    return measure->direction * x;
}

static void fill(struct ranking *r)
{
    const struct er_rank_table *t = r->table;
    for (int64_t i = 0; i < t->n; i++) {
        r->gap[i] = isfinite(t->gap[i]) ? t->gap[i] : (double)NAN;
        r->gaps += isfinite(t->gap[i]) != 0;
    }
    for (int64_t k = 0; k < t->measures; k++)
        for (int64_t i = 0; i < t->n; i++) r->value[k][i] = er_rank_compared(t, &t->measure[k], i);
}

/* What measure k has of the models with a gap. */
static void count_missing(const struct ranking *r, int64_t k)
{
    struct er_rank_result *result = &r->out->result[k];
    for (int64_t i = 0; i < r->table->n; i++) result->missing += !isnan(r->gap[i]) && isnan(r->value[k][i]);
}

static void keep(const struct ranking *r, int64_t measures, const int64_t *measure)
{
    for (int64_t i = 0; i < r->table->n; i++) {
        r->kept[i] = !isnan(r->gap[i]);
        for (int64_t k = 0; k < measures; k++) r->kept[i] = r->kept[i] && !isnan(r->value[measure[k]][i]);
    }
}

static void put(const struct ranking *r, const struct er_rank_comparison *c,
                const struct er_rank_statistics *s, const struct er_rank_sign_errors_of *errors, double *work)
{
    const double chance = er_rank_statistics_chance(s);
    const struct er_rank_points *p = &c->points;
    for (int64_t k = 0; k < c->measures; k++) {
        struct er_rank_result *o = &r->out->result[c->measure[k]];
        o->models = p->models;
        o->points = p->n;
        o->dropped = r->table->n - p->models;
        o->tau_a = er_rank_statistics_estimate(s, k, ER_RANK_TAU_A, -1, 1, work);
        o->tau_b = er_rank_statistics_estimate(s, k, ER_RANK_TAU_B, -1, 1, work);
        o->psi = er_rank_statistics_estimate(s, k, ER_RANK_PSI, -1, 1, work);
        o->cmi = er_rank_statistics_estimate(s, k, ER_RANK_CMI, 0, 1, work);
        for (int i = 0; i < 2; i++) o->cmi_set[i] = s->k[k].set[i] < 0 ? -1 : (int)p->axis[s->k[k].set[i]];
        memcpy(o->cmi_by_size, s->k[k].by_size, sizeof o->cmi_by_size);
        for (int64_t a = 0; a < p->axes; a++) {
            o->psi_axis[p->axis[a]] = er_rank_statistics_estimate(s, k, ER_RANK_STATISTICS + a, -1, 1, work);
            o->sign_axis[p->axis[a]] = errors[k].axis[a];
        }
        o->cmi_chance = chance;
        o->sign = errors[k].all;
        o->pgdl = er_rank_statistics_estimate(s, k, ER_RANK_SCORE, 0, 100, work);
        o->pgdl_why = er_rank_pgdl_missing(p);
        o->pgdl_strict = 100 * o->cmi.value;
    }
}

static enum er_status compare(const struct ranking *r, int64_t measures, const int64_t *measure,
                              struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    struct er_rank_comparison c = {0};
    struct er_rank_statistics s = {0};
    struct er_rank_sign_errors_of *errors = NULL;
    enum er_status status = er_rank_comparison_new(r->table, r->gap, (const double *const *)r->value, r->kept,
                                                   measures, measure, r->options.seeds, &c, err);
    if (status != ER_OK) return status;
    double *work = er_alloc(r->options.resamples + 1, sizeof *work);
    if (!work) status = er_fail(err, ER_E_NOMEM, "rank: out of memory for resamples");
    if (status == ER_OK) status = er_rank_statistics_new(&c, &r->options, pool, progress, &s, err);
    if (status == ER_OK) status = er_rank_sign_errors_new(&c, &r->options, pool, progress, &errors, err);
    if (status == ER_OK) put(r, &c, &s, errors, work);
    er_free(work);
    er_rank_sign_errors_free(errors);
    er_rank_statistics_clear(&s);
    er_rank_comparison_clear(&c);
    return status;
}

/* Whether the models that are kept, at least two, can be compared as points. */
static bool enough(const struct ranking *r)
{
    int64_t n = 0;
    for (int64_t i = 0; i < r->table->n; i++) n += r->kept[i];
    return n >= 2;
}

/* Those that are compared together, then the others one by one. A measure by itself that has too few models has no results. */
static enum er_status compare_all(struct ranking *r, struct er_pool *pool, const struct er_progress *progress,
                                  struct er_error *err)
{
    const struct er_rank_table *t = r->table;
    for (int64_t k = 0; k < t->measures; k++) {
        count_missing(r, k);
        const double share = (double)(r->gaps - r->out->result[k].missing) / (double)r->gaps;
        if (!r->options.each_by_itself && share > 0 && share >= r->options.least_share)
            r->together[r->n_together++] = k;
    }
    keep(r, r->n_together, r->together);
    enum er_status status = ER_OK;
    if (r->n_together > 0) status = compare(r, r->n_together, r->together, pool, progress, err);
    int64_t next = 0;
    for (int64_t k = 0; status == ER_OK && k < t->measures; k++) {
        if (next < r->n_together && r->together[next] == k) {
            next++;
            continue;
        }
        keep(r, 1, &k);
        if (!enough(r)) continue;
        struct er_error own = {0};
        status = compare(r, 1, &k, pool, progress, &own);
        if (status == ER_E_USAGE) status = ER_OK; /* one configuration alone */
        if (status != ER_OK && err) *err = own;
    }
    return status;
}

static enum er_status check_options(const struct er_rank_options *o, struct er_error *err)
{
    if (o->seeds != ER_RANK_SEEDS_AVERAGED && o->seeds != ER_RANK_SEEDS_APART)
        return er_fail(err, ER_E_USAGE, "rank: no such way with seeds: %d", (int)o->seeds);
    if (o->environments != ER_RANK_ENVIRONMENTS_AUTO &&
        o->environments != ER_RANK_ENVIRONMENTS_CONFIGURATIONS &&
        o->environments != ER_RANK_ENVIRONMENTS_LEVELS)
        return er_fail(err, ER_E_USAGE, "rank: no such environments: %d", (int)o->environments);
    if (o->resample != ER_RANK_RESAMPLE_CONFIGURATIONS && o->resample != ER_RANK_RESAMPLE_SEEDS)
        return er_fail(err, ER_E_USAGE, "rank: no such resamples: %d", (int)o->resample);
    if (!(o->least_share >= 0 && o->least_share <= 1))
        return er_fail(err, ER_E_USAGE, "rank: the least share of models must be in 0 .. 1, got %g",
                       o->least_share);
    if (o->test_size < 0)
        return er_fail(err, ER_E_USAGE, "rank: the test size must be at least 0, got %" PRId64, o->test_size);
    if (!(o->least_pairs >= 0))
        return er_fail(err, ER_E_USAGE, "rank: the least number of pairs must be at least 0, got %g",
                       o->least_pairs);
    if (o->resamples < 0 || o->resamples > 100000)
        return er_fail(err, ER_E_USAGE, "rank: resamples must be in 0 .. 100000, got %" PRId64, o->resamples);
    if (!(o->level > 0 && o->level < 1))
        return er_fail(err, ER_E_USAGE, "rank: the level of intervals must be between 0 and 1, got %g",
                       o->level);
    return ER_OK;
}

static enum er_status out_new(const struct er_rank_table *t, struct er_rank_results *out,
                              struct er_error *err)
{
    struct er_rank_results r = {.n = t->measures, .parameters = t->parameters};
    r.result = er_alloc(t->measures, sizeof *r.result);
    struct er_rank_estimate *psi = er_alloc(t->measures * t->parameters, sizeof *psi);
    struct er_rank_sign_errors *sign = er_alloc(t->measures * t->parameters, sizeof *sign);
    if (!r.result || !psi || !sign) {
        er_free(r.result);
        er_free(psi);
        er_free(sign);
        return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " measures", t->measures);
    }
    const struct er_rank_estimate none = {NAN, NAN, NAN};
    const struct er_rank_sign_errors nowhere = {.mean = {NAN, NAN, NAN}, .max = {NAN, NAN, NAN}, .p90 = NAN};
    for (int64_t i = 0; i < t->measures * t->parameters; i++) {
        psi[i] = none;
        sign[i] = nowhere;
    }
    for (int64_t k = 0; k < t->measures; k++)
        r.result[k] = (struct er_rank_result){.name = t->measure[k].name,
                                              .dropped = t->n,
                                              .tau_a = none,
                                              .tau_b = none,
                                              .psi = none,
                                              .cmi = none,
                                              .psi_axis = psi + k * t->parameters,
                                              .cmi_set = {-1, -1},
                                              .cmi_by_size = {NAN, NAN, NAN},
                                              .cmi_chance = NAN,
                                              .sign = nowhere,
                                              .sign_axis = sign + k * t->parameters,
                                              .pgdl = none,
                                              .pgdl_why = "too few models have this measure",
                                              .pgdl_strict = NAN};
    *out = r;
    return ER_OK;
}

void er_rank_results_clear(struct er_rank_results *results)
{
    if (results->n > 0) {
        er_free(results->result[0].psi_axis);
        er_free(results->result[0].sign_axis);
    }
    er_free(results->result);
    *results = (struct er_rank_results){0};
}

static enum er_status prepare(struct ranking *r, struct er_error *err)
{
    const int64_t n = r->table->n, k = r->table->measures;
    r->gap = er_alloc(n, sizeof *r->gap);
    r->value = er_alloc(k, sizeof *r->value);
    r->kept = er_alloc(n, sizeof *r->kept);
    r->together = er_alloc(k, sizeof *r->together);
    double *values = er_alloc(k * n, sizeof *values);
    if (!r->gap || !r->value || !r->kept || !r->together || !values) {
        er_free(values);
        return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " models", n);
    }
    for (int64_t i = 0; i < k; i++) r->value[i] = values + i * n;
    fill(r);
    return r->gaps > 0 ? ER_OK : er_fail(err, ER_E_USAGE, "rank: none of %" PRId64 " models has a gap", n);
}

enum er_status er_rank(const struct er_rank_table *table, const struct er_rank_options *options,
                       struct er_pool *pool, const struct er_progress *progress, struct er_rank_results *out,
                       struct er_error *err)
{
    struct er_rank_results results = {0};
    struct ranking r = {
        .table = table, .options = options ? *options : er_rank_options_default(), .out = &results};
    enum er_status status = er_rank_table_check(table, err);
    if (status == ER_OK) status = check_options(&r.options, err);
    if (status == ER_OK) status = out_new(table, &results, err);
    if (status == ER_OK) status = prepare(&r, err);
    if (status == ER_OK) status = compare_all(&r, pool, progress, err);
    if (r.value) er_free(r.value[0]);
    er_free(r.value);
    er_free(r.gap);
    er_free(r.kept);
    er_free(r.together);
    if (status != ER_OK) {
        er_rank_results_clear(&results);
        return status;
    }
    *out = results;
    return ER_OK;
}
