/* networks_table.c - the networks that are kept of a job's runs, as a table. */
#include "study/axes_table.h"
#include "study/database.h"
#include "study/networks.h"

#include <ermine/memory.h>
#include <math.h>
#include <sys/stat.h>

static const char rows_of_a_run[] = "SELECT moment, epoch, file FROM networks WHERE key = ? AND file <> ''"
                                    " ORDER BY moment = 'end', epoch";

static enum er_status no_memory(const struct er_job *job, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study %s: out of memory for its table", job->name);
}

static enum er_status count(struct er_store *store, const struct er_job *job, int64_t *n,
                            struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum er_status status = ER_OK;
    for (int64_t run = 0; status == ER_OK && run < job->runs; run++) {
        bool more = true;
        status = er_sql_open(store, rows_of_a_run, ER_VALUES(er_text(job->key[run])), &statement, err);
        while (status == ER_OK && more && (status = er_sql_next(store, statement, &more, err)) == ER_OK)
            *n += more;
    }
    return status;
}

/* The path, when there is still a file. */
static enum er_status find_file(const struct er_store *store, struct er_table *table, const char *file,
                                const char **out, struct er_error *err)
{
    struct stat st;
    char *path;
    enum er_status status = er_networks_path(store, file, &path, err);
    if (status != ER_OK) return status;
    const bool there = stat(path, &st) == 0;
    *out = there ? er_arena_strdup(table->memory, path) : NULL;
    er_free(path);
    return there && !*out ? er_fail(err, ER_E_NOMEM, "store: out of memory for a path") : ER_OK;
}

static enum er_status read_run(struct er_store *store, const struct er_job *job, int64_t run,
                               struct er_table *table, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool more = true;
    enum er_status status =
        er_sql_open(store, rows_of_a_run, ER_VALUES(er_text(job->key[run])), &statement, err);
    while (status == ER_OK && (status = er_sql_next(store, statement, &more, err)) == ER_OK && more) {
        struct er_cell *cell = &table->cell[table->rows++ * table->columns], *own = cell + job->axes;
        own[0].text = er_arena_strdup(table->memory, er_sql_text(statement, 0));
        own[1].number = er_sql_real(statement, 1);
        status = find_file(store, table, er_sql_text(statement, 2), &own[2].text, err);
        if (!own[0].text || !er_axes_table_fill(table, job, run, cell)) return no_memory(job, err);
    }
    return status;
}

static enum er_status read_all(struct er_store *store, const struct er_job *job, struct er_table *table,
                               struct er_error *err)
{
    int64_t n = 0;
    enum er_status status = count(store, job, &n, err);
    if (status != ER_OK) return status;
    table->cell = er_arena_alloc(table->memory, n, (size_t)table->columns * sizeof *table->cell);
    if (!table->cell) return no_memory(job, err);
    for (int64_t run = 0; status == ER_OK && run < job->runs; run++)
        status = read_run(store, job, run, table, err);
    return status;
}

enum er_status er_job_networks(struct er_store *store, const struct er_job *job, struct er_table *out,
                               struct er_error *err)
{
    struct er_table table = {0};
    const bool made =
        er_axes_table_new(&table, job, 3) &&
        er_table_add_column(&table, (struct er_table_column){.name = "moment"}) &&
        er_table_add_column(&table,
                            (struct er_table_column){.name = "epoch", .unit = "epochs", .numeric = true}) &&
        er_table_add_column(&table, (struct er_table_column){.name = "file"});
    enum er_status status = made ? er_sql_begin(store, false, err) : no_memory(job, err);
    if (status == ER_OK) status = er_sql_end(store, read_all(store, job, &table, err), err);
    if (status == ER_OK)
        *out = table;
    else
        er_table_clear(&table);
    return status;
}
