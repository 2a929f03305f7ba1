/* factorise_estimate.c - see factorise_estimate.h. */
#include "experiments/factorise_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "experiments/factorise_run.h"
#include "experiments/matrix_groups.h"
#include "experiments/matrix_keys.h"

#include <ermine/memory.h>
#include <math.h>

/* Flops of a step from which on it is split over threads, and from which on it has them all to itself. */
static const double SPLIT = 5e7, ALONE = 4e9;

/* Seconds of a trial. */
static const double TRIED_S = 0.1;

bool er_factorise_is_large(const struct er_point *point, const struct er_recovery *problem, int64_t runs,
                           int threads)
{
    const struct er_factorise_request request = er_factorise_keys_request(point, problem);
    const double flops =
        er_factorise_flops(problem->kind, problem->rows, problem->columns, problem->n, &request.spec);
    return flops > SPLIT && (flops > ALONE || runs < threads);
}

/* Seconds of a step on this pool, or on one thread. */
static enum er_status try_steps(const struct er_factorise_request *request, const struct er_recovery *problem,
                                struct er_pool *pool, const struct er_progress *progress, double *seconds,
                                struct er_error *err)
{
    struct er_factorise_until until = {.step = 1, .loss = -1, .gradient = -1};
    struct er_factorise_spec spec = request->spec;
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    struct er_factorisation *f = NULL;
    enum er_factorise_end end;
    enum er_status status = er_factorisation_new(problem, &spec, &f, err);
    if (status == ER_OK) status = er_factorisation_run(f, &until, pool, &quiet, &end, err);
    const double began = er_clock_s();
    double spent = 0;
    int64_t steps = 0;
    while (status == ER_OK && spent < TRIED_S) {
        steps = steps > 0 ? 2 * steps : 1;
        until.step = 1 + steps;
        status = er_factorisation_run(f, &until, pool, &quiet, &end, err);
        spent = er_clock_s() - began;
    }
    if (steps > 0) *seconds = spent / (double)steps;
    er_factorisation_free(f);
    return status;
}

/* What the time of a step depends on. */
struct kind {
    int64_t rows, columns, observed, depth, width;
    enum er_recovery_kind of;
    enum er_factor_optimiser optimiser;
    bool single, large;
    double seconds;
};

static struct kind kind_of(const struct er_factorise_request *request, const struct er_recovery *problem,
                           bool large)
{
    return (struct kind){.rows = problem->rows,
                         .columns = problem->columns,
                         .observed = problem->n,
                         .depth = request->spec.depth,
                         .width = request->spec.width,
                         .of = problem->kind,
                         .optimiser = request->spec.optimiser,
                         .single = request->spec.single,
                         .large = large};
}

static bool same(const struct kind *a, const struct kind *b)
{
    return a->rows == b->rows && a->columns == b->columns && a->observed == b->observed &&
           a->depth == b->depth && a->width == b->width && a->of == b->of && a->optimiser == b->optimiser &&
           a->single == b->single && a->large == b->large;
}

struct trial {
    struct kind *kind;
    int64_t kinds, runs;
    double *cost; /* of each run that is not large: seconds */
    double large; /* seconds of all that are */
    double bytes, data;
    struct er_method_spec *rival; /* of the group */
    int64_t rivals;
    double flop; /* seconds, on one thread; 0: not known yet */
    struct er_pool *pool;
    const struct er_progress *progress;
};

/* Seconds of a run's rival on one thread; 0 where an earlier run of the group solves it. */
static double rival_of(struct trial *t, const struct er_factorise_request *request,
                       const struct er_recovery *problem)
{
    if (!request->has_rival) return 0;
    for (int64_t i = 0; i < t->rivals; i++)
        if (er_method_same(&t->rival[i], &request->rival)) return 0;
    t->rival[t->rivals++] = request->rival;
    if (t->flop == 0) t->flop = er_method_flop_seconds(t->pool);
    return t->flop * er_method_flops(problem, &request->rival);
}

static enum er_status try_run(struct trial *t, const struct er_point *point, int64_t run,
                              const struct er_recovery *problem, struct er_error *err)
{
    const struct er_factorise_request request = er_factorise_keys_request(&point[run], problem);
    const bool large = er_factorise_is_large(&point[run], problem, t->runs, er_pool_threads(t->pool));
    struct kind kind = kind_of(&request, problem, large);
    const double bytes = er_factorise_run_bytes(&request, problem);
    int64_t k = 0;
    enum er_status status = er_factorise_keys_fit(&point[run], problem->rows, problem->columns, err);
    if (status == ER_OK) status = er_memory_check(bytes, "factorise: the numbers of a run", err);
    while (k < t->kinds && !same(&kind, &t->kind[k])) k++;
    if (status == ER_OK && k == t->kinds) {
        status = try_steps(&request, problem, large ? t->pool : NULL, t->progress, &kind.seconds, err);
        t->kind[t->kinds++] = kind;
    }
    if (status != ER_OK) return status;
    const double seconds = t->kind[k].seconds * (double)request.until.step,
                 rival = rival_of(t, &request, problem);
    if (large)
        t->large += seconds + rival / er_pool_threads(t->pool);
    else
        t->cost[run] = seconds + rival;
    t->bytes = fmax(t->bytes, bytes);
    return ER_OK;
}

/* Groups whose problems differ by their seeds have the same sizes: one of them is made for all. */
static enum er_status try_groups(struct trial *t, struct er_matrix_groups *groups,
                                 const struct er_point *point, const struct er_data_places *places,
                                 struct er_error *err)
{
    enum er_status status = ER_OK;
    int64_t made = -1;
    for (int64_t g = 0; g < groups->n && status == ER_OK; g++) {
        const struct er_matrix_group *group = &groups->group[g];
        status = er_matrix_groups_like(groups, point, places, g, t->pool, &made, err);
        const struct er_recovery *problem = &groups->group[made].problem;
        t->rivals = 0;
        if (status == ER_OK) t->data = fmax(t->data, er_recovery_bytes(problem));
        for (int64_t i = 0; i < group->n && status == ER_OK; i++)
            status = try_run(t, point, group->run[i], problem, err);
    }
    return status;
}

enum er_status er_factorise_estimate(const struct er_point *point, int64_t n,
                                     const struct er_data_places *places, struct er_pool *pool,
                                     const struct er_progress *progress, struct er_estimate *out,
                                     struct er_error *err)
{
    struct er_matrix_groups groups = {0};
    struct trial t = {.runs = n, .pool = pool, .progress = progress};
    t.kind = er_alloc(n, sizeof *t.kind);
    t.cost = er_alloc(n, sizeof *t.cost);
    t.rival = er_alloc(n, sizeof *t.rival);
    enum er_status status =
        t.kind && t.cost && t.rival
            ? er_matrix_groups_new(point, n, er_factorise_keys_centre, &groups, err)
            : er_fail(err, ER_E_NOMEM, "factorise: out of memory for %lld runs", (long long)n);
    if (status == ER_OK) status = try_groups(&t, &groups, point, places, err);
    if (status == ER_OK) {
        er_spread_estimate(n, t.cost, 1, t.bytes, pool, out);
        out->ensembles = t.kinds;
        out->seconds += t.large;
        out->data_bytes = (size_t)t.data;
    }
    er_matrix_groups_clear(&groups);
    er_free(t.kind);
    er_free(t.cost);
    er_free(t.rival);
    return status;
}
