/* ray.c - how far one can go in random directions before the loss rises above a level.
 *
 * A task is a ray: one product of its direction with the data for the first layers (net/affine.h), which is kept for the
 * whole set, then an evaluation of what lies behind for every radius that is tried.
 */
#include "landscape/blocks.h"

#include "core/available.h"

#include <ermine/landscape.h>
#include <ermine/memory.h>
#include <math.h>

static const double GROWTH = 1.3, FIRST = 1.0 / 64, MOST = 1e4, PRECISION = 1.0 / 4096;
enum { MOST_BISECTIONS = 200 };

/* One thread's own. */
struct ray_work {
    float *d, *w; /* P: the direction, of length 1; the weights behind the first layers at a radius */
    float *y;     /* n rows: the first layers' outputs for d */
    double *loss; /* of a tile */
    void *scratch;
};

struct rays {
    const struct er_net *net;
    const struct er_network *network;
    const struct er_rays_settings *settings;
    struct er_affine affine;
    struct er_set_blocks blocks;
    double norm; /* |w| */
    float *y;    /* as above, for w */
    struct ray_work *work;
    int threads;
    double *radius;           /* of each ray */
    enum er_status *status;   /* likewise */
    struct er_error *message; /* likewise */
};

struct er_rays_settings er_rays_settings_default(void)
{
    return (struct er_rays_settings){.level = 0.1};
}

double er_rays_log10_volume(int64_t n, const double *radius, int64_t dimension)
{
    double most = -(double)INFINITY, sum = 0;
    for (int64_t i = 0; i < n; i++) most = fmax(most, log10(radius[i]));
    for (int64_t i = 0; i < n; i++) sum += pow(10, (double)dimension * (log10(radius[i]) - most));
    return (double)dimension * most + log10(sum / (double)n);
}

static double length(int64_t n, const float *v)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)v[i] * (double)v[i];
    return sqrt(sum);
}

/* y = the first layers' outputs for weights w, over the whole set, tile after tile. */
static void products(const struct rays *rays, const float *w, float *y, void *scratch)
{
    const struct er_set_blocks *blocks = &rays->blocks;
    for (int64_t c = 0; c < blocks->chunks; c++) {
        const int64_t end = er_set_blocks_end(blocks, c);
        for (int64_t at = c * blocks->chunk; at < end; at += blocks->rows) {
            const struct er_plan *plan = er_set_blocks_plan(blocks, at, end);
            const float *x = blocks->set->x + at * er_net_inputs(rays->net);
            er_affine_fix(&rays->affine, plan, rays->network, x, 0, scratch);
            er_affine_products(&rays->affine, plan, w, x, y + at * rays->affine.floats, scratch);
        }
    }
}

/* The mean loss at w + r d. */
static double loss_at(const struct rays *rays, const struct ray_work *work, double r)
{
    const struct er_set_blocks *blocks = &rays->blocks;
    const struct er_affine *affine = &rays->affine;
    struct er_network network = *rays->network;
    double all = 0;
    for (int64_t i = 0; i < affine->n_rest; i++) {
        const int64_t p = affine->rest[i].at;
        er_affine_move(affine->rest[i].n, rays->network->w + p, (float)r, work->d + p, work->w + p);
    }
    network.w = work->w;
    for (int64_t c = 0; c < blocks->chunks; c++) {
        const int64_t end = er_set_blocks_end(blocks, c);
        double sum = 0;
        for (int64_t at = c * blocks->chunk; at < end; at += blocks->rows) {
            const struct er_plan *plan = er_set_blocks_plan(blocks, at, end);
            const float *x = blocks->set->x + at * er_net_inputs(rays->net);
            er_affine_fix(affine, plan, rays->network, x, 0, work->scratch);
            er_affine_place(affine, plan, rays->y + at * affine->floats, (float)r,
                            work->y + at * affine->floats, work->scratch);
            er_plan_run(&(struct er_plan_call){.plan = plan,
                                               .network = &network,
                                               .x = x,
                                               .label = blocks->set->label + at,
                                               .scratch = work->scratch,
                                               .given = affine->given,
                                               .loss = work->loss});
            for (int64_t i = 0; i < plan->rows; i++) sum += work->loss[i];
        }
        all += sum;
    }
    return all / (double)blocks->set->n;
}

static enum er_status direct(const struct rays *rays, int64_t ray, float *d, struct er_error *err)
{
    const int64_t P = er_net_parameters(rays->net);
    er_direction_draw(rays->net, rays->settings->seed, (uint64_t)ray, d);
    if (rays->settings->filters) {
        const enum er_status status = er_direction_normalise_filters(rays->net, rays->network->w, d, err);
        if (status != ER_OK) return status;
    }
    const double is = length(P, d);
    for (int64_t i = 0; i < P; i++) d[i] = (float)((double)d[i] / is);
    return ER_OK;
}

static enum er_status find_radius(const struct rays *rays, const struct ray_work *work, double *radius,
                                  struct er_error *err)
{
    const double level = rays->settings->level;
    double low = 0, high = rays->norm * FIRST;
    while (loss_at(rays, work, high) <= level) {
        low = high;
        high *= GROWTH;
        if (high > MOST * rays->norm)
            return er_fail(err, ER_E_UNSUPPORTED,
                           "rays: the loss stays below %g to %g times the weights' norm", level, MOST);
    }
    for (int i = 0; i < MOST_BISECTIONS && high - low > PRECISION * high; i++) {
        const double middle = (low + high) / 2;
        if (loss_at(rays, work, middle) <= level)
            low = middle;
        else
            high = middle;
    }
    *radius = (low + high) / 2;
    return ER_OK;
}

static void task(void *ctx, int64_t ray, int worker)
{
    const struct rays *rays = ctx;
    const struct ray_work *work = &rays->work[worker];
    enum er_status status = direct(rays, ray, work->d, &rays->message[ray]);
    if (status == ER_OK) {
        products(rays, work->d, work->y, work->scratch);
        status = find_radius(rays, work, &rays->radius[ray], &rays->message[ray]);
    }
    rays->status[ray] = status;
}

static enum er_status begin(struct rays *rays, int64_t n, struct er_error *err)
{
    const int64_t P = er_net_parameters(rays->net), Y = rays->blocks.set->n * rays->affine.floats;
    const size_t scratch = er_set_blocks_scratch(&rays->blocks);
    enum er_status status = er_memory_check((rays->threads + 1) * (double)Y * 4 +
                                                rays->threads * ((double)scratch + 8 * (double)P),
                                            "rays: outputs of the first layers", err);
    if (status != ER_OK) return status;
    rays->y = er_alloc(Y, sizeof *rays->y);
    rays->work = er_alloc(rays->threads, sizeof *rays->work);
    rays->radius = er_alloc(n, sizeof *rays->radius);
    rays->status = er_alloc(n, sizeof *rays->status);
    rays->message = er_alloc(n, sizeof *rays->message);
    bool memory = rays->y && rays->work && rays->radius && rays->status && rays->message;
    for (int t = 0; memory && t < rays->threads; t++) {
        struct ray_work *work = &rays->work[t];
        work->d = er_alloc(P, sizeof *work->d);
        work->w = er_alloc(P, sizeof *work->w);
        work->y = er_alloc(Y, sizeof *work->y);
        work->loss = er_alloc(rays->blocks.rows, sizeof *work->loss);
        work->scratch = er_alloc((int64_t)scratch, 1);
        memory = work->d && work->w && work->y && work->loss && work->scratch;
    }
    if (!memory) return er_fail(err, ER_E_NOMEM, "rays: out of memory");
    products(rays, rays->network->w, rays->y, rays->work[0].scratch);
    return ER_OK;
}

static void end(struct rays *rays)
{
    for (int t = 0; rays->work && t < rays->threads; t++) {
        er_free(rays->work[t].d);
        er_free(rays->work[t].w);
        er_free(rays->work[t].y);
        er_free(rays->work[t].loss);
        er_free(rays->work[t].scratch);
    }
    er_free(rays->work);
    er_free(rays->y);
    er_free(rays->radius);
    er_free(rays->status);
    er_free(rays->message);
    er_set_blocks_close(&rays->blocks);
    er_affine_clear(&rays->affine);
}

/* Whether there is a basin to be measured. */
static enum er_status check(struct rays *rays, const struct er_dataset *set, struct er_error *err)
{
    struct er_network_measures is;
    rays->norm = length(er_net_parameters(rays->net), rays->network->w);
    if (!(rays->norm > 0 && isfinite(rays->norm)))
        return er_fail(err, ER_E_NONFINITE, "rays: the weights' norm is %g", rays->norm);
    const enum er_status status = er_network_measure(rays->net, rays->network, set, &is, err);
    if (status != ER_OK || is.loss < rays->settings->level) return status;
    return er_fail(err, ER_E_UNSUPPORTED, "rays: the loss is %g, not below %g, where they begin", is.loss,
                   rays->settings->level);
}

enum er_status er_rays_measure(const struct er_net *net, const struct er_network *network,
                               const struct er_dataset *set, const struct er_rays_settings *settings,
                               int64_t n, struct er_pool *pool, double *radius, struct er_error *err)
{
    struct rays rays = {
        .net = net, .network = network, .settings = settings, .threads = pool ? er_pool_threads(pool) : 1};
    enum er_status status = check(&rays, set, err);
    if (status == ER_OK) status = er_affine_new(net, &rays.affine, err);
    if (status == ER_OK)
        status = er_set_blocks_open(net, set, er_set_blocks_rows(&rays.affine), &rays.blocks, err);
    if (status == ER_OK) status = begin(&rays, n, err);
    if (status == ER_OK && pool) er_pool_run(pool, n, task, &rays);
    for (int64_t i = 0; status == ER_OK && !pool && i < n; i++) task(&rays, i, 0);
    for (int64_t i = 0; status == ER_OK && i < n; i++)
        if (rays.status[i] != ER_OK) status = er_fail(err, rays.status[i], "%s", rays.message[i].msg);
    for (int64_t i = 0; status == ER_OK && i < n; i++) radius[i] = rays.radius[i];
    end(&rays);
    return status;
}
