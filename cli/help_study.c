/* help_study.c - the keys of a study, from the schema. */
#include "cli.h"
#include "help.h"

#include <ermine/study.h>

#include <stdio.h>
#include <string.h>

/* "a whole number of epochs from 1", "a number from 0 to 1"; a bound beyond a million is no news to anybody.
 */
static void number_text(const struct er_schema_row *row, char *out, size_t size)
{
    const bool whole = row->type == ER_SCHEMA_INTEGER;
    const char *unit = strcmp(row->unit, "s") == 0 ? "seconds" : row->unit;
    size_t n = (size_t)snprintf(out, size, "a %snumber%s%s from %g", whole ? "whole " : "",
                                unit[0] ? " of " : "", unit, row->min);
    if (row->max < 1e6 && n < size) snprintf(out + n, size - n, " to %g", row->max);
}

/* What may be written, in words; "" where the help says it already. */
static void type_text(const struct er_schema_row *row, char *out, size_t size)
{
    out[0] = '\0';
    switch (row->type) {
    case ER_SCHEMA_INTEGER:
    case ER_SCHEMA_REAL:
        number_text(row, out, size);
        return;
    case ER_SCHEMA_BOOL:
        snprintf(out, size, "true or false");
        return;
    case ER_SCHEMA_CHOICE:
        snprintf(out, size, "one of %s", row->choices);
        return;
    case ER_SCHEMA_LIST:
        if (row->min > row->max)
            snprintf(out, size, "a list of words");
        else
            snprintf(out, size, "a list of %s and whole numbers from %g", row->choices, row->min);
        return;
    case ER_SCHEMA_MAP:
    case ER_SCHEMA_FILE:
    case ER_SCHEMA_TEXT:
    case ER_SCHEMA_MODEL:
    case ER_SCHEMA_STUDY:
        return;
    }
}

/* The key as YAML would have it, with its default: "    rate: 0.1". Returns its length. */
static int key_text(const struct er_schema_row *row, char *out, size_t size)
{
    const char *name = row->path;
    int depth = 0;
    for (const char *dot; (dot = strchr(name, '.')); name = dot + 1) depth++;
    const bool shown = row->fallback && row->fallback[0];
    return snprintf(out, size, "%*s%s:%s%s", 2 * depth, "", name, shown ? " " : "",
                    shown ? row->fallback : "");
}

static void print_row(const struct er_schema_row *row, int width)
{
    char key[128], type[200], text[700];
    key_text(row, key, sizeof key);
    type_text(row, type, sizeof type);
    snprintf(text, sizeof text, "%s%s%s%s", row->help, type[0] ? "; " : "", type,
             row->fallback ? "" : "; must be there");
    help_pair(stdout, key, width, text);
}

/* True when `path` is `part` or below it. */
static bool within(const char *path, const char *part)
{
    size_t n = strlen(part);
    return strncmp(path, part, n) == 0 && (path[n] == '\0' || path[n] == '.');
}

int help_study(const struct cli_command *command, const char *part)
{
    const struct er_schema_row *row;
    const char *words[512];
    int64_t n = 0;
    int width = 0, shown = 0;
    for (int64_t i = 0; (row = er_schema_row(i)); i++) {
        if (n < 512) words[n++] = row->path;
        if (part && !within(row->path, part)) continue;
        char key[128];
        int length = key_text(row, key, sizeof key);
        if (length > width) width = length;
        shown++;
    }
    if (shown == 0) {
        char hint[CLI_HINT];
        return cli_usage(command, "a study has no key \"%s\"%s", part, cli_hint(part, words, n, hint));
    }
    if (!part) {
        help_wrap(
            stdout,
            "A study is YAML: a file of its own, or a fenced block of a note that is marked `ermine`.\n\n"
            "  study: random-labels\n"
            "  data:  {name: fashion-mnist, train: 2000, labels: {corrupt: [0, 0.5, 1]}}\n"
            "  model: [dense 512, relu, dense]\n"
            "  train: {sgd: {rate: 0.01}, until: {train_error: 0}, epochs: 200}\n"
            "  seeds: 3\n\n"
            "A list where one value is expected is an axis of the grid of runs; axes multiply. A key below "
            "another is written with a full stop between them here. `ermine help study PATH` says only what "
            "is below PATH.\n",
            0, 0);
        putchar('\n');
    }
    for (int64_t i = 0; (row = er_schema_row(i)); i++)
        if (!part || within(row->path, part)) print_row(row, width);
    return CLI_DONE;
}
