/* idx.h - IDX files checked as a whole and read example by example. */
#ifndef ERMINE_DATA_IDX_H
#define ERMINE_DATA_IDX_H

#include <ermine/data.h>

/* A set as the bytes of its two files, which it borrows. */
struct er_idx {
    int64_t n, classes;
    struct er_shape shape;
    const unsigned char *pixel, *label; /* n x rows x columns, n */
};

/* Checks headers, lengths and every label, as er_idx_parse() does. */
enum er_status er_idx_open(const unsigned char *images, size_t n_images, const unsigned char *labels,
                           size_t n_labels, int64_t classes, struct er_idx *out, struct er_error *err);

/* Writes the pixels of example i, in 0..n-1, to x. */
void er_idx_read(const struct er_idx *idx, int64_t i, float *x);

#endif
