/* part.h - one part (training or test) of a named set, kept as the bytes of its files where that is smaller.
 *
 * A study takes a few thousand of 60,000 images: only those become floats (er_part_take), so memory is the
 * raw bytes and the subset. Records are numbered from 0 through all files of the part.
 */
#ifndef ERMINE_DATA_PART_H
#define ERMINE_DATA_PART_H

#include "data/catalogue.h"
#include "data/cifar.h"
#include "data/idx.h"

struct er_part {
    const struct er_set *set;
    int64_t n; /* records */
    int64_t n_files;
    unsigned char **bytes; /* of each file */
    size_t *size;
    struct er_idx idx;       /* of the two files, when IDX */
    struct er_cifar *batch;  /* of each file, when CIFAR */
    struct er_dataset whole; /* parsed at once, when CSV */
};

/* Reads the parts of a set one after the other, 0 (training) and 1 (test), and lets each go before the next
 * is read: `visit` sees it in between. `hex` becomes the checksum of all files. Errors of the readers, placed
 * at the file, and of `visit`; ER_E_INPUT when examples are not of the set's shape. */
typedef enum er_status er_part_visit(void *ctx, int which, const struct er_part *part, struct er_error *err);
enum er_status er_part_each(const struct er_set *set, const struct er_set_paths *paths, er_part_visit *visit,
                            void *ctx, char hex[ER_SHA256_HEX], struct er_error *err);

/* The labels of all records, n values. */
void er_part_labels(const struct er_part *part, int32_t *label);

/* The chosen k records, in that order. ER_E_NOMEM. */
enum er_status er_part_take(const struct er_part *part, const int64_t *chosen, int64_t k,
                            struct er_dataset *out, struct er_error *err);

#endif
