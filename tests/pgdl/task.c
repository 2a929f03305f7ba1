/* A task in the organisers' layout, made by tests/pgdl/make_task.py: hyper-parameters, training examples, and networks whose
 * outputs are those of NumPy's passes in float64, by TensorFlow's definitions. */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <ermine/memory.h>
#include <ermine/pgdl.h>

#define TASK "pgdl/task"
enum { MODELS = 4, EXAMPLES = 10, CLASSES = 3 };

static struct er_pgdl_task task;
static struct er_pgdl_data data;

static void check_configs(void)
{
    struct er_error err;
    T_STATUS(er_pgdl_task_open(TASK, &task, &err), ER_OK, "a task");
    if (err.code != ER_OK) return;
    T_EQ_STR(task.name, "task", "its name");
    T_OK(!task.ours && !task.data, "the organisers' layout");
    T_EQ_INT(task.models, MODELS, "models");
    T_EQ_INT(task.parameters, 2, "hyper-parameters");
    const struct er_pgdl_parameter *width = &task.parameter[0], *dense = &task.parameter[1];
    T_EQ_STR(width->name, "convwidth", "in the order of the first model");
    T_OK(width->numeric && width->levels == 2 && width->number[0] == 4 && width->number[1] == 8,
         "numbers in rising order");
    T_OK(!dense->numeric && strcmp(dense->text[0], "128-128") == 0 && strcmp(dense->text[1], "512") == 0,
         "words as they stand");
    T_EQ_INT(task.model[0].level[0], 1, "the text \"8\" is the number 8");
    T_EQ_STR(task.model[1].name, "2", "a model's key");
    T_EQ_STR(task.model[1].folder, "model_2", "its folder");
    T_EQ_STR(task.model[2].folder, "model_3", "a key that names the folder");
    T_OK(task.model[1].train_accuracy == 0.3 && task.model[1].test_accuracy == 0.1 &&
             task.model[1].train_loss == 0.5 && task.model[1].test_loss == 1.5,
         "metrics");
}

static void check_data(void)
{
    struct er_error err;
    T_STATUS(er_pgdl_data_open(&task, NULL, &data, &err), ER_OK, "its examples");
    if (err.code != ER_OK) return;
    const struct er_dataset *train = &data.split.train;
    T_EQ_INT(train->n, EXAMPLES, "examples of two shards");
    T_OK(train->shape.height == 5 && train->shape.width == 6 && train->shape.channels == 2, "their shape");
    T_EQ_INT(train->classes, CLASSES, "classes are the networks' outputs");
    T_EQ_INT(data.split.test.n, 0, "no test set is there");
}

/* The outputs of the four networks, and with them every weight, padding and order of features. */
static void check_outputs(void)
{
    struct er_error err;
    char *text = NULL;
    size_t n;
    struct er_columns want;
    T_STATUS(er_file_read(TASK "/expected.csv", 1 << 20, &text, &n, &err), ER_OK, "NumPy's outputs");
    if (err.code != ER_OK) return;
    T_STATUS(er_csv_parse(text, n, &want, &err), ER_OK, "NumPy's outputs as a table");
    er_free(text);
    for (int64_t i = 0; i < task.models; i++) {
        struct er_pgdl_network network = {0};
        struct er_plan *plan = NULL;
        float f[EXAMPLES * CLASSES];
        T_STATUS(er_pgdl_network_open(&task, i, &network, &err), ER_OK, "model %d", (int)i);
        if (err.code != ER_OK) continue;
        T_STATUS(er_plan_new(network.net, EXAMPLES, &plan, &err), ER_OK, "a plan");
        void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
        const struct er_network weights = {.w = network.w, .statistics = network.statistics};
        er_plan_outputs(plan, &weights, data.split.train.x, f, scratch);
        double worst = 0, largest = 0;
        for (int b = 0; b < EXAMPLES; b++)
            for (int k = 0; k < CLASSES; k++) {
                const double *row = want.value + (i * EXAMPLES + b) * want.columns;
                worst = fmax(worst, fabs((double)f[b * CLASSES + k] - row[2 + k]));
                largest = fmax(largest, fabs(row[2 + k]));
            }
        /* sums of at most 60 products in float32, three layers deep */
        T_OK(worst < 200 * 1.2e-7 * largest, "outputs of model %d: off by %g of %g", (int)i, worst, largest);
        T_OK((network.initial_w != NULL) == (i == 2), "initial weights only where there is a file");
        T_EQ_INT(strlen(network.digest), ER_SHA256_HEX - 1, "a digest");
        er_free(scratch);
        er_plan_free(plan);
        er_pgdl_network_close(&network);
    }
    er_columns_clear(&want);
}

static enum er_status open_network(struct er_pgdl_network *network)
{
    return er_pgdl_network_open(&task, 0, network, NULL);
}

static void check_allocations(void)
{
    struct er_pgdl_task again;
    struct er_pgdl_data examples;
    struct er_pgdl_network network;
    T_ALLOCATIONS(er_pgdl_task_open(TASK, &again, NULL), er_pgdl_task_clear(&again), "a task");
    T_ALLOCATIONS(er_pgdl_data_open(&task, NULL, &examples, NULL), er_pgdl_data_clear(&examples),
                  "its examples");
    T_ALLOCATIONS(open_network(&network), er_pgdl_network_close(&network), "a model");
}

/* Weights cut off at every length, or with bytes that are wrong, are refused or read; nothing else happens. */
static void check_damaged_weights(void)
{
    struct er_error err;
    struct er_pgdl_network network;
    char *bytes;
    size_t n;
    T_STATUS(er_pgdl_network_open(&task, 2, &network, &err), ER_OK, "a model");
    T_STATUS(er_file_read(TASK "/model_3/weights.hdf5", 1 << 20, &bytes, &n, &err), ER_OK, "its file");
    if (err.code != ER_OK) return;
    static const char layers[] = "kernel bias\nkernel bias\n";
    float *w = network.w;
    T_STATUS(er_pgdl_weights_parse("whole", bytes, n, layers, network.net, w, NULL, &err), ER_OK, "whole");
    for (size_t cut = 0; cut < n; cut += 97) {
        const enum er_status status =
            er_pgdl_weights_parse("cut", bytes, cut, layers, network.net, w, NULL, &err);
        if (status != ER_E_INPUT) T_EQ_INT(status, ER_E_INPUT, "cut after %zu bytes", cut);
    }
    T_STATUS(er_pgdl_weights_parse("w", "no file at all", 14, layers, network.net, w, NULL, &err), ER_E_INPUT,
             "something else");
    T_OK(strstr(err.msg, "no HDF5 file"), "says so: %s", err.msg);
    T_STATUS(er_pgdl_weights_parse("w", bytes, n, "kernel bias\n", network.net, w, NULL, &err), ER_E_INPUT,
             "fewer weights are wanted");
    T_STATUS(er_pgdl_weights_parse("w", bytes, n, "kernel\nkernel bias\n", network.net, w, NULL, &err),
             ER_E_INPUT, "a layer with a weight too many");
    T_OK(strstr(err.msg, "has 2 weights; its layer has 1"), "says so: %s", err.msg);
    T_STATUS(er_pgdl_weights_parse("w", bytes, n, "bias kernel\nkernel bias\n", network.net, w, NULL, &err),
             ER_E_INPUT, "in another order");
    er_free(bytes);
    er_pgdl_network_close(&network);
}

/* The file of another network. */
static void check_other_weights(void)
{
    struct er_error err;
    struct er_pgdl_network network;
    char *bytes;
    size_t n;
    T_STATUS(er_pgdl_network_open(&task, 2, &network, &err), ER_OK, "a model");
    T_STATUS(er_file_read(TASK "/model_4/weights.hdf5", 1 << 20, &bytes, &n, &err), ER_OK, "another's file");
    T_STATUS(er_pgdl_weights_parse("w", bytes, n, "kernel bias\nkernel bias\n", network.net, network.w, NULL,
                                   &err),
             ER_E_SHAPE, "the shape is another");
    T_OK(strstr(err.msg, "its shape is (1, 1, 2, 2); the layer needs (60, 5)"), "says both: %s", err.msg);
    er_free(bytes);
    er_pgdl_network_close(&network);
}

int main(void)
{
    struct er_error err;
    struct er_pgdl_task none;
    check_configs();
    if (task.models != MODELS) return t_done();
    check_data();
    if (data.split.train.n == EXAMPLES) {
        check_outputs();
        check_allocations();
        check_damaged_weights();
        check_other_weights();
    }
    er_pgdl_data_clear(&data);
    er_pgdl_task_clear(&task);
    T_STATUS(er_pgdl_task_open("pgdl/none", &none, &err), ER_E_NOT_FOUND, "no such folder");
    return t_done();
}
