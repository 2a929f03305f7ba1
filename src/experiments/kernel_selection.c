/* kernel_selection.c - the experiment `kernel-selection`: each run is the choice of a kernel for one table
 * (kernel_selection_run.h). Runs take one thread each.
 */
#include "experiments/data_fixed.h"
#include "experiments/data_groups.h"
#include "experiments/experiment.h"
#include "experiments/kernel_selection_run.h"
#include "experiments/key_rows.h"
#include "experiments/point.h"
#include "experiments/spread_groups.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define KEY "kernel-selection"

static const struct er_schema_row row[] = {
    MAP(KEY, NULL,
        "support vector machines on a table: kernel and penalty are chosen on one half of its rows, and "
        "judged by "
        "cross-validation on all"),
    CHOICE(KEY ".get", "ntk nngp gaussian", "ntk",
           "kernels to choose from: of fully connected ReLU networks of infinite width, trained or with "
           "their last "
           "layer alone; Gaussian ones"),
    INTEGER(KEY ".depth", "layers", 1, 32, "5",
            "networks have 1 to so many layers with weights; of each, the first 0, 1, ... are fixed (ntk)"),
    INTEGER(KEY ".folds", "folds", 2, 100, "4", "of the cross-validation"),
    {0},
};

enum {
    VALIDATION_ERROR,
    TEST_ERROR,
    TEST_ACCURACY,
    SPREAD,
    LAYERS,
    FIXED,
    RATE,
    PENALTY,
    UNFINISHED,
    RUN_COLUMNS
};

static const struct er_column run_column[] = {
    [VALIDATION_ERROR] = {"validation_error", "",
                          "share of the other half predicted wrongly, of the chosen kernel", false},
    [TEST_ERROR] = {"test_error", "", "share of rows predicted wrongly, mean over the folds", false},
    [TEST_ACCURACY] = {"test_accuracy", "", "share of rows predicted rightly, mean over the folds", false},
    [SPREAD] = {"fold_spread", "", "standard deviation of the error over the folds", false},
    [LAYERS] = {"layers", "", "layers with weights of the chosen network", false},
    [FIXED] = {"fixed", "", "how many of them, from the data on, are not trained", false},
    [RATE] = {"rate", "", "of the chosen Gaussian kernel", true},
    [PENALTY] = {"penalty", "", "the chosen C", true},
    [UNFINISHED] = {"unfinished", "",
                    "machines that did not reach their tolerance within 10^6 steps, of all that were "
                    "fitted",
                    false},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {{0}};

static const struct er_default_figure figure[] = {
    {.mark = "bar", .x = "axis", .y = "test_accuracy", .colour = "other", .axes = ER_DEFAULT_SOME_AXES},
    {0},
};

static struct er_selection_spec spec_of(const struct er_point *point)
{
    const char *get = er_point_text(point, KEY ".get", "ntk");
    return (struct er_selection_spec){.kernel = strcmp(get, "gaussian") == 0 ? ER_SELECTION_GAUSSIAN
                                                : strcmp(get, "nngp") == 0   ? ER_SELECTION_NNGP
                                                                             : ER_SELECTION_NTK,
                                      .depth = er_point_integer(point, KEY ".depth", 1),
                                      .folds = er_point_integer(point, KEY ".folds", 2),
                                      .seed = point->seed};
}

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    return er_data_fixed_check(point, KEY, err);
}

/* Two rows a fold, of the table that has been read. */
static enum er_status check_rows(const struct er_point *point, const struct er_split *split,
                                 struct er_error *err)
{
    const int64_t rows = split->train.n + split->test.n, folds = spec_of(point).folds;
    if (rows >= 2 * folds) return ER_OK;
    return er_point_fail(point, KEY ".folds", err, "%" PRId64 " rows are too few for %" PRId64 " folds", rows,
                         folds);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_group_runs *s = ctx;
    const struct er_selection_spec spec = spec_of(&s->point[run]);
    const bool network = spec.kernel != ER_SELECTION_GAUSSIAN;
    struct er_selection_result r;
    enum er_status status = check_rows(&s->point[run], s->split, err);
    if (status == ER_OK) status = er_selection_run(&spec, s->split, progress, &r, err);
    if (status != ER_OK) return status;
    result->outcome = "chosen";
    result->value[VALIDATION_ERROR] = r.validation_error;
    result->value[TEST_ERROR] = r.test_error;
    result->value[TEST_ACCURACY] = 1 - r.test_error;
    result->value[SPREAD] = r.spread;
    result->value[LAYERS] = network ? (double)r.layers : (double)NAN;
    result->value[FIXED] = spec.kernel == ER_SELECTION_NTK ? (double)r.fixed : (double)NAN;
    result->value[RATE] = network ? (double)NAN : r.rate;
    result->value[PENALTY] = r.penalty;
    result->value[UNFINISHED] = (double)r.unfinished;
    return ER_OK;
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct er_group_runs *s = ctx;
    (void)run;
    return er_selection_bytes(s->split);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    static const struct er_group_work work = {.what = KEY, .compute = compute, .bytes = bytes_of};
    return er_spread_groups(&work, point, n, places, pool, progress, events, err);
}

/* Runs of a group that choose from the same kernels take the same time, which is tried for each. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    struct er_data_groups groups = {0};
    double bytes = 0, *cost = er_alloc(n, sizeof *cost);
    enum er_status status = cost ? er_data_groups_new(point, n, &groups, err)
                                 : er_fail(err, ER_E_NOMEM, KEY ": out of memory for %" PRId64 " runs", n);
    for (int64_t g = 0, next; status == ER_OK && g < groups.n; g++) {
        const struct er_data_group *group = &groups.group[g];
        double seconds[ER_SELECTION_GAUSSIAN + 1] = {0};
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        if (status == ER_OK) bytes = fmax(bytes, er_selection_bytes(&group->split));
        for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
            const struct er_selection_spec spec = spec_of(&point[group->run[i]]);
            double *its = &seconds[spec.kernel];
            status = check_rows(&point[group->run[i]], &group->split, err);
            if (status == ER_OK && *its == 0)
                status = er_selection_time(&spec, &group->split, progress, its, err);
            cost[group->run[i]] = *its;
        }
        er_data_groups_release(&groups, g, g + 1);
    }
    if (status == ER_OK) er_spread_estimate(n, cost, 1, bytes, pool, out);
    er_data_groups_clear(&groups);
    er_free(cost);
    return status;
}

extern const struct er_experiment er_experiment_kernel_selection;
const struct er_experiment er_experiment_kernel_selection = {
    .name = KEY,
    .help = "chooses a kernel for a table by validation: tangent kernels of fully connected networks, or "
            "Gaussian ones",
    .shares = ER_SHARES_DATA,
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
