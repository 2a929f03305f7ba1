/* A table as CSV, JSON and text: exact numbers, safe words, aligned columns. */
#include "t.h"

#include <ermine/table.h>
#include <jansson.h>

static struct er_error err;

/* The table's memory is its arena; names and texts are constants here. */
static enum er_status make(struct er_table *out)
{
    static const struct er_table_column column[] = {{"width", "units", true, false, true},
                                                    {"model", "", false, false, true},
                                                    {"seed", "", true, false, true},
                                                    {"test_error", "", true, false, false},
                                                    {"loss", "nats", true, true, false}};
    static const struct er_cell cell[] = {{512, NULL},         {0, "[dense 512, relu]"},
                                          {0, NULL},           {0.1, NULL},
                                          {1e-5, NULL},        {1, NULL},
                                          {0, "say \"hi\"\n"}, {1, NULL},
                                          {NAN, NULL},         {INFINITY, NULL},
                                          {-0.0, NULL},        {0, NULL},
                                          {2, NULL},           {1.0 / 3, NULL},
                                          {123456.75, NULL}};
    struct er_table table = {.columns = 5, .rows = 3};
    enum er_status status = er_arena_new(1 << 20, &table.memory, NULL);
    if (status != ER_OK) return status;
    table.column = er_arena_alloc(table.memory, 5, sizeof *table.column);
    table.cell = er_arena_alloc(table.memory, 15, sizeof *table.cell);
    if (!table.column || !table.cell) {
        er_table_clear(&table);
        return ER_E_NOMEM;
    }
    memcpy(table.column, column, sizeof column);
    memcpy(table.cell, cell, sizeof cell);
    *out = table;
    return ER_OK;
}

static void csv(const struct er_table *table)
{
    char *text = NULL;
    T_STATUS(er_table_csv(table, &text, &err), ER_OK, "csv");
    T_EQ_STR(text,
             "width,model,seed,test_error,loss\n"
             "512,\"[dense 512, relu]\",0,0.1,1e-5\n"
             "1,\"say \"\"hi\"\"\n\",1,,inf\n"
             "0,,2,0.3333333333333333,123456.75\n",
             "csv");
    er_free(text);
    T_ALLOCATIONS(er_table_csv(table, &text, NULL), er_free(text), "csv survives failed allocations");
}

static void json(const struct er_table *table)
{
    char *text = NULL;
    json_error_t error;
    T_STATUS(er_table_json(table, &text, &err), ER_OK, "json");
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    T_OK(root != NULL, "jansson reads it: %s", error.text);
    T_EQ_STR(json_string_value(json_object_get(root, "format")), "ermine-table", "format");
    T_EQ_INT(json_integer_value(json_object_get(root, "version")), 1, "version");
    const json_t *columns = json_object_get(root, "columns"), *rows = json_object_get(root, "rows");
    T_EQ_INT(json_array_size(columns), 5, "columns");
    T_EQ_STR(json_string_value(json_object_get(json_array_get(columns, 4), "unit")), "nats", "unit");
    T_EQ_INT(json_array_size(rows), 3, "rows");
    const json_t *row = json_array_get(rows, 1);
    T_EQ_STR(json_string_value(json_object_get(row, "model")), "say \"hi\"\n", "a text");
    T_OK(json_is_null(json_object_get(row, "test_error")) && json_is_null(json_object_get(row, "loss")),
         "NaN and infinity are null");
    row = json_array_get(rows, 2);
    T_OK(json_number_value(json_object_get(row, "test_error")) == 1.0 / 3, "a number, to the bit");
    json_decref(root);
    T_OK(strstr(text, "\"test_error\": 0.1,"), "in its shortest form");
    er_free(text);
    T_ALLOCATIONS(er_table_json(table, &text, NULL), er_free(text), "json survives failed allocations");
    table->cell[6].text = "\xff";
    T_STATUS(er_table_json(table, &text, &err), ER_E_INPUT, "a text that is not UTF-8");
    struct er_table none = {0};
    T_STATUS(er_table_json(&none, &text, &err), ER_OK, "an empty table");
    root = json_loads(text, 0, &error);
    T_OK(root && json_array_size(json_object_get(root, "rows")) == 0, "reads back empty");
    json_decref(root);
    er_free(text);
}

static void terminal(const struct er_table *table)
{
    char *text = NULL;
    table->cell[6].text = "\xce\xb7 = 0.1, \xce\xb2\x1b[2J"; /* eta, beta, and an order to the terminal */
    T_STATUS(er_table_text(table, 0, 0, &text, &err), ER_OK, "text");
    T_EQ_STR(text,
             "width (units)  model              seed  test_error  loss (nats)\n"
             "          512  [dense 512, relu]     0         0.1         1e-5\n"
             "            1  \xce\xb7 = 0.1, \xce\xb2?[2J        1           -          inf\n"
             "            0  -                     2      0.3333       123457\n",
             "aligned");
    er_free(text);
    T_STATUS(er_table_text(table, 80, 2, &text, &err), ER_OK, "text");
    T_OK(strstr(text, "... and 1 more rows of 3\n") && !strstr(text, "0.3333"), "limited: %s", text);
    er_free(text);
    T_STATUS(er_table_text(table, 57, 0, &text, &err), ER_OK, "text");
    T_OK(strncmp(text, "columns 1 to 4 of 5:\n", 21) == 0 &&
             strstr(text, "\n\ncolumn 5 of 5:\nwidth (units)"),
         "too wide: two blocks, each with the axes\n%s", text);
    er_free(text);
    T_STATUS(er_table_text(table, 50, 0, &text, &err), ER_OK, "text");
    T_EQ_STR(text,
             "columns 1 to 3 of 5:\n"
             "row  width (units)  model              seed\n"
             "  1            512  [dense 512, relu]     0\n"
             "  2              1  \xce\xb7 = 0.1, \xce\xb2?[2J        1\n"
             "  3              0  -                     2\n"
             "\n"
             "columns 4 to 5 of 5:\n"
             "row  test_error  loss (nats)\n"
             "  1         0.1         1e-5\n"
             "  2           -          inf\n"
             "  3      0.3333       123457\n",
             "axes that leave no room: the rows have numbers");
    er_free(text);
    table->cell[1].text = table->cell[6].text = table->cell[11].text = "a";
    T_STATUS(er_table_text(table, 50, 0, &text, &err), ER_OK, "text");
    T_EQ_STR(text,
             "columns 1 to 4 of 5:\n"
             "width (units)  model  seed  test_error\n"
             "          512  a         0         0.1\n"
             "            1  a         1           -\n"
             "            0  a         2      0.3333\n"
             "\n"
             "column 5 of 5:\n"
             "width (units)  model  seed  loss (nats)\n"
             "          512  a         0         1e-5\n"
             "            1  a         1          inf\n"
             "            0  a         2       123457\n",
             "blocks begin with the axes");
    er_free(text);
    T_STATUS(er_table_text(table, 1, 0, &text, &err), ER_OK, "a terminal of one character");
    T_OK(strstr(text, "column 5 of 5"), "has every column");
    er_free(text);
    static const char accented[] = "e\xcc\x81\xe4\xb8\xad\xf0\x9f\x90\xbe\xc3",
                      *long_word = "012345678901234567890123456789012345678\xce\xb1\xce\xb2";
    table->cell[1].text =
        accented; /* e and a combining accent: 1, a Chinese character: 2, paws: 2, a cut: 1 */
    table->cell[6].text = long_word;
    T_STATUS(er_table_text(table, 0, 0, &text, &err), ER_OK, "text");
    T_OK(strstr(text, "012345678901234567890123456789012345678\xe2\x80\xa6     1"), "a long word is cut: %s",
         text);
    T_OK(strstr(text, "e\xcc\x81\xe4\xb8\xad\xf0\x9f\x90\xbe?                                       0"),
         "cells, not bytes, are counted: %s", text);
    er_free(text);
    T_ALLOCATIONS(er_table_text(table, 40, 0, &text, NULL), er_free(text),
                  "text survives failed allocations");
}

int main(void)
{
    struct er_table table = {0};
    T_STATUS(make(&table), ER_OK, "make");
    T_EQ_INT(er_table_find(&table, "loss"), 4, "find");
    T_EQ_INT(er_table_find(&table, "Loss"), -1, "find what is not there");
    csv(&table);
    json(&table);
    terminal(&table);
    er_table_clear(&table);
    T_OK(!table.memory && table.rows == 0, "cleared");
    er_table_clear(&table);
    return t_done();
}
