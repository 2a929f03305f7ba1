/* task.c - a task's folder: which layout it has, and what its texts say. */
#include "pgdl/task.h"

#include "core/buffer.h"
#include "core/file.h"
#include "pgdl/json.h"

#include <ermine/memory.h>
#include <string.h>
#include <sys/stat.h>

char *er_task_path(const struct er_pgdl_task *task, const char *model, const char *file)
{
    char *path = NULL, *folder = model ? er_path_join(task->folder, model) : er_strdup(task->folder);
    if (folder) path = er_path_join(folder, file);
    er_free(folder);
    return path;
}

enum er_status er_task_read(const struct er_pgdl_task *task, const char *model, const char *file,
                            size_t limit, char **out, size_t *n, struct er_error *err)
{
    char *path = er_task_path(task, model, file);
    if (!path) return er_fail(err, ER_E_NOMEM, "out of memory");
    const enum er_status status = er_file_read_regular(path, limit, out, n, err);
    er_free(path);
    return status;
}

enum er_status er_task_has(const struct er_pgdl_task *task, const char *model, const char *file, bool *out,
                           struct er_error *err)
{
    struct stat st;
    char *path = er_task_path(task, model, file);
    if (!path) return er_fail(err, ER_E_NOMEM, "out of memory");
    *out = stat(path, &st) == 0 && S_ISREG(st.st_mode);
    er_free(path);
    return ER_OK;
}

/* The last part of a path, without slashes at its end. */
static const char *name_of(struct er_arena *arena, const char *folder)
{
    size_t end = strlen(folder), begin;
    while (end > 1 && folder[end - 1] == '/') end--;
    for (begin = end; begin > 0 && folder[begin - 1] != '/'; begin--) {}
    return er_arena_strndup(arena, folder + begin, end - begin);
}

/* {"format": "ermine-task", "version": 1, "data": "..."} */
static enum er_status read_ours(const json_t *root, struct er_pgdl_task *task, struct er_error *err)
{
    char shown[ER_JSON_SHOWN];
    const json_t *format = json_object_get(root, "format"), *version = json_object_get(root, "version");
    const json_t *data = json_object_get(root, "data");
    if (!json_is_string(format) || strcmp(json_string_value(format), ER_TASK_FORMAT) != 0)
        return er_fail(err, ER_E_INPUT, "its format is %s, not \"" ER_TASK_FORMAT "\"",
                       er_json_shown(format, shown));
    if (!json_is_integer(version) || json_integer_value(version) != 1)
        return er_fail(err, ER_E_INPUT, "version %s of tasks; 1 is read", er_json_shown(version, shown));
    if (!json_is_string(data))
        return er_fail(err, ER_E_INPUT, "\"data\" is %s; a text of settings is wanted",
                       er_json_shown(data, shown));
    task->ours = true;
    task->data = er_arena_strdup(task->memory, json_string_value(data));
    return task->data ? ER_OK : er_fail(err, ER_E_NOMEM, "out of memory");
}

static enum er_status open_ours(struct er_pgdl_task *task, struct er_error *err)
{
    char *text = NULL;
    size_t n = 0;
    json_t *root = NULL;
    bool ours = false;
    enum er_status status = er_task_has(task, NULL, ER_TASK_OURS, &ours, err);
    if (status != ER_OK || !ours) return status;
    status = er_task_read(task, NULL, ER_TASK_OURS, ER_PGDL_CONFIG_BYTES, &text, &n, err);
    if (status != ER_OK) return status;
    status = er_json_object(text, n, &root, err);
    er_free(text);
    if (status == ER_OK) status = read_ours(root, task, err);
    json_decref(root);
    if (status != ER_OK) er_error_place(err, ER_TASK_OURS, 0, 0);
    return status;
}

enum er_status er_pgdl_task_open(const char *folder, struct er_pgdl_task *out, struct er_error *err)
{
    const struct er_pgdl_task at = {.folder = folder};
    struct er_pgdl_task task = {0};
    char *text = NULL;
    size_t n = 0;
    enum er_status status = er_task_read(&at, NULL, ER_TASK_CONFIGS, ER_PGDL_CONFIGS_BYTES, &text, &n, err);
    if (status != ER_OK) return status;
    status = er_pgdl_configs_parse(text, n, &task, err);
    er_free(text);
    if (status != ER_OK) {
        er_error_place(err, ER_TASK_CONFIGS, 0, 0);
        return status;
    }
    task.folder = er_arena_strdup(task.memory, folder);
    task.name = name_of(task.memory, folder);
    status = task.folder && task.name ? open_ours(&task, err) : er_fail(err, ER_E_NOMEM, "out of memory");
    if (status == ER_OK)
        *out = task;
    else
        er_pgdl_task_clear(&task);
    return status;
}

void er_pgdl_task_clear(struct er_pgdl_task *task)
{
    er_arena_free(task->memory);
    *task = (struct er_pgdl_task){0};
}
