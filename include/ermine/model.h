/* <ermine/model.h> - a model: a list of layers, written `[dense 512, relu, dense]`.
 *
 * A model is only the description. A net (<ermine/net.h>) is the model bound to an input shape, a number of
 * classes and a loss.
 *
 * Text: layers between brackets (which may be left out), separated by commas; a layer is its name, then
 * positional arguments, then key=value arguments: `dense 512 init=glorot bias=false`. The last layer with a
 * number of outputs may leave it out (dense its width, conv its channels): it gets what data and loss ask
 * for. A join has branches instead of arguments, each a single layer or a list in brackets, as
 * `add: [[dense 8, relu], identity]`: their sum, with `multiply` their product, or with
 * `concat` their channels side by side.
 *
 *     model  = list | layers         list = "[" layers "]"      layers = layer { "," layer }
 *     layer  = name { blank word } | name ":" "[" branch { "," branch } "]"
 *     branch = list | layer          word = value | key "=" value
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

/* One branch of a join: the layers that its input goes through. */
struct er_model_branch {
    const struct er_model_layer *layer;
    int64_t n;
};

/* One layer as it was written. */
struct er_model_layer {
    const char *name;
    const struct er_model_word *word;
    int64_t n_words;
    const struct er_model_branch *branch; /* of a join; else none */
    int64_t n_branches;
    int64_t line, column;
};

enum {
    ER_MODEL_MAX_LAYERS = 1000, /* in all, branches included, presets written out */
    ER_MODEL_MAX_BRANCHES = 64, /* of one join */
    ER_MODEL_MAX_DEPTH = 16     /* of joins within branches, and of presets within presets */
};

/** A model from layers that a longer form (YAML) gave. ER_E_INPUT with its place: an unknown layer or
 * argument (with the nearest), a choice that is none (with all there are), a value out of range, a width left
 * out before the last dense layer, branches where there are none or none where they are needed; ER_E_LIMIT;
 * ER_E_NOMEM. */
ER_API enum er_status er_model_new(const struct er_model_layer *layer, int64_t n, struct er_model **out,
                                   struct er_error *err);

/** A model from text; columns in errors count from the text's first byte. */
ER_API enum er_status er_model_parse(const char *text, struct er_model **out, struct er_error *err);

/** The canonical text: every layer by name, positional arguments first, then those that differ from their
 * default, in the order of the layer's table; presets are written out. Two models with equal text are equal.
 * Owned by the model. */
ER_API const char *er_model_text(const struct er_model *model);

/** What the model is called where people read of it: one that is a single preset by what was written, name and
 * arguments with a blank between (`mlp 512 depth=3`, from a map `mlp width=512 depth=3`), any other by
 * er_model_text(). Models with equal names are equal; the reverse does not hold. Owned by the model. */
ER_API const char *er_model_label(const struct er_model *model);

/** The number of layers, those of branches and joins included. */
ER_API int64_t er_model_layers(const struct er_model *model);

ER_API void er_model_free(struct er_model *model);

/* What a layer is called and what it takes: for `ermine list layers`, the reference page and completion. */
struct er_layer_info {
    const char *name, *help;
    struct {
        const char *name, *type, *fallback, *help; /* type: "integer", "number", "size" (3x3, or 3), or the
                                                      words to choose from */
        bool positional;
    } argument[12]; /* fallback NULL: must be given; "": the data gives it; "=NAME": as NAME */
    int n_arguments;
    bool join; /* takes branches */
};

/** Describes layer i, in the order of src/net/layers/layers.def. False when there is none. */
ER_API bool er_layer_describe(int64_t i, struct er_layer_info *out);

/** Whether `name` is a layer that takes branches. */
ER_API bool er_layer_joins(const char *name);

/** Describes preset i, in the order of src/net/presets/presets.def: a name with arguments that stands for
 * layers, as `mlp 512 depth=2` does for [dense 512, relu, dense 512, relu, dense]. False when there is none.
 */
ER_API bool er_preset_describe(int64_t i, struct er_layer_info *out);

#endif
