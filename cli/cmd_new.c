/* cmd_new.c - `ermine new`: a note to start from, out of those that the program carries (new/kinds.def). */
#include "cli.h"

#include "core/buffer.h"

#include <ermine/memory.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KIND(id, name, help) extern const char new_##id[], new_##id##_end[];
#include "new/kinds.def"
#undef KIND

static const struct kind {
    const char *name, *help, *text, *end;
} kinds[] = {
#define KIND(id, name, help) {name, help, new_##id, new_##id##_end},
#include "new/kinds.def"
#undef KIND
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const char kind_words[] =
#define KIND(id, name, help) name " "
#include "new/kinds.def"
#undef KIND
    ;

static void list_kinds(void)
{
    int width = 0;
    for (int i = 0; i < KINDS; i++)
        if ((int)strlen(kinds[i].name) > width) width = (int)strlen(kinds[i].name);
    for (int i = 0; i < KINDS; i++) printf("%-*s  %s\n", width, kinds[i].name, kinds[i].help);
}

/* The kind of that name; NULL after a message. */
static const struct kind *find(const struct cli_command *command, const char *name)
{
    const char *words[KINDS];
    char hint[CLI_HINT];
    for (int i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
        words[i] = kinds[i].name;
    }
    cli_usage(command, "there is no kind \"%s\" of note%s; `ermine new` lists them", name,
              cli_hint(name, words, KINDS, hint));
    return NULL;
}

/* Where the note goes: KIND.md here, in the folder that was named, or the file that was named. NULL when memory
 * is out; freed by er_free(). */
static char *path_of(const struct kind *kind, const char *word)
{
    struct er_buffer path = {0};
    struct stat at;
    char *out = NULL;
    const bool folder = word && stat(word, &at) == 0 && S_ISDIR(at.st_mode);
    if (word) er_buffer_text(&path, word);
    if (folder && word[strlen(word) - 1] != '/') er_buffer_char(&path, '/');
    if (!word || folder) er_buffer_format(&path, "%s.md", kind->name);
    return er_buffer_take(&path, &out, NULL) == ER_OK ? out : NULL;
}

/* False with errno, and without a file, when not all could be written. */
static bool write_new(const char *path, const char *text, size_t n)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    int error = 0;
    while (n > 0 && !error) {
        const ssize_t put = write(fd, text, n);
        if (put < 0 && errno != EINTR) error = errno;
        if (put <= 0) continue;
        text += put;
        n -= (size_t)put;
    }
    if (close(fd) != 0 && !error) error = errno;
    if (!error) return true;
    unlink(path);
    errno = error;
    return false;
}

/* A study of a whole file is another thing than a note. */
static bool is_yaml(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static int run(const struct cli_args *args)
{
    if (args->n_operands == 0) {
        list_kinds();
        return CLI_DONE;
    }
    const struct kind *kind = find(args->command, args->operand[0]);
    if (!kind) return CLI_USAGE;
    char *path = path_of(kind, args->n_operands > 1 ? args->operand[1] : NULL);
    int code = CLI_FAILED;
    if (!path) {
        cli_message(args->command, "out of memory");
    } else if (is_yaml(path)) {
        code = cli_usage(args->command, "%s would be read as a study alone; a note's name ends in .md", path);
    } else if (write_new(path, kind->text, (size_t)(kind->end - kind->text))) {
        printf("%s\n", path);
        cli_message(args->command, "`ermine run %s` computes its figures and writes its page", path);
        code = CLI_DONE;
    } else if (errno == EEXIST) {
        cli_message(args->command,
                    "%s is there already and stays as it is; `ermine new %s FILE` names another", path,
                    kind->name);
    } else {
        cli_message(args->command, "cannot write %s: %s", path, strerror(errno));
    }
    er_free(path);
    return code;
}

const struct cli_command cli_new = {
    .name = "new",
    .operands = "[KIND] [FILE]",
    .most = 2,
    .help = "write a note to start from",
    .text =
        "Writes a small note with prose and studies that run in some seconds, to be changed at will: KIND.md "
        "here, or FILE; in a folder, when FILE is one. A file that is there is never touched. Without a "
        "word, "
        "the kinds are listed. Standard output gets the path.",
    .example = "ermine new\nermine new random-labels\nermine new width lecture-3.md",
    .words = kind_words,
    .run = run,
};
