/* unpack.c - the files of a set out of its archive.
 *
 * Names in an archive are not trusted: an entry is taken when its whole name is one that is expected (so no
 * name leads out of the folder), it is a regular file, and its length is the expected one. All else is passed
 * over, within limits.
 */
#include "data/unpack.h"

#include "core/file.h"
#include "data/cifar.h"

#include <archive.h>
#include <archive_entry.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

enum { MOST_ENTRIES = 1000, BLOCK = 1 << 16, MOST_FILES = 32 };

static const int64_t most_bytes = (int64_t)1 << 30;

bool er_unpacked_right(const struct er_set *set, const struct er_set_file *file, const unsigned char *bytes,
                       size_t n, struct er_error *err)
{
    struct er_cifar cifar;
    enum er_status status = ER_OK;
    if (n != (size_t)file->bytes)
        status = er_fail(err, ER_E_CHECKSUM, "%s has %zu bytes, the official file %" PRId64, file->name, n,
                         file->bytes);
    if (status == ER_OK && file->sha256) {
        char hex[ER_SHA256_HEX];
        er_sha256(bytes, n, hex);
        if (strcmp(hex, file->sha256) != 0)
            status = er_fail(err, ER_E_CHECKSUM, "%s is not the official file: its SHA-256 is %s", file->name,
                             hex);
    }
    if (status == ER_OK && set->format == ER_SET_CIFAR)
        status = er_cifar_open(bytes, n, set->classes, &cifar, err);
    return status == ER_OK;
}

/* The expected file of that name, or -1. */
static int64_t expected(const struct er_set *set, const char *name)
{
    const size_t inside = strlen(set->inside);
    if (!name || strncmp(name, set->inside, inside) != 0) return -1;
    for (int64_t i = 0; i < set->n_files; i++)
        if (strcmp(name + inside, set->file[i].name) == 0) return i;
    return -1;
}

static enum er_status archive_failed(struct archive *a, const char *path, struct er_error *err)
{
    const char *why = archive_error_string(a);
    return er_fail(err, ER_E_CHECKSUM, "%s: not the set's archive: %s", path, why ? why : "it can't be read");
}

static enum er_status take_entry(const struct er_set *set, const struct er_set_file *file, struct archive *a,
                                 const char *folder, struct er_error *err)
{
    const size_t size = (size_t)file->bytes;
    enum er_status status = ER_OK;
    char *path = er_path_join(folder, file->name);
    unsigned char *bytes = er_alloc(file->bytes + 1, 1); /* one more tells a longer file */
    if (!path || !bytes) {
        status = er_fail(err, ER_E_NOMEM, "%s: out of memory", file->name);
        goto done;
    }
    size_t got = 0;
    for (la_ssize_t more = 1; more > 0 && got <= size; got += more > 0 ? (size_t)more : 0) {
        more = archive_read_data(a, bytes + got, size + 1 - got);
        if (more < 0) {
            status = archive_failed(a, file->name, err);
            goto done;
        }
    }
    if (!er_unpacked_right(set, file, bytes, got, err)) {
        status = ER_E_CHECKSUM;
        if (err) err->code = status;
        goto done;
    }
    status = er_file_write(path, bytes, size, err);
done:
    er_free(path);
    er_free(bytes);
    return status;
}

static enum er_status take_entries(const struct er_set *set, struct archive *a, const char *path,
                                   const char *folder, const struct er_progress *progress,
                                   struct er_error *err)
{
    bool taken[MOST_FILES] = {false};
    int64_t bytes = 0;
    for (int n = 0;; n++) {
        struct archive_entry *entry;
        const int code = archive_read_next_header(a, &entry);
        if (code == ARCHIVE_EOF) break;
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return archive_failed(a, path, err);
        if (er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "%s: stopped while unpacking", set->name);
        const int64_t size = archive_entry_size(entry);
        if (n == MOST_ENTRIES || size < 0 || size > most_bytes - bytes)
            return er_fail(err, ER_E_LIMIT, "%s: more than %d entries or %" PRId64 " bytes", path,
                           MOST_ENTRIES, most_bytes);
        bytes += size;
        const int64_t i = expected(set, archive_entry_pathname(entry));
        if (i < 0 || taken[i] || archive_entry_filetype(entry) != AE_IFREG) continue;
        enum er_status status = take_entry(set, &set->file[i], a, folder, err);
        if (status != ER_OK) return status;
        taken[i] = true;
    }
    for (int64_t i = 0; i < set->n_files; i++)
        if (!taken[i])
            return er_fail(err, ER_E_CHECKSUM, "%s: the archive lacks %s", path, set->file[i].name);
    return ER_OK;
}

enum er_status er_unpack(const struct er_set *set, const char *path, const char *folder,
                         const struct er_progress *progress, struct er_error *err)
{
    struct archive *a = archive_read_new();
    if (!a) return er_fail(err, ER_E_NOMEM, "%s: out of memory", path);
    archive_read_support_filter_gzip(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    enum er_status status = ER_OK;
    if (archive_read_open_filename(a, path, BLOCK) != ARCHIVE_OK)
        status = archive_failed(a, path, err);
    else
        status = take_entries(set, a, path, folder, progress, err);
    archive_read_free(a);
    return status;
}
