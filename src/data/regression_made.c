/* regression_made.c - room for examples, and the linear sources.
 *
 *     x_j ~ N(0, variance_j) independent,   y = sum_j x_j theta_j + noise e,   e ~ N(0, 1)
 *
 * Example i draws its d inputs and then e from its own stream, so `noise` changes neither.
 */
#include "data/regression.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum er_status er_regression_new(int64_t n, int64_t d, int64_t k, bool clean, struct er_regression *out,
                                 struct er_error *err)
{
    *out = (struct er_regression){.n = n, .d = d, .k = k};
    int64_t size = 0;
    if (!__builtin_mul_overflow(n, d, &size)) out->x = er_alloc(size, sizeof *out->x);
    if (!__builtin_mul_overflow(n, k, &size)) out->y = er_alloc(size, sizeof *out->y);
    if (clean && out->y) out->clean = er_alloc(size, sizeof *out->clean);
    if (out->x && out->y && (out->clean || !clean)) return ER_OK;
    er_fail(err, ER_E_NOMEM,
            "out of memory for %" PRId64 " examples of %" PRId64 " inputs and %" PRId64 " targets", n, d, k);
    return ER_E_NOMEM;
}

static void draw_truth(const struct er_regression_spec *spec, int blocks, const double norm[],
                       const double deviation[], struct er_regression_split *out)
{
    const int64_t m = spec->dimension / blocks;
    struct er_random r = er_random_open(spec->data->seed, er_stream(ER_PURPOSE_TEACHER, 0));
    for (int b = 0; b < blocks; b++) {
        double *theta = out->theta + b * m, square = 0;
        for (int64_t j = 0; j < m; j++) {
            theta[j] = er_random_normal(&r);
            square += theta[j] * theta[j];
            out->variance[b * m + j] = deviation[b] * deviation[b];
        }
        for (int64_t j = 0; j < m; j++) theta[j] *= norm[b] / sqrt(square);
    }
}

static void draw_examples(const struct er_regression_spec *spec, int part, int64_t block,
                          const double deviation[], const double *theta, struct er_regression *set)
{
    for (int64_t i = 0; i < set->n; i++) {
        struct er_random r = er_regression_random(spec, part, i);
        double *x = set->x + i * set->d, sum = 0;
        for (int64_t j = 0; j < set->d; j++) {
            x[j] = deviation[j / block] * er_random_normal(&r);
            sum += x[j] * theta[j];
        }
        set->clean[i] = sum;
        set->y[i] = sum + spec->noise * er_random_normal(&r);
    }
}

enum er_status er_regression_linear(const struct er_regression_spec *spec, int blocks, const double norm[],
                                    const double deviation[], struct er_regression_split *out,
                                    struct er_error *err)
{
    const int64_t d = spec->dimension;
    out->theta = er_alloc(d, sizeof *out->theta);
    out->variance = er_alloc(d, sizeof *out->variance);
    if (!out->theta || !out->variance)
        return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " weights", d);
    draw_truth(spec, blocks, norm, deviation, out);
    for (int part = 0; part < 2; part++) {
        struct er_regression *set = part ? &out->test : &out->train;
        enum er_status status = er_regression_new(spec->size[part], d, 1, true, set, err);
        if (status != ER_OK) return status;
        draw_examples(spec, part, d / blocks, deviation, out->theta, set);
    }
    return ER_OK;
}
