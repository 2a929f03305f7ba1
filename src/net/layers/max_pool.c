/* max_pool.c - the largest value of each window, channel by channel.
 *
 *     y[i,j,c] = max_{a,b} x[i sh + a - top, j sw + b - left, c]      over the pixels that exist
 *
 * dx goes to the place of the maximum, of equal ones to the first in the order of rows, and so do tangents; a
 * NaN counts as largest, of several NaN the last. Second derivatives are 0. Pixels outside, with padding=same, never win:
 * net/window.h.
 *
 * The cache keeps, for each output, the number a width + b of the winning place in its window, an integer in
 * the bits of a float.
 */
#include "core/vector.h"
#include "math/elementary.h"
#include "net/pooling.h"

#include <string.h>

static const struct er_argument argument[] = {
    ER_POOLING_SIZES,
    {"padding", ER_ARGUMENT_CHOICE, false, 0, 0, "valid same", "valid",
     "valid: windows inside the image only; same: an output for every stride begun"},
    {0},
};

/* y and winners of one image. */
ER_VECTOR
static void choose(const struct er_pooling *w, int64_t C, const float *restrict x, float *restrict y,
                   float *restrict winner)
{
    const int64_t outputs = w->rows.out * w->columns.out;
    struct er_pooling_place at;
    for (int64_t o = 0; o < outputs; o++, y += C, winner += C) {
        er_pooling_first(w, o, &at);
        memcpy(y, x + at.pixel * C, (size_t)C * sizeof *y);
        for (int64_t c = 0; c < C; c++) winner[c] = er_bits_float(at.tap);
        while (er_pooling_next(w, &at)) {
            const float *from = x + at.pixel * C, here = er_bits_float(at.tap);
#pragma omp simd
            for (int64_t c = 0; c < C; c++) {
                const int wins = (from[c] > y[c]) | (from[c] != from[c]);
                winner[c] = er_select(wins, here, winner[c]);
                y[c] = er_select(wins, from[c], y[c]);
            }
        }
    }
}

/* dx[winner] += dy, of one image. */
ER_VECTOR
static void scatter(const struct er_pooling *w, int64_t C, const float *restrict winner,
                    const float *restrict dy, float *restrict dx)
{
    const int64_t outputs = w->rows.out * w->columns.out;
    struct er_pooling_place at;
    memset(dx, 0, (size_t)(w->rows.in * w->columns.in * C) * sizeof *dx);
    for (int64_t o = 0; o < outputs; o++, dy += C, winner += C) {
        er_pooling_first(w, o, &at);
        do {
            float *to = dx + at.pixel * C;
#pragma omp simd
            for (int64_t c = 0; c < C; c++)
                to[c] += er_select(er_float_bits(winner[c]) == at.tap, dy[c], 0.0f);
        } while (er_pooling_next(w, &at));
    }
}

/* y = x[winner], of one image. */
ER_VECTOR
static void gather(const struct er_pooling *w, int64_t C, const float *restrict winner,
                   const float *restrict x, float *restrict y)
{
    const int64_t outputs = w->rows.out * w->columns.out;
    struct er_pooling_place at;
    for (int64_t o = 0; o < outputs; o++, y += C, winner += C) {
        er_pooling_first(w, o, &at);
        do {
            const float *from = x + at.pixel * C;
#pragma omp simd
            for (int64_t c = 0; c < C; c++)
                y[c] = er_select(er_float_bits(winner[c]) == at.tap, from[c], y[c]);
        } while (er_pooling_next(w, &at));
    }
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    enum er_status status = er_pooling_bind(l, err);
    l->n_cache = l->n_out;
    return status;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_pooling w = er_pooling_of(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++)
        choose(&w, l->in.channels, p->x + b * l->n_in, p->y + b * l->n_out, p->cache + b * l->n_out);
}

static void scatter_batch(const struct er_layer *l, const struct er_pass *p, const float *dy, float *dx)
{
    const struct er_pooling w = er_pooling_of(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++)
        scatter(&w, l->in.channels, p->cache + b * l->n_out, dy + b * l->n_out, dx + b * l->n_in);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    scatter_batch(l, p, p->dy, p->dx);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_pooling w = er_pooling_of(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    memset(p->ty + b * l->n_out, 0, (size_t)((end - b) * l->n_out) * sizeof *p->ty);
    for (; p->tx && b < end; b++)
        gather(&w, l->in.channels, p->cache + b * l->n_out, p->tx + b * l->n_in, p->ty + b * l->n_out);
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    scatter_batch(l, p, p->tdy, p->tdx);
}

const struct er_layer_ops er_layer_max_pool = {
    .name = "max_pool",
    .help = "the largest value of each window: max_pool SIZE",
    .argument = argument,
    .bind = bind,
    .forward = forward,
    .backward_x = backward_x,
    .tangent = tangent,
    .tangent_x = tangent_x,
};
