/* noise.c - the experiment `noise`: stochastic gradient descent on a loss of one number (experiments/noise_walk.h), beside
 * what theory says of where it stays.
 *
 *     quadratic   the stationary variance, exact at every rate
 *     wells       how much of the time a wide well holds against a narrow one: p ~ exp(-L / T)
 *
 * The seed of a run draws the noise. Runs are spread over the pool.
 */
#include "experiments/noise_walk.h"

#include "core/clock.h"
#include "experiments/key_rows.h"
#include "experiments/log_steps.h"
#include "experiments/run_spread.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { BINS = 64, PARTS = 16 }; /* of the density's curve; points in a bin where theory is averaged */

static const struct er_schema_row row[] = {
    MAP("noise", NULL, "stochastic gradient descent on a loss of one number: where its noise keeps it"),
    CHOICE("noise.loss", "quadratic wells", "quadratic", "follows from the map that is given below"),
    REAL("noise.rate", "", 1e-12, 1e6, "0.1", "learning rate"),
    REAL("noise.sd", "", 1e-12, 1e6, "1", "standard deviation of one example's gradient around the mean"),
    INTEGER("noise.batch", "examples", 1, 1e9, "1", "examples in a step, which divide the noise's variance"),
    INTEGER("noise.steps", "steps", 2, 1e9, "100000", "how many"),
    INTEGER("noise.walkers", "", 1, 1000000, "100", "independent descents with the same settings"),
    MAP("noise.quadratic", "loss", "h x^2 / 2, from its minimum"),
    REAL("noise.quadratic.curvature", "", 1e-12, 1e12, "1", "h"),
    MAP("noise.wells", "loss",
        "a narrow and a wide well with barriers between, from the bottom of the narrow one"),
    REAL("noise.wells.narrow", "", 1e-6, 1e6, "8", "width of the narrow well"),
    REAL("noise.wells.wide", "", 1e-6, 1e6, "24", "width of the wide well"),
    REAL("noise.wells.depth", "", 1e-12, 1e6, "0.1",
         "height of the barriers above the bottom of the wide well"),
    REAL("noise.wells.deeper", "", 0, 1e6, "0", "by which the bottom of the narrow well is below that"),
    {0},
};

enum {
    TEMPERATURE,
    VARIANCE,
    VARIANCE_ERROR,
    VARIANCE_THEORY,
    VARIANCE_RATIO,
    WIDE_SHARE,
    WIDE_SHARE_EXPECTED,
    WIDE_SHARE_STATIONARY,
    DENSITY_DISTANCE,
    RUN_COLUMNS
};
enum { C_STEP, C_VARIANCE, C_VARIANCE_THEORY, C_X, C_LOSS, C_DENSITY, C_DENSITY_THEORY, CURVE_COLUMNS };

static const struct er_column run_column[] = {
    [TEMPERATURE] = {"temperature", "", "rate sd^2 / (2 batch)", true},
    [VARIANCE] = {"variance", "",
                  "mean square distance to the minimum, over walkers and the last half of the steps", true},
    [VARIANCE_ERROR] = {"variance_error", "", "standard error of that, over walkers", true},
    [VARIANCE_THEORY] = {"variance_theory", "",
                         "rate sd^2 / (batch h (2 - rate h)); infinite from rate h = 2 on", true},
    [VARIANCE_RATIO] = {"variance_ratio", "", "variance / variance_theory; missing where that is infinite",
                        false},
    [WIDE_SHARE] = {"wide_share", "", "share of walkers in the wide well, over the last tenth of the steps",
                    false},
    [WIDE_SHARE_EXPECTED] =
        {"wide_share_expected", "",
         "what Kramers's rate expects of that, for barriers that are high against the temperature", false},
    [WIDE_SHARE_STATIONARY] = {"wide_share_stationary", "",
                               "what exp(-loss / temperature) gives to the wide well, after any time", false},
    [DENSITY_DISTANCE] = {"density_distance", "",
                          "half the sum of absolute differences between the shares of 64 places and theirs "
                          "under exp(-loss / temperature)",
                          true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_STEP] = {"step", "steps", "quadratic: steps so far, from 1", true},
    [C_VARIANCE] = {"variance", "", "mean square distance to the minimum, over walkers", true},
    [C_VARIANCE_THEORY] = {"variance_theory", "", "what is expected of that", true},
    [C_X] = {"x", "", "wells: the middle of one of 64 places", false},
    [C_LOSS] = {"loss", "", "the loss there", false},
    [C_DENSITY] = {"density", "", "how much walkers were there in the last tenth of the steps", false},
    [C_DENSITY_THEORY] = {"density_theory", "", "exp(-loss / temperature), normalised", false},
    [CURVE_COLUMNS] = {0},
};

/* Walkers diverge whose square distance is so many times what noise alone leads to, where one of a free walk is with a
 * probability of 10^-23. */
static const double FAR = 100;

#define WELLS "noise.wells.depth"
static const struct er_default_figure figure[] = {
    {.mark = "line",
     .x = "step",
     .y = "variance variance_theory",
     .axes = ER_DEFAULT_NO_AXIS,
     .without = WELLS},
    {.mark = "line",
     .x = "axis",
     .y = "variance variance_theory",
     .axes = ER_DEFAULT_ONE_AXIS,
     .without = WELLS},
    {.mark = "line",
     .x = "axis",
     .y = "variance_ratio",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .without = WELLS},
    {.mark = "line", .x = "x", .y = "density density_theory", .slider = "axis", .with = WELLS},
    {.mark = "line",
     .x = "axis",
     .y = "wide_share wide_share_expected wide_share_stationary",
     .axes = ER_DEFAULT_ONE_AXIS,
     .with = WELLS},
    {.mark = "line",
     .x = "axis",
     .y = "wide_share",
     .colour = "other",
     .axes = ER_DEFAULT_MORE_AXES,
     .with = WELLS},
    {0},
};

static struct er_noise_spec spec_of(const struct er_point *point)
{
    return (struct er_noise_spec){
        .rate = er_point_real(point, "noise.rate", 1),
        .sd = er_point_real(point, "noise.sd", 1),
        .batch = er_point_integer(point, "noise.batch", 1),
        .steps = er_point_integer(point, "noise.steps", 2),
        .walkers = er_point_integer(point, "noise.walkers", 1),
        .per_decade = 10,
        .curvature = er_point_real(point, "noise.quadratic.curvature", 0),
        .wells = {.narrow = er_point_real(point, "noise.wells.narrow", 1),
                  .wide = er_point_real(point, "noise.wells.wide", 1),
                  .depth = er_point_real(point, "noise.wells.depth", 1),
                  .deeper = er_point_real(point, "noise.wells.deeper", 0)},
        .seed = point->seed,
    };
}

static enum er_status run_quadratic(const struct er_noise_spec *s, const struct er_progress *progress,
                                    struct er_spread_result *result, struct er_error *err)
{
    double *value = result->value, *variance;
    enum er_status status =
        er_spread_curves(result, "noise", CURVE_COLUMNS, er_log_steps_most(s->per_decade, s->steps), err);
    if (status != ER_OK) return status;
    variance = result->curve[C_VARIANCE];
    for (int64_t t = er_log_step_after(0, s->per_decade, s->steps);;
         t = er_log_step_after(t, s->per_decade, s->steps)) {
        const int64_t i = result->n_curve++;
        variance[i] = 0;
        result->curve[C_STEP][i] = (double)t;
        result->curve[C_VARIANCE_THEORY][i] = er_noise_variance(s, t);
        if (t == s->steps) break;
    }
    status = er_noise_walk_quadratic(s, variance, &value[VARIANCE], &value[VARIANCE_ERROR], progress, err);
    value[VARIANCE_THEORY] = er_noise_variance_limit(s);
    if (isfinite(value[VARIANCE_THEORY])) value[VARIANCE_RATIO] = value[VARIANCE] / value[VARIANCE_THEORY];
    result->outcome = "steps";
    if (value[VARIANCE] <= FAR * er_noise_free(s)) return status;
    result->outcome = "diverged";
    snprintf(result->note, sizeof result->note,
             "the walkers' mean square distance is %g, and their noise alone would lead to %g",
             value[VARIANCE], er_noise_free(s));
    return status;
}

/* The share of bin k under exp(-L / T). */
static double expected_in(const struct er_wells *w, double temperature, const struct er_wells_theory *theory,
                          int k)
{
    const double width = (w->narrow + w->wide) / BINS;
    double sum = 0;
    for (int i = 0; i < PARTS; i++) {
        const double x = -w->narrow + width * (k + (i + 0.5) / PARTS);
        sum += exp(-(er_wells_loss(w, x) + w->deeper) / temperature);
    }
    return sum / PARTS * width / theory->sum;
}

static enum er_status run_wells(const struct er_noise_spec *s, const struct er_progress *progress,
                                struct er_spread_result *result, struct er_error *err)
{
    const struct er_wells *w = &s->wells;
    const double temperature = er_noise_temperature(s), width = (w->narrow + w->wide) / BINS,
                 end = s->rate * (double)s->steps;
    const struct er_wells_theory theory = er_wells_theory(w, temperature);
    double *value = result->value, count[BINS] = {0}, visits = 0, apart = 0;
    enum er_status status = er_spread_curves(result, "noise", CURVE_COLUMNS, BINS, err);
    if (status == ER_OK) status = er_noise_walk_wells(s, BINS, count, &value[WIDE_SHARE], progress, err);
    if (status != ER_OK) return status;
    for (int k = 0; k < BINS; k++) visits += count[k];
    for (int k = 0; k < BINS; k++) {
        const double x = -w->narrow + width * (k + 0.5), expected = expected_in(w, temperature, &theory, k);
        result->curve[C_X][k] = x;
        result->curve[C_LOSS][k] = er_wells_loss(w, x);
        result->curve[C_DENSITY][k] = count[k] / visits / width;
        result->curve[C_DENSITY_THEORY][k] = expected / width;
        apart += fabs(count[k] / visits - expected);
    }
    result->n_curve = BINS;
    value[WIDE_SHARE_STATIONARY] = theory.wide;
    value[WIDE_SHARE_EXPECTED] = er_wells_share(&theory, 0.9 * end, end);
    value[DENSITY_DISTANCE] = apart / 2;
    result->outcome = "steps";
    return ER_OK;
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_point *point = ctx;
    const struct er_noise_spec s = spec_of(&point[run]);
    result->value[TEMPERATURE] = er_noise_temperature(&s);
    return s.curvature > 0 ? run_quadratic(&s, progress, result, err) : run_wells(&s, progress, result, err);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    (void)places;
    return er_spread_points("noise", compute, point, n, pool, progress, events, err);
}

/* Steps take the same time whatever the settings are, in wells a little more than on a quadratic: tried there. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    const struct er_noise_spec tried = {.rate = 0.1,
                                        .sd = 1,
                                        .batch = 1,
                                        .steps = 100000,
                                        .walkers = 1,
                                        .wells = {.narrow = 1, .wide = 3, .depth = 1}};
    double *cost = er_alloc(n, sizeof *cost), count[BINS] = {0}, wide;
    (void)places;
    if (!cost) return er_fail(err, ER_E_NOMEM, "noise: out of memory for %" PRId64 " runs", n);
    for (int64_t i = 0; i < n; i++) {
        const struct er_noise_spec s = spec_of(&point[i]);
        cost[i] = (double)s.steps * (double)s.walkers;
    }
    const double began = er_clock_s();
    const enum er_status status = er_noise_walk_wells(&tried, BINS, count, &wide, progress, err);
    if (status == ER_OK)
        er_spread_estimate(n, cost, (er_clock_s() - began) / (double)tried.steps,
                           BINS * CURVE_COLUMNS * sizeof(double), pool, out);
    er_free(cost);
    return status;
}

extern const struct er_experiment er_experiment_noise;
const struct er_experiment er_experiment_noise = {
    .name = "noise",
    .help =
        "the noise of stochastic gradients as a temperature: variance at a minimum, wide and narrow wells",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .estimate = estimate,
    .run = run,
};
