/* note_file.c - reads a note and finds the places beside it. */
#include "note_file.h"
#include "cli.h"

#include "core/file.h"

#include <ermine/memory.h>

#include <stdio.h>
#include <string.h>

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

/* The path with .html in the place of .md, .markdown, .yaml or .yml, or behind any other name. */
static char *page_path(const char *path)
{
    static const char *const ending[] = {".md", ".markdown", ".yaml", ".yml"};
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        size_t e = strlen(ending[i]);
        if (n > e && strcmp(path + n - e, ending[i]) == 0) {
            n -= e;
            break;
        }
    }
    char *out = er_alloc((int64_t)n + 6, 1);
    if (out) snprintf(out, n + 6, "%.*s.html", (int)n, path);
    return out;
}

int note_file_open(const struct cli_args *args, const char *path, struct note_file *file)
{
    struct er_error err = {0};
    char *text = NULL;
    size_t n = 0;
    *file = (struct note_file){.path = path};
    const char *store = cli_value(args, "store", NULL), *page = cli_value(args, "output", NULL);
    file->store = store ? er_strdup(store) : beside(path, ".ermine/results.db");
    file->page = page ? er_strdup(page) : page_path(path);
    enum er_status status = ER_OK;
    if (!file->store || !file->page) status = er_fail(&err, ER_E_NOMEM, "out of memory");
    if (status == ER_OK) status = er_file_read(path, ER_NOTE_MAX_BYTES, &text, &n, &err);
    if (status == ER_OK) status = er_note_parse(text, n, path, &file->note, &err);
    er_free(text);
    if (status == ER_OK) return CLI_DONE;
    note_file_close(file);
    return cli_error(args->command, &err);
}

void note_file_close(struct note_file *file)
{
    er_note_free(file->note);
    er_free(file->store);
    er_free(file->page);
    *file = (struct note_file){0};
}
