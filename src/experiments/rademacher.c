/* rademacher.c - the experiment `rademacher`: how well a model and its training fit labels that are drawn at
 * random, and what that says of the gap.
 *
 * m training examples (x_i, y_i), K classes, and for every draw signs s_i = +-1 or labels c_i:
 *
 *     signs      Rhat = E_s sup_f (1/m) sum_i s_i g_f(i),   g_f(i) = -1 where f(x_i) = y_i, else +1
 *                a draw trains on labels that are y_i where s_i = -1 and another class, drawn uniformly, where
 *                s_i = +1; it gives r = 2 acc - 1, acc the share of these labels that the trained net predicts
 *     classes    a draw trains on c_i uniform over the K classes, and gives r = acc - 1/K
 *
 *     rademacher = mean of r over T draws       standard_error = sample standard deviation of r / sqrt(T)
 *
 * With two classes g_f is, up to y, the class of classifiers with values +-1 itself, and the labels of `signs`
 * are independent fair coins: the Rademacher complexity that textbooks define. With more classes g_f says
 * where f is mistaken, so that Rhat / 2 is the complexity of the class of 0-1 losses, the one that bounds the
 * gap, whatever K is.
 *
 * The estimate is a LOWER bound: training need not reach the supremum, and for K > 2 an example counts as
 * fitted only with the class that was drawn for it.
 *
 *     bound = 2 (rademacher / 2) + 3 sqrt(ln(2/delta) / (2 m)),   delta = ER_MEASURE_DELTA
 *
 * is therefore the least that the bound on the gap can come to (<ermine/bounds.h>; for f in the class, with
 * probability >= 1 - delta: risk <= empirical risk + 2 Rhat(losses) + ...). Where it is vacuous, so is the
 * bound; where it is not, nothing is guaranteed. `classes` has no such bound for K > 2: r is then a score of
 * capacity between 0 and 1 - 1/K. For K = 2 its r is that of the losses, half of that of `signs`.
 *
 * A draw whose training diverged has no r, and its run then no mean and no bound.
 *
 * The run on the data's own labels is that of `train` with the same keys, to the bit.
 *
 * Sources: Bartlett and Mendelson, "Rademacher and Gaussian complexities", JMLR 2002; Mohri, Rostamizadeh and
 * Talwalkar, "Foundations of Machine Learning", 2nd edition, theorem 3.3 and lemma 3.4; fitting random labels
 * as an estimate: Zhang et al., ICLR 2017, section 2.2.
 */
#include "experiments/experiment.h"
#include "experiments/point.h"
#include "experiments/rademacher_labels.h"
#include "experiments/train_estimate.h"
#include "experiments/train_lots.h"
#include "experiments/train_member.h"

#include <ermine/bounds.h>
#include <ermine/measure.h>
#include <ermine/memory.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum {
    RADEMACHER,
    STANDARD_ERROR,
    FITTED,
    EPOCHS,
    TRAIN_ERROR,
    TEST_ERROR,
    GAP,
    BOUND,
    VACUOUS,
    PARAMETERS,
    RUN_COLUMNS
};
enum { C_DRAW, C_AGREEMENT, C_EPOCHS, CURVE_COLUMNS };

static const struct er_column run_column[] = {
    [RADEMACHER] =
        {"rademacher", "",
         "agreement with random signs that training reaches, a lower bound on the empirical Rademacher "
         "complexity of the class; with labels: classes the accuracy on random classes less chance",
         false},
    [STANDARD_ERROR] = {"standard_error", "", "of that, over the draws; missing for a single one", false},
    [FITTED] = {"fitted", "", "share of the draws that were fitted without a mistake", false},
    [EPOCHS] = {"epochs", "epochs", "whole epochs until training on a draw stopped, mean over draws", false},
    [TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly, on the true labels",
                     false},
    [TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly, after that training", false},
    [GAP] = {"gap", "", "test error less training error", false},
    [BOUND] = {"bound", "",
               "lower bound on the Rademacher bound on the gap (delta = .05), from what training reaches: no "
               "guarantee",
               false},
    [VACUOUS] = {"vacuous", "",
                 "1 where training error and bound together reach 1: the theorem says nothing; 0: not known",
                 false},
    [PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [C_DRAW] = {"draw", "", "number of the draw, from 1", false},
    [C_AGREEMENT] = {"agreement", "", "what the draw adds to the mean that is called rademacher", false},
    [C_EPOCHS] = {"draw_epochs", "epochs", "whole epochs until training on the draw stopped", false},
    [CURVE_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "point", .x = "draw", .y = "agreement", .axes = ER_DEFAULT_NO_AXIS},
    {.mark = "point", .x = "axis", .y = "rademacher", .colour = "other", .axes = ER_DEFAULT_SOME_AXES},
    {.mark = "point", .x = "axis", .y = "bound gap", .axes = ER_DEFAULT_ONE_AXIS},
    {0},
};

static const struct er_schema_row row[] = {
    {"rademacher", "", 0, 0, NULL, "",
     "lower bound on the empirical Rademacher complexity of a model: what its training reaches on random "
     "labels",
     ER_SCHEMA_MAP, ER_SCHEMA_UNKEYED},
    {"rademacher.draws", "draws", 1, 1000, NULL, "5", "how often labels are drawn and fitted",
     ER_SCHEMA_INTEGER, ER_SCHEMA_KEYED},
    {"rademacher.labels", "", 0, 0, "signs classes", "signs",
     "signs: each label is the true one or, with probability 1/2, another; classes: uniform over all",
     ER_SCHEMA_CHOICE, ER_SCHEMA_KEYED},
    {0},
};

/* A run while its members are trained; draw 0 is the training on the true labels. */
struct estimate {
    bool begun, skip;
    atomic_llong left; /* members that have not ended */
    /* Of 1 + draws members: number of the draw, accuracy on the labels that it learnt from and what that comes
     * to, whole epochs, seconds of training. One block, that `draw` begins. */
    double *draw, *accuracy, *agreement, *epochs, *seconds;
    double test_error;
    int64_t diverged; /* the first draw that did; -1: none */
    char cause[200];
};

/* One call of run(). */
struct estimation {
    const struct er_run_events *events;
    struct estimate *run;
    pthread_mutex_t lock; /* of begun, skip, diverged and cause */
};

static int64_t draws_of(const struct er_point *point)
{
    return er_point_integer(point, "rademacher.draws", 1);
}

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "rademacher studies keep no networks");
    return er_train_member_check(point, places, err);
}

/* A run is leased when the first of its members begins. */
static enum er_status on_begin(void *ctx, const struct er_lots_member *whose, bool *skip, const void **state,
                               size_t *bytes, struct er_error *err)
{
    struct estimation *e = ctx;
    struct estimate *run = &e->run[whose->run];
    const void *ignored = NULL;
    size_t n = 0;
    enum er_status status = ER_OK;
    (void)state;
    (void)bytes;
    pthread_mutex_lock(&e->lock);
    if (!run->begun) status = e->events->begin(e->events->ctx, whose->run, &run->skip, &ignored, &n, err);
    run->begun = true;
    *skip = run->skip;
    pthread_mutex_unlock(&e->lock);
    return status;
}

/* Mean of values 1..n. */
static double mean_of_draws(const double *value, int64_t n)
{
    double sum = 0;
    for (int64_t i = 1; i <= n; i++) sum += value[i];
    return sum / (double)n;
}

static void fill_values(const struct er_lots_member *whose, const struct estimate *run,
                        double value[RUN_COLUMNS])
{
    const int64_t draws = draws_of(whose->point), m = whose->member->train->n;
    const double mean = mean_of_draws(run->agreement, draws), train_error = 1 - run->accuracy[0];
    const double losses =
        er_rademacher_of_losses(er_rademacher_labels(whose->point), whose->member->train->classes, mean);
    double squares = 0, fitted = 0;
    for (int64_t i = 1; i <= draws; i++) {
        squares += (run->agreement[i] - mean) * (run->agreement[i] - mean);
        fitted += run->accuracy[i] == 1;
    }
    value[RADEMACHER] = mean;
    value[STANDARD_ERROR] = draws > 1 ? sqrt(squares / (double)(draws - 1) / (double)draws) : (double)NAN;
    value[FITTED] = fitted / (double)draws;
    value[EPOCHS] = mean_of_draws(run->epochs, draws);
    value[TRAIN_ERROR] = train_error;
    value[TEST_ERROR] = run->test_error;
    value[GAP] = run->test_error - train_error;
    value[BOUND] = er_bound_rademacher_empirical(losses, (double)m, ER_MEASURE_DELTA);
    value[VACUOUS] =
        isnan(value[BOUND]) || run->diverged >= 0 ? (double)NAN : train_error + value[BOUND] >= 1;
    value[PARAMETERS] = (double)er_net_parameters(whose->member->net);
}

/* All members of a run have ended. */
static enum er_status end_run(const struct estimation *e, const struct er_lots_member *whose,
                              struct er_error *err)
{
    const struct estimate *run = &e->run[whose->run];
    const int64_t draws = draws_of(whose->point);
    double value[RUN_COLUMNS], seconds = 0;
    for (int64_t i = 0; i <= draws; i++) seconds += run->seconds[i];
    fill_values(whose, run, value);
    const double *const curve[CURVE_COLUMNS] = {run->draw + 1, run->agreement + 1, run->epochs + 1};
    const char *outcome = run->diverged >= 0      ? er_stop_reason_text(ER_STOP_DIVERGED)
                          : isnan(value[VACUOUS]) ? "measured"
                          : value[VACUOUS] != 0   ? "vacuous"
                                                  : "undecided";
    const struct er_record record = {.outcome = outcome,
                                     .note = run->cause,
                                     .seconds = seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = draws};
    return e->events->end(e->events->ctx, whose->run, &record, err);
}

/* The first draw in their order, not in time, so that a run's words do not depend on threads. */
static void note_divergence(struct estimation *e, struct estimate *run, int64_t draw, const char *cause)
{
    pthread_mutex_lock(&e->lock);
    if (run->diverged < 0 || draw < run->diverged) {
        run->diverged = draw;
        if (draw == 0)
            snprintf(run->cause, sizeof run->cause, "true labels: %s", cause);
        else
            snprintf(run->cause, sizeof run->cause, "draw %lld: %s", (long long)draw, cause);
    }
    pthread_mutex_unlock(&e->lock);
}

static enum er_status on_end(void *ctx, const struct er_lots_member *whose,
                             const struct er_train_result *result, struct er_error *err)
{
    struct estimation *e = ctx;
    struct estimate *run = &e->run[whose->run];
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    const double accuracy = 1 - end->train_error;
    run->draw[whose->draw] = (double)whose->draw;
    run->accuracy[whose->draw] = accuracy;
    const bool diverged = result->reason == ER_STOP_DIVERGED;
    run->agreement[whose->draw] = diverged ? (double)NAN
                                           : er_rademacher_agreement(er_rademacher_labels(whose->point),
                                                                     whose->member->train->classes, accuracy);
    run->epochs[whose->draw] = (double)result->epochs_done;
    run->seconds[whose->draw] = result->seconds;
    if (whose->draw == 0) run->test_error = end->test_error;
    if (diverged) note_divergence(e, run, whose->draw, result->cause);
    return atomic_fetch_sub(&run->left, 1) == 1 ? end_run(e, whose, err) : ER_OK;
}

static enum er_status open_estimates(struct estimation *e, const struct er_point *point, int64_t n,
                                     struct er_error *err)
{
    e->run = er_alloc(n, sizeof *e->run);
    if (!e->run) goto no_memory;
    for (int64_t i = 0; i < n; i++) {
        struct estimate *run = &e->run[i];
        const int64_t members = 1 + draws_of(&point[i]);
        run->draw = er_alloc(5 * members, sizeof *run->draw);
        if (!run->draw) goto no_memory;
        run->accuracy = run->draw + members;
        run->agreement = run->accuracy + members;
        run->epochs = run->agreement + members;
        run->seconds = run->epochs + members;
        run->diverged = -1;
        atomic_init(&run->left, members);
    }
    return ER_OK;
no_memory:
    return er_fail(err, ER_E_NOMEM, "rademacher: out of memory for %lld runs", (long long)n);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct estimation e = {.events = events, .lock = PTHREAD_MUTEX_INITIALIZER};
    const struct er_lots lots = {
        .ctx = &e, .draws = draws_of, .relabel = er_rademacher_relabel, .begin = on_begin, .end = on_end};
    enum er_status status = open_estimates(&e, point, n, err);
    if (status == ER_OK) status = er_lots_train(&lots, point, n, places, pool, progress, err);
    for (int64_t i = 0; e.run && i < n; i++) er_free(e.run[i].draw);
    er_free(e.run);
    return status;
}

static int64_t trainings_of(const struct er_point *point)
{
    return 1 + draws_of(point);
}

/* As many trainings as there are members. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    return er_train_estimate_of(trainings_of, point, n, places, pool, progress, out, err);
}

extern const struct er_experiment er_experiment_rademacher;
const struct er_experiment er_experiment_rademacher = {
    .name = "rademacher",
    .help = "fits random labels: a lower bound on the Rademacher complexity, what training reaches, beside "
            "the measured gap",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train",
    .schema = row,
    .run_column = run_column,
    .curve_column = curve_column,
    .figure = figure,
    .arithmetic = "1",
    .check = check,
    .estimate = estimate,
    .run = run,
};
