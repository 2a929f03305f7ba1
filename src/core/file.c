/* file.c - whole files in, whole files out.
 *
 * A write goes to a temporary file in the same directory, to the disk, and by rename() over its place, which
 * is atomic within a file system. Devices and pipes have no place to be renamed over: they are written
 * straight.
 */
#include "core/file.h"

#include "core/available.h"

#include <ermine/memory.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 1 << 16, TEMPORARY_TRIES = 1000 };

enum er_status er_fail_errno(struct er_error *err, int error, const char *path, const char *doing)
{
    enum er_status code = ER_E_IO;
    if (error == ENOSPC || error == EDQUOT) code = ER_E_FULL;
    if (error == ENOENT) code = ER_E_NOT_FOUND;
    if (error == ENOMEM) code = ER_E_NOMEM;
    char reason[128];
    if (strerror_r(error, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, "error %d", error);
    return er_fail(err, code, "%s %s: %s", doing, path, reason);
}

/* read() until `size` bytes or the end; -1 with errno. */
static ssize_t read_some(int fd, char *to, size_t size)
{
    size_t done = 0;
    while (done < size) {
        const ssize_t got = read(fd, to + done, size - done);
        if (got == 0) break;
        if (got > 0)
            done += (size_t)got;
        else if (errno != EINTR)
            return -1;
    }
    return (ssize_t)done;
}

static enum er_status too_long(const char *path, size_t limit, struct er_error *err)
{
    return er_fail(err, ER_E_LIMIT, "%s is longer than the %zu bytes that are read of such a file", path,
                   limit);
}

/* What stat() says of the length is where the room starts: files of /proc say 0 and pipes nothing, and these
 * lower the limit. */
static enum er_status first_room(int fd, const char *path, size_t *limit, size_t *room, struct er_error *err)
{
    struct stat st;
    *room = FIRST_ROOM;
    const bool known = fstat(fd, &st) == 0;
    if (known && S_ISDIR(st.st_mode)) return er_fail(err, ER_E_INPUT, "cannot read %s: it is a folder", path);
    if (known && S_ISREG(st.st_mode) && st.st_size > 0) {
        *room = (size_t)st.st_size;
        if (*room > *limit) return too_long(path, *limit, err);
        const size_t available = *room > ER_FILE_STREAM_MOST ? er_memory_available() : SIZE_MAX;
        if (*room > available)
            return er_fail(err, ER_E_NOMEM,
                           "cannot read %s: it has %zu bytes, and %zu of memory are available", path, *room,
                           available);
    } else if (*limit > ER_FILE_STREAM_MOST) {
        *limit = ER_FILE_STREAM_MOST;
    }
    if (*room > *limit) *room = *limit;
    return ER_OK;
}

bool er_file_front(const char *path, unsigned char *out, size_t n, size_t *got, size_t *size)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return false; /* opening a pipe would wait for it */
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const ssize_t front = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read_some(fd, (char *)out, n) : -1;
    close(fd);
    if (front < 0) return false;
    *got = (size_t)front;
    *size = (size_t)st.st_size;
    return true;
}

/* Reads to the end, and closes fd. */
static enum er_status read_whole(int fd, const char *path, size_t limit, char **out, size_t *length,
                                 struct er_error *err)
{
    char *data = NULL;
    if (limit > INT64_MAX / 2) limit = INT64_MAX / 2;
    size_t used = 0, room;
    enum er_status status = first_room(fd, path, &limit, &room, err);
    if (status != ER_OK) goto fail;
    for (;;) { /* one byte beyond the room tells the end from a file that goes on; later it holds the NUL */
        char *grown = er_grow(data, (int64_t)used, (int64_t)room + 1, 1);
        if (!grown) {
            status = er_fail(err, ER_E_NOMEM, "cannot read %s: out of memory", path);
            goto fail;
        }
        data = grown;
        const ssize_t got = read_some(fd, data + used, room + 1 - used);
        if (got < 0) {
            status = er_fail_errno(err, errno, path, "cannot read");
            goto fail;
        }
        used += (size_t)got;
        if (used <= room) break;
        if (room == limit) {
            status = too_long(path, limit, err);
            goto fail;
        }
        room = room < limit / 2 ? 2 * room : limit;
    }
    close(fd);
    data[used] = '\0';
    *out = data;
    *length = used;
    return ER_OK;
fail:
    close(fd);
    er_free(data);
    return status;
}

enum er_status er_file_read(const char *path, size_t limit, char **out, size_t *length, struct er_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return er_fail_errno(err, errno, path, "cannot read");
    return read_whole(fd, path, limit, out, length, err);
}

enum er_status er_file_read_regular(const char *path, size_t limit, char **out, size_t *length,
                                    struct er_error *err)
{
    struct stat st;
    const int fd =
        open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* else a pipe without a writer waits for one */
    if (fd < 0) return er_fail_errno(err, errno, path, "cannot read");
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) return read_whole(fd, path, limit, out, length, err);
    close(fd);
    return er_fail(err, ER_E_INPUT,
                   "cannot read %s: it is not a regular file but a pipe, a device or a folder", path);
}

struct bytes {
    const char *path, *at;
    size_t length;
};

static enum er_status put_bytes(void *ctx, int fd, struct er_error *err)
{
    struct bytes *b = ctx;
    while (b->length > 0) {
        const ssize_t put = write(fd, b->at, b->length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return er_fail_errno(err, errno, b->path, "cannot write");
        b->at += put;
        b->length -= (size_t)put;
    }
    return ER_OK;
}

/* Closes fd after an optional flush. */
static enum er_status finish(int fd, const char *path, enum er_status status, bool flush,
                             struct er_error *err)
{
    if (status == ER_OK && flush && fsync(fd) != 0) status = er_fail_errno(err, errno, path, "cannot write");
    if (close(fd) != 0 && status == ER_OK) status = er_fail_errno(err, errno, path, "cannot write");
    return status;
}

static enum er_status write_straight(const char *path, er_file_put *put, void *ctx, struct er_error *err)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return er_fail_errno(err, errno, path, "cannot write");
    return finish(fd, path, put(ctx, fd, err), false, err);
}

/* A rename lives in the directory: without this flush a power cut may undo it. Not every file system can, and
 * the file is whole in either case, so a refusal is no error. */
static void flush_directory(const char *dir)
{
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

/* An unused name in `dir` (which ends in '/' or is empty), opened for writing. The name doesn't depend on the
 * file's, which may be as long as names can be. */
static int open_temporary(const char *dir, char temporary[PATH_MAX])
{
    for (int i = 0; i < TEMPORARY_TRIES; i++) {
        const int n = snprintf(temporary, PATH_MAX, "%s.ermine-%ld-%d.tmp", dir, (long)getpid(), i);
        if (n >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

/* `name` is the path as it was given, for messages. */
static enum er_status write_beside(const char *path, const char *name, er_file_put *put, void *ctx,
                                   struct er_error *err)
{
    char dir[PATH_MAX], temporary[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const size_t n_dir = slash ? (size_t)(slash - path) + 1 : 0;
    if (n_dir >= sizeof dir) return er_fail_errno(err, ENAMETOOLONG, name, "cannot write");
    memcpy(dir, path, n_dir);
    dir[n_dir] = '\0';
    const int fd = open_temporary(dir, temporary);
    if (fd < 0) return er_fail_errno(err, errno, name, "cannot write");
    enum er_status status = finish(fd, name, put(ctx, fd, err), true, err);
    if (status == ER_OK && rename(temporary, path) != 0)
        status = er_fail_errno(err, errno, name, "cannot write");
    if (status != ER_OK)
        unlink(temporary);
    else
        flush_directory(n_dir ? dir : ".");
    return status;
}

enum er_status er_file_write_by(const char *path, er_file_put *put, void *ctx, struct er_error *err)
{
    struct stat st;
    char target[PATH_MAX]; /* behind a symbolic link to a file: the link stays */
    if (stat(path, &st) != 0) return write_beside(path, path, put, ctx, err);
    if (S_ISDIR(st.st_mode)) return er_fail_errno(err, EISDIR, path, "cannot write");
    if (!S_ISREG(st.st_mode)) return write_straight(path, put, ctx, err);
    if (!realpath(path, target)) return er_fail_errno(err, errno, path, "cannot write");
    return write_beside(target, path, put, ctx, err);
}

enum er_status er_file_write(const char *path, const void *bytes, size_t length, struct er_error *err)
{
    struct bytes all = {path, bytes, length};
    return er_file_write_by(path, put_bytes, &all, err);
}
