/* results.c - what the store holds of a job, as tables.
 *
 * One lookup by key a run and one range of its results or curves, in one read transaction, so that a table
 * shows one moment of the store.
 */
#include "study/axes_table.h"
#include "study/database.h"
#include "study/job.h"

#include <endian.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A finished run of the job. */
struct found {
    int64_t run, row, records;
};

static int64_t count_columns(const struct er_column *column)
{
    int64_t n = 0;
    while (column && column[n].name) n++;
    return n;
}

static bool copy_result_columns(struct er_table *table, const struct er_column *column)
{
    for (; column && column->name; column++) {
        struct er_table_column copy = {
            .name = column->name, .unit = column->unit, .numeric = true, .logarithmic = column->logarithmic};
        if (!er_table_add_column(table, copy)) return false;
    }
    return true;
}

static enum er_status no_memory(const struct er_job *job, struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "study %s: out of memory for its table", job->name);
    return ER_E_NOMEM;
}

static enum er_status damaged(const struct er_store *store, const struct er_job *job, int64_t run,
                              struct er_error *err)
{
    return er_fail(err, ER_E_IO, "store %s is damaged: the curves of run %s have different lengths",
                   store->path, job->key[run]);
}

/* The numbers of the run in `row` into the columns from `first` on; NaN where the store has none. */
static enum er_status read_values(struct er_store *store, const struct er_table *table, int64_t row,
                                  int64_t first, int64_t n, struct er_cell *cell, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool more;
    for (int64_t j = first; j < first + n; j++) cell[j] = (struct er_cell){.number = (double)NAN};
    enum er_status status = er_sql_open(store, "SELECT name, value FROM results WHERE run = ?",
                                        ER_VALUES(er_integer(row)), &statement, err);
    while (status == ER_OK && (status = er_sql_next(store, statement, &more, err)) == ER_OK && more)
        for (int64_t j = first; j < first + n; j++)
            if (strcmp(table->column[j].name, er_sql_text(statement, 0)) == 0)
                cell[j].number = er_sql_real(statement, 1);
    return status;
}

static enum er_status read_runs(struct er_store *store, const struct er_job *job, struct er_table *table,
                                bool *noted, struct er_error *err)
{
    const int64_t values = count_columns(job->run_column), first = job->axes + 1;
    sqlite3_stmt *statement = NULL;
    enum er_status status = ER_OK;
    for (int64_t run = 0; status == ER_OK && run < job->runs; run++) {
        bool there;
        struct er_cell *cell = &table->cell[table->rows * table->columns];
        status = er_sql_open(store, "SELECT id, outcome, seconds, note FROM runs WHERE key = ?",
                             ER_VALUES(er_text(job->key[run])), &statement, err);
        if (status == ER_OK) status = er_sql_next(store, statement, &there, err);
        if (status != ER_OK || !there) continue;
        const char *note = er_sql_text(statement, 3);
        *noted = *noted || note[0];
        cell[job->axes].text = er_arena_strdup(table->memory, er_sql_text(statement, 1));
        cell[first + values].number = er_sql_real(statement, 2);
        cell[first + values + 1].text = note[0] ? er_arena_strdup(table->memory, note) : NULL;
        if (!cell[job->axes].text || (note[0] && !cell[first + values + 1].text) ||
            !er_axes_table_fill(table, job, run, cell))
            return no_memory(job, err);
        status = read_values(store, table, sqlite3_column_int64(statement, 0), first, values, cell, err);
        table->rows++;
    }
    return status;
}

/* Takes the last column away. */
static void drop_last(struct er_table *table)
{
    const int64_t kept = table->columns - 1;
    for (int64_t i = 1; i < table->rows; i++)
        memmove(&table->cell[i * kept], &table->cell[i * table->columns], (size_t)kept * sizeof *table->cell);
    table->columns = kept;
}

/* The columns of runs, "note" last; false when memory is out. */
static bool runs_head(const struct er_job *job, struct er_table *table)
{
    return er_axes_table_new(table, job, 3 + count_columns(job->run_column)) &&
           er_table_add_column(table, (struct er_table_column){.name = "outcome"}) &&
           copy_result_columns(table, job->run_column) &&
           er_table_add_column(table,
                               (struct er_table_column){.name = "seconds", .unit = "s", .numeric = true}) &&
           er_table_add_column(table, (struct er_table_column){.name = "note"});
}

/* The columns of curves. */
static bool curves_head(const struct er_job *job, struct er_table *table)
{
    return er_axes_table_new(table, job, count_columns(job->experiment->curve_column)) &&
           copy_result_columns(table, job->experiment->curve_column);
}

enum er_status er_job_heads(const struct er_job *job, struct er_table *runs, struct er_table *curves,
                            struct er_error *err)
{
    struct er_table made[2] = {0};
    if (runs_head(job, &made[0]) && curves_head(job, &made[1])) {
        *runs = made[0];
        *curves = made[1];
        return ER_OK;
    }
    er_table_clear(&made[0]);
    er_table_clear(&made[1]);
    return no_memory(job, err);
}

enum er_status er_job_grid(const struct er_job *job, struct er_table *out, struct er_error *err)
{
    struct er_table table = {0};
    bool made = runs_head(job, &table);
    if (made)
        table.cell = er_arena_alloc(table.memory, job->runs, (size_t)table.columns * sizeof *table.cell);
    made = made && table.cell;
    for (int64_t run = 0; made && run < job->runs; run++) {
        struct er_cell *cell = &table.cell[run * table.columns];
        for (int64_t j = job->axes; j < table.columns; j++)
            if (table.column[j].numeric) cell[j].number = (double)NAN;
        made = er_axes_table_fill(&table, job, run, cell);
        table.rows++;
    }
    if (made) {
        *out = table;
        return ER_OK;
    }
    er_table_clear(&table);
    return no_memory(job, err);
}

enum er_status er_job_table(struct er_store *store, const struct er_job *job, struct er_table *out,
                            struct er_error *err)
{
    struct er_table table = {0};
    bool noted = false;
    const bool made = runs_head(job, &table);
    if (made)
        table.cell = er_arena_alloc(table.memory, job->runs, (size_t)table.columns * sizeof *table.cell);
    enum er_status status = table.cell ? er_sql_begin(store, false, err) : no_memory(job, err);
    if (status == ER_OK) status = er_sql_end(store, read_runs(store, job, &table, &noted, err), err);
    if (status != ER_OK) {
        er_table_clear(&table);
        return status;
    }
    if (!noted) drop_last(&table);
    *out = table;
    return ER_OK;
}

enum er_status er_job_source_table(struct er_store *store, const struct er_job *job, struct er_table *out,
                                   struct er_error *err)
{
    const struct er_job *source = job->reads;
    struct er_table table = {0};
    if (!source) {
        *out = table;
        return ER_OK;
    }
    enum er_status status = er_job_table(store, source, &table, err);
    if (status == ER_OK && table.rows < source->runs)
        status = er_fail(err, ER_E_NOT_FOUND,
                         "study %s reads the results of %s, of which %" PRId64 " of %" PRId64
                         " runs are in the store",
                         job->name, source->name, table.rows, source->runs);
    if (status == ER_OK)
        *out = table;
    else
        er_table_clear(&table);
    return status;
}

static enum er_status find_runs(struct er_store *store, const struct er_job *job, struct found *found,
                                int64_t *n, int64_t *records, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum er_status status = ER_OK;
    for (int64_t run = 0; status == ER_OK && run < job->runs; run++) {
        bool there;
        status = er_sql_open(store, "SELECT id, records FROM runs WHERE key = ?",
                             ER_VALUES(er_text(job->key[run])), &statement, err);
        if (status == ER_OK) status = er_sql_next(store, statement, &there, err);
        if (status != ER_OK || !there) continue;
        struct found f = {run, sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1)};
        if (f.records < 0 || __builtin_add_overflow(*records, f.records, records))
            return damaged(store, job, run, err);
        found[(*n)++] = f;
    }
    return status;
}

/* Column `column` of a run's records from a blob of little-endian float64. */
static void unpack(const void *blob, int64_t records, int64_t columns, struct er_cell *cell)
{
    for (int64_t i = 0; i < records; i++) {
        uint64_t bits;
        memcpy(&bits, (const char *)blob + (size_t)i * sizeof bits, sizeof bits);
        bits = le64toh(bits);
        memcpy(&cell[i * columns].number, &bits, sizeof bits);
    }
}

static enum er_status read_curve(struct er_store *store, const struct er_job *job, struct er_table *table,
                                 const struct found *found, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool more;
    struct er_cell *cell = &table->cell[table->rows * table->columns];
    for (int64_t i = 0; i < found->records; i++) {
        if (i > 0) memcpy(&cell[i * table->columns], cell, (size_t)job->axes * sizeof *cell);
        if (i == 0 && !er_axes_table_fill(table, job, found->run, cell)) return no_memory(job, err);
        for (int64_t j = job->axes; j < table->columns; j++)
            cell[i * table->columns + j].number = (double)NAN;
    }
    enum er_status status = er_sql_open(store, "SELECT name, value FROM curves WHERE run = ?",
                                        ER_VALUES(er_integer(found->row)), &statement, err);
    while (status == ER_OK && (status = er_sql_next(store, statement, &more, err)) == ER_OK && more) {
        const void *blob = sqlite3_column_blob(statement, 1);
        if (sqlite3_column_bytes(statement, 1) / 8 != found->records)
            return damaged(store, job, found->run, err);
        for (int64_t j = job->axes; j < table->columns; j++)
            if (strcmp(table->column[j].name, er_sql_text(statement, 0)) == 0)
                unpack(blob, found->records, table->columns, cell + j);
    }
    table->rows += found->records;
    return status;
}

static enum er_status read_curves(struct er_store *store, const struct er_job *job, struct er_table *table,
                                  struct er_error *err)
{
    int64_t n = 0, records = 0;
    struct found *found = er_alloc(job->runs, sizeof *found);
    if (!found) return no_memory(job, err);
    enum er_status status = find_runs(store, job, found, &n, &records, err);
    if (status == ER_OK) {
        table->cell = er_arena_alloc(table->memory, records, (size_t)table->columns * sizeof *table->cell);
        if (!table->cell) status = no_memory(job, err);
    }
    for (int64_t i = 0; status == ER_OK && i < n; i++) status = read_curve(store, job, table, &found[i], err);
    er_free(found);
    return status;
}

enum er_status er_job_curves(struct er_store *store, const struct er_job *job, struct er_table *out,
                             struct er_error *err)
{
    struct er_table table = {0};
    const bool made = curves_head(job, &table);
    enum er_status status = made ? er_sql_begin(store, false, err) : no_memory(job, err);
    if (status == ER_OK) status = er_sql_end(store, read_curves(store, job, &table, err), err);
    if (status == ER_OK)
        *out = table;
    else
        er_table_clear(&table);
    return status;
}
