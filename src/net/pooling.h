/* pooling.h - what the pooling layers share: their arguments, the walk over a window, and means. */
#ifndef ERMINE_NET_POOLING_H
#define ERMINE_NET_POOLING_H

#include "net/layer.h"
#include "net/window.h"

/* The first arguments of max_pool and avg_pool, in their order, and the rows of the first two. */
enum { ER_POOLING_SIZE, ER_POOLING_STRIDE, ER_POOLING_PADDING, ER_POOLING_COUNT_PADDING };
#define ER_POOLING_SIZES                                                                                     \
    {"size", ER_ARGUMENT_SIZE, true, 1, ER_SIZE_MOST, NULL, NULL, "pixels of the window"},                   \
    {                                                                                                        \
        "stride", ER_ARGUMENT_SIZE, false, 1, ER_SIZE_MOST, NULL, "=size",                                   \
            "pixels from one window to the next"                                                             \
    }

struct er_pooling {
    struct er_window rows, columns;
    bool counts_padding; /* means: over the window's whole size, not over the pixels that exist */
};

/* The windows of a layer with these arguments on its input's shape; without arguments one window, all of it.
 */
struct er_pooling er_pooling_of(const struct er_layer *layer);

/* bind of such a layer. ER_E_SHAPE: the window is larger than the image and padding=valid. */
enum er_status er_pooling_bind(struct er_layer *layer, struct er_error *err);

/* A place in a window, among those that lie in the image. */
struct er_pooling_place {
    int64_t pixel;                                          /* its number in the image, row by row */
    uint32_t tap;                                           /* and in the window */
    int64_t row, column, row_end, column_begin, column_end; /* of the window */
    int64_t top, left;                                      /* of its first tap, in the image or outside */
};

/* The pixel at a place, counted around an image that is circular. */
static inline int64_t er_pooling_wrapped(const struct er_pooling *w, const struct er_pooling_place *at)
{
    const int64_t H = w->rows.in, W = w->columns.in;
    return ((at->top + at->row) % H + H) % H * W + ((at->left + at->column) % W + W) % W;
}

/* The first place of output o (row by row); there always is one. */
static inline void er_pooling_first(const struct er_pooling *w, int64_t o, struct er_pooling_place *at)
{
    const bool circular = w->rows.padding == ER_PADDING_CIRCULAR;
    const int64_t i = o / w->columns.out, j = o % w->columns.out;
    at->top = i * w->rows.stride - w->rows.before;
    at->left = j * w->columns.stride - w->columns.before;
    at->row = at->column_begin = 0;
    at->row_end = w->rows.size;
    at->column_end = w->columns.size;
    if (!circular) er_window_inside(&w->rows, i, &at->row, &at->row_end);
    if (!circular) er_window_inside(&w->columns, j, &at->column_begin, &at->column_end);
    at->column = at->column_begin;
    at->tap = (uint32_t)(at->row * w->columns.size + at->column);
    at->pixel =
        circular ? er_pooling_wrapped(w, at) : (at->top + at->row) * w->columns.in + at->left + at->column;
}

/* The next one, row by row; false behind the last. */
static inline bool er_pooling_next(const struct er_pooling *w, struct er_pooling_place *at)
{
    const bool circular = w->rows.padding == ER_PADDING_CIRCULAR;
    at->column++, at->tap++, at->pixel++;
    if (at->column == at->column_end) {
        const int64_t back = at->column_end - at->column_begin;
        at->row++;
        at->column = at->column_begin;
        at->tap += (uint32_t)(w->columns.size - back);
        at->pixel += w->columns.in - back;
    }
    if (circular) at->pixel = er_pooling_wrapped(w, at);
    return at->row < at->row_end;
}

/* The readings of a layer that takes the mean over each window:
 *
 *     y[o,c] = (1/n_o) sum of x[pixel,c] over the pixels of o's window that exist; n_o of them, or counting those that don't
 */
void er_average_forward(const struct er_layer *l, const struct er_pass *p);
void er_average_backward_x(const struct er_layer *l, const struct er_pass *p);
void er_average_tangent(const struct er_layer *l, const struct er_pass *p);
void er_average_tangent_x(const struct er_layer *l, const struct er_pass *p);
enum er_status er_average_norm(const struct er_layer *l, enum er_norm which, const float *w,
                               const float *statistics, double *out, struct er_error *err);
enum er_status er_average_kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err);
#define ER_AVERAGE_READINGS                                                                                  \
    .bind = er_pooling_bind, .forward = er_average_forward, .backward_x = er_average_backward_x,             \
    .tangent = er_average_tangent, .tangent_x = er_average_tangent_x, .norm = er_average_norm,               \
    .kernel = er_average_kernel

#endif
