/* options.c - reading a command line by a command's table. */
#include "options.h"
#include "cli.h"

#include "core/number.h"

#include <inttypes.h>
#include <string.h>

const struct cli_option cli_help_option = {'h', "help", NULL, NULL, "say how this is used (-h: shorter)"};

static const struct cli_option *by_name(const struct cli_command *command, const char *name, size_t length)
{
    const struct cli_option *help = &cli_help_option;
    if (strlen(help->name) == length && strncmp(help->name, name, length) == 0) return help;
    for (const struct cli_option *o = command->option; o && o->name; o++)
        if (strlen(o->name) == length && strncmp(o->name, name, length) == 0) return o;
    return NULL;
}

static const struct cli_option *by_key(const struct cli_command *command, char key)
{
    if (key == cli_help_option.key) return &cli_help_option;
    for (const struct cli_option *o = command->option; o && o->name; o++)
        if (o->key == key) return o;
    return NULL;
}

static int unknown_name(const struct cli_command *command, const char *name, size_t length)
{
    const char *words[CLI_MAX_GIVEN] = {cli_help_option.name};
    int64_t n = 1;
    for (const struct cli_option *o = command->option; o && o->name && n < CLI_MAX_GIVEN; o++)
        words[n++] = o->name;
    char cut[64];
    if (length >= sizeof cut) length = sizeof cut - 1;
    memcpy(cut, name, length);
    cut[length] = '\0';
    const char *near = er_nearest(cut, words, n);
    if (near) return cli_usage(command, "unknown option --%s (did you mean --%s?)", cut, near);
    return cli_usage(command, "unknown option --%s", cut);
}

static int take(struct cli_args *args, const struct cli_option *option, const char *value, char *help)
{
    if (option == &cli_help_option) *help = 'H';
    if (value && !value[0])
        return cli_usage(args->command, "--%s needs a %s, not an empty word", option->name, option->argument);
    if (args->n_given == CLI_MAX_GIVEN) return cli_usage(args->command, "too many options");
    args->given[args->n_given].option = option;
    args->given[args->n_given++].value = value ? value : "";
    return CLI_DONE;
}

/* One word of short options, such as -q, -oFILE or -qo; *next is the word after it, used when a value is due.
 */
static int take_short(struct cli_args *args, const char *word, const char *next, bool *used, char *help)
{
    for (const char *c = word + 1; *c; c++) {
        const struct cli_option *option = by_key(args->command, *c);
        if (!option) return cli_usage(args->command, "unknown option -%c", *c);
        const char *value = NULL;
        if (option->argument) {
            value = c[1] ? c + 1 : next;
            *used = !c[1];
            if (!value) return cli_usage(args->command, "-%c needs a %s", *c, option->argument);
        }
        int code = take(args, option, value, help);
        if (code != CLI_DONE) return code;
        if (option == &cli_help_option) *help = 'h';
        if (option->argument) break;
    }
    return CLI_DONE;
}

static int take_long(struct cli_args *args, const char *word, const char *next, bool *used, char *help)
{
    const char *name = word + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct cli_option *option = by_name(args->command, name, length);
    if (!option) return unknown_name(args->command, name, length);
    const char *value = equals ? equals + 1 : NULL;
    if (!option->argument && value) return cli_usage(args->command, "--%s takes no value", option->name);
    if (option->argument && !value) {
        value = next;
        *used = true;
        if (!value) return cli_usage(args->command, "--%s needs a %s", option->name, option->argument);
    }
    return take(args, option, value, help);
}

int cli_parse(const struct cli_command *command, int argc, const char **argv, struct cli_args *args,
              char *help)
{
    *args = (struct cli_args){.command = command, .operand = argv};
    *help = 0;
    bool ended = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        bool used = false;
        int code = CLI_DONE;
        if (ended || word[0] != '-' || word[1] == '\0')
            argv[args->n_operands++] = word;
        else if (strcmp(word, "--") == 0)
            ended = true;
        else if (word[1] == '-')
            code = take_long(args, word, next, &used, help);
        else
            code = take_short(args, word, next, &used, help);
        if (code != CLI_DONE || *help) return code;
        if (used) i++;
    }
    for (int i = 0; i < args->n_operands; i++)
        if (!args->operand[i][0]) return cli_usage(command, "an empty word among the operands");
    if (args->n_operands < command->least) return cli_usage(command, "needs %s", command->operands);
    if (args->n_operands > command->most)
        return cli_usage(command, "one word too many: %s", args->operand[command->most]);
    return CLI_DONE;
}

const char *cli_value(const struct cli_args *args, const char *name, const char *fallback)
{
    for (int i = args->n_given; i-- > 0;)
        if (strcmp(args->given[i].option->name, name) == 0) return args->given[i].value;
    return fallback;
}

bool cli_given(const struct cli_args *args, const char *name)
{
    return cli_value(args, name, NULL) != NULL;
}

bool cli_integer(const struct cli_args *args, const char *name, int64_t least, int64_t most, int64_t *out)
{
    const char *text = cli_value(args, name, NULL);
    if (!text) return true;
    int64_t number;
    if (er_number_integer(text, &number) && number >= least && number <= most) {
        *out = number;
        return true;
    }
    cli_usage(args->command, "--%s is a whole number from %" PRId64 " to %" PRId64 ", not \"%s\"", name,
              least, most, text);
    return false;
}
