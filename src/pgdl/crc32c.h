/* crc32c.h - the checksum of TensorFlow's records.
 *
 *     CRC-32C    polynomial 0x1EDC6F41, reflected, from all ones, complemented at the end
 *     masked     (crc rotated right by 15) + 0xa282ead8, modulo 2^32
 *
 * Sources: Castagnoli et al., IEEE Transactions on Communications 1993; the mask: tensorflow/core/lib/hash/crc32c.h.
 */
#ifndef ERMINE_PGDL_CRC32C_H
#define ERMINE_PGDL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Of n bytes. Some GB/s where the processor has the instruction (SSE 4.2), else about 0.3. */
uint32_t er_crc32c(const void *bytes, size_t n);

/* The same by the definition alone. */
uint32_t er_crc32c_plain(const void *bytes, size_t n);

uint32_t er_crc32c_masked(const void *bytes, size_t n);

#endif
