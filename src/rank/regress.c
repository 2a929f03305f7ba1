/* regress.c - the line through (measure, gap) that is best in its worst environment.
 *
 *     q_e(a, b) = mean over e of (a z + b - g)^2,   minimise max_e q_e over a >= 0 and b
 *
 * For one a all q_e are parabolas b^2 + 2 p_e b + r_e of one curvature: the least of their maximum is where its slope changes
 * sign, by bisection. That least value is convex in a: golden section. It is at least the mean over all models, of
 * which it is a mean; so with z of variance 1, slope a1 of least squares and q(0) the constant's, a <= max(0, a1) + sqrt(q(0)).
 */
#include "rank/points.h"
#include "rank/table.h"

#include <ermine/memory.h>
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <math.h>

/* Means over an environment, g less its mean over all models. */
struct moments {
    double n, z, g, zz, zg, gg;
};

struct environments {
    int64_t n, room;
    struct moments *moments;
};

static void add(struct moments *m, double z, double g)
{
    m->n += 1;
    m->z += (z - m->z) / m->n;
    m->g += (g - m->g) / m->n;
    m->zz += (z * z - m->zz) / m->n;
    m->zg += (z * g - m->zg) / m->n;
    m->gg += (g * g - m->gg) / m->n;
}

static double error_of(const struct moments *m, double a, double b)
{
    const double q = a * a * m->zz + b * b + m->gg + 2 * (a * b * m->z - a * m->zg - b * m->g);
    return q > 0 ? q : 0;
}

static double worst_of(const struct environments *e, double a, double b, double *slope)
{
    double worst = -1;
    for (int64_t i = 0; i < e->n; i++) {
        const double q = error_of(&e->moments[i], a, b);
        if (q <= worst) continue;
        worst = q;
        *slope = b + a * e->moments[i].z - e->moments[i].g;
    }
    return worst;
}

/* The least over b of the worst error for a slope a. */
static double best_intercept(const struct environments *e, double a, double *intercept)
{
    double low = INFINITY, high = -INFINITY, slope = 0;
    for (int64_t i = 0; i < e->n; i++) {
        const double own = e->moments[i].g - a * e->moments[i].z;
        low = fmin(low, own);
        high = fmax(high, own);
    }
    for (int i = 0; i < 100; i++) {
        const double middle = 0.5 * (low + high);
        if (!(middle > low && middle < high)) break;
        worst_of(e, a, middle, &slope);
        if (slope > 0)
            high = middle;
        else
            low = middle;
    }
    const double at_low = worst_of(e, a, low, &slope), at_high = worst_of(e, a, high, &slope);
    *intercept = at_low <= at_high ? low : high;
    return fmin(at_low, at_high);
}

static double best_slope(const struct environments *e, double largest)
{
    const double golden = 0.5 * (sqrt(5) - 1);
    double low = 0, high = largest, b;
    double x = high - golden * (high - low), y = low + golden * (high - low);
    double at_x = best_intercept(e, x, &b), at_y = best_intercept(e, y, &b);
    for (int i = 0; i < 80; i++) {
        if (at_x <= at_y) {
            high = y;
            y = x;
            at_y = at_x;
            x = high - golden * (high - low);
            at_x = best_intercept(e, x, &b);
        } else {
            low = x;
            x = y;
            at_x = at_y;
            y = low + golden * (high - low);
            at_y = best_intercept(e, y, &b);
        }
    }
    const double middle = 0.5 * (low + high);
    return best_intercept(e, 0, &b) <= best_intercept(e, middle, &b) ? 0 : middle;
}

/* Adds the models of a configuration to an environment. */
static void add_models(const struct er_rank_points *p, int64_t c, const double *z, const double *g,
                       struct moments *m)
{
    for (int64_t i = p->first[c]; i < p->first[c + 1]; i++) add(m, z[p->model[i]], g[p->model[i]]);
}

static bool room(struct environments *e, int64_t n)
{
    struct moments *moments = er_grow(e->moments, e->room, e->room + n, sizeof *moments);
    if (!moments) return false;
    e->moments = moments;
    e->room += n;
    return true;
}

static enum er_status no_memory(int64_t n, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " environments", n);
}

static enum er_status by_configuration(const struct er_rank_points *p, const double *z, const double *g,
                                       struct environments *e, struct er_error *err)
{
    if (!room(e, p->configurations)) return no_memory(p->configurations, err);
    for (int64_t c = 0; c < p->configurations; c++) add_models(p, c, z, g, &e->moments[e->n++]);
    return ER_OK;
}

static enum er_status by_line(const struct er_rank_points *p, int64_t a, const double *z, const double *g,
                              struct environments *e, struct er_error *err)
{
    struct er_rank_lines lines = {0};
    const enum er_status status = er_rank_lines_new(p, a, true, &lines, err);
    if (status != ER_OK) return status;
    if (!room(e, lines.n)) {
        er_rank_lines_clear(&lines);
        return no_memory(p->configurations, err);
    }
    for (int64_t l = 0; l < lines.n; l++) {
        struct moments *m = &e->moments[e->n++];
        for (int64_t i = lines.first[l]; i < lines.first[l + 1]; i++) add_models(p, lines.point[i], z, g, m);
    }
    er_rank_lines_clear(&lines);
    return ER_OK;
}

static enum er_status by_level(const struct er_rank_points *p, int64_t a, const double *z, const double *g,
                               struct environments *e, struct er_error *err)
{
    if (!room(e, p->levels[a])) return no_memory(p->levels[a], err);
    for (int64_t c = 0; c < p->configurations; c++)
        add_models(p, c, z, g, &e->moments[e->n + p->level[c * p->axes + a]]);
    e->n += p->levels[a];
    return ER_OK;
}

static enum er_status gather(const struct er_rank_points *p, const double *z, const double *g,
                             enum er_rank_grain grain, struct environments *e, struct er_error *err)
{
    if (grain == ER_RANK_GRAIN_CONFIGURATION) return by_configuration(p, z, g, e, err);
    if (p->axes == 0) return er_fail(err, ER_E_UNSUPPORTED, "rank: no hyper-parameter varies");
    enum er_status status = ER_OK;
    for (int64_t a = 0; status == ER_OK && a < p->axes; a++)
        status = grain == ER_RANK_GRAIN_LINE ? by_line(p, a, z, g, e, err) : by_level(p, a, z, g, e, err);
    return status;
}

/* z = the measure standardised over the kept models, g = the gap less its mean; their moments over all. */
static enum er_status standardise(const struct er_rank_table *t, const double *value, const bool *kept,
                                  double *z, double *g, struct moments *all, double *mean_gap,
                                  struct er_error *err)
{
    double n = 0, mean = 0, gap = 0, square = 0;
    for (int64_t i = 0; i < t->n; i++) {
        if (!kept[i]) continue;
        n += 1;
        mean += (value[i] - mean) / n;
        gap += (t->gap[i] - gap) / n;
    }
    for (int64_t i = 0; i < t->n; i++)
        if (kept[i]) square += (value[i] - mean) * (value[i] - mean) / n;
    if (n < 2) return er_fail(err, ER_E_UNSUPPORTED, "rank: %g models have the measure and a gap, not 2", n);
    if (!(square > 0 && isfinite(square)))
        return er_fail(err, ER_E_UNSUPPORTED, "rank: the variance of the measure is %g", square);
    for (int64_t i = 0; i < t->n; i++) {
        if (!kept[i]) continue;
        z[i] = (value[i] - mean) / sqrt(square);
        g[i] = t->gap[i] - gap;
        add(all, z[i], g[i]);
    }
    *mean_gap = gap;
    return ER_OK;
}

static void solve(const struct environments *e, const struct moments *all, double mean_gap,
                  struct er_rank_regression *out)
{
    double intercept;
    out->baseline = best_intercept(e, 0, &intercept);
    out->slope = best_slope(e, fmax(0, all->zg) + sqrt(out->baseline));
    out->worst = best_intercept(e, out->slope, &intercept);
    out->mean = error_of(all, out->slope, intercept);
    out->intercept = intercept + mean_gap;
    out->environments = e->n;
}

/* Of a table that has been checked; z, g and kept are room for its models. */
static enum er_status regress(const struct er_rank_table *table, const double *value,
                              enum er_rank_grain grain, double *z, double *g, bool *kept,
                              struct er_rank_regression *out, struct er_error *err)
{
    struct er_rank_points points = {0};
    struct environments e = {0};
    struct moments all = {0};
    double mean_gap = 0;
    for (int64_t i = 0; i < table->n; i++) kept[i] = isfinite(value[i]) && isfinite(table->gap[i]);
    enum er_status status = standardise(table, value, kept, z, g, &all, &mean_gap, err);
    if (status == ER_OK) status = er_rank_points_new(table, kept, ER_RANK_SEEDS_AVERAGED, &points, err);
    if (status == ER_OK) status = gather(&points, z, g, grain, &e, err);
    if (status == ER_OK) solve(&e, &all, mean_gap, out);
    er_rank_points_clear(&points);
    er_free(e.moments);
    return status;
}

enum er_status er_rank_regress(const struct er_rank_table *table, const double *value,
                               enum er_rank_grain grain, struct er_rank_regression *out, struct er_error *err)
{
    if (grain < ER_RANK_GRAIN_CONFIGURATION || grain > ER_RANK_GRAIN_LEVEL)
        return er_fail(err, ER_E_USAGE, "rank: no such environments: %d", (int)grain);
    const struct er_rank_measure measure = {.name = "measure", .value = value, .direction = 1};
    struct er_rank_table alone = *table;
    alone.measures = 1;
    alone.measure = &measure;
    enum er_status status = er_rank_table_check(&alone, err);
    if (status != ER_OK) return status;
    bool *kept = er_alloc(table->n, sizeof *kept);
    double *z = er_alloc(table->n, 2 * sizeof *z);
    if (kept && z)
        status = regress(table, value, grain, z, z + table->n, kept, out, err);
    else
        status = no_memory(table->n, err);
    er_free(kept);
    er_free(z);
    return status;
}
