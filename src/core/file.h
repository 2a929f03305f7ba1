/* file.h - whole files in, whole files out.
 *
 * A file is written beside its place under a temporary name, flushed to the disk, and renamed over its place:
 * an interrupted or failed write leaves the old file or none, never a part.
 */
#ifndef ERMINE_CORE_FILE_H
#define ERMINE_CORE_FILE_H

#include <ermine/status.h>
#include <stdbool.h>
#include <stdio.h>

/* All bytes of `path`, with a NUL behind them that is not counted; freed by er_free(). What stat() says of
 * its length is not believed: pipes, devices and files of /proc are read to their end or the limit as well,
 * which for them is ER_FILE_STREAM_MOST at most.
 * ER_E_NOT_FOUND, ER_E_INPUT of a folder, ER_E_IO, ER_E_NOMEM, ER_E_LIMIT when it is longer than `limit` bytes. A file whose length
 * by stat() is beyond the limit, or large and beyond er_memory_available(), is refused before it is read.
 * Memory: the file's length, and for a stream at most about three times what is read. */
enum { ER_FILE_STREAM_MOST = 1 << 28 };
enum er_status er_file_read(const char *path, size_t limit, char **out, size_t *length, struct er_error *err);

/* The same of a regular file, or of a link to one. Anything else is ER_E_INPUT at once: a pipe that nobody writes
 * to would keep the caller for ever, deaf to signals. */
enum er_status er_file_read_regular(const char *path, size_t limit, char **out, size_t *length,
                                    struct er_error *err);

/* The first bytes of a regular file, at most n of them (*got), and its length (*size): a reader of large
 * files looks at these before it asks for the rest. False for anything else, which is left alone. */
bool er_file_front(const char *path, unsigned char *out, size_t n, size_t *got, size_t *size);

/* Writes `length` bytes to `path` as above; a symbolic link that leads to a file stays and the file is
 * replaced, one that leads nowhere is replaced itself; a device or a pipe is written straight. ER_E_IO,
 * ER_E_FULL (disk or quota full), ER_E_NOT_FOUND (no such directory); the message names the path and the
 * system's reason. Permissions are 0666 less the umask. Two writers of one path: one of the two files, whole.
 */
enum er_status er_file_write(const char *path, const void *bytes, size_t length, struct er_error *err);

/* The same of bytes that `put` writes to a descriptor, in order; what it fails with is returned, and the file stays as it
 * was. */
typedef enum er_status er_file_put(void *ctx, int fd, struct er_error *err);
enum er_status er_file_write_by(const char *path, er_file_put *put, void *ctx, struct er_error *err);

/* Makes a directory and its parents (0777 less the umask); one that exists is fine, also when another process
 * makes it meanwhile. Errors as er_fail_errno(). */
enum er_status er_directory_make(const char *path, struct er_error *err);

/* dir + "/" + name, freed by er_free(), with one slash where dir ends in one; NULL when memory is out. */
char *er_path_join(const char *dir, const char *name);

/* True when the text of a path ends in `ending`, as in ".csv.gz". */
bool er_path_ends(const char *path, const char *ending);

/* Fills err from an errno: ENOSPC and EDQUOT are ER_E_FULL, ENOENT is ER_E_NOT_FOUND, ENOMEM is ER_E_NOMEM,
 * others ER_E_IO. `doing` reads like "cannot write"; the message is "cannot write PATH: No space left on
 * device". */
enum er_status er_fail_errno(struct er_error *err, int error, const char *path, const char *doing);

#endif
