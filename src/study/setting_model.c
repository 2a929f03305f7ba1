/* setting_model.c - a model's layers out of the YAML, with the place of every word. */
#include "study/setting.h"

#include <ermine/model.h>
#include <string.h>

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

static enum er_status read_layers(const struct er_reading *reading, const struct er_node *node,
                                  struct er_model **model, struct er_error *err)
{
    if (node->n > ER_MODEL_MAX_LAYERS)
        return er_fail_at(err, ER_E_LIMIT, reading->file, node->line, node->column,
                          "model: %lld layers, more than %d", (long long)node->n, ER_MODEL_MAX_LAYERS);
    struct er_model_layer *layer = er_arena_alloc(reading->arena, node->n, sizeof *layer);
    if (!layer) return no_memory(err);
    int64_t n = 0;
    for (const struct er_node *l = node->child; l; l = l->next, n++) {
        layer[n].line = l->line;
        layer[n].column = l->column;
        if (l->kind == ER_NODE_LIST)
            return er_fail_at(err, ER_E_INPUT, reading->file, l->line, l->column,
                              "model: a layer is expected, this is a list; in a list of models every member "
                              "is a list");
        enum er_status status = l->kind == ER_NODE_TEXT ? read_short(reading, l, &layer[n], err)
                                                        : read_long(reading, l, &layer[n], err);
        if (status != ER_OK) return status;
    }
    return er_model_new(layer, n, model, err);
}

enum er_status er_setting_model(const struct er_reading *reading, const struct er_node *node,
                                const char **text, struct er_error *err)
{
    struct er_model *model = NULL;
    struct er_error why = {0};
    enum er_status status;
    if (node->kind == ER_NODE_MAP)
        return er_fail_at(err, ER_E_INPUT, reading->file, node->line, node->column,
                          "model: a list of layers is expected, this is a map");
    if (node->kind == ER_NODE_LIST) {
        status = read_layers(reading, node, &model, &why);
    } else {
        status = er_model_parse(node->text, &model, &why); /* line 1, columns from 1: made the node's */
        if (why.column > 0) why.column += node->column + !node->plain - 1;
        if (why.line > 0) why.line = node->line;
    }
    if (status != ER_OK) {
        er_error_place(&why, reading->file, node->line, node->column);
        if (err) *err = why;
        return status;
    }
    *text = er_arena_strdup(reading->arena, er_model_text(model));
    er_model_free(model);
    return *text ? ER_OK : no_memory(err);
}

bool er_setting_is_model_list(const struct er_node *node)
{
    if (node->kind != ER_NODE_LIST || !node->child) return false;
    const struct er_node *first = node->child;
    return first->kind == ER_NODE_LIST || (first->kind == ER_NODE_TEXT && first->text[0] == '[');
}
