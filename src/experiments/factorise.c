/* factorise.c - the experiment `factorise`: each run is one descent on a product of matrices that is to recover a matrix of which
 * little is observed (<ermine/factorise.h>), beside a rival that solves the same problem.
 *
 * Runs that share a problem share it, and their rival. Small runs are spread over the pool, one on each thread; large ones come
 * one after the other, each on all threads. Numbers are the same either way.
 */
#include "experiments/factorise_estimate.h"
#include "experiments/factorise_rivals.h"
#include "experiments/factorise_run.h"
#include "experiments/factorise_state.h"
#include "experiments/matrix_groups.h"
#include "experiments/matrix_keys.h"

#include "core/available.h"
#include "core/clock.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

/* Problems take at most this share of the memory that there is. */
static const double PROBLEMS = 0.25;

/* A call, and the groups whose problems are in memory. */
struct call {
    const struct er_point *point;
    const struct er_run_events *events;
    struct er_matrix_groups groups;
    struct er_run_spread *spread;
    struct er_rivals *rivals; /* of each group */
    struct er_pool *inner;    /* of each run's own: NULL while runs are spread */
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
    const int64_t g = c->groups.of[run];
    const struct er_progress still = er_run_spread_still(c->spread);
    struct er_method_result rival;
    struct er_error why = {0};
    char doing[40];
    if (er_factorise_has_rival(result)) return ER_OK;
    snprintf(doing, sizeof doing, "rival %s", er_method_word(spec->method));
    er_run_spread_doing(c->spread, doing);
    const enum er_status status =
        er_rivals_get(&c->rivals[g], &c->groups.group[g].problem, spec, c->inner, &still, &rival, &why);
    er_run_spread_doing(c->spread, "");
    if (status != ER_OK) return er_method_fail(&c->point[run], "factorise.rival", status, &why, err);
    fill_rival(&rival, result->value);
    return ER_OK;
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    struct call *c = ctx;
    const struct er_matrix_group *group = &c->groups.group[c->groups.of[run]];
    const struct er_factorise_request request = er_factorise_keys_request(&c->point[run], &group->problem);
    const struct er_factorise_keeper keeper = {c->events, run, er_clock_s()};
    enum er_status status = ER_OK;
    fill_group(group, result->value);
    if (request.has_rival) status = solve_rival(c, run, &request.rival, result, err);
    if (status != ER_OK) return status;
    return er_factorise_descend(&request, &group->problem, &keeper, c->inner, progress, result, err);
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct call *c = ctx;
    const struct er_recovery *problem = &c->groups.group[c->groups.of[run]].problem;
    const struct er_factorise_request request = er_factorise_keys_request(&c->point[run], problem);
    return er_factorise_run_bytes(&request, problem) +
           (request.has_rival ? er_method_bytes(problem, &request.rival) : 0);
}

/* The `n` runs of loaded groups from..to-1, sorted into small ones and large ones: *small of them first. */
static void sort_runs(const struct call *c, int64_t from, int64_t to, int64_t n, int threads, int64_t *run,
                      int64_t *small)
{
    int64_t k = 0;
    *small = 0;
    for (int large = 0; large < 2; large++)
        for (int64_t g = from; g < to; g++)
            for (int64_t i = 0; i < c->groups.group[g].n; i++) {
                const int64_t which = c->groups.group[g].run[i];
                const struct er_factorise_request request =
                    er_factorise_keys_request(&c->point[which], &c->groups.group[g].problem);
                if (er_factorise_is_large(&request, &c->groups.group[g].problem, n, threads) != (large == 1))
                    continue;
                run[k++] = which;
                *small += !large;
            }
}

static enum er_status spread_sorted(struct call *c, struct er_run_spread *spread, int64_t from, int64_t to,
                                    struct er_pool *pool, struct er_pool *alone, struct er_error *err)
{
    int64_t n = 0, small;
    for (int64_t g = from; g < to; g++) n += c->groups.group[g].n;
    int64_t *run = er_alloc(n, sizeof *run);
    if (!run) return er_fail(err, ER_E_NOMEM, "factorise: out of memory for %lld runs", (long long)n);
    sort_runs(c, from, to, n, er_pool_threads(pool), run, &small);
    c->inner = NULL;
    enum er_status status = er_run_spread(spread, small, run, pool, err);
    c->inner = pool;
    if (status == ER_OK) status = er_run_spread(spread, n - small, run + small, alone, err);
    er_free(run);
    return status;
}

static enum er_status run_loaded(struct call *c, struct er_run_spread *spread, int64_t from, int64_t to,
                                 struct er_pool *pool, struct er_pool *alone, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t g = from; g < to && status == ER_OK; g++) {
        const struct er_matrix_group *group = &c->groups.group[g];
        for (int64_t i = 0; i < group->n && status == ER_OK; i++)
            status = er_factorise_keys_fit(&c->point[group->run[i]], group->problem.rows,
                                           group->problem.columns, err);
        if (status == ER_OK) status = er_rivals_new(group->n, &c->rivals[g], err);
    }
    if (status == ER_OK) status = spread_sorted(c, spread, from, to, pool, alone, err);
    for (int64_t g = from; g < to; g++) er_rivals_clear(&c->rivals[g]);
    return status;
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    struct call c = {.point = point, .events = events, .rivals = er_alloc(n, sizeof *c.rivals)};
    struct er_run_spread spread = {.what = "factorise",
                                   .events = events,
                                   .progress = progress,
                                   .runs = n,
                                   .ctx = &c,
                                   .compute = compute,
                                   .bytes = bytes_of,
                                   .parts = true,
                                   .lock = PTHREAD_MUTEX_INITIALIZER};
    struct er_pool *alone = NULL;
    c.spread = &spread;
    const double room = PROBLEMS * (double)er_memory_available();
    enum er_status status =
        c.rivals ? er_pool_new(1, &alone, err) : er_fail(err, ER_E_NOMEM, "factorise: out of memory");
    if (status == ER_OK) status = er_matrix_groups_new(point, n, er_factorise_keys_centre, &c.groups, err);
    for (int64_t g = 0, next; g < c.groups.n && status == ER_OK; g = next) {
        status = er_matrix_groups_load(&c.groups, point, places, g, room, pool, &next, err);
        if (status == ER_OK) status = run_loaded(&c, &spread, g, next, pool, alone, err);
        er_matrix_groups_release(&c.groups, g, next);
    }
    er_matrix_groups_clear(&c.groups);
    er_pool_free(alone);
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
