/* finite_pool.c - pooling in float64: means over windows, and the largest value of each, whose place is that of order 0. */
#include "limit/finite.h"
#include "net/pooling.h"

#include <math.h>

/* 1/n of the window of output o: n its pixels that exist, or all that it has. */
static double share_of(const struct er_pooling *w, int64_t o)
{
    struct er_pooling_place at;
    double n = 1;
    if (w->counts_padding) return 1 / (double)(w->rows.size * w->columns.size);
    er_pooling_first(w, o, &at);
    while (er_pooling_next(w, &at)) n++;
    return 1 / n;
}

static void average_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const struct er_pooling w = er_pooling_of(l);
    const int64_t C = l->in.channels, outputs = w.rows.out * w.columns.out;
    for (int64_t o = 0; o < outputs; o++) {
        const double share = share_of(&w, o);
        for (int64_t b = 0; b < c->rows * (c->order + 1); b++) {
            const double *x = c->x + b * l->n_in;
            double *y = c->y + b * l->n_out + o * C;
            struct er_pooling_place at;
            er_pooling_first(&w, o, &at);
            for (int64_t i = 0; i < C; i++) y[i] = x[at.pixel * C + i];
            while (er_pooling_next(&w, &at))
                for (int64_t i = 0; i < C; i++) y[i] += x[at.pixel * C + i];
            for (int64_t i = 0; i < C; i++) y[i] *= share;
        }
    }
}

static void average_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    const struct er_pooling w = er_pooling_of(l);
    const int64_t C = l->in.channels, outputs = w.rows.out * w.columns.out;
    for (int64_t o = 0; o < outputs; o++) {
        const double share = share_of(&w, o);
        for (int64_t b = 0; b < c->rows; b++) {
            const double *dy = c->dy + b * l->n_out + o * C;
            double *dx = c->dx + b * l->n_in;
            struct er_pooling_place at;
            er_pooling_first(&w, o, &at);
            do
                for (int64_t i = 0; i < C; i++) dx[at.pixel * C + i] += share * dy[i];
            while (er_pooling_next(&w, &at));
        }
    }
}

/* The pixel of the first largest value of channel i in the window of output o. */
static int64_t winner(const struct er_pooling *w, int64_t o, int64_t C, int64_t i, const double *x)
{
    struct er_pooling_place at;
    er_pooling_first(w, o, &at);
    int64_t best = at.pixel;
    while (er_pooling_next(w, &at))
        if (x[at.pixel * C + i] > x[best * C + i] || isnan(x[at.pixel * C + i])) best = at.pixel;
    return best;
}

static void max_forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const struct er_pooling w = er_pooling_of(l);
    const int64_t C = l->in.channels;
    for (int64_t b = 0; b < c->rows; b++)
        for (int64_t o = 0; o < l->n_out; o++) {
            const int64_t from = winner(&w, o / C, C, o % C, c->x + b * l->n_in) * C + o % C;
            for (int k = 0; k <= c->order; k++)
                c->y[(k * c->rows + b) * l->n_out + o] = c->x[(k * c->rows + b) * l->n_in + from];
        }
}

static void max_backward(const struct er_layer *l, const struct er_finite_call *c)
{
    const struct er_pooling w = er_pooling_of(l);
    const int64_t C = l->in.channels;
    for (int64_t b = 0; b < c->rows; b++)
        for (int64_t o = 0; o < l->n_out; o++) {
            const int64_t to = winner(&w, o / C, C, o % C, c->x + b * l->n_in) * C + o % C;
            c->dx[b * l->n_in + to] += c->dy[b * l->n_out + o];
        }
}

const struct er_finite_ops er_finite_average = {
    .name = "average", .forward = average_forward, .backward = average_backward};
const struct er_finite_ops er_finite_max_pool = {
    .name = "max_pool", .forward = max_forward, .backward = max_backward};
