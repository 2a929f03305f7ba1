/* table.c - models, their hyper-parameters, their gap and their measures as a table. */
#include <ermine/memory.h>
#include <ermine/pgdl.h>

/* The columns that stand around hyper-parameters and measures. */
enum { NETWORK, FRONT };
enum { TRAIN_ACC, TEST_ACC, GAP, MEASURED_ACC, MIDDLE };

static void name_columns(const struct er_pgdl_task *task, const struct er_pgdl_request *request,
                         struct er_table_column *c)
{
    *c++ = (struct er_table_column){.name = "network", .unit = "", .axis = true};
    for (int64_t i = 0; i < task->parameters; i++)
        *c++ = (struct er_table_column){
            .name = task->parameter[i].name, .unit = "", .numeric = task->parameter[i].numeric, .axis = true};
    static const char *const middle[MIDDLE] = {[TRAIN_ACC] = "train_acc",
                                               [TEST_ACC] = "test_acc",
                                               [GAP] = "gap",
                                               [MEASURED_ACC] = "measured_train_acc"};
    for (int i = 0; i < MIDDLE; i++)
        *c++ = (struct er_table_column){.name = middle[i], .unit = "", .numeric = true};
    for (int64_t j = 0; j < request->measures; j++) {
        const struct er_measure *m = request->measure[j];
        *c++ = (struct er_table_column){
            .name = m->name, .unit = m->unit, .numeric = true, .logarithmic = m->logarithmic};
    }
}

static void fill_row(const struct er_pgdl_task *task, const struct er_pgdl_measured *measured, int64_t i,
                     struct er_cell *cell)
{
    const struct er_pgdl_model *m = &task->model[i];
    (cell++)->text = m->name;
    for (int64_t p = 0; p < task->parameters; p++, cell++) {
        const struct er_pgdl_parameter *parameter = &task->parameter[p];
        cell->number = parameter->number[m->level[p]];
        if (!parameter->numeric) cell->text = parameter->text[m->level[p]];
    }
    cell[TRAIN_ACC].number = m->train_accuracy;
    cell[TEST_ACC].number = m->test_accuracy;
    cell[GAP].number = m->train_accuracy - m->test_accuracy;
    cell[MEASURED_ACC].number = measured->accuracy[i];
    cell += MIDDLE;
    for (int64_t j = 0; j < measured->measures; j++)
        cell[j].number = measured->value[i * measured->measures + j];
}

enum er_status er_pgdl_table(const struct er_pgdl_task *task, const struct er_pgdl_request *request,
                             const struct er_pgdl_measured *measured, struct er_table *out,
                             struct er_error *err)
{
    struct er_table table = {.columns = FRONT + task->parameters + MIDDLE + request->measures,
                             .rows = measured->models};
    const enum er_status status = er_arena_new(SIZE_MAX, &table.memory, err);
    if (status != ER_OK) return status;
    table.column = er_arena_alloc(table.memory, table.columns, sizeof *table.column);
    table.cell = er_arena_alloc(table.memory, table.columns * table.rows, sizeof *table.cell);
    if (!table.column || !table.cell) {
        er_table_clear(&table);
        return er_fail(err, ER_E_NOMEM, "table of models: out of memory");
    }
    name_columns(task, request, table.column);
    for (int64_t i = 0; i < table.rows; i++) fill_row(task, measured, i, table.cell + i * table.columns);
    *out = table;
    return ER_OK;
}
