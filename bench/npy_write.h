/* npy_write.h - arrays as .npy files of version 1.0, for programs that hand what they did to NumPy.
 *
 * Source: NumPy enhancement proposal 1 (the npy format). Little-endian machines only, C order.
 */
#ifndef ERMINE_BENCH_NPY_WRITE_H
#define ERMINE_BENCH_NPY_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { NPY_RANK = 4, NPY_HEADER = 128 }; /* the whole header: a multiple of 64, as the format asks */

/* Writes FOLDER/NAME.npy; `type` is NumPy's: "<f4", "<f8" or "<i4". False after a message on stderr. */
static inline bool npy_write(const char *folder, const char *name, const char *type, int rank,
                             const int64_t dim[NPY_RANK], const void *value)
{
    char path[4096], shape[128] = "", text[NPY_HEADER + 1];
    size_t count = 1, used = 0;
    for (int i = 0; i < rank; i++) {
        count *= (size_t)dim[i];
        used += (size_t)snprintf(shape + used, sizeof shape - used, "%lld,", (long long)dim[i]);
    }
    const int head =
        snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", type, shape);
    const int room = NPY_HEADER - 10; /* magic, version, and the length of what follows */
    if (head < 0 || head >= room) return fprintf(stderr, "%s: too many dimensions\n", name), false;
    memset(text + head, ' ', (size_t)(room - head));
    text[room - 1] = '\n';
    snprintf(path, sizeof path, "%s/%s.npy", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) return perror(path), false;
    const size_t size = (size_t)(type[2] - '0');
    bool written = fwrite("\x93NUMPY\x01\x00", 1, 8, file) == 8;
    written = fputc(room, file) != EOF && fputc(0, file) != EOF && written;
    written = fwrite(text, 1, (size_t)room, file) == (size_t)room && written;
    written = fwrite(value, size, count, file) == count && written;
    written = fclose(file) == 0 && written;
    if (!written) perror(path);
    return written;
}

#endif
