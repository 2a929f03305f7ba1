/* rows.h - passes over a matrix of rows (rows x columns, row-major, without gaps) that layers share. Element
 * by element, in an order that depends on shapes alone: the same bits at every vector width. */
#ifndef ERMINE_NET_ROWS_H
#define ERMINE_NET_ROWS_H

#include <stdint.h>

/* v[i] *= factor; nothing to do for 1. */
void er_rows_scale(int64_t n, float factor, float *v);

/* y[r, :] = factor b[:] */
void er_rows_fill(int64_t rows, int64_t columns, float factor, const float *b, float *y);

/* y[r, :] += factor b[:] */
void er_rows_add(int64_t rows, int64_t columns, float factor, const float *b, float *y);

/* y[r, :] = (factor a[r]) b[:] */
void er_rows_outer(int64_t rows, int64_t columns, float factor, const float *a, const float *b, float *y);

/* sum[:] += factor sum_r y[r, :], in an order that depends on the shape alone. */
void er_rows_sum(int64_t rows, int64_t columns, float factor, const float *y, float *sum);

/* to[i] += from[i] */
void er_rows_accumulate(int64_t n, const float *from, float *to);

#endif
