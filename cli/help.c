/* help.c - help texts, made from the tables. */
#include "help.h"
#include "cli.h"
#include "terminal.h"

#include <ermine/version.h>

#include <string.h>

static int width_of(FILE *out)
{
    int width = terminal_width(out, 100);
    if (width > 100) width = 100;
    return width < 40 ? 40 : width;
}

static void blanks(FILE *out, int n)
{
    while (n-- > 0) fputc(' ', out);
}

/* One paragraph from `text` to `end`; returns nothing, ends its line. */
static void wrap_paragraph(FILE *out, const char *text, const char *end, int indent, int at, int width)
{
    bool first = true;
    while (text < end) {
        size_t word = strcspn(text, " \n");
        if (word > (size_t)(end - text)) word = (size_t)(end - text);
        if (word > 0) {
            if (!first && at + 1 + (int)word > width) {
                fputc('\n', out);
                at = 0;
                first = true;
            }
            if (first && at < indent) {
                blanks(out, indent - at);
                at = indent;
            }
            at += fprintf(out, "%s%.*s", first ? "" : " ", (int)word, text);
            first = false;
        }
        text += word;
        if (text < end) text++;
    }
    fputc('\n', out);
}

void help_wrap(FILE *out, const char *text, int indent, int at)
{
    int width = width_of(out);
    while (*text) {
        const char *end = strchr(text, '\n');
        if (text[0] == ' ' || text[0] == '\n') { /* as it is */
            end = end ? end : text + strlen(text);
            if (end > text) blanks(out, indent);
            fprintf(out, "%.*s\n", (int)(end - text), text);
        } else {
            while (end && end[1] != '\n' && end[1] != ' ' && end[1] != '\0') end = strchr(end + 1, '\n');
            end = end ? end : text + strlen(text);
            wrap_paragraph(out, text, end, indent, at, width);
        }
        at = 0;
        text = *end ? end + 1 : end;
    }
}

void help_pair(FILE *out, const char *name, int width, const char *help)
{
    int at = fprintf(out, "  %-*s  ", width, name);
    help_wrap(out, help, width + 4, at);
}

static void usage_line(FILE *out, const struct cli_command *command)
{
    fprintf(out, "usage: ermine %s%s%s%s\n", command->name, command->option ? " [options]" : "",
            command->operands[0] ? " " : "", command->operands);
}

/* "-o, --output FILE" */
static char *option_words(const struct cli_option *option, char *out, size_t size)
{
    char key[8] = "    ";
    if (option->key) snprintf(key, sizeof key, "-%c, ", option->key);
    snprintf(out, size, "%s--%s%s%s", key, option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
    return out;
}

static void option_help(FILE *out, const struct cli_option *option, int width)
{
    char words[64], text[400];
    snprintf(text, sizeof text, "%s%s%s%s", option->help, option->fallback ? " [" : "",
             option->fallback ? option->fallback : "", option->fallback ? "]" : "");
    help_pair(out, option_words(option, words, sizeof words), width, text);
}

void help_command(FILE *out, const struct cli_command *command, bool full)
{
    char words[64];
    int width = (int)strlen(option_words(&cli_help_option, words, sizeof words));
    usage_line(out, command);
    if (full) {
        fputc('\n', out);
        help_wrap(out, command->text, 0, 0);
    }
    for (const struct cli_option *o = command->option; o && o->name; o++) {
        int w = (int)strlen(option_words(o, words, sizeof words));
        if (w > width) width = w;
    }
    fprintf(out, "\noptions:\n");
    for (const struct cli_option *o = command->option; o && o->name; o++) option_help(out, o, width);
    option_help(out, &cli_help_option, width);
    if (full && command->example) {
        fprintf(out, "\nfor example:\n");
        for (const char *line = command->example; *line;) {
            size_t n = strcspn(line, "\n");
            fprintf(out, "  %.*s\n", (int)n, line);
            line += n + (line[n] == '\n');
        }
    }
}

void help_program(FILE *out)
{
    fprintf(out, "Ermine %s, a laboratory for the question why deep networks generalise.\n\n", er_version());
    fprintf(out, "usage: ermine COMMAND [options] [...]\n\n");
    int width = 0;
    for (int i = 0; cli_commands[i]; i++)
        if ((int)strlen(cli_commands[i]->name) > width) width = (int)strlen(cli_commands[i]->name);
    for (int i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden) help_pair(out, cli_commands[i]->name, width, cli_commands[i]->help);
    fprintf(
        out,
        "\n`ermine COMMAND --help` says more of a command, `ermine help study` of the keys of a study.\n");
    fprintf(out, "Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 bad input, 130 interrupted.\n");
}
