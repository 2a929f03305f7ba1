/* source.h - where the examples of a specification come from: a named set or a file (generator.h is the
 * third). */
#ifndef ERMINE_DATA_SOURCE_H
#define ERMINE_DATA_SOURCE_H

#include "data/catalogue.h"
#include "data/only.h"
#include "data/parts.h"

#include <sodium.h>

/* Refuses what er_data_open() refuses without reading anything: ER_E_USAGE, and ER_E_NOT_FOUND for a name
 * that nothing has. */
enum er_status er_data_spec_check(const struct er_data_spec *spec, struct er_error *err);

/* spec->file, or where it isn't there, the first FOLDER/within of a place that is, in `path`; for its errors, the file
 * when neither is. */
enum { ER_PLACE_PATH = 4096 };
const char *er_data_file_path(const struct er_data_spec *spec, const struct er_data_places *places,
                              char path[ER_PLACE_PATH]);

/* The hexadecimal text of a finished hash. */
void er_hash_text(crypto_hash_sha256_state *hash, char hex[ER_SHA256_HEX]);

/* The subset of a named set that a specification asks for, and the checksum of the whole. */
enum er_status er_set_take(const struct er_set *set, const struct er_data_spec *spec,
                           const struct er_only *only, const struct er_data_places *places,
                           struct er_parts *out, char hex[ER_SHA256_HEX], struct er_error *err);

/* The checksum alone. */
enum er_status er_set_checksum(const struct er_set *set, const struct er_data_places *places,
                               char hex[ER_SHA256_HEX], struct er_error *err);

/* The same of spec->file; *only becomes what spec->only says of its classes. */
enum er_status er_table_take(const struct er_data_spec *spec, struct er_only *only, struct er_parts *out,
                             char hex[ER_SHA256_HEX], struct er_error *err);
/* A user's file, unpacked, and its checksum; *bytes is freed by er_free(). */
enum er_status er_table_bytes(const char *path, unsigned char **bytes, size_t *n, char hex[ER_SHA256_HEX],
                              struct er_error *err);

/* How many of its n rows go into each part. ER_E_USAGE. */
enum er_status er_table_sizes(const struct er_data_spec *spec, int64_t n, int64_t size[2],
                              struct er_error *err);

enum er_status er_table_checksum(const char *path, char hex[ER_SHA256_HEX], struct er_error *err);

#endif
