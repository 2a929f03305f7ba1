/* npy_file.c - pieces of the file, each turned into doubles where they belong. */
#include "data/npy_file.h"

#include "core/file.h"

#include <ermine/memory.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 17 }; /* values */

/* Exactly n bytes from `at` on. */
static enum er_status read_at(const struct er_npy_file *file, void *out, size_t n, size_t at,
                              struct er_error *err)
{
    char *to = out;
    while (n > 0) {
        const ssize_t got = pread(file->fd, to, n, (off_t)at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return er_fail_errno(err, errno, file->path, "cannot read");
        if (got == 0) return er_fail(err, ER_E_INPUT, "%s has become shorter", file->path);
        to += got;
        at += (size_t)got;
        n -= (size_t)got;
    }
    return ER_OK;
}

static enum er_status read_front(struct er_npy_file *file, size_t size, struct er_error *err)
{
    const size_t n = size < ER_NPY_FRONT ? size : ER_NPY_FRONT;
    unsigned char *bytes = er_alloc((int64_t)n, 1);
    if (!bytes) return er_fail(err, ER_E_NOMEM, "%s: out of memory", file->path);
    enum er_status status = read_at(file, bytes, n, 0, err);
    if (status == ER_OK) {
        status = er_npy_front_read(bytes, n, &file->front, err);
        if (status == ER_OK) status = er_npy_front_check(&file->front, size - file->front.at, err);
        if (status != ER_OK) er_error_place(err, file->path, 0, 0);
    }
    er_free(bytes);
    return status;
}

enum er_status er_npy_file_open(const char *path, struct er_npy_file *out, struct er_error *err)
{
    struct stat st;
    struct er_npy_file file = {.path = path};
    file.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* else a pipe without a writer waits for one */
    if (file.fd < 0) return er_fail_errno(err, errno, path, "cannot read");
    enum er_status status = ER_OK;
    if (fstat(file.fd, &st) != 0 || !S_ISREG(st.st_mode))
        status = er_fail(err, ER_E_INPUT,
                         "cannot read %s: it is not a regular file but a pipe, a device or a folder", path);
    if (status == ER_OK) status = read_front(&file, (size_t)st.st_size, err);
    if (status == ER_OK)
        *out = file;
    else
        er_npy_file_close(&file);
    return status;
}

void er_npy_file_close(struct er_npy_file *file)
{
    if (file->fd >= 0) close(file->fd);
    file->fd = -1;
}

struct er_array er_npy_file_shape(const struct er_npy_file *file)
{
    struct er_array shape = {.rank = file->front.rank};
    memcpy(shape.dim, file->front.dim, sizeof shape.dim);
    return shape;
}

/* They are in the file as they are in memory. */
static bool as_in_memory(const struct er_npy_front *f)
{
    return f->kind == 'f' && f->bytes == sizeof(double) && !f->fortran &&
           f->big_endian == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static enum er_status read_values(const struct er_npy_file *file, double *out, struct er_error *err)
{
    const struct er_npy_front *front = &file->front;
    if (as_in_memory(front)) return read_at(file, out, (size_t)front->need, front->at, err);
    struct er_npy_values values = er_npy_values_open(front, out);
    unsigned char *piece = er_alloc(PIECE, (size_t)front->bytes);
    enum er_status status = piece ? ER_OK : er_fail(err, ER_E_NOMEM, "%s: out of memory", file->path);
    while (status == ER_OK && values.done < front->count) {
        const int64_t left = front->count - values.done, n = left < PIECE ? left : PIECE;
        status = read_at(file, piece, (size_t)(n * front->bytes),
                         front->at + (size_t)(values.done * front->bytes), err);
        if (status == ER_OK) er_npy_values_read(&values, piece, n);
    }
    er_free(piece);
    return status;
}

enum er_status er_npy_file_read(const struct er_npy_file *file, struct er_array *out, struct er_error *err)
{
    struct er_array array = er_npy_file_shape(file);
    array.value = er_alloc(file->front.count, sizeof *array.value);
    if (!array.value)
        return er_fail(err, ER_E_NOMEM, "%s: out of memory for %" PRId64 " values", file->path,
                       file->front.count);
    const enum er_status status = read_values(file, array.value, err);
    if (status == ER_OK)
        *out = array;
    else
        er_array_clear(&array);
    return status;
}
