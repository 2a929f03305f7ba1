/* recover.c - the experiment `recover`: each run solves a problem of matrix recovery by one method (experiments/recover_method.h)
 * and says what is known of the solution.
 *
 * Runs that share a problem share it. Small ones are spread over the pool, large ones come one after the other, each on all
 * threads. Numbers are the same either way.
 */
#include "core/available.h"
#include "experiments/matrix_groups.h"
#include "experiments/matrix_keys.h"
#include "experiments/recover_tables.h"
#include "experiments/run_spread.h"

#include <ermine/memory.h>
#include <math.h>

/* Problems take at most this share of the memory that there is. */
static const double PROBLEMS = 0.25;

/* From so many observations or entries on a run's work is split, and from so many observations on it has all threads. */
enum { SPLIT_OBSERVED = 2000, SPLIT_ENTRIES = 40000, ALONE_OBSERVED = 20000 };

struct call {
    const struct er_point *point;
    struct er_matrix_groups groups;
    struct er_pool *inner; /* of each run's own: NULL while runs are spread */
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_method_spec spec = er_recover_keys_spec(point);
    (void)places;
    const enum er_status status = er_matrix_keys_check(point, err);
    if (status != ER_OK) return status;
    if (!er_matrix_keys_is_ratings(point) && er_matrix_keys_spec(point).kind == ER_SENSING &&
        er_point_real(point, "recover.centre", 0) != 0)
        return er_point_fail(point, "recover.centre", err,
                             "only entries can be centred; matrix.observe is measurements");
    return er_method_keys_check(point, "recover", "recover.method", &spec, err);
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct call *c = ctx;
    const struct er_matrix_group *group = &c->groups.group[c->groups.of[run]];
    const struct er_method_spec spec = er_recover_keys_spec(&c->point[run]);
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    struct er_method_result found;
    const enum er_status status = er_method_solve(&group->problem, &spec, c->inner, &quiet, &found, err);
    if (status != ER_OK) return status;
    const double value[ER_RECOVER_VALUES] = {
        [ER_RECOVER_PRIMAL] = found.primal,
        [ER_RECOVER_DUAL] = found.dual,
        [ER_RECOVER_GAP] = found.gap,
        [ER_RECOVER_ITERATIONS] = found.iterations,
        [ER_RECOVER_LAMBDA] = found.lambda,
        [ER_RECOVER_TRAIN_ERROR] = found.train_error,
        [ER_RECOVER_TRAIN_RMSE] = sqrt(found.train_error),
        [ER_RECOVER_TEST_ERROR] = found.test_error,
        [ER_RECOVER_TEST_RMSE] = sqrt(found.test_error),
        [ER_RECOVER_TEST_LOW] = found.low,
        [ER_RECOVER_TEST_HIGH] = found.high,
        [ER_RECOVER_NUCLEAR] = found.nuclear_norm,
        [ER_RECOVER_FROBENIUS] = found.frobenius_norm,
        [ER_RECOVER_RANK] = found.rank,
        [ER_RECOVER_EFFECTIVE_RANK] = found.effective_rank,
        [ER_RECOVER_TRUTH_NUCLEAR] = group->truth_nuclear_norm,
        [ER_RECOVER_TRUTH_RANK] = group->truth_effective_rank,
        [ER_RECOVER_OBSERVATIONS] = (double)group->problem.n,
    };
    result->outcome = found.outcome;
    for (int v = 0; v < ER_RECOVER_VALUES; v++) result->value[v] = value[v];
    return ER_OK;
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct call *c = ctx;
    const struct er_method_spec spec = er_recover_keys_spec(&c->point[run]);
    return er_method_bytes(&c->groups.group[c->groups.of[run]].problem, &spec);
}

static bool is_large(const struct er_recovery *problem, int64_t runs, int threads)
{
    if (problem->n > ALONE_OBSERVED) return true;
    return runs < threads &&
           (problem->n > SPLIT_OBSERVED || problem->rows * problem->columns > SPLIT_ENTRIES);
}

static enum er_status run_loaded(struct call *c, struct er_run_spread *spread, int64_t from, int64_t to,
                                 struct er_pool *pool, struct er_pool *alone, struct er_error *err)
{
    int64_t n = 0, k = 0, small = 0;
    for (int64_t g = from; g < to; g++) n += c->groups.group[g].n;
    int64_t *run = er_alloc(n, sizeof *run);
    if (!run) return er_fail(err, ER_E_NOMEM, "recover: out of memory for %lld runs", (long long)n);
    for (int large = 0; large < 2; large++)
        for (int64_t g = from; g < to; g++) {
            const struct er_matrix_group *group = &c->groups.group[g];
            if (is_large(&group->problem, n, er_pool_threads(pool)) != (large == 1)) continue;
            for (int64_t i = 0; i < group->n; i++) run[k++] = group->run[i];
            if (!large) small = k;
        }
    c->inner = NULL;
    enum er_status status = er_run_spread(spread, small, run, pool, err);
    c->inner = pool;
    if (status == ER_OK) status = er_run_spread(spread, n - small, run + small, alone, err);
    er_free(run);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct call c = {.point = point};
    struct er_run_spread spread = {.what = "recover",
                                   .events = events,
                                   .progress = progress,
                                   .runs = n,
                                   .ctx = &c,
                                   .compute = compute,
                                   .bytes = bytes_of,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};
    struct er_pool *alone = NULL;
    const double room = PROBLEMS * (double)er_memory_available();
    enum er_status status = er_pool_new(1, &alone, err);
    if (status == ER_OK) status = er_matrix_groups_new(point, n, "recover.centre", &c.groups, err);
    for (int64_t g = 0, next; g < c.groups.n && status == ER_OK; g = next) {
        status = er_matrix_groups_load(&c.groups, point, places, g, room, &next, err);
        if (status == ER_OK) status = run_loaded(&c, &spread, g, next, pool, alone, err);
        er_matrix_groups_release(&c.groups, g, next);
    }
    er_matrix_groups_clear(&c.groups);
    er_pool_free(alone);
    return status;
}

extern const struct er_experiment er_experiment_recover;
const struct er_experiment er_experiment_recover = {
    .name = "recover",
    .help = "recovers a matrix, or predicts ratings, by convex and other methods, with what is known of the "
            "solution",
    .shares = ER_SHARES_MATRIX,
    .schema = er_recover_row,
    .run_column = er_recover_run_column,
    .curve_column = er_recover_curve_column,
    .figure = er_recover_figure,
    .arithmetic = "1",
    .check = check,
    .run = run,
};
