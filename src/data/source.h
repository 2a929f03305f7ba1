/* source.h - where the examples of a specification come from: a named set, a file, or a generator.
 */
#ifndef ERMINE_DATA_SOURCE_H
#define ERMINE_DATA_SOURCE_H

#include "data/catalogue.h"
#include "data/parts.h"

#include <sodium.h>

/* The hexadecimal text of a hash. */
void er_hash_text(crypto_hash_sha256_state *hash, char hex[ER_SHA256_HEX]);

/* The subset of a named set that a specification asks for, and the checksum of the whole. */
enum er_status er_set_take(const struct er_set *set, const struct er_data_spec *spec,
                           const struct er_data_places *places, struct er_parts *out, char hex[ER_SHA256_HEX],
                           struct er_error *err);

#endif
