/* order.c - orders of points, by sorting and by counting. */
#include "rank/order.h"

#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b)
{
    const struct er_rank_entry *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

void er_rank_sort(int64_t n, struct er_rank_entry *entry)
{
    if (n > 0) qsort(entry, (size_t)n, sizeof *entry, by_value);
}

void er_rank_order(int64_t n, const double *value, struct er_rank_entry *work, int32_t *order, int32_t *from,
                   int32_t *to)
{
    for (int64_t i = 0; i < n; i++) work[i] = (struct er_rank_entry){value[i], i};
    er_rank_sort(n, work);
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && work[end].value == work[i].value;) end++;
        for (int64_t j = i; j < end; j++) {
            order[j] = (int32_t)work[j].index;
            from[work[j].index] = (int32_t)i;
            to[work[j].index] = (int32_t)end;
        }
    }
}

void er_rank_order_levels(int64_t n, const int32_t *level, int64_t stride, int64_t levels, int32_t *order,
                          int32_t *work, int64_t *count)
{
    memset(count, 0, (size_t)(levels + 1) * sizeof *count);
    for (int64_t i = 0; i < n; i++) count[level[order[i] * stride] + 1]++;
    for (int64_t l = 0; l < levels; l++) count[l + 1] += count[l];
    for (int64_t i = 0; i < n; i++) work[count[level[order[i] * stride]]++] = order[i];
    memcpy(order, work, (size_t)n * sizeof *order);
}
