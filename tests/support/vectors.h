/* vectors.h - limits of nets of vectors, and random points for them. */
#ifndef ERMINE_TESTS_SUPPORT_VECTORS_H
#define ERMINE_TESTS_SUPPORT_VECTORS_H

#include "support/needed.h"

#include <ermine/limit.h>
#include <ermine/random.h>
#include <math.h>
#include <stdio.h>

enum { VECTORS_D = 5 };

/* Variances of weights (times the fan-in) and of biases, in the tangent parameterisation. */
static const double VECTORS_W = 1.69, VECTORS_B = 0.01;

/* n points; 20 and 200 are equal, 7 is 0, where there are so many. Freed by er_free(). */
static inline double *vectors_points(int64_t n, uint64_t stream)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, stream));
    double *x = needed(n * VECTORS_D, sizeof *x);
    for (int64_t i = 0; i < n * VECTORS_D; i++) x[i] = er_random_normal(&r);
    for (int64_t i = 0; n > 200 && i < VECTORS_D; i++) {
        x[200 * VECTORS_D + i] = x[20 * VECTORS_D + i];
        x[7 * VECTORS_D + i] = 0;
    }
    return x;
}

/* The limit of a model's text, and points of it; freed by their own functions. */
static inline struct er_limit *vectors_limit(const char *text, bool ntk)
{
    struct er_limit_options options = er_limit_defaults();
    struct er_model *model = NULL;
    struct er_limit *limit = NULL;
    struct er_error err;
    options.weight_std = sqrt(VECTORS_W);
    options.bias_std = sqrt(VECTORS_B);
    options.parameterisation = ER_PARAMETERISATION_NTK;
    options.ntk = ntk;
    if (er_model_parse(text, &model, &err) != ER_OK ||
        er_limit_new(model, (struct er_shape){1, 1, VECTORS_D}, &options, &limit, &err) != ER_OK) {
        fprintf(stderr, "%s\n", err.msg);
        abort();
    }
    er_model_free(model);
    return limit;
}

static inline struct er_limit_points *vectors_prepared(const struct er_limit *limit, int64_t n,
                                                       const double *x, struct er_pool *pool)
{
    struct er_limit_points *points = NULL;
    if (er_limit_points_new(limit, n, x, true, pool, NULL, &points, NULL) != ER_OK) abort();
    return points;
}

#endif
