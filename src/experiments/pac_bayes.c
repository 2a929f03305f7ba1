/* pac_bayes.c - the experiment `pac-bayes`: a stochastic network, and a bound on its error that is one.
 *
 *     bound = kl^-1( ebar | (KL(Q || P) + ln(pi^2 j^2 / 6) + ln(2 sqrt(m) / delta)) / m )
 *     ebar  = kl^-1( ehat | ln(2 / delta') / n )
 *
 * (certificate.h; pac_bayes_run.h has what a run does). What is guaranteed is the error of the network that
 * is drawn anew for every prediction, averaged over the draws; the network that it was made of is beside
 * it. The bound holds for the examples that the prior has not seen, drawn independently, as they are:
 * inputs standardised by statistics of the training set are taken as if those had been fixed before. (Of a prior
 * from data the others have to be independent given the first: a random subset, not so many of each class.)
 */
#include "experiments/data_groups.h"
#include "experiments/pac_bayes_run.h"
#include "experiments/spread_groups.h"
#include "experiments/train_estimate.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct er_group_runs *c = ctx;
    return er_pac_bayes_compute(&c->point[run], run, c->split, c->events, progress, result, err);
}

enum er_status er_pac_bayes_bytes(const struct er_point *point, const struct er_split *split, double *bytes,
                                  struct er_error *err)
{
    const struct er_pac_bayes_spec spec = er_pac_bayes_keys_spec(point);
    struct er_member member = er_train_member(point, split);
    struct er_net *net = NULL;
    size_t training = 0;
    double descent = 0;
    const int64_t n = split->train.n, batch = spec.batch < n ? spec.batch : n;
    enum er_status status = er_train_member_net(point, split->train.shape, split->train.classes, &net, err);
    member.net = net;
    if (status == ER_OK) status = er_train_memory(&member, 1, &training, err);
    if (status == ER_OK) status = er_bound_descent_bytes(net, n, batch, &descent, err);
    if (status == ER_OK) /* prior and mean, deviations and a draw, a checkpoint while it is handed over */
        *bytes = fmax((double)training, descent) + 12 * sizeof(float) * (double)er_net_parameters(net);
    er_net_free(net);
    return status;
}

/* A run whose net can't be made says so when it is computed. */
static double bytes_of(void *ctx, int64_t run)
{
    const struct er_group_runs *c = ctx;
    double bytes = 0;
    return er_pac_bayes_bytes(&c->point[run], c->split, &bytes, NULL) == ER_OK ? bytes : 0;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    static const struct er_group_work work = {
        .what = "pac-bayes", .compute = compute, .bytes = bytes_of, .parts = true};
    return er_spread_groups(&work, point, n, places, pool, progress, events, err);
}

/* A step of the descent takes the time of some two of training, most of it for drawing and moving all
 * weights. */
static int64_t trainings_of(const struct er_point *point)
{
    const struct er_pac_bayes_spec spec = er_pac_bayes_keys_spec(point);
    const double epochs = (double)er_point_integer(point, "train.epochs", 100);
    return 1 + (int64_t)ceil(2 * (double)spec.epochs / epochs);
}

/* As of `train`, and what a descent takes more: its weights, twice. */
static enum er_status estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err)
{
    struct er_data_groups groups;
    double most = 0;
    enum er_status status = er_train_estimate_of(trainings_of, point, n, places, pool, progress, out, err);
    if (status == ER_OK) status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) return status;
    for (int64_t g = 0, next; g < groups.n && status == ER_OK; g++) {
        const struct er_data_group *group = &groups.group[g];
        status = er_data_groups_load(&groups, point, places, g, 1, &next, err);
        for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
            double bytes = 0;
            status = er_pac_bayes_bytes(&point[group->run[i]], &group->split, &bytes, err);
            most = fmax(most, bytes);
        }
        er_data_groups_release(&groups, g, g + 1);
    }
    er_data_groups_clear(&groups);
    if (status == ER_OK) out->run_bytes = (size_t)most;
    return status;
}

extern const struct er_experiment er_experiment_pac_bayes;
const struct er_experiment er_experiment_pac_bayes = {
    .name = "pac-bayes",
    .help = "noise on the weights of a trained network, and a PAC-Bayes bound on its error, certified",
    .shares = ER_SHARES_DATA | ER_SHARES_MODEL,
    .uses = "train",
    .schema = er_pac_bayes_row,
    .run_column = er_pac_bayes_run_column,
    .curve_column = er_pac_bayes_curve_column,
    .figure = er_pac_bayes_figure,
    .claim = er_pac_bayes_claim,
    .arithmetic = "1",
    .check = er_pac_bayes_keys_check,
    .estimate = estimate,
    .run = run,
};
