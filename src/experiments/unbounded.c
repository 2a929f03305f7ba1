/* unbounded.c - the experiment `unbounded`: each run completes a 2 x 2 matrix by gradient descent on a product of matrices
 * (experiments/unbounded_descent.h). There is no smallest norm that it could tend to: all of them grow without a bound as
 * the loss falls, and the rank falls.
 *
 * Nothing is drawn: a run is a function of its settings. Runs are spread over the pool.
 */
#include "experiments/unbounded_descent.h"

#include "core/clock.h"
#include "experiments/key_rows.h"
#include "experiments/log_steps.h"
#include "experiments/run_spread.h"

#include <ermine/memory.h>
#include <ermine/recovery.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct er_schema_row row[] = {
    MAP("unbounded", NULL,
        "completes a 2 x 2 matrix by descent on a product: its norms grow without a bound"),
    INTEGER("unbounded.depth", "factors", 1, ER_UNBOUNDED_MOST, "2", "how many matrices the product has"),
    REAL("unbounded.alpha", "", 1e-12, 10, "0.01",
         "the product at the beginning is alpha times the identity"),
    CHOICE("unbounded.start", "positive negative", "positive",
           "sign of the determinant at the beginning; negative: one diagonal entry is turned, and the loss "
           "can reach 0"),
    REAL("unbounded.w12", "", -10, 10, "1", "the entry given at row 1, column 2; w21 is 1"),
    REAL("unbounded.w22", "", -10, 10, "0",
         "the entry given at row 2, column 2; above 0 the free entry stays below w12 / w22, below 0 the loss "
         "stays above w22^2 / 2"),
    REAL("unbounded.rate", "", 1e-12, 1, "0.009",
         "learning rate, on half the sum of squared errors; larger ones let the determinant change its sign"),
    REAL("unbounded.loss", "", 1e-12, 10, "5e-4", "descent ends at or below it"),
    INTEGER("unbounded.steps", "steps", 1, 1e9, "5000000", "at most"),
    INTEGER("unbounded.records", "", 1, 100, "20", "records of the curve in a decade of steps"),
    {0},
};

enum { STEPS, LOSS, W11, LAW, DETERMINANT, NUCLEAR, RANK, RUN_COLUMNS };
enum { C_STEP, C_LOSS, C_W11, C_EXPECTED, C_LAW, C_DETERMINANT, C_NUCLEAR, C_RANK, CURVE_COLUMNS };

static const struct er_column run_column[] = {
    [STEPS] = {"steps", "steps", "steps taken", true},
    [LOSS] = {"train_loss", "", "half the sum of squared errors of the three given entries", true},
    [W11] = {"free_entry", "", "the entry that is not given, w11", true},
    [LAW] = {"law", "",
             "w11 (w22 + the root of twice the loss) / w12, of given w12 and w22: tends to 1 from a positive "
             "start",
             false},
    [DETERMINANT] = {"determinant", "", "of the product; w11 w22 - w12 of what is given where the loss is 0",
                     false},
    [NUCLEAR] = {"nuclear_norm", "", "sum of the singular values", true},
    [RANK] = {"effective_rank", "", "exponential of the entropy of the singular values' shares", false},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_STEP] = {"step", "steps", "steps so far, from 1", true},
    [C_LOSS] = {"train_loss", "", "half the sum of squared errors of the three given entries", true},
    [C_W11] = {"free_entry", "", "the entry that is not given, w11", true},
    [C_EXPECTED] = {"free_entry_theory", "", "w12 / (w22 + the root of twice the loss)", true},
    [C_LAW] = {"law", "", "free_entry / free_entry_theory", false},
    [C_DETERMINANT] = {"determinant", "", "of the product", false},
    [C_NUCLEAR] = {"nuclear_norm", "", "sum of the singular values", true},
    [C_RANK] = {"effective_rank", "", "exponential of the entropy of the singular values' shares", false},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "train_loss", .y = "free_entry free_entry_theory", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "train_loss", .y = "free_entry", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "line", .x = "step", .y = "effective_rank", .colour = "axis", .axes = ER_DEFAULT_ANY_AXES},
    {0},
};

static struct er_unbounded start_of(const struct er_point *point)
{
    return er_unbounded_start(er_point_integer(point, "unbounded.depth", 1),
                              er_point_real(point, "unbounded.alpha", 1),
                              strcmp(er_point_text(point, "unbounded.start", ""), "negative") != 0,
                              er_point_real(point, "unbounded.rate", 0),
                              (struct er_unbounded_given){.w12 = er_point_real(point, "unbounded.w12", 1),
                                                          .w22 = er_point_real(point, "unbounded.w22", 0)});
}

/* What is shown of a moment: its curve's columns. */
static void measure(const struct er_unbounded *u, double at[CURVE_COLUMNS])
{
    const double *w = u->product.w, expected = er_unbounded_theory(u);
    double s[2];
    er_square_singular_values(&u->product, s);
    at[C_STEP] = (double)u->step;
    at[C_LOSS] = u->loss;
    at[C_W11] = w[0];
    at[C_EXPECTED] = expected;
    at[C_LAW] = w[0] / expected;
    at[C_DETERMINANT] = er_unbounded_determinant(u);
    at[C_NUCLEAR] = s[0] + s[1];
    at[C_RANK] = er_effective_rank(2, s);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_point *point = (const struct er_point *)ctx + run;
    const int64_t most = er_point_integer(point, "unbounded.steps", 1),
                  per_decade = er_point_integer(point, "unbounded.records", 1);
    const double enough = er_point_real(point, "unbounded.loss", 0);
    struct er_unbounded u = start_of(point);
    double at[CURVE_COLUMNS];
    enum er_status status =
        er_spread_curves(result, "unbounded", CURVE_COLUMNS, er_log_steps_most(per_decade, most), err);
    while (status == ER_OK && u.step < most && u.loss > enough && isfinite(u.loss)) {
        status = er_unbounded_until(&u, er_log_step_after(u.step, per_decade, most), enough, progress, err);
        if (status != ER_OK || !isfinite(u.loss)) break;
        measure(&u, at);
        for (int c = 0; c < CURVE_COLUMNS; c++) result->curve[c][result->n_curve] = at[c];
        result->n_curve++;
    }
    if (status != ER_OK) return status;
    result->value[STEPS] = (double)u.step;
    result->outcome = u.loss <= enough ? "train_loss" : "steps";
    if (!isfinite(u.loss)) {
        result->outcome = "diverged";
        snprintf(result->note, sizeof result->note, "the loss is not finite after step %lld",
                 (long long)u.step);
        return ER_OK;
    }
    measure(&u, at);
    result->value[LOSS] = at[C_LOSS];
    result->value[W11] = at[C_W11];
    result->value[LAW] = at[C_LAW];
    result->value[DETERMINANT] = at[C_DETERMINANT];
    result->value[NUCLEAR] = at[C_NUCLEAR];
    result->value[RANK] = at[C_RANK];
    return ER_OK;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    (void)places;
    return er_spread_points("unbounded", compute, point, n, pool, progress, events, err);
}

/* As long as the most steps; runs that come to their loss earlier take less. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    enum { TRIED = 100000 };
    struct er_unbounded u = er_unbounded_start(2, 0.01, true, 1e-12, (struct er_unbounded_given){1, 0});
    double *cost = er_alloc(n, sizeof *cost);
    (void)places;
    if (!cost) return er_fail(err, ER_E_NOMEM, "unbounded: out of memory for %lld runs", (long long)n);
    for (int64_t i = 0; i < n; i++)
        cost[i] = (double)(er_point_integer(&point[i], "unbounded.steps", 1) *
                           er_point_integer(&point[i], "unbounded.depth", 1)) /
                  2;
    const double began = er_clock_s();
    const enum er_status status = er_unbounded_until(&u, TRIED, 0, progress, err);
    if (status == ER_OK) er_spread_estimate(n, cost, (er_clock_s() - began) / TRIED, 1e5, pool, out);
    er_free(cost);
    return status;
}

extern const struct er_experiment er_experiment_unbounded;
const struct er_experiment er_experiment_unbounded = {
    .name = "unbounded",
    .help = "completes a 2 x 2 matrix by descent on a product of matrices: every norm grows, the rank falls",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .estimate = estimate,
    .run = run,
};
