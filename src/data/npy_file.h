/* npy_file.h - an array file whose header is read first: what its values take is known before they are read, and they are
 * read straight into their array, never the file beside it.
 */
#ifndef ERMINE_DATA_NPY_FILE_H
#define ERMINE_DATA_NPY_FILE_H

#include "data/npy_front.h"

struct er_npy_file {
    const char *path; /* borrowed */
    int fd;
    struct er_npy_front front;
};

/* Opens a regular file, and reads its header. ER_E_NOT_FOUND, ER_E_IO; ER_E_INPUT (also anything but a regular file) and
 * ER_E_LIMIT as er_npy_parse(). Messages have the path. */
enum er_status er_npy_file_open(const char *path, struct er_npy_file *out, struct er_error *err);

/* Closes it; also one that was never opened, {.fd = -1}, or is closed. */
void er_npy_file_close(struct er_npy_file *file);

/* Rank and dimensions, without values. */
struct er_array er_npy_file_shape(const struct er_npy_file *file);

/* Its values. ER_E_NOMEM, ER_E_IO, ER_E_INPUT (it has become shorter). Memory: the result and a megabyte. */
enum er_status er_npy_file_read(const struct er_npy_file *file, struct er_array *out, struct er_error *err);

#endif
