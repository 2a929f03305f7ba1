/* download.h - one file from the network, whole and checked or not at all.
 *
 * The bytes gather in PATH.part; PATH appears by rename when length and checksum are right. A part that an
 * earlier call left behind is gone on with. The caller keeps others from the same path (fetch.c holds a
 * lock).
 */
#ifndef ERMINE_DATA_DOWNLOAD_H
#define ERMINE_DATA_DOWNLOAD_H

#include <ermine/progress.h>

struct er_download {
    const char *what; /* for progress: the set's name */
    const char *url;  /* http or https; from https no redirect leads back to http */
    const char *path;
    int64_t bytes;        /* the file's length; 0: not known, then at most `limit` */
    int64_t limit;        /* read when bytes is 0 */
    const char *sha256;   /* NULL: not known */
    int stall_s;          /* gives up when nothing comes for so long; at least 1 */
    double before, total; /* progress: bytes of the set fetched earlier, and in all */
};

/* ER_E_NETWORK (the part is kept), ER_E_NOT_FOUND (404 and 410), ER_E_CHECKSUM (the part is removed),
 * ER_E_LIMIT, ER_E_IO, ER_E_FULL, ER_E_STOPPED, ER_E_NOMEM; ER_E_USAGE for an address that is neither http
 * nor https. */
enum er_status er_download(const struct er_download *download, const struct er_progress *progress,
                           struct er_error *err);

#endif
