/* configs.c - model_configs.json: of each model its hyper-parameters and accuracies.
 *
 *     {MODEL: {"hparams": {NAME: {"possible_values": [V, ...], "current_value": V}, ...},
 *              "metrics": {"train_acc": A, "test_acc": A, "train_loss": L, "test_loss": L}}, ...}
 */
#include "core/number.h"
#include "data/shown.h"
#include "pgdl/json.h"
#include "pgdl/task.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "models of a task: out of memory");
}

/* A value as the text by which it is known; NULL for what is none, *memory says whether memory was out. */
static const char *value_text(struct er_arena *arena, const json_t *value, bool *memory)
{
    char number[ER_NUMBER_TEXT];
    const char *text = NULL;
    *memory = false;
    if (json_is_string(value))
        text = er_arena_strdup(arena, json_string_value(value));
    else if (json_is_number(value))
        text = er_arena_strdup(arena, er_number_text(json_number_value(value), number));
    else if (json_is_boolean(value))
        text = json_is_true(value) ? "true" : "false";
    else if (json_is_array(value)) {
        char *dumped = json_dumps(value, JSON_COMPACT);
        text = dumped ? er_arena_strdup(arena, dumped) : NULL;
        free(dumped);
    } else
        return NULL;
    *memory = !text;
    return text;
}

/* Texts that become columns and words of messages. */
static bool plain(const char *text)
{
    return text[0] && er_text_plain(text, strlen(text));
}

struct level {
    const char *text;
    double number;
};

static int by_number(const void *a, const void *b)
{
    const struct level *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static enum er_status read_levels(struct er_arena *arena, const char *name, const json_t *values,
                                  struct level *level, bool *numeric, struct er_error *err)
{
    char shown[ER_SHOWN], value[ER_JSON_SHOWN];
    const size_t n = json_array_size(values);
    bool memory;
    *numeric = true;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(values, i);
        level[i].text = value_text(arena, one, &memory);
        if (memory) return fail_memory(err);
        if (!level[i].text || !er_text_plain(level[i].text, strlen(level[i].text)))
            return er_fail(err, ER_E_INPUT, "hyper-parameter \"%s\": a possible value that is %s",
                           er_text_shown(name, strlen(name), shown), er_json_shown(one, value));
        level[i].number = (double)NAN;
        if (!er_number_real(level[i].text, &level[i].number)) *numeric = false;
        for (size_t j = 0; j < i; j++)
            if (strcmp(level[j].text, level[i].text) == 0)
                return er_fail(err, ER_E_INPUT,
                               "hyper-parameter \"%s\": %s is among its possible values twice",
                               er_text_shown(name, strlen(name), shown), er_json_shown(one, value));
    }
    if (*numeric) qsort(level, n, sizeof *level, by_number);
    return ER_OK;
}

static enum er_status read_parameter(struct er_arena *arena, const char *name, const json_t *json,
                                     struct er_pgdl_parameter *out, struct er_error *err)
{
    char shown[ER_SHOWN];
    const json_t *values = json_object_get(json, "possible_values");
    const size_t n = json_array_size(values);
    er_text_shown(name, strlen(name), shown);
    if (!plain(name))
        return er_fail(err, ER_E_INPUT, "a hyper-parameter named \"%s\" can be no column", shown);
    if (n < 1 || n > ER_PGDL_LEVELS_MAX)
        return er_fail(err, n ? ER_E_LIMIT : ER_E_INPUT,
                       "hyper-parameter \"%s\": %zu possible values; 1 to %d are read", shown, n,
                       ER_PGDL_LEVELS_MAX);
    struct level *level = er_alloc((int64_t)n, sizeof *level);
    const char **text = er_arena_alloc(arena, (int64_t)n, sizeof *text);
    double *number = er_arena_alloc(arena, (int64_t)n, sizeof *number);
    out->name = er_arena_strdup(arena, name);
    if (!level || !text || !number || !out->name) {
        er_free(level);
        return fail_memory(err);
    }
    const enum er_status status = read_levels(arena, name, values, level, &out->numeric, err);
    for (size_t i = 0; status == ER_OK && i < n; i++) {
        text[i] = level[i].text;
        number[i] = level[i].number;
    }
    er_free(level);
    out->levels = (int64_t)n;
    out->text = text;
    out->number = number;
    return status;
}

/* Those of the first model: the scoring program takes them too. */
static enum er_status read_parameters(const json_t *hparams, struct er_pgdl_task *task, struct er_error *err)
{
    const size_t n = json_object_size(hparams);
    const char *name;
    json_t *value;
    if (n < 1 || n > ER_PGDL_PARAMETERS_MAX)
        return er_fail(err, n ? ER_E_LIMIT : ER_E_INPUT,
                       "%zu hyper-parameters in \"hparams\"; 1 to %d are read", n, ER_PGDL_PARAMETERS_MAX);
    task->parameter = er_arena_alloc(task->memory, (int64_t)n, sizeof *task->parameter);
    if (!task->parameter) return fail_memory(err);
    json_object_foreach((json_t *)hparams, name, value)
    {
        const enum er_status status =
            read_parameter(task->memory, name, value, &task->parameter[task->parameters], err);
        if (status != ER_OK) return status;
        task->parameters++;
    }
    return ER_OK;
}

static enum er_status read_level(struct er_arena *scratch, const struct er_pgdl_parameter *parameter,
                                 const json_t *hparams, int32_t *out, struct er_error *err)
{
    char value[ER_JSON_SHOWN];
    bool memory;
    const json_t *current = json_object_get(json_object_get(hparams, parameter->name), "current_value");
    const char *text = value_text(scratch, current, &memory);
    if (memory) return fail_memory(err);
    for (int64_t i = 0; text && i < parameter->levels; i++)
        if (strcmp(parameter->text[i], text) == 0) {
            *out = (int32_t)i;
            return ER_OK;
        }
    return er_fail(err, ER_E_INPUT, "its %s is %s, which is none of the possible values", parameter->name,
                   er_json_shown(current, value));
}

/* A share or a loss that may be hidden. */
static enum er_status read_metric(const json_t *metrics, const char *name, double most, double *out,
                                  struct er_error *err)
{
    char value[ER_JSON_SHOWN];
    const json_t *json = json_object_get(metrics, name);
    *out = (double)NAN;
    if (!json || json_is_null(json)) return ER_OK;
    if (!json_is_number(json) || json_number_value(json) < 0 || json_number_value(json) > most)
        return er_fail(err, ER_E_INPUT, "its %s is %s; a number from 0 to %g is wanted", name,
                       er_json_shown(json, value), most);
    *out = json_number_value(json);
    return ER_OK;
}

/* The folder's name: the key, or model_KEY, as the scoring program does it. */
static enum er_status read_folder(struct er_arena *arena, const char *key, struct er_pgdl_model *out,
                                  struct er_error *err)
{
    static const char prefix[] = "model_";
    const size_t front = strstr(key, "model") ? 0 : sizeof prefix - 1, n = strlen(key);
    if (!plain(key) || strchr(key, '/') || n > ER_TASK_NAME_MOST)
        return er_fail(err, ER_E_INPUT, "the name can be no folder's");
    char *folder = er_arena_alloc(arena, (int64_t)(front + n + 1), 1);
    out->name = er_arena_strdup(arena, key);
    if (!folder || !out->name) return fail_memory(err);
    memcpy(folder, prefix, front);
    memcpy(folder + front, key, n + 1);
    out->folder = folder;
    return ER_OK;
}

static enum er_status read_model(const char *key, const json_t *json, struct er_arena *scratch,
                                 struct er_pgdl_task *task, struct er_error *err)
{
    struct er_pgdl_model *model = &task->model[task->models];
    const json_t *hparams = json_object_get(json, "hparams"), *metrics = json_object_get(json, "metrics");
    int32_t *level = er_arena_alloc(task->memory, task->parameters, sizeof *level);
    if (!level) return fail_memory(err);
    if (json_object_size(hparams) != (size_t)task->parameters)
        return er_fail(err, ER_E_INPUT, "%zu hyper-parameters, the first model has %" PRId64,
                       json_object_size(hparams), task->parameters);
    enum er_status status = read_folder(task->memory, key, model, err);
    for (int64_t i = 0; status == ER_OK && i < task->parameters; i++)
        status = read_level(scratch, &task->parameter[i], hparams, &level[i], err);
    if (status == ER_OK) status = read_metric(metrics, "train_acc", 1, &model->train_accuracy, err);
    if (status == ER_OK) status = read_metric(metrics, "test_acc", 1, &model->test_accuracy, err);
    if (status == ER_OK) status = read_metric(metrics, "train_loss", HUGE_VAL, &model->train_loss, err);
    if (status == ER_OK) status = read_metric(metrics, "test_loss", HUGE_VAL, &model->test_loss, err);
    model->level = level;
    task->models += status == ER_OK;
    return status;
}

static enum er_status read_models(const json_t *root, struct er_arena *scratch, struct er_pgdl_task *task,
                                  struct er_error *err)
{
    const size_t n = json_object_size(root);
    char shown[ER_SHOWN];
    const char *key;
    json_t *value;
    if (n < 1 || n > ER_PGDL_MODELS_MAX)
        return er_fail(err, n ? ER_E_LIMIT : ER_E_INPUT, "%zu models; 1 to %d are read", n,
                       ER_PGDL_MODELS_MAX);
    task->model = er_arena_alloc(task->memory, (int64_t)n, sizeof *task->model);
    if (!task->model) return fail_memory(err);
    json_object_foreach((json_t *)root, key, value)
    {
        struct er_error why = {0};
        enum er_status status = ER_OK;
        if (task->parameters == 0) status = read_parameters(json_object_get(value, "hparams"), task, &why);
        if (status == ER_OK) status = read_model(key, value, scratch, task, &why);
        if (status != ER_OK)
            return er_fail(err, status, "model \"%s\": %s", er_text_shown(key, strlen(key), shown), why.msg);
    }
    return ER_OK;
}

enum er_status er_pgdl_configs_parse(const char *json, size_t n, struct er_pgdl_task *out,
                                     struct er_error *err)
{
    struct er_pgdl_task task = {0};
    struct er_arena *scratch = NULL;
    json_t *root = NULL;
    enum er_status status = er_json_object(json, n, &root, err);
    if (status != ER_OK) return status;
    status = er_arena_new(SIZE_MAX, &task.memory, err);
    if (status == ER_OK) status = er_arena_new(SIZE_MAX, &scratch, err);
    if (status == ER_OK) status = read_models(root, scratch, &task, err);
    json_decref(root);
    er_arena_free(scratch);
    if (status == ER_OK)
        *out = task;
    else
        er_pgdl_task_clear(&task);
    return status;
}
