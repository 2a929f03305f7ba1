/* lease.c - a lease is a row (key, owner) of the table `claims`, made in the transaction that saw that the run is
 * neither finished nor leased by a living owner. */
#include "study/lease.h"

#include "study/database.h"
#include "study/networks.h"
#include "study/owner.h"

#include <ermine/memory.h>
#include <ermine/version.h>
#include <string.h>

static enum er_status look(struct er_store *store, struct er_leased run, enum er_lease_state *out,
                           struct er_error *err)
{
    const char *key = run.key;
    sqlite3_stmt *statement = NULL;
    bool row, kept = true;
    *out = ER_LEASE_FREE;
    enum er_status status =
        er_sql_open(store, "SELECT 1 FROM runs WHERE key = ?", ER_VALUES(er_text(key)), &statement, err);
    if (status == ER_OK) status = er_sql_next(store, statement, &row, err);
    if (status == ER_OK && row) status = er_networks_look(store, key, run.keep, &kept, err);
    if (status != ER_OK) return status;
    if (row && kept) {
        *out = ER_LEASE_DONE;
        return ER_OK;
    }
    status = er_sql_open(store, "SELECT owner FROM claims WHERE key = ?", ER_VALUES(er_text(key)), &statement,
                         err);
    if (status == ER_OK) status = er_sql_next(store, statement, &row, err);
    if (status == ER_OK && row && er_owner_lives(store, sqlite3_column_int64(statement, 0)))
        *out = ER_LEASE_TAKEN;
    return status;
}

enum er_status er_lease_look(struct er_store *store, const struct er_leased *run, int64_t n,
                             enum er_lease_state *out, struct er_error *err)
{
    enum er_status status = er_sql_begin(store, false, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; status == ER_OK && i < n; i++) status = look(store, run[i], &out[i], err);
    return er_sql_end(store, status, err);
}

/* A checkpoint of another version of the program may have another layout. */
static enum er_status read_checkpoint(struct er_store *store, const char *key, void **state, size_t *bytes,
                                      struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row;
    enum er_status status = er_sql_open(store, "SELECT state FROM checkpoints WHERE key = ? AND version = ?",
                                        ER_VALUES(er_text(key), er_text(er_version())), &statement, err);
    if (status == ER_OK) status = er_sql_next(store, statement, &row, err);
    if (status != ER_OK || !row) return status;
    const void *blob = sqlite3_column_blob(statement, 0);
    int size = sqlite3_column_bytes(statement, 0);
    if (!blob || size <= 0) return ER_OK;
    void *copy = er_alloc(size, 1);
    if (!copy) return er_fail(err, ER_E_NOMEM, "store: out of memory for a checkpoint of %d bytes", size);
    memcpy(copy, blob, (size_t)size);
    *state = copy;
    *bytes = (size_t)size;
    return ER_OK;
}

enum er_status er_lease_take(struct er_store *store, struct er_leased run, enum er_lease_state *out,
                             void **state, size_t *bytes, struct er_error *err)
{
    enum er_lease_state found;
    void *from = NULL;
    size_t size = 0;
    enum er_status status = er_sql_begin(store, true, err);
    if (status != ER_OK) return status;
    status = look(store, run, &found, err);
    if (status == ER_OK && found == ER_LEASE_FREE) {
        status = er_sql_run(store, "INSERT OR REPLACE INTO claims (key, owner) VALUES (?, ?)",
                            ER_VALUES(er_text(run.key), er_integer(store->owner)), err);
        if (status == ER_OK) status = read_checkpoint(store, run.key, &from, &size, err);
    }
    status = er_sql_end(store, status, err);
    if (status != ER_OK) {
        er_free(from);
        return status;
    }
    *out = found;
    *state = from;
    *bytes = size;
    return ER_OK;
}

enum er_status er_lease_release(struct er_store *store, const char *key, struct er_error *err)
{
    enum er_status status = er_sql_begin(store, true, err);
    if (status != ER_OK) return status;
    status = er_sql_run(store, "DELETE FROM claims WHERE key = ? AND owner = ?",
                        ER_VALUES(er_text(key), er_integer(store->owner)), err);
    return er_sql_end(store, status, err);
}

enum er_status er_lease_checkpoint(struct er_store *store, const char *key, const void *state, size_t bytes,
                                   struct er_error *err)
{
    char now[ER_TIME_TEXT];
    enum er_status status = er_sql_begin(store, true, err);
    if (status != ER_OK) return status;
    status = er_sql_run(
        store, "INSERT OR REPLACE INTO checkpoints (key, version, changed, state) VALUES (?, ?, ?, ?)",
        ER_VALUES(er_text(key), er_text(er_version()), er_text(er_time_text(now)), er_blob(state, bytes)),
        err);
    return er_sql_end(store, status, err);
}
