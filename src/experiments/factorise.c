/* factorise.c - the experiment `factorise`: each run is one descent on a product of matrices that is to
 * recover a matrix of which little is observed (<ermine/factorise.h>), beside a rival that solves the same
 * problem.
 *
 * Runs that share a problem share it, and their rival. Small runs are spread over the pool, one on each
 * thread; large ones come one after the other, each on all threads. Numbers are the same either way.
 */
#include "experiments/factorise_estimate.h"
#include "experiments/factorise_rivals.h"
#include "experiments/factorise_run.h"
#include "experiments/factorise_state.h"
#include "experiments/matrix_keys.h"
#include "experiments/matrix_spread.h"

#include "core/clock.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

struct call {
    struct er_matrix_spread m;
    const struct er_run_events *events;
    struct er_rivals *rivals; /* of each group */
};

static enum er_status check(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err)
{
    (void)places;
    const enum er_status status = er_matrix_keys_check(point, err);
    return status == ER_OK ? er_factorise_keys_check(point, err) : status;
}

static void fill_group(const struct er_matrix_group *group, double *value)
{
    if (group->problem.kind == ER_COMPLETION && !group->problem.truth) {
        value[ER_FACTORISE_V_USERS] = (double)group->problem.rows;
        value[ER_FACTORISE_V_ITEMS] = (double)group->problem.columns;
        value[ER_FACTORISE_V_REPEATED] = group->repeated;
    }
    value[ER_FACTORISE_V_TRUTH_NUCLEAR] = group->truth_nuclear_norm;
    value[ER_FACTORISE_V_TRUTH_RANK] = group->truth_effective_rank;
    value[ER_FACTORISE_V_MEAN_RMSE] = sqrt(group->mean_error);
    value[ER_FACTORISE_V_BIAS_RMSE] = sqrt(group->bias_error);
}

static void fill_rival(const struct er_method_result *rival, double *value)
{
    value[ER_FACTORISE_V_RIVAL_TEST] = rival->test_error;
    value[ER_FACTORISE_V_RIVAL_TEST_RMSE] = sqrt(rival->test_error);
    value[ER_FACTORISE_V_RIVAL_TRAIN] = rival->train_error;
    value[ER_FACTORISE_V_RIVAL_NUCLEAR] = rival->nuclear_norm;
    value[ER_FACTORISE_V_RIVAL_FROBENIUS] = rival->frobenius_norm;
    value[ER_FACTORISE_V_RIVAL_RANK] = rival->effective_rank;
    value[ER_FACTORISE_V_RIVAL_PRIMAL] = rival->primal;
    value[ER_FACTORISE_V_RIVAL_DUAL] = rival->dual;
    value[ER_FACTORISE_V_RIVAL_GAP] = rival->gap;
    value[ER_FACTORISE_V_RIVAL_ITERATIONS] = rival->iterations;
}

/* The rival comes first: from then on it is in the run's checkpoints. */
static enum er_status solve_rival(struct call *c, int64_t run, const struct er_method_spec *spec,
                                  struct er_spread_result *result, struct er_error *err)
{
    const int64_t g = c->m.groups.of[run];
    const struct er_progress still = er_run_spread_still(&c->m.spread);
    struct er_method_result rival;
    struct er_error why = {0};
    char doing[40];
    if (er_factorise_has_rival(result)) return ER_OK;
    snprintf(doing, sizeof doing, "rival %s", er_method_word(spec->method));
    er_run_spread_doing(&c->m.spread, doing);
    const enum er_status status =
        er_rivals_get(&c->rivals[g], &c->m.groups.group[g].problem, spec, c->m.inner, &still, &rival, &why);
    er_run_spread_doing(&c->m.spread, "");
    if (status != ER_OK) return er_method_fail(&c->m.point[run], "factorise.rival", status, &why, err);
    fill_rival(&rival, result->value);
    return ER_OK;
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    struct call *c = ctx;
    const struct er_matrix_group *group = er_matrix_spread_group(&c->m, run);
    const struct er_factorise_request request = er_factorise_keys_request(&c->m.point[run], &group->problem);
    const struct er_factorise_keeper keeper = {c->events, run, er_clock_s()};
    enum er_status status = ER_OK;
    fill_group(group, result->value);
    if (request.has_rival) status = solve_rival(c, run, &request.rival, result, err);
    if (status != ER_OK) return status;
    return er_factorise_descend(&request, &group->problem, &keeper, c->m.inner, progress, result, err);
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct call *c = ctx;
    const struct er_recovery *problem = &er_matrix_spread_group(&c->m, run)->problem;
    const struct er_factorise_request request = er_factorise_keys_request(&c->m.point[run], problem);
    return er_factorise_run_bytes(&request, problem);
}

static enum er_status open_group(void *ctx, int64_t g, struct er_error *err)
{
    struct call *c = ctx;
    const struct er_matrix_group *group = &c->m.groups.group[g];
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < group->n && status == ER_OK; i++)
        status = er_factorise_keys_fit(&c->m.point[group->run[i]], group->problem.rows,
                                       group->problem.columns, err);
    return status == ER_OK ? er_rivals_new(group->n, &c->rivals[g], err) : status;
}

static void close_group(void *ctx, int64_t g)
{
    const struct call *c = ctx;
    er_rivals_clear(&c->rivals[g]);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct call c = {.m = {.point = point,
                           .centre = er_factorise_keys_centre,
                           .is_large = er_factorise_is_large,
                           .open = open_group,
                           .close = close_group,
                           .spread = {.what = "factorise",
                                      .events = events,
                                      .progress = progress,
                                      .runs = n,
                                      .ctx = &c,
                                      .compute = compute,
                                      .bytes = bytes_of,
                                      .parts = true,
                                      .lock = PTHREAD_MUTEX_INITIALIZER}},
                     .events = events,
                     .rivals = er_alloc(n, sizeof *c.rivals)};
    if (!c.rivals) return er_fail(err, ER_E_NOMEM, "factorise: out of memory");
    const enum er_status status = er_matrix_spread(&c.m, n, places, pool, err);
    er_free(c.rivals);
    return status;
}

extern const struct er_experiment er_experiment_factorise;
const struct er_experiment er_experiment_factorise = {
    .name = "factorise",
    .help = "recovers a matrix by descent on a product of matrices: what depth prefers, beside exact rivals",
    .shares = ER_SHARES_MATRIX,
    .schema = er_factorise_keys_row,
    .run_column = er_factorise_run_column,
    .curve_column = er_factorise_curve_column,
    .figure = er_factorise_figure,
    .claim = er_factorise_claim,
    .arithmetic = "1",
    .check = check,
    .estimate = er_factorise_estimate,
    .run = run,
};
