/* measure_guarantees.c - see measure_guarantees.h. */
#include "measure_guarantees.h"
#include "help.h"
#include "terminal.h"

#include <ermine/memory.h>
#include <ermine/table.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { COLUMNS = 4 };

/* Bounds of one kind that have a value. */
static int64_t count(const struct measure_report *r, enum er_guarantee kind)
{
    int64_t n = 0;
    for (int64_t i = 0; i < r->rows; i++)
        n += r->row[i].measure->guarantee == kind && !isnan(r->row[i].value);
    return n;
}

static enum er_status print(const struct measure_report *r, enum er_guarantee kind,
                            struct er_table_column column[COLUMNS], struct er_error *err)
{
    struct er_cell *cell = er_alloc(r->rows * COLUMNS, sizeof *cell);
    struct er_table table = {.column = column, .columns = COLUMNS, .cell = cell};
    const bool gaps = kind == ER_GUARANTEE_NETWORK;
    char *text = NULL;
    if (!cell) return er_fail(err, ER_E_NOMEM, "out of memory for a table");
    for (int64_t i = 0; i < r->rows; i++) {
        const struct measure_row *row = &r->row[i];
        struct er_cell *at = cell + table.rows * COLUMNS;
        if (row->measure->guarantee != kind || isnan(row->value)) continue;
        at[0].text = row->measure->name;
        at[1].number = gaps ? row->value - r->train_error : row->value;
        at[2].number = gaps ? r->test_error - r->train_error : row->test_error;
        at[3].text = row->value >= 1 ? "vacuous: 1 or more" : "below 1";
        table.rows++;
    }
    const enum er_status status = er_table_text(&table, terminal_width(stdout, 0), 0, &text, err);
    if (status == ER_OK) fputs(text, stdout);
    er_free(text);
    er_free(cell);
    return status;
}

static enum er_status say_network(const struct measure_report *r, struct er_error *err)
{
    struct er_table_column column[COLUMNS] = {{.name = "bound", .unit = "", .axis = true},
                                              {.name = "guaranteed gap", .unit = "", .numeric = true},
                                              {.name = "measured gap", .unit = "", .numeric = true},
                                              {.name = "it is", .unit = ""}};
    if (count(r, ER_GUARANTEE_NETWORK) == 0) return ER_OK;
    printf("\nGuarantees, each with probability %g over the draw of the examples:\n\n", 1 - ER_MEASURE_DELTA);
    return print(r, ER_GUARANTEE_NETWORK, column, err);
}

static enum er_status say_stochastic(const struct measure_report *r, struct er_error *err)
{
    struct er_table_column column[COLUMNS] = {
        {.name = "bound", .unit = "", .axis = true},
        {.name = "guaranteed stochastic error", .unit = "", .numeric = true},
        {.name = "measured stochastic error", .unit = "", .numeric = true},
        {.name = "it is", .unit = ""}};
    char text[400];
    if (count(r, ER_GUARANTEE_STOCHASTIC) == 0) return ER_OK;
    snprintf(text, sizeof text,
             "Guarantees for the stochastic network, whose weights are drawn anew for every prediction, each "
             "with probability %g; of the network itself, its error and its gap, they say nothing. They hold "
             "if the network of --init, around which the prior is, has not seen the training examples.",
             1 - ER_MEASURE_DELTA);
    printf("\n");
    help_wrap(stdout, text, 0, 0);
    printf("\n");
    return print(r, ER_GUARANTEE_STOCHASTIC, column, err);
}

enum er_status measure_guarantees(const struct measure_report *r, struct er_error *err)
{
    const int64_t n = count(r, ER_GUARANTEE_NETWORK) + count(r, ER_GUARANTEE_STOCHASTIC);
    const double together = 1 - (double)n * ER_MEASURE_DELTA;
    enum er_status status = say_network(r, err);
    if (status == ER_OK) status = say_stochastic(r, err);
    if (status == ER_OK && n > 1 && together > 0)
        printf("\nAll %" PRId64 " bounds hold at once, and so the least of them, with probability %g.\n", n,
               together);
    return status;
}
