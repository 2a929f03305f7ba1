/* tfrecord.h - TensorFlow's records: a file of blocks of bytes with checksums.
 *
 *     record = length (8 bytes) | masked CRC-32C of these (4) | bytes | masked CRC-32C of the bytes (4)
 *
 * all little-endian, one after the other to the file's end. Source: tensorflow/core/lib/io/record_writer.h.
 */
#ifndef ERMINE_PGDL_TFRECORD_H
#define ERMINE_PGDL_TFRECORD_H

#include "pgdl/wire.h"

#include <ermine/status.h>

struct er_tfrecords {
    const unsigned char *bytes; /* borrowed */
    size_t n, at;
    int64_t record; /* so many were read */
};

/* The next record, checked. *out points into the bytes; *more is false at the end. ER_E_INPUT names the record (from 1), the
 * byte, and what is wrong. */
enum er_status er_tfrecord_next(struct er_tfrecords *file, struct er_wire *out, bool *more,
                                struct er_error *err);

/* The number of records by their lengths alone, without checksums: at most one for each 16 bytes. ER_E_INPUT. */
enum er_status er_tfrecord_count(const unsigned char *bytes, size_t n, int64_t *out, struct er_error *err);

#endif
