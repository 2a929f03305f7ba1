/* difference.c - reads a stored run number by number and notes the first of each column that is another. */
#include "study/difference.h"

#include "core/number.h"
#include "study/axes_table.h"
#include "study/database.h"

#include <endian.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static bool same_bits(double a, double b)
{
    return bits_of(a) == bits_of(b) || (isnan(a) && isnan(b));
}

static bool is_zero(double x)
{
    return fpclassify(x) == FP_ZERO;
}

static void number_text(double x, char out[ER_DIFFERENCE_TEXT])
{
    char text[ER_NUMBER_TEXT];
    snprintf(out, ER_DIFFERENCE_TEXT, "%s", is_zero(x) && signbit(x) ? "-0" : er_number_text(x, text));
}

/* A place at the end of the list; NULL when memory is out. */
static struct er_difference *add(struct er_differences *list, int64_t run, const char *column)
{
    struct er_difference *more = er_grow(list->entry, list->n, list->n + 1, sizeof *more);
    if (!more) return NULL;
    list->entry = more;
    more = &list->entry[list->n++];
    *more = (struct er_difference){.run = run, .column = column, .record = -1, .numbers = 1};
    return more;
}

static enum er_status no_memory(const struct er_job *job, struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "study %s: out of memory for what differs", job->name);
    return ER_E_NOMEM;
}

static enum er_status compare_words(const struct er_job *job, int64_t run, const char *column,
                                    const char *stored, const char *again, struct er_differences *out,
                                    struct er_error *err)
{
    if (strcmp(stored, again) == 0) return ER_OK;
    struct er_difference *d = add(out, run, column);
    if (!d) return no_memory(job, err);
    snprintf(d->stored, sizeof d->stored, "%.*s", ER_DIFFERENCE_TEXT - 1, stored);
    snprintf(d->recomputed, sizeof d->recomputed, "%.*s", ER_DIFFERENCE_TEXT - 1, again);
    return ER_OK;
}

/* The run's row; its outcome, its cause and the length of its curves are compared on the way. */
static enum er_status compare_run(struct er_store *store, const struct er_job *job, int64_t run,
                                  const struct er_record *record, int64_t *row, int64_t *records,
                                  struct er_differences *out, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool there = false;
    char lengths[2][ER_NUMBER_TEXT];
    enum er_status status = er_sql_open(store, "SELECT id, records, outcome, note FROM runs WHERE key = ?",
                                        ER_VALUES(er_text(job->key[run])), &statement, err);
    if (status == ER_OK) status = er_sql_next(store, statement, &there, err);
    if (status != ER_OK) return status;
    if (!there)
        return er_fail(err, ER_E_NOT_FOUND, "study %s: run %" PRId64 " is no longer in the store", job->name,
                       run);
    *row = sqlite3_column_int64(statement, 0);
    *records = sqlite3_column_int64(statement, 1);
    snprintf(lengths[0], sizeof lengths[0], "%" PRId64, *records);
    snprintf(lengths[1], sizeof lengths[1], "%" PRId64, record->n_curve);
    status = compare_words(job, run, "outcome", er_sql_text(statement, 2), record->outcome, out, err);
    if (status == ER_OK)
        status = compare_words(job, run, "note", er_sql_text(statement, 3), record->note ? record->note : "",
                               out, err);
    if (status == ER_OK) status = compare_words(job, run, "records", lengths[0], lengths[1], out, err);
    return status;
}

static enum er_status compare_values(struct er_store *store, const struct er_job *job, int64_t run,
                                     int64_t row, const struct er_record *record, struct er_differences *out,
                                     struct er_error *err)
{
    const struct er_column *column = job->run_column;
    for (int64_t i = 0; column && column[i].name; i++) {
        sqlite3_stmt *statement = NULL;
        bool there = false;
        enum er_status status =
            er_sql_open(store, "SELECT value FROM results WHERE run = ? AND name = ?",
                        ER_VALUES(er_integer(row), er_text(column[i].name)), &statement, err);
        if (status == ER_OK) status = er_sql_next(store, statement, &there, err);
        if (status != ER_OK) return status;
        const double stored = there ? er_sql_real(statement, 0) : (double)NAN, again = record->value[i];
        out->compared++;
        if (there && (same_bits(stored, again) || (is_zero(stored) && is_zero(again)))) continue;
        struct er_difference *d = add(out, run, column[i].name);
        if (!d) return no_memory(job, err);
        number_text(again, d->recomputed);
        if (there)
            number_text(stored, d->stored);
        else
            snprintf(d->stored, sizeof d->stored, "absent");
    }
    return ER_OK;
}

static double number_at(const void *blob, int64_t i)
{
    uint64_t bits;
    double x;
    memcpy(&bits, (const char *)blob + (size_t)i * sizeof bits, sizeof bits);
    bits = le64toh(bits);
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The `records` numbers that both have of one curve. */
static enum er_status compare_curve(const struct er_job *job, int64_t run, const char *column,
                                    const void *stored, const double *again, int64_t records,
                                    struct er_differences *out, struct er_error *err)
{
    struct er_difference *d = NULL;
    for (int64_t i = 0; i < records; i++) {
        const double x = number_at(stored, i);
        out->compared++;
        if (same_bits(x, again[i])) continue;
        if (d) {
            d->numbers++;
            continue;
        }
        d = add(out, run, column);
        if (!d) return no_memory(job, err);
        d->record = i;
        number_text(x, d->stored);
        number_text(again[i], d->recomputed);
    }
    return ER_OK;
}

static enum er_status compare_curves(struct er_store *store, const struct er_job *job, int64_t run,
                                     int64_t row, int64_t records, const struct er_record *record,
                                     struct er_differences *out, struct er_error *err)
{
    const struct er_column *column = job->experiment->curve_column;
    for (int64_t i = 0; column && column[i].name; i++) {
        sqlite3_stmt *statement = NULL;
        bool there = false;
        enum er_status status =
            er_sql_open(store, "SELECT value FROM curves WHERE run = ? AND name = ?",
                        ER_VALUES(er_integer(row), er_text(column[i].name)), &statement, err);
        if (status == ER_OK) status = er_sql_next(store, statement, &there, err);
        if (status != ER_OK) return status;
        if (!there) {
            status = compare_words(job, run, column[i].name, "absent", "a curve", out, err);
        } else if (sqlite3_column_bytes(statement, 0) / 8 != records) {
            status = er_fail(err, ER_E_IO, "store %s is damaged: the curves of run %s have different lengths",
                             store->path, job->key[run]);
        } else {
            const void *blob = sqlite3_column_blob(statement, 0);
            status = compare_curve(job, run, column[i].name, blob, record->curve[i],
                                   records < record->n_curve ? records : record->n_curve, out, err);
        }
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

enum er_status er_differences_find(struct er_store *store, const struct er_job *job, int64_t run,
                                   const struct er_record *record, struct er_differences *out,
                                   struct er_error *err)
{
    int64_t row = 0, records = 0;
    enum er_status status = er_sql_begin(store, false, err);
    if (status != ER_OK) return status;
    status = compare_run(store, job, run, record, &row, &records, out, err);
    if (status == ER_OK) status = compare_values(store, job, run, row, record, out, err);
    if (status == ER_OK) status = compare_curves(store, job, run, row, records, record, out, err);
    return er_sql_end(store, status, err);
}

/* By run; then values of the run as a whole before those of its curves. */
static int by_run(const void *a, const void *b)
{
    const struct er_difference *x = a, *y = b;
    if (x->run != y->run) return x->run < y->run ? -1 : 1;
    if ((x->record < 0) != (y->record < 0)) return x->record < 0 ? -1 : 1;
    return strcmp(x->column, y->column);
}

static bool fill(struct er_table *table, const struct er_job *job, const struct er_difference *d)
{
    struct er_cell *cell = &table->cell[table->rows * table->columns];
    if (!er_axes_table_fill(table, job, d->run, cell)) return false;
    cell += job->axes;
    cell[0].text = er_arena_strdup(table->memory, d->column);
    cell[1].number = d->record < 0 ? (double)NAN : (double)d->record;
    cell[2].number = (double)d->numbers;
    cell[3].text = er_arena_strdup(table->memory, d->stored);
    cell[4].text = er_arena_strdup(table->memory, d->recomputed);
    table->rows++;
    return cell[0].text && cell[3].text && cell[4].text;
}

enum er_status er_differences_table(const struct er_job *job, struct er_differences *differences,
                                    struct er_table *out, struct er_error *err)
{
    static const struct er_table_column more[] = {{.name = "column"},
                                                  {.name = "record", .numeric = true},
                                                  {.name = "numbers", .numeric = true},
                                                  {.name = "stored"},
                                                  {.name = "recomputed"}};
    enum { MORE = sizeof more / sizeof *more };
    struct er_table table = {0};
    bool made = er_axes_table_new(&table, job, MORE);
    for (int i = 0; made && i < MORE; i++) made = er_table_add_column(&table, more[i]);
    if (made) {
        table.cell = er_arena_alloc(table.memory, differences->n, (size_t)table.columns * sizeof *table.cell);
        made = table.cell != NULL;
    }
    if (made && differences->n > 0)
        qsort(differences->entry, (size_t)differences->n, sizeof *differences->entry, by_run);
    for (int64_t i = 0; made && i < differences->n; i++) made = fill(&table, job, &differences->entry[i]);
    if (!made) {
        er_table_clear(&table);
        return no_memory(job, err);
    }
    *out = table;
    return ER_OK;
}

void er_differences_clear(struct er_differences *differences)
{
    er_free(differences->entry);
    *differences = (struct er_differences){0};
}
