/* kernel_tune.c - a prior becomes a limit, its kernel, and that a likelihood (<ermine/evidence.h>). */
#include "experiments/kernel_tune.h"

#include "core/clock.h"
#include "experiments/kernel_predict.h"

#include <ermine/evidence.h>
#include <ermine/memory.h>
#include <math.h>

struct search {
    const struct er_point *point;
    struct er_limit_options options;
    struct er_shape shape;
    int64_t n;
    const double *x;
    struct er_pool *pool;
    const struct er_progress *progress;
};

/* er_prior_kernel */
static enum er_status kernel_of(void *ctx, const struct er_prior *prior, double *k_train,
                                struct er_error *err)
{
    const struct search *s = ctx;
    struct er_limit_options options = s->options;
    struct er_limit *limit = NULL;
    struct er_limit_points *points = NULL;
    options.weight_std = prior->weight_std;
    options.bias_std = prior->bias_std;
    enum er_status status = er_kernel_keys_limit(s->point, s->shape, &options, &limit, err);
    if (status == ER_OK)
        status = er_limit_points_new(limit, s->n, s->x, true, s->pool, s->progress, &points, err);
    if (status == ER_OK) status = er_limit_kernel(points, NULL, k_train, NULL, s->pool, s->progress, err);
    er_limit_points_free(points);
    er_limit_free(limit);
    return status;
}

static double or_else(double given, double otherwise)
{
    return isnan(given) ? otherwise : given;
}

enum er_status er_kernel_tune(const struct er_point *point, const struct er_kernel_request *request,
                              const struct er_split *split, const double *x, struct er_pool *pool,
                              const struct er_progress *progress, struct er_kernel_tuned *out,
                              struct er_error *err)
{
    const struct er_dataset *train = &split->train;
    const struct er_progress stop = {.stop = progress ? progress->stop : NULL};
    const struct er_evidence_options options = er_evidence_defaults();
    const double began = er_clock_s();
    struct search search = {.point = point,
                            .options = request->limit,
                            .shape = train->shape,
                            .n = train->n,
                            .x = x,
                            .pool = pool,
                            .progress = &stop};
    struct er_prior prior = {.weight_std = or_else(request->limit.weight_std, sqrt(2)),
                             .bias_std = or_else(request->limit.bias_std, 0.1),
                             .ridge = request->ridge};
    struct er_evidence_report report;
    double *y = er_alloc(train->n * train->classes, sizeof *y);
    if (!y) return er_fail(err, ER_E_NOMEM, "kernel: out of memory for targets");
    search.options.ntk = false;
    er_kernel_targets(train, y);
    const enum er_status status = er_evidence_maximise(train->n, train->classes, y, kernel_of, &search,
                                                       &options, &prior, &report, pool, &stop, err);
    er_free(y);
    if (status == ER_OK)
        *out = (struct er_kernel_tuned){1, prior.weight_std, prior.bias_std, prior.ridge.value,
                                        er_clock_s() - began};
    return status;
}
