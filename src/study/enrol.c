/* enrol.c - which studies were run into a store. */
#include "study/database.h"
#include "study/job.h"

#include <ermine/hash.h>
#include <ermine/memory.h>
#include <string.h>

static enum er_status write_keys(struct er_store *store, const struct er_job *job, int64_t study,
                                 struct er_error *err)
{
    enum er_status status =
        er_sql_run(store, "DELETE FROM study_runs WHERE study = ?", ER_VALUES(er_integer(study)), err);
    for (int64_t i = 0; status == ER_OK && i < job->runs; i++)
        status = er_sql_run(store, "INSERT INTO study_runs (study, place, key) VALUES (?, ?, ?)",
                            ER_VALUES(er_integer(study), er_integer(i), er_text(job->key[i])), err);
    return status;
}

static enum er_status enrol(struct er_store *store, const struct er_job *job, struct er_error *err)
{
    char now[ER_TIME_TEXT], digest[ER_SHA256_HEX];
    sqlite3_stmt *statement = NULL;
    bool row, same = false;
    er_sha256(job->key, (size_t)job->runs * sizeof *job->key, digest);
    const struct er_value *name = ER_VALUES(er_text(job->name), er_text(job->file));
    enum er_status status =
        er_sql_open(store, "SELECT digest FROM studies WHERE name = ? AND file = ?", name, &statement, err);
    if (status == ER_OK) status = er_sql_next(store, statement, &row, err);
    if (status == ER_OK) same = row && strcmp(er_sql_text(statement, 0), digest) == 0;
    if (status == ER_OK)
        status = er_sql_run(store,
                            "INSERT INTO studies (name, file, source, digest, runs, changed)"
                            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name, file) DO UPDATE SET"
                            " source = excluded.source, digest = excluded.digest, runs = excluded.runs,"
                            " changed = excluded.changed",
                            ER_VALUES(er_text(job->name), er_text(job->file), er_text(job->source),
                                      er_text(digest), er_integer(job->runs), er_text(er_time_text(now))),
                            err);
    if (status != ER_OK || same) return status;
    status = er_sql_open(store, "SELECT id FROM studies WHERE name = ? AND file = ?", name, &statement, err);
    if (status == ER_OK) status = er_sql_next(store, statement, &row, err);
    return status == ER_OK ? write_keys(store, job, sqlite3_column_int64(statement, 0), err) : status;
}

enum er_status er_job_enrol(struct er_store *store, const struct er_job *job, struct er_error *err)
{
    enum er_status status = er_sql_begin(store, true, err);
    return status == ER_OK ? er_sql_end(store, enrol(store, job, err), err) : status;
}

static void copy_text(char *out, size_t size, const char *text)
{
    size_t n = strnlen(text, size - 1);
    memcpy(out, text, n);
    out[n] = '\0';
}

static enum er_status list(struct er_store *store, struct er_store_study **out, int64_t *n,
                           struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row;
    int64_t count = 0, room = 0;
    struct er_store_study *study = NULL;
    enum er_status status =
        er_sql_open(store,
                    "SELECT name, file, changed, runs, (SELECT count(*) FROM study_runs JOIN runs USING (key)"
                    " WHERE study_runs.study = studies.id) FROM studies ORDER BY changed DESC, id DESC",
                    NULL, &statement, err);
    while (status == ER_OK && (status = er_sql_next(store, statement, &row, err)) == ER_OK && row) {
        if (count == room) {
            struct er_store_study *grown = er_grow(study, room, room ? 2 * room : 16, sizeof *study);
            if (!grown) {
                status = er_fail(err, ER_E_NOMEM, "store: out of memory for the list of studies");
                break;
            }
            study = grown;
            room = room ? 2 * room : 16;
        }
        struct er_store_study *s = &study[count++];
        copy_text(s->name, sizeof s->name, er_sql_text(statement, 0));
        copy_text(s->file, sizeof s->file, er_sql_text(statement, 1));
        copy_text(s->changed, sizeof s->changed, er_sql_text(statement, 2));
        s->runs = sqlite3_column_int64(statement, 3);
        s->present = sqlite3_column_int64(statement, 4);
    }
    if (status != ER_OK) {
        er_free(study);
        return status;
    }
    *out = study;
    *n = count;
    return ER_OK;
}

enum er_status er_store_studies(struct er_store *store, struct er_store_study **out, int64_t *n,
                                struct er_error *err)
{
    enum er_status status = er_sql_begin(store, false, err);
    return status == ER_OK ? er_sql_end(store, list(store, out, n, err), err) : status;
}
