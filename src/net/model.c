/* model.c - a model from layers as they were written: presets written out, branches laid out as nodes in the
 * order in which they are computed, the text written back canonically.
 */
#include "net/model.h"

#include "net/model_text.h"
#include "net/preset.h"

#include <ermine/memory.h>
#include <string.h>

/* A model under construction. */
struct building {
    struct er_model *model;
    struct er_buffer text;
    int64_t written; /* layers so far: a join has its number before its branches */
    int64_t here;    /* those of the list under way */
    int depth;
    const struct er_model_layer *preset; /* the one that is being written out, whose place its layers have */
};

static enum er_status add_layers(struct building *b, const struct er_model_layer *layer, int64_t n,
                                 int64_t input, int64_t *output, struct er_error *err);

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "model: out of memory");
}

static enum er_status unknown(const struct er_model_layer *from, struct er_error *err)
{
    const char *near = er_preset_nearest(from->name);
    return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column, "model: there is no layer '%s'%s%s%s",
                      from->name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* A node behind `from`; the numbers are kept as offsets until all are there. */
static enum er_status add_node(struct er_model *model, const struct er_layer *layer,
                               const struct er_model_layer *written, const int64_t *from, int64_t n_from,
                               struct er_error *err)
{
    if (model->n == model->room) {
        const int64_t room = model->room ? 2 * model->room : 16;
        void *grown = er_grow(model->node, model->room, room, sizeof *model->node);
        if (!grown) return no_memory(err);
        model->node = grown;
        model->room = room;
    }
    if (model->n_from + n_from > model->from_room) {
        const int64_t room = 2 * (model->n_from + n_from) + 16;
        void *grown = er_grow(model->from, model->from_room, room, sizeof *model->from);
        if (!grown) return no_memory(err);
        model->from = grown;
        model->from_room = room;
    }
    memcpy(model->from + model->n_from, from, (size_t)n_from * sizeof *from);
    model->n_from += n_from;
    model->node[model->n++] =
        (struct er_node){.layer = *layer, .n_from = n_from, .line = written->line, .column = written->column};
    return ER_OK;
}

/* The branches of a join, each from the join's input; *from, of n_branches numbers, is the caller's to free.
 */
static enum er_status add_branches(struct building *b, const struct er_model_layer *join, int64_t input,
                                   int64_t **from, struct er_error *err)
{
    *from = er_alloc(join->n_branches, sizeof **from);
    if (!*from) return no_memory(err);
    struct er_buffer outer = b->text;
    const int64_t here = b->here;
    enum er_status status = ER_OK;
    er_buffer_text(&outer, ": [");
    for (int64_t i = 0; i < join->n_branches && status == ER_OK; i++) {
        const struct er_model_branch *branch = &join->branch[i];
        b->text = (struct er_buffer){0};
        b->here = 0;
        status = add_layers(b, branch->layer, branch->n, input, &(*from)[i], err);
        if (b->text.status != ER_OK) outer.status = b->text.status;
        er_buffer_format(&outer, b->here == 1 ? "%s%s" : "%s[%s]", i ? ", " : "",
                         b->text.data ? b->text.data : "");
        er_buffer_clear(&b->text);
    }
    er_buffer_char(&outer, ']');
    b->text = outer;
    b->here = here;
    return status;
}

/* The layers that a preset stands for, in its place. */
static enum er_status add_preset(struct building *b, const struct er_preset *preset,
                                 const struct er_model_layer *from, int64_t input, int64_t *output,
                                 struct er_error *err)
{
    double argument[ER_ARGUMENTS];
    struct er_buffer text = {0};
    struct er_arena *arena = NULL;
    const struct er_model_layer *layer = NULL;
    int64_t n = 0;
    char *written = NULL;
    struct er_error why = {0};
    enum er_status status = er_arguments_read(preset->name, preset->argument, from, argument, err);
    if (status != ER_OK) return status;
    status = preset->expand(argument, &text, &why);
    const char *suffix = status == ER_OK ? " (written out by a preset)" : "";
    if (status == ER_OK) status = er_buffer_take(&text, &written, &why);
    if (status == ER_OK) status = er_arena_new((size_t)ER_MODEL_TEXT_MOST * 256, &arena, &why);
    if (status == ER_OK) status = er_model_cut(arena, written, &layer, &n, &why);
    const struct er_model_layer *outer = b->preset;
    if (!outer) b->preset = from;
    if (status == ER_OK) status = add_layers(b, layer, n, input, output, &why);
    b->preset = outer;
    if (status != ER_OK)
        er_fail_at(err, status, NULL, from->line, from->column, "%s%s", why.msg,
                   status == ER_E_INPUT ? suffix : "");
    er_arena_free(arena);
    er_free(written);
    er_buffer_clear(&text);
    return status;
}

static enum er_status check_branches(const struct er_layer_ops *ops, const struct er_model_layer *from,
                                     struct er_error *err)
{
    if (ops->join && from->n_branches < 2)
        return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column,
                          "model: %s needs two branches or more, as in %s: [[dense 8, relu], identity]",
                          ops->name, ops->name);
    if (from->n_branches > ER_MODEL_MAX_BRANCHES)
        return er_fail_at(err, ER_E_LIMIT, NULL, from->line, from->column,
                          "model: %s has %lld branches, more than %d", ops->name, (long long)from->n_branches,
                          ER_MODEL_MAX_BRANCHES);
    if (!ops->join && from->n_branches)
        return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column, "model: %s takes no branches",
                          ops->name);
    for (int64_t i = 0; i < from->n_branches; i++)
        if (from->branch[i].n < 1)
            return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column,
                              "model: %s: branch %lld has no layers", ops->name, (long long)i + 1);
    return ER_OK;
}

static enum er_status add_layer(struct building *b, const struct er_model_layer *from, int64_t input,
                                int64_t *output, struct er_error *err)
{
    const struct er_layer_ops *ops = er_layer_find(from->name);
    const struct er_preset *preset = ops ? NULL : er_preset_find(from->name);
    if (!ops && !preset) return unknown(from, err);
    if (preset && from->n_branches)
        return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column, "model: %s takes no branches",
                          preset->name);
    if (preset) return add_preset(b, preset, from, input, output, err);
    if (b->written >= ER_MODEL_MAX_LAYERS)
        return er_fail(err, ER_E_LIMIT, "model: more than %d layers", ER_MODEL_MAX_LAYERS);
    struct er_layer layer = {.ops = ops, .index = (uint64_t)b->written++};
    er_buffer_text(&b->text, b->here++ ? ", " : "");
    enum er_status status = check_branches(ops, from, err);
    if (status == ER_OK) status = er_arguments_read(ops->name, ops->argument, from, layer.argument, err);
    if (status != ER_OK) return status;
    er_buffer_text(&b->text, ops->name);
    er_arguments_write(&b->text, ops->argument, layer.argument);
    int64_t *branches = NULL;
    if (ops->join) status = add_branches(b, from, input, &branches, err);
    if (status == ER_OK)
        status = add_node(b->model, &layer, b->preset ? b->preset : from, ops->join ? branches : &input,
                          ops->join ? from->n_branches : 1, err);
    er_free(branches);
    *output = b->model->n - 1;
    return status;
}

static enum er_status add_layers(struct building *b, const struct er_model_layer *layer, int64_t n,
                                 int64_t input, int64_t *output, struct er_error *err)
{
    if (++b->depth > ER_MODEL_MAX_DEPTH)
        return er_fail(err, ER_E_LIMIT, "model: branches within branches, more than %d deep",
                       ER_MODEL_MAX_DEPTH);
    *output = input;
    for (int64_t i = 0; i < n; i++) {
        enum er_status status = add_layer(b, &layer[i], *output, output, err);
        if (status != ER_OK) return status;
    }
    b->depth--;
    return ER_OK;
}

/* Only the last layer that has an argument which the net may give may leave it open. */
static enum er_status check_open(const struct er_model *model, struct er_error *err)
{
    bool last = true;
    for (int64_t i = model->n - 1; i >= 0; i--) {
        const struct er_layer *layer = &model->node[i].layer;
        const int a = er_arguments_open(layer->ops->argument);
        if (a < 0) continue;
        if (!last && !(layer->argument[a] > 0))
            return er_fail_at(
                err, ER_E_INPUT, NULL, model->node[i].line, model->node[i].column,
                "model: layer %lld, %s, needs its %s; only the last one may leave it to the data",
                (long long)layer->index + 1, layer->ops->name, layer->ops->argument[a].name);
        last = false;
    }
    return ER_OK;
}

/* A model that is a single preset is called by it. */
static enum er_status write_label(struct er_model *model, const struct er_model_layer *layer, int64_t n,
                                  struct er_error *err)
{
    if (n != 1 || !er_preset_find(layer->name)) return ER_OK;
    struct er_buffer label = {0};
    er_buffer_text(&label, layer->name);
    for (int64_t i = 0; i < layer->n_words; i++) {
        const struct er_model_word *word = &layer->word[i];
        er_buffer_format(&label, " %s%s%s", word->key ? word->key : "", word->key ? "=" : "", word->value);
    }
    return er_buffer_take(&label, &model->label, err);
}

enum er_status er_model_new(const struct er_model_layer *layer, int64_t n, struct er_model **out,
                            struct er_error *err)
{
    if (n < 1) return er_fail(err, ER_E_INPUT, "model: it has no layers");
    if (n > ER_MODEL_MAX_LAYERS)
        return er_fail(err, ER_E_LIMIT, "model: %lld layers, more than %d", (long long)n,
                       ER_MODEL_MAX_LAYERS);
    struct building b = {.model = er_alloc(1, sizeof *b.model)};
    int64_t output;
    if (!b.model) return no_memory(err);
    er_buffer_char(&b.text, '[');
    enum er_status status = add_layers(&b, layer, n, ER_FROM_INPUT, &output, err);
    if (status == ER_OK) status = check_open(b.model, err);
    if (status != ER_OK) goto fail;
    for (int64_t i = 0, at = 0; i < b.model->n; at += b.model->node[i++].n_from)
        b.model->node[i].from = b.model->from + at;
    er_buffer_char(&b.text, ']');
    status = er_buffer_take(&b.text, &b.model->text, err);
    if (status == ER_OK) status = write_label(b.model, layer, n, err);
    if (status != ER_OK) goto fail;
    *out = b.model;
    return ER_OK;
fail:
    er_buffer_clear(&b.text);
    er_model_free(b.model);
    return status;
}

const char *er_model_text(const struct er_model *model)
{
    return model->text;
}

const char *er_model_label(const struct er_model *model)
{
    return model->label ? model->label : model->text;
}

int64_t er_model_layers(const struct er_model *model)
{
    return model->n;
}

void er_model_free(struct er_model *model)
{
    if (!model) return;
    er_free(model->node);
    er_free(model->from);
    er_free(model->text);
    er_free(model->label);
    er_free(model);
}
