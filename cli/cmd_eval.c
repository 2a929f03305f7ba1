/* cmd_eval.c - `ermine eval`: what a network in a file does on a data set. */
#include "cli.h"
#include "eval_data.h"
#include "terminal.h"

#include "core/file.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/table.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAP_MOST = 1 << 24, COLUMNS = 6 };

/* One network and what it is evaluated on. */
struct evaluation {
    const struct cli_args *args;
    const char *path;
    struct er_tensors file;
    struct eval_data data;
    struct er_net *net;
    float *w, *statistics;
    struct er_network_measures measures;
};

static bool same_shape(struct er_shape a, struct er_shape b)
{
    return a.height == b.height && a.width == b.width && a.channels == b.channels;
}

/* The network that the file describes, or --model bound to the data. */
static enum er_status describe(const struct evaluation *e, struct er_network_description *out,
                               struct er_error *err)
{
    const struct er_dataset *set = &e->data.split.train;
    const char *model = cli_value(e->args, "model", NULL), *loss = cli_value(e->args, "loss", NULL);
    if (model) {
        const char *noted = er_tensors_note(&e->file, "loss");
        if (!loss) loss = noted ? noted : "cross-entropy";
        *out = (struct er_network_description){model, set->shape, set->classes, loss};
        return ER_OK;
    }
    enum er_status status = er_network_describe(&e->file, out, err);
    if (status == ER_E_NOT_FOUND)
        return er_fail(err, ER_E_NOT_FOUND,
                       "%s says nothing of its model, so it was not written by Ermine: --model TEXT gives it",
                       e->path);
    if (status != ER_OK) return status;
    if (loss) out->loss = loss;
    if (!same_shape(out->input, set->shape))
        return er_fail(err, ER_E_SHAPE,
                       "%s: the network takes %" PRId64 "x%" PRId64 "x%" PRId64 ", the data has %" PRId64
                       "x%" PRId64 "x%" PRId64,
                       e->path, out->input.height, out->input.width, out->input.channels, set->shape.height,
                       set->shape.width, set->shape.channels);
    return ER_OK;
}

static enum er_status read_network(struct evaluation *e, struct er_error *err)
{
    struct er_network_description description;
    const char *map_file = cli_value(e->args, "names", NULL);
    char *map = NULL;
    size_t length;
    enum er_status status = describe(e, &description, err);
    if (status != ER_OK) return status;
    status = er_network_bind(&description, &e->net, err);
    if (status != ER_OK)
        return cli_given(e->args, "model") || cli_given(e->args, "loss") ? status
                                                                         : eval_of_metadata(e->path, err);
    if (map_file) status = er_file_read(map_file, MAP_MOST, &map, &length, err);
    if (status != ER_OK) return status;
    e->w = er_alloc(er_net_parameters(e->net), sizeof *e->w);
    e->statistics = er_alloc(er_net_statistics(e->net), sizeof *e->statistics);
    if (!e->w || !e->statistics)
        status =
            er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " parameters", er_net_parameters(e->net));
    else
        status = er_network_read(&e->file, e->net, map, map_file, e->w, e->statistics, err);
    er_free(map);
    return status;
}

/* The network computes with them all the same. What else is in the file does not matter. */
static enum er_status say_not_finite(const struct evaluation *e, struct er_error *err)
{
    struct er_network_flaws flaws;
    const int64_t all = er_net_parameters(e->net) + er_net_statistics(e->net);
    const enum er_status status = er_network_not_finite(e->net, e->w, e->statistics, &flaws, err);
    if (status == ER_OK && flaws.n > 0)
        cli_message(e->args->command, "%s: %" PRId64 " of its %" PRId64 " %s not finite, first in \"%s\"",
                    e->path, flaws.n, all, flaws.n == 1 ? "numbers is" : "numbers are", flaws.first);
    return status;
}

static enum er_status evaluate(struct evaluation *e, struct er_error *err)
{
    const struct er_network network = {.w = e->w, .statistics = e->statistics};
    return er_network_measure(e->net, &network, eval_data_set(&e->data), &e->measures, err);
}

static enum er_status print(const struct evaluation *e, struct er_error *err)
{
    struct er_table_column column[COLUMNS] = {{.name = "data", .unit = ""},
                                              {.name = "split", .unit = ""},
                                              {.name = "examples", .unit = "", .numeric = true},
                                              {.name = "loss", .unit = "", .numeric = true},
                                              {.name = "error", .unit = "", .numeric = true},
                                              {.name = "wrong", .unit = "", .numeric = true}};
    struct er_cell cell[COLUMNS] = {{.text = e->data.name},
                                    {.text = e->data.split_name},
                                    {.number = (double)eval_data_set(&e->data)->n},
                                    {.number = e->measures.loss},
                                    {.number = e->measures.error},
                                    {.number = (double)e->measures.errors}};
    const struct er_table table = {.column = column, .columns = COLUMNS, .rows = 1, .cell = cell};
    char *text = NULL;
    enum er_status status = cli_given(e->args, "json")
                                ? er_table_json(&table, &text, err)
                                : er_table_text(&table, terminal_width(stdout, 0), 0, &text, err);
    if (status == ER_OK) fputs(text, stdout);
    er_free(text);
    return status;
}

static int run(const struct cli_args *args)
{
    struct evaluation e = {.args = args, .path = args->operand[0]};
    struct er_error err = {0};
    int code = eval_data_check(args);
    if (code != CLI_DONE) return code;
    enum er_status status = er_tensors_read(e.path, ER_NETWORK_FILE_MOST, &e.file, &err);
    if (status == ER_OK) {
        code = eval_data_open(args, &e.file, &e.data, &status, &err);
        if (code != CLI_DONE) goto done;
    }
    if (status == ER_OK) status = read_network(&e, &err);
    if (status == ER_OK) eval_data_say(args, &e.data);
    if (status == ER_OK) status = say_not_finite(&e, &err);
    if (status == ER_OK) status = evaluate(&e, &err);
    if (status == ER_OK) status = print(&e, &err);
    code = status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
done:
    er_free(e.w);
    er_free(e.statistics);
    er_net_free(e.net);
    eval_data_close(&e.data);
    er_tensors_clear(&e.file);
    return code;
}

static const struct cli_option options[] = {
    {'d', "data", "NAME", "the data of its training",
     "a named data set, a generator, or a .csv or .npz file"},
    {'s', "split", "train|test", "test", "which part of the data is evaluated"},
    {'n', "test", "N", "as in its training, else all", "test examples"},
    {'N', "train", "N", "as in its training, else all",
     "training examples, of which --standardise channel and feature take means and variances"},
    {'z', "standardise", "WHAT", "as in its training, else auto", "auto, none, image, channel or feature"},
    {'m', "model", "TEXT", "the file's own",
     "the model, as `[dense 512, relu, dense]`; needed for files of other programs"},
    {'l', "loss", "LOSS", "the file's own, else cross-entropy", "the loss (`ermine list losses`)"},
    {'a', "names", "FILE", NULL, "a map from our tensors to the file's, a line each: `layers.0 conv1`"},
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
