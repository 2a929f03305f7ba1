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
 * The sampler is always `prior`, since a posterior of another prior is not that of training's starts. The test set has
 * to be tiny, K^M at most 2^53, and its functions few enough to be seen more than once.
 *
 * Source: C. Mingard, G. Valle-Perez, J. Skalse and A. A. Louis, "Is SGD a Bayesian sampler? Well, almost", JMLR 2021,
 * who have larger sets and approximate the posterior by a Gaussian process.
 */
#include "experiments/posterior.h"

#include "core/clock.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/key_rows.h"
#include "experiments/minima_keys.h"
#include "experiments/train_member.h"
#include "minima/sampler.h"
#include "minima/trial.h"

#include <ermine/memory.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

enum {
    ACCEPTANCE,
    BAYES_FOUND,
    SGD_FOUND,
    FUNCTIONS,
    COMPARED,
    CORRELATION,
    OVERLAP,
    BAYES_ERRORS,
    SGD_ERRORS,
    CHANCE_ERRORS,
    BAYES_TRUTH,
    SGD_TRUTH,
    RUN_COLUMNS
};
enum { C_RANK, C_BAYES, C_SGD, C_WRONG, CURVE_COLUMNS };
enum { BAYES, SGD, SAMPLES };

static const struct er_column run_column[] = {
    [ACCEPTANCE] = {"acceptance", "", "share of initial weights that fit the training set", true},
    [BAYES_FOUND] = {"bayes_found", "", "initial weights that fit", true},
    [SGD_FOUND] = {"sgd_found", "", "trainings that ended without a training error", true},
    [FUNCTIONS] = {"functions", "", "labellings of the test set that were seen at all", false},
    [COMPARED] = {"compared", "", "labellings that were seen often enough in both samples", false},
    [CORRELATION] = {"correlation", "", "of the logarithms of their probabilities, Pearson's", false},
    [OVERLAP] = {"overlap", "", "sum over all labellings of the lesser probability", false},
    [BAYES_ERRORS] = {"bayes_errors", "", "mean number of wrong test examples under the posterior", false},
    [SGD_ERRORS] = {"sgd_errors", "", "mean number of wrong test examples after training", false},
    [CHANCE_ERRORS] = {"chance_errors", "", "the same of a guess", false},
    [BAYES_TRUTH] = {"bayes_truth", "", "posterior probability of the true labelling", true},
    [SGD_TRUTH] = {"sgd_truth", "", "probability that training finds the true labelling", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_RANK] = {"rank", "", "number of the labelling, from 1: those that training finds most often first",
                false},
    [C_BAYES] = {"p_bayes", "", "its posterior probability; missing if it was not seen", true},
    [C_SGD] = {"p_sgd", "", "probability that training finds it; missing if it never did", true},
    [C_WRONG] = {"wrong", "examples", "test examples that it gets wrong", false},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "point", .x = "p_bayes", .y = "p_sgd", .colour = "wrong", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "point", .x = "axis", .y = "correlation overlap", .axes = ER_DEFAULT_ONE_AXIS},
    {.mark = "point", .x = "axis", .y = "bayes_errors sgd_errors chance_errors", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

static const struct er_default_claim claim[] = {
    {.claim = "Training finds a function about as often as the posterior says",
     .rule = "correlation is above 0.7 and overlap is above 0.6",
     .source = "Mingard et al., 2021",
     .axes = NULL,
     .alone = true},
    {0},
};

static const struct er_schema_row row[] = {
    MAP("posterior", NULL,
        "compares the functions that training finds with the Bayesian posterior, sampled exactly"),
    INTEGER("posterior.trainings", "", 1, 1e7, "5000", "trainings, each from initial weights of its own"),
    INTEGER("posterior.least", "", 1, 1e6, "10",
            "times that a function is seen in each sample where probabilities are compared"),
    {0},
};

static enum er_status fail_at(const struct er_point *point, const char *path, const char *what,
                              struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, path);
    return er_fail_at(err, ER_E_INPUT, NULL, setting ? setting->line : 0, setting ? setting->column : 0,
                      "%s: %s", path, what);
}

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_setting *sampler = er_point_get(point, "minima.sampler");
    struct er_shape shape;
    int64_t classes = 2;
    enum er_status status = er_train_member_check(point, places, err);
    if (status == ER_OK) status = er_minima_keys_check(point, err);
    if (status != ER_OK) return status;
    if (er_point_get(point, "train.keep"))
        return fail_at(point, "train.keep", "posterior studies keep no networks", err);
    if (sampler && sampler->line && strcmp(sampler->text, "prior") != 0)
        return fail_at(point, "minima.sampler", "a posterior is sampled by the prior of training's starts",
                       err);
    er_data_keys_shape(point, &shape, &classes);
    const int64_t test = er_point_integer(point, "data.test", 0);
    if (test == 0)
        return fail_at(point, "data.test", "is needed: functions are labellings of a few test examples", err);
    if (isinf(er_posterior_functions(classes, test)))
        return fail_at(point, "data.test", "is too large: a labelling is one of at most 2^53", err);
    return ER_OK;
}

/* Outputs on the test set, for one caller at a time. */
struct asking {
    struct er_trial trial;
    struct er_trial_room room;
    pthread_mutex_t lock;
};

static enum er_status values(void *ctx, const struct er_minimum *minimum, double value[ER_ASKED_VALUES],
                             struct er_error *err)
{
    struct asking *a = ctx;
    const struct er_dataset *test = a->trial.set;
    (void)err;
    pthread_mutex_lock(&a->lock);
    er_trial_outputs(&a->trial, &a->room, minimum->w, minimum->statistics);
    value[ER_POSTERIOR_FUNCTION] =
        er_posterior_of_outputs(test->classes, test->n, er_net_outputs(a->trial.net), a->room.f);
    pthread_mutex_unlock(&a->lock);
    return ER_OK;
}

/* Both samples, on a net and a split that are there. */
static enum er_status sample(const struct er_point *point, const struct er_split *split,
                             const struct er_net *net, struct er_pool *pool,
                             struct er_asked_progress *progress, struct er_asked of[SAMPLES],
                             struct er_error *err)
{
    struct asking asking = {.lock = PTHREAD_MUTEX_INITIALIZER};
    const struct er_progress part = er_asked_progress_part(progress);
    enum er_status status = er_trial_new(net, &split->test, &asking.trial, err);
    if (status == ER_OK) status = er_trial_room_new(&asking.trial, &asking.room, err);
    if (status == ER_OK)
        status = er_asked_find(point, split, net, er_sampler_find("prior"), 0, 1, pool, &part, values,
                               &asking, &of[BAYES], err);
    progress->part++;
    if (status == ER_OK)
        status = er_asked_find(point, split, net, er_sampler_find("sgd"), 0,
                               er_point_integer(point, "posterior.trainings", 1), pool, &part, values,
                               &asking, &of[SGD], err);
    progress->part++;
    er_trial_room_clear(&asking.room);
    er_trial_clear(&asking.trial);
    return status;
}

static void fill_values(const struct er_posterior *p, const struct er_asked of[SAMPLES],
                        const struct er_dataset *test, double value[RUN_COLUMNS])
{
    value[ACCEPTANCE] = (double)of[BAYES].n / (double)of[BAYES].tried;
    value[BAYES_FOUND] = (double)p->total[BAYES];
    value[SGD_FOUND] = (double)p->total[SGD];
    value[FUNCTIONS] = (double)p->n;
    value[COMPARED] = (double)p->compared;
    value[CORRELATION] = p->correlation;
    value[OVERLAP] = p->overlap;
    value[BAYES_ERRORS] = p->errors[BAYES];
    value[SGD_ERRORS] = p->errors[SGD];
    value[CHANCE_ERRORS] = (double)test->n * (1 - 1 / (double)test->classes);
    value[BAYES_TRUTH] = p->truth[BAYES];
    value[SGD_TRUTH] = p->truth[SGD];
}

static double share(int64_t count, int64_t total)
{
    return count > 0 ? (double)count / (double)total : (double)NAN;
}

static enum er_status hand_over(const struct er_posterior *p, int64_t run, const struct er_dataset *test,
                                const struct er_asked of[SAMPLES], double seconds, double *block,
                                const struct er_run_events *events, struct er_error *err)
{
    double value[RUN_COLUMNS];
    const double *curve[CURVE_COLUMNS];
    for (int k = 0; k < CURVE_COLUMNS; k++) curve[k] = block + k * p->n;
    for (int64_t i = 0; i < p->n; i++) {
        block[C_RANK * p->n + i] = (double)(i + 1);
        block[C_BAYES * p->n + i] = share(p->function[i].count[BAYES], p->total[BAYES]);
        block[C_SGD * p->n + i] = share(p->function[i].count[SGD], p->total[SGD]);
        block[C_WRONG * p->n + i] = (double)p->function[i].wrong;
    }
    fill_values(p, of, test, value);
    const struct er_record record = {.outcome = "sampled",
                                     .note = "",
                                     .seconds = seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = p->n};
    return events->end(events->ctx, run, &record, err);
}

static enum er_status end_run(const struct er_point *point, int64_t run, const struct er_dataset *test,
                              const struct er_asked of[SAMPLES], double seconds,
                              const struct er_run_events *events, struct er_error *err)
{
    struct er_posterior p;
    enum er_status status =
        er_posterior_compare(of, test, er_point_integer(point, "posterior.least", 1), &p, err);
    if (status != ER_OK) return status;
    double *block = er_alloc(CURVE_COLUMNS * p.n, sizeof *block);
    if (block)
        status = hand_over(&p, run, test, of, seconds, block, events, err);
    else
        status = er_fail(err, ER_E_NOMEM, "posterior: out of memory for a curve");
    er_free(block);
    er_free(p.function);
    return status;
}

static enum er_status run_one(const struct er_point *point, int64_t number,
                              const struct er_data_places *places, struct er_pool *pool,
                              struct er_asked_progress *progress, const struct er_run_events *events,
                              struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    struct er_asked of[SAMPLES] = {{0}};
    struct er_split split = {0};
    struct er_net *net = NULL;
    struct er_error why = {0};
    const double start = er_clock_s();
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    enum er_status status = events->begin(events->ctx, number, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    if (er_data_open(&spec, places, &split, &why) != ER_OK) return er_data_keys_fail(point, &why, err);
    status = er_train_member_net(point, split.train.shape, split.train.classes, &net, err);
    if (status == ER_OK) status = sample(point, &split, net, pool, progress, of, err);
    if (status == ER_OK) status = end_run(point, number, &split.test, of, er_clock_s() - start, events, err);
    for (int k = 0; k < SAMPLES; k++) er_asked_clear(&of[k]);
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

extern const struct er_experiment er_experiment_posterior;
const struct er_experiment er_experiment_posterior = {
    .name = "posterior",
    .help = "the functions that training finds, beside the Bayesian posterior of its initial weights",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train minima",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .claim = claim,
    .arithmetic = "1",
    .check = check,
    .run = run,
};
