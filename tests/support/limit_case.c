/* limit_case.c - see limit_case.h. */
#include "support/limit_case.h"

#include "support/needed.h"
#include "t.h"

struct er_limit_options limit_case_options(double weight_std, double bias_std)
{
    struct er_limit_options options = er_limit_defaults();
    options.weight_std = weight_std;
    options.bias_std = bias_std;
    options.parameterisation = ER_PARAMETERISATION_NTK;
    return options;
}

static enum er_status kernel_of(const struct limit_case *c, const struct er_limit *limit,
                                struct er_pool *pool, double *k, double *theta, struct er_error *err)
{
    struct er_limit_points *a = NULL, *b = NULL;
    enum er_status status = er_limit_points_new(limit, c->n, c->x, !c->evaluation, pool, NULL, &a, err);
    if (status == ER_OK && c->x2)
        status = er_limit_points_new(limit, c->m, c->x2, !c->evaluation, pool, NULL, &b, err);
    if (status == ER_OK) status = er_limit_kernel(a, b, k, theta, pool, NULL, err);
    er_limit_points_free(a);
    er_limit_points_free(b);
    return status;
}

bool limit_case_kernel(const struct limit_case *c, double *k, double *theta)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    struct er_limit *limit = NULL;
    struct er_pool *pool = c->pool ? c->pool : needed_pool(1);
    enum er_status status = er_model_parse(c->text, &model, &err);
    if (status == ER_OK) status = er_limit_new(model, c->shape, &c->options, &limit, &err);
    if (status == ER_OK) status = kernel_of(c, limit, pool, k, theta, &err);
    er_limit_free(limit);
    er_model_free(model);
    if (!c->pool) er_pool_free(pool);
    return T_OK(status == ER_OK, "%s: %s", c->text, status == ER_OK ? "its kernels" : err.msg);
}

void limit_case_refused(const char *text, struct er_shape shape, enum er_status status, const char *word)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    struct er_limit *limit = NULL;
    const struct er_limit_options options = er_limit_defaults();
    if (!T_OK(er_model_parse(text, &model, &err) == ER_OK, "%s is read %s", text, err.msg)) return;
    T_STATUS(er_limit_new(model, shape, &options, &limit, &err), status, "%s is refused", text);
    T_OK(strstr(err.msg, word) != NULL, "%s: '%s' speaks of '%s'", text, err.msg, word);
    er_limit_free(limit);
    er_model_free(model);
}
