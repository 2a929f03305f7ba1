/* cmd_completion.c - `ermine completion`: scripts that let a shell complete commands, options and operands.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static void bash_command(const struct cli_command *command)
{
    printf("    %s)\n        options='", command->name);
    for (const struct cli_option *o = command->option; o && o->name; o++) printf("--%s ", o->name);
    printf("--%s'\n", cli_help_option.name);
    if (command->words) printf("        words='%s'\n", command->words);
    printf("        files=%s\n        valued='", command->words ? "no" : "yes");
    for (const struct cli_option *o = command->option; o && o->name; o++) {
        if (o->argument) printf("--%s ", o->name);
        if (o->argument && o->key) printf("-%c ", o->key);
    }
    printf("' ;;\n");
}

static void print_bash(void)
{
    printf("# bash completion for ermine, made by `ermine completion bash`\n"
           "_ermine() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
           "    local options='' words='' files=no valued=''\n"
           "    COMPREPLY=()\n"
           "    if ((COMP_CWORD == 1)); then\n"
           "        words='");
    for (int i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden) printf("%s ", cli_commands[i]->name);
    printf("'\n"
           "        options='--help --version'\n"
           "    else\n"
           "    case ${COMP_WORDS[1]} in\n");
    for (int i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden) bash_command(cli_commands[i]);
    printf("    esac\n"
           "    fi\n"
           "    if [[ \" $valued \" == *\" $prev \"* ]]; then\n"
           "        files=yes options='' words=''\n"
           "    fi\n"
           "    if [[ $cur == -* ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
           "    elif [[ $files == yes ]]; then\n"
           "        compopt -o filenames 2>/dev/null\n"
           "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
           "    else\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
           "    fi\n"
           "}\n"
           "complete -F _ermine ermine\n");
}

/* Text inside '...' of zsh's _arguments: quotes, brackets and colons are its own. */
static void zsh_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            printf("'\\''");
        else if (strchr("[]:\\", *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

static void zsh_command(const struct cli_command *command)
{
    printf("    %s)\n        _arguments -S \\\n", command->name);
    for (const struct cli_option *o = command->option; o && o->name; o++) {
        printf("            '--%s%s[", o->name, o->argument ? "=" : "");
        zsh_text(o->help);
        printf("]%s%s%s' \\\n", o->argument ? ":" : "", o->argument ? o->argument : "",
               o->argument ? ":_files" : "");
    }
    if (!command->words)
        printf("            '*:file:_files' ;;\n");
    else
        printf("            '*:word:(%s)' ;;\n", command->words);
}

static void print_zsh(void)
{
    printf("#compdef ermine\n"
           "# zsh completion for ermine, made by `ermine completion zsh`\n"
           "_ermine() {\n"
           "    local -a commands\n"
           "    commands=(\n");
    for (int i = 0; cli_commands[i]; i++) {
        if (cli_commands[i]->hidden) continue;
        printf("        '%s:", cli_commands[i]->name);
        zsh_text(cli_commands[i]->help);
        printf("'\n");
    }
    printf("    )\n"
           "    if (( CURRENT == 2 )); then\n"
           "        _describe command commands\n"
           "        return\n"
           "    fi\n"
           "    shift words\n"
           "    (( CURRENT-- ))\n"
           "    case $words[1] in\n");
    for (int i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden) zsh_command(cli_commands[i]);
    printf("    esac\n"
           "}\n"
           "_ermine \"$@\"\n");
}

static void fish_text(const char *text)
{
    putchar('\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\') putchar('\\');
        putchar(*text);
    }
    putchar('\'');
}

static void fish_command(const struct cli_command *command)
{
    printf("complete -c ermine -n __fish_use_subcommand -f -a %s -d ", command->name);
    fish_text(command->help);
    putchar('\n');
    if (command->words) {
        printf("complete -c ermine -n '__fish_seen_subcommand_from %s' -f -a ", command->name);
        fish_text(command->words);
        putchar('\n');
    }
    for (const struct cli_option *o = command->option; o && o->name; o++) {
        printf("complete -c ermine -n '__fish_seen_subcommand_from %s' -l %s", command->name, o->name);
        if (o->key) printf(" -s %c", o->key);
        printf("%s -d ", o->argument ? " -r" : "");
        fish_text(o->help);
        putchar('\n');
    }
}

static void print_fish(void)
{
    printf("# fish completion for ermine, made by `ermine completion fish`\n");
    for (int i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden) fish_command(cli_commands[i]);
}

static int run(const struct cli_args *args)
{
    static const char *const shell[] = {"bash", "zsh", "fish"};
    static void (*const print[])(void) = {print_bash, print_zsh, print_fish};
    for (int i = 0; i < 3; i++)
        if (strcmp(args->operand[0], shell[i]) == 0) {
            print[i]();
            return CLI_DONE;
        }
    char hint[CLI_HINT];
    return cli_usage(args->command, "no completion for the shell \"%s\"%s; there are bash, zsh, fish",
                     args->operand[0], cli_hint(args->operand[0], shell, 3, hint));
}

const struct cli_command cli_completion = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .least = 1,
    .most = 1,
    .help = "a script that lets a shell complete commands and options",
    .text = "Prints a completion script. `make install` puts all three where the shells look for them; in a "
            "shell "
            "that runs already, bash takes it by\n\n  source <(ermine completion bash)",
    .example = "ermine completion bash > ~/.local/share/bash-completion/completions/ermine",
    .words = "bash zsh fish",
    .run = run,
};
