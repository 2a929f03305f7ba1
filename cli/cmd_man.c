/* cmd_man.c - `ermine man`: the manual page ermine(1), from the same tables as the help. */
#include "cli.h"

#include <ermine/version.h>

#include <stdio.h>
#include <string.h>

/* Text as roff: hyphens that are typed, backslashes, and full stops that begin a line. Words in `...` are
 * bold. */
static void roff(const char *text)
{
    bool start = true, bold = false;
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\'')) printf("\\&");
        if (*text == '-')
            printf("\\-");
        else if (*text == '\\')
            printf("\\e");
        else if (*text == '`')
            printf("%s", (bold = !bold) ? "\\fB" : "\\fR");
        else
            putchar(*text);
        start = *text == '\n';
    }
}

/* Paragraphs; lines that start with a blank are shown as they are. */
static void paragraphs(const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        char line[1200];
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        if (n == 0)
            printf(".PP\n");
        else if (line[0] == ' ')
            printf(".br\n.B \"\\&");
        roff(line);
        if (n > 0) printf(line[0] == ' ' ? "\"\n" : "\n");
        text += n + (text[n] == '\n');
    }
}

static void option(const struct cli_option *o)
{
    printf(".TP\n");
    if (o->key) printf("\\fB\\-%c\\fR, ", o->key);
    printf("\\fB\\-\\-");
    roff(o->name);
    printf("\\fR");
    if (o->argument) printf(" \\fI%s\\fR", o->argument);
    putchar('\n');
    roff(o->help);
    if (o->fallback) {
        printf(" [");
        roff(o->fallback);
        putchar(']');
    }
    putchar('\n');
}

static void section(const struct cli_command *command)
{
    printf(".SS \"ermine %s", command->name);
    if (command->option) printf(" [options]");
    putchar(command->operands[0] ? ' ' : '\"');
    if (command->operands[0]) {
        roff(command->operands);
        putchar('"');
    }
    putchar('\n');
    paragraphs(command->text);
    for (const struct cli_option *o = command->option; o && o->name; o++) option(o);
    if (!command->example) return;
    printf(".PP\n.EX\n");
    roff(command->example);
    printf("\n.EE\n");
}

static const struct {
    const char *name, *help;
} environment[] =
    {
        {"ERMINE_DATA", "folders with data sets, separated by colons; looked in after those of --data"},
        {"XDG_CACHE_HOME", "the cache of fetched data is its folder ermine [~/.cache]"},
        {"NO_COLOR", "when not empty: no colours"},
        {"TERM", "dumb: no progress bar and no colours"},
},
  codes[] = {
      {"0", "done"},
      {"1", "the work failed: a disk is full, a download broke off, output could not be written"},
      {"2", "wrong usage: an unknown command or option"},
      {"3", "bad input: a note, study or data set is in error or absent"},
      {"130", "interrupted (SIGINT or SIGTERM); what was computed is stored"},
};

static int run(const struct cli_args *args)
{
    (void)args;
    printf(".TH ERMINE 1 \"\" \"Ermine %s\" \"User Commands\"\n", er_version());
    printf(".SH NAME\nermine \\- a laboratory for the question why deep networks generalise\n");
    printf(".SH SYNOPSIS\n.B ermine\n.I COMMAND\n[options] [...]\n.SH DESCRIPTION\n");
    paragraphs(
        "Ermine turns a note, Markdown whose figures are declared as studies in YAML, into a page whose "
        "figures are measured: it trains the networks, keeps every run in a store, and draws the figures "
        "from it. A second run computes only what has changed.");
    printf(".SH COMMANDS\n");
    for (int i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden) section(cli_commands[i]);
    printf(".SS \"Every command\"\n");
    option(&cli_help_option);
    printf(".SH \"EXIT STATUS\"\n");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        printf(".TP\n.B %s\n", codes[i].name);
        roff(codes[i].help);
        putchar('\n');
    }
    printf(".SH ENVIRONMENT\n");
    for (size_t i = 0; i < sizeof environment / sizeof environment[0]; i++) {
        printf(".TP\n.B %s\n", environment[i].name);
        roff(environment[i].help);
        putchar('\n');
    }
    return CLI_DONE;
}

const struct cli_command cli_man = {
    .name = "man",
    .operands = "",
    .help = "the manual page, in roff",
    .text = "Prints the manual page ermine(1) as roff; `make install` installs it.",
    .example = "ermine man | man -l -",
    .words = "",
    .run = run,
    .hidden = true,
};
