/* slice_plan.c - what is run, in which chunks of displacements, in which buffers. */
#include "limit/slice_run_plan.h"

#include <string.h>

bool er_slice_sums(const struct er_limit *limit, int64_t node)
{
    const struct er_limit_node *at = &limit->node[node];
    const bool means =
        at->map.form == ER_KERNEL_AVERAGE || (at->map.form == ER_KERNEL_AFFINE && at->map.all_pixels);
    return means && at->height == 1 && at->width == 1 && er_limit_pixels(limit, at->from[0]) > 1;
}

/* Which nodes a run computes. */
static enum er_status find_part(const struct er_limit *limit, struct er_arena *arena,
                                struct er_slice_run *run)
{
    bool *part = er_arena_alloc(arena, limit->n + 1, sizeof *part);
    if (!part) return ER_E_NOMEM;
    run->part = part;
    part[run->source + 1] = true;
    for (int64_t i = limit->n - 1; i >= 0; i--)
        for (int64_t b = 0; part[i + 1] && !er_slice_ends(limit, run, i) && b < limit->node[i].n_from; b++)
            part[limit->node[i].from[b] + 1] = true;
    run->tail = !part[0];
    for (int64_t i = 0; i < limit->n; i++) run->tail &= !part[i + 1] || er_limit_pixels(limit, i) == 1;
    return ER_OK;
}

/* Sums and stored means first, in the order of the program: none has a later one before it. */
static enum er_status build(const struct er_limit *limit, struct er_slices *slices, int64_t stored,
                            struct er_slice_wanted all[2])
{
    struct er_arena *arena = slices->arena;
    for (int axis = 0; axis < 2; axis++) {
        if (!er_slice_wanted_open(limit, axis == 1, &all[axis])) return ER_E_NOMEM;
        er_slice_want_all(&all[axis]);
    }
    slices->run = er_arena_alloc(arena, limit->n + 1, sizeof *slices->run);
    if (!slices->run) return ER_E_NOMEM;
    enum er_status status = er_slice_stores(limit, all, stored, slices);
    for (int64_t i = 0; i <= limit->n && status == ER_OK; i++) {
        const bool sums = i < limit->n && er_slice_sums(limit, i),
                   stores = i < limit->n && slices->store[i].y;
        if (!sums && !stores && i < limit->n) continue;
        struct er_slice_run *run = &slices->run[slices->n_runs++];
        *run = (struct er_slice_run){.target = i < limit->n ? i : limit->n - 1,
                                     .source = i < limit->n ? limit->node[i].from[0] : limit->n - 1,
                                     .sums = sums,
                                     .stores = stores,
                                     .store = slices->store};
        status = find_part(limit, arena, run);
        if (status == ER_OK) status = er_slice_run_plan(limit, arena, all, run);
    }
    return status == ER_OK ? er_slice_place_stores(slices) : status;
}

/* Whether every activation can be run in float32. */
static bool has_float32(const struct er_limit *limit)
{
    for (int64_t i = 0; i < limit->n; i++)
        if (limit->node[i].map.form == ER_KERNEL_POINTWISE && !limit->node[i].map.dual->pair32) return false;
    return true;
}

enum er_status er_slices_new(const struct er_limit *limit, int64_t stored, struct er_slices **out,
                             struct er_error *err)
{
    struct er_arena *arena = NULL;
    struct er_slice_wanted all[2] = {0};
    enum er_status status = er_arena_new(SIZE_MAX / 2, &arena, err);
    if (status != ER_OK) return status;
    struct er_slices *slices = er_arena_alloc(arena, 1, sizeof *slices);
    status = slices ? ER_OK : ER_E_NOMEM;
    if (slices) {
        *slices = (struct er_slices){.arena = arena, .float32 = limit->options.float32 && has_float32(limit)};
        status = build(limit, slices, stored, all);
    }
    er_slice_wanted_close(&all[0]);
    er_slice_wanted_close(&all[1]);
    if (status != ER_OK) {
        er_arena_free(arena);
        return er_fail(err, status, "infinite width: out of memory for the plan of %lld layers",
                       (long long)limit->n);
    }
    *out = slices;
    return ER_OK;
}

void er_slices_free(struct er_slices *slices)
{
    if (slices) er_arena_free(slices->arena);
}
