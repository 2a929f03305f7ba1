/* connect_pair.c - units aligned, a bend trained, the line and the path measured. */
#include "experiments/connect_pair.h"

#include "core/clock.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

static const struct er_dataset *fresh(const struct er_connect_pair *pair)
{
    return pair->test ? pair->test : pair->train;
}

static double distance(int64_t n, const float *a, const float *b)
{
    double squares = 0;
    for (int64_t i = 0; i < n; i++) squares += ((double)b[i] - (double)a[i]) * ((double)b[i] - (double)a[i]);
    return sqrt(squares);
}

/* What moving B's units has changed of its outputs: rounding, if all is right. */
static enum er_status measure_change(struct er_connect_pair *pair, const float *statistics,
                                     struct er_error *err)
{
    const struct er_held_minimum *b = pair->end[1];
    const struct er_network found = {.w = b->w, .statistics = b->statistics},
                            moved = {.w = pair->moved, .statistics = statistics};
    struct er_networks_difference difference;
    const enum er_status status =
        er_networks_differ(pair->net, &found, &moved, fresh(pair), &difference, err);
    if (status == ER_OK) pair->change = difference.outputs;
    return status;
}

static enum er_status align(struct er_connect_pair *pair, const struct er_progress *progress,
                            struct er_error *err)
{
    const struct er_held_minimum *a = pair->end[0], *b = pair->end[1];
    int64_t units;
    enum er_status status = er_net_units(pair->net, NULL, &units, err);
    if (status != ER_OK) return status;
    int64_t *permutation = er_alloc(units, sizeof *permutation);
    float *statistics = er_alloc(er_net_statistics(pair->net), sizeof *statistics);
    pair->moved = er_alloc(er_net_parameters(pair->net), sizeof *pair->moved);
    if (!permutation || !statistics || !pair->moved)
        status = er_fail(err, ER_E_NOMEM, "connect: out of memory for an alignment");
    if (status == ER_OK)
        status = er_net_align(pair->net, a->w, b->w, pair->settings.training.seed, progress, permutation,
                              &pair->alignment, err);
    if (status == ER_OK)
        status = er_net_permute(pair->net, permutation, b->w, b->statistics, pair->moved, statistics, err);
    if (status == ER_OK) status = measure_change(pair, statistics, err);
    er_free(permutation);
    er_free(statistics);
    return status;
}

/* The path's ends, and its bend if there is one by now. */
static struct er_path path_of(const struct er_connect_pair *pair)
{
    return (struct er_path){.kind = pair->settings.kind,
                            .a = pair->end[0]->w,
                            .b = pair->moved ? pair->moved : pair->end[1]->w,
                            .bend = pair->bend};
}

static enum er_status bend(struct er_connect_pair *pair, const struct er_progress *progress,
                           struct er_error *err)
{
    const struct er_path path = path_of(pair);
    struct er_error why = {0};
    pair->bend = er_alloc(er_net_parameters(pair->net), sizeof *pair->bend);
    if (!pair->bend) return er_fail(err, ER_E_NOMEM, "connect: out of memory for a bend");
    const enum er_status status =
        er_path_train(pair->net, &path, pair->train, &pair->settings.training, progress, pair->bend, &why);
    if (status == ER_E_NONFINITE) {
        snprintf(pair->cause, sizeof pair->cause, "%s", why.msg);
        return ER_OK;
    }
    return status == ER_OK ? ER_OK : er_fail(err, status, "connect: %s", why.msg);
}

enum er_status er_connect_pair_join(struct er_connect_pair *pair, const struct er_progress *progress,
                                    struct er_error *err)
{
    const struct er_held_minimum *a = pair->end[0], *b = pair->end[1];
    const struct er_network first = {.w = a->w, .statistics = a->statistics},
                            second = {.w = b->w, .statistics = b->statistics};
    const double start = er_clock_s();
    const int64_t P = er_net_parameters(pair->net);
    struct er_networks_difference difference;
    enum er_status status = er_networks_differ(pair->net, &first, &second, fresh(pair), &difference, err);
    if (status == ER_OK && pair->settings.align) status = align(pair, progress, err);
    if (status == ER_OK && pair->settings.kind != ER_PATH_LINE) status = bend(pair, progress, err);
    if (status != ER_OK) return status;
    pair->disagreement = difference.disagreement;
    pair->distance = distance(P, a->w, b->w);
    pair->path_distance = distance(P, a->w, path_of(pair).b);
    pair->seconds += er_clock_s() - start;
    return ER_OK;
}

enum er_status er_connect_pair_measure(struct er_connect_pair *pair, struct er_pool *pool,
                                       const struct er_progress *progress, struct er_error *err)
{
    const struct er_path path = path_of(pair),
                         line = {.kind = ER_PATH_LINE, .a = pair->end[0]->w, .b = pair->end[1]->w};
    const int64_t n = pair->settings.points;
    const double start = er_clock_s();
    pair->line = er_alloc(n, sizeof *pair->line);
    pair->on_path = er_alloc(n, sizeof *pair->on_path);
    if (!pair->line || !pair->on_path)
        return er_fail(err, ER_E_NOMEM, "connect: out of memory for %lld places", (long long)n);
    enum er_status status =
        er_path_measure(pair->net, &line, pair->train, pair->test, n, pool, progress, pair->line, err);
    for (int64_t i = 0; i < n && status == ER_OK; i++) pair->on_path[i] = pair->line[i];
    if (status == ER_OK && (pair->moved || pair->bend))
        status =
            er_path_measure(pair->net, &path, pair->train, pair->test, n, pool, progress, pair->on_path, err);
    pair->seconds += er_clock_s() - start;
    return status;
}

void er_connect_pair_clear(struct er_connect_pair *pair)
{
    er_free(pair->moved);
    er_free(pair->bend);
    er_free(pair->line);
    er_free(pair->on_path);
    *pair = (struct er_connect_pair){0};
}
