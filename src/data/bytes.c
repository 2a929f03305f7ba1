/* bytes.c - the bytes of a file, unpacked when it is gzip. */
#include "core/file.h"
#include "data/gzip.h"

#include <ermine/data.h>
#include <ermine/memory.h>

/* A gzip file of incompressible bytes is a little larger than what is in it: 5 bytes in every block of 16 KiB
 * and a header of any length. */
static size_t packed_limit(size_t limit)
{
    const size_t more = limit / 1024 + 65536;
    return limit < SIZE_MAX - more ? limit + more : SIZE_MAX;
}

enum er_status er_data_bytes(const char *path, size_t limit, unsigned char **out, size_t *n,
                             struct er_error *err)
{
    char *raw;
    size_t length;
    enum er_status status = er_file_read(path, packed_limit(limit), &raw, &length, err);
    if (status != ER_OK) return status;
    unsigned char *bytes = (unsigned char *)raw;
    if (er_gzip_is(bytes, length)) {
        unsigned char *unpacked;
        status = er_gzip_unpack(bytes, length, limit, &unpacked, &length, err);
        er_free(bytes);
        bytes = unpacked;
    } else if (length > limit) {
        er_free(bytes);
        status = er_fail(err, ER_E_LIMIT, "%zu bytes are more than the limit of %zu", length, limit);
    }
    if (status != ER_OK) {
        er_error_place(err, path, 0, 0);
        return status;
    }
    *out = bytes;
    *n = length;
    return ER_OK;
}
