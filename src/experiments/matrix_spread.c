/* matrix_spread.c - see matrix_spread.h. */
#include "experiments/matrix_spread.h"

#include "core/available.h"

#include <ermine/memory.h>

/* Problems take at most this share of the memory that there is. */
static const double PROBLEMS = 0.25;

const struct er_matrix_group *er_matrix_spread_group(const struct er_matrix_spread *m, int64_t run)
{
    return &m->groups.group[m->groups.of[run]];
}

/* The `n` runs of groups from..to-1, the small ones first. Returns how many of them there are. */
static int64_t sort_runs(const struct er_matrix_spread *m, int64_t from, int64_t to, int64_t n, int threads,
                         int64_t *run)
{
    int64_t k = 0, small = 0;
    for (int large = 0; large < 2; large++) {
        small = k;
        for (int64_t g = from; g < to; g++) {
            const struct er_matrix_group *group = &m->groups.group[g];
            for (int64_t i = 0; i < group->n; i++)
                if (m->is_large(&m->point[group->run[i]], &group->problem, n, threads) == (large == 1))
                    run[k++] = group->run[i];
        }
    }
    return small;
}

static enum er_status run_sorted(struct er_matrix_spread *m, int64_t from, int64_t to, struct er_pool *pool,
                                 struct er_pool *alone, struct er_error *err)
{
    int64_t n = 0;
    for (int64_t g = from; g < to; g++) n += m->groups.group[g].n;
    int64_t *run = er_alloc(n, sizeof *run);
    if (!run)
        return er_fail(err, ER_E_NOMEM, "%s: out of memory for %lld runs", m->spread.what, (long long)n);
    const int64_t small = sort_runs(m, from, to, n, er_pool_threads(pool), run);
    m->inner = NULL;
    enum er_status status = er_run_spread(&m->spread, small, run, pool, err);
    m->inner = pool;
    if (status == ER_OK) status = er_run_spread(&m->spread, n - small, run + small, alone, err);
    er_free(run);
    return status;
}

static enum er_status run_loaded(struct er_matrix_spread *m, int64_t from, int64_t to, struct er_pool *pool,
                                 struct er_pool *alone, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t g = from; g < to && m->open && status == ER_OK; g++) status = m->open(m->spread.ctx, g, err);
    if (status == ER_OK) status = run_sorted(m, from, to, pool, alone, err);
    for (int64_t g = from; g < to && m->close; g++) m->close(m->spread.ctx, g);
    return status;
}

enum er_status er_matrix_spread(struct er_matrix_spread *m, int64_t n, const struct er_data_places *places,
                                struct er_pool *pool, struct er_error *err)
{
    struct er_pool *alone = NULL;
    const double room = PROBLEMS * (double)er_memory_available();
    enum er_status status = er_pool_new(1, &alone, err);
    if (status == ER_OK) status = er_matrix_groups_new(m->point, n, m->centre, &m->groups, err);
    for (int64_t g = 0, next; g < m->groups.n && status == ER_OK; g = next) {
        status = er_matrix_groups_load(&m->groups, m->point, places, g, room, pool, &next, err);
        if (status == ER_OK) status = run_loaded(m, g, next, pool, alone, err);
        er_matrix_groups_release(&m->groups, g, next);
    }
    er_matrix_groups_clear(&m->groups);
    er_pool_free(alone);
    return status;
}
