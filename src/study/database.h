/* database.h - one connection to a store's SQLite file: transactions, cached statements, errors in our words.
 *
 * A store has one connection and one mutex. er_sql_begin() takes the mutex and opens a transaction,
 * er_sql_end() commits (or rolls back after a failure) and gives the mutex back; every statement runs between
 * the two. Writing transactions are IMMEDIATE: what they read cannot change before they write.
 */
#ifndef ERMINE_STUDY_DATABASE_H
#define ERMINE_STUDY_DATABASE_H

#include <ermine/status.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>

enum { ER_SQL_MOST = 64, ER_SQL_BUSY_S = 60 };

struct er_store {
    sqlite3 *db;
    char *path;
    bool read_only;
    pthread_mutex_t mutex;
    struct {
        const char *text;
        sqlite3_stmt *handle;
    } statement[ER_SQL_MOST]; /* prepared when first used */
    int statements;
    int owners;    /* the lock file of owner.h; -1 when read only */
    int64_t owner; /* this store's number in it; 0 when read only */
};

/* Opens store->path (as store->read_only says) and sets the connection up. The caller closes it on failure
 * too. */
enum er_status er_database_open(struct er_store *store, struct er_error *err);
void er_database_close(struct er_store *store);

/* Takes the mutex and begins a transaction; on failure neither is held. */
enum er_status er_sql_begin(struct er_store *store, bool write, struct er_error *err);

/* Ends it: COMMIT when `status` is ER_OK, ROLLBACK otherwise. Returns `status`, or why the commit failed. */
enum er_status er_sql_end(struct er_store *store, enum er_status status, struct er_error *err);

/* What a statement's `?` stands for. Texts and blobs are borrowed until the statement is used again or the
 * transaction ends. */
struct er_value {
    enum { ER_VALUE_END, ER_VALUE_TEXT, ER_VALUE_INTEGER, ER_VALUE_REAL, ER_VALUE_BLOB } type;
    union {
        const char *text; /* NULL is NULL */
        int64_t integer;
        double real; /* NaN becomes NULL */
        const void *blob;
    };
    size_t bytes; /* of a blob */
};

/* The arguments of a statement, in order: ER_VALUES(er_text(key), er_integer(3)). */
#define ER_VALUES(...)                                                                                       \
    (const struct er_value[])                                                                                \
    {                                                                                                        \
        __VA_ARGS__,                                                                                         \
        {                                                                                                    \
            .type = ER_VALUE_END                                                                             \
        }                                                                                                    \
    }

static inline struct er_value er_text(const char *text)
{
    return (struct er_value){.type = ER_VALUE_TEXT, .text = text};
}
static inline struct er_value er_integer(int64_t integer)
{
    return (struct er_value){.type = ER_VALUE_INTEGER, .integer = integer};
}
static inline struct er_value er_real(double real)
{
    return (struct er_value){.type = ER_VALUE_REAL, .real = real};
}
static inline struct er_value er_blob(const void *blob, size_t bytes)
{
    return (struct er_value){.type = ER_VALUE_BLOB, .blob = blob, .bytes = bytes};
}

/* A statement with its values bound (NULL: it has none), ready to step. */
enum er_status er_sql_open(struct er_store *store, const char *text, const struct er_value *value,
                           sqlite3_stmt **out, struct er_error *err);

/* The next row: *row is false after the last. */
enum er_status er_sql_next(struct er_store *store, sqlite3_stmt *statement, bool *row, struct er_error *err);

/* A statement without rows, from binding to done. */
enum er_status er_sql_run(struct er_store *store, const char *text, const struct er_value *value,
                          struct er_error *err);

/* Several statements without arguments, not cached. */
enum er_status er_sql_script(struct er_store *store, const char *text, struct er_error *err);

/* Fills err from SQLite's result code of the call that has just failed. */
enum er_status er_sql_fail(const struct er_store *store, int code, struct er_error *err);

/* A text column of the current row, "" when it is NULL; valid until the next step. */
const char *er_sql_text(sqlite3_stmt *statement, int column);

/* A real column of the current row; NULL is NaN. */
double er_sql_real(sqlite3_stmt *statement, int column);

/* Now in UTC with milliseconds, "2031-05-06T07:08:09.123Z": texts of this form sort by time. */
enum { ER_TIME_TEXT = 32 };
char *er_time_text(char out[ER_TIME_TEXT]);

#endif
