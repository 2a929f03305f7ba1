/* tensor.c - the experiment `tensor`: each run completes a tensor of low rank by gradient descent on a sum of
 * rank-one terms, as many as any tensor needs (experiments/cp_descent.h). Descent from near to 0 uses few of
 * them; nothing but where it begins asks for that.
 *
 * The seed of a run draws truth, places and start; runs that differ in the scale of the start alone have the
 * same. Runs are spread over the pool.
 */
#include "experiments/cp_descent.h"

#include "core/clock.h"
#include "experiments/key_rows.h"
#include "experiments/log_steps.h"
#include "experiments/point.h"
#include "experiments/run_spread.h"

#include <ermine/memory.h>
#include <ermine/recovery.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct er_schema_row row[] = {
    MAP("tensor", NULL, "completes a tensor of low rank by descent on a sum of rank-one terms"),
    INTEGER("tensor.order", "", 2, ER_CP_ORDER_MOST, "3", "indices of an entry; 2: a matrix"),
    INTEGER("tensor.side", "", 2, 512, "8", "values of each index"),
    INTEGER("tensor.rank", "terms", 1, 512, "1", "rank-one terms of the truth, whose norm is 1"),
    INTEGER("tensor.observed", "entries", 1, 1e6, "",
            "how many entries are observed; without it 150, of no more than these half"),
    CHOICE("tensor.form", "terms entries", "terms",
           "what descent moves: the vectors of rank-one terms, or each entry by itself"),
    INTEGER("tensor.terms", "terms", 1, 1e6, "",
            "rank-one terms of the sum; without it side^(order - 1), which suffice for any tensor"),
    REAL("tensor.scale", "", 1e-12, 10, "0.01", "standard deviation of every parameter at the beginning"),
    REAL("tensor.rate", "", 1e-12, 10, "0.01",
         "length of a step while the gradient is longer than epsilon (GroupRMSprop)"),
    REAL("tensor.decay", "", 0, 0.999999, "0.99", "of the running mean of the squared gradient norm"),
    REAL("tensor.epsilon", "", 1e-300, 10, "1e-4", "added to its root"),
    REAL("tensor.loss", "", 1e-300, 10, "1e-8",
         "descent ends at or below it: the mean of squared errors of observed entries"),
    INTEGER("tensor.steps", "steps", 1, 1e9, "100000", "at most"),
    INTEGER("tensor.records", "", 1, 100, "20", "records of the curve in a decade of steps"),
    {0},
};

enum { LARGEST = 4 };   /* terms that a curve shows */
enum { USUALLY = 150 }; /* entries observed */

enum { STEPS, LOSS, TEST, NORM, TERM, SECOND, COUNT, RUN_COLUMNS };
enum { C_STEP, C_LOSS, C_TEST, C_COUNT, C_TERM, CURVE_COLUMNS = C_TERM + LARGEST };

static const struct er_column run_column[] = {
    [STEPS] = {"steps", "steps", "steps taken", true},
    [LOSS] = {"train_loss", "", "mean of squared errors of the observed entries", true},
    [TEST] = {"relative_error", "",
              "distance to the truth over the entries that are not observed, divided by its norm there",
              true},
    [NORM] = {"norm", "", "of the whole tensor; the truth's is 1", false},
    [TERM] = {"largest_term", "", "norm of the largest rank-one term", false},
    [SECOND] = {"second_term", "", "norm of the one after it", true},
    [COUNT] = {"effective_terms", "",
               "exponential of the entropy of the terms' shares of the sum of their norms: about how many "
               "are used",
               true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_STEP] = {"step", "steps", "steps so far, from 1", true},
    [C_LOSS] = {"train_loss", "", "mean of squared errors of the observed entries", true},
    [C_TEST] = {"relative_error", "", "relative distance to the truth over the other entries", true},
    [C_COUNT] = {"effective_terms", "", "about how many rank-one terms are used", true},
    [C_TERM] = {"term_1", "", "norm of the largest rank-one term", false},
    [C_TERM + 1] = {"term_2", "", "of the second", false},
    [C_TERM + 2] = {"term_3", "", "of the third", false},
    [C_TERM + 3] = {"term_4", "", "of the fourth", false},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line", .x = "step", .y = "term_1 term_2 term_3 term_4", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "step", .y = "train_loss relative_error", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "line", .x = "axis", .y = "relative_error", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "line", .x = "axis", .y = "effective_terms", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "line", .x = "axis", .y = "relative_error", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {.mark = "line", .x = "axis", .y = "effective_terms", .colour = "other", .axes = ER_DEFAULT_MORE_AXES},
    {0},
};

static const struct er_default_claim claim[] = {
    {.claim = "A smaller start is nearer to the truth, with fewer terms",
     .rule =
         "median relative_error never falls along tensor.scale by more than 0.1 and median effective_terms "
         "never falls along tensor.scale by more than 0.5",
     .source = "Razin, Maman and Cohen 2021",
     .axes = "tensor.scale",
     .alone = true,
     .without = "tensor.form"},
    {0},
};

static struct er_cp_spec spec_of(const struct er_point *point)
{
    const int64_t order = er_point_integer(point, "tensor.order", 3),
                  side = er_point_integer(point, "tensor.side", 8), entries = er_cp_entries(order, side),
                  usual = entries > USUALLY || entries == 0 ? USUALLY : entries / 2;
    return (struct er_cp_spec){.order = order,
                               .side = side,
                               .rank = er_point_integer(point, "tensor.rank", 1),
                               .observed = er_point_integer(point, "tensor.observed", usual),
                               .linear = strcmp(er_point_text(point, "tensor.form", ""), "entries") == 0,
                               .terms =
                                   er_point_integer(point, "tensor.terms", er_cp_entries(order - 1, side)),
                               .start = er_point_real(point, "tensor.scale", 0),
                               .rate = er_point_real(point, "tensor.rate", 0),
                               .decay = er_point_real(point, "tensor.decay", 0),
                               .epsilon = er_point_real(point, "tensor.epsilon", 1),
                               .seed = point->seed};
}

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_cp_spec s = spec_of(point);
    const int64_t entries = er_cp_entries(s.order, s.side);
    (void)places;
    if (entries == 0)
        return er_point_fail(point, "tensor.side", err,
                             "%" PRId64 "^%" PRId64 " entries are too many; there may be %d", s.side, s.order,
                             ER_CP_ENTRIES_MOST);
    if (s.observed > entries)
        return er_point_fail(point, "tensor.observed", err,
                             "%" PRId64 " is more than the %" PRId64 " entries", s.observed, entries);
    if (s.linear && er_point_get(point, "tensor.terms"))
        return er_point_fail(point, "tensor.terms", err, "tensor.form = entries has none");
    if (s.terms > ER_CP_ENTRIES_MOST)
        return er_point_fail(point, "tensor.terms", err, "%" PRId64 " is above %d", s.terms,
                             ER_CP_ENTRIES_MOST);
    return ER_OK;
}

/* What is shown of a moment: its curve's columns, and the norm. Of separate entries no terms are known. */
static void measure(struct er_cp *t, double *scratch, double at[CURVE_COLUMNS], double *norm)
{
    at[C_STEP] = (double)t->step;
    at[C_LOSS] = t->loss;
    er_cp_errors(t, &at[C_TEST], norm);
    for (int c = C_COUNT; c < CURVE_COLUMNS; c++) at[c] = (double)NAN;
    if (t->spec.linear) return;
    er_cp_terms(t, scratch);
    at[C_COUNT] = er_effective_rank(t->spec.terms, scratch);
    for (int64_t i = 0; i < LARGEST && i < t->spec.terms; i++) at[C_TERM + i] = scratch[i];
}

static enum er_status descend(const struct er_point *point, struct er_cp *t, double *scratch,
                              const struct er_progress *progress, struct er_spread_result *result,
                              struct er_error *err)
{
    const int64_t most = er_point_integer(point, "tensor.steps", 1),
                  per_decade = er_point_integer(point, "tensor.records", 1);
    const double enough = er_point_real(point, "tensor.loss", 0);
    double at[CURVE_COLUMNS], norm = 0;
    while (t->step < most && t->loss > enough) {
        const enum er_status status =
            er_cp_until(t, er_log_step_after(t->step, per_decade, most), enough, progress, err);
        if (status != ER_OK) return status;
        if (!isfinite(t->loss)) {
            result->outcome = "diverged";
            result->value[STEPS] = (double)t->step;
            snprintf(result->note, sizeof result->note, "the loss is not finite after step %" PRId64,
                     t->step);
            return ER_OK;
        }
        measure(t, scratch, at, &norm);
        for (int c = 0; c < CURVE_COLUMNS; c++) result->curve[c][result->n_curve] = at[c];
        result->n_curve++;
    }
    measure(t, scratch, at, &norm);
    result->outcome = t->loss <= enough ? "train_loss" : "steps";
    result->value[STEPS] = at[C_STEP];
    result->value[LOSS] = at[C_LOSS];
    result->value[TEST] = at[C_TEST];
    result->value[NORM] = norm;
    result->value[TERM] = at[C_TERM];
    result->value[SECOND] = at[C_TERM + 1];
    result->value[COUNT] = at[C_COUNT];
    return ER_OK;
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_point *point = (const struct er_point *)ctx + run;
    const struct er_cp_spec spec = spec_of(point);
    struct er_cp t = {0};
    double *scratch = er_alloc(spec.terms, sizeof *scratch);
    enum er_status status =
        scratch ? er_cp_open(&spec, &t, err)
                : er_fail(err, ER_E_NOMEM, "tensor: out of memory for %" PRId64 " terms", spec.terms);
    if (status == ER_OK)
        status = er_spread_curves(result, "tensor", CURVE_COLUMNS,
                                  er_log_steps_most(er_point_integer(point, "tensor.records", 1),
                                                    er_point_integer(point, "tensor.steps", 1)),
                                  err);
    if (status == ER_OK) status = descend(point, &t, scratch, progress, result, err);
    er_cp_clear(&t);
    er_free(scratch);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    (void)places;
    return er_spread_points("tensor", compute, point, n, pool, progress, events, err);
}

/* Products of a step: each observed entry, each factor, each term, and as many back. */
static double products(const struct er_cp_spec *s)
{
    return (double)s->observed * (s->linear ? 1 : (double)(s->order * s->terms));
}

/* As long as the most steps; runs that come to their loss earlier take less. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    enum { TRIED = 1000 };
    const struct er_cp_spec spec = {.order = 3,
                                    .side = 8,
                                    .rank = 1,
                                    .observed = 150,
                                    .terms = 64,
                                    .start = 0.01,
                                    .rate = 1e-12,
                                    .epsilon = 1};
    struct er_cp t = {0};
    double *cost = er_alloc(n, sizeof *cost), bytes = 0;
    (void)places;
    if (!cost) return er_fail(err, ER_E_NOMEM, "tensor: out of memory for %" PRId64 " runs", n);
    for (int64_t i = 0; i < n; i++) {
        const struct er_cp_spec s = spec_of(&point[i]);
        cost[i] = (double)er_point_integer(&point[i], "tensor.steps", 1) * products(&s);
        bytes = fmax(bytes, 16.0 * (double)(s.linear ? 0 : s.order * s.side * s.terms) +
                                40.0 * (double)er_cp_entries(s.order, s.side));
    }
    enum er_status status = er_cp_open(&spec, &t, err);
    const double began = er_clock_s();
    if (status == ER_OK) status = er_cp_until(&t, TRIED, 0, progress, err);
    if (status == ER_OK)
        er_spread_estimate(n, cost, (er_clock_s() - began) / (TRIED * products(&spec)), bytes, pool, out);
    er_cp_clear(&t);
    er_free(cost);
    return status;
}

extern const struct er_experiment er_experiment_tensor;
const struct er_experiment er_experiment_tensor = {
    .name = "tensor",
    .help = "completes a tensor by descent on a sum of rank-one terms: from near to 0 it uses few of them",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .claim = claim,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
