/* source.c - the table `sources`: list of files -> (stamp, checksum).
 *
 * A stamp has for each file its size, time of change, inode and device. A file that was changed less than two
 * seconds ago is not remembered: it could change again within the same tick of its file system's clock.
 */
#include "study/source.h"

#include "core/buffer.h"
#include "study/database.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { SETTLED_S = 2 };

/* *settled: every file is there and old enough. */
static enum er_status stamp_of(char *const *path, int64_t n, char **stamp, bool *settled,
                               struct er_error *err)
{
    struct er_buffer text = {0};
    const time_t now = time(NULL);
    *settled = true;
    for (int64_t i = 0; i < n; i++) {
        struct stat st = {0};
        if (stat(path[i], &st) != 0 || st.st_mtim.tv_sec > now - SETTLED_S) *settled = false;
        er_buffer_format(&text, "%jd %jd.%09ld %ju %ju\n", (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
                         st.st_mtim.tv_nsec, (uintmax_t)st.st_ino, (uintmax_t)st.st_dev);
    }
    return er_buffer_take(&text, stamp, err);
}

/* The set's name and the paths, one a line. */
static enum er_status list_of(const struct er_data_spec *spec, char *const *path, int64_t n, char **list,
                              struct er_error *err)
{
    struct er_buffer text = {0};
    er_buffer_text(&text, spec->name ? spec->name : "");
    for (int64_t i = 0; i < n; i++) er_buffer_format(&text, "\n%s", path[i]);
    return er_buffer_take(&text, list, err);
}

static enum er_status recall(struct er_store *store, const char *list, const char *stamp,
                             char hex[ER_SHA256_HEX], bool *known, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    *known = false;
    enum er_status status = er_sql_begin(store, false, err);
    if (status != ER_OK) return status;
    status = er_sql_open(store, "SELECT checksum FROM sources WHERE files = ? AND stamp = ?",
                         ER_VALUES(er_text(list), er_text(stamp)), &statement, err);
    if (status == ER_OK) status = er_sql_next(store, statement, known, err);
    if (status == ER_OK && *known) {
        const char *checksum = er_sql_text(statement, 0);
        *known = strlen(checksum) == ER_SHA256_HEX - 1;
        if (*known) memcpy(hex, checksum, ER_SHA256_HEX);
    }
    return er_sql_end(store, status, err);
}

/* What cannot be remembered is computed again next time. */
static void remember(struct er_store *store, const char *list, const char *stamp, const char *hex)
{
    if (store->read_only || er_sql_begin(store, true, NULL) != ER_OK) return;
    er_sql_end(store,
               er_sql_run(store, "INSERT OR REPLACE INTO sources (files, stamp, checksum) VALUES (?, ?, ?)",
                          ER_VALUES(er_text(list), er_text(stamp), er_text(hex)), NULL),
               NULL);
}

enum er_status er_source_checksum(struct er_store *store, const struct er_data_spec *spec,
                                  const struct er_data_places *places, char hex[ER_SHA256_HEX],
                                  struct er_error *err)
{
    char **path = NULL, *list = NULL, *stamp = NULL, *after = NULL, checksum[ER_SHA256_HEX];
    int64_t n = 0;
    bool settled = false, known = false;
    enum er_status status = er_data_files(spec, places, &path, &n, err);
    if (status == ER_OK) status = list_of(spec, path, n, &list, err);
    if (status == ER_OK) status = stamp_of(path, n, &stamp, &settled, err);
    if (status == ER_OK && n > 0 && settled) status = recall(store, list, stamp, checksum, &known, err);
    if (status == ER_OK && !known) {
        status = er_data_checksum(spec, places, checksum, err);
        if (status == ER_OK) status = stamp_of(path, n, &after, &settled, err);
        if (status == ER_OK && n > 0 && settled && strcmp(stamp, after) == 0)
            remember(store, list, stamp, checksum);
    }
    if (status == ER_OK) memcpy(hex, checksum, sizeof checksum);
    er_free((void *)path);
    er_free(list);
    er_free(stamp);
    er_free(after);
    return status;
}
