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
    const struct cli_command *command = cli_find(word);
    if (command) {
        help_command(stdout, command, true);
        return CLI_DONE;
    }
    const char *words[64];
    int64_t n = 0;
    char hint[CLI_HINT];
    for (int i = 0; cli_commands[i] && n < 63; i++)
        if (!cli_commands[i]->hidden) words[n++] = cli_commands[i]->name;
    return cli_usage(args->command, "there is no help on \"%s\"%s", word, cli_hint(word, words, n, hint));
}

const struct cli_command cli_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .most = 1,
    .help = "how to use the program, or one of its commands",
    .text = "Says how the program or one of its commands is used.",
    .example = "ermine help run",
    .words = "run show list data bench help version completion",
    .run = run,
};
