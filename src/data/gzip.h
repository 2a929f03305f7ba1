/* gzip.h - unpacking gzip from memory. */
#ifndef ERMINE_DATA_GZIP_H
#define ERMINE_DATA_GZIP_H

#include <ermine/status.h>
#include <stdbool.h>

/* The bytes begin as a gzip member does (RFC 1952: 1f 8b). */
bool er_gzip_is(const unsigned char *bytes, size_t n);

/* Unpacks all members, one behind the other, as gzip(1) does; freed by er_free(), with a NUL behind the bytes
 * that is not counted. Zero bytes behind the last member are padding and ignored, anything else there is
 * ER_E_INPUT, as are a truncated stream and a wrong checksum (with the byte offset). ER_E_LIMIT as soon as
 * more than `limit` bytes have come out; memory never exceeds a small multiple of what has. ER_E_NOMEM. */
enum er_status er_gzip_unpack(const unsigned char *bytes, size_t n, size_t limit, unsigned char **out,
                              size_t *length, struct er_error *err);

#endif
