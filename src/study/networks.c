/* networks.c - kept networks: their files, and the table that knows them. */
#include "study/networks.h"

#include "core/buffer.h"
#include "core/file.h"
#include "study/database.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/version.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MOMENT_MOST = 40, KEY_SHOWN = 12, NUMBER_TEXT = 24 };

const char *er_networks_keep(const struct er_job *job, int64_t run)
{
    return job->experiment->keep ? job->experiment->keep(&job->point[run]) : "";
}

/* The next moment of *keep by its name in files: "10" is epoch-10. False at the end. */
static bool next(const char **keep, char moment[MOMENT_MOST])
{
    if (!*keep) return false;
    const char *word = *keep + strspn(*keep, " ");
    const int n = (int)strcspn(word, " ");
    snprintf(moment, MOMENT_MOST, "%s%.*s", *word >= '0' && *word <= '9' ? "epoch-" : "", n, word);
    *keep = word + n;
    return n > 0;
}

/* The store's folder with its slash; "" when that is where the process is. */
static size_t folder_length(const struct er_store *store)
{
    const char *slash = strrchr(store->path, '/');
    return slash ? (size_t)(slash - store->path) + 1 : 0;
}

enum er_status er_networks_path(const struct er_store *store, const char *file, char **out,
                                struct er_error *err)
{
    struct er_buffer path = {0};
    er_buffer_add(&path, store->path, folder_length(store));
    er_buffer_text(&path, file);
    return er_buffer_take(&path, out, err);
}

static enum er_status is_there(const struct er_store *store, const char *file, bool *out,
                               struct er_error *err)
{
    struct stat st;
    char *path;
    enum er_status status = er_networks_path(store, file, &path, err);
    if (status != ER_OK) return status;
    *out = stat(path, &st) == 0;
    er_free(path);
    return ER_OK;
}

enum er_status er_networks_look(struct er_store *store, const char *key, const char *keep, bool *all,
                                struct er_error *err)
{
    char moment[MOMENT_MOST];
    enum er_status status = ER_OK;
    *all = true;
    while (status == ER_OK && *all && next(&keep, moment)) {
        sqlite3_stmt *statement = NULL;
        status = er_sql_open(store, "SELECT file FROM networks WHERE key = ? AND moment = ?",
                             ER_VALUES(er_text(key), er_text(moment)), &statement, err);
        if (status == ER_OK) status = er_sql_next(store, statement, all, err);
        if (status == ER_OK && *all && er_sql_text(statement, 0)[0])
            status = is_there(store, er_sql_text(statement, 0), all, err);
    }
    return status;
}

enum er_status er_networks_finish(struct er_store *store, const char *key, const char *keep,
                                  struct er_error *err)
{
    char moment[MOMENT_MOST];
    enum er_status status = ER_OK;
    while (status == ER_OK && next(&keep, moment))
        status = er_sql_run(
            store, "INSERT OR IGNORE INTO networks (key, moment, epoch, file) VALUES (?, ?, NULL, '')",
            ER_VALUES(er_text(key), er_text(moment)), err);
    return status;
}

static enum er_status note(struct er_store *store, const char *key, const struct er_kept_network *kept,
                           const char *file, struct er_error *err)
{
    enum er_status status = er_sql_begin(store, true, err);
    if (status != ER_OK) return status;
    status = er_sql_run(
        store, "INSERT OR REPLACE INTO networks (key, moment, epoch, file) VALUES (?, ?, ?, ?)",
        ER_VALUES(er_text(key), er_text(kept->moment), er_integer(kept->epoch), er_text(file)), err);
    return er_sql_end(store, status, err);
}

/* What the file says of its run. */
static enum er_status write_file(const struct er_job *job, int64_t run, const struct er_kept_network *kept,
                                 const char *path, struct er_error *err)
{
    const struct er_point *point = &job->point[run];
    const struct er_setting *file = er_point_get(point, "data.file");
    char epoch[NUMBER_TEXT], step[NUMBER_TEXT], seed[NUMBER_TEXT], *text;
    enum er_status status = job->canonical(job, run, &text, err);
    if (status != ER_OK) return status;
    snprintf(epoch, sizeof epoch, "%" PRId64, kept->epoch);
    snprintf(step, sizeof step, "%" PRId64, kept->step);
    snprintf(seed, sizeof seed, "%" PRIu64, point->seed);
    const bool has_data = job->data_of && job->data_of[run] >= 0;
    const struct er_tensor_note more[] = {
        {"moment", kept->moment},
        {"epoch", epoch},
        {"step", step},
        {"seed", seed},
        {"study", job->name},
        {"point", text},
        {"data", file ? file->file : er_point_text(point, "data.name", "")},
        {"checksum", has_data ? job->checksum[job->data_of[run]] : ""},
        {"version", er_version()},
    };
    status = er_network_write(path, kept->net, kept->w, kept->statistics, &kept->description, more,
                              sizeof more / sizeof *more, err);
    er_free(text);
    return status;
}

enum er_status er_networks_write(struct er_store *store, const struct er_job *job, int64_t run,
                                 const struct er_kept_network *kept, struct er_error *err)
{
    struct er_buffer name = {0};
    char *folder = NULL, *file = NULL, *path = NULL;
    er_buffer_format(&name, "networks/%s", job->name);
    enum er_status status = er_buffer_take(&name, &file, err);
    if (status == ER_OK) status = er_networks_path(store, file, &folder, err);
    if (status == ER_OK) status = er_directory_make(folder, err);
    er_free(file);
    file = NULL;
    er_buffer_format(&name, "networks/%s/%.*s-%s.safetensors", job->name, KEY_SHOWN, job->key[run],
                     kept->moment);
    if (status == ER_OK) status = er_buffer_take(&name, &file, err);
    if (status == ER_OK) status = er_networks_path(store, file, &path, err);
    if (status == ER_OK) status = write_file(job, run, kept, path, err);
    if (status == ER_OK) status = note(store, job->key[run], kept, file, err);
    er_buffer_clear(&name);
    er_free(folder);
    er_free(file);
    er_free(path);
    return status;
}
