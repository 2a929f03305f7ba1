/* keras.h - one Keras layer as its JSON has it: keys asked for with their defaults, and the text of ours that it becomes. */
#ifndef ERMINE_PGDL_KERAS_H
#define ERMINE_PGDL_KERAS_H

#include "core/buffer.h"
#include "pgdl/json.h"

#include <stdbool.h>

/* What has been translated so far. */
struct er_keras_model {
    struct er_buffer text, weights; /* er_pgdl_architecture.model and .weights */
    bool vector;                    /* a row of features comes next, no image */
    bool ended;                     /* the last layer was a softmax: nothing may follow */
    int64_t outputs;
};

struct er_keras_layer {
    const char *name;   /* "Conv2D" */
    int64_t index;      /* from 0 */
    const json_t *json; /* the map of its keys */
    struct er_error *err;
    enum er_status status; /* the first failure sticks; what is asked for then has its default */
};

/* Values of keys. A number that is whole counts as an integer, as the organisers' program has it. */
int64_t er_keras_integer(struct er_keras_layer *l, const char *key, int64_t least, int64_t most,
                         int64_t otherwise);
double er_keras_number(struct er_keras_layer *l, const char *key, double least, double most,
                       double otherwise);
bool er_keras_truth(struct er_keras_layer *l, const char *key, bool otherwise);
const char *er_keras_text(struct er_keras_layer *l, const char *key, const char *otherwise);

/* Two sizes: 3, or [3, 3]. Both `otherwise` where the key is missing or null; 0: it must be there. */
void er_keras_pair(struct er_keras_layer *l, const char *key, int64_t otherwise, int64_t out[2]);

/* Refuses the key unless it is missing or its text is among `words`. Gives the word, or the first of them. */
const char *er_keras_choice(struct er_keras_layer *l, const char *key, const char *const words[]);

/* ER_E_UNSUPPORTED: "layer 3, Conv2D: ...". */
void er_keras_refuse(struct er_keras_layer *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends a layer of ours. */
void er_keras_write(struct er_keras_model *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An activation by its Keras name; "linear" is none. */
void er_keras_activation(struct er_keras_layer *l, struct er_keras_model *m, const char *name);

/* One kind of layer. */
struct er_keras_kind {
    const char *name, *also; /* "MaxPooling2D", "MaxPool2D"; NULL: no other name */
    const char *const *keys; /* that it may have, besides those of every layer; ended by NULL */
    void (*say)(struct er_keras_layer *l, struct er_keras_model *m);
};

/* Those of <ermine/pgdl.h>, ended by one without a name. */
extern const struct er_keras_kind er_keras_kinds[];

#endif
