/* options.h - commands and options as tables: the parser, the help, the manual page and the completions are
 * all made from them.
 *
 * Accepted: -k, -kVALUE, -k VALUE, several switches in one word (-ab), --name, --name=VALUE, --name VALUE;
 * options and operands in any order; `--` ends the options; `-` is an operand.
 */
#ifndef ERMINE_CLI_OPTIONS_H
#define ERMINE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct cli_option {
    char key;             /* 'o' for -o; 0: none */
    const char *name;     /* "output" for --output; the table ends with a NULL name */
    const char *argument; /* "FILE", "N"; NULL: a switch */
    const char *fallback; /* the default, as help shows it; NULL: none to show */
    const char *help;
};

struct cli_args;

struct cli_command {
    const char *name;
    const char *operands; /* "NOTE", "[WHAT]", as usage shows them; "" */
    int least, most;      /* how many operands there may be */
    const char *help;     /* one line */
    const char *text;     /* paragraphs for --help and the manual page, separated by blank lines */
    const char *example;  /* command lines, one a line */
    const char *
        words; /* what operands are chosen from, separated by blanks, for completion; NULL: files; "": free */
    const struct cli_option *option;
    int (*run)(const struct cli_args *args);
    bool hidden; /* left out of the list of commands */
};

enum { CLI_MAX_GIVEN = 64 };

/* A command line that has been read. All texts are those of argv. */
struct cli_args {
    const struct cli_command *command;
    struct {
        const struct cli_option *option;
        const char *value; /* "" for a switch */
    } given[CLI_MAX_GIVEN];
    int n_given;
    const char **operand;
    int n_operands;
};

/* --help and -h, which every command has. */
extern const struct cli_option cli_help_option;

/* Reads the words behind the command's name; operands are moved to the front of argv. On a mistake: says so
 * and returns CLI_USAGE. On -h or --help: *help is 'h' or 'H' and the rest is not checked. */
int cli_parse(const struct cli_command *command, int argc, const char **argv, struct cli_args *args,
              char *help);

/* True when the option was given. */
bool cli_given(const struct cli_args *args, const char *name);

/* The value given last, or `fallback`. */
const char *cli_value(const struct cli_args *args, const char *name, const char *fallback);

/* The value of a number option within [least, most]; *out is untouched when it is absent. False, after a
 * message, for anything but such an integer. */
bool cli_integer(const struct cli_args *args, const char *name, int64_t least, int64_t most, int64_t *out);

#endif
