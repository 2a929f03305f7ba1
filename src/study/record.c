/* record.c - one transaction a finished run. */
#include "study/record.h"

#include "study/database.h"
#include "study/networks.h"

#include <endian.h>
#include <ermine/memory.h>
#include <ermine/version.h>
#include <string.h>

static enum er_status write_values(struct er_store *store, const struct er_job *job, int64_t row,
                                   const struct er_record *record, struct er_error *err)
{
    const struct er_column *column = job->run_column;
    enum er_status status = ER_OK;
    for (int64_t i = 0; status == ER_OK && column && column[i].name; i++)
        status =
            er_sql_run(store, "INSERT INTO results (run, name, value) VALUES (?, ?, ?)",
                       ER_VALUES(er_integer(row), er_text(column[i].name), er_real(record->value[i])), err);
    return status;
}

static enum er_status write_curves(struct er_store *store, const struct er_job *job, int64_t row,
                                   const struct er_record *record, struct er_error *err)
{
    const struct er_column *column = job->experiment->curve_column;
    const size_t size = (size_t)record->n_curve * sizeof(uint64_t);
    enum er_status status = ER_OK;
    uint64_t *bits = er_alloc(record->n_curve, sizeof *bits);
    if (!bits) return er_fail(err, ER_E_NOMEM, "store: out of memory for curves");
    for (int64_t i = 0; status == ER_OK && column && column[i].name; i++) {
        memcpy(bits, record->curve[i], size);
        for (int64_t j = 0; j < record->n_curve; j++) bits[j] = htole64(bits[j]);
        status = er_sql_run(store, "INSERT INTO curves (run, name, value) VALUES (?, ?, ?)",
                            ER_VALUES(er_integer(row), er_text(column[i].name), er_blob(bits, size)), err);
    }
    er_free(bits);
    return status;
}

static enum er_status write_run(struct er_store *store, const struct er_job *job, int64_t run,
                                const struct er_record *record, const char *point, const char *machine,
                                struct er_error *err)
{
    char now[ER_TIME_TEXT];
    return er_sql_run(
        store,
        "INSERT OR IGNORE INTO runs (key, experiment, point, outcome, note, seconds, records, finished,"
        " machine, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ER_VALUES(er_text(job->key[run]), er_text(job->experiment->name), er_text(point),
                  er_text(record->outcome), er_text(record->note ? record->note : ""),
                  er_real(record->seconds), er_integer(record->n_curve), er_text(er_time_text(now)),
                  er_text(machine), er_text(er_version())),
        err);
}

static enum er_status write(struct er_store *store, const struct er_job *job, int64_t run,
                            const struct er_record *record, const char *point, const char *machine,
                            struct er_error *err)
{
    const struct er_value *key = ER_VALUES(er_text(job->key[run]));
    const char *keep = er_networks_keep(job, run);
    enum er_status status = keep[0] ? er_sql_run(store, "DELETE FROM runs WHERE key = ?", key, err) : ER_OK;
    if (status == ER_OK) status = write_run(store, job, run, record, point, machine, err);
    if (status == ER_OK && sqlite3_changes(store->db) == 1) {
        int64_t row = sqlite3_last_insert_rowid(store->db);
        status = write_values(store, job, row, record, err);
        if (status == ER_OK) status = write_curves(store, job, row, record, err);
    }
    if (status == ER_OK) status = er_networks_finish(store, job->key[run], keep, err);
    if (status == ER_OK) status = er_sql_run(store, "DELETE FROM checkpoints WHERE key = ?", key, err);
    if (status == ER_OK) status = er_sql_run(store, "DELETE FROM claims WHERE key = ?", key, err);
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
