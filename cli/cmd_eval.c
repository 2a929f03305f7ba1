/* cmd_eval.c - `ermine eval`: what a network in a file does on a data set. */
#include "cli.h"
#include "network_input.h"
#include "terminal.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/table.h>

#include <stdio.h>

enum { COLUMNS = 6 };

static enum er_status print(const struct network_input *in, const struct er_network_measures *measures,
                            struct er_error *err)
{
    struct er_table_column column[COLUMNS] = {{.name = "data", .unit = ""},
                                              {.name = "split", .unit = ""},
                                              {.name = "examples", .unit = "", .numeric = true},
                                              {.name = "loss", .unit = "", .numeric = true},
                                              {.name = "error", .unit = "", .numeric = true},
                                              {.name = "wrong", .unit = "", .numeric = true}};
    struct er_cell cell[COLUMNS] = {{.text = in->data.name},
                                    {.text = in->data.split_name},
                                    {.number = (double)eval_data_set(&in->data)->n},
                                    {.number = measures->loss},
                                    {.number = measures->error},
                                    {.number = (double)measures->errors}};
    const struct er_table table = {.column = column, .columns = COLUMNS, .rows = 1, .cell = cell};
    char *text = NULL;
    enum er_status status = cli_given(in->args, "json")
                                ? er_table_json(&table, &text, err)
                                : er_table_text(&table, terminal_width(stdout, 0), 0, &text, err);
    if (status == ER_OK) fputs(text, stdout);
    er_free(text);
    return status;
}

static int run(const struct cli_args *args)
{
    struct network_input in;
    struct er_error err = {0};
    int code = network_input_open(args, false, &in);
    if (code == CLI_DONE) {
        const struct er_network network = {.w = in.w, .statistics = in.statistics};
        struct er_network_measures measures;
        enum er_status status =
            er_network_measure(in.net, &network, eval_data_set(&in.data), &measures, &err);
        if (status == ER_OK) status = print(&in, &measures, &err);
        if (status != ER_OK) code = cli_error(args->command, &err);
    }
    network_input_close(&in);
    return code;
}

static const struct cli_option options[] = {
    {'d', "data", "NAME", "the data of its training",
     "a named data set, a generator, or a .csv or .npz file"},
    {'s', "split", "train|test", "test", "which part of the data is evaluated"},
    {'n', "test", "N", "as in its training, else all", "test examples"},
    {'N', "train", "N", "as in its training, else all",
     "training examples, of which --standardise channel and feature take means and variances"},
    NETWORK_INPUT_OPTIONS,
    {'J', "json", NULL, NULL, "JSON, numbers in full"},
    {'f', "folder", PLACES_ARGUMENT, NULL, "look for data sets in this folder first; may be given again"},
    {0},
};

const struct cli_command cli_eval = {
    .name = "eval",
    .operands = "NETWORK",
    .least = 1,
    .most = 1,
    .help = "evaluate a network in a .safetensors file on a data set",
    .text =
        "Prints loss and error of a network over a data set. The network is one that a study kept (`train: "
        "{keep: [init, end, 10]}`; `ermine show --networks` says where), or one that another program, such "
        "as PyTorch, saved as .safetensors.\n\n"
        "A file of ours says which model it is and which data it was trained on: without further options "
        "it is evaluated on the test examples of its run, standardised as they were in training, which "
        "gives the run's test error. With another --data the kind of standardising is kept, and means and "
        "variances are those of the new training examples. What was used is said on standard error.\n\n"
        "Other files need --model, --data and, if they were trained on numbers other than those of "
        "--standardise auto (each image to mean 0 and variance 1; features of tables one by one), "
        "--standardise. Tensors are matched with layers by their names and shapes; where these leave a "
        "choice, the error says so and --names decides. docs/networks.md has the rules.",
    .example = "ermine eval .ermine/networks/spirals/8202116fbf38-end.safetensors\n"
               "ermine eval lenet.safetensors --data mnist --standardise none \\\n"
               "    --model '[conv 6 5x5, relu, max_pool 2, conv 16 5x5 padding=valid, relu, max_pool 2, "
               "flatten, dense 120, relu, dense 84, relu, dense]'",
    .option = options,
    .run = run,
};
