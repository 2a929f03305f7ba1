/* relu_sum.c - a sum of ReLU units, of inputs on the sphere: what a network of two layers can be taught.
 *
 *     x uniform on |x| = 1 in d dimensions,   y = sum_{j=1..width} max(v_j . x, 0) + noise e,   e ~ N(0, 1)
 *
 * v_j of unit length, with uniform directions that depend on the seed, on j and on d, and are the same for both parts.
 * Source: the teacher of Chizat, Oyallon and Bach, "On lazy training in differentiable programming", NeurIPS 2019,
 * section 3.1.
 */
#include "core/available.h"
#include "data/regression.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

/* A direction; a draw of length 0, which no stream has been seen to give, is drawn again. */
static void draw_direction(struct er_random *r, int64_t d, double *x)
{
    double square = 0;
    while (square == 0)
        for (int64_t j = 0; j < d; j++) {
            x[j] = er_random_normal(r);
            square += x[j] * x[j];
        }
    const double length = sqrt(square);
    for (int64_t j = 0; j < d; j++) x[j] /= length;
}

static double teach(int64_t units, int64_t d, const double *v, const double *x)
{
    double sum = 0;
    for (int64_t u = 0; u < units; u++) {
        double z = 0;
        for (int64_t j = 0; j < d; j++) z += v[u * d + j] * x[j];
        sum += fmax(z, 0);
    }
    return sum;
}

enum er_status er_regression_make_relu_sum(const struct er_regression_spec *spec,
                                           struct er_regression_split *out, struct er_error *err)
{
    const int64_t d = spec->dimension, units = spec->width;
    enum er_status status =
        er_memory_check((double)units * (double)d * sizeof(double), "relu-sum: its units", err);
    if (status != ER_OK) return status;
    double *v = er_alloc(units * d, sizeof *v);
    if (!v)
        return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " units of %" PRId64 " inputs", units,
                       d);
    for (int64_t u = 0; u < units; u++) {
        struct er_random r = er_random_open(spec->data->seed, er_stream(ER_PURPOSE_TEACHER, (uint64_t)u));
        draw_direction(&r, d, v + u * d);
    }
    for (int part = 0; part < 2 && status == ER_OK; part++) {
        struct er_regression *set = part ? &out->test : &out->train;
        status = er_regression_new(spec->size[part], d, 1, true, set, err);
        for (int64_t i = 0; status == ER_OK && i < set->n; i++) {
            struct er_random r = er_regression_random(spec, part, i);
            draw_direction(&r, d, set->x + i * d);
            set->clean[i] = teach(units, d, v, set->x + i * d);
            set->y[i] = set->clean[i] + spec->noise * er_random_normal(&r);
        }
    }
    er_free(v);
    return status;
}
