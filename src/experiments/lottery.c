/* lottery.c - the experiment `lottery`: networks of fewer and fewer weights, each trained from the weights that the
 * full one began with.
 *
 *     round 1     train the full net from w_0, mask m_1 = 1
 *     round r     m_r = m_{r-1} without the smallest of its weights at the end of round r - 1, a share `prune` of each
 *                 layer (`prune_output` of the last); train from m_r * w_0: the ticket
 *     control     beside it, train from m_r * w', w' initial weights of another seed: the same net, another start
 *
 * The claim: tickets train as well as the full net, or better and faster, down to a few hundredths of its weights;
 * controls don't. Pruned weights are 0 while a net is trained. Biases, gains and shifts are not pruned; `density` is the
 * share of the other weights that is left. All trainings of a run have the same data, batches and stopping rule.
 *
 * `early_test_error` is that of the record at epoch lottery.early, or of the last one before: how fast it learns.
 *
 * Source: Frankle and Carbin, "The lottery ticket hypothesis: finding sparse, trainable neural networks", ICLR 2019,
 * section 1 (iterative pruning, resetting to w_0) and figure 3 (the control). In the paper accuracies are those of the
 * iteration of least validation loss; here those where training stops.
 *
 * A run that is interrupted goes on behind its last whole round.
 */
#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/experiment.h"
#include "experiments/key_rows.h"
#include "experiments/lots_progress.h"
#include "experiments/lottery_chain.h"
#include "experiments/point.h"
#include "experiments/train_estimate.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>

enum { ROUNDS, DENSITY, FULL_ERROR, TEST_ERROR, CONTROL_ERROR, TRAIN_ERROR, PARAMETERS, RUN_COLUMNS };

static const struct er_column run_column[] = {
    [ROUNDS] = {"rounds", "rounds", "trainings of the ticket, that of the full net among them", false},
    [DENSITY] = {"last_density", "", "share of the weights that the last ticket has", true},
    [FULL_ERROR] = {"full_test_error", "", "share of test examples that the full net predicts wrongly",
                    false},
    [TEST_ERROR] = {"ticket_test_error", "", "the same of the last ticket", false},
    [CONTROL_ERROR] = {"last_control_test_error", "", "the same of the last control; missing without one",
                       false},
    [TRAIN_ERROR] = {"ticket_train_error", "",
                     "share of training examples that the last ticket predicts wrongly", false},
    [PARAMETERS] = {"parameters", "", "parameters of the full network", true},
    [RUN_COLUMNS] = {0},
};

static const struct er_column curve_column[] = {
    [ER_LOTTERY_ROUND] = {"round", "rounds", "number of the training, from 1: that of the full net", false},
    [ER_LOTTERY_DENSITY] = {"density", "", "share of the weights that are left", true},
    [ER_LOTTERY_TRAIN_ERROR] = {"train_error", "",
                                "share of training examples that the ticket predicts wrongly", false},
    [ER_LOTTERY_TEST_ERROR] = {"test_error", "", "share of test examples that the ticket predicts wrongly",
                               false},
    [ER_LOTTERY_EARLY] = {"early_test_error", "", "the same at epoch lottery.early", false},
    [ER_LOTTERY_CONTROL] = {"control_test_error", "", "that of the same net from other initial weights",
                            false},
    [ER_LOTTERY_CONTROL_EARLY] = {"early_control_test_error", "", "the same at epoch lottery.early", false},
    [ER_LOTTERY_COLUMNS] = {0},
};

static const struct er_default_figure figure[] = {
    {.mark = "line",
     .x = "density",
     .y = "test_error control_test_error",
     .axes = ER_DEFAULT_NO_AXIS,
     .x_scale = "log",
     .title = "After training"},
    {.mark = "line",
     .x = "density",
     .y = "early_test_error early_control_test_error",
     .axes = ER_DEFAULT_NO_AXIS,
     .x_scale = "log",
     .title = "Early in training"},
    {.mark = "line", .x = "density", .y = "test_error", .colour = "axis", .axes = ER_DEFAULT_SOME_AXES},
    {0},
};

static const struct er_schema_row row[] = {
    MAP("lottery", NULL, "prunes a network round after round and trains what is left from where it began"),
    INTEGER("lottery.rounds", "rounds", 1, ER_LOTTERY_MOST_ROUNDS, "12",
            "trainings of the ticket, that of the full net among them"),
    REAL("lottery.prune", "", 0, 0.99, "0.36",
         "share of a layer's remaining weights that each round takes away"),
    REAL("lottery.prune_output", "", 0, 0.99, "0.19", "the same of the last layer"),
    INTEGER("lottery.early", "epochs", 1, 1000000, "4", "when the early test error is measured"),
    BOOL("lottery.control", "true", "whether each ticket's net is trained from other initial weights too"),
    {0},
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "lottery studies keep no networks");
    return er_train_member_check(point, places, err);
}

/* The runs whose data are in memory. */
struct lot {
    const struct er_point *point;
    const struct er_run_events *events;
    struct er_lottery_chain *chain;
    int64_t n;
    struct er_lots_progress progress; /* a lot of its is a round */
};

static enum er_status end_chain(const struct lot *lot, const struct er_lottery_chain *chain,
                                struct er_error *err)
{
    const int64_t rounds = chain->rounds;
    const double *curve[ER_LOTTERY_COLUMNS];
    double value[RUN_COLUMNS];
    for (int c = 0; c < ER_LOTTERY_COLUMNS; c++) curve[c] = chain->curve[c];
    value[ROUNDS] = (double)rounds;
    value[DENSITY] = curve[ER_LOTTERY_DENSITY][rounds - 1];
    value[FULL_ERROR] = curve[ER_LOTTERY_TEST_ERROR][0];
    value[TEST_ERROR] = curve[ER_LOTTERY_TEST_ERROR][rounds - 1];
    value[CONTROL_ERROR] = curve[ER_LOTTERY_CONTROL][rounds - 1];
    value[TRAIN_ERROR] = curve[ER_LOTTERY_TRAIN_ERROR][rounds - 1];
    value[PARAMETERS] = (double)er_net_parameters(chain->net);
    const struct er_record record = {.outcome = chain->diverged[0] ? "diverged" : "rounds",
                                     .note = chain->diverged,
                                     .seconds = chain->seconds,
                                     .value = value,
                                     .curve = curve,
                                     .n_curve = rounds};
    return lot->events->end(lot->events->ctx, chain->run, &record, err);
}

/* A chain for each run of the groups that nobody else has; they begin, or go on behind a checkpoint. */
static enum er_status open_lot(struct lot *lot, const struct er_data_groups *groups, int64_t from, int64_t to,
                               struct er_error *err)
{
    int64_t runs = 0;
    for (int64_t g = from; g < to; g++) runs += groups->group[g].n;
    lot->n = 0;
    lot->chain = er_alloc(runs, sizeof *lot->chain);
    if (!lot->chain) return er_fail(err, ER_E_NOMEM, "lottery: out of memory for %lld runs", (long long)runs);
    for (int64_t g = from; g < to; g++) {
        for (int64_t i = 0; i < groups->group[g].n; i++) {
            const int64_t run = groups->group[g].run[i];
            bool skip = false;
            const void *state = NULL;
            size_t bytes = 0;
            enum er_status status = lot->events->begin(lot->events->ctx, run, &skip, &state, &bytes, err);
            if (status == ER_OK && !skip)
                status = er_lottery_chain_open(&lot->chain[lot->n++], &lot->point[run],
                                               &groups->group[g].split, run, state, bytes, err);
            if (status != ER_OK) return status;
        }
    }
    return ER_OK;
}

static void close_lot(struct lot *lot)
{
    for (int64_t i = 0; lot->chain && i < lot->n; i++) er_lottery_chain_close(&lot->chain[i]);
    er_free(lot->chain);
    lot->chain = NULL;
}

/* A round behind which there is another one is where a run can go on. */
static enum er_status save(const struct lot *lot, const struct er_lottery_chain *chain, struct er_error *err)
{
    size_t bytes;
    void *state;
    if (!lot->events->checkpoint || chain->done == chain->rounds) return ER_OK;
    enum er_status status = er_lottery_chain_state(chain, &state, &bytes, err);
    if (status == ER_OK) status = lot->events->checkpoint(lot->events->ctx, chain->run, state, bytes, err);
    er_free(state);
    return status;
}

/* One more round of every chain that has one to go, all side by side; *left says whether there were any. */
static enum er_status train_round(struct lot *lot, struct er_pool *pool, bool *left, struct er_error *err)
{
    const struct er_progress progress = er_lots_progress_part(&lot->progress);
    enum er_status status = er_lottery_round(lot->chain, lot->n, pool, &progress, left, err);
    er_lots_progress_next(&lot->progress, (int64_t)lot->progress.last.total);
    for (int64_t i = 0; i < lot->n && status == ER_OK && *left; i++) {
        const struct er_lottery_chain *chain = &lot->chain[i];
        if (!chain->trained) continue;
        status = chain->done == chain->rounds ? end_chain(lot, chain, err) : save(lot, chain, err);
    }
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_data_groups groups;
    struct lot lot = {
        .point = point, .events = events, .progress = {.what = "lottery", .caller = progress, .runs = n}};
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < n; i++) lot.progress.trainings += er_lottery_trainings(&point[i]);
    for (int64_t from = 0, to; status == ER_OK && from < groups.n; from = to) {
        bool left = true;
        status = er_data_groups_load(&groups, point, places, from, ER_TRAIN_DATA_BYTES, &to, err);
        if (status != ER_OK) break;
        status = open_lot(&lot, &groups, from, to, err);
        while (status == ER_OK && left) status = train_round(&lot, pool, &left, err);
        close_lot(&lot);
        er_data_groups_release(&groups, from, to);
    }
    er_data_groups_clear(&groups);
    return status;
}

/* As many trainings as there are rounds, and controls of all but the first. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    return er_train_estimate_of(er_lottery_trainings, point, n, places, pool, progress, out, err);
}

extern const struct er_experiment er_experiment_lottery;
const struct er_experiment er_experiment_lottery = {
    .name = "lottery",
    .help = "prunes networks and trains what is left from where it began: lottery tickets",
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
