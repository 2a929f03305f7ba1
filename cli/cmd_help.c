/* cmd_help.c - `ermine help`. */
#include "cli.h"
#include "help.h"

#include <string.h>

static int run(const struct cli_args *args)
{
    if (args->n_operands == 0) {
        help_program(stdout);
        return CLI_DONE;
    }
    const char *word = args->operand[0];
    if (strcmp(word, "study") == 0)
        return help_study(args->command, args->n_operands > 1 ? args->operand[1] : NULL);
    if (args->n_operands > 1) return cli_usage(args->command, "one word too many: %s", args->operand[1]);
    const struct cli_command *command = cli_find(word);
    if (command) {
        help_command(stdout, command, true);
        return CLI_DONE;
    }
    const char *words[64] = {"study"};
    int64_t n = 1;
    char hint[CLI_HINT];
    for (int i = 0; cli_commands[i] && n < 63; i++)
        if (!cli_commands[i]->hidden) words[n++] = cli_commands[i]->name;
    return cli_usage(args->command, "there is no help on \"%s\"%s", word, cli_hint(word, words, n, hint));
}

const struct cli_command cli_help = {
    .name = "help",
    .operands = "[COMMAND | study [KEY]]",
    .most = 2,
    .help = "how to use the program, one of its commands, or the keys of a study",
    .text = "Says how the program or one of its commands is used; or, after the word study, which keys a "
            "study can have: "
            "all, or those below KEY.",
    .example = "ermine help run\nermine help study train.sgd",
    .words = "study new run show list data bench help version completion",
    .run = run,
};
