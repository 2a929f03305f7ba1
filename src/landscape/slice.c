/* slice.c - loss and error at points of a plane.
 *
 * A task is a chunk of a set and a run of points: it goes through the chunk tile by tile, and for each tile through
 * all its points, so that what the first layers made of the tile is met in the cache by one point after the other.
 * With moments, of which no chunk knows all, a task is a run of points and goes through everything.
 */
#include "landscape/blocks.h"
#include "landscape/moments.h"
#include "landscape/walk.h"

#include "core/available.h"

#include <ermine/memory.h>
#include <ermine/paths.h>
#include <string.h>

enum { TASKS = 4, FEWEST_POINTS = 64, MOMENT_POINTS = 16 }; /* TASKS: of a thread, so that all end together */

struct sum {
    double loss;
    int64_t errors;
};

struct slice {
    const struct er_plane *plane;
    const struct er_slice_point *point;
    int64_t n, n_sets;
    const struct er_progress *progress;
    struct er_affine affine;
    struct er_set_blocks *sets, moments; /* moments.set NULL: none */
    int64_t chunks;                      /* of all sets */
    int64_t group, groups;               /* points of a task; tasks that share a chunk */
    struct er_walk *walk;                /* of each thread */
    int threads;
    float *statistics; /* of each thread: `group` times S */
    double *gathered;  /* of each thread: `group` times er_moments_size() */
    struct sum *sum;   /* chunks x n */
};

/* Adds up chunk c of set s, the number `k` of all, at points from .. to - 1. */
static void measure_chunk(const struct slice *slice, struct er_walk *walk, const float *statistics, int64_t s,
                          int64_t c, int64_t k, int64_t from, int64_t to)
{
    const struct er_set_blocks *blocks = &slice->sets[s];
    const int64_t end = er_set_blocks_end(blocks, c), D = er_net_inputs(slice->plane->net),
                  S = er_net_statistics(slice->plane->net);
    struct sum *sum = slice->sum + k * slice->n;
    for (int64_t at = c * blocks->chunk; at < end; at += blocks->rows) {
        if (er_progress_stopped(slice->progress)) return;
        er_walk_enter(walk, er_set_blocks_plan(blocks, at, end), blocks->set->x + at * D, at, false);
        for (int64_t i = from; i < to; i++) {
            er_walk_to(walk, slice->point[i].a, slice->point[i].b);
            er_walk_measure(walk, statistics ? statistics + (i - from) * S : NULL, blocks->set->label + at,
                            &sum[i].loss, &sum[i].errors);
        }
    }
}

/* The moments of the whole set at points from .. to - 1. */
static void find_moments(const struct slice *slice, struct er_walk *walk, double *gathered, float *statistics,
                         int64_t from, int64_t to)
{
    const struct er_net *net = slice->plane->net;
    const struct er_set_blocks *blocks = &slice->moments;
    const int64_t D = er_net_inputs(net), S = er_net_statistics(net), G = er_moments_size(net);
    memset(gathered, 0, (size_t)((to - from) * G) * sizeof *gathered);
    for (int64_t c = 0; c < blocks->chunks; c++) {
        const int64_t at = c * blocks->chunk, end = er_set_blocks_end(blocks, c);
        if (er_progress_stopped(slice->progress)) return;
        er_walk_enter(walk, er_set_blocks_plan(blocks, at, end), blocks->set->x + at * D, at, true);
        for (int64_t i = from; i < to; i++) {
            er_walk_to(walk, slice->point[i].a, slice->point[i].b);
            er_walk_moments(walk, gathered + (i - from) * G);
        }
    }
    for (int64_t i = 0; i < to - from; i++)
        er_moments_give(net, gathered + i * G, blocks->set->n, statistics + i * S);
}

static void task(void *ctx, int64_t number, int worker)
{
    const struct slice *slice = ctx;
    struct er_walk *walk = &slice->walk[worker];
    const bool moments = slice->moments.set;
    const int64_t only = moments ? -1 : number / slice->groups,
                  from = (moments ? number : number % slice->groups) * slice->group,
                  to = from + slice->group < slice->n ? from + slice->group : slice->n;
    float *statistics = NULL;
    if (moments) {
        const struct er_net *net = slice->plane->net;
        statistics = slice->statistics + worker * slice->group * er_net_statistics(net);
        find_moments(slice, walk, slice->gathered + worker * slice->group * er_moments_size(net), statistics,
                     from, to);
    }
    for (int64_t s = 0, k = 0; s < slice->n_sets; s++)
        for (int64_t c = 0; c < slice->sets[s].chunks; c++, k++)
            if (moments || k == only) measure_chunk(slice, walk, statistics, s, c, k, from, to);
}

/* How points are grouped: so that there are tasks enough, but not a product with the data for every few points. */
static void group_points(struct slice *slice)
{
    const bool moments = slice->moments.set;
    const int64_t chunks = moments ? 1 : slice->chunks, fewest = moments ? 1 : FEWEST_POINTS,
                  wanted = (TASKS * slice->threads + chunks - 1) / chunks;
    slice->group = (slice->n + wanted - 1) / wanted;
    if (slice->group < fewest) slice->group = fewest;
    if (moments && slice->group > MOMENT_POINTS) slice->group = MOMENT_POINTS;
    if (slice->group > slice->n) slice->group = slice->n;
    slice->groups = (slice->n + slice->group - 1) / slice->group;
}

static enum er_status open_sets(struct slice *slice, const struct er_dataset *const *sets,
                                const struct er_dataset *moments, struct er_error *err)
{
    const struct er_net *net = slice->plane->net;
    const int64_t rows = er_set_blocks_rows(&slice->affine);
    enum er_status status = ER_OK;
    slice->sets = er_alloc(slice->n_sets, sizeof *slice->sets);
    if (!slice->sets) return er_fail(err, ER_E_NOMEM, "slice: out of memory");
    for (int64_t s = 0; s < slice->n_sets && status == ER_OK; s++) {
        status = er_set_blocks_open(net, sets[s], rows, &slice->sets[s], err);
        slice->chunks += slice->sets[s].chunks;
    }
    if (status != ER_OK || !moments || er_net_statistics(net) == 0) return status;
    status = er_moments_check(net, err);
    return status == ER_OK ? er_set_blocks_open(net, moments, er_net_chunk(net), &slice->moments, err)
                           : status;
}

static enum er_status open_walks(struct slice *slice, struct er_error *err)
{
    const int64_t S = er_net_statistics(slice->plane->net),
                  rows = slice->moments.set ? er_net_chunk(slice->plane->net) : slice->sets[0].rows;
    size_t scratch = er_set_blocks_scratch(&slice->moments);
    for (int64_t s = 0; s < slice->n_sets; s++) {
        const size_t of_set = er_set_blocks_scratch(&slice->sets[s]);
        if (of_set > scratch) scratch = of_set;
    }
    const double floats = (double)rows * 4 * (double)slice->affine.floats +
                          2 * (double)er_net_parameters(slice->plane->net) +
                          5 * (double)slice->group * (double)S;
    enum er_status status =
        er_memory_check(slice->threads * ((double)scratch + 4 * floats) +
                            (double)slice->chunks * (double)slice->n * (double)sizeof *slice->sum,
                        "slice: sums and networks at work", err);
    if (status != ER_OK) return status;
    slice->sum = er_alloc(slice->chunks * slice->n, sizeof *slice->sum);
    slice->statistics = er_alloc(slice->threads * slice->group * S, sizeof *slice->statistics);
    slice->gathered =
        er_alloc(slice->threads * slice->group * er_moments_size(slice->plane->net), sizeof *slice->gathered);
    slice->walk = er_alloc(slice->threads, sizeof *slice->walk);
    if (!slice->sum || !slice->statistics || !slice->gathered || !slice->walk)
        return er_fail(err, ER_E_NOMEM, "slice: out of memory for %lld points", (long long)slice->n);
    for (int t = 0; t < slice->threads && status == ER_OK; t++)
        status = er_walk_new(slice->plane, &slice->affine, rows, scratch, &slice->walk[t], err);
    return status;
}

static void close_all(struct slice *slice)
{
    for (int t = 0; slice->walk && t < slice->threads; t++) er_walk_clear(&slice->walk[t]);
    for (int64_t s = 0; slice->sets && s < slice->n_sets; s++) er_set_blocks_close(&slice->sets[s]);
    er_set_blocks_close(&slice->moments);
    er_affine_clear(&slice->affine);
    er_free(slice->sets);
    er_free(slice->walk);
    er_free(slice->statistics);
    er_free(slice->gathered);
    er_free(slice->sum);
}

/* The chunks' sums in their order, as means. */
static void total(const struct slice *slice, struct er_slice_measures *out)
{
    for (int64_t s = 0, first = 0; s < slice->n_sets; first += slice->sets[s++].chunks)
        for (int64_t i = 0; i < slice->n; i++) {
            struct sum all = {0};
            for (int64_t c = 0; c < slice->sets[s].chunks; c++) {
                const struct sum *sum = &slice->sum[(first + c) * slice->n + i];
                all.loss += sum->loss;
                all.errors += sum->errors;
            }
            const double n = (double)slice->sets[s].set->n;
            out[s * slice->n + i] = (struct er_slice_measures){
                .loss = all.loss / n, .error = (double)all.errors / n, .errors = all.errors};
        }
}

/* Measures a minimum's own weights over a set, with the statistics that points have: its own, or those of the moments. */
static enum er_status measure_minimum(const struct slice *slice, const struct er_network *is,
                                      const struct er_dataset *set, struct er_slice_measures *out,
                                      struct er_error *err)
{
    const struct er_net *net = slice->plane->net;
    struct er_network network = *is;
    struct er_network_measures measures = {0};
    float *statistics = slice->moments.set ? slice->statistics : NULL;
    enum er_status status = ER_OK;
    if (statistics) {
        network.statistics = statistics;
        status = er_statistics_measure(net, is->w, slice->moments.set, statistics, err);
    }
    if (status == ER_OK) status = er_network_measure(net, &network, set, &measures, err);
    *out = (struct er_slice_measures){measures.loss, measures.error, measures.errors};
    return status;
}

/* The minima themselves, where they are among the points. */
static enum er_status place_minima(const struct slice *slice, struct er_slice_measures *out,
                                   struct er_error *err)
{
    for (int64_t m = 0; m < slice->plane->minima; m++) {
        const struct er_plane_minimum *minimum = &slice->plane->minimum[m];
        for (int64_t s = 0; s < slice->n_sets; s++) {
            struct er_slice_measures is = {0};
            bool measured = false;
            for (int64_t i = 0; i < slice->n; i++) {
                const struct er_slice_point *p = &slice->point[i];
                if (p->a != minimum->a || p->b != minimum->b) continue;
                const enum er_status status =
                    measured ? ER_OK : measure_minimum(slice, &minimum->is, slice->sets[s].set, &is, err);
                if (status != ER_OK) return status;
                measured = true;
                out[s * slice->n + i] = is;
            }
        }
    }
    return ER_OK;
}

enum er_status er_slice_measure(const struct er_plane *plane, const struct er_dataset *const *sets,
                                int64_t n_sets, const struct er_dataset *moments, int64_t n,
                                const struct er_slice_point *point, struct er_pool *pool,
                                const struct er_progress *progress, struct er_slice_measures *out,
                                struct er_error *err)
{
    if (n < 1 || n_sets < 1) return ER_OK;
    struct slice slice = {.plane = plane,
                          .point = point,
                          .n = n,
                          .n_sets = n_sets,
                          .progress = progress,
                          .threads = pool ? er_pool_threads(pool) : 1};
    enum er_status status = er_affine_new(plane->net, &slice.affine, err);
    if (status == ER_OK) status = open_sets(&slice, sets, moments, err);
    if (status == ER_OK) group_points(&slice);
    if (status == ER_OK) status = open_walks(&slice, err);
    if (status == ER_OK) {
        const int64_t tasks = slice.moments.set ? slice.groups : slice.groups * slice.chunks;
        if (pool) er_pool_run(pool, tasks, task, &slice);
        for (int64_t i = 0; !pool && i < tasks; i++) task(&slice, i, 0);
        if (er_progress_stopped(progress)) status = er_fail(err, ER_E_STOPPED, "slice: stopped");
    }
    if (status == ER_OK) total(&slice, out);
    if (status == ER_OK) status = place_minima(&slice, out, err);
    close_all(&slice);
    return status;
}
