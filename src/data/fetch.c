/* fetch.c - the official files of a named set, brought into the cache.
 *
 * One process at a time fetches a set: it holds a lock on CACHE/NAME/.lock, and whoever comes second waits
 * and then finds the files there. The lock dies with its process.
 */
#include "data/fetch.h"

#include "core/file.h"
#include "data/download.h"
#include "data/generator.h"
#include "data/regression.h"
#include "data/unpack.h"

#include <ermine/memory.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STALL_S = 60, WAIT_NS = 100 * 1000 * 1000 };

/* Of an archive whose length isn't pinned. */
static const int64_t largest_archive = (int64_t)1 << 29;

struct fetch {
    const struct er_set *set;
    const char *folder; /* cache/NAME */
    const char *base;
    int stall_s;
    const struct er_progress *progress;
    double done, total; /* bytes */
};

static const char *last_name(const char *url)
{
    return strrchr(url, '/') + 1;
}

/* base/NAME/FILE, or the official address when base is NULL; freed by er_free(). */
static char *address(const struct fetch *f, const char *url)
{
    if (!f->base) return er_strdup(url);
    char *place = er_path_join(f->base, f->set->name);
    char *whole = place ? er_path_join(place, last_name(url)) : NULL;
    er_free(place);
    return whole;
}

/* Takes the lock; *fd is to be closed. */
static enum er_status lock(const struct fetch *f, int *fd, struct er_error *err)
{
    char *path = er_path_join(f->folder, ".lock");
    if (!path) return er_fail(err, ER_E_NOMEM, "%s: out of memory", f->set->name);
    enum er_status status = ER_OK;
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0) status = er_fail_errno(err, errno, path, "cannot write");
    while (status == ER_OK && flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        const struct timespec wait = {.tv_nsec = WAIT_NS};
        if (errno != EWOULDBLOCK && errno != EINTR)
            status = er_fail_errno(err, errno, path, "cannot lock");
        else if (er_progress_stopped(f->progress))
            status = er_fail(err, ER_E_STOPPED, "%s: stopped while another process fetches it", f->set->name);
        else
            nanosleep(&wait, NULL);
    }
    er_free(path);
    return status;
}

static bool is_right(const struct er_set_file *file, const char *path)
{
    char sha256[ER_SHA256_HEX];
    struct stat st;
    return stat(path, &st) == 0 && st.st_size == file->bytes && er_sha256_file(path, sha256, NULL) == ER_OK &&
           strcmp(sha256, file->sha256) == 0;
}

static enum er_status download(const struct fetch *f, const char *url, const char *path, int64_t bytes,
                               const char *sha256, struct er_error *err)
{
    char *from = address(f, url);
    if (!from) return er_fail(err, ER_E_NOMEM, "%s: out of memory", f->set->name);
    const struct er_download d = {.what = f->set->name,
                                  .url = from,
                                  .path = path,
                                  .bytes = bytes,
                                  .limit = largest_archive,
                                  .sha256 = sha256,
                                  .stall_s = f->stall_s,
                                  .before = f->done,
                                  .total = f->total};
    enum er_status status = er_download(&d, f->progress, err);
    er_free(from);
    return status;
}

static enum er_status fetch_files(struct fetch *f, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < f->set->n_files; i++) f->total += (double)f->set->file[i].bytes;
    for (int64_t i = 0; i < f->set->n_files && status == ER_OK; i++) {
        const struct er_set_file *file = &f->set->file[i];
        char *path = er_path_join(f->folder, last_name(file->url));
        if (!path) return er_fail(err, ER_E_NOMEM, "%s: out of memory", f->set->name);
        if (!is_right(file, path)) status = download(f, file->url, path, file->bytes, file->sha256, err);
        f->done += (double)file->bytes;
        er_free(path);
    }
    return status;
}

/* The files of an archive are there and have their structure. */
static bool is_unpacked(const struct fetch *f)
{
    bool right = true;
    for (int64_t i = 0; i < f->set->n_files && right; i++) {
        const struct er_set_file *file = &f->set->file[i];
        unsigned char *bytes = NULL;
        size_t n = 0;
        char *path = er_path_join(f->folder, file->name);
        right = path && er_data_bytes(path, (size_t)file->bytes, &bytes, &n, NULL) == ER_OK &&
                er_unpacked_right(f->set, file, bytes, n, NULL);
        er_free(bytes);
        er_free(path);
    }
    return right;
}

static enum er_status fetch_archive(struct fetch *f, struct er_error *err)
{
    if (is_unpacked(f)) return ER_OK;
    char *path = er_path_join(f->folder, last_name(f->set->archive));
    if (!path) return er_fail(err, ER_E_NOMEM, "%s: out of memory", f->set->name);
    f->total = (double)f->set->archive_bytes;
    enum er_status status =
        download(f, f->set->archive, path, f->set->archive_bytes, f->set->archive_sha256, err);
    if (status == ER_OK) {
        status = er_unpack(f->set, path, f->folder, f->progress, err);
        unlink(path);
    }
    er_free(path);
    return status;
}

enum er_status er_set_fetch(const struct er_set *set, const char *cache, const char *base, int stall_s,
                            const struct er_progress *progress, struct er_error *err)
{
    int fd = -1;
    char *folder = er_path_join(cache, set->folder[0]);
    if (!folder) return er_fail(err, ER_E_NOMEM, "%s: out of memory", set->name);
    struct fetch f = {.set = set, .folder = folder, .base = base, .stall_s = stall_s, .progress = progress};
    enum er_status status = er_directory_make(folder, err);
    if (status == ER_OK) status = lock(&f, &fd, err);
    if (status == ER_OK) status = set->archive ? fetch_archive(&f, err) : fetch_files(&f, err);
    if (fd >= 0) close(fd);
    er_free(folder);
    return status;
}

enum er_status er_data_fetch(const char *name, const struct er_data_places *places, const char *base,
                             const struct er_progress *progress, struct er_error *err)
{
    const struct er_set *set = er_set_named(name);
    if (!set && (er_generator_named(name) || er_regression_named(name)))
        return er_fail(err, ER_E_USAGE, "%s needs no file: there is nothing to fetch", name);
    if (!set) return er_set_unknown(name, err);
    if (!places || !places->cache)
        return er_fail(err, ER_E_USAGE, "%s: there is no folder to fetch it into", name);
    return er_set_fetch(set, places->cache, base, STALL_S, progress, err);
}
