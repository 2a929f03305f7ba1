/* walk.c - weights and first outputs at a point, and the rest of the network there. */
#include "landscape/walk.h"

#include "landscape/moments.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum er_status er_walk_new(const struct er_plane *plane, const struct er_affine *affine, int64_t rows,
                           size_t scratch, struct er_walk *out, struct er_error *err)
{
    const int64_t P = er_net_parameters(plane->net), S = er_net_statistics(plane->net),
                  Y = rows * affine->floats;
    struct er_walk walk = {.plane = plane, .affine = affine, .b = (double)NAN};
    walk.w = er_alloc(P, sizeof *walk.w);
    walk.w_b = er_alloc(P, sizeof *walk.w_b);
    walk.statistics = S ? er_alloc(3 * S, sizeof *walk.statistics) : NULL;
    if (walk.statistics) {
        walk.zero = walk.statistics + S;
        walk.batch = walk.zero + S;
    }
    walk.loss = er_alloc(rows, sizeof *walk.loss);
    walk.scratch = er_alloc((int64_t)scratch, 1);
    walk.y_b = er_alloc(Y, sizeof *walk.y_b);
    bool memory = walk.w && walk.w_b && walk.loss && walk.scratch && walk.y_b && (walk.statistics || !S);
    for (int k = 0; k < 3; k++) {
        walk.y[k] = er_alloc(plane->w[k] ? Y : 0, sizeof *walk.y[k]);
        memory = memory && walk.y[k];
    }
    *out = walk;
    if (memory) return ER_OK;
    er_walk_clear(out);
    return er_fail(err, ER_E_NOMEM, "landscape: out of memory for networks of %lld parameters", (long long)P);
}

void er_walk_clear(struct er_walk *walk)
{
    er_free(walk->w);
    er_free(walk->w_b);
    er_free(walk->statistics);
    er_free(walk->loss);
    er_free(walk->scratch);
    er_free(walk->y_b);
    for (int k = 0; k < 3; k++) er_free(walk->y[k]);
    *walk = (struct er_walk){0};
}

static void product(struct er_walk *walk, int k)
{
    if (walk->plane->w[k])
        er_affine_products(walk->affine, walk->plan, walk->plane->w[k], walk->x, walk->y[k], walk->scratch);
}

void er_walk_enter(struct er_walk *walk, const struct er_plan *plan, const float *x, int64_t first_row,
                   bool training)
{
    const struct er_network origin = {
        .w = walk->plane->w[0], .statistics = walk->plane->statistics[0], .training = training};
    walk->plan = plan;
    walk->x = x;
    walk->first_row = first_row;
    walk->b = (double)NAN;
    er_affine_fix(walk->affine, plan, &origin, x, first_row, walk->scratch);
    for (int k = 0; k < 3; k++) product(walk, k);
}

/* What depends on b alone. */
static void go_along(struct er_walk *walk, double b)
{
    const struct er_plane *plane = walk->plane;
    const struct er_affine *affine = walk->affine;
    const int64_t Y = walk->plan->rows * affine->floats;
    if (walk->b == b) return;
    walk->b = b;
    if (!plane->w[2]) {
        memcpy(walk->y_b, walk->y[0], (size_t)Y * sizeof *walk->y_b);
        for (int64_t i = 0; i < affine->n_rest; i++)
            memcpy(walk->w_b + affine->rest[i].at, plane->w[0] + affine->rest[i].at,
                   (size_t)affine->rest[i].n * sizeof *walk->w_b);
        return;
    }
    er_affine_move(Y, walk->y[0], (float)b, walk->y[2], walk->y_b);
    for (int64_t i = 0; i < affine->n_rest; i++) {
        const int64_t at = affine->rest[i].at;
        er_affine_move(affine->rest[i].n, plane->w[0] + at, (float)b, plane->w[2] + at, walk->w_b + at);
    }
}

/* Running statistics on the plane; variances, which a line leaves below 0 at last, are taken as 0 there. Means and
 * variances lie together by layers (layers/batch_norm.c), means first. */
static void go_statistics(struct er_walk *walk, double a, double b)
{
    const struct er_plane *plane = walk->plane;
    const struct er_net *net = plane->net;
    for (int64_t i = 0; i < net->n; i++) {
        const int64_t n = net->node[i].layer.n_statistics, at = net->bound[i].statistics_at;
        for (int64_t s = at; s < at + n; s++) {
            double value = (double)plane->statistics[0][s] + a * (double)plane->statistics[1][s];
            if (plane->w[2]) value += b * (double)plane->statistics[2][s];
            walk->statistics[s] = (float)(s >= at + n / 2 && value < 0 ? 0 : value);
        }
    }
}

void er_walk_to(struct er_walk *walk, double a, double b)
{
    const struct er_affine *affine = walk->affine;
    go_along(walk, b);
    walk->a = (float)a;
    for (int64_t i = 0; i < affine->n_rest; i++) {
        const int64_t at = affine->rest[i].at;
        er_affine_move(affine->rest[i].n, walk->w_b + at, walk->a, walk->plane->w[1] + at, walk->w + at);
    }
    if (walk->statistics) go_statistics(walk, a, b);
    er_affine_place(affine, walk->plan, walk->y_b, walk->a, walk->y[1], walk->scratch);
}

void er_walk_measure(struct er_walk *walk, const float *statistics, const int32_t *label, double *sum,
                     int64_t *errors)
{
    const struct er_network network = {.w = walk->w,
                                       .statistics = statistics ? statistics : walk->statistics};
    double of_tile, total = *sum;
    int64_t wrong;
    er_plan_run(&(struct er_plan_call){.plan = walk->plan,
                                       .network = &network,
                                       .x = walk->x,
                                       .label = label,
                                       .scratch = walk->scratch,
                                       .given = walk->affine->given,
                                       .loss = walk->loss,
                                       .loss_sum = &of_tile,
                                       .errors = &wrong});
    for (int64_t i = 0; i < walk->plan->rows; i++) total += walk->loss[i];
    *sum = total;
    *errors += wrong;
}

void er_walk_moments(struct er_walk *walk, double *gathered)
{
    const struct er_network network = {.w = walk->w, .statistics = walk->zero, .training = true};
    er_plan_run(&(struct er_plan_call){.plan = walk->plan,
                                       .network = &network,
                                       .x = walk->x,
                                       .first_row = walk->first_row,
                                       .scratch = walk->scratch,
                                       .given = walk->affine->given,
                                       .statistics_next = walk->batch,
                                       .momentum = 1});
    er_moments_add(walk->plane->net, walk->batch, walk->plan->rows, gathered);
}
