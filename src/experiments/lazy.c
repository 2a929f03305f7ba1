/* lazy.c - the experiment `lazy`: each run trains a network of two layers by gradient descent, and measures how far it
 * goes from its linearisation.
 *
 *     f(x) = alpha / sqrt(M) sum_k a_k max(w_k . x, 0),   weights -= rate / alpha^2 grad 1/(2n) |f(X) - y|^2
 *
 * The output's scale alpha decides between the lazy regime (large: weights hardly move, f follows the model that is
 * linear in the weights, whose tangent kernel is that of the start) and the rich one (small: features are learnt, the
 * kernel turns towards the targets). So does the width M at alpha = 1, since weights have size 1 and the layer the factor
 * 1 / sqrt(M) (the parametrisation of the neural tangent kernel). In float64; the seed of a run draws the weights,
 * data.seed the data.
 *
 * Runs are spread over the pool, one on each thread, or fewer where memory does not hold so many. Sources: Chizat,
 * Oyallon and Bach, "On lazy training in differentiable programming", NeurIPS 2019; Jacot, Gabriel and Hongler,
 * "Neural tangent kernel", NeurIPS 2018; for alignment Baratin et al., "Implicit regularization via neural feature
 * alignment", AISTATS 2021.
 */
#include "core/available.h"
#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/experiment.h"
#include "experiments/lazy_estimate.h"
#include "experiments/lazy_keys.h"
#include "experiments/lazy_run.h"
#include "experiments/lazy_tables.h"
#include "experiments/memory_gate.h"

#include <pthread.h>

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    const enum er_status status = er_data_keys_regression_check(point, err);
    return status == ER_OK ? er_lazy_keys_check(point, err) : status;
}

/* One group of runs as tasks of a pool. */
struct training {
    const struct er_point *point;
    const struct er_data_group *group;
    const struct er_regression_split *split; /* of the group */
    const struct er_run_events *events;
    const struct er_progress *progress;
    struct er_memory_gate gate;
    pthread_mutex_t lock; /* of what follows, and of reports */
    int64_t done, runs;   /* of all groups */
    int64_t failed;       /* the first run that did, in order; -1: none */
    enum er_status status;
    struct er_error error;
};

static enum er_status do_run(struct training *t, int64_t run, const struct er_lazy_spec *spec,
                             struct er_error *err)
{
    const void *state = NULL;
    size_t bytes = 0;
    bool skip = false;
    struct er_lazy_result result;
    if (er_progress_stopped(t->progress)) return er_fail(err, ER_E_STOPPED, "lazy: interrupted");
    enum er_status status = t->events->begin(t->events->ctx, run, &skip, &state, &bytes, err);
    if (status != ER_OK || skip) return status;
    const double began = er_clock_s();
    status = er_lazy_run(spec, t->split, t->progress, &result, err);
    if (status != ER_OK) return status;
    const struct er_record record = {.outcome = result.outcome,
                                     .note = result.note,
                                     .seconds = er_clock_s() - began,
                                     .value = result.value,
                                     .curve = (const double *const *)result.curve,
                                     .n_curve = result.n_curve};
    status = t->events->end(t->events->ctx, run, &record, err);
    er_lazy_result_clear(&result);
    return status;
}

static void task(void *ctx, int64_t number, int worker)
{
    struct training *t = ctx;
    const int64_t run = t->group->run[number];
    const struct er_lazy_spec spec = er_lazy_keys_spec(&t->point[run]);
    const double bytes = er_lazy_run_bytes(&spec, t->split->train.n, t->split->test.n, t->split->train.d);
    struct er_error why = {0};
    (void)worker;
    er_memory_gate_enter(&t->gate, bytes);
    enum er_status status = er_memory_check(bytes, "lazy: outputs and kernels of a run", &why);
    if (status == ER_OK) status = do_run(t, run, &spec, &why);
    er_memory_gate_leave(&t->gate, bytes);
    pthread_mutex_lock(&t->lock);
    if (status != ER_OK && (t->failed < 0 || run < t->failed)) {
        t->failed = run;
        t->status = status;
        t->error = why;
    }
    const struct er_progress_report so_far = {
        .what = "lazy", .unit = "runs", .done = (double)++t->done, .total = (double)t->runs};
    if (t->progress && t->progress->report) t->progress->report(t->progress->ctx, &so_far);
    pthread_mutex_unlock(&t->lock);
}

static enum er_status run_group(struct training *t, const struct er_data_places *places, struct er_pool *pool,
                                struct er_error *err)
{
    const struct er_point *first = &t->point[t->group->run[0]];
    const struct er_data_spec data = er_data_keys_spec(first);
    struct er_regression_split split;
    struct er_error why = {0};
    enum er_status status = er_regression_open(&data, places, &split, &why);
    if (status != ER_OK) return er_data_keys_fail(first, &why, err);
    t->split = &split;
    status = er_lazy_keys_fit(first, split.train.k, err);
    if (status == ER_OK) {
        er_memory_gate_resize(&t->gate, (double)er_memory_available());
        er_pool_run(pool, t->group->n, task, t);
        status = t->status;
        if (status != ER_OK && err) *err = t->error;
    }
    t->split = NULL;
    er_regression_split_clear(&split);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_data_groups groups;
    struct training t = {
        .point = point, .events = events, .progress = progress, .runs = n, .failed = -1, .status = ER_OK};
    if (!er_memory_gate_open(&t.gate)) return er_fail(err, ER_E_NOMEM, "lazy: out of memory");
    pthread_mutex_init(&t.lock, NULL); /* with default attributes it can't fail here */
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status == ER_OK) {
        for (int64_t g = 0; g < groups.n && status == ER_OK; g++) {
            t.group = &groups.group[g];
            status = run_group(&t, places, pool, err);
        }
        er_data_groups_clear(&groups);
    }
    pthread_mutex_destroy(&t.lock);
    er_memory_gate_close(&t.gate);
    return status;
}

extern const struct er_experiment er_experiment_lazy;
const struct er_experiment er_experiment_lazy = {
    .name = "lazy",
    .help = "a network of two layers beside its linearisation: lazy training against learning of features",
    .shares = ER_SHARES_DATA,
    .schema = er_lazy_keys_row,
    .run_column = er_lazy_run_column,
    .curve_column = er_lazy_curve_column,
    .figure = er_lazy_figure,
    .claim = er_lazy_claim,
    .arithmetic = "1",
    .check = check,
    .estimate = er_lazy_estimate,
    .run = run,
};
