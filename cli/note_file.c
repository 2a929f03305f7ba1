/* note_file.c - reads a note and finds the places beside it. */
#include "note_file.h"
#include "cli.h"
#include "destination.h"

#include "core/file.h"

#include <ermine/memory.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The path of `name` in the folder of `path`. */
static char *beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    char *out = er_alloc((int64_t)(folder + strlen(name) + 1), 1);
    if (!out) return NULL;
    memcpy(out, path, folder);
    memcpy(out + folder, name, strlen(name) + 1);
    return out;
}

/* NAME.html for NAME.md; the whole name and .html for any other, so that a note and a study of one name do
 * not share a page. */
static char *page_path(const char *path)
{
    size_t n = strlen(path);
    if (n > 3 && strcmp(path + n - 3, ".md") == 0) n -= 3;
    char *out = er_alloc((int64_t)n + 6, 1);
    if (out) snprintf(out, n + 6, "%.*s.html", (int)n, path);
    return out;
}

char *note_file_store(const struct cli_args *args, const char *path)
{
    const char *store = cli_value(args, "store", NULL);
    return store ? er_strdup(store) : beside(path, ".ermine/results.db");
}

int note_file_open(const struct cli_args *args, const char *path, struct note_file *file)
{
    struct er_error err = {0};
    char *text = NULL;
    size_t n = 0;
    *file = (struct note_file){.path = path};
    const char *page = cli_value(args, "output", NULL);
    file->store = note_file_store(args, path);
    file->page = page ? er_strdup(page) : page_path(path);
    enum er_status status = ER_OK;
    if (!file->store || !file->page) status = er_fail(&err, ER_E_NOMEM, "out of memory");
    struct stat at;
    if (status == ER_OK && stat(path, &at) == 0 && S_ISDIR(at.st_mode))
        status = er_fail_at(&err, ER_E_INPUT, path, 0, 0, "a folder is no note");
    if (status == ER_OK) status = er_file_read_regular(path, ER_NOTE_MAX_BYTES, &text, &n, &err);
    if (status == ER_OK) status = er_note_parse(text, n, path, &file->note, &err);
    er_free(text);
    if (status == ER_OK) return CLI_DONE;
    note_file_close(file);
    return cli_error(args->command, &err);
}

/* There is a file at `path` whose head does not say that Ermine made it. */
static bool foreign_page(const char *path)
{
    static const char mark[] = "<meta name=\"generator\" content=\"ermine ";
    char head[4096] = "";
    size_t n, size;
    return er_file_front(path, (unsigned char *)head, sizeof head - 1, &n, &size) && n > 0 &&
           !strstr(head, mark);
}

int note_file_check_page(const struct cli_args *args, const struct note_file *file)
{
    if (destination_same(file->page, file->path))
        return cli_usage(args->command, "the page would overwrite the note %s; --output names another place",
                         file->path);
    if (destination_same(file->page, file->store))
        return cli_usage(args->command, "the page would overwrite the store %s", file->store);
    if (!cli_given(args, "output") && foreign_page(file->page))
        return cli_usage(args->command,
                         "%s is there and was not made by Ermine; --output names another place", file->page);
    int code = destination_check(args->command, file->page);
    if (code == CLI_FAILED && !cli_given(args, "output"))
        cli_message(args->command,
                    "page and results are kept beside the note; --output PAGE and --store FILE keep "
                    "them elsewhere");
    return code;
}

void note_file_close(struct note_file *file)
{
    er_note_free(file->note);
    er_free(file->store);
    er_free(file->page);
    *file = (struct note_file){0};
}
