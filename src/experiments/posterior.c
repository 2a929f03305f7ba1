/* posterior.c - the experiment `posterior`: the functions that training finds, beside the Bayesian posterior.
 *
 * A function is a labelling of the M test examples. In each run
 *
 *     p_bayes(f) = P(f | S)    initial weights drawn until `minima.most` of them fit S, or `minima.draws` were looked at:
 *                              the posterior of the initialisation as a prior under the 0-1 likelihood, no
 *                              approximation but the size of the sample
 *     p_sgd(f)                 the share of `posterior.trainings` trainings, those that fit S, that end at f
 *
 *     correlation = Pearson's of log p_bayes and log p_sgd over functions seen `posterior.least` times in both samples
 *     overlap     = sum_f min(p_bayes(f), p_sgd(f)),  1 less the total variation distance
 *     errors      = mean number of test examples that f gets wrong;  chance is M (1 - 1/K)
 *
 * and, where the network has a limit of infinite width (dense and relu layers, one output), the same comparison of
 * training with that limit's posterior: a Gaussian process, by importance sampling (posterior_wide.h).
 *
 * The sampler is always `prior`, since a posterior of another prior is not that of training's starts. The test set has
 * to be tiny, K^M at most 2^53, and its functions few enough to be seen more than once.
 *
 * Source: C. Mingard, G. Valle-Perez, J. Skalse and A. A. Louis, "Is SGD a Bayesian sampler? Well, almost", JMLR 2021,
 * who have larger sets, and take the posterior of the Gaussian process, by expectation propagation.
 */
#include "experiments/posterior.h"

#include "experiments/data_keys.h"
#include "experiments/minima_estimate.h"
#include "experiments/minima_keys.h"
#include "experiments/minima_request.h"
#include "experiments/point.h"
#include "experiments/posterior_tables.h"
#include "experiments/train_member.h"
#include "minima/sampler.h"
#include "minima/trial.h"

#include <ermine/memory.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

enum { BAYES, SGD, SAMPLES = ER_SITTING_KINDS };

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_setting *sampler = er_point_get(point, "minima.sampler");
    struct er_shape shape;
    int64_t classes = 2;
    enum er_status status = er_train_member_check(point, places, err);
    if (status == ER_OK)
        status = er_minima_keys_check(point, er_sampler_find("prior"), "minima.sampler", err);
    if (status != ER_OK) return status;
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "posterior studies keep no networks");
    if (sampler && sampler->line && strcmp(sampler->text, "prior") != 0)
        return er_point_fail(point, "minima.sampler", err,
                             "a posterior is sampled by the prior of training's starts");
    er_data_keys_shape(point, &shape, &classes);
    const int64_t test = er_point_integer(point, "data.test", 0);
    if (test == 0)
        return er_point_fail(point, "data.test", err,
                             "is needed: functions are labellings of a few test examples");
    if (isinf(er_posterior_functions(classes, test)))
        return er_point_fail(point, "data.test", err, "is too large: a labelling is one of at most 2^53");
    return ER_OK;
}

/* Outputs on the test set, for one caller at a time. */
struct answering {
    struct er_trial trial;
    struct er_trial_room room;
    pthread_mutex_t lock;
};

static enum er_status values(void *ctx, const struct er_minimum *minimum, double value[ER_ASKED_VALUES],
                             struct er_error *err)
{
    struct answering *a = ctx;
    const struct er_dataset *test = a->trial.set;
    (void)err;
    pthread_mutex_lock(&a->lock);
    er_trial_outputs(&a->trial, &a->room, minimum->w, minimum->statistics);
    value[ER_POSTERIOR_FUNCTION] =
        er_posterior_of_outputs(test->classes, test->n, er_net_outputs(a->trial.net), a->room.f);
    pthread_mutex_unlock(&a->lock);
    return ER_OK;
}

/* Both samples, on a net and a split that are there, but for what a checkpoint has. */
static enum er_status sample(const struct er_point *point, const struct er_split *split,
                             const struct er_net *net, struct er_pool *pool,
                             struct er_asked_progress *progress, struct er_sitting *sitting,
                             struct er_error *err)
{
    struct answering answering = {.lock = PTHREAD_MUTEX_INITIALIZER};
    if (isinf(er_posterior_functions(split->test.classes, split->test.n)))
        return er_point_fail(point, "data.test", err, "is too large: a labelling is one of at most 2^53");
    enum er_status status = er_trial_new(net, &split->test, &answering.trial, err);
    if (status == ER_OK) status = er_trial_room_new(&answering.trial, &answering.room, err);
    const struct er_asking asking[SAMPLES] = {
        {point, split, net, er_sampler_find("prior"), 0, 1, values, &answering},
        {point, split, net, er_sampler_find("sgd"), 0, er_point_integer(point, "posterior.trainings", 1),
         values, &answering}};
    while (status == ER_OK && sitting->calls < SAMPLES) {
        const int kind = (int)sitting->calls;
        progress->part = kind;
        const struct er_progress part = er_asked_progress_part(progress);
        status = er_asked_find(&asking[kind], sitting, kind, pool, &part, err);
    }
    er_trial_room_clear(&answering.room);
    er_trial_clear(&answering.trial);
    return status;
}

static void fill_values(const struct er_posterior *p, const struct er_posterior_wide *wide,
                        const struct er_asked of[SAMPLES], const struct er_dataset *test,
                        double value[ER_POSTERIOR_RUN_COLUMNS])
{
    value[ER_POSTERIOR_WIDE_EVIDENCE] = wide->evidence;
    value[ER_POSTERIOR_WIDE_CORRELATION] = wide->correlation;
    value[ER_POSTERIOR_WIDE_OVERLAP] = wide->overlap;
    value[ER_POSTERIOR_WIDE_ERRORS] = wide->errors;
    value[ER_POSTERIOR_ACCEPTANCE] = (double)of[BAYES].n / (double)of[BAYES].tried;
    value[ER_POSTERIOR_BAYES_FOUND] = (double)p->total[BAYES];
    value[ER_POSTERIOR_SGD_FOUND] = (double)p->total[SGD];
    value[ER_POSTERIOR_FUNCTIONS] = (double)p->n;
    value[ER_POSTERIOR_COMPARED] = (double)p->compared;
    value[ER_POSTERIOR_CORRELATION] = p->correlation;
    value[ER_POSTERIOR_OVERLAP] = p->overlap;
    value[ER_POSTERIOR_BAYES_ERRORS] = p->errors[BAYES];
    value[ER_POSTERIOR_SGD_ERRORS] = p->errors[SGD];
    value[ER_POSTERIOR_CHANCE_ERRORS] = (double)test->n * (1 - 1 / (double)test->classes);
    value[ER_POSTERIOR_BAYES_TRUTH] = p->truth[BAYES];
    value[ER_POSTERIOR_SGD_TRUTH] = p->truth[SGD];
}

static double share(int64_t count, int64_t total)
{
    return count > 0 ? (double)count / (double)total : (double)NAN;
}

/* What a run has when it ends. */
struct results {
    const struct er_asked *of; /* SAMPLES of them */
    struct er_posterior posterior;
    struct er_posterior_wide wide;
    double seconds;
};

static enum er_status hand_over(const struct results *r, const struct er_sitting *sitting,
                                const struct er_dataset *test, double *block, struct er_error *err)
{
    const struct er_posterior *p = &r->posterior;
    double value[ER_POSTERIOR_RUN_COLUMNS];
    const double *curve[ER_POSTERIOR_CURVE_COLUMNS];
    for (int k = 0; k < ER_POSTERIOR_CURVE_COLUMNS; k++) curve[k] = block + k * p->n;
    for (int64_t i = 0; i < p->n; i++) {
        const struct er_posterior_function *f = &p->function[i];
        block[ER_POSTERIOR_C_RANK * p->n + i] = (double)(i + 1);
        block[ER_POSTERIOR_C_BAYES * p->n + i] = share(f->count[BAYES], p->total[BAYES]);
        block[ER_POSTERIOR_C_SGD * p->n + i] = share(f->count[SGD], p->total[SGD]);
        block[ER_POSTERIOR_C_WIDE * p->n + i] = f->wide > 0 ? f->wide : (double)NAN;
        block[ER_POSTERIOR_C_WRONG * p->n + i] = (double)f->wrong;
    }
    fill_values(p, &r->wide, r->of, test, value);
    const struct er_record record = {.outcome = "sampled",
                                     .note = "",
                                     .seconds = r->seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = p->n};
    return sitting->events->end(sitting->events->ctx, sitting->run, &record, err);
}

/* How many samples of the infinitely wide network are wanted; 0 where there is no such network. */
static int64_t wide_samples(const struct er_point *point, const struct er_net *net)
{
    return er_wide_has(net) ? er_point_integer(point, "posterior.wide", 0) : 0;
}

/* Compares what was sampled with the infinitely wide network, if there is one. */
static enum er_status compare_wide(const struct er_point *point, const struct er_split *split,
                                   const struct er_net *net, struct er_pool *pool,
                                   const struct er_progress *progress, struct results *r,
                                   struct er_error *err)
{
    const int64_t samples = wide_samples(point, net);
    const uint64_t seed = er_minimum_request_of(point, split, net, NULL, 0).seed_initialise;
    struct er_wide wide;
    r->wide = (struct er_posterior_wide){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    if (samples == 0) return ER_OK;
    enum er_status status =
        er_wide_sample(net, &split->train, &split->test, seed, samples, pool, progress, &wide, err);
    if (status != ER_OK) return status;
    r->wide = er_posterior_compare_wide(&r->posterior, &wide, &split->test,
                                        er_point_integer(point, "posterior.least", 1));
    er_free(wide.function);
    return ER_OK;
}

static enum er_status end_run(const struct er_point *point, const struct er_split *split,
                              const struct er_net *net, struct er_pool *pool,
                              const struct er_progress *progress, const struct er_sitting *sitting,
                              struct er_error *err)
{
    struct results r = {.of = sitting->asked};
    double *block = NULL;
    enum er_status status = er_posterior_compare(
        r.of, &split->test, er_point_integer(point, "posterior.least", 1), &r.posterior, err);
    if (status == ER_OK) status = compare_wide(point, split, net, pool, progress, &r, err);
    if (status != ER_OK) goto done;
    block = er_alloc(ER_POSTERIOR_CURVE_COLUMNS * r.posterior.n, sizeof *block);
    r.seconds = er_sitting_seconds(sitting);
    if (block)
        status = hand_over(&r, sitting, &split->test, block, err);
    else
        status = er_fail(err, ER_E_NOMEM, "posterior: out of memory for a curve");
done:
    er_free(block);
    er_free(r.posterior.function);
    return status;
}

static enum er_status run_one(const struct er_point *point, int64_t number,
                              const struct er_data_places *places, struct er_pool *pool,
                              struct er_asked_progress *progress, const struct er_run_events *events,
                              struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    struct er_sitting sitting = {.events = events, .run = number};
    struct er_split split = {0};
    struct er_net *net = NULL;
    struct er_error why = {0};
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = events->begin(events->ctx, number, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    if (er_data_open(&spec, places, &split, &why) != ER_OK) return er_data_keys_fail(point, &why, err);
    status = er_sitting_begin(&sitting, state, bytes, err);
    if (status == ER_OK)
        status = er_train_member_net(point, split.train.shape, split.train.classes, &net, err);
    if (status == ER_OK) status = sample(point, &split, net, pool, progress, &sitting, err);
    if (status == ER_OK && wide_samples(point, net) > 0)
        status = er_sitting_offer(&sitting, SGD, 0, NULL, 0, NULL, 0, err);
    if (status == ER_OK) status = end_run(point, &split, net, pool, progress->caller, &sitting, err);
    er_sitting_clear(&sitting);
    er_net_free(net);
    er_split_clear(&split);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_asked_progress counted = {.what = "posterior", .caller = progress, .runs = n, .parts = SAMPLES};
    enum er_status status = ER_OK;
    while (counted.run < n && status == ER_OK) {
        status = run_one(&point[counted.run], counted.run, places, pool, &counted, events, err);
        er_asked_progress_end(&counted);
    }
    return status;
}

/* The Gaussian process is left out. */
static struct er_minima_amount amount(const struct er_point *point)
{
    return (struct er_minima_amount){.sampler = er_sampler_find("prior"),
                                     .searches = 1,
                                     .trainings = er_point_integer(point, "posterior.trainings", 1)};
}

static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    return er_minima_estimate_amounts(point, n, amount, places, pool, progress, out, err);
}

extern const struct er_experiment er_experiment_posterior;
const struct er_experiment er_experiment_posterior = {
    .name = "posterior",
    .help = "the functions that training finds, beside the Bayesian posterior of its initial weights",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train minima",
    .schema = er_posterior_row,
    .run_column = er_posterior_run_column,
    .curve_column = er_posterior_curve_column,
    .figure = er_posterior_figure,
    .claim = er_posterior_claim,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
