/* database.c - the connection to a store's SQLite file.
 *
 * Write-ahead log with synchronous = NORMAL. What is committed is in the log file, in the hands of the
 * operating system: a killed process loses nothing of it. The log is flushed to the disk only when it is
 * copied back, so a power cut may lose the last transactions; it never leaves a part of one, since each frame
 * of the log carries a checksum and a log is valid only up to a commit. A lost run is computed again, to the
 * same bits, which makes a flush per run a poor trade.
 *
 * The log's index is memory shared between processes, so all of them must be on one host.
 */
#include "study/database.h"

#include "core/buffer.h"
#include <ermine/memory.h>

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* The system's reason: SQLite's own note of it, or what it remembers with the database file or the log. */
static int system_reason(sqlite3 *db)
{
    sqlite3_file *file = NULL;
    int reason = db ? sqlite3_system_errno(db) : 0;
    if (!db || reason) return reason;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &reason);
    if (reason == 0 && sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK &&
        file && file->pMethods)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
    return reason;
}

enum er_status er_sql_fail(const struct er_store *store, int code, struct er_error *err)
{
    const char *path = store->path;
    int error = system_reason(store->db);
    const char *said = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return er_fail(err, ER_E_NOMEM, "store %s: out of memory", path);
    case SQLITE_FULL:
        return er_fail(err, ER_E_FULL, "store %s: no space left on the disk", path);
    case SQLITE_BUSY:
        return er_fail(err, ER_E_BUSY, "store %s: locked by another process for more than %d s", path,
                       ER_SQL_BUSY_S);
    case SQLITE_NOTADB:
        return er_fail(err, ER_E_IO, "%s is not a store: not an SQLite database", path);
    case SQLITE_CORRUPT:
        return er_fail(err, ER_E_IO, "store %s is damaged: %s", path, said);
    case SQLITE_READONLY:
        return er_fail(err, ER_E_IO, "store %s cannot be written: it or its folder is read-only", path);
    case SQLITE_TOOBIG:
        return er_fail(err, ER_E_LIMIT, "store %s: a value is too long for SQLite", path);
    case SQLITE_CANTOPEN:
        return er_fail(err, ER_E_IO, "store %s cannot be opened: %s", path,
                       error ? strerror(error) : "its folder cannot be written");
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM) return er_fail(err, ER_E_NOMEM, "store %s: out of memory", path);
        if (error == ENOSPC || error == EDQUOT || error == EFBIG)
            return er_fail(err, ER_E_FULL, "store %s: no space left: %s", path, strerror(error));
        return er_fail(err, ER_E_IO, "store %s: %s: %s", path, said, error ? strerror(error) : "unknown");
    default:
        return er_fail(err, ER_E_IO, "store %s: %s", path, said);
    }
}

/* True when nothing waits in the write-ahead log, so that the database file alone is the whole store. */
static bool log_is_empty(const char *path)
{
    struct er_buffer name = {0};
    char *text = NULL;
    struct stat st;
    er_buffer_format(&name, "%s-wal", path);
    if (er_buffer_take(&name, &text, NULL) != ER_OK) return false;
    bool empty = stat(text, &st) != 0 ? errno == ENOENT : st.st_size == 0;
    er_free(text);
    return empty;
}

/* Reads from a folder that cannot be written, where SQLite cannot make the files of its log: as a file that
 * nobody changes. */
static int open_immutable(struct er_store *store)
{
    struct er_buffer uri = {0};
    char *text = NULL;
    er_buffer_text(&uri, "file:");
    for (const char *c = store->path; *c; c++)
        if (strchr("%?#", *c))
            er_buffer_format(&uri, "%%%02X", (unsigned)(unsigned char)*c);
        else
            er_buffer_char(&uri, *c);
    er_buffer_text(&uri, "?immutable=1");
    if (er_buffer_take(&uri, &text, NULL) != ER_OK) return SQLITE_NOMEM;
    sqlite3_close(store->db);
    store->db = NULL;
    int code =
        sqlite3_open_v2(text, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    er_free(text);
    return code;
}

static int first_read(struct er_store *store)
{
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, ER_SQL_BUSY_S * 1000);
    return sqlite3_exec(store->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
}

/* Turns the write-ahead log on. SQLite does not wait for this lock by itself, and two processes may make one
 * store at the same moment. */
static enum er_status use_log(struct er_store *store, struct er_error *err)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    sqlite3_stmt *mode = NULL;
    bool on = false;
    int code = SQLITE_BUSY;
    for (int i = 0; i < ER_SQL_BUSY_S * 100 && (code & 0xff) == SQLITE_BUSY; i++) {
        if (i > 0) nanosleep(&pause, NULL);
        code = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode = WAL", -1, &mode, NULL);
        if (code == SQLITE_OK && (code = sqlite3_step(mode)) == SQLITE_ROW)
            on = strcmp(er_sql_text(mode, 0), "wal") == 0;
        sqlite3_finalize(mode);
    }
    if (code != SQLITE_ROW) return er_sql_fail(store, code, err);
    if (!on)
        return er_fail(err, ER_E_IO, "store %s: its file system cannot share memory between processes",
                       store->path);
    return ER_OK;
}

enum er_status er_database_open(struct er_store *store, struct er_error *err)
{
    const int flags = (store->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                      SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(store->path, &store->db, flags, NULL);
    if (code == SQLITE_OK) code = first_read(store);
    bool barred = (code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY;
    if (store->read_only && barred && log_is_empty(store->path)) {
        code = open_immutable(store);
        if (code == SQLITE_OK) code = first_read(store);
    }
    if (code != SQLITE_OK) return er_sql_fail(store, code, err);
    if (!store->read_only && sqlite3_db_readonly(store->db, "main"))
        return er_sql_fail(store, SQLITE_READONLY, err);
    /* A store may come from anywhere: its schema is not trusted to call functions. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    enum er_status status = store->read_only ? ER_OK : use_log(store, err);
    if (status != ER_OK) return status;
    return er_sql_script(store,
                         "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                         "PRAGMA journal_size_limit = 67108864",
                         err);
}

void er_database_close(struct er_store *store)
{
    for (int i = 0; i < store->statements; i++) sqlite3_finalize(store->statement[i].handle);
    store->statements = 0;
    sqlite3_close(store->db);
    store->db = NULL;
}

enum er_status er_sql_script(struct er_store *store, const char *text, struct er_error *err)
{
    int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? ER_OK : er_sql_fail(store, code, err);
}

enum er_status er_sql_begin(struct er_store *store, bool write, struct er_error *err)
{
    if (write && store->read_only)
        return er_fail(err, ER_E_IO, "store %s was opened for reading only", store->path);
    pthread_mutex_lock(&store->mutex);
    enum er_status status = er_sql_run(store, write ? "BEGIN IMMEDIATE" : "BEGIN", NULL, err);
    if (status != ER_OK) pthread_mutex_unlock(&store->mutex);
    return status;
}

enum er_status er_sql_end(struct er_store *store, enum er_status status, struct er_error *err)
{
    for (int i = 0; i < store->statements; i++) {
        sqlite3_reset(store->statement[i].handle);
        sqlite3_clear_bindings(store->statement[i].handle);
    }
    if (status == ER_OK) status = er_sql_run(store, "COMMIT", NULL, err);
    if (!sqlite3_get_autocommit(store->db)) er_sql_run(store, "ROLLBACK", NULL, NULL);
    pthread_mutex_unlock(&store->mutex);
    return status;
}

static enum er_status prepare(struct er_store *store, const char *text, sqlite3_stmt **out,
                              struct er_error *err)
{
    int i = 0;
    while (i < store->statements && strcmp(store->statement[i].text, text) != 0) i++;
    if (i == store->statements) {
        assert(i < ER_SQL_MOST);
        int code = sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT,
                                      &store->statement[i].handle, NULL);
        if (code != SQLITE_OK) return er_sql_fail(store, code, err);
        store->statement[i].text = text;
        store->statements++;
    }
    *out = store->statement[i].handle;
    sqlite3_reset(*out);
    return ER_OK;
}

static int bind(sqlite3_stmt *statement, int place, const struct er_value *value)
{
    switch (value->type) {
    case ER_VALUE_TEXT:
        return sqlite3_bind_text(statement, place, value->text, -1, SQLITE_STATIC);
    case ER_VALUE_INTEGER:
        return sqlite3_bind_int64(statement, place, value->integer);
    case ER_VALUE_REAL:
        return sqlite3_bind_double(statement, place, value->real);
    case ER_VALUE_BLOB:
        return sqlite3_bind_blob64(statement, place, value->bytes ? value->blob : "", value->bytes,
                                   SQLITE_STATIC);
    case ER_VALUE_END:
        break;
    }
    return SQLITE_OK;
}

enum er_status er_sql_open(struct er_store *store, const char *text, const struct er_value *value,
                           sqlite3_stmt **out, struct er_error *err)
{
    enum er_status status = prepare(store, text, out, err);
    for (int i = 0; status == ER_OK && value && value[i].type != ER_VALUE_END; i++) {
        int code = bind(*out, i + 1, &value[i]);
        if (code != SQLITE_OK) status = er_sql_fail(store, code, err);
    }
    return status;
}

enum er_status er_sql_next(struct er_store *store, sqlite3_stmt *statement, bool *row, struct er_error *err)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE) return ER_OK;
    return er_sql_fail(store, code, err);
}

enum er_status er_sql_run(struct er_store *store, const char *text, const struct er_value *value,
                          struct er_error *err)
{
    bool row;
    sqlite3_stmt *statement = NULL;
    enum er_status status = er_sql_open(store, text, value, &statement, err);
    return status == ER_OK ? er_sql_next(store, statement, &row, err) : status;
}

const char *er_sql_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? text : "";
}

double er_sql_real(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return (double)NAN;
    return sqlite3_column_double(statement, column);
}

char *er_time_text(char out[ER_TIME_TEXT])
{
    struct timespec now;
    struct tm utc;
    char day[24];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out, ER_TIME_TEXT, "%s.%03dZ", day, (int)(now.tv_nsec / 1000000));
    return out;
}
