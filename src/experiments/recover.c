/* recover.c - the experiment `recover`: each run solves a problem of matrix recovery by one method (experiments/recover_method.h)
 * and says what is known of the solution.
 *
 * Runs that share a problem share it. Small ones are spread over the pool, large ones come one after the other, each on all
 * threads. Numbers are the same either way.
 */
#include "core/available.h"
#include "experiments/matrix_groups.h"
#include "experiments/matrix_keys.h"
#include "experiments/recover_estimate.h"
#include "experiments/recover_tables.h"
#include "experiments/run_spread.h"

#include <ermine/memory.h>
#include <math.h>

/* Problems take at most this share of the memory that there is. */
static const double PROBLEMS = 0.25;

struct call {
    const struct er_point *point;
    struct er_matrix_groups groups;
    struct er_run_spread *spread;
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

static enum er_status fill_path(const struct er_recover_path *path, struct er_spread_result *result,
                                struct er_error *err)
{
    if (path->n == 0) return ER_OK;
    const enum er_status status = er_spread_curves(result, "recover", ER_RECOVER_CURVES, path->n, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < path->n; i++) {
        const struct er_soft_impute_state *state = &path->step[i].state;
        result->curve[ER_RECOVER_C_LAMBDA][i] = state->lambda;
        result->curve[ER_RECOVER_C_VALIDATION][i] = path->step[i].error;
        result->curve[ER_RECOVER_C_PRIMAL][i] = state->primal;
        result->curve[ER_RECOVER_C_DUAL][i] = state->dual;
        result->curve[ER_RECOVER_C_GAP][i] = state->gap;
        result->curve[ER_RECOVER_C_ITERATIONS][i] = (double)state->iterations;
        result->curve[ER_RECOVER_C_NUCLEAR][i] = state->nuclear_norm;
        result->curve[ER_RECOVER_C_RANK][i] = (double)state->rank;
    }
    result->n_curve = path->n;
    return ER_OK;
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    const struct call *c = ctx;
    const struct er_matrix_group *group = &c->groups.group[c->groups.of[run]];
    const struct er_method_spec spec = er_recover_keys_spec(&c->point[run]);
    const struct er_progress still = er_run_spread_still(c->spread);
    const bool rated = !isnan(group->repeated);
    struct er_method_result found;
    struct er_error why = {0};
    (void)progress;
    er_run_spread_doing(c->spread, er_method_word(spec.method));
    const enum er_status status = er_method_solve(&group->problem, &spec, c->inner, &still, &found, &why);
    er_run_spread_doing(c->spread, "");
    if (status != ER_OK) return er_method_fail(&c->point[run], "recover.method", status, &why, err);
    const double value[ER_RECOVER_VALUES] = {
        [ER_RECOVER_PRIMAL] = found.primal,
        [ER_RECOVER_DUAL] = found.dual,
        [ER_RECOVER_GAP] = found.gap,
        [ER_RECOVER_VIOLATION] = found.violation,
        [ER_RECOVER_GRADIENT] = found.gradient,
        [ER_RECOVER_USERS] = rated ? (double)group->problem.rows : (double)NAN,
        [ER_RECOVER_ITEMS] = rated ? (double)group->problem.columns : (double)NAN,
        [ER_RECOVER_REPEATED] = group->repeated,
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
    return fill_path(&found.path, result, err);
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct call *c = ctx;
    const struct er_method_spec spec = er_recover_keys_spec(&c->point[run]);
    return er_method_bytes(&c->groups.group[c->groups.of[run]].problem, &spec);
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
            if (er_recover_is_large(&group->problem, n, er_pool_threads(pool)) != (large == 1)) continue;
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
    c.spread = &spread;
    const double room = PROBLEMS * (double)er_memory_available();
    enum er_status status = er_pool_new(1, &alone, err);
    if (status == ER_OK) status = er_matrix_groups_new(point, n, er_recover_keys_centre, &c.groups, err);
    for (int64_t g = 0, next; g < c.groups.n && status == ER_OK; g = next) {
        status = er_matrix_groups_load(&c.groups, point, places, g, room, pool, &next, err);
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
    .estimate = er_recover_estimate,
    .run = run,
};
