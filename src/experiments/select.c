/* select.c - the experiment `select`, the winner's curse: the best of M classifiers that know nothing.
 *
 *     best = min_j (mistakes of classifier j) / n,  averaged over repeats
 *     true_error   mistakes of the chosen classifier on n fresh examples / n, averaged over repeats: 1/2, but for
 *                  sampling, sqrt(1 / (4 n repeats))
 *     expected   E min = (1/n) sum_{k=0}^{n-1} S(k)^M,  S(k) = P(Binomial(n, 1/2) > k), independent classifiers
 *     hoeffding  1/2 - sqrt(ln M / (2 n)):  E min is at least that, for independent classifiers or not
 *
 * The last by Hoeffding's lemma for each classifier and Massart's for the least of M: the mean of the largest of M
 * sub-Gaussian deviations of variance factor 1 / (4 n) is at most sqrt(2 ln M / (4 n)). Source: Mohri, Rostamizadeh and
 * Talwalkar, "Foundations of Machine Learning", 2nd ed., 2018, corollary D.11.
 *
 * `draw: all` draws every answer of every classifier. `draw: least` draws no classifiers but the minimum itself, one
 * number a repeat from the very distribution that `expected` is the mean of: from_expected then tests the random numbers
 * and nothing else. It draws the picture where M is too large to be drawn.
 *
 * Every run has a histogram besides: the errors of all M classifiers of its first repeat, which are drawn in any case.
 */
#include "core/clock.h"
#include "experiments/experiment.h"
#include "experiments/key_rows.h"
#include "experiments/run_progress.h"
#include "experiments/select_draw.h"
#include "experiments/select_estimate.h"
#include "math/binomial.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const struct er_schema_row row[] = {
    MAP("select", NULL, "takes the best of many classifiers that know nothing; the labels are fair coins"),
    INTEGER("select.examples", "examples", 1, ER_SELECT_MOST_EXAMPLES, "100",
            "n: on which classifiers are compared"),
    INTEGER("select.classifiers", "classifiers", 1, 1e7, "1000",
            "M: of which the one with the fewest mistakes is taken"),
    INTEGER("select.repeats", "", 2, 1e6, "1000", "how often, each time with new examples and classifiers"),
    {"select.kind", "", 0, 0, "coin-flips linear", "coin-flips",
     "follows from the map that is given below; write it when all defaults do", ER_SCHEMA_CHOICE, true},
    MAP("select.coin-flips", "kind", "classifiers that ignore the data"),
    {"select.coin-flips.draw", "", 0, 0, "least all", "all",
     "all M classifiers; or none, but the fewest mistakes as one number from their exact distribution",
     ER_SCHEMA_CHOICE, true},
    MAP("select.linear", "kind",
        "random linear classifiers of Gaussian inputs: mistakes that are not independent"),
    INTEGER("select.linear.dimension", "features", 1, 1000, "10", "of the inputs"),
    {0},
};

enum { BEST, STANDARD_ERROR, TRUE_ERROR, GAP, EXPECTED, FROM_EXPECTED, HOEFFDING, ABOVE_BOUND, RUN_COLUMNS };
enum { C_ERROR, C_FREQUENCY, C_EXPECTED, CURVE_COLUMNS };

static const struct er_column run_column[] = {
    [BEST] = {"best_empirical_error", "",
              "least share of mistakes among all classifiers, mean over repeats; with draw: least no "
              "classifiers are drawn, but this number from its distribution",
              false},
    [STANDARD_ERROR] = {"standard_error", "",
                        "of that mean: standard deviation over repeats by the root of their number", false},
    [TRUE_ERROR] = {"true_error", "",
                    "share of mistakes of the chosen classifier on n fresh examples, mean over repeats",
                    false},
    [GAP] = {"gap", "", "true error less the best empirical error", false},
    [EXPECTED] = {"expected", "", "exact mean of the least of M independent binomial shares", false},
    [FROM_EXPECTED] = {"from_expected", "",
                       "best_empirical_error - expected; with draw: least a test of the random numbers alone",
                       false},
    [HOEFFDING] = {"hoeffding_bound", "", "0.5 - sqrt(ln M / (2 n)), which the mean can't be below", false},
    [ABOVE_BOUND] = {"above_bound", "", "best_empirical_error - hoeffding_bound", false},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_ERROR] = {"error", "", "share of mistakes on the n examples", false},
    [C_FREQUENCY] = {"frequency", "classifiers", "classifiers of the first repeat with that share", true},
    [C_EXPECTED] = {"expected_frequency", "classifiers", "how many are expected", true},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line",
     .x = "error",
     .y = "frequency expected_frequency",
     .axes = ER_DEFAULT_NO_AXIS,
     .at_x = "0.5",
     .x_label = "true error"},
    {.mark = "line",
     .x = "error",
     .y = "frequency expected_frequency",
     .axes = ER_DEFAULT_ONE_AXIS,
     .at_x = "0.5",
     .x_label = "true error",
     .slider = "axis"},
    {.mark = "line",
     .x = "error",
     .y = "frequency",
     .colour = "axis",
     .axes = ER_DEFAULT_MORE_AXES,
     .at_x = "0.5",
     .x_label = "true error",
     .slider = "select.classifiers"},
    {.mark = "point",
     .x = "axis",
     .y = "best_empirical_error expected hoeffding_bound",
     .axes = ER_DEFAULT_ONE_AXIS,
     .at_y = "0.5",
     .y_label = "true error"},
    {.mark = "point",
     .x = "axis",
     .y = "best_empirical_error expected hoeffding_bound",
     .axes = ER_DEFAULT_MORE_AXES,
     .at_y = "0.5",
     .y_label = "true error",
     .slider = "other"},
    {0},
};

static const struct er_default_claim claim[] = {
    {.claim = "The best of M coin flips does as well, on average, as the binomial distribution says",
     .rule = "max from_expected is below 0.005 and min from_expected is above -0.005",
     .expected = "within 0.005",
     .without = "select.linear.dimension"},
    {.claim = "On fresh examples the best is as bad as any",
     .rule = "max true_error is below 0.52 and min true_error is above 0.48",
     .expected = "0.5"},
    {.claim = "It stays above what a union bound over M classifiers allows",
     .rule = "min above_bound where classifiers > 1 is above 0",
     .expected = "above 0.5 - sqrt(ln M / (2 n))",
     .source = "Hoeffding, 1963; Massart, 2000",
     .axes = "select.classifiers"},
    {0},
};

static struct er_select select_of(const struct er_point *point)
{
    return (struct er_select){.examples = er_point_integer(point, "select.examples", 1),
                              .classifiers = er_point_integer(point, "select.classifiers", 1),
                              .dimension = er_point_integer(point, "select.linear.dimension", 0),
                              .seed = point->seed};
}

/* What a run computes with. */
struct memory {
    int64_t *least, *fresh; /* mistakes of each repeat's choice: where it was chosen, on fresh examples */
    int64_t *count;         /* of each number of mistakes */
    double *curve[CURVE_COLUMNS]; /* n + 1 each, one block */
    struct er_binomial mistakes;
};

static void memory_clear(struct memory *m)
{
    er_free(m->least);
    er_free(m->fresh);
    er_free(m->count);
    er_free(m->curve[0]);
    er_binomial_clear(&m->mistakes);
}

static enum er_status memory_new(const struct er_select *s, int64_t repeats, struct memory *m,
                                 struct er_error *err)
{
    *m = (struct memory){.least = er_alloc(repeats, sizeof *m->least),
                         .fresh = er_alloc(repeats, sizeof *m->fresh),
                         .count = er_alloc(s->examples + 1, sizeof *m->count)};
    m->curve[0] = er_alloc(s->examples + 1, CURVE_COLUMNS * sizeof **m->curve);
    for (int c = 1; c < CURVE_COLUMNS && m->curve[0]; c++) m->curve[c] = m->curve[0] + c * (s->examples + 1);
    const enum er_status status = er_binomial_new(s->examples, 0.5, &m->mistakes, err);
    if (status == ER_OK && m->least && m->fresh && m->count && m->curve[0]) return ER_OK;
    memory_clear(m);
    return er_fail(err, ER_E_NOMEM, "select: out of memory for %" PRId64 " repeats of %" PRId64 " examples",
                   repeats, s->examples);
}

static void fill_values(const struct er_select *s, int64_t repeats, const struct memory *m,
                        double value[RUN_COLUMNS])
{
    const double n = (double)s->examples, count = (double)repeats;
    double sum = 0, square = 0, fresh = 0;
    for (int64_t r = 0; r < repeats; r++) { /* integers: exact */
        sum += (double)m->least[r];
        fresh += (double)m->fresh[r];
    }
    const double mean = sum / count;
    for (int64_t r = 0; r < repeats; r++)
        square += ((double)m->least[r] - mean) * ((double)m->least[r] - mean);
    value[BEST] = mean / n;
    value[STANDARD_ERROR] = sqrt(square / (count - 1) / count) / n;
    value[TRUE_ERROR] = fresh / count / n;
    value[GAP] = value[TRUE_ERROR] - value[BEST];
    value[EXPECTED] = er_binomial_mean_least(&m->mistakes, s->classifiers) / n;
    value[FROM_EXPECTED] = value[BEST] - value[EXPECTED];
    value[HOEFFDING] = 0.5 - sqrt(log((double)s->classifiers) / (2 * n));
    value[ABOVE_BOUND] = value[BEST] - value[HOEFFDING];
}

/* The histogram from the fewest mistakes to the most; returns how many points. */
static int64_t fill_curve(const struct er_select *s, const struct memory *m)
{
    const int64_t n = s->examples;
    int64_t first = 0, last = n, points = 0;
    while (m->count[first] == 0) first++;
    while (m->count[last] == 0) last--;
    for (int64_t k = first; k <= last; k++, points++) {
        const double below = k > 0 ? exp(m->mistakes.log_below[k - 1]) : 0,
                     here = exp(m->mistakes.log_below[k]);
        const double above = exp(m->mistakes.log_above[k]),
                     before = k > 0 ? exp(m->mistakes.log_above[k - 1]) : 1;
        m->curve[C_ERROR][points] = (double)k / (double)n;
        m->curve[C_FREQUENCY][points] = (double)m->count[k];
        m->curve[C_EXPECTED][points] = (double)s->classifiers * (2 * k < n ? here - below : before - above);
    }
    return points;
}

static enum er_status do_run(const struct er_point *point, int64_t i, struct er_pool *pool,
                             struct er_run_progress *p, const struct er_run_events *events,
                             struct er_error *err)
{
    const struct er_select s = select_of(&point[i]);
    const int64_t repeats = er_point_integer(&point[i], "select.repeats", 2);
    const bool at_once = strcmp(er_point_text(&point[i], "select.coin-flips.draw", ""), "least") == 0;
    const int64_t drawn = at_once ? 1 : repeats; /* repeats of which every classifier is drawn */
    const double began = er_clock_s();
    struct memory m;
    enum er_status status = memory_new(&s, repeats, &m, err);
    if (status != ER_OK) return status;
    er_run_progress_begin(p, (double)drawn * (double)s.classifiers * (double)s.examples *
                                 (double)(s.dimension > 0 ? 2 * s.dimension : 1));
    const struct er_progress progress = er_run_progress_part(p);
    status = er_select_draw(&s, drawn, m.least, m.fresh, m.count, pool, &progress, err);
    if (status == ER_OK) status = er_select_draw_least(&s, drawn, repeats, m.least, m.fresh, &progress, err);
    if (status == ER_OK) {
        double value[RUN_COLUMNS];
        fill_values(&s, repeats, &m, value);
        const struct er_record record = {.outcome = at_once ? "least" : "all",
                                         .note = "",
                                         .n_curve = fill_curve(&s, &m),
                                         .seconds = er_clock_s() - began,
                                         .value = value,
                                         .curve = (const double *const *)m.curve};
        status = events->end(events->ctx, i, &record, err);
    }
    memory_clear(&m);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_run_progress p = {.what = "select", .caller = progress, .runs = n};
    enum er_status status = ER_OK;
    (void)places;
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        const void *state = NULL;
        size_t bytes = 0;
        bool skip = false;
        if (er_progress_stopped(progress)) return er_fail(err, ER_E_STOPPED, "select: interrupted");
        status = events->begin(events->ctx, i, &skip, &state, &bytes, err);
        if (status == ER_OK && !skip) status = do_run(point, i, pool, &p, events, err);
        er_run_progress_end(&p);
    }
    return status;
}

extern const struct er_experiment er_experiment_select;
const struct er_experiment er_experiment_select = {
    .name = "select",
    .help =
        "the winner's curse: the best of many classifiers that know nothing, on its examples and in truth",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .claim = claim,
    .arithmetic = "2",
    .estimate = er_select_estimate,
    .run = run,
};
