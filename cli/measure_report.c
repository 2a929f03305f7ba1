/* measure_report.c - what `ermine measure` prints. */
#include "measure_report.h"
#include "help.h"
#include "measure_guarantees.h"
#include "terminal.h"

#include "core/buffer.h"

#include <ermine/memory.h>
#include <ermine/table.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 4, JSON_COLUMNS = 16 };

static const char *direction(const struct er_measure *measure)
{
    return measure->direction > 0 ? "+" : "-";
}

static double gap(const struct measure_report *r)
{
    return r->test_error - r->train_error;
}

/* Prints it and frees nothing of it. */
static enum er_status print(const struct er_table *table, bool json, struct er_error *err)
{
    char *text = NULL;
    const enum er_status status = json ? er_table_json(table, &text, err)
                                       : er_table_text(table, terminal_width(stdout, 0), 0, &text, err);
    if (status == ER_OK) fputs(text, stdout);
    er_free(text);
    return status;
}

static struct er_cell *cells(int64_t rows, int64_t columns, struct er_error *err)
{
    struct er_cell *cell = er_alloc(rows * columns, sizeof *cell);
    if (!cell) er_fail(err, ER_E_NOMEM, "out of memory for a table");
    return cell;
}

static void say_errors(const struct measure_report *r)
{
    printf("%s: error %.4g on %" PRId64 " training examples", r->data, r->train_error, r->train);
    if (r->test > 0)
        printf(", %.4g on %" PRId64 " test examples: a gap of %.4g", r->test_error, r->test, gap(r));
    printf("\n\n");
}

static enum er_status say_values(const struct measure_report *r, struct er_error *err)
{
    struct er_table_column column[COLUMNS] = {{.name = "measure", .unit = "", .axis = true},
                                              {.name = "value", .unit = "", .numeric = true},
                                              {.name = "direction", .unit = ""},
                                              {.name = "source", .unit = ""}};
    struct er_cell *cell = cells(r->rows, COLUMNS, err);
    struct er_table table = {.column = column, .columns = COLUMNS, .cell = cell};
    if (!cell) return ER_E_NOMEM;
    for (int64_t i = 0; i < r->rows; i++) {
        const struct er_measure *m = r->row[i].measure;
        struct er_cell *at = cell + table.rows * COLUMNS;
        if (isnan(r->row[i].value)) continue;
        at[0].text = m->name;
        at[1].number = r->row[i].value;
        at[2].text = direction(m);
        at[3].text = m->source;
        table.rows++;
    }
    const enum er_status status = table.rows ? print(&table, false, err) : ER_OK;
    er_free(cell);
    if (status == ER_OK && table.rows)
        printf(
            "\ndirection: + where a larger value predicts a larger gap, - where it predicts a smaller one\n");
    return status;
}

/* Whether a row before this one has no value for the same reason. */
static bool is_said(const struct measure_report *r, int64_t i)
{
    for (int64_t j = 0; j < i; j++)
        if (isnan(r->row[j].value) && strcmp(r->row[j].why, r->row[i].why) == 0) return true;
    return false;
}

/* All measures that a reason keeps from having a value, and the reason. */
static enum er_status say_reason(const struct measure_report *r, int64_t i, struct er_error *err)
{
    struct er_buffer names = {0};
    for (int64_t j = i; j < r->rows; j++)
        if (isnan(r->row[j].value) && strcmp(r->row[j].why, r->row[i].why) == 0)
            er_buffer_format(&names, "%s%s", names.length ? ", " : "", r->row[j].measure->name);
    const enum er_status status = names.status;
    if (status == ER_OK) {
        help_wrap(stdout, names.data, 2, 0);
        help_wrap(stdout, r->row[i].why, 6, 0);
    } else
        er_fail(err, status, "out of memory for the names of measures");
    er_buffer_clear(&names);
    return status;
}

enum er_status measure_report_text(const struct measure_report *r, struct er_error *err)
{
    bool begun = false;
    say_errors(r);
    enum er_status status = say_values(r, err);
    if (status == ER_OK) status = measure_guarantees(r, err);
    for (int64_t i = 0; i < r->rows && status == ER_OK; i++) {
        if (!isnan(r->row[i].value) || is_said(r, i)) continue;
        if (!begun) printf("\nNot computed:\n\n");
        begun = true;
        status = say_reason(r, i, err);
    }
    return status;
}

enum er_status measure_report_json(const struct measure_report *r, struct er_error *err)
{
    static struct er_table_column column[JSON_COLUMNS] = {
        {.name = "measure", .unit = ""},
        {.name = "title", .unit = ""},
        {.name = "family", .unit = ""},
        {.name = "value", .unit = "", .numeric = true},
        {.name = "unit", .unit = ""},
        {.name = "direction", .unit = "", .numeric = true},
        {.name = "bound", .unit = "", .numeric = true},
        {.name = "bound_of", .unit = ""},
        {.name = "guaranteed_gap", .unit = "", .numeric = true},
        {.name = "gap", .unit = "", .numeric = true},
        {.name = "train_error", .unit = "", .numeric = true},
        {.name = "test_error", .unit = "", .numeric = true},
        {.name = "stochastic_test_error", .unit = "", .numeric = true},
        {.name = "formula", .unit = ""},
        {.name = "source", .unit = ""},
        {.name = "note", .unit = ""}};
    struct er_cell *cell = cells(r->rows, JSON_COLUMNS, err);
    if (!cell) return ER_E_NOMEM;
    for (int64_t i = 0; i < r->rows; i++) {
        const struct measure_row *row = &r->row[i];
        const struct er_measure *m = row->measure;
        const bool of_network = m->guarantee == ER_GUARANTEE_NETWORK,
                   stochastic = m->guarantee == ER_GUARANTEE_STOCHASTIC;
        const struct er_cell of[JSON_COLUMNS] = {
            {.text = m->name},
            {.text = m->title},
            {.text = m->family},
            {.number = row->value},
            {.text = m->unit},
            {.number = m->direction},
            {.number = of_network || stochastic},
            {.text = of_network   ? "network"
                     : stochastic ? "stochastic network"
                                  : NULL},
            {.number = of_network ? row->value - r->train_error : (double)NAN},
            {.number = gap(r)},
            {.number = r->train_error},
            {.number = r->test_error},
            {.number = row->test_error},
            {.text = m->help},
            {.text = m->source},
            {.text = isnan(row->value) ? row->why : NULL}};
        for (int c = 0; c < JSON_COLUMNS; c++) cell[i * JSON_COLUMNS + c] = of[c];
    }
    const struct er_table table = {.column = column, .columns = JSON_COLUMNS, .rows = r->rows, .cell = cell};
    const enum er_status status = print(&table, true, err);
    er_free(cell);
    return status;
}
