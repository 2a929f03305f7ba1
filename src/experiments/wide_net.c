/* wide_net.c - see wide_net.h. */
#include "experiments/wide_net.h"

#include "experiments/point.h"
#include "experiments/targets.h"
#include "net/net.h"

#include <ermine/memory.h>

/* Every layer whose width may be left open, but the last of them, gets this width. */
static void widen(struct er_model *model, int64_t width)
{
    bool last = true;
    for (int64_t i = model->n - 1; i >= 0; i--) {
        struct er_layer *layer = &model->node[i].layer;
        const int a = er_arguments_open(layer->ops->argument);
        if (a < 0) continue;
        if (!last) layer->argument[a] = (double)width;
        last = false;
    }
}

static enum er_status open_all(const struct er_point *point, int64_t width, struct er_shape shape,
                               int64_t outputs, struct er_wide_net *net, struct er_error *why)
{
    struct er_limit_options options = er_limit_defaults();
    options.ntk = true;
    enum er_status status = er_model_parse(er_point_text(point, "model", ""), &net->model, why);
    if (status != ER_OK) return status;
    if (width > 0) widen(net->model, width);
    status = er_net_bind(net->model, shape, outputs, &net->net, why);
    if (status == ER_OK) status = er_finite_new(net->net, &net->finite, why);
    if (status != ER_OK) return status;
    if (er_net_outputs(net->net) != outputs)
        return er_fail(why, ER_E_SHAPE, "its last layer gives %lld outputs; these data have %lld targets",
                       (long long)er_net_outputs(net->net), (long long)outputs);
    status = er_limit_new(net->model, shape, &options, &net->limit, &net->why);
    return status == ER_E_UNSUPPORTED || status == ER_E_SHAPE ? ER_OK : status;
}

enum er_status er_wide_net_open(const struct er_point *point, const char *path, struct er_shape shape,
                                int64_t classes, struct er_wide_net *out, struct er_error *err)
{
    struct er_error why = {0};
    *out = (struct er_wide_net){0};
    const enum er_status status =
        open_all(point, er_point_integer(point, path, 0), shape, er_targets_of(classes), out, &why);
    if (status == ER_OK) return ER_OK;
    if (status == ER_E_NOMEM) return er_fail(err, status, "%s", out->why.msg[0] ? out->why.msg : why.msg);
    return er_point_fail(point, "model", err, "%s", why.msg);
}

void er_wide_net_clear(struct er_wide_net *net)
{
    er_limit_free(net->limit);
    er_finite_free(net->finite);
    er_net_free(net->net);
    er_model_free(net->model);
    *net = (struct er_wide_net){0};
}

enum er_status er_wide_net_kernel(const struct er_wide_net *net, int64_t n_a, const double *a, int64_t n_b,
                                  const double *b, double *k, double *theta, struct er_error *err)
{
    struct er_pool *pool = NULL;
    struct er_limit_points *one = NULL, *two = NULL;
    enum er_status status = er_pool_new(1, &pool, err);
    if (status == ER_OK) status = er_limit_points_new(net->limit, n_a, a, false, pool, NULL, &one, err);
    if (status == ER_OK && b) status = er_limit_points_new(net->limit, n_b, b, false, pool, NULL, &two, err);
    if (status == ER_OK) status = er_limit_kernel(one, two, k, theta, pool, NULL, err);
    er_limit_points_free(two);
    er_limit_points_free(one);
    er_pool_free(pool);
    return status;
}

enum er_status er_wide_net_variances(const struct er_wide_net *net, int64_t n, const double *x, double *k,
                                     struct er_error *err)
{
    struct er_pool *pool = NULL;
    struct er_limit_points *points = NULL;
    enum er_status status = er_pool_new(1, &pool, err);
    if (status == ER_OK) status = er_limit_points_new(net->limit, n, x, false, pool, NULL, &points, err);
    if (status == ER_OK) er_limit_diagonal(points, k, NULL);
    er_limit_points_free(points);
    er_pool_free(pool);
    return status;
}

double *er_wide_inputs(const struct er_dataset *set)
{
    const int64_t n = set->n * er_shape_size(set->shape);
    double *x = er_alloc(n, sizeof *x);
    for (int64_t i = 0; x && i < n; i++) x[i] = (double)set->x[i];
    return x;
}
