/* main.c - the program `ermine`: finds the command, reads its words, runs it. */
#include "cli.h"
#include "help.h"

#include "core/number.h"
#include "data/shown.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COMMAND(name) extern const struct cli_command cli_##name;
#include "commands.def"
#undef COMMAND

enum { MESSAGE = 8192 };

const struct cli_command *const cli_commands[] = {
#define COMMAND(name) &cli_##name,
#include "commands.def"
#undef COMMAND
    NULL};

atomic_bool cli_stop;

const struct cli_command *cli_find(const char *name)
{
    for (int i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0) return cli_commands[i];
    return NULL;
}

/* One line, whatever the texts in it: names of files and what stands in them must not steer a terminal. */
static void __attribute__((format(printf, 2, 0)))
say(const struct cli_command *command, const char *format, va_list args)
{
    char text[MESSAGE];
    const int n = vsnprintf(text, sizeof text, format, args);
    er_text_tame(text);
    fprintf(stderr, "ermine%s%s: %s%s\n", command ? " " : "", command ? command->name : "", text,
            n >= MESSAGE ? "..." : "");
}

void cli_message(const struct cli_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(command, format, args);
    va_end(args);
}

int cli_usage(const struct cli_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(command, format, args);
    va_end(args);
    fprintf(stderr, "`ermine help%s%s` says how it is used\n", command ? " " : "",
            command ? command->name : "");
    return CLI_USAGE;
}

int cli_error(const struct cli_command *command, const struct er_error *err)
{
    char text[sizeof *err + 64];
    cli_message(command, "%s", er_error_text(err, text, sizeof text));
    switch (err->code) {
    case ER_E_USAGE:
    case ER_E_INPUT:
    case ER_E_SHAPE:
    case ER_E_NOT_FOUND:
    case ER_E_UNSUPPORTED:
    case ER_E_LIMIT:
        return CLI_INPUT;
    case ER_E_STOPPED:
        return CLI_INTERRUPTED;
    default:
        return CLI_FAILED;
    }
}

char *cli_hint(const char *word, const char *const *words, int64_t n, char out[CLI_HINT])
{
    const char *near = er_nearest(word, words, n);
    out[0] = '\0';
    if (near) snprintf(out, CLI_HINT, " (did you mean \"%s\"?)", near);
    return out;
}

bool cli_flush(const struct cli_command *command)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) return true;
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLERR))
        return false; /* the reader has seen enough: `| head` */
    cli_message(command, "cannot write to standard output: %s", errno ? strerror(errno) : "output was lost");
    return false;
}

static void on_signal(int number)
{
    (void)number;
    atomic_store(&cli_stop, true);
}

/* The first SIGINT or SIGTERM asks the work to stop, the second kills. A closed pipe is an error of writing,
 * which cli_flush() reports. */
static void set_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static int unknown(const char *word)
{
    const char *words[64];
    int64_t n = 0;
    char hint[CLI_HINT];
    for (int i = 0; cli_commands[i] && n < 64; i++)
        if (!cli_commands[i]->hidden) words[n++] = cli_commands[i]->name;
    return cli_usage(NULL, "unknown %s \"%s\"%s", word[0] == '-' ? "option" : "command", word,
                     cli_hint(word, words, n, hint));
}

static int finish(const struct cli_command *command, int code)
{
    bool written = cli_flush(command);
    return code == CLI_DONE && !written ? CLI_FAILED : code;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, ""); /* for the progress bar; numbers stay in the C locale */
    set_signals();
    if (argc < 2) {
        help_program(stderr);
        return CLI_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
        help_program(stdout);
        return finish(NULL, CLI_DONE);
    }
    if (strcmp(word, "--version") == 0) word = "version";
    const struct cli_command *command = cli_find(word);
    if (!command) return unknown(word);

    struct cli_args args;
    char help;
    int code = cli_parse(command, argc - 2, (const char **)argv + 2, &args, &help);
    if (code == CLI_DONE && help)
        help_command(stdout, command, help == 'H');
    else if (code == CLI_DONE)
        code = command->run(&args);
    return finish(command, code);
}
