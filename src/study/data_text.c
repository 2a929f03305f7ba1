/* data_text.c - settings of a run's data read back from text, by the schema's rows. */
#include "experiments/data_keys.h"
#include "study/schema.h"
#include "study/setting.h"

#include <ermine/study.h>
#include <string.h>

enum { MOST_SETTINGS = 64, MOST_MEMORY = 1 << 20 };

struct reader {
    struct er_reading reading;
    const struct er_schema *schema;
    const struct er_setting *setting[MOST_SETTINGS];
    int64_t n;
};

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "settings of the data: out of memory");
    return ER_E_NOMEM;
}

/* One setting; it takes the place of an earlier one of its path. */
static enum er_status add(struct reader *r, const char *path, const char *value, struct er_error *err)
{
    const int64_t row = er_schema_path(r->schema, path);
    const struct er_node node = {.kind = ER_NODE_TEXT, .text = value};
    const struct er_setting *setting;
    char shown[ER_SHORT_TEXT];
    int64_t at = 0;
    if (row < 0 || r->schema->row[row].row->type == ER_SCHEMA_MAP)
        return er_fail(err, ER_E_INPUT, "%s: no such key", er_short_text(path, shown));
    enum er_status status = er_setting_read(&r->reading, r->schema->row[row].row, &node, &setting, err);
    if (status != ER_OK) return status;
    while (at < r->n && r->setting[at]->row != setting->row) at++;
    if (at == MOST_SETTINGS) return er_fail(err, ER_E_LIMIT, "more than %d settings of data", MOST_SETTINGS);
    r->setting[at] = setting;
    if (at == r->n) r->n++;
    return ER_OK;
}

/* "data.train = 50"; lines of other keys say nothing about the data. */
static enum er_status read_line(struct reader *r, char *line, struct er_error *err)
{
    char *equals = strstr(line, " = ");
    if (strncmp(line, "data.", 5) != 0) return ER_OK;
    if (!equals) {
        char shown[ER_SHORT_TEXT];
        return er_fail(err, ER_E_INPUT, "'%s' is no setting, PATH = VALUE", er_short_text(line, shown));
    }
    *equals = '\0';
    return add(r, line, equals + 3, err);
}

enum er_status er_data_settings_read(const char *text, struct er_data_settings *out, struct er_error *err)
{
    struct er_arena *arena = NULL;
    int64_t experiments;
    const struct er_experiment *const *experiment = er_experiment_list(&experiments);
    enum er_status status = er_arena_new(MOST_MEMORY, &arena, err);
    if (status != ER_OK) return status;
    struct reader *r = er_arena_alloc(arena, 1, sizeof *r);
    char *lines = er_arena_strdup(arena, text), *rest = NULL;
    if (r) *r = (struct reader){.reading = {.arena = arena}, .schema = er_schema_new(experiment[0], arena)};
    status = r && lines && r->schema ? ER_OK : no_memory(err);
    for (char *line = lines ? strtok_r(lines, "\n", &rest) : NULL; line && status == ER_OK;
         line = strtok_r(NULL, "\n", &rest))
        status = read_line(r, line, err);
    if (status == ER_OK) {
        const struct er_point point = {.setting = r->setting, .n = r->n};
        status = er_data_keys_check(&point, err);
        if (status == ER_OK) *out = (struct er_data_settings){er_data_keys_spec(&point), arena};
    }
    if (status != ER_OK) er_arena_free(arena);
    return status;
}

void er_data_settings_clear(struct er_data_settings *settings)
{
    er_arena_free(settings->memory);
    *settings = (struct er_data_settings){0};
}
