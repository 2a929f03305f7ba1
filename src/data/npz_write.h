/* npz_write.h - matrices and vectors as NumPy's zip of .npy members, written row after row: never in memory as a whole.
 *
 * Members are stored, not compressed, NAME.npy each, `<f8` in C order; a member or a file beyond 4 GiB has the zip64 fields
 * that NumPy reads. The same numbers give the same bytes.
 */
#ifndef ERMINE_DATA_NPZ_WRITE_H
#define ERMINE_DATA_NPZ_WRITE_H

#include <ermine/progress.h>

struct er_npz_matrix {
    const char *name; /* letters, digits and _ */
    int64_t rows, columns;
    void (*read)(void *ctx, int64_t from, int64_t rows, double *out); /* rows x columns to out */
    void *ctx;
    int64_t together; /* rows that are read at a time: > 0 */
    bool flat;        /* of one column: the array has the shape (rows,) */
};

/* Writes a file as er_file_write() does: whole or not at all. ER_E_STOPPED, ER_E_NOMEM (rows read together), ER_E_FULL,
 * ER_E_IO. */
enum er_status er_npz_write(const char *path, const struct er_npz_matrix *matrix, int64_t n,
                            const struct er_progress *progress, struct er_error *err);

/* Bytes of the file, to a few hundred. */
double er_npz_bytes(const struct er_npz_matrix *matrix, int64_t n);

#endif
