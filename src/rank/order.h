/* order.h - orders of points by numbers and by levels. */
#ifndef ERMINE_RANK_ORDER_H
#define ERMINE_RANK_ORDER_H

#include <ermine/status.h>

/* A number and where it stood. */
struct er_rank_entry {
    double value;
    int64_t index;
};

/* Sorts by value, equal ones by index. */
void er_rank_sort(int64_t n, struct er_rank_entry *entry);

/* Points 0 .. n-1 by a value of each, none NaN: order[i] is the i-th, from[p] and to[p] are the places [from, to) of all
 * points with the value of point p. `work` is n entries. */
void er_rank_order(int64_t n, const double *value, struct er_rank_entry *work, int32_t *order, int32_t *from,
                   int32_t *to);

/* Reorders `order` (n indices) by level[index * stride], 0 .. levels - 1, keeping the order of equal ones. `work` is n indices,
 * `count` is levels + 1 numbers. */
void er_rank_order_levels(int64_t n, const int32_t *level, int64_t stride, int64_t levels, int32_t *order,
                          int32_t *work, int64_t *count);

#endif
