/* cmd_list.c - `ermine list`: what studies can be made of, from the registries of the library. */
#include "cli.h"
#include "data_list.h"
#include "help.h"
#include "measure_list.h"

#include "data/shown.h"
#include "experiments/experiment.h"

#include <ermine/memory.h>
#include <ermine/minima.h>
#include <ermine/net.h>
#include <ermine/store.h>
#include <ermine/train.h>

#include <inttypes.h>
#include <string.h>

enum { WIDTH = 16 }; /* of the column of names */

/* "steps between windows; a size, 3x5 or 3 for 3x3 [as size]" */
static void argument_text(const struct er_layer_info *layer, int a, char *out, size_t size)
{
    const char *type = layer->argument[a].type, *fallback = layer->argument[a].fallback;
    const bool named = fallback && fallback[0] == '=';
    snprintf(out, size, "%s; %s%s", layer->argument[a].help, strchr(type, ' ') ? "one of " : "",
             strcmp(type, "size") == 0 ? "a size, 3x5 or 3 for 3x3" : type);
    const size_t n = strlen(out);
    if (!fallback)
        snprintf(out + n, size - n, "; must be given");
    else if (fallback[0])
        snprintf(out + n, size - n, " [%s%s]", named ? "as " : "", fallback + named);
}

/* A layer or preset with its arguments, as "width" or "init=". */
static void list_layer(const struct er_layer_info *layer)
{
    help_pair(stdout, layer->name, WIDTH, layer->help);
    if (layer->join)
        help_pair(stdout, "  branches", WIDTH,
                  "two or more, in brackets behind a colon; each a layer, or a list of layers in brackets");
    for (int a = 0; a < layer->n_arguments; a++) {
        char name[64], text[400];
        snprintf(name, sizeof name, "  %s%s", layer->argument[a].name,
                 layer->argument[a].positional ? "" : "=");
        argument_text(layer, a, text, sizeof text);
        help_pair(stdout, name, WIDTH, text);
    }
}

static int list_layers(const struct cli_args *args)
{
    (void)args;
    struct er_layer_info layer;
    for (int64_t i = 0; er_layer_describe(i, &layer); i++) list_layer(&layer);
    return CLI_DONE;
}

static int list_presets(const struct cli_args *args)
{
    (void)args;
    struct er_layer_info preset;
    for (int64_t i = 0; er_preset_describe(i, &preset); i++) list_layer(&preset);
    return CLI_DONE;
}

static int list_losses(const struct cli_args *args)
{
    (void)args;
    struct er_loss_info loss;
    for (int64_t i = 0; er_loss_describe(i, &loss); i++) help_pair(stdout, loss.name, WIDTH, loss.help);
    return CLI_DONE;
}

static int list_optimisers(const struct cli_args *args)
{
    (void)args;
    struct er_optimiser_info optimiser;
    for (int64_t i = 0; er_optimiser_describe(i, &optimiser); i++)
        help_pair(stdout, optimiser.name, WIDTH, optimiser.help);
    return CLI_DONE;
}

static int list_data(const struct cli_args *args)
{
    struct places places;
    int code = places_open(args, &places);
    if (code != CLI_DONE) return code;
    code = data_list_print(args, &places);
    places_close(&places);
    return code;
}

static void list_columns(const struct er_column *column)
{
    char name[64];
    for (; column->name; column++) {
        snprintf(name, sizeof name, "  %s", column->name);
        help_pair(stdout, name, WIDTH + 2, column->help);
    }
}

static int list_experiments(const struct cli_args *args)
{
    (void)args;
    int64_t n;
    const struct er_experiment *const *experiment = er_experiment_list(&n);
    for (int64_t i = 0; i < n; i++) {
        help_pair(stdout, experiment[i]->name, WIDTH + 2, experiment[i]->help);
        printf("\n  columns of a run:\n");
        list_columns(experiment[i]->run_column);
        if (experiment[i]->curve_column->name) printf("\n  columns of its curve:\n");
        list_columns(experiment[i]->curve_column);
    }
    return CLI_DONE;
}

static int list_samplers(const struct cli_args *args)
{
    (void)args;
    struct er_sampler_info sampler;
    for (int64_t i = 0; er_sampler_describe(i, &sampler); i++) {
        help_pair(stdout, sampler.name, WIDTH, sampler.help);
        if (sampler.source[0]) help_pair(stdout, "", WIDTH, sampler.source);
    }
    return CLI_DONE;
}

/* Text that a store holds, '?' for bytes that are no plain text, filled to `width` characters. */
static void print_plain(const char *text, int width)
{
    size_t n = strlen(text);
    while (n > 0) {
        const size_t length = er_utf8_length(text, n), taken = length ? length : 1;
        if (length && er_text_plain(text, length))
            fwrite(text, 1, length, stdout);
        else
            putchar('?');
        text += taken;
        n -= taken;
        width--;
    }
    printf("%*s", width > 0 ? width : 0, "");
}

static int list_studies(const struct cli_args *args)
{
    const char *path = cli_value(args, "store", ".ermine/results.db");
    struct er_error err = {0};
    struct er_store *store = NULL;
    struct er_store_study *study = NULL;
    int64_t n = 0;
    enum er_status status = er_store_open(path, true, &store, &err);
    if (status == ER_OK) status = er_store_studies(store, &study, &n, &err);
    if (status == ER_OK && n > 0)
        printf("%-24s %9s %9s  %-24s  %s\n", "study", "runs", "stored", "last run", "file");
    for (int64_t i = 0; status == ER_OK && i < n; i++) {
        print_plain(study[i].name, 24);
        printf(" %9" PRId64 " %9" PRId64 "  ", study[i].runs, study[i].present);
        print_plain(study[i].changed, 24);
        printf("  ");
        print_plain(study[i].file, 0);
        putchar('\n');
    }
    er_free(study);
    er_store_close(store);
    return status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
}

static const struct {
    const char *name, *help;
    int (*print)(const struct cli_args *args);
} lists[] = {
    {"layers", "what a model is made of, with the arguments of each layer", list_layers},
    {"presets", "models that have a name, with their arguments", list_presets},
    {"losses", "what training minimises", list_losses},
    {"optimisers", "how it is minimised", list_optimisers},
    {"data", "what is learnt from, and where it is (as `ermine data list`)", list_data},
    {"experiments", "what a study can do, with the columns that its figures can show", list_experiments},
    {"samplers", "ways to come by weights that fit a training set, with sources", list_samplers},
    {"measures", "what can be measured of a trained network, bounds among it, with sources",
     measure_list_print},
    {"studies", "what has been run into a store", list_studies},
};
enum { N_LISTS = sizeof lists / sizeof lists[0] };

static int run(const struct cli_args *args)
{
    const char *words[N_LISTS];
    for (int i = 0; i < N_LISTS; i++) words[i] = lists[i].name;
    if ((cli_given(args, "json") || cli_given(args, "markdown")) &&
        (args->n_operands == 0 || strcmp(args->operand[0], "measures") != 0))
        return cli_usage(args->command, "--json and --markdown go with the list of measures");
    if (args->n_operands == 0) {
        for (int i = 0; i < N_LISTS; i++) help_pair(stdout, lists[i].name, WIDTH, lists[i].help);
        return CLI_DONE;
    }
    for (int i = 0; i < N_LISTS; i++)
        if (strcmp(args->operand[0], lists[i].name) == 0) return lists[i].print(args);
    char hint[CLI_HINT];
    return cli_usage(args->command, "there is no list of \"%s\"%s", args->operand[0],
                     cli_hint(args->operand[0], words, N_LISTS, hint));
}

static const struct cli_option options[] = {
    PLACES_OPTION,
    {'s', "store", "FILE", ".ermine/results.db", "studies: the store to look into"},
    {'J', "json", NULL, NULL, "measures: as JSON"},
    {'M', "markdown", NULL, NULL, "measures: as a table in Markdown"},
    {0},
};

const struct cli_command cli_list = {
    .name = "list",
    .operands = "[WHAT]",
    .most = 1,
    .help = "what there is: layers, presets, losses, data, experiments, samplers, measures, studies",
    .text = "Lists what studies are made of, and the studies of a store. Without a word: the lists that "
            "there are.",
    .example = "ermine list layers",
    .words = "layers presets losses optimisers data experiments samplers measures studies",
    .option = options,
    .run = run,
};
