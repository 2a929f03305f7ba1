/* task.h - the folder of a task: its paths. */
#ifndef ERMINE_PGDL_TASK_H
#define ERMINE_PGDL_TASK_H

#include <ermine/pgdl.h>

enum { ER_TASK_NAME_MOST = 128 }; /* bytes of a model's key */

#define ER_TASK_CONFIGS "model_configs.json"
#define ER_TASK_OURS    "task.json"
#define ER_TASK_FORMAT  "ermine-task"
#define ER_TASK_NETWORK "network.safetensors"
#define ER_TASK_INITIAL "init.safetensors"

/* folder/model/file, freed by er_free(); NULL when memory is out. */
char *er_task_path(const struct er_pgdl_task *task, const char *model, const char *file);

/* Its bytes, as er_file_read_regular(). */
enum er_status er_task_read(const struct er_pgdl_task *task, const char *model, const char *file,
                            size_t limit, char **out, size_t *n, struct er_error *err);

/* Whether a regular file is there. ER_E_NOMEM. */
enum er_status er_task_has(const struct er_pgdl_task *task, const char *model, const char *file, bool *out,
                           struct er_error *err);

#endif
