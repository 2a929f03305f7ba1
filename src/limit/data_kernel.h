/* data_kernel.h - the kernel of the data of a tile of pairs, before any layer: k[i,j] = x_i y_j / D. */
#ifndef ERMINE_LIMIT_DATA_KERNEL_H
#define ERMINE_LIMIT_DATA_KERNEL_H

#include <stdint.h>

enum { ER_DATA_KERNEL_MOST = 128, ER_DATA_KERNEL_SCRATCH = 256 * ER_DATA_KERNEL_MOST };

/* rows x columns <= MOST x MOST points of d values, one point after the other; k's rows are MOST apart, and what is behind the
 * last of them may be overwritten. scratch: ER_DATA_KERNEL_SCRATCH doubles, aligned as k to ER_ALIGN.
 *
 * Where the machine has AVX-512 an entry depends on its two points alone, and is the same with them exchanged; elsewhere it
 * is BLAS's. */
void er_data_kernel(int64_t rows, int64_t columns, int64_t d, const double *x, const double *y, double *k,
                    double *scratch);

#endif
