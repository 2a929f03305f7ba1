/* slice_chunk.h - a chunk through all nodes. Compiled twice: REAL is float or double, NAME(x) x32 or x64. */
#include "core/vector.h"
#include "limit/slice_relu.h"
#include "limit/slice_segments.h"
#include "limit/slice_work.h"
#include "math/duals.h"

#include <math.h>
#include <string.h>

/* K = f k + b, Theta = f t + (g k + c), of sums k and t over taps. */
struct NAME(affine_map) {
    REAL f, b, g, c;
};

/* Masks and planes begin on cache lines. */
static int64_t mask_step(int64_t n)
{
    return (n + 15) / 16 * 16;
}

#include "limit/slice_planes.h"

#include "limit/slice_masks.h"

#include "limit/slice_loops.h"

#include "limit/slice_window.h"

static REAL *NAME(k_of)(const struct NAME(er_slice_work) * work, int64_t slot)
{
    return work->slot + 2 * slot * work->run->entries;
}
static REAL *NAME(theta_of)(const struct NAME(er_slice_work) * work, int64_t slot)
{
    return work->theta ? work->slot + (2 * slot + 1) * work->run->entries : NULL;
}

static void NAME(run_input)(struct NAME(er_slice_work) * work, REAL *k, REAL *theta)
{
    const int64_t n = NAME(entries_of)(work, -1), channels = work->limit->input.channels;
    int64_t step_one, step_two;
    const REAL *one = NAME(plane_of)(work, -1, false, &step_one),
               *two = NAME(plane_of)(work, -1, true, &step_two);
    for (int64_t c = 0; c < channels; c++)
        NAME(product)(n, (REAL)(1 / (double)channels), one + c * step_one, two + c * step_two, c == 0, k);
    if (theta) memset(theta, 0, (size_t)n * sizeof *theta);
}

/* Copies the displacements of `node` out of those of in_y and in_x, which may be more. */
static void NAME(pick)(const struct NAME(er_slice_work) * work, int64_t node,
                       const struct er_slice_axis *in_y, const struct er_slice_axis *in_x, const REAL *in,
                       REAL *out)
{
    const struct er_slice_axis *y = NAME(rows_of)(work, node), *x = NAME(columns_of)(work, node);
    for (int64_t a = 0, of_a = 0; a < y->n; a++) {
        while (in_y->d[of_a] != y->d[a]) of_a++;
        for (int64_t r = 0; r < er_slice_count(y, a); r++)
            for (int64_t b = 0, of_b = 0; b < x->n; b++) {
                while (in_x->d[of_b] != x->d[b]) of_b++;
                memcpy(out + (y->at[a] + r) * x->length + x->at[b],
                       in + (in_y->at[of_a] + r) * in_x->length + in_x->at[of_b],
                       (size_t)er_slice_count(x, b) * sizeof *out);
            }
    }
}

/* Branch b of a node in its own displacements: as it lies, or copied into `slot`. */
static int64_t NAME(branch)(struct NAME(er_slice_work) * work, int64_t node, int64_t b, int64_t slot,
                            bool copy)
{
    const int64_t from = work->limit->node[node].from[b], lies = work->run->slot[from + 1];
    const struct er_slice_axis *y = NAME(rows_of)(work, from), *x = NAME(columns_of)(work, from);
    const bool same = y == NAME(rows_of)(work, node) && x == NAME(columns_of)(work, node);
    if (same && (!copy || lies == slot)) return lies;
    NAME(pick)(work, node, y, x, NAME(k_of)(work, lies), NAME(k_of)(work, slot));
    if (work->theta) NAME(pick)(work, node, y, x, NAME(theta_of)(work, lies), NAME(theta_of)(work, slot));
    return slot;
}

/* Whether AFFINE i does the half lines behind it too. */
static bool NAME(does_relu)(const struct NAME(er_slice_work) * work, int64_t i)
{
    if (i < 0 || work->run->fused[i + 1] < 0 || work->self || !work->has_relu) return false;
    return work->limit->node[work->run->fused[i + 1]].map.dual == &er_dual_abrelu &&
           has_bits(work->y->map[i + 1], work->x->map[i + 1]);
}

static struct NAME(affine_map) NAME(affine_of)(const struct er_kernel_map *map)
{
    const double taps = map->all_pixels ? 1 : (double)(map->rows.size * map->columns.size);
    return (struct NAME(affine_map)){.f = (REAL)(map->w / taps),
                                     .b = (REAL)map->b,
                                     .g = (REAL)(map->tangent_w / taps),
                                     .c = (REAL)map->tangent_b};
}

static void NAME(run_affine_relu)(struct NAME(er_slice_work) * work, int64_t i, REAL *k, REAL *theta)
{
    const struct er_limit_node *node = &work->limit->node[i];
    const struct NAME(affine_map) affine = NAME(affine_of)(&node->map);
    const int64_t from = work->run->slot[node->from[0] + 1], relu = work->run->fused[i + 1];
    const int64_t n = NAME(entries_of)(work, i), step = bits_step(n);
    const uint8_t *bits = (const uint8_t *)(work->mask + NAME(masks_of)(work, i)->bits);
    const struct er_slice_relu how = {.f = (double)affine.f,
                                      .b = (double)affine.b,
                                      .g = (double)affine.g,
                                      .c = (double)affine.c,
                                      .half = er_half_lines(work->limit->node[relu].map.parameter),
                                      .left = bits,
                                      .right = bits + step,
                                      .up = bits + 2 * step,
                                      .down = bits + 3 * step,
                                      .row = NAME(columns_of)(work, i)->length};
    int64_t apart;
    RELU(&how, n, NAME(k_of)(work, from), NAME(theta_of)(work, from),
         NAME(plane_of)(work, relu, false, &apart), NAME(plane_of)(work, relu, true, &apart), k, theta);
}

static void NAME(run_affine)(struct NAME(er_slice_work) * work, int64_t i, REAL *k, REAL *theta)
{
    const struct er_limit_node *node = &work->limit->node[i];
    if (NAME(does_relu)(work, i)) {
        NAME(run_affine_relu)(work, i, k, theta);
        return;
    }
    if (!node->map.all_pixels) {
        const int64_t from = work->run->slot[node->from[0] + 1];
        REAL *line = work->line + work->run->margin;
        NAME(window)(work, i, NAME(k_of)(work, from), line, k);
        if (theta) NAME(window)(work, i, NAME(theta_of)(work, from), line + work->run->line_numbers, theta);
    }
    const struct NAME(affine_map) affine = NAME(affine_of)(&node->map);
    NAME(affine)(NAME(entries_of)(work, i), &affine, k, theta);
}

static void NAME(run_average)(struct NAME(er_slice_work) * work, int64_t i, REAL *k, REAL *theta)
{
    const int64_t from = work->run->slot[work->limit->node[i].from[0] + 1];
    REAL *line = work->line + work->run->margin;
    NAME(window)(work, i, NAME(k_of)(work, from), line, k);
    if (theta) NAME(window)(work, i, NAME(theta_of)(work, from), line + work->run->line_numbers, theta);
}

/* What is added to the branch before: SUM 1; CONCAT by channels. */
static double NAME(share)(const struct er_limit_node *node, int64_t b)
{
    if (node->map.form == ER_KERNEL_SUM) return 1;
    double all = 0;
    for (int64_t i = 0; i < node->n_from; i++) all += (double)node->layer->branch[i].channels;
    return (double)node->layer->branch[b].channels / all;
}

static void NAME(run_join)(struct NAME(er_slice_work) * work, int64_t i, REAL *k, REAL *theta)
{
    const struct er_limit_node *node = &work->limit->node[i];
    const int64_t n = NAME(entries_of)(work, i);
    if (node->map.form == ER_KERNEL_CONCAT) {
        NAME(multiply)(n, (REAL)NAME(share)(node, 0), k);
        if (theta) NAME(multiply)(n, (REAL)NAME(share)(node, 0), theta);
    }
    for (int64_t b = 1; b < node->n_from; b++) {
        const int64_t slot = NAME(branch)(work, i, b, work->run->n_slots, false);
        if (node->map.form == ER_KERNEL_PRODUCT) {
            NAME(multiply_branch)(n, NAME(k_of)(work, slot), NAME(theta_of)(work, slot), k, theta);
            continue;
        }
        const REAL f = (REAL)NAME(share)(node, b);
        NAME(add_scaled)(n, f, NAME(k_of)(work, slot), k);
        if (theta) NAME(add_scaled)(n, f, NAME(theta_of)(work, slot), theta);
    }
}

static void NAME(run_normalise)(struct NAME(er_slice_work) * work, int64_t i, REAL *k, REAL *theta)
{
    int64_t step;
    const REAL *one = NAME(plane_of)(work, i, false, &step), *two = NAME(plane_of)(work, i, true, &step);
    NAME(multiply_both)(NAME(entries_of)(work, i), one, two, k);
    if (theta) NAME(multiply_both)(NAME(entries_of)(work, i), one, two, theta);
}

static void NAME(run_pointwise)(struct NAME(er_slice_work) * work, int64_t i, REAL *k, REAL *theta)
{
    const struct er_kernel_map *map = &work->limit->node[i].map;
    int64_t step;
    const SIDE one = {.q = NAME(plane_of)(work, i, false, &step), .step = 1};
    const SIDE two = {.q = NAME(plane_of)(work, i, true, &step), .step = 1};
    map->dual->PAIR(map->parameter, NAME(entries_of)(work, i), &one, &two, k, theta);
}

/* What changes its first input in place finds it in its own buffer. */
static void NAME(run_node)(struct NAME(er_slice_work) * work, int64_t i)
{
    const struct er_limit_node *node = &work->limit->node[i];
    const int64_t slot = work->run->slot[i + 1], n = NAME(entries_of)(work, i);
    REAL *k = NAME(k_of)(work, slot), *theta = NAME(theta_of)(work, slot);
    if (node->map.form == ER_KERNEL_AVERAGE) {
        NAME(run_average)(work, i, k, theta);
        return;
    }
    if (node->map.form != ER_KERNEL_AFFINE || node->map.all_pixels) NAME(branch)(work, i, 0, slot, true);
    switch (node->map.form) {
    case ER_KERNEL_AFFINE:
        NAME(run_affine)(work, i, k, theta);
        break;
    case ER_KERNEL_POINTWISE:
        if (!NAME(does_relu)(work, node->from[0]) && !SEGMENTS(pointwise))
            NAME(run_pointwise)(work, i, k, theta);
        break;
    case ER_KERNEL_NORMALISE:
        if (!SEGMENTS(normalise)) NAME(run_normalise)(work, i, k, theta);
        break;
    case ER_KERNEL_DROPOUT:
        SEGMENTS(dropout);
        break;
    case ER_KERNEL_SCALE:
        NAME(multiply)(n, (REAL)node->map.w, k);
        if (theta) NAME(multiply)(n, (REAL)node->map.w, theta);
        break;
    case ER_KERNEL_SUM:
    case ER_KERNEL_PRODUCT:
    case ER_KERNEL_CONCAT:
        NAME(run_join)(work, i, k, theta);
        break;
    case ER_KERNEL_AVERAGE:
        break;
    }
}

/* A sum that was: the mean of its input. */
static void NAME(run_sum)(struct NAME(er_slice_work) * work, int64_t i)
{
    const struct er_kernel_map *map = &work->limit->node[i].map;
    const struct er_slice_value mean = work->sums[i * ER_SLICE_MOST * ER_SLICE_MOST];
    const bool affine = map->form == ER_KERNEL_AFFINE;
    const int64_t slot = work->run->slot[i + 1];
    *NAME(k_of)(work, slot) = (REAL)(affine ? map->w * mean.k + map->b : mean.k);
    if (work->theta)
        *NAME(theta_of)(work, slot) =
            (REAL)(affine ? map->w * mean.theta + (map->tangent_w * mean.k + map->tangent_b) : mean.theta);
}

#include "limit/slice_stored.h"

static struct er_slice_value NAME(chunk)(struct NAME(er_slice_work) * work)
{
    const struct er_limit *limit = work->limit;
    const struct er_slice_run *run = work->run;
    if (run->part[0])
        NAME(run_input)(work, NAME(k_of)(work, run->slot[0]), NAME(theta_of)(work, run->slot[0]));
    for (int64_t i = 0; i < limit->n; i++) {
        if (!run->part[i + 1]) continue;
        if (er_slice_sums(limit, i))
            NAME(run_sum)(work, i);
        else if (run->store[i].y)
            NAME(run_stored)(work, i);
        else
            NAME(run_node)(work, i);
    }
    const int64_t from = run->source, slot = run->slot[from + 1];
    const REAL *k = NAME(k_of)(work, slot), *theta = NAME(theta_of)(work, slot);
    if (run->stores) {
        NAME(add_lines)(work, k, false);
        if (theta) NAME(add_lines)(work, theta, true);
        return (struct er_slice_value){0};
    }
    if (!run->sums) return (struct er_slice_value){(double)*k, theta ? (double)*theta : 0};
    const int64_t rows = NAME(rows_of)(work, from)->length, columns = NAME(columns_of)(work, from)->length;
    return (struct er_slice_value){
        NAME(weighted_sum)(rows, columns, work->y->weight, work->x->weight, k, work->lane),
        theta ? NAME(weighted_sum)(rows, columns, work->y->weight, work->x->weight, theta, work->lane) : 0};
}

#include "limit/slice_tile.h"
