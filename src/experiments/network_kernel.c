/* network_kernel.c - the limit of [dense 1, relu, ..., dense 1], times d. */
#include "experiments/network_kernel.h"

#include <ermine/limit.h>
#include <ermine/memory.h>
#include <stdio.h>

enum { MODEL_TEXT = 1024 };

static void write_model(int64_t layers, char text[MODEL_TEXT])
{
    int at = 0;
    for (int64_t i = 0; i < layers; i++)
        at += snprintf(text + at, (size_t)(MODEL_TEXT - at), "%sdense 1 bias=false", i > 0 ? ", relu, " : "");
}

static enum er_status new_limit(int64_t layers, int64_t fixed, int64_t d, struct er_limit **out,
                                struct er_error *err)
{
    struct er_limit_options options = er_limit_defaults();
    struct er_model *model = NULL;
    char text[MODEL_TEXT];
    options.weight_std = 1;
    options.parameterisation = ER_PARAMETERISATION_NTK;
    options.ntk = fixed != ER_NETWORK_UNTRAINED;
    if (options.ntk) options.fixed = fixed;
    write_model(layers, text);
    enum er_status status = er_model_parse(text, &model, err);
    if (status == ER_OK) status = er_limit_new(model, (struct er_shape){1, 1, d}, &options, out, err);
    er_model_free(model);
    return status;
}

enum er_status er_network_kernel(int64_t layers, int64_t fixed, int64_t n, int64_t d, const double *x,
                                 double *k, struct er_pool *pool, const struct er_progress *progress,
                                 struct er_error *err)
{
    const bool ntk = fixed != ER_NETWORK_UNTRAINED;
    const struct er_progress stop = {.stop = progress ? progress->stop : NULL};
    struct er_limit *limit = NULL;
    struct er_limit_points *points = NULL;
    double *nngp = ntk ? er_alloc(n, (size_t)n * sizeof *nngp) : NULL; /* comes with Theta */
    if (ntk && !nngp)
        return er_fail(err, ER_E_NOMEM, "out of memory for the kernel of %lld points", (long long)n);
    enum er_status status = new_limit(layers, fixed, d, &limit, err);
    if (status == ER_OK) status = er_limit_points_new(limit, n, x, false, pool, &stop, &points, err);
    if (status == ER_OK)
        status = er_limit_kernel(points, NULL, ntk ? nngp : k, ntk ? k : NULL, pool, &stop, err);
    for (int64_t i = 0; i < n * n && status == ER_OK; i++) k[i] *= (double)d;
    er_limit_points_free(points);
    er_limit_free(limit);
    er_free(nngp);
    return status;
}
