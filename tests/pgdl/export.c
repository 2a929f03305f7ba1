/* A task made of a study's tables and kept networks, and read again: the same numbers, hyper-parameters and errors. */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/pgdl.h>

enum { RUNS = 4, AXES = 3, RUN_COLUMNS = AXES + 2, NETWORK_COLUMNS = AXES + 2, SIDE = 2 };
enum { MODEL, RATE, SEED, TRAIN_ERROR, TEST_ERROR };
enum { MOMENT = AXES, FILE_NAME };

static char folder[64];

static struct er_table_column column[RUN_COLUMNS] = {
    [MODEL] = {.name = "model", .unit = "", .axis = true},
    [RATE] = {.name = "train.sgd.rate", .unit = "", .numeric = true, .axis = true},
    [SEED] = {.name = "seed", .unit = "", .numeric = true, .axis = true},
    [TRAIN_ERROR] = {.name = "train_error", .unit = "", .numeric = true},
    [TEST_ERROR] = {.name = "test_error", .unit = "", .numeric = true},
};
static struct er_table_column network_column[NETWORK_COLUMNS] = {
    [MOMENT] = {.name = "moment", .unit = ""},
    [FILE_NAME] = {.name = "file", .unit = ""},
};

/* Two models, two rates, one seed; the last run has no network at its end. */
static struct er_cell run_cell[RUNS * RUN_COLUMNS], network_cell[RUNS * NETWORK_COLUMNS];
static struct er_table runs = {.column = column, .columns = RUN_COLUMNS, .rows = RUNS, .cell = run_cell};
static struct er_table networks = {
    .column = network_column, .columns = NETWORK_COLUMNS, .rows = RUNS, .cell = network_cell};
static char file_name[RUNS][128];

static const char spirals[] =
    "train.loss = cross-entropy\ndata.name = two-spirals\ndata.train = 20\nseed = 1\n";

static void write_network(int run, const char *point)
{
    struct er_error err;
    struct er_net *net = NULL;
    const struct er_network_description is = {
        run < SIDE ? "[dense 3, relu, dense]" : "[dense 5, relu, dense]", {1, 1, 2}, 2, "cross-entropy"};
    const struct er_tensor_note note = {"point", point};
    T_STATUS(er_network_bind(&is, &net, &err), ER_OK, "a net");
    float *w = er_alloc(er_net_parameters(net), sizeof *w);
    er_net_initialise(net, (uint64_t)run, w, NULL);
    T_STATUS(er_network_write(file_name[run], net, w, NULL, &is, &note, 1, &err), ER_OK, "its file");
    er_free(w);
    er_net_free(net);
}

static void fill(void)
{
    memcpy(network_column, column, AXES * sizeof *column);
    for (int i = 0; i < RUNS; i++) {
        struct er_cell *r = run_cell + i * RUN_COLUMNS, *n = network_cell + i * NETWORK_COLUMNS;
        r[MODEL].text = i < SIDE ? "mlp 3" : "mlp 5";
        r[RATE].number = i % SIDE ? 0.5 : 0.25;
        r[SEED].number = 1;
        r[TRAIN_ERROR].number = 0.125 * i;
        r[TEST_ERROR].number = 0.5;
        memcpy(n, r, AXES * sizeof *r);
        n[MOMENT].text = i + 1 < RUNS ? "end" : "init";
        n[FILE_NAME].text = file_name[i];
        snprintf(file_name[i], sizeof file_name[i], "%s/run-%d.safetensors", folder, i);
        write_network(i, spirals);
    }
}

static void check_export(const char *to)
{
    struct er_error err;
    struct er_pgdl_task task;
    struct er_pgdl_data data;
    struct er_pgdl_network network;
    int64_t models = 0;
    T_STATUS(er_pgdl_export(&runs, &networks, "zoo", to, &models, &err), ER_OK, "a study's networks");
    T_EQ_INT(models, RUNS - 1, "those that are kept");
    T_STATUS(er_pgdl_task_open(to, &task, &err), ER_OK, "are a task");
    if (err.code != ER_OK) return;
    T_OK(task.ours, "of our layout");
    T_EQ_STR(task.data, "data.name = two-spirals\ndata.train = 20\n", "with the settings of their data");
    T_EQ_INT(task.models, RUNS - 1, "models");
    T_EQ_INT(task.parameters, 2, "axes of one value are no hyper-parameters");
    T_EQ_STR(task.parameter[0].text[1], "mlp 5", "words");
    T_OK(task.parameter[1].numeric && task.parameter[1].number[0] == 0.25, "numbers");
    T_OK(task.model[1].level[0] == 0 && task.model[1].level[1] == 1, "the second run's");
    T_OK(task.model[2].train_accuracy == 0.75 && task.model[2].test_accuracy == 0.5, "accuracies");
    T_STATUS(er_pgdl_network_open(&task, 2, &network, &err), ER_OK, "a network");
    if (err.code == ER_OK) {
        float *w = er_alloc(er_net_parameters(network.net), sizeof *w);
        er_net_initialise(network.net, 2, w, NULL);
        T_OK(memcmp(w, network.w, (size_t)er_net_parameters(network.net) * sizeof *w) == 0, "to the bit");
        er_free(w);
        er_pgdl_network_close(&network);
    }
    T_STATUS(er_pgdl_data_open(&task, NULL, &data, &err), ER_OK, "its data");
    if (err.code == ER_OK) T_EQ_INT(data.split.train.n, 20, "as its settings say");
    if (err.code == ER_OK) er_pgdl_data_clear(&data);
    er_pgdl_task_clear(&task);
    T_STATUS(er_pgdl_export(&runs, &networks, "zoo", to, &models, &err), ER_E_USAGE, "once more");
    T_OK(strstr(err.msg, "holds a task already"), "%s", err.msg);
}

static void forget(const char *to)
{
    char path[128];
    snprintf(path, sizeof path, "%s/model_configs.json", to);
    remove(path);
}

static void check_refusals(const char *to)
{
    struct er_error err;
    int64_t models;
    const struct er_table none = {.column = column, .columns = AXES, .rows = 1, .cell = run_cell};
    T_STATUS(er_pgdl_export(&none, &networks, "zoo", to, &models, &err), ER_E_USAGE, "runs without errors");
    write_network(1, "data.name = two-spirals\ndata.train = 30\n");
    T_STATUS(er_pgdl_export(&runs, &networks, "zoo", to, &models, &err), ER_E_UNSUPPORTED,
             "data that differ");
    T_OK(strstr(err.msg, "a task has one set"), "%s", err.msg);
    write_network(0, "data.file = /etc/data.csv\n");
    T_STATUS(er_pgdl_export(&runs, &networks, "zoo", to, &models, &err), ER_E_UNSUPPORTED, "data of a file");
    networks.rows = 0;
    T_STATUS(er_pgdl_export(&runs, &networks, "zoo", to, &models, &err), ER_E_USAGE, "nothing was kept");
}

int main(void)
{
    char to[80];
    int64_t models;
    if (!scratch_make(folder)) return t_done();
    snprintf(to, sizeof to, "%s/task", folder);
    fill();
    check_export(to);
    forget(to);
    T_ALLOCATIONS(er_pgdl_export(&runs, &networks, "zoo", to, &models, NULL), forget(to), "an export");
    check_refusals(to);
    scratch_remove(folder);
    return t_done();
}
