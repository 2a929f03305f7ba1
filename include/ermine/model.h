/* <ermine/model.h> - a model: a list of layers, written `[dense 512, relu, dense]`.
 *
 * A model is only the description. A net (<ermine/net.h>) is the model bound to an input shape, a number of
 * classes and a loss.
 *
 * Text: layers between brackets (which may be left out), separated by commas; a layer is its name, then
 * positional arguments, then key=value arguments: `dense 512 init=glorot bias=false`. The last dense layer
 * may leave its width out: it gets the number of outputs that data and loss ask for.
 */
#ifndef ERMINE_MODEL_H
#define ERMINE_MODEL_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_model;

/* One argument of a layer as it was written. Borrowed by er_model_new() for the call. */
struct er_model_word {
    const char *key; /* NULL: positional */
    const char *value;
    int64_t line, column; /* 0: unknown */
};

/* One layer as it was written. */
struct er_model_layer {
    const char *name;
    const struct er_model_word *word;
    int64_t n_words;
    int64_t line, column;
};

enum { ER_MODEL_MAX_LAYERS = 1000 };

/** A model from layers that a longer form (YAML) gave. ER_E_INPUT with its place: an unknown layer or
 * argument (with the nearest), a choice that is none (with all there are), a value out of range, a width left
 * out before the last dense layer; ER_E_LIMIT; ER_E_NOMEM. */
ER_API enum er_status er_model_new(const struct er_model_layer *layer, int64_t n, struct er_model **out,
                                   struct er_error *err);

/** A model from text; columns in errors count from the text's first byte. */
ER_API enum er_status er_model_parse(const char *text, struct er_model **out, struct er_error *err);

/** The canonical text: every layer by name, positional arguments first, then those that differ from their
 * default, in the order of the layer's table. Two models with equal text are equal. Owned by the model. */
ER_API const char *er_model_text(const struct er_model *model);

/** The number of layers. */
ER_API int64_t er_model_layers(const struct er_model *model);

ER_API void er_model_free(struct er_model *model);

/* What a layer is called and what it takes: for `ermine list layers`, the reference page and completion. */
struct er_layer_info {
    const char *name, *help;
    struct {
        const char *name, *type, *fallback,
            *help; /* type: "integer", "number", or the words to choose from */
        bool positional;
    } argument[8]; /* fallback NULL: must be given; "": the data gives it */
    int n_arguments;
};

/** Describes layer i, in the order of src/net/layers/layers.def. False when there is none. */
ER_API bool er_layer_describe(int64_t i, struct er_layer_info *out);

#endif
