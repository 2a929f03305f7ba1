/* migrate.c - the tables of a store, by version.
 *
 *     studies      what was run into this store: name, file, the YAML as written, digest of its keys
 *     study_runs   the keys of each study, in grid order
 *     runs         one row a finished run, under the key that names all that it depends on
 *     results      its numbers: one row a run and column; NULL where a number is NaN
 *     curves       its curves: one row a run and column; little-endian float64, runs.records of them
 *                  (numpy.frombuffer(value, '<f8'))
 *     networks     files of networks that were kept: one row a run's key and moment; the path from the
 *                  store's folder, "" when the run ended before that moment
 *     checkpoints  where unfinished runs go on from
 *     owners       open stores (owner.h)
 *     claims       leases: which of them computes which key (lease.h). The table is from before studies could claim
 *                  something, and keeps its name; stores that exist need no new version for a word
 *     sources      checksums of data by their files' names, sizes and times
 *
 * A new version is one more entry of `migration`: the statements that make it from the one before.
 */
#include "study/migrate.h"

#include "study/database.h"

static const char *const migration[ER_STORE_VERSION] = {
    "CREATE TABLE studies (id INTEGER PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL,"
    "  source TEXT NOT NULL, digest TEXT NOT NULL, runs INTEGER NOT NULL, changed TEXT NOT NULL,"
    "  UNIQUE (name, file)) STRICT;"
    "CREATE TABLE study_runs (study INTEGER NOT NULL REFERENCES studies ON DELETE CASCADE,"
    "  place INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (study, place)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE runs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, experiment TEXT NOT NULL,"
    "  point TEXT NOT NULL, outcome TEXT NOT NULL, note TEXT NOT NULL, seconds REAL,"
    "  records INTEGER NOT NULL, finished TEXT NOT NULL, machine TEXT NOT NULL, version TEXT NOT NULL)"
    "  STRICT;"
    "CREATE TABLE results (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, name TEXT NOT NULL,"
    "  value REAL, PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE curves (run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, name TEXT NOT NULL,"
    "  value BLOB NOT NULL, PRIMARY KEY (run, name)) STRICT;"
    "CREATE TABLE checkpoints (key TEXT PRIMARY KEY, version TEXT NOT NULL, changed TEXT NOT NULL,"
    "  state BLOB NOT NULL) STRICT;"
    "CREATE TABLE owners (number INTEGER PRIMARY KEY AUTOINCREMENT, process INTEGER NOT NULL,"
    "  since TEXT NOT NULL) STRICT;"
    "CREATE TABLE claims (key TEXT PRIMARY KEY,"
    "  owner INTEGER NOT NULL REFERENCES owners ON DELETE CASCADE) STRICT, WITHOUT ROWID;"
    "CREATE INDEX claims_of_owner ON claims (owner);"
    "CREATE TABLE sources (files TEXT PRIMARY KEY, stamp TEXT NOT NULL, checksum TEXT NOT NULL) STRICT;",

    "CREATE TABLE networks (key TEXT NOT NULL, moment TEXT NOT NULL, epoch INTEGER, file TEXT NOT NULL,"
    "  PRIMARY KEY (key, moment)) STRICT, WITHOUT ROWID;",
};

static enum er_status number(struct er_store *store, const char *query, int64_t *out, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row;
    enum er_status status = er_sql_open(store, query, NULL, &statement, err);
    if (status == ER_OK) status = er_sql_next(store, statement, &row, err);
    if (status == ER_OK) *out = sqlite3_column_int64(statement, 0);
    return status;
}

static enum er_status look(struct er_store *store, int64_t *version, struct er_error *err)
{
    int64_t application = 0, tables = 0;
    enum er_status status = number(store, "PRAGMA user_version", version, err);
    if (status == ER_OK) status = number(store, "PRAGMA application_id", &application, err);
    if (status == ER_OK) status = number(store, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (status != ER_OK) return status;
    if (application != ER_STORE_APPLICATION && (application || *version || tables || store->read_only))
        return er_fail(err, ER_E_IO, "%s is not a store: an SQLite database of another program", store->path);
    if (*version > ER_STORE_VERSION)
        return er_fail(err, ER_E_INPUT,
                       "store %s has layout version %lld, made by a newer Ermine; this one knows up to %d",
                       store->path, (long long)*version, (int)ER_STORE_VERSION);
    if (*version < 0 || (*version == 0 && application))
        return er_fail(err, ER_E_INPUT, "store %s has layout version %lld, which there never was",
                       store->path, (long long)*version);
    if (store->read_only && *version < ER_STORE_VERSION)
        return er_fail(err, ER_E_INPUT,
                       "store %s has layout version %lld; run a study into it once to bring it to version %d",
                       store->path, (long long)*version, (int)ER_STORE_VERSION);
    return ER_OK;
}

static enum er_status bring_up(struct er_store *store, struct er_error *err)
{
    int64_t version = 0;
    char pragma[96];
    enum er_status status = look(store, &version, err); /* again: another process may have been faster */
    if (status != ER_OK || version == ER_STORE_VERSION) return status;
    for (; status == ER_OK && version < ER_STORE_VERSION; version++)
        status = er_sql_script(store, migration[version], err);
    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %d; PRAGMA application_id = %d",
                     (int)ER_STORE_VERSION, (int)ER_STORE_APPLICATION);
    return status == ER_OK ? er_sql_script(store, pragma, err) : status;
}

enum er_status er_store_migrate(struct er_store *store, struct er_error *err)
{
    int64_t version = 0;
    enum er_status status = er_sql_begin(store, false, err);
    if (status != ER_OK) return status;
    status = er_sql_end(store, look(store, &version, err), err);
    if (status != ER_OK || version == ER_STORE_VERSION) return status;
    status = er_sql_begin(store, true, err);
    return status == ER_OK ? er_sql_end(store, bring_up(store, err), err) : status;
}
