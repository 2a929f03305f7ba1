/* setting_model.c - a model's layers out of the YAML, with the place of every word. */
#include "study/setting.h"

#include <ermine/model.h>
#include <string.h>

static enum er_status read_layers(const struct er_reading *reading, const struct er_node *node,
                                  struct er_model_branch *out, const char *hint, struct er_error *err);

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "model: out of memory");
}

/* The next word of a layer's text: its start, or NULL at the end. */
static const char *next_word(const char *text, size_t *length)
{
    text += strspn(text, " \t\n");
    *length = strcspn(text, " \t\n");
    return *length ? text : NULL;
}

/* Columns count characters, so a word's place is the node's plus the characters before it (plain texts of one
 * line; a quote adds one). */
static int64_t column_of(const struct er_node *node, const char *word)
{
    int64_t column = node->column + !node->plain;
    for (const char *c = node->text; c < word; c++) column += ((unsigned char)*c & 0xc0) != 0x80;
    return column;
}

/* "dense 512 init=glorot" */
static enum er_status read_short(const struct er_reading *reading, const struct er_node *node,
                                 struct er_model_layer *layer, struct er_error *err)
{
    size_t length;
    int64_t n = 0;
    const char *text = next_word(node->text, &length);
    if (!text)
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "model: a layer's name is missing here");
    layer->name = er_arena_strndup(reading->arena, text, length);
    const char *after = text + length;
    for (const char *w = after; (w = next_word(w, &length)); w += length) n++;
    struct er_model_word *word = er_arena_alloc(reading->arena, n, sizeof *word);
    if (!layer->name || !word) return no_memory(err);
    layer->word = word;
    layer->n_words = n;
    layer->column = column_of(node, text);
    for (const char *w = after; (w = next_word(w, &length)); w += length, word++) {
        char *copy = er_arena_strndup(reading->arena, w, length);
        if (!copy) return no_memory(err);
        word->line = node->line;
        word->column = column_of(node, w);
        word->value = copy;
        char *equals = strchr(copy, '=');
        if (!equals) continue;
        *equals = '\0';
        word->key = copy;
        word->value = equals + 1;
    }
    return ER_OK;
}

/* Whether the first word of `text` is the name of a preset. */
static bool is_preset(const char *text)
{
    struct er_layer_info preset;
    size_t length;
    const char *word = next_word(text, &length);
    for (int64_t i = 0; word && er_preset_describe(i, &preset); i++)
        if (strlen(preset.name) == length && memcmp(preset.name, word, length) == 0) return true;
    return false;
}

static bool is_known(const char *name)
{
    struct er_layer_info layer;
    for (int64_t i = 0; er_layer_describe(i, &layer); i++)
        if (strcmp(layer.name, name) == 0) return true;
    return is_preset(name);
}

/* {dense: 512}, {dense: [512]}, {dense: {width: 512}} */
static enum er_status read_long(const struct er_reading *reading, const struct er_node *node,
                                struct er_model_layer *layer, struct er_error *err)
{
    const struct er_node *value = node->child;
    if (node->n != 1)
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "model: a layer is one name with its arguments, this map has %lld keys",
                          (long long)node->n);
    char key[ER_SHORT_TEXT];
    if (strpbrk(value->key, " \t\n"))
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "model: '%s' is no layer's name; in a short text an argument is key=value, as in "
                          "dense 512 bias=false",
                          er_short_text(value->key, key));
    const bool single = value->kind == ER_NODE_TEXT;
    const struct er_node *first = single ? value : value->child;
    struct er_model_word *word = er_arena_alloc(reading->arena, single ? 1 : value->n, sizeof *word);
    if (!word) return no_memory(err);
    layer->name = value->key;
    layer->line = value->key_line;
    layer->column = value->key_column;
    if (!is_known(value->key)) return ER_OK; /* whatever its value is: er_model_new() refuses it */
    layer->word = word;
    for (const struct er_node *a = first; a; a = single ? NULL : a->next) {
        if (a->kind != ER_NODE_TEXT)
            return er_fail_at(err, ER_E_INPUT, reading->file, a->line, a->column,
                              "model: an argument of %s is one value, this is %s", value->key,
                              er_node_kind_text(a));
        if (single && a->plain && !a->text[0]) return ER_OK; /* `- relu:` takes nothing */
        *word++ = (struct er_model_word){
            .key = single ? NULL : a->key, .value = a->text, .line = a->line, .column = a->column};
        layer->n_words++;
    }
    return ER_OK;
}

/* {add: [[dense 8, relu], identity]} */
static enum er_status read_join(const struct er_reading *reading, const struct er_node *value,
                                struct er_model_layer *layer, struct er_error *err)
{
    if (value->kind != ER_NODE_LIST)
        return er_fail_at(err, ER_E_INPUT, reading->file, value->line, value->column,
                          "model: %s takes a list of branches, as in %s: [[dense 8, relu], identity]",
                          value->key, value->key);
    struct er_model_branch *branch = er_arena_alloc(reading->arena, value->n, sizeof *branch);
    if (!branch) return no_memory(err);
    layer->name = value->key;
    layer->line = value->key_line;
    layer->column = value->key_column;
    layer->branch = branch;
    layer->n_branches = value->n;
    for (const struct er_node *b = value->child; b; b = b->next, branch++) {
        if (b->kind == ER_NODE_LIST && b->n == 0)
            return er_fail_at(err, ER_E_INPUT, reading->file, b->line, b->column,
                              "model: a branch without layers; identity is the one that changes nothing");
        enum er_status status = read_layers(
            reading, b, branch, "a list in brackets is a branch, and its members are layers", err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

static enum er_status read_layer(const struct er_reading *reading, const struct er_node *node,
                                 struct er_model_layer *layer, struct er_error *err)
{
    layer->line = node->line;
    layer->column = node->column;
    if (node->kind == ER_NODE_TEXT) return read_short(reading, node, layer, err);
    if (node->n == 1 && er_layer_joins(node->child->key)) return read_join(reading, node->child, layer, err);
    return read_long(reading, node, layer, err);
}

/* The layers of a list, or the one that a text or a map is; `hint` is for a list where a layer is expected.
 */
static enum er_status read_layers(const struct er_reading *reading, const struct er_node *node,
                                  struct er_model_branch *out, const char *hint, struct er_error *err)
{
    const bool list = node->kind == ER_NODE_LIST;
    const int64_t n = list ? node->n : 1;
    if (n > ER_MODEL_MAX_LAYERS)
        return er_fail_at(err, ER_E_LIMIT, reading->file, node->line, node->column,
                          "model: %lld layers, more than %d", (long long)n, ER_MODEL_MAX_LAYERS);
    struct er_model_layer *layer = er_arena_alloc(reading->arena, n, sizeof *layer);
    if (!layer) return no_memory(err);
    *out = (struct er_model_branch){.layer = layer, .n = n};
    for (const struct er_node *l = list ? node->child : node; l; l = list ? l->next : NULL) {
        if (l->kind == ER_NODE_LIST)
            return er_fail_at(err, ER_E_INPUT, reading->file, l->line, l->column,
                              "model: a layer is expected, this is a list; %s", hint);
        enum er_status status = read_layer(reading, l, layer++, err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

bool er_setting_is_model(const struct er_node *node)
{
    if (node->kind == ER_NODE_TEXT) return node->text[0] == '[' || is_preset(node->text);
    return node->kind == ER_NODE_LIST || (node->n == 1 && is_preset(node->child->key));
}

/* From a text: its places are on line 1, columns from 1, and become the node's. */
static enum er_status from_text(const struct er_node *node, struct er_model **model, struct er_error *err)
{
    enum er_status status = er_model_parse(node->text, model, err);
    if (err->column > 0) err->column += node->column + !node->plain - 1;
    if (err->line > 0) err->line = node->line;
    return status;
}

static enum er_status from_layers(const struct er_reading *reading, const struct er_node *node,
                                  struct er_model **model, struct er_error *err)
{
    struct er_model_branch layers = {0};
    enum er_status status =
        read_layers(reading, node, &layers, "in a list of models every member is a list or a preset", err);
    return status == ER_OK ? er_model_new(layers.layer, layers.n, model, err) : status;
}

enum er_status er_setting_model(const struct er_reading *reading, const struct er_node *node,
                                struct er_setting *setting, struct er_error *err)
{
    struct er_model *model = NULL;
    struct er_error why = {0};
    if (node->kind == ER_NODE_MAP && !er_setting_is_model(node))
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "model: a list of layers is expected, this is a map");
    enum er_status status =
        node->kind == ER_NODE_TEXT ? from_text(node, &model, &why) : from_layers(reading, node, &model, &why);
    if (status != ER_OK) {
        er_error_place(&why, reading->file, node->line, node->column);
        if (err) *err = why;
        return status;
    }
    const bool preset = strcmp(er_model_label(model), er_model_text(model)) != 0;
    setting->text = er_arena_strdup(reading->arena, er_model_text(model));
    setting->label = preset ? er_arena_strdup(reading->arena, er_model_label(model)) : NULL;
    er_model_free(model);
    return setting->text && (setting->label || !preset) ? ER_OK : no_memory(err);
}

bool er_setting_is_model_list(const struct er_node *node)
{
    if (node->kind != ER_NODE_LIST || !node->child) return false;
    const struct er_node *first = node->child;
    if (first->kind == ER_NODE_LIST || (first->kind == ER_NODE_TEXT && first->text[0] == '[')) return true;
    for (const struct er_node *member = first; member; member = member->next)
        if (!er_setting_is_model(member)) return false;
    return node->n > 1;
}
