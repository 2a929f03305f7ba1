/* record.c - one transaction a finished run. */
#include "study/record.h"

#include "study/database.h"

#include <endian.h>
#include <ermine/memory.h>
#include <ermine/version.h>
#include <string.h>

static enum er_status write_values(struct er_store *store, const struct er_job *job, int64_t row,
                                   const struct er_record *record, struct er_error *err)
{
    const struct er_column *column = job->experiment->run_column;
    enum er_status status = ER_OK;
    for (int64_t i = 0; status == ER_OK && column && column[i].name; i++)
        status = er_sql_run(store, err, "INSERT INTO results (run, name, value) VALUES (?, ?, ?)", "itd", row,
                            column[i].name, record->value[i]);
    return status;
}

static enum er_status write_curves(struct er_store *store, const struct er_job *job, int64_t row,
                                   const struct er_record *record, struct er_error *err)
{
    const struct er_column *column = job->experiment->curve_column;
    enum er_status status = ER_OK;
    uint64_t *bytes = er_alloc(record->n_curve, sizeof *bytes);
    if (!bytes) return er_fail(err, ER_E_NOMEM, "store: out of memory for curves");
    for (int64_t i = 0; status == ER_OK && column && column[i].name; i++) {
        for (int64_t j = 0; j < record->n_curve; j++) {
            memcpy(&bytes[j], &record->curve[i][j], sizeof *bytes);
            bytes[j] = htole64(bytes[j]);
        }
        status = er_sql_run(store, err, "INSERT INTO curves (run, name, value) VALUES (?, ?, ?)", "itb", row,
                            column[i].name, (const void *)bytes, (size_t)record->n_curve * sizeof *bytes);
    }
    er_free(bytes);
    return status;
}

static enum er_status write(struct er_store *store, const struct er_job *job, int64_t run,
                            const struct er_record *record, const char *point, const char *machine,
                            struct er_error *err)
{
    const char *key = job->key[run];
    char now[ER_TIME_TEXT];
    enum er_status status = er_sql_run(
        store, err,
        "INSERT OR IGNORE INTO runs (key, experiment, point, outcome, note, seconds, records,"
        " finished, machine, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "tttttdittt", key, job->experiment->name, point, record->outcome, record->note ? record->note : "",
        record->seconds, record->n_curve, er_time_text(now), machine, er_version());
    if (status == ER_OK && sqlite3_changes(store->db) == 1) {
        int64_t row = sqlite3_last_insert_rowid(store->db);
        status = write_values(store, job, row, record, err);
        if (status == ER_OK) status = write_curves(store, job, row, record, err);
    }
    if (status == ER_OK) status = er_sql_run(store, err, "DELETE FROM checkpoints WHERE key = ?", "t", key);
    if (status == ER_OK) status = er_sql_run(store, err, "DELETE FROM claims WHERE key = ?", "t", key);
    return status;
}

enum er_status er_record_write(struct er_store *store, const struct er_job *job, int64_t run,
                               const struct er_record *record, const char *machine, struct er_error *err)
{
    char *point = NULL;
    if (!record->outcome || record->n_curve < 0)
        return er_fail(err, ER_E_USAGE, "experiment %s: run %lld ended without an outcome",
                       job->experiment->name, (long long)run);
    enum er_status status = job->canonical(job, run, &point, err);
    if (status == ER_OK) status = er_sql_begin(store, true, err);
    if (status == ER_OK) status = er_sql_end(store, write(store, job, run, record, point, machine, err), err);
    er_free(point);
    return status;
}
