/* cmd_list.c - `ermine list`: what studies can be made of, from the registries of the library. */
#include "cli.h"
#include "help.h"

#include <ermine/net.h>
#include <ermine/train.h>

#include <string.h>

enum { WIDTH = 16 }; /* of the column of names */

static void list_layers(void)
{
    struct er_layer_info layer;
    for (int64_t i = 0; er_layer_describe(i, &layer); i++) {
        help_pair(stdout, layer.name, WIDTH, layer.help);
        for (int a = 0; a < layer.n_arguments; a++) {
            const char *fallback = layer.argument[a].fallback;
            char name[64], text[400];
            snprintf(name, sizeof name, "  %s", layer.argument[a].name);
            snprintf(text, sizeof text, "%s; %s%s%s%s", layer.argument[a].help, layer.argument[a].type,
                     fallback && fallback[0] ? " [" : "", fallback && fallback[0] ? fallback : "",
                     fallback && fallback[0] ? "]" : "");
            help_pair(stdout, name, WIDTH, text);
        }
    }
}

static void list_losses(void)
{
    struct er_loss_info loss;
    for (int64_t i = 0; er_loss_describe(i, &loss); i++) help_pair(stdout, loss.name, WIDTH, loss.help);
}

static void list_optimisers(void)
{
    struct er_optimiser_info optimiser;
    for (int64_t i = 0; er_optimiser_describe(i, &optimiser); i++)
        help_pair(stdout, optimiser.name, WIDTH, optimiser.help);
}

static const struct {
    const char *name, *help;
    void (*print)(void);
} lists[] = {
    {"layers", "what a model is made of, with the arguments of each layer", list_layers},
    {"losses", "what training minimises", list_losses},
    {"optimisers", "how it is minimised", list_optimisers},
};
enum { N_LISTS = sizeof lists / sizeof lists[0] };

static int run(const struct cli_args *args)
{
    const char *words[N_LISTS];
    for (int i = 0; i < N_LISTS; i++) words[i] = lists[i].name;
    if (args->n_operands == 0) {
        for (int i = 0; i < N_LISTS; i++) help_pair(stdout, lists[i].name, WIDTH, lists[i].help);
        return CLI_DONE;
    }
    for (int i = 0; i < N_LISTS; i++)
        if (strcmp(args->operand[0], lists[i].name) == 0) {
            lists[i].print();
            return CLI_DONE;
        }
    char hint[CLI_HINT];
    return cli_usage(args->command, "there is no list of \"%s\"%s", args->operand[0],
                     cli_hint(args->operand[0], words, N_LISTS, hint));
}

const struct cli_command cli_list = {
    .name = "list",
    .operands = "[WHAT]",
    .most = 1,
    .help = "what there is: layers, losses, optimisers",
    .text = "Lists what studies are made of. Without a word: the lists that there are.",
    .example = "ermine list layers",
    .words = "layers losses optimisers",
    .run = run,
};
