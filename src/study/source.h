/* source.h - checksums of data, remembered by the files' names, sizes and times.
 */
#ifndef ERMINE_STUDY_SOURCE_H
#define ERMINE_STUDY_SOURCE_H

#include <ermine/store.h>

/* er_data_checksum(), without unpacking and hashing again files that have not changed since the store saw
 * them. */
enum er_status er_source_checksum(struct er_store *store, const struct er_data_spec *spec,
                                  const struct er_data_places *places, char hex[ER_SHA256_HEX],
                                  struct er_error *err);

#endif
