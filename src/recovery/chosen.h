/* chosen.h - some of the entries of a matrix, by their numbers. */
#ifndef ERMINE_RECOVERY_CHOSEN_H
#define ERMINE_RECOVERY_CHOSEN_H

#include <ermine/recovery.h>

/* Entries in any order. */
struct er_triples {
    int64_t rows, columns;
    const int32_t *row, *column;
    const double *value;
};

/* Entries which[0..n). Errors of er_sparse_new(). */
enum er_status er_sparse_chosen(const struct er_triples *from, int64_t n, const int64_t *which,
                                struct er_sparse *out, struct er_error *err);

#endif
