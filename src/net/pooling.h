/* pooling.h - what the pooling layers share: their arguments, the walk over a window, and means. */
#ifndef ERMINE_NET_POOLING_H
#define ERMINE_NET_POOLING_H

#include "net/layer.h"
#include "net/window.h"

/* size stride padding, for max_pool and avg_pool. */
extern const struct er_argument er_pooling_arguments[];

struct er_pooling {
    struct er_window rows, columns;
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
};

/* The first place of output o (row by row); there always is one. */
static inline void er_pooling_first(const struct er_pooling *w, int64_t o, struct er_pooling_place *at)
{
    const int64_t i = o / w->columns.out, j = o % w->columns.out;
    er_window_inside(&w->rows, i, &at->row, &at->row_end);
    er_window_inside(&w->columns, j, &at->column_begin, &at->column_end);
    at->column = at->column_begin;
    at->tap = (uint32_t)(at->row * w->columns.size + at->column);
    at->pixel = (i * w->rows.stride - w->rows.before + at->row) * w->columns.in + j * w->columns.stride -
                w->columns.before + at->column;
}

/* The next one, row by row; false behind the last. */
static inline bool er_pooling_next(const struct er_pooling *w, struct er_pooling_place *at)
{
    at->column++, at->tap++, at->pixel++;
    if (at->column < at->column_end) return true;
    const int64_t back = at->column_end - at->column_begin;
    at->row++;
    at->column = at->column_begin;
    at->tap += (uint32_t)(w->columns.size - back);
    at->pixel += w->columns.in - back;
    return at->row < at->row_end;
}

/* The readings of a layer that takes the mean over each window:
 *
 *     y[o,c] = (1/n_o) sum of x[pixel,c] over the n_o pixels of o's window that exist
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
