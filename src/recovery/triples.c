/* triples.c - some entries of many, sorted. */
#include "recovery/triples.h"

#include <ermine/memory.h>
#include <inttypes.h>

enum er_status er_triples_take(const struct er_triples *from, int64_t rows, int64_t columns, int64_t n,
                               const int64_t *which, struct er_sparse *out, struct er_error *err)
{
    int32_t *row = er_alloc(n, sizeof *row), *column = er_alloc(n, sizeof *column);
    double *value = er_alloc(n, sizeof *value);
    enum er_status status = ER_OK;
    if (row && column && value) {
        for (int64_t k = 0; k < n; k++) {
            row[k] = from->row[which[k]];
            column[k] = from->column[which[k]];
            value[k] = from->value[which[k]];
        }
        status = er_sparse_new(rows, columns, n, row, column, value, out, err);
    } else {
        status = er_fail(err, ER_E_NOMEM, "matrix recovery: out of memory for %" PRId64 " entries", n);
    }
    er_free(row);
    er_free(column);
    er_free(value);
    return status;
}
