/* made_limit.h - programs of infinite width that are put together by hand, node by node: forms of maps, displacements and
 * branches that no model text has yet.
 */
#ifndef ERMINE_TESTS_MADE_LIMIT_H
#define ERMINE_TESTS_MADE_LIMIT_H

#include "limit/slice_plan.h"

#include <stdbool.h>

enum { MADE_NODES = 24 };

struct made_limit {
    struct er_limit limit;
    struct er_net net;
    struct er_limit_node node[MADE_NODES];
    int64_t from[MADE_NODES][2];
    struct er_layer layer[MADE_NODES];
    struct er_shape branch[MADE_NODES][2];
};

/* Nodes are added behind the last one, unless they say `from` (-1: the data). Windows and dense layers have weights and
 * parameterisation of their own. A join's branches have 2 and 6 channels. */
void made_start(struct made_limit *m, int64_t height, int64_t width, int64_t channels);
/* two < -1: it has one input. */
struct er_kernel_map *made_add(struct made_limit *m, enum er_kernel_form form, int64_t one, int64_t two);
int64_t made_last(const struct made_limit *m);
void made_windows(struct made_limit *m, enum er_kernel_form form, int64_t from, int64_t rows, int64_t columns,
                  int64_t stride, int64_t dilation, enum er_padding padding);
void made_conv(struct made_limit *m, int64_t size, int64_t stride, enum er_padding padding);
void made_pool(struct made_limit *m, int64_t size, int64_t stride, enum er_padding padding, bool counts);
void made_relu(struct made_limit *m, const struct er_dual *dual);
/* conv and a plain relu (oracles/limit_pixels.h). */
void made_layer(struct made_limit *m, int64_t size);
void made_dense(struct made_limit *m, int64_t from);
void made_global_mean(struct made_limit *m);
/* Lays out the points' blocks and plans; slices are freed by er_slices_free(). */
bool made_finish(struct made_limit *m);

#endif
