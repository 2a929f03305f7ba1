/* tables.c - tables of results made by hand. */
#include "support/tables.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct er_table table_make(const struct er_table_column *column, int64_t columns, int64_t rows)
{
    struct er_table table = {.columns = columns, .rows = rows};
    if (er_arena_new((size_t)1 << 30, &table.memory, NULL) != ER_OK) abort();
    table.column = er_arena_alloc(table.memory, columns, sizeof *table.column);
    table.cell = er_arena_alloc(table.memory, columns * rows, sizeof *table.cell);
    if (!table.column || !table.cell) abort();
    memcpy(table.column, column, (size_t)columns * sizeof *column);
    for (int64_t i = 0; i < columns * rows; i++) table.cell[i].number = (double)NAN;
    return table;
}

static struct er_cell *cell(struct er_table *table, int64_t i, const char *column)
{
    const int64_t j = er_table_find(table, column);
    if (j < 0 || i < 0 || i >= table->rows) abort();
    return &table->cell[i * table->columns + j];
}

void table_number(struct er_table *table, int64_t i, const char *column, double value)
{
    cell(table, i, column)->number = value;
}

void table_word(struct er_table *table, int64_t i, const char *column, const char *word)
{
    cell(table, i, column)->text = word;
}
