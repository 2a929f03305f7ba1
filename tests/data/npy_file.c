/* Arrays read from files piece by piece: what er_npy_parse() makes of the same bytes in memory, whatever their type and order;
 * and files that are not, or no longer, what their headers say. */
#include "t.h"

#include "core/file.h"
#include "data/npy_file.h"
#include "support/needed.h"
#include "support/scratch.h"

#include <ermine/data.h>
#include <unistd.h>

enum { FRONT = 128, VALUES = 900000 }; /* several pieces */

static struct er_error err;

/* VALUES values of `size` bytes, of all kinds but for NaN; freed by er_free(). */
static unsigned char *made(const char *header, size_t size, size_t *n)
{
    *n = FRONT + VALUES * size;
    unsigned char *bytes = needed((int64_t)*n, 1);
    memcpy(bytes, "\x93NUMPY\x01\0v", 10);
    memset(bytes + 10, ' ', FRONT - 11);
    for (size_t i = 0; header[i]; i++) bytes[10 + i] = (unsigned char)header[i];
    bytes[FRONT - 1] = '\n';
    for (size_t i = FRONT; i < *n; i++) bytes[i] = (unsigned char)(i * 2654435761U >> 13 & 63);
    return bytes;
}

static void written(const char *path, const unsigned char *bytes, size_t n)
{
    if (er_file_write(path, bytes, n, NULL) != ER_OK) abort();
}

static bool same(const double *a, const double *b, int64_t n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void same_as_in_memory(const char *path, const char *header, size_t size)
{
    size_t n;
    unsigned char *bytes = made(header, size, &n);
    struct er_npy_file file;
    struct er_array a = {0}, b = {0};
    written(path, bytes, n);
    T_STATUS(er_npy_parse(bytes, n, &a, &err), ER_OK, "in memory");
    T_STATUS(er_npy_file_open(path, &file, &err), ER_OK, "%s", header);
    const struct er_array shape = er_npy_file_shape(&file);
    T_STATUS(er_npy_file_read(&file, &b, &err), ER_OK, "its values");
    er_npy_file_close(&file);
    T_OK(shape.rank == a.rank && memcmp(shape.dim, a.dim, sizeof a.dim) == 0, "the shape, before");
    T_OK(b.rank == a.rank && memcmp(b.dim, a.dim, sizeof a.dim) == 0, "and after");
    T_OK(same(a.value, b.value, VALUES), "the values");
    er_array_clear(&a);
    er_array_clear(&b);
    er_free(bytes);
}

static void cut(const char *path)
{
    size_t n;
    unsigned char *bytes = made("{'descr': '|u1', 'fortran_order': True, 'shape': (300000, 3), }", 1, &n);
    struct er_npy_file file;
    struct er_array a = {.rank = -7};
    written(path, bytes, n);
    T_ALLOCATIONS(er_npy_file_open(path, &file, NULL), er_npy_file_close(&file), "a header");
    T_STATUS(er_npy_file_open(path, &file, &err), ER_OK, "opened");
    T_ALLOCATIONS(er_npy_file_read(&file, &a, NULL), er_array_clear(&a), "values");
    if (truncate(path, 1000) != 0) abort();
    a.rank = -7;
    T_STATUS(er_npy_file_read(&file, &a, &err), ER_E_INPUT, "cut meanwhile");
    T_OK(strstr(err.msg, "has become shorter") != NULL, "is said: %s", err.msg);
    T_EQ_INT(a.rank, -7, "untouched on failure");
    er_npy_file_close(&file);
    T_STATUS(er_npy_file_open(path, &file, &err), ER_E_INPUT, "cut before");
    T_OK(strstr(err.msg, "needs 900000 bytes, behind the header are 872") != NULL, "is said: %s", err.msg);
    er_free(bytes);
}

int main(void)
{
    char folder[64], path[96];
    struct er_npy_file file;
    if (!scratch_make(folder)) return 1;
    snprintf(path, sizeof path, "%s/x.npy", folder);
    same_as_in_memory(path, "{'descr': '<f8', 'fortran_order': False, 'shape': (300000, 3), }", 8);
    same_as_in_memory(path, "{'descr': '>f4', 'fortran_order': False, 'shape': (900000,), }", 4);
    same_as_in_memory(path, "{'descr': '<u2', 'fortran_order': True, 'shape': (3000, 100, 3), }", 2);
    cut(path);
    T_STATUS(er_npy_file_open("/dev/zero", &file, &err), ER_E_INPUT, "a device");
    T_STATUS(er_npy_file_open("/nowhere/x.npy", &file, &err), ER_E_NOT_FOUND, "nothing");
    scratch_remove(folder);
    return t_done();
}
