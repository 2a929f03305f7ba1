/* made_limit.c - programs by hand. */
#include "made_limit.h"

#include "oracles/limit_pixels.h"

#include <stdlib.h>

void made_start(struct made_limit *m, int64_t height, int64_t width, int64_t channels)
{
    *m = (struct made_limit){.net.n_in = height * width * channels};
    m->limit = (struct er_limit){.net = &m->net, .node = m->node, .input = {height, width, channels}};
    m->limit.options.ntk = true;
}

struct er_kernel_map *made_add(struct made_limit *m, enum er_kernel_form form, int64_t one, int64_t two)
{
    const int64_t i = m->limit.n++;
    struct er_limit_node *node = &m->node[i];
    m->from[i][0] = one;
    m->from[i][1] = two;
    *node = (struct er_limit_node){.map.form = form,
                                   .layer = &m->layer[i],
                                   .from = m->from[i],
                                   .n_from = two < -1 ? 1 : 2,
                                   .height = er_limit_height(&m->limit, one),
                                   .width = er_limit_width(&m->limit, one),
                                   .variances_at = -1,
                                   .tables_at = -1};
    m->branch[i][0].channels = 2;
    m->branch[i][1].channels = 6;
    m->layer[i].branch = m->branch[i];
    return &node->map;
}

int64_t made_last(const struct made_limit *m)
{
    return m->limit.n - 1;
}

/* The window of `rows` x `columns` on node `from` (-1: the data). */
void made_windows(struct made_limit *m, enum er_kernel_form form, int64_t from, int64_t rows, int64_t columns,
                  int64_t stride, int64_t dilation, enum er_padding padding)
{
    struct er_kernel_map *map = made_add(m, form, from, -2);
    const struct er_window y = {.in = er_limit_height(&m->limit, from),
                                .size = rows,
                                .stride = stride,
                                .dilation = dilation,
                                .padding = padding};
    map->rows = map->columns = y;
    map->columns.in = er_limit_width(&m->limit, from);
    map->columns.size = columns;
    if (!er_window_fit(&map->rows) || !er_window_fit(&map->columns)) exit(2);
    map->w = 1.7;
    map->b = 0.2;
    map->tangent_w = 1.1;
    map->tangent_b = 0.3;
    m->node[made_last(m)].height = map->rows.out;
    m->node[made_last(m)].width = map->columns.out;
}

void made_conv(struct made_limit *m, int64_t size, int64_t stride, enum er_padding padding)
{
    made_windows(m, ER_KERNEL_AFFINE, made_last(m), size, size, stride, 1, padding);
}

void made_pool(struct made_limit *m, int64_t size, int64_t stride, enum er_padding padding, bool counts)
{
    made_windows(m, ER_KERNEL_AVERAGE, made_last(m), size, size, stride, 1, padding);
    m->node[made_last(m)].map.counts_padding = counts;
}

void made_relu(struct made_limit *m, const struct er_dual *dual)
{
    struct er_kernel_map *map = made_add(m, ER_KERNEL_POINTWISE, made_last(m), -2);
    map->dual = dual;
    map->parameter[1] = 1;
}

void made_layer(struct made_limit *m, int64_t size)
{
    made_conv(m, size, 1, ER_PADDING_SAME);
    made_relu(m, &plain_relu);
}

void made_dense(struct made_limit *m, int64_t from)
{
    struct er_kernel_map *map = made_add(m, ER_KERNEL_AFFINE, from, -2);
    map->all_pixels = true;
    map->w = 1.3;
    map->b = 0.1;
    map->tangent_w = 2.3;
    map->tangent_b = 0.7;
    m->node[made_last(m)].height = m->node[made_last(m)].width = 1;
}

void made_global_mean(struct made_limit *m)
{
    const int64_t from = made_last(m);
    struct er_kernel_map *map = made_add(m, ER_KERNEL_AVERAGE, from, -2);
    map->rows = (struct er_window){.in = er_limit_height(&m->limit, from),
                                   .size = er_limit_height(&m->limit, from),
                                   .stride = 1,
                                   .dilation = 1,
                                   .padding = ER_PADDING_VALID};
    map->columns = map->rows;
    map->columns.in = map->columns.size = er_limit_width(&m->limit, from);
    if (!er_window_fit(&map->rows) || !er_window_fit(&map->columns)) exit(2);
    m->node[made_last(m)].height = m->node[made_last(m)].width = 1;
}

bool made_finish(struct made_limit *m)
{
    int64_t at = 0;
    for (int64_t i = 0; i < m->limit.n; i++) {
        struct er_limit_node *node = &m->node[i];
        if (node->map.form != ER_KERNEL_POINTWISE && node->map.form != ER_KERNEL_NORMALISE) continue;
        const int64_t pixels = er_limit_pixels(&m->limit, node->from[0]);
        node->variances_at = at;
        at += pixels;
        if (node->map.form == ER_KERNEL_NORMALISE || !node->map.dual->width) continue;
        node->tables_at = m->limit.table_block;
        m->limit.table_block += pixels * node->map.dual->width;
    }
    m->limit.point_block = at + 2;
    struct er_error err = {0};
    return er_slices_new(&m->limit, ER_SLICE_STORED, &m->limit.slices, &err) == ER_OK;
}
