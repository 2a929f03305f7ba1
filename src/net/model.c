/* model.c - a model from its words: every argument read by its layer's table, and written back canonically.
 */
#include "net/model.h"

#include "core/buffer.h"
#include "core/number.h"

#include <ermine/memory.h>
#include <string.h>

/* The index of `word` among `choices` (separated by blanks), or -1. */
static int choice_index(const char *choices, const char *word)
{
    const size_t length = strlen(word);
    int index = 0;
    for (const char *c = choices; *c; index++) {
        const size_t n = strcspn(c, " ");
        if (n == length && memcmp(c, word, n) == 0) return index;
        c += n;
        c += strspn(c, " ");
    }
    return -1;
}

static int count_arguments(const struct er_layer_ops *ops)
{
    int n = 0;
    while (ops->argument && ops->argument[n].name) n++;
    return n;
}

static enum er_status unknown_layer(const struct er_model_layer *from, struct er_error *err)
{
    const char *near = er_layer_nearest(from->name);
    return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column, "model: there is no layer '%s'%s%s%s",
                      from->name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* Which argument a word is for: by its key, or the next positional one. -1 and err when there is none. */
static int find_argument(const struct er_layer_ops *ops, const struct er_model_word *word, int *positional,
                         struct er_error *err)
{
    const int n = count_arguments(ops);
    const char *names[ER_LAYER_ARGUMENTS];
    for (int i = 0; i < n; i++) names[i] = ops->argument[i].name;
    if (word->key) {
        for (int i = 0; i < n; i++)
            if (strcmp(names[i], word->key) == 0) return i;
        const char *near = er_nearest(word->key, names, n);
        er_fail_at(err, ER_E_INPUT, NULL, word->line, word->column, "model: %s has no argument '%s'%s%s%s",
                   ops->name, word->key, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        return -1;
    }
    for (; *positional < n; (*positional)++)
        if (ops->argument[*positional].positional) return (*positional)++;
    er_fail_at(err, ER_E_INPUT, NULL, word->line, word->column, "model: %s has no place for '%s'", ops->name,
               word->value);
    return -1;
}

static enum er_status read_argument(const struct er_layer_ops *ops, const struct er_layer_argument *a,
                                    const char *text, int64_t line, int64_t column, double *out,
                                    struct er_error *err)
{
    if (a->kind == ER_ARGUMENT_CHOICE) {
        const int index = choice_index(a->choices, text);
        if (index < 0)
            return er_fail_at(err, ER_E_INPUT, NULL, line, column,
                              "model: %s: %s is '%s', which is none of: %s", ops->name, a->name, text,
                              a->choices);
        *out = index;
        return ER_OK;
    }
    int64_t integer = 0;
    double value = 0;
    const bool whole = a->kind == ER_ARGUMENT_INTEGER;
    if (whole ? !er_number_integer(text, &integer) : !er_number_real(text, &value))
        return er_fail_at(err, ER_E_INPUT, NULL, line, column, "model: %s: %s is '%s', which is not %s",
                          ops->name, a->name, text, whole ? "an integer" : "a number");
    if (whole) value = (double)integer;
    if (!(value >= a->min && value <= a->max))
        return er_fail_at(err, ER_E_INPUT, NULL, line, column,
                          "model: %s: %s is %s, outside of %.10g to %.10g", ops->name, a->name, text, a->min,
                          a->max);
    *out = value;
    return ER_OK;
}

static enum er_status read_layer(const struct er_model_layer *from, struct er_layer *layer,
                                 struct er_error *err)
{
    const struct er_layer_ops *ops = er_layer_find(from->name);
    if (!ops) return unknown_layer(from, err);
    layer->ops = ops;
    const int n = count_arguments(ops);
    bool given[ER_LAYER_ARGUMENTS] = {false};
    int positional = 0;
    for (int64_t i = 0; i < from->n_words; i++) {
        const struct er_model_word *word = &from->word[i];
        const int a = find_argument(ops, word, &positional, err);
        if (a < 0) return ER_E_INPUT;
        if (given[a])
            return er_fail_at(err, ER_E_INPUT, NULL, word->line, word->column, "model: %s: %s is given twice",
                              ops->name, ops->argument[a].name);
        given[a] = true;
        enum er_status status = read_argument(ops, &ops->argument[a], word->value, word->line, word->column,
                                              &layer->argument[a], err);
        if (status != ER_OK) return status;
    }
    for (int a = 0; a < n; a++) {
        const struct er_layer_argument *argument = &ops->argument[a];
        if (given[a]) continue;
        if (!argument->fallback)
            return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column, "model: %s needs its %s",
                              ops->name, argument->name);
        if (!argument->fallback[0]) continue; /* 0: the net gives it */
        enum er_status status = read_argument(ops, argument, argument->fallback, from->line, from->column,
                                              &layer->argument[a], err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

/* The argument that the net may give (fallback ""), or -1. */
static int open_argument(const struct er_layer *layer)
{
    for (int a = 0; a < count_arguments(layer->ops); a++) {
        const char *fallback = layer->ops->argument[a].fallback;
        if (fallback && !fallback[0]) return a;
    }
    return -1;
}

/* Only the last layer that has such an argument may leave it open. */
static enum er_status check_open(const struct er_model *model, const struct er_model_layer *from,
                                 struct er_error *err)
{
    bool last = true;
    for (int64_t i = model->n - 1; i >= 0; i--) {
        const int a = open_argument(&model->layer[i]);
        if (a < 0) continue;
        if (!last && !(model->layer[i].argument[a] > 0))
            return er_fail_at(
                err, ER_E_INPUT, NULL, from[i].line, from[i].column,
                "model: layer %lld, %s, needs its %s; only the last one may leave it to the data",
                (long long)i + 1, from[i].name, model->layer[i].ops->argument[a].name);
        last = false;
    }
    return ER_OK;
}

static void write_value(struct er_buffer *text, const struct er_layer_argument *a, double value)
{
    char number[ER_NUMBER_TEXT];
    if (a->kind != ER_ARGUMENT_CHOICE) {
        er_buffer_text(text, er_number_text(value, number));
        return;
    }
    const char *word = a->choices;
    for (int i = 0; i < (int)value; i++) word += strcspn(word, " ") + 1;
    er_buffer_add(text, word, strcspn(word, " "));
}

/* Positional arguments that are there, then named ones that are not at their default. */
static void write_layer(struct er_buffer *text, const struct er_layer *layer)
{
    const struct er_layer_ops *ops = layer->ops;
    er_buffer_text(text, ops->name);
    for (int a = 0; a < count_arguments(ops); a++) {
        const struct er_layer_argument *argument = &ops->argument[a];
        const bool open = argument->fallback && !argument->fallback[0] && !(layer->argument[a] > 0);
        if (open) continue;
        struct er_buffer value = {0};
        write_value(&value, argument, layer->argument[a]);
        const bool usual = argument->fallback && value.data && strcmp(value.data, argument->fallback) == 0;
        if (value.status != ER_OK) text->status = value.status;
        if (!usual && value.data) {
            er_buffer_char(text, ' ');
            if (!argument->positional) er_buffer_format(text, "%s=", argument->name);
            er_buffer_text(text, value.data);
        }
        er_buffer_clear(&value);
    }
}

enum er_status er_model_new(const struct er_model_layer *layer, int64_t n, struct er_model **out,
                            struct er_error *err)
{
    if (n < 1) return er_fail(err, ER_E_INPUT, "model: it has no layers");
    if (n > ER_MODEL_MAX_LAYERS)
        return er_fail(err, ER_E_LIMIT, "model: %lld layers, more than %d", (long long)n,
                       ER_MODEL_MAX_LAYERS);
    struct er_buffer text = {0};
    enum er_status status = ER_E_NOMEM;
    struct er_model *model = er_alloc(1, sizeof *model);
    if (!model) goto fail;
    model->n = n;
    model->layer = er_alloc(n, sizeof *model->layer);
    if (!model->layer) goto fail;
    for (int64_t i = 0; i < n; i++) {
        model->layer[i].index = (uint64_t)i;
        status = read_layer(&layer[i], &model->layer[i], err);
        if (status != ER_OK) goto fail;
    }
    status = check_open(model, layer, err);
    if (status != ER_OK) goto fail;
    for (int64_t i = 0; i < n; i++) {
        er_buffer_text(&text, i ? ", " : "[");
        write_layer(&text, &model->layer[i]);
    }
    er_buffer_char(&text, ']');
    status = er_buffer_take(&text, &model->text, err);
    if (status != ER_OK) goto fail;
    *out = model;
    return ER_OK;
fail:
    if (status == ER_E_NOMEM) er_fail(err, status, "model: out of memory");
    er_buffer_clear(&text);
    er_model_free(model);
    return status;
}

const char *er_model_text(const struct er_model *model)
{
    return model->text;
}

int64_t er_model_layers(const struct er_model *model)
{
    return model->n;
}

void er_model_free(struct er_model *model)
{
    if (!model) return;
    er_free(model->layer);
    er_free(model->text);
    er_free(model);
}
