/* unpack.h - the files of a set out of its archive. */
#ifndef ERMINE_DATA_UNPACK_H
#define ERMINE_DATA_UNPACK_H

#include "data/catalogue.h"

/* Writes the set's files, found in the archive at `path` (zip, or tar, plain or gzip), into `folder`, each by rename
 * and only when its length, its checksum where one is pinned, and all of its labels are right. Nothing else in the archive is written.
 * ER_E_CHECKSUM for an archive that isn't the set's, ER_E_LIMIT, ER_E_IO, ER_E_FULL, ER_E_NOMEM,
 * ER_E_STOPPED. */
enum er_status er_unpack(const struct er_set *set, const char *path, const char *folder,
                         const struct er_progress *progress, struct er_error *err);

/* True when the bytes are what `file` of the set must hold. */
bool er_unpacked_right(const struct er_set *set, const struct er_set_file *file, const unsigned char *bytes,
                       size_t n, struct er_error *err);

#endif
