/* data.c - the training examples of a task: all of its shards, or the named set of one of ours. */
#include "core/file.h"
#include "pgdl/digest.h"
#include "pgdl/task.h"

#include <dirent.h>
#include <ermine/memory.h>
#include <ermine/study.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS_MOST = 10000, SHARD_NAME = 64 };
#define SHARDS "dataset_1/train"

struct shard {
    int64_t number;
    char name[SHARD_NAME];
};

static int by_number(const void *a, const void *b)
{
    const struct shard *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* "shard_12.tfrecord" */
static bool read_name(const char *name, struct shard *out)
{
    static const char front[] = "shard_", back[] = ".tfrecord";
    char *end;
    if (strncmp(name, front, sizeof front - 1) != 0 || strlen(name) >= SHARD_NAME) return false;
    const char *digits = name + sizeof front - 1;
    if (*digits < '0' || *digits > '9') return false;
    out->number = strtoll(digits, &end, 10);
    if (strcmp(end, back) != 0) return false;
    memcpy(out->name, name, strlen(name) + 1);
    return true;
}

static enum er_status list_shards(const char *folder, struct shard **out, int64_t *n, struct er_error *err)
{
    DIR *dir = opendir(folder);
    struct shard *shard = NULL;
    int64_t room = 0;
    enum er_status status = ER_OK;
    *n = 0;
    if (!dir)
        return er_fail(err, ER_E_NOT_FOUND, "%s: no such folder; shards of training examples lie there",
                       folder);
    for (const struct dirent *entry; status == ER_OK && (entry = readdir(dir));) {
        struct shard one;
        if (!read_name(entry->d_name, &one)) continue;
        if (*n == SHARDS_MOST) {
            status = er_fail(err, ER_E_LIMIT, "%s: more than %d shards", folder, SHARDS_MOST);
            break;
        }
        if (*n == room) {
            struct shard *more = er_grow(shard, room, room ? 2 * room : 16, sizeof *more);
            if (!more) {
                status = er_fail(err, ER_E_NOMEM, "%s: out of memory", folder);
                break;
            }
            shard = more;
            room = room ? 2 * room : 16;
        }
        shard[(*n)++] = one;
    }
    closedir(dir);
    if (status == ER_OK && *n == 0)
        status = er_fail(err, ER_E_NOT_FOUND, "%s has no shard_*.tfrecord", folder);
    if (status != ER_OK || !shard) {
        er_free(shard);
        return status;
    }
    qsort(shard, (size_t)*n, sizeof *shard, by_number);
    *out = shard;
    return ER_OK;
}

static enum er_status read_shard(const char *folder, const char *name, int64_t classes,
                                 struct er_digest *digest, struct er_dataset *set, struct er_error *err)
{
    char *path = er_path_join(folder, name), *bytes;
    size_t n;
    if (!path) return er_fail(err, ER_E_NOMEM, "%s: out of memory", folder);
    enum er_status status = er_file_read_regular(path, ER_PGDL_SHARD_BYTES, &bytes, &n, err);
    if (status == ER_OK) {
        er_digest_add(digest, bytes, n);
        status = er_pgdl_shard_parse((const unsigned char *)bytes, n, classes, set, err);
        if (status != ER_OK) er_error_place(err, path, 0, 0);
        er_free(bytes);
    }
    er_free(path);
    return status;
}

static enum er_status read_shards(const char *folder, int64_t classes, struct er_pgdl_data *data,
                                  struct er_error *err)
{
    struct er_dataset *set = &data->split.train;
    struct er_digest digest;
    struct shard *shard = NULL;
    int64_t n = 0;
    enum er_status status = list_shards(folder, &shard, &n, err);
    if (status != ER_OK) return status;
    set->classes = classes;
    er_digest_open(&digest);
    for (int64_t i = 0; status == ER_OK && i < n; i++)
        status = read_shard(folder, shard[i].name, classes, &digest, set, err);
    er_free(shard);
    if (status == ER_OK && set->n == 0) status = er_fail(err, ER_E_INPUT, "%s: its shards are empty", folder);
    er_digest_close(&digest, data->checksum);
    return status;
}

/* The classes are what the first model gives; all of them are then checked against it. */
static enum er_status open_theirs(const struct er_pgdl_task *task, struct er_pgdl_data *data,
                                  struct er_error *err)
{
    struct er_pgdl_architecture a = {0};
    char *text, *folder;
    size_t n;
    enum er_status status =
        er_task_read(task, task->model[0].folder, "config.json", ER_PGDL_CONFIG_BYTES, &text, &n, err);
    if (status != ER_OK) return status;
    status = er_pgdl_architecture_parse(text, n, &a, err);
    er_free(text);
    if (status != ER_OK) {
        er_error_place(err, "config.json", 0, 0);
        return status;
    }
    folder = er_task_path(task, NULL, SHARDS);
    status = folder ? read_shards(folder, a.outputs, data, err) : er_fail(err, ER_E_NOMEM, "out of memory");
    er_free(folder);
    er_pgdl_architecture_clear(&a);
    return status;
}

static enum er_status open_ours(const struct er_pgdl_task *task, const struct er_data_places *places,
                                struct er_pgdl_data *data, struct er_error *err)
{
    struct er_data_settings settings;
    enum er_status status = er_data_settings_read(task->data, &settings, err);
    if (status != ER_OK) {
        er_error_place(err, ER_TASK_OURS, 0, 0);
        return status;
    }
    if (settings.spec.file)
        status = er_fail_at(err, ER_E_UNSUPPORTED, ER_TASK_OURS, 0, 0,
                            "its data are a file; a path out of a task's folder is not followed");
    else
        status = er_data_open(&settings.spec, places, &data->split, err);
    er_data_settings_clear(&settings);
    if (status != ER_OK) return status;
    struct er_digest digest;
    er_digest_open(&digest);
    er_digest_add(&digest, task->data, strlen(task->data));
    er_digest_add(&digest, data->split.checksum, strlen(data->split.checksum));
    er_digest_close(&digest, data->checksum);
    return ER_OK;
}

enum er_status er_pgdl_data_open(const struct er_pgdl_task *task, const struct er_data_places *places,
                                 struct er_pgdl_data *out, struct er_error *err)
{
    struct er_pgdl_data data = {0};
    const enum er_status status =
        task->ours ? open_ours(task, places, &data, err) : open_theirs(task, &data, err);
    if (status == ER_OK)
        *out = data;
    else
        er_pgdl_data_clear(&data);
    return status;
}

void er_pgdl_data_clear(struct er_pgdl_data *data)
{
    er_split_clear(&data->split);
    *data = (struct er_pgdl_data){0};
}
