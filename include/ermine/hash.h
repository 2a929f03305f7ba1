/* <ermine/hash.h> - SHA-256 (FIPS 180-4) of bytes and files, for run keys and checksums of data.
 */
#ifndef ERMINE_HASH_H
#define ERMINE_HASH_H

#include <ermine/status.h>

enum { ER_SHA256_HEX = 65 }; /* 64 lower-case hexadecimal digits and a NUL */

/** The hash of `n` bytes as text. */
ER_API void er_sha256(const void *bytes, size_t n, char hex[ER_SHA256_HEX]);

/** The hash of a file's bytes. ER_E_NOT_FOUND, ER_E_IO. Cost: one read of the file, 64 KiB of memory. */
ER_API enum er_status er_sha256_file(const char *path, char hex[ER_SHA256_HEX], struct er_error *err);

#endif
