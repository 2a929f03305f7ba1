/* idx.h - IDX files checked as a whole and turned into examples a few at a time. */
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

/* The examples chosen[0..k-1], each in 0..n-1, in that order; NULL: the first k. ER_E_NOMEM. */
enum er_status er_idx_take(const struct er_idx *idx, const int64_t *chosen, int64_t k, struct er_dataset *out,
                           struct er_error *err);

#endif
