/* pooling.c - the windows of pooling, and means over them. */
#include "net/pooling.h"

#include "core/vector.h"
#include "net/norm.h"

#include <string.h>

/* By the places of the words in both tables: valid same circular. */
static enum er_padding padding_of(const struct er_layer *l)
{
    static const enum er_padding padding[] = {ER_PADDING_VALID, ER_PADDING_SAME, ER_PADDING_CIRCULAR};
    return l->ops->argument ? padding[(int)l->argument[ER_POOLING_PADDING]] : ER_PADDING_VALID;
}

struct er_pooling er_pooling_of(const struct er_layer *l)
{
    const double *a = l->argument;
    const bool all = !l->ops->argument;
    const enum er_padding padding = padding_of(l);
    struct er_pooling w = {
        .rows = {.in = l->in.height,
                 .size = all ? l->in.height : er_size_height(a[ER_POOLING_SIZE]),
                 .stride = all ? 1 : er_size_height(a[ER_POOLING_STRIDE]),
                 .dilation = 1,
                 .padding = padding},
        .columns = {.in = l->in.width,
                    .size = all ? l->in.width : er_size_width(a[ER_POOLING_SIZE]),
                    .stride = all ? 1 : er_size_width(a[ER_POOLING_STRIDE]),
                    .dilation = 1,
                    .padding = padding},
        .counts_padding = !all && a[ER_POOLING_COUNT_PADDING] > 0,
    };
    er_window_fit(&w.rows);
    er_window_fit(&w.columns);
    return w;
}

enum er_status er_pooling_bind(struct er_layer *l, struct er_error *err)
{
    const struct er_pooling w = er_pooling_of(l);
    if (w.rows.out < 1 || w.columns.out < 1)
        return er_fail(
            err, ER_E_SHAPE,
            "%s: a window of %lld x %lld is larger than its input of %lld x %lld, and padding=valid "
            "adds nothing",
            l->ops->name, (long long)w.rows.size, (long long)w.columns.size, (long long)w.rows.in,
            (long long)w.columns.in);
    l->out = (struct er_shape){w.rows.out, w.columns.out, l->in.channels};
    er_layer_size(l);
    return ER_OK;
}

/* 1/n of a window, from its first place. */
static inline float share_of(const struct er_pooling *w, const struct er_pooling_place *first)
{
    if (w->counts_padding) return 1.0f / (float)(w->rows.size * w->columns.size);
    return 1.0f / (float)((first->row_end - first->row) * (first->column_end - first->column_begin));
}

/* y of one image. */
ER_VECTOR
static void gather(const struct er_pooling *w, int64_t C, const float *restrict x, float *restrict y)
{
    const int64_t outputs = w->rows.out * w->columns.out;
    struct er_pooling_place at;
    for (int64_t o = 0; o < outputs; o++, y += C) {
        er_pooling_first(w, o, &at);
        const float share = share_of(w, &at);
        memcpy(y, x + at.pixel * C, (size_t)C * sizeof *y);
        while (er_pooling_next(w, &at)) {
            const float *from = x + at.pixel * C;
#pragma omp simd
            for (int64_t c = 0; c < C; c++) y[c] += from[c];
        }
#pragma omp simd
        for (int64_t c = 0; c < C; c++) y[c] *= share;
    }
}

/* dx of one image. */
ER_VECTOR
static void spread(const struct er_pooling *w, int64_t C, const float *restrict dy, float *restrict dx)
{
    const int64_t outputs = w->rows.out * w->columns.out;
    struct er_pooling_place at;
    memset(dx, 0, (size_t)(w->rows.in * w->columns.in * C) * sizeof *dx);
    for (int64_t o = 0; o < outputs; o++, dy += C) {
        er_pooling_first(w, o, &at);
        const float share = share_of(w, &at);
        do {
            float *to = dx + at.pixel * C;
#pragma omp simd
            for (int64_t c = 0; c < C; c++) to[c] += share * dy[c];
        } while (er_pooling_next(w, &at));
    }
}

static void gather_batch(const struct er_layer *l, const struct er_pass *p, const float *x, float *y)
{
    const struct er_pooling w = er_pooling_of(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) gather(&w, l->in.channels, x + b * l->n_in, y + b * l->n_out);
}

static void spread_batch(const struct er_layer *l, const struct er_pass *p, const float *dy, float *dx)
{
    const struct er_pooling w = er_pooling_of(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) spread(&w, l->in.channels, dy + b * l->n_out, dx + b * l->n_in);
}

void er_average_forward(const struct er_layer *l, const struct er_pass *p)
{
    gather_batch(l, p, p->x, p->y);
}

void er_average_backward_x(const struct er_layer *l, const struct er_pass *p)
{
    spread_batch(l, p, p->dy, p->dx);
}

void er_average_tangent(const struct er_layer *l, const struct er_pass *p)
{
    int64_t b, end;
    if (p->tx) {
        gather_batch(l, p, p->tx, p->ty);
        return;
    }
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    memset(p->ty + b * l->n_out, 0, (size_t)((end - b) * l->n_out) * sizeof *p->ty);
}

void er_average_tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    spread_batch(l, p, p->tdy, p->tdx);
}

/* The share of a window's taps that lie inside, where that is largest. */
static double fullest(const struct er_window *w)
{
    int64_t most = 0;
    for (int64_t i = 0; i < w->out; i++) {
        int64_t from = 0, to = w->size;
        if (w->padding != ER_PADDING_CIRCULAR) er_window_inside(w, i, &from, &to);
        if (to - from > most) most = to - from;
    }
    return (double)most / (double)w->size;
}

enum er_status er_average_norm(const struct er_layer *l, enum er_norm which, const float *w,
                               const float *statistics, double *out, struct er_error *err)
{
    (void)w;
    (void)statistics;
    const struct er_pooling window = er_pooling_of(l);
    const enum er_status status = er_norm_means(l, which, out, err);
    if (status == ER_OK && which == ER_NORM_ONE_INF && window.counts_padding)
        *out *= fullest(&window.rows) * fullest(&window.columns);
    return status;
}

enum er_status er_average_kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    const struct er_pooling w = er_pooling_of(l);
    *out = (struct er_kernel_map){
        .form = ER_KERNEL_AVERAGE, .rows = w.rows, .columns = w.columns, .counts_padding = w.counts_padding};
    return ER_OK;
}
