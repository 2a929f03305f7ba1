/* slice.c - the experiment `slice`: loss and errors over a plane through minima of one model on one training set.
 *
 * A, B and C are found by samplers from different seeds (number 0, 1 and 2 of the run's); with B and C none the plane
 * lies along two random, filter-normalised directions around A; with C none it is the line through A and B. At every
 * point of a grid: loss and errors over the training and the test set, by which it is green (training error 0), magenta
 * (test error at or below a threshold), both or neither (slice_run.c). A plane through minima is a chosen view, not a
 * typical one: a random plane through one minimum shows a single bowl.
 *
 * The threshold, unless written: the mean test error of those minima that sgd found, and 0.05.
 *
 * Batch norm: rows of minima and of the ways to them, errors of the minima and so the threshold are by running
 * statistics of their own. With `statistics: recomputed` the points of the grid are by moments found anew, also the one
 * at A: its numbers are then not those of A's row.
 *
 * Sources: Li et al., "Visualizing the loss landscape of neural nets", NeurIPS 2018 (random directions,
 * filter normalisation); Garipov et al., NeurIPS 2018 (the plane through three minima); Huang et al.,
 * "Understanding generalization through visualizations", 2019 (poisoned minima).
 */
#include "experiments/slice_estimate.h"
#include "experiments/slice_run.h"
#include "experiments/slice_tables.h"

enum { PATH_RECORDS = 24 };

static bool is_line(const struct er_point *point)
{
    return er_slice_keys_settings(point).minima == 2;
}

static bool is_plane(const struct er_point *point)
{
    return !is_line(point);
}

static const struct er_default_figure figure[] = {
    {.mark = "map",
     .x = "a",
     .y = "b",
     .axes = ER_DEFAULT_NO_AXIS,
     .regions = "green magenta",
     .contours = "train_loss",
     .marks = "mark",
     .slider = "seed",
     .x_label = "training error 0",
     .y_label = "low test error",
     .when = is_plane},
    {.mark = "line", .x = "t", .y = "train_loss test_loss", .axes = ER_DEFAULT_NO_AXIS, .when = is_line},
    {.mark = "line", .x = "t", .y = "train_error test_error", .axes = ER_DEFAULT_NO_AXIS, .when = is_line},
    {.mark = "line",
     .x = "t",
     .y = "train_loss",
     .colour = "axis",
     .axes = ER_DEFAULT_SOME_AXES,
     .when = is_line},
    {.mark = "line",
     .x = "t",
     .y = "test_error",
     .colour = "axis",
     .axes = ER_DEFAULT_SOME_AXES,
     .when = is_line},
    {.mark = "histogram",
     .y = "test_error_on_green",
     .axes = ER_DEFAULT_NO_AXIS,
     .title = "Test error of the points where training error is 0",
     .from = "curves",
     .when = is_plane},
    {.mark = "point",
     .x = "axis",
     .y = "p_magenta_given_green",
     .colour = "other",
     .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "point", .x = "axis", .y = "green magenta both", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

/* One call of run(). */
struct slices {
    const struct er_run_events *events;
};

static int64_t samplers(const struct er_point *point, const struct er_sampler *sampler[])
{
    const struct er_slice_settings settings = er_slice_keys_settings(point);
    for (int64_t i = 0; i < settings.minima; i++) sampler[i] = settings.sampler[i];
    return settings.minima;
}

static int64_t records(const struct er_point *point)
{
    return er_slice_keys_settings(point).path ? PATH_RECORDS : 0;
}

static enum er_status finish(void *ctx, const struct er_minima_wave_run *run, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err)
{
    const struct slices *s = ctx;
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    return er_slice_run(run, pool, &quiet, s->events, err);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct slices s = {events};
    const struct er_minima_waves waves = {.ctx = &s,
                                          .what = "slice",
                                          .each = ER_SLICE_MINIMA,
                                          .samplers = samplers,
                                          .records = records,
                                          .finish = finish};
    return er_minima_waves(&waves, point, n, places, pool, progress, events, err);
}

static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    const struct er_minima_waves_estimate of = {ER_SLICE_MINIMA, samplers, er_slice_try};
    return er_minima_waves_estimate(&of, point, n, places, pool, progress, out, err);
}

extern const struct er_experiment er_experiment_slice;
const struct er_experiment er_experiment_slice = {
    .name = "slice",
    .help =
        "loss and errors over a plane through minima: where a network fits its training set, and where it "
        "is good",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train minima",
    .schema = er_slice_keys_row,
    .run_column = er_slice_run_column,
    .curve_column = er_slice_curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = er_slice_keys_check,
    .estimate = estimate,
    .run = run,
};
