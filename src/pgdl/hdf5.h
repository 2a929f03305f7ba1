/* hdf5.h - what is read of HDF5 files: groups, lists of names, arrays of floats. The library is known to this file only.
 *
 * A file is its bytes in memory. Links are followed only where they are plain ones into the same file; arrays are read
 * only when they lie in it uncompressed, have the shape that is asked for, and are floats.
 *
 * The library keeps global state and is not built for threads: from er_hdf5_open() to er_hdf5_close() a thread has it to
 * itself, and others wait.
 */
#ifndef ERMINE_PGDL_HDF5_H
#define ERMINE_PGDL_HDF5_H

#include <ermine/memory.h>

struct er_hdf5;

/* Opens the bytes, which are copied. ER_E_INPUT, ER_E_NOMEM. `file` is borrowed, for messages. */
enum er_status er_hdf5_open(const char *file, const void *bytes, size_t n, struct er_hdf5 **out,
                            struct er_error *err);
void er_hdf5_close(struct er_hdf5 *file);

/* Whether a path of groups leads somewhere, by plain links. */
bool er_hdf5_has(const struct er_hdf5 *file, const char *path);

/* The texts of an attribute of a group, in one list; a list that Keras has cut into NAME0, NAME1, ... is put together. Texts
 * live in the arena. ER_E_INPUT where there is none, ER_E_LIMIT, ER_E_NOMEM. */
enum er_status er_hdf5_names(const struct er_hdf5 *file, const char *group, const char *attribute,
                             struct er_arena *arena, const char ***out, int64_t *n, struct er_error *err);

/* The values of an array, row-major. ER_E_INPUT (no such array), ER_E_SHAPE with both shapes, ER_E_UNSUPPORTED, ER_E_IO. */
enum er_status er_hdf5_floats(const struct er_hdf5 *file, const char *path, int rank, const int64_t dim[],
                              float *out, struct er_error *err);

#endif
