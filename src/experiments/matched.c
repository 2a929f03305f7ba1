/* matched.c - the experiment `matched`: minima that a sampler finds without training, and minima of training, compared
 * where their margins are alike.
 *
 * In each run, for each of some training sets of the same size: minima of the sampler `minima.sampler`, and minima of
 * as many trainings as `matched.trainings` says, from seeds of their own. Minima of all training sets are put together
 * in bins of their margin (<ermine/minima.h>) between the edges `matched.edges`, and below and above them. Only minima
 * with training error 0 count. A bin is matched when it has `matched.least` minima of both kinds.
 *
 *     largest_difference = max over matched bins |mean test error of the sampler's - of training's|
 *     rank_correlation   = Spearman's, of bin and mean test error of the sampler's minima, over bins with `least`
 *
 * So the claim that training has no bias beyond the volume of minima is asked under its condition: a sampler's minima
 * have margins of their own size, and means over all of them compare margins more than samplers. Training set s has
 * data.seed + s 2^32 for its seed.
 *
 * Source: P. Chiang et al., "Loss landscapes are all you need: neural network generalization can be explained without the
 * implicit bias of gradient descent", ICLR 2023, which bins by normalised loss; the margin orders minima of a few
 * examples in the same way.
 */
#include "experiments/matched.h"

#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/key_rows.h"
#include "experiments/minima_estimate.h"
#include "experiments/minima_keys.h"
#include "experiments/train_member.h"
#include "minima/sampler.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum {
    SAMPLED_FOUND,
    TRAINED_FOUND,
    ACCEPTANCE,
    SAMPLED_ERROR,
    TRAINED_ERROR,
    SAMPLED_MARGIN,
    TRAINED_MARGIN,
    MATCHED_BINS,
    LARGEST_DIFFERENCE,
    RANK_CORRELATION,
    RUN_COLUMNS
};
enum {
    C_BIN,
    C_MARGIN,
    C_SAMPLED_FOUND,
    C_SAMPLED_ERROR,
    C_TRAINED_FOUND,
    C_TRAINED_ERROR,
    C_DIFFERENCE,
    C_STANDARD_ERROR,
    CURVE_COLUMNS
};
enum { SAMPLED, TRAINED, KINDS = ER_SITTING_KINDS };

static const struct er_column run_column[] = {
    [SAMPLED_FOUND] = {"sampled_found", "", "minima that the sampler found", true},
    [TRAINED_FOUND] = {"trained_found", "", "trainings that ended without a training error", false},
    [ACCEPTANCE] = {"acceptance", "", "the sampler's minima as a share of the weights that it looked at",
                    true},
    [SAMPLED_ERROR] = {"sampled_error", "", "mean test error of the sampler's minima, of any margin", false},
    [TRAINED_ERROR] = {"trained_error", "", "mean test error of minima of training, of any margin", false},
    [SAMPLED_MARGIN] = {"sampled_margin", "", "mean normalised margin of the sampler's minima", true},
    [TRAINED_MARGIN] = {"trained_margin", "", "mean normalised margin of minima of training", true},
    [MATCHED_BINS] = {"matched_bins", "", "bins of the margin with enough minima of both kinds", false},
    [LARGEST_DIFFERENCE] = {"largest_difference", "",
                            "of mean test errors of the two kinds within a matched bin; missing without one",
                            false},
    [RANK_CORRELATION] = {"rank_correlation", "",
                          "Spearman's, of the margin's bin and the mean test error of the sampler's minima",
                          false},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_BIN] = {"bin", "", "number of the bin of margins, from 0: below the first edge", false},
    [C_MARGIN] =
        {"margin", "",
         "geometric middle of the bin of normalised margins; half and twice the edge of the outer ones",
         true},
    [C_SAMPLED_FOUND] = {"bin_sampled", "", "minima of the sampler in the bin", true},
    [C_SAMPLED_ERROR] = {"bin_sampled_error", "",
                         "their mean test error; missing where they are fewer than matched.least", false},
    [C_TRAINED_FOUND] = {"bin_trained", "", "minima of training in the bin", true},
    [C_TRAINED_ERROR] = {"bin_trained_error", "", "their mean test error, likewise", false},
    [C_DIFFERENCE] = {"bin_difference", "", "mean test error of the sampler's less that of training's",
                      false},
    [C_STANDARD_ERROR] = {"bin_standard_error", "", "of that difference, minima taken as independent", false},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "point", .x = "margin", .y = "bin_sampled_error bin_trained_error", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "point", .x = "axis", .y = "sampled_error trained_error", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

static const struct er_schema_row row[] = {
    MAP("matched", NULL,
        "compares minima of a sampler with minima of training where their margins are alike"),
    INTEGER("matched.subsets", "", 1, 1000, "4", "training sets whose minima are put together"),
    INTEGER("matched.trainings", "", 1, 100000, "60", "trainings on each of them"),
    {"matched.edges", "", 0, 0, NULL, "0.005 0.01 0.02 0.03 0.05 0.08 0.2 1 5",
     "edges of the bins of normalised margins, rising, blanks between", ER_SCHEMA_TEXT, true},
    INTEGER("matched.least", "minima", 1, 100000, "31", "of each kind, in a bin that is compared"),
    {0},
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_setting *keep = er_point_get(point, "train.keep"),
                            *sampler = er_point_get(point, "minima.sampler");
    enum er_status status = er_train_member_check(point, places, err);
    if (status != ER_OK) return status;
    if (er_minima_keys_train(point) || strcmp(er_point_text(point, "minima.sampler", ""), "langevin") == 0)
        return er_fail_at(
            err, ER_E_INPUT, NULL, sampler ? sampler->line : 0, sampler ? sampler->column : 0,
            "minima.sampler: minima of training are compared with those of a sampler that looks "
            "at no gradient: guess, prior, pattern or greedy");
    status = er_minima_keys_check(point, er_minima_keys_sampler(point), "minima.sampler", err);
    if (status != ER_OK) return status;
    const struct er_setting *text = er_point_get(point, "matched.edges");
    struct er_matched_edges edges;
    struct er_error why = {0};
    if (text && er_matched_edges_read(text->text, &edges, &why) != ER_OK)
        return er_fail_at(err, ER_E_INPUT, NULL, text->line, text->column, "matched.edges: %s", why.msg);
    if (keep)
        return er_fail_at(err, ER_E_INPUT, NULL, keep->line, keep->column,
                          "train.keep: matched studies keep no networks");
    return ER_OK;
}

static enum er_status values(void *ctx, const struct er_minimum *minimum, double value[ER_ASKED_VALUES],
                             struct er_error *err)
{
    (void)ctx;
    (void)err;
    value[ER_MATCHED_MARGIN] = minimum->margin;
    value[ER_MATCHED_ERROR] = minimum->test_error;
    return ER_OK;
}

/* Minima of both kinds on training set `subset`, but for those that a checkpoint has. */
static enum er_status ask(const struct er_point *point, int64_t subset, const struct er_data_places *places,
                          struct er_pool *pool, struct er_asked_progress *progress,
                          struct er_sitting *sitting, struct er_error *err)
{
    struct er_data_spec spec = er_data_keys_spec(point);
    struct er_split split = {0};
    struct er_net *net = NULL;
    struct er_error why = {0};
    const int64_t trainings = er_point_integer(point, "matched.trainings", 1);
    spec.seed += (uint64_t)subset << 32;
    if (er_data_open(&spec, places, &split, &why) != ER_OK) return er_data_keys_fail(point, &why, err);
    enum er_status status = er_train_member_net(point, split.train.shape, split.train.classes, &net, err);
    const struct er_asking asking[KINDS] = {
        {point, &split, net, er_minima_keys_sampler(point), subset, 1, values, NULL},
        {point, &split, net, er_sampler_find("sgd"), subset * trainings, trainings, values, NULL}};
    while (status == ER_OK && sitting->calls < KINDS * (subset + 1)) {
        const int kind = (int)(sitting->calls % KINDS);
        progress->part = sitting->calls;
        const struct er_progress part = er_asked_progress_part(progress);
        status = er_asked_find(&asking[kind], sitting, kind, pool, &part, err);
    }
    er_net_free(net);
    er_split_clear(&split);
    return status;
}

static double mean(const struct er_asked *asked, int which)
{
    double sum = 0;
    for (int64_t i = 0; i < asked->n; i++) sum += asked->row[i].value[which];
    return asked->n > 0 ? sum / (double)asked->n : (double)NAN;
}

static void fill_values(const struct er_asked *kind, const struct er_matched *matched,
                        double value[RUN_COLUMNS])
{
    value[SAMPLED_FOUND] = (double)kind[SAMPLED].n;
    value[TRAINED_FOUND] = (double)kind[TRAINED].n;
    value[ACCEPTANCE] = (double)kind[SAMPLED].n / (double)kind[SAMPLED].tried;
    value[SAMPLED_ERROR] = mean(&kind[SAMPLED], ER_MATCHED_ERROR);
    value[TRAINED_ERROR] = mean(&kind[TRAINED], ER_MATCHED_ERROR);
    value[SAMPLED_MARGIN] = mean(&kind[SAMPLED], ER_MATCHED_MARGIN);
    value[TRAINED_MARGIN] = mean(&kind[TRAINED], ER_MATCHED_MARGIN);
    value[MATCHED_BINS] = (double)matched->matched;
    value[LARGEST_DIFFERENCE] = matched->largest_difference;
    value[RANK_CORRELATION] = matched->correlation;
}

/* Means of a few minima would look like any other in a figure: they are left out. */
static void fill_curve(const struct er_matched *matched, int64_t least, double *block,
                       const double *curve[CURVE_COLUMNS])
{
    const int64_t n = matched->n;
    for (int k = 0; k < CURVE_COLUMNS; k++) curve[k] = block + k * n;
    for (int64_t i = 0; i < n; i++) {
        const struct er_matched_bin *bin = &matched->bin[i];
        double error[KINDS];
        for (int k = 0; k < KINDS; k++) error[k] = bin->count[k] >= least ? bin->error[k] : (double)NAN;
        const double difference = error[SAMPLED] - error[TRAINED],
                     standard_error = hypot(bin->standard_error[SAMPLED], bin->standard_error[TRAINED]);
        const double values[CURVE_COLUMNS] = {[C_BIN] = (double)i,
                                              [C_MARGIN] = bin->margin,
                                              [C_SAMPLED_FOUND] = (double)bin->count[SAMPLED],
                                              [C_SAMPLED_ERROR] = error[SAMPLED],
                                              [C_TRAINED_FOUND] = (double)bin->count[TRAINED],
                                              [C_TRAINED_ERROR] = error[TRAINED],
                                              [C_DIFFERENCE] = difference,
                                              [C_STANDARD_ERROR] =
                                                  isnan(difference) ? (double)NAN : standard_error};
        for (int k = 0; k < CURVE_COLUMNS; k++) block[k * n + i] = values[k];
    }
}

static enum er_status end_run(const struct er_point *point, const struct er_sitting *sitting,
                              struct er_error *err)
{
    const struct er_asked *kind = sitting->asked;
    struct er_matched_edges edges;
    struct er_matched matched;
    double value[RUN_COLUMNS];
    double block[CURVE_COLUMNS * (ER_MATCHED_EDGES + 1)];
    const double *curve[CURVE_COLUMNS];
    enum er_status status = er_matched_edges_read(er_point_text(point, "matched.edges", ""), &edges, err);
    if (status != ER_OK) return status;
    const int64_t least = er_point_integer(point, "matched.least", 1);
    er_matched_fill(kind, &edges, least, &matched);
    fill_values(kind, &matched, value);
    fill_curve(&matched, least, block, curve);
    const struct er_record record = {.outcome = matched.matched > 0 ? "matched" : "apart",
                                     .note = "",
                                     .seconds = er_sitting_seconds(sitting),
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = matched.n};
    return sitting->events->end(sitting->events->ctx, sitting->run, &record, err);
}

static enum er_status run_one(const struct er_point *point, int64_t number,
                              const struct er_data_places *places, struct er_pool *pool,
                              struct er_asked_progress *progress, const struct er_run_events *events,
                              struct er_error *err)
{
    struct er_sitting sitting = {.events = events, .run = number};
    const int64_t subsets = er_point_integer(point, "matched.subsets", 1);
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = events->begin(events->ctx, number, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    status = er_sitting_begin(&sitting, state, bytes, err);
    progress->parts = KINDS * subsets;
    for (int64_t s = sitting.calls / KINDS; s < subsets && status == ER_OK; s++)
        status = ask(point, s, places, pool, progress, &sitting, err);
    if (status == ER_OK) status = end_run(point, &sitting, err);
    er_sitting_clear(&sitting);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_asked_progress counted = {.what = "matched", .caller = progress, .runs = n};
    enum er_status status = ER_OK;
    while (counted.run < n && status == ER_OK) {
        status = run_one(&point[counted.run], counted.run, places, pool, &counted, events, err);
        er_asked_progress_end(&counted);
    }
    return status;
}

static struct er_minima_amount amount(const struct er_point *point)
{
    const int64_t subsets = er_point_integer(point, "matched.subsets", 1);
    return (struct er_minima_amount){.sampler = er_minima_keys_sampler(point),
                                     .searches = subsets,
                                     .trainings = subsets * er_point_integer(point, "matched.trainings", 1)};
}

static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    return er_minima_estimate_amounts(point, n, amount, places, pool, progress, out, err);
}

extern const struct er_experiment er_experiment_matched;
const struct er_experiment er_experiment_matched = {
    .name = "matched",
    .help =
        "minima found without gradients beside minima of training, in bins of their margin: what of their "
        "quality is training's own",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train minima",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
