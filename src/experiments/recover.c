/* recover.c - the experiment `recover`: each run solves a problem of matrix recovery by one method
 * (experiments/recover_method.h) and says what is known of the solution.
 */
#include "experiments/matrix_keys.h"
#include "experiments/matrix_spread.h"
#include "experiments/recover_estimate.h"
#include "experiments/recover_tables.h"

#include <math.h>

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    const struct er_method_spec spec = er_recover_keys_spec(point);
    (void)places;
    enum er_status status = er_matrix_keys_check(point, err);
    if (status == ER_OK) status = er_matrix_keys_check_centre(point, "recover.centre", err);
    if (status != ER_OK) return status;
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
    struct er_matrix_spread *m = ctx;
    const struct er_matrix_group *group = er_matrix_spread_group(m, run);
    const struct er_method_spec spec = er_recover_keys_spec(&m->point[run]);
    const struct er_progress still = er_run_spread_still(&m->spread);
    const bool rated = !isnan(group->repeated);
    struct er_method_result found;
    struct er_error why = {0};
    (void)progress;
    er_run_spread_doing(&m->spread, er_method_word(spec.method));
    const enum er_status status = er_method_solve(&group->problem, &spec, m->inner, &still, &found, &why);
    er_run_spread_doing(&m->spread, "");
    if (status != ER_OK) return er_method_fail(&m->point[run], "recover.method", status, &why, err);
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
    const struct er_matrix_spread *m = ctx;
    const struct er_method_spec spec = er_recover_keys_spec(&m->point[run]);
    return er_method_bytes(&er_matrix_spread_group(m, run)->problem, &spec);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct er_matrix_spread m = {.point = point,
                                 .centre = er_recover_keys_centre,
                                 .is_large = er_recover_is_large,
                                 .spread = {.what = "recover",
                                            .events = events,
                                            .progress = progress,
                                            .runs = n,
                                            .ctx = &m,
                                            .compute = compute,
                                            .bytes = bytes_of,
                                            .lock = PTHREAD_MUTEX_INITIALIZER}};
    return er_matrix_spread(&m, n, places, pool, err);
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
