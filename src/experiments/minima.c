/* minima.c - the experiment `minima`: each run is one search of a sampler for weights that fit the training set.
 *
 * A run of a sampler that trains gives one minimum, where its training ended; one that draws weights, or walks, gives
 * as many as it finds. The curve has a record for each, the run's columns are their means:
 *
 *     acceptance = found / tried            gap = test_error - train_error
 *     bin = floor(b log10 margin)           b = minima.bins; missing where the margin is not above 0
 *
 * Minima in one bin have margins within a factor of 10^(1/b): samplers that reach margins of different sizes are
 * compared within bins, since the margin alone says a good deal about the test error. All numbers are of the training
 * set and the test set, whatever else was learnt; losses and margins as in <ermine/minima.h>.
 *
 * With sampler sgd a run's minimum is the network of `train` with the same keys, to the bit.
 */
#include "core/clock.h"
#include "experiments/experiment.h"
#include "experiments/minima_estimate.h"
#include "experiments/minima_keys.h"
#include "experiments/minima_lots.h"
#include "experiments/minima_tables.h"
#include "experiments/train_kept.h"
#include "experiments/train_measures.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A run while its sampler works. */
struct collection {
    double (*row)[ER_MINIMUM_COLUMNS]; /* n of them, in a room that grows */
    int64_t n, room, interpolating;
    double *measure; /* the point's measures; NULL: none */
    double seconds;  /* that measuring took */
    char note[ER_TRAIN_MEASURES_NOTE];
};

/* One call of run(). */
struct collecting {
    const struct er_run_events *events;
    struct collection *run;
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_setting *keep = er_point_get(point, "train.keep"),
                            *measures = er_point_get(point, "measures");
    enum er_status status = er_train_member_check(point, places, err);
    if (status == ER_OK)
        status = er_minima_keys_check(point, er_minima_keys_sampler(point), "minima.sampler", err);
    if (status != ER_OK) return status;
    if (keep && strcmp(keep->text, "end") != 0)
        return er_fail_at(err, ER_E_INPUT, NULL, keep->line, keep->column,
                          "train.keep: of a minimum its end alone is kept, so it can be [end]");
    if ((keep || measures) && !er_minima_keys_train(point)) {
        const struct er_setting *setting = keep ? keep : measures;
        return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column,
                          "%s: this sampler's runs have many minima, so there is no one network to take",
                          setting->row->path);
    }
    return ER_OK;
}

static enum er_status on_begin(void *ctx, const struct er_minima_run *run, bool *skip, const void **state,
                               size_t *bytes, struct er_error *err)
{
    const struct collecting *c = ctx;
    return c->events->begin(c->events->ctx, run->run, skip, state, bytes, err);
}

static enum er_status on_checkpoint(void *ctx, const struct er_minima_run *run, const void *state,
                                    size_t bytes, struct er_error *err)
{
    const struct collecting *c = ctx;
    return c->events->checkpoint(c->events->ctx, run->run, state, bytes, err);
}

static double bin_of(const struct er_point *point, double margin)
{
    const double bins = (double)er_point_integer(point, "minima.bins", 1);
    return margin > 0 ? floor(bins * log10(margin)) : (double)NAN;
}

static enum er_status add_row(const struct er_minima_run *run, const struct er_minimum *m,
                              struct collection *of, struct er_error *err)
{
    if (of->n == of->room) {
        const int64_t room = of->room ? 2 * of->room : 1;
        double(*row)[ER_MINIMUM_COLUMNS] = er_grow(of->row, of->room, room, sizeof *row);
        if (!row) return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld minima", (long long)room);
        of->row = row;
        of->room = room;
    }
    const double values[ER_MINIMUM_COLUMNS] = {
        [ER_MINIMUM_NUMBER] = (double)m->number,
        [ER_MINIMUM_TRIED] = (double)m->tried,
        [ER_MINIMUM_TRAIN_LOSS] = m->train_loss,
        [ER_MINIMUM_TRAIN_ERROR] = m->train_error,
        [ER_MINIMUM_TEST_LOSS] = m->test_loss,
        [ER_MINIMUM_TEST_ERROR] = m->test_error,
        [ER_MINIMUM_MARGIN] = m->margin,
        [ER_MINIMUM_BIN] = bin_of(run->point, m->margin),
        [ER_MINIMUM_NORMALISED_LOSS] = m->normalised_loss,
        [ER_MINIMUM_NORM] = m->norm,
        [ER_MINIMUM_DISTANCE] = m->distance,
        [ER_MINIMUM_EPOCHS] = (double)m->epochs,
    };
    memcpy(of->row[of->n++], values, sizeof values);
    of->interpolating += m->interpolates;
    return ER_OK;
}

/* The network of a sampler that trains, where it is to be kept. */
static enum er_status keep(const struct collecting *c, const struct er_minima_run *run,
                           const struct er_minimum *minimum, struct er_error *err)
{
    const struct er_member member = {.net = run->request->net, .train = run->request->train};
    const struct er_kept kept = {.moment = ER_KEPT_END,
                                 .epoch = minimum->epochs,
                                 .step = minimum->steps,
                                 .w = minimum->w,
                                 .statistics = minimum->statistics};
    char moment[ER_TRAIN_MOMENT];
    if (!c->events->keep || !er_train_kept_moments(run->point)[0]) return ER_OK;
    const struct er_kept_network network = er_train_kept(run->point, &member, &kept, moment);
    return c->events->keep(c->events->ctx, run->run, &network, err);
}

static enum er_status measure(const struct er_minima_run *run, const struct er_minimum *minimum,
                              struct collection *of, struct er_error *err)
{
    const struct er_minimum_request *request = run->request;
    const struct er_member member = {.net = request->net,
                                     .train = request->train,
                                     .test = request->test,
                                     .seed_initialise = request->seed_initialise};
    struct er_curve_point end = {.train_error = minimum->train_error, .test_error = minimum->test_error};
    const struct er_train_result result = {
        .curve = &end, .n_curve = 1, .w = minimum->w, .statistics = minimum->statistics};
    const double start = er_clock_s();
    const enum er_status status =
        er_train_measures(run->point, &member, &result, NULL, of->measure, of->note, err);
    of->seconds += er_clock_s() - start;
    return status;
}

static enum er_status on_found(void *ctx, const struct er_minima_run *run, const struct er_minimum *minimum,
                               struct er_error *err)
{
    const struct collecting *c = ctx;
    struct collection *of = &c->run[run->run];
    enum er_status status = add_row(run, minimum, of, err);
    if (status == ER_OK && of->measure) status = measure(run, minimum, of, err);
    return status == ER_OK ? keep(c, run, minimum, err) : status;
}

static double mean(const struct collection *of, int column)
{
    double sum = 0;
    for (int64_t i = 0; i < of->n; i++) sum += of->row[i][column];
    return of->n > 0 ? sum / (double)of->n : (double)NAN;
}

static double deviation(const struct collection *of, int column)
{
    const double about = mean(of, column);
    double squares = 0;
    for (int64_t i = 0; i < of->n; i++)
        squares += (of->row[i][column] - about) * (of->row[i][column] - about);
    return of->n > 1 ? sqrt(squares / (double)(of->n - 1)) : (double)NAN;
}

static void fill_values(const struct er_minima_run *run, const struct collection *of,
                        const struct er_minima_result *result, double *value)
{
    value[ER_MINIMA_FOUND] = (double)of->interpolating;
    value[ER_MINIMA_TRIED] = (double)result->tried;
    value[ER_MINIMA_ACCEPTANCE] =
        result->tried > 0 ? (double)of->interpolating / (double)result->tried : (double)NAN;
    value[ER_MINIMA_EPOCHS] = mean(of, ER_MINIMUM_EPOCHS);
    value[ER_MINIMA_TRAIN_LOSS] = mean(of, ER_MINIMUM_TRAIN_LOSS);
    value[ER_MINIMA_TRAIN_ERROR] = mean(of, ER_MINIMUM_TRAIN_ERROR);
    value[ER_MINIMA_TEST_LOSS] = mean(of, ER_MINIMUM_TEST_LOSS);
    value[ER_MINIMA_TEST_ERROR] = mean(of, ER_MINIMUM_TEST_ERROR);
    value[ER_MINIMA_GAP] = value[ER_MINIMA_TEST_ERROR] - value[ER_MINIMA_TRAIN_ERROR];
    value[ER_MINIMA_DEVIATION] = deviation(of, ER_MINIMUM_TEST_ERROR);
    value[ER_MINIMA_MARGIN] = mean(of, ER_MINIMUM_MARGIN);
    value[ER_MINIMA_NORMALISED_LOSS] = mean(of, ER_MINIMUM_NORMALISED_LOSS);
    value[ER_MINIMA_NORM] = mean(of, ER_MINIMUM_NORM);
    value[ER_MINIMA_DISTANCE] = mean(of, ER_MINIMUM_DISTANCE);
    value[ER_MINIMA_PARAMETERS] = (double)er_net_parameters(run->request->net);
}

static enum er_status on_end(void *ctx, const struct er_minima_run *run,
                             const struct er_minima_result *result, struct er_error *err)
{
    const struct collecting *c = ctx;
    struct collection *of = &c->run[run->run];
    const int64_t measures = er_train_measures_count(run->point);
    double *block = er_alloc(of->n * ER_MINIMUM_COLUMNS + ER_MINIMA_COLUMNS + measures, sizeof *block);
    const double *curve[ER_MINIMUM_COLUMNS];
    if (!block) return er_fail(err, ER_E_NOMEM, "minima: out of memory for a curve");
    double *value = block + of->n * ER_MINIMUM_COLUMNS;
    for (int k = 0; k < ER_MINIMUM_COLUMNS; k++) {
        curve[k] = block + k * of->n;
        for (int64_t i = 0; i < of->n; i++) block[k * of->n + i] = of->row[i][k];
    }
    fill_values(run, of, result, value);
    for (int64_t i = 0; i < measures; i++)
        value[ER_MINIMA_COLUMNS + i] = of->measure && of->n > 0 ? of->measure[i] : (double)NAN;
    const struct er_record record = {.outcome = result->outcome,
                                     .note = result->cause[0] ? result->cause : of->note,
                                     .seconds = result->seconds + of->seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = of->n};
    const enum er_status status = c->events->end(c->events->ctx, run->run, &record, err);
    er_free(block);
    er_free(of->row);
    of->row = NULL;
    of->n = of->room = 0;
    return status;
}

static enum er_status open_collections(struct collecting *c, const struct er_point *point, int64_t n,
                                       struct er_error *err)
{
    c->run = er_alloc(n, sizeof *c->run);
    bool all = c->run;
    for (int64_t i = 0; all && i < n; i++) {
        const int64_t measures = er_train_measures_count(&point[i]);
        if (measures > 0) all = (c->run[i].measure = er_alloc(measures, sizeof(double)));
    }
    return all ? ER_OK : er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld runs", (long long)n);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct collecting c = {.events = events};
    const struct er_minima_lots lots = {.ctx = &c,
                                        .begin = on_begin,
                                        .checkpoint = events->checkpoint ? on_checkpoint : NULL,
                                        .found = on_found,
                                        .end = on_end,
                                        .checkpoint_seconds = events->checkpoint_seconds};
    enum er_status status = open_collections(&c, point, n, err);
    if (status == ER_OK) status = er_minima_lots_find(&lots, point, n, places, pool, progress, err);
    for (int64_t i = 0; c.run && i < n; i++) {
        er_free(c.run[i].row);
        er_free(c.run[i].measure);
    }
    er_free(c.run);
    return status;
}

extern const struct er_experiment er_experiment_minima;
const struct er_experiment er_experiment_minima = {
    .name = "minima",
    .help =
        "collects minima of a model on its training set by a sampler: which of the many are found, and how "
        "good they are",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL | ER_SHARES_MEASURES,
    .uses = "train",
    .schema = er_minima_keys_row,
    .run_column = er_minima_run_column,
    .curve_column = er_minima_curve_column,
    .figure = er_minima_figure,
    .claim = er_minima_claim,
    .arithmetic = "1",
    .check = check,
    .keep = er_train_kept_moments,
    .estimate = er_minima_estimate,
    .run = run,
};
