/* layer.h - what a layer is: one table of readings (design: one description of a model, several readings).
 *
 * A layer is one file, src/net/layers/NAME.c, and one line in layers.def. Layers never know their neighbours.
 * Required readings first, optional ones after: NULL means that whoever needs it answers ER_E_UNSUPPORTED
 * with layer and reading.
 */
#ifndef ERMINE_NET_LAYER_H
#define ERMINE_NET_LAYER_H

#include "math/gemm.h"

#include <ermine/net.h>

enum { ER_LAYER_ARGUMENTS = 8, ER_LAYER_GEMMS = 4 };

/* One argument of a layer: its place in er_layer.argument[] is its place in the table. */
struct er_layer_argument {
    const char *name;
    enum { ER_ARGUMENT_INTEGER, ER_ARGUMENT_REAL, ER_ARGUMENT_CHOICE } kind;
    bool positional;
    double min, max;      /* numbers: the closed range */
    const char *choices;  /* choice: words separated by blanks; the value is the index */
    const char *fallback; /* as it would be written; NULL: required; "" : given by the net (the last width) */
    const char *help;
};

/* A layer with its arguments; after `bind`, with its shapes. */
struct er_layer {
    const struct er_layer_ops *ops;
    double argument[ER_LAYER_ARGUMENTS]; /* a width still unknown is 0 */
    struct er_shape in, out;
    int64_t n_in, n_out;  /* sizes of in and out */
    int64_t n_parameters; /* floats */
    int64_t n_cache;      /* floats a row that forward leaves for backward, beyond x and y */
    double flops;         /* of one forward pass of one row */
    uint64_t index;       /* place in the model: the stream of its initialisation */
};

/* The matrix products and scratch of one layer for one batch size. */
struct er_layer_plan {
    int64_t rows; /* B */
    struct er_gemm gemm[ER_LAYER_GEMMS];
    int64_t n_scratch; /* floats, shared by all layers of a plan */
};

/* One call: all pointers of one batch. */
struct er_pass {
    const struct er_layer_plan *plan;
    const float *w;  /* n_parameters */
    const float *x;  /* B x n_in */
    float *y;        /* B x n_out; backward may read it */
    const float *dy; /* B x n_out */
    float *dx;       /* B x n_in, overwritten; NULL for the first layer: not wanted */
    float *dw;       /* n_parameters, overwritten */
    float *cache;    /* B x n_cache */
    float *scratch;  /* n_scratch */
};

struct er_layer_ops {
    const char *name, *help;
    const struct er_layer_argument *argument; /* ended by a row without name; NULL: it takes none */

    /* Required. bind: in and argument are set; fills out, n_parameters, n_cache, flops. */
    enum er_status (*bind)(struct er_layer *layer, struct er_error *err);
    enum er_status (*plan)(const struct er_layer *layer, struct er_layer_plan *plan,
                           struct er_error *err); /* or NULL */
    void (*initialise)(const struct er_layer *layer, uint64_t seed,
                       float *w); /* NULL when n_parameters is 0 */
    void (*forward)(const struct er_layer *layer, const struct er_pass *pass);
    void (*backward)(const struct er_layer *layer, const struct er_pass *pass);

    /* The readings still to come have their place here: tangent of forward (JVP) and of backward, per-example
     * gradient, operator norms, and the map of (NNGP, NTK) kernels at infinite width. */
};

/* The layer called `name`, or NULL. */
const struct er_layer_ops *er_layer_find(const char *name);

/* The name of a layer that is nearest to `word`, or NULL: er_nearest(). */
const char *er_layer_nearest(const char *word);

/* bind of a layer that works element by element: out is in, no parameters. */
enum er_status er_layer_bind_elementwise(struct er_layer *layer, struct er_error *err);

/* Fills a layer's sizes from its shapes (n_in, n_out). */
void er_layer_size(struct er_layer *layer);

#endif
