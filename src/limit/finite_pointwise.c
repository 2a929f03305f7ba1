/* finite_pointwise.c - in float64: functions of each number by their reading `series`, a trained factor, and dropout, which
 * in evaluation does nothing.
 */
#include "limit/finite.h"
#include "math/series.h"

#include <assert.h>
#include <string.h>

static_assert((int)ER_TAYLOR_DEGREE <= (int)ER_SERIES_ORDER, "readings `series` go as far as expansions do");

enum { BLOCK = 1024 }; /* numbers whose slopes are taken at a time */

static void pointwise_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    er_pointwise_series(l, c->order, c->rows * l->n_in, c->x, c->y);
}

/* The slope is the coefficient of s of f(x + s). */
static void pointwise_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t n = c->rows * l->n_in;
    double x[2 * BLOCK], y[2 * BLOCK];
    for (int64_t at = 0; at < n; at += BLOCK) {
        const int64_t m = n - at < BLOCK ? n - at : BLOCK;
        memcpy(x, c->x + at, (size_t)m * sizeof *x);
        for (int64_t i = 0; i < m; i++) x[m + i] = 1;
        er_pointwise_series(l, 1, m, x, y);
        for (int64_t i = 0; i < m; i++) c->dx[at + i] += y[m + i] * c->dy[at + i];
    }
}

/* y_k = g x_k + tg x_{k-1} */
static void gain_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t n = c->rows * l->n_in;
    for (int64_t i = 0; i < n * (c->order + 1); i++) {
        c->y[i] = c->w[0] * c->x[i];
        if (c->tw && i >= n) c->y[i] += c->tw[0] * c->x[i - n];
    }
}

static void gain_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    for (int64_t i = 0; i < c->rows * l->n_in; i++) c->dx[i] += c->w[0] * c->dy[i];
}

static void gain_gradient(const struct er_layer *l, const struct er_finite_call *c)
{
    for (int64_t b = 0; b < c->rows; b++)
        for (int64_t i = b * l->n_in; i < (b + 1) * l->n_in; i++) c->g[b * c->stride] += c->x[i] * c->dy[i];
}

static void dropout_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    memcpy(c->y, c->x, (size_t)(c->rows * l->n_in * (c->order + 1)) * sizeof *c->y);
}

static void dropout_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    for (int64_t i = 0; i < c->rows * l->n_in; i++) c->dx[i] += c->dy[i];
}

const struct er_finite_ops er_finite_pointwise = {
    .name = "pointwise", .forward = pointwise_forward, .backward = pointwise_backward};
const struct er_finite_ops er_finite_gain = {
    .name = "gain", .forward = gain_forward, .backward = gain_backward, .gradient = gain_gradient};
const struct er_finite_ops er_finite_dropout = {
    .name = "dropout", .forward = dropout_forward, .backward = dropout_backward};
