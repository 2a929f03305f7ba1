/* export.c - the kept networks of a study as a task of ours. */
#include "core/buffer.h"
#include "core/file.h"
#include "pgdl/task.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exporting {
    const struct er_table *runs, *networks;
    struct er_pgdl_task to; /* its folder alone */
    int64_t axes;           /* the first columns of both tables */
    int64_t train_error, test_error, train_loss, test_loss, moment, file; /* columns */
    json_t *configs;
    char *data; /* settings of the first network's data */
    int64_t models;
};

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "export of a task: out of memory");
}

static const struct er_cell *cell(const struct er_table *t, int64_t row, int64_t column)
{
    return &t->cell[row * t->columns + column];
}

static bool same_cell(const struct er_table *t, int64_t column, const struct er_cell *a,
                      const struct er_cell *b)
{
    if (t->column[column].numeric) return a->number == b->number || (isnan(a->number) && isnan(b->number));
    return a->text == b->text || (a->text && b->text && strcmp(a->text, b->text) == 0);
}

/* The file of a run's network at a moment, NULL where there is none. */
static const char *find_file(const struct exporting *e, int64_t run, const char *moment)
{
    for (int64_t i = 0; i < e->networks->rows; i++) {
        bool same = strcmp(cell(e->networks, i, e->moment)->text, moment) == 0;
        for (int64_t a = 0; same && a < e->axes; a++)
            same = same_cell(e->runs, a, cell(e->runs, run, a), cell(e->networks, i, a));
        if (same) return cell(e->networks, i, e->file)->text;
    }
    return NULL;
}

/* The first row of a column that has the value of this row. */
static int64_t first_like(const struct er_table *t, int64_t column, int64_t row)
{
    int64_t i = 0;
    while (!same_cell(t, column, cell(t, i, column), cell(t, row, column))) i++;
    return i;
}

static bool varies(const struct er_table *t, int64_t column)
{
    for (int64_t i = 1; i < t->rows; i++)
        if (first_like(t, column, i) > 0) return true;
    return false;
}

static json_t *json_of(const struct er_table *t, int64_t column, const struct er_cell *c)
{
    if (!t->column[column].numeric) return json_string(c->text ? c->text : "none");
    if (isnan(c->number)) return json_string("none");
    if (c->number == floor(c->number) && fabs(c->number) < 9e15) return json_integer((json_int_t)c->number);
    return json_real(c->number);
}

/* {"possible_values": [...], "current_value": V} */
static json_t *hyper_parameter(const struct er_table *t, int64_t column, int64_t row)
{
    json_t *values = json_array();
    for (int64_t i = 0; i < t->rows; i++)
        if (first_like(t, column, i) == i &&
            json_array_append_new(values, json_of(t, column, cell(t, i, column))))
            break;
    return json_pack("{s:o, s:o}", "possible_values", values, "current_value",
                     json_of(t, column, cell(t, row, column)));
}

static json_t *metrics(const struct exporting *e, int64_t row)
{
    json_t *m = json_object();
    const struct {
        const char *name;
        int64_t column;
        bool share;
    } each[] = {{"train_acc", e->train_error, true},
                {"test_acc", e->test_error, true},
                {"train_loss", e->train_loss, false},
                {"test_loss", e->test_loss, false}};
    for (size_t i = 0; m && i < sizeof each / sizeof each[0]; i++) {
        const double value = each[i].column < 0 ? (double)NAN : cell(e->runs, row, each[i].column)->number;
        if (isfinite(value))
            json_object_set_new(m, each[i].name, json_real(each[i].share ? 1 - value : value));
    }
    return m;
}

static enum er_status add_config(struct exporting *e, int64_t row, const char *name, struct er_error *err)
{
    json_t *hparams = json_object(), *config;
    for (int64_t a = 0; hparams && a < e->axes; a++)
        if (varies(e->runs, a))
            json_object_set_new(hparams, e->runs->column[a].name, hyper_parameter(e->runs, a, row));
    if (json_object_size(hparams) == 0) {
        json_decref(hparams);
        return er_fail(err, ER_E_USAGE, "no setting of the study varies: a task is of several");
    }
    config = json_pack("{s:o, s:o}", "hparams", hparams, "metrics", metrics(e, row));
    return config && json_object_set_new(e->configs, name, config) == 0 ? ER_OK : fail_memory(err);
}

/* The lines of a run's settings that are of its data, freed by er_free(). */
static enum er_status data_of(const char *point, char **out, struct er_error *err)
{
    struct er_buffer text = {0};
    for (const char *line = point; *line;) {
        const size_t n = strcspn(line, "\n");
        if (strncmp(line, "data.", 5) == 0) {
            er_buffer_add(&text, line, n);
            er_buffer_char(&text, '\n');
        }
        line += n + (line[n] == '\n');
    }
    return er_buffer_take(&text, out, err);
}

/* All networks are of one set of data. */
static enum er_status check_data(struct exporting *e, const char *path, const struct er_tensors *tensors,
                                 struct er_error *err)
{
    const char *point = er_tensors_note(tensors, "point");
    char *data;
    if (!point) return er_fail(err, ER_E_INPUT, "%s: its metadata have no \"point\"", path);
    enum er_status status = data_of(point, &data, err);
    if (status != ER_OK) return status;
    if (strncmp(data, "data.file", 9) == 0 || strstr(data, "\ndata.file"))
        status = er_fail(err, ER_E_UNSUPPORTED, "%s: its data are a file; a task has a named data set", path);
    else if (e->data && strcmp(e->data, data) != 0)
        status = er_fail(err, ER_E_UNSUPPORTED,
                         "%s: its data are other than those of the runs before; a task has one set", path);
    if (status != ER_OK || e->data)
        er_free(data);
    else
        e->data = data;
    return status;
}

static enum er_status copy_network(struct exporting *e, const char *from, const char *model, const char *file,
                                   struct er_error *err)
{
    char *bytes, *to = er_task_path(&e->to, model, file);
    size_t n;
    struct er_tensors tensors = {0};
    if (!to) return fail_memory(err);
    enum er_status status = er_file_read_regular(from, ER_NETWORK_FILE_MOST, &bytes, &n, err);
    if (status == ER_OK) {
        status = er_tensors_parse((const unsigned char *)bytes, n, &tensors, err);
        if (status == ER_OK) status = check_data(e, from, &tensors, err);
        if (status == ER_OK) status = er_file_write(to, bytes, n, err);
        er_tensors_clear(&tensors);
        er_free(bytes);
    }
    er_free(to);
    return status;
}

static enum er_status export_run(struct exporting *e, int64_t row, struct er_error *err)
{
    char name[40];
    const char *end = find_file(e, row, "end"), *init = find_file(e, row, "init");
    if (!end || !isfinite(cell(e->runs, row, e->train_error)->number) ||
        !isfinite(cell(e->runs, row, e->test_error)->number))
        return ER_OK;
    snprintf(name, sizeof name, "model_%" PRId64, e->models + 1);
    char *folder = er_path_join(e->to.folder, name);
    enum er_status status = folder ? er_directory_make(folder, err) : fail_memory(err);
    er_free(folder);
    if (status == ER_OK) status = copy_network(e, end, name, ER_TASK_NETWORK, err);
    if (status == ER_OK && init) status = copy_network(e, init, name, ER_TASK_INITIAL, err);
    if (status == ER_OK) status = add_config(e, row, name, err);
    e->models += status == ER_OK;
    return status;
}

static enum er_status write_json(const struct exporting *e, const char *file, const json_t *json,
                                 struct er_error *err)
{
    char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL, *path = er_task_path(&e->to, NULL, file);
    const enum er_status status =
        text && path ? er_file_write(path, text, strlen(text), err) : fail_memory(err);
    free(text);
    er_free(path);
    return status;
}

static enum er_status find_columns(struct exporting *e, struct er_error *err)
{
    while (e->axes < e->runs->columns && e->runs->column[e->axes].axis) e->axes++;
    e->train_error = er_table_find(e->runs, "train_error");
    e->test_error = er_table_find(e->runs, "test_error");
    e->train_loss = er_table_find(e->runs, "train_loss");
    e->test_loss = er_table_find(e->runs, "test_loss");
    e->moment = er_table_find(e->networks, "moment");
    e->file = er_table_find(e->networks, "file");
    if (e->train_error < 0 || e->test_error < 0 || e->moment < e->axes || e->file < e->axes)
        return er_fail(err, ER_E_USAGE, "the study does not train networks: its runs have no errors");
    return ER_OK;
}

static enum er_status write_task(struct exporting *e, const char *study, struct er_error *err)
{
    enum er_status status = er_directory_make(e->to.folder, err);
    for (int64_t row = 0; status == ER_OK && row < e->runs->rows; row++) status = export_run(e, row, err);
    if (status == ER_OK && e->models == 0)
        status =
            er_fail(err, ER_E_USAGE,
                    "no run of the study has a network at its end: `train: {keep: [init, end]}` keeps them");
    if (status != ER_OK) return status;
    json_t *task = json_pack("{s:s, s:i, s:s, s:s}", "format", ER_TASK_FORMAT, "version", 1, "study", study,
                             "data", e->data);
    status = write_json(e, ER_TASK_OURS, task, err);
    json_decref(task);
    return status == ER_OK ? write_json(e, ER_TASK_CONFIGS, e->configs, err) : status;
}

enum er_status er_pgdl_export(const struct er_table *runs, const struct er_table *networks, const char *study,
                              const char *folder, int64_t *models, struct er_error *err)
{
    struct exporting e = {.runs = runs, .networks = networks, .to = {.folder = folder}};
    bool there = false;
    enum er_status status = find_columns(&e, err);
    if (status == ER_OK) status = er_task_has(&e.to, NULL, ER_TASK_CONFIGS, &there, err);
    if (status == ER_OK && there) status = er_fail(err, ER_E_USAGE, "%s holds a task already", folder);
    if (status != ER_OK) return status;
    e.configs = json_object();
    status = e.configs ? write_task(&e, study, err) : fail_memory(err);
    json_decref(e.configs);
    er_free(e.data);
    if (status == ER_OK) *models = e.models;
    return status;
}
