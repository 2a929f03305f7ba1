/* architecture.c - config.json: Keras's layers, one after the other, as a model of ours. */
#include "core/buffer.h"
#include "data/shown.h"
#include "pgdl/keras.h"

#include <ermine/memory.h>
#include <ermine/pgdl.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LAYERS_MOST = 1000, SIDE_MOST = 1 << 20 };

/* What says nothing about a network that has been trained. */
static const char *const every[] = {"layer_name",
                                    "name",
                                    "trainable",
                                    "dtype",
                                    "input_shape",
                                    "batch_input_shape",
                                    "kernel_initializer",
                                    "bias_initializer",
                                    "kernel_regularizer",
                                    "bias_regularizer",
                                    "activity_regularizer",
                                    "kernel_constraint",
                                    "bias_constraint",
                                    NULL};

static bool among(const char *word, const char *const words[])
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0) return true;
    return false;
}

static const struct er_keras_kind *find_kind(const char *name)
{
    for (const struct er_keras_kind *k = er_keras_kinds; k->name; k++)
        if (strcmp(k->name, name) == 0 || (k->also && strcmp(k->also, name) == 0)) return k;
    return NULL;
}

static void check_keys(struct er_keras_layer *l, const struct er_keras_kind *kind)
{
    static const char *const types[] = {"float32", NULL};
    char shown[ER_SHOWN];
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)l->json, key, value)
    {
        if (among(key, every) || among(key, kind->keys)) continue;
        er_keras_refuse(l, "its key \"%s\" is not known", er_text_shown(key, strlen(key), shown));
    }
    er_keras_choice(l, "dtype", types);
}

static enum er_status add_layer(const json_t *json, int64_t index, struct er_keras_model *model,
                                struct er_error *err)
{
    char shown[ER_SHOWN];
    const char *name = json_string_value(json_object_get(json, "layer_name"));
    if (!name) return er_fail(err, ER_E_INPUT, "layer %" PRId64 " has no layer_name", index);
    const struct er_keras_kind *kind = find_kind(name);
    if (!kind)
        return er_fail(err, ER_E_UNSUPPORTED, "layer %" PRId64 ": layers \"%s\" are not computed here", index,
                       er_text_shown(name, strlen(name), shown));
    struct er_keras_layer layer = {.name = kind->name, .index = index, .json = json, .err = err};
    if (model->ended) er_keras_refuse(&layer, "it follows a softmax, which is read as the last layer only");
    check_keys(&layer, kind);
    if (layer.status == ER_OK) kind->say(&layer, model);
    return layer.status;
}

/* [32, 32, 3] or [3]. */
static enum er_status read_input(const json_t *json, struct er_shape *out, bool *vector, struct er_error *err)
{
    const size_t n = json_array_size(json);
    int64_t side[3] = {1, 1, 1};
    if (n != 1 && n != 3)
        return er_fail(
            err, ER_E_INPUT,
            "input_shape is no list of a height, a width and channels, or of a number of features");
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_array_get(json, i);
        const double size = json_is_number(value) ? json_number_value(value) : 0;
        if (!(size >= 1 && size <= SIDE_MOST) || size != floor(size))
            return er_fail(err, ER_E_INPUT, "input_shape: size %zu is no whole number from 1 to %d", i,
                           SIDE_MOST);
        side[3 - n + i] = (int64_t)size;
    }
    *out = (struct er_shape){side[0], side[1], side[2]};
    *vector = n == 1;
    return ER_OK;
}

static enum er_status translate(const json_t *root, struct er_keras_model *model, struct er_shape *input,
                                struct er_error *err)
{
    const json_t *layers = json_object_get(root, "model_config");
    const size_t n = json_array_size(layers);
    if (n < 1 || n > LAYERS_MOST)
        return er_fail(err, n ? ER_E_LIMIT : ER_E_INPUT, "model_config: %zu layers; 1 to %d are read", n,
                       LAYERS_MOST);
    enum er_status status = read_input(json_object_get(root, "input_shape"), input, &model->vector, err);
    for (size_t i = 0; status == ER_OK && i < n; i++)
        status = add_layer(json_array_get(layers, i), (int64_t)i, model, err);
    if (status == ER_OK && (model->outputs < 2 || !model->vector))
        status =
            er_fail(err, ER_E_UNSUPPORTED, "the layers end in %s; a vector of two logits and more is wanted",
                    model->vector ? "a single number" : "an image");
    return status;
}

enum er_status er_pgdl_architecture_parse(const char *json, size_t n, struct er_pgdl_architecture *out,
                                          struct er_error *err)
{
    struct er_keras_model model = {0};
    struct er_pgdl_architecture made = {0};
    json_t *root = NULL;
    enum er_status status = er_json_object(json, n, &root, err);
    if (status == ER_OK) status = translate(root, &model, &made.input, err);
    json_decref(root);
    made.outputs = model.outputs;
    if (status == ER_OK) status = er_buffer_take(&model.text, &made.model, err);
    if (status == ER_OK) status = er_buffer_take(&model.weights, &made.weights, err);
    er_buffer_clear(&model.text);
    er_buffer_clear(&model.weights);
    if (status == ER_OK)
        *out = made;
    else
        er_pgdl_architecture_clear(&made);
    return status;
}

void er_pgdl_architecture_clear(struct er_pgdl_architecture *architecture)
{
    er_free(architecture->model);
    er_free(architecture->weights);
    *architecture = (struct er_pgdl_architecture){0};
}
