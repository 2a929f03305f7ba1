/* setting.c - a text of the YAML becomes a typed value by its row. */
#include "study/setting.h"

#include "core/number.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study: out of memory");
}

static enum er_status out_of_range(const struct er_reading *reading, const struct er_schema_row *row,
                                   const struct er_node *node, bool small, struct er_error *err)
{
    char value[ER_SHORT_TEXT], bound[ER_NUMBER_TEXT];
    er_number_text(small ? row->min : row->max, bound);
    const size_t n = strlen(row->unit);
    const bool one = strcmp(bound, "1") == 0 && n > 0 && row->unit[n - 1] == 's';
    return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                      "%s: %s is too %s; the %s is %s%s%.*s", row->path, er_short_text(node->text, value),
                      small ? "small" : "large", small ? "least" : "most", bound, n ? " " : "",
                      (int)(one ? n - 1 : n), row->unit);
}

static enum er_status not_a(const struct er_reading *reading, const struct er_schema_row *row,
                            const struct er_node *node, const char *what, struct er_error *err)
{
    char value[ER_SHORT_TEXT];
    return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column, "%s: '%s' is not %s",
                      row->path, er_short_text(node->text, value), what);
}

/* A number of more digits or a larger exponent than the type has room for: it is beyond any bound. */
static bool is_beyond(const char *text, bool whole)
{
    const char *digits = text + (*text == '-' || *text == '+');
    if (whole) return *digits && strspn(digits, "0123456789") == strlen(digits);
    char *end;
    return *digits >= '0' && *digits <= '9' && isinf(strtod(text, &end)) && !*end;
}

static enum er_status read_number(const struct er_reading *reading, const struct er_node *node,
                                  struct er_setting *setting, struct er_error *err)
{
    const struct er_schema_row *row = setting->row;
    char text[ER_NUMBER_TEXT];
    const bool whole = row->type == ER_SCHEMA_INTEGER;
    const bool read = whole ? er_number_integer(node->text, &setting->integer)
                            : er_number_real(node->text, &setting->number);
    if (!read && is_beyond(node->text, whole))
        return out_of_range(reading, row, node, node->text[0] == '-', err);
    if (!read) return not_a(reading, row, node, whole ? "an integer" : "a number", err);
    if (whole) {
        setting->number = (double)setting->integer;
        snprintf(text, sizeof text, "%" PRId64, setting->integer);
    } else {
        er_number_text(setting->number, text);
    }
    if (setting->number < row->min || setting->number > row->max)
        return out_of_range(reading, row, node, setting->number < row->min, err);
    setting->text = er_arena_strdup(reading->arena, text);
    return setting->text ? ER_OK : no_memory(err);
}

static enum er_status read_bool(const struct er_reading *reading, const struct er_node *node,
                                struct er_setting *setting, struct er_error *err)
{
    const bool yes = strcmp(node->text, "true") == 0;
    if (!yes && strcmp(node->text, "false") != 0)
        return not_a(reading, setting->row, node, "true or false", err);
    setting->number = yes;
    setting->text = yes ? "true" : "false";
    return ER_OK;
}

static enum er_status read_choice(const struct er_reading *reading, const struct er_node *node,
                                  struct er_setting *setting, struct er_error *err)
{
    enum { MOST = 64 };
    const char *word[MOST];
    const struct er_schema_row *row = setting->row;
    int64_t n = 0;
    char *choices = er_arena_strdup(reading->arena, row->choices), *rest = NULL;
    if (!choices) return no_memory(err);
    for (char *w = strtok_r(choices, " ", &rest); w && n < MOST; w = strtok_r(NULL, " ", &rest))
        word[n++] = w;
    for (int64_t i = 0; i < n; i++) {
        if (strcmp(node->text, word[i]) != 0) continue;
        setting->number = (double)i;
        setting->text = word[i];
        return ER_OK;
    }
    char value[ER_SHORT_TEXT], all[256] = "";
    const char *near = er_nearest(node->text, word, n);
    for (int64_t i = 0; i < n; i++) {
        strncat(all, i ? ", " : "", sizeof all - strlen(all) - 1);
        strncat(all, word[i], sizeof all - strlen(all) - 1);
    }
    return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                      "%s: '%s' is none of %s%s%s%s", row->path, er_short_text(node->text, value), all,
                      near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static enum er_status read_text(const struct er_reading *reading, const struct er_node *node,
                                struct er_setting *setting, struct er_error *err)
{
    const struct er_schema_row *row = setting->row;
    if (strlen(node->text) > ER_SETTING_MAX_TEXT)
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "%s: a text of %zu bytes; at most %d are taken", row->path, strlen(node->text),
                          ER_SETTING_MAX_TEXT);
    if (row->keyed && strpbrk(node->text, "\n\t"))
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "%s: a text of more than one line, or with a tab in it", row->path);
    setting->text = node->text;
    return ER_OK;
}

/* A relative path, which begins where the study is, as one from where the process is. */
static enum er_status read_file(const struct er_reading *reading, const struct er_node *node,
                                struct er_setting *setting, struct er_error *err)
{
    enum er_status status = read_text(reading, node, setting, err);
    if (status != ER_OK) return status;
    if (!node->text[0])
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "%s: the path of a file is expected, this is empty", setting->row->path);
    const char *slash = reading->file ? strrchr(reading->file, '/') : NULL;
    if (node->text[0] == '/' || !slash) {
        setting->file = setting->text;
        return ER_OK;
    }
    const size_t folder = (size_t)(slash - reading->file) + 1, n = strlen(node->text);
    char *path = er_arena_alloc(reading->arena, (int64_t)(folder + n + 1), 1);
    if (!path) return no_memory(err);
    memcpy(path, reading->file, folder);
    memcpy(path + folder, node->text, n + 1);
    setting->file = path;
    return ER_OK;
}

enum er_status er_setting_read(const struct er_reading *reading, const struct er_schema_row *row,
                               const struct er_node *node, const struct er_setting **out,
                               struct er_error *err)
{
    struct er_setting *setting = er_arena_alloc(reading->arena, 1, sizeof *setting);
    if (!setting) return no_memory(err);
    *setting = (struct er_setting){.row = row, .present = true, .line = node->line, .column = node->column};
    *out = setting;
    if (row->type == ER_SCHEMA_MODEL) return er_setting_model(reading, node, setting, err);
    if (row->type == ER_SCHEMA_LIST) return er_setting_list(reading, row, node, &setting->text, err);
    if (node->kind != ER_NODE_TEXT)
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "%s: one value is expected, this is %s", row->path, er_node_kind_text(node));
    if (!node->text[0] && node->plain)
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "%s: its value is missing", row->path);
    switch (row->type) {
    case ER_SCHEMA_INTEGER:
    case ER_SCHEMA_REAL:
        return read_number(reading, node, setting, err);
    case ER_SCHEMA_BOOL:
        return read_bool(reading, node, setting, err);
    case ER_SCHEMA_CHOICE:
        return read_choice(reading, node, setting, err);
    case ER_SCHEMA_FILE:
        return read_file(reading, node, setting, err);
    default:
        return read_text(reading, node, setting, err);
    }
}

enum er_status er_setting_default(const struct er_reading *reading, const struct er_schema_row *row,
                                  const struct er_setting **out, struct er_error *err)
{
    const struct er_node node = {.kind = ER_NODE_TEXT, .text = row->fallback};
    if (row->fallback && row->fallback[0]) return er_setting_read(reading, row, &node, out, err);
    struct er_setting *setting = er_arena_alloc(reading->arena, 1, sizeof *setting);
    if (!setting) return no_memory(err);
    *setting = (struct er_setting){.row = row, .text = ""};
    *out = setting;
    return ER_OK;
}
