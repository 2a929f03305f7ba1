/* finite_join.c - joins in float64.
 *
 *     add         y_k = sum_i b_i,k           dx = dy
 *     multiply    y = the product of polynomials, branch after branch          dx = dy times the other branches
 *     concat      channels side by side
 */
#include "limit/finite.h"

#include <string.h>

static void add_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t n = c->rows * l->n_out * (c->order + 1);
    memcpy(c->y, c->branch[0], (size_t)n * sizeof *c->y);
    for (int64_t b = 1; b < l->n_branches; b++)
        for (int64_t i = 0; i < n; i++) c->y[i] += c->branch[b][i];
}

static void add_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    for (int64_t i = 0; i < c->rows * l->n_out; i++) c->dx[i] += c->dy[i];
}

/* y_k = sum_{j <= k} y_j b_{k-j}, from the highest k down, so that what is read is still the old one. */
static void multiply_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t n = c->rows * l->n_out;
    memcpy(c->y, c->branch[0], (size_t)(n * (c->order + 1)) * sizeof *c->y);
    for (int64_t b = 1; b < l->n_branches; b++)
        for (int k = c->order; k >= 0; k--)
            for (int64_t i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j <= k; j++) sum += c->y[j * n + i] * c->branch[b][(k - j) * n + i];
                c->y[k * n + i] = sum;
            }
}

static void multiply_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    for (int64_t i = 0; i < c->rows * l->n_out; i++) {
        double product = c->dy[i];
        for (int64_t b = 0; b < l->n_branches; b++)
            if (b != c->input) product *= c->branch[b][i];
        c->dx[i] += product;
    }
}

/* Where the channels of branch b begin in a pixel. */
static int64_t channel_of(const struct er_layer *l, int64_t b)
{
    int64_t at = 0;
    for (int64_t i = 0; i < b; i++) at += l->branch[i].channels;
    return at;
}

static void concat_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t C = l->out.channels, pixels = c->rows * l->out.height * l->out.width * (c->order + 1);
    for (int64_t b = 0; b < l->n_branches; b++) {
        const int64_t n = l->branch[b].channels, at = channel_of(l, b);
        for (int64_t p = 0; p < pixels; p++)
            memcpy(c->y + p * C + at, c->branch[b] + p * n, (size_t)n * sizeof *c->y);
    }
}

static void concat_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t C = l->out.channels, pixels = c->rows * l->out.height * l->out.width;
    const int64_t n = l->branch[c->input].channels, at = channel_of(l, c->input);
    for (int64_t p = 0; p < pixels; p++)
        for (int64_t i = 0; i < n; i++) c->dx[p * n + i] += c->dy[p * C + at + i];
}

const struct er_finite_ops er_finite_add = {.name = "add", .forward = add_forward, .backward = add_backward};
const struct er_finite_ops er_finite_multiply = {
    .name = "multiply", .forward = multiply_forward, .backward = multiply_backward};
const struct er_finite_ops er_finite_concat = {
    .name = "concat", .forward = concat_forward, .backward = concat_backward};
