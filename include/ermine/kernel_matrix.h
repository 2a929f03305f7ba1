/* <ermine/kernel_matrix.h> - a symmetric matrix that is read in blocks: in memory, or in a file larger than memory. */
#ifndef ERMINE_KERNEL_MATRIX_H
#define ERMINE_KERNEL_MATRIX_H

#include <ermine/status.h>

/* Of n x n entries:
 *
 *     (struct er_kernel_matrix){.n = n, .entries = k}      in memory, row-major, of which no copy is made
 *     er_gram_file_matrix()                                in a work file (<ermine/gram_file.h>)
 *
 * or through any `read`. What is borrowed must outlive the matrix. */
struct er_kernel_matrix {
    int64_t n;
    const double *entries; /* n x n, or NULL: then `read` is called */

    /* Writes entries row..row+rows, column..column+columns to out (rows x columns). Called by several threads at once; a pass
     * asks for each entry below the diagonal once, and for none above but in squares of 64 on it. Where an entry can't be
     * read, NaN is written: whatever uses the matrix then ends with ER_E_NONFINITE. */
    void (*read)(const void *ctx, int64_t row, int64_t rows, int64_t column, int64_t columns, double *out);
    const void *ctx;
};

#endif
