/* triples.h - entries of a matrix as they come: row, column, value of each. */
#ifndef ERMINE_RECOVERY_TRIPLES_H
#define ERMINE_RECOVERY_TRIPLES_H

#include <ermine/recovery.h>

struct er_triples {
    const int32_t *row, *column;
    const double *value;
};

/* Entries which[0] .. which[n - 1] of them, sorted. Errors and `out` are er_sparse_new()'s; 16 n bytes beside
 * what that takes. */
enum er_status er_triples_take(const struct er_triples *from, int64_t rows, int64_t columns, int64_t n,
                               const int64_t *which, struct er_sparse *out, struct er_error *err);

#endif
