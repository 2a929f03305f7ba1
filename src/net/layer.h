/* layer.h - what a layer is: one table of readings (design: one description of a model, several readings).
 *
 * A layer is one file, src/net/layers/NAME.c, and one line in layers.def. Layers never know their neighbours.
 * Required readings first, optional ones after: NULL means that whoever needs it answers ER_E_UNSUPPORTED
 * with layer and reading.
 *
 * Letters: B rows of a batch, x inputs, y outputs, w parameters; dy the gradient of a scalar L with respect
 * to y, and likewise dx, dw; ty the tangent of y along a direction (tw, tx), and likewise tdy, tdx, tdw: the
 * tangents of the gradients, whose dw part is a Hessian-vector product.
 */
#ifndef ERMINE_NET_LAYER_H
#define ERMINE_NET_LAYER_H

#include "math/gemm.h"
#include "net/argument.h"
#include "net/kernel_map.h"
#include "net/tensor_layout.h"

#include <ermine/net.h>
#include <ermine/norm.h>

enum { ER_LAYER_GEMMS = 12 };

/* A layer with its arguments; after `bind`, with its shapes. */
struct er_layer {
    const struct er_layer_ops *ops;
    double argument[ER_ARGUMENTS]; /* a width still unknown is 0 */
    struct er_shape in, out;       /* a join: in is that of its first input */
    const struct er_shape *branch; /* a join: the shapes of its inputs, n_branches of them; else NULL */
    int64_t n_branches;
    int64_t n_in, n_out;  /* sizes of in and out */
    int64_t n_parameters; /* floats */
    int64_t n_statistics; /* floats that training moves without a gradient: batch norm's running moments */
    int64_t n_cache;      /* floats a row that forward leaves for backward, beyond x and y */
    int64_t n_cache_once; /* floats a batch likewise, behind those of the rows */
    double flops;         /* of the matrix products of one forward pass of one row */
    uint64_t index;       /* its number in the model's text: the stream of its random numbers */
};

/* The matrix products and scratch of one layer for one batch size. */
struct er_layer_plan {
    int64_t rows; /* B */
    struct er_gemm gemm[ER_LAYER_GEMMS];
    int64_t
        n_shared; /* floats of scratch that all parts of a call share, kept from `prepare` to what follows */
    int64_t n_turned;  /* the same for backward_x alone: what is turned for it; as much again for tangent_x */
    int64_t n_scratch; /* floats of scratch for each part, used within a single call */
};

/* Takes a gradient piece by piece instead of one array: g is d/dw[at .. at+n) and final. Pieces of one call
 * are disjoint, come from any thread, and g lives for the call. */
struct er_sink {
    void (*take)(void *ctx, int64_t at, int64_t n, const float *g);
    void *ctx;
};

/* One call: all pointers of one batch. */
struct er_pass {
    const struct er_layer_plan *plan;
    int part, parts; /* this call does its share of the work: er_share() */

    bool training;       /* statistics of the batch, dropout drawn */
    uint64_t seed, step; /* of dropout */
    int64_t first_row;   /* likewise: the number of the batch's first row */

    const float *w;          /* n_parameters */
    const float *statistics; /* n_statistics */
    float
        *statistics_next; /* where a training forward writes them moved; NULL: nowhere; may be `statistics` */

    double momentum; /* of these, instead of the layer's own; 0: its own */

    const float *x;               /* B x n_in; a join: unused */
    float *y;                     /* B x n_out; backward may read it */
    const float *const *branch;   /* a join's inputs, each B x its own size */
    const float *const *t_branch; /* their tangents; NULL where zero */
    int input;                    /* a join: of which of them dx and tdx are */

    const float *dy; /* B x n_out */
    bool wants_dx;   /* prepare: whether backward_x will be called */
    float *dx;       /* B x n_in, a join: B x the size of `input`; overwritten. May be dy's memory where the
                        layer is pointwise */
    float *dw;       /* n_parameters, overwritten; NULL when there is a sink */
    const struct er_sink *sink;
    int64_t sink_at; /* where this layer's parameters begin in the sink's block */

    const float *tw, *tx; /* NULL tx: zero */
    float *ty;            /* overwritten */
    const float *tdy;
    float *tdx, *tdw; /* overwritten */

    float *example; /* per-example gradients: row b at example + b * example_stride */
    int64_t example_stride;

    float *cache;             /* B x n_cache, then n_cache_once */
    float *shared;            /* n_shared */
    float *turned, *t_turned; /* n_turned each; only where dx is wanted, the second only with tangents */
    float *scratch;           /* n_scratch, this part's own */

    /* A pointwise layer that follows, done by this one while its outputs are hot: then_y = value(y). Only for
     * layers that say `fuses`. */
    const struct er_layer *then;
    float *then_y;
    /* A pointwise layer that comes before: dx is multiplied by its slope at (before_x, before_y). */
    const struct er_layer *before;
    const float *before_x, *before_y;
};

/* A function of one number, applied to each. Arrays of one call may be the same memory where marked. */
struct er_pointwise {
    /* slope and curve use y alone: x is then not kept (x and y share memory), and may not be read. */
    bool from_y;
    /* y[i] = f(x[i]); y may be x. */
    void (*value)(const struct er_layer *l, int64_t n, const float *x, float *y);
    /* out[i] = f'(x[i]) in[i]; out may be in. */
    void (*slope)(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *in,
                  float *out);
    /* out[i] += f''(x[i]) tx[i] dy[i]; NULL: f'' is 0 wherever it exists. */
    void (*curve)(const struct er_layer *l, int64_t n, const float *x, const float *y, const float *tx,
                  const float *dy, float *out);
    /* The Taylor coefficients y[0 .. order] of f(x[0] + x[1] s + ... + x[order] s^order), of one number, in float64. With order
     * 0 f itself, with x[1] = 1 and order 1 its slope. 0 <= order <= ER_SERIES_ORDER (math/series.h). y is not x. At a kink f
     * goes on as on the side that `slope` takes. */
    void (*series)(const struct er_layer *l, int order, const double *x, double *y);
    /* For er_pointwise_kernel(): its dual, whose parameters are the layer's arguments, in their order. */
    const struct er_dual *dual;
};

/* A part of a layer's parameters or statistics that has a name in files (docs/networks.md). */
struct er_layer_tensor {
    const char *role;           /* "weight", "bias", "running_mean", "running_var" */
    bool statistics;            /* of which block it is a part */
    int64_t at;                 /* where it begins among the layer's own */
    struct er_tensor_axes axes; /* how it lies there */
    int rank;
    int64_t dim[4]; /* its shape in a file */
};

/* How a layer's parameters are drawn at first, all independent: n weights, and behind them as many biases as
 * there are parameters left. */
struct er_layer_laws {
    int64_t n;
    bool uniform; /* on [-scale, scale]; else normal of mean 0 and standard deviation `scale` */
    double scale, bias_scale;
};

struct er_layer_ops {
    const char *name, *help;
    const struct er_argument *argument; /* ended by a row without name; NULL: it takes none */
    bool join;                          /* takes branches: several inputs */
    bool fuses;                         /* honours er_pass.then and .before */
    bool affine;                        /* y is affine in w, at any x */
    bool mixes_rows;                    /* in training a row's output depends on the other rows */
    bool
        mixes_features; /* an output of a vector belongs to no one input: what it gives is a vector of its own */
    bool orders_channels; /* what it does to a channel depends on that channel's place among the others */

    /* Required. bind: in, branch and argument are set; fills out, n_parameters, n_cache, ..., flops. */
    enum er_status (*bind)(struct er_layer *layer, struct er_error *err);
    enum er_status (*plan)(const struct er_layer *layer, struct er_layer_plan *plan,
                           struct er_error *err); /* or NULL */
    void (*initialise)(const struct er_layer *layer, uint64_t seed,
                       float *w); /* NULL when n_parameters is 0 */
    /* By which laws `initialise` draws; NULL: it draws nothing, what it writes is always the same. */
    void (*laws)(const struct er_layer *layer, struct er_layer_laws *out);
    void (*start)(const struct er_layer *layer, float *statistics); /* NULL when n_statistics is 0 */
    void (*forward)(const struct er_layer *layer, const struct er_pass *pass); /* NULL: y is x */
    void (*prepare)(const struct er_layer *layer,
                    const struct er_pass *pass); /* before all of the following; or NULL */
    void (*backward_x)(const struct er_layer *layer, const struct er_pass *pass);
    void (*backward_w)(const struct er_layer *layer,
                       const struct er_pass *pass); /* NULL without parameters */

    /* Derivatives. tangent: ty. tangent_x, tangent_w: tdx and tdw; like backward they may read
     * what forward and tangent left in y, ty and the cache. */
    void (*tangent)(const struct er_layer *layer, const struct er_pass *pass);
    void (*tangent_x)(const struct er_layer *layer, const struct er_pass *pass);
    void (*tangent_w)(const struct er_layer *layer, const struct er_pass *pass);
    /* The gradient of each row's own part of the loss. Only where rows are independent. */
    void (*examples)(const struct er_layer *layer, const struct er_pass *pass);

    const struct er_pointwise *pointwise;

    /* Its i-th tensor, from 0; false when there is none. Together they are all of its parameters and
     * statistics. `features`: the image whose pixels the channels of a flattened input are, ordered as in
     * memory; else the layer's own input. NULL when it has neither parameters nor statistics. */
    bool (*tensor)(const struct er_layer *layer, struct er_shape features, int i,
                   struct er_layer_tensor *out);

    /* *out = one of its norms in evaluation (<ermine/norm.h>); NULL: it is no linear map, or y is x. Those of
     * layers without a matrix of weights are spectral and one-inf. ER_E_NONFINITE, ER_E_NOMEM,
     * ER_E_UNSUPPORTED. */
    enum er_status (*norm)(const struct er_layer *layer, enum er_norm which, const float *w,
                           const float *statistics, double *out, struct er_error *err);

    /* Its map of the kernels of infinite width (net/kernel_map.h). ER_E_UNSUPPORTED with the reason where these arguments
     * have none; NULL: the layer has none at all. */
    enum er_status (*kernel)(const struct er_layer *layer, struct er_kernel_map *out, struct er_error *err);
};

/* The layer called `name`, or NULL. */
const struct er_layer_ops *er_layer_find(const char *name);

/* The name of a layer that is nearest to `word`, or NULL: er_nearest(). */
const char *er_layer_nearest(const char *word);

/* Fills a layer's sizes from its shapes (n_in, n_out). */
void er_layer_size(struct er_layer *layer);

/* The numbers of an example that come in by input b: 0, but for a join. */
static inline int64_t er_layer_input_size(const struct er_layer *layer, int64_t b)
{
    return layer->branch ? er_shape_size(layer->branch[b]) : layer->n_in;
}

/* ER_E_SHAPE unless the inputs of a join have one height and one width; with `channels`, one shape. */
enum er_status er_layer_check_branches(const struct er_layer *layer, bool channels, struct er_error *err);

/* bind of a layer that works element by element: out is in, no parameters. */
enum er_status er_layer_bind_pointwise(struct er_layer *layer, struct er_error *err);

/* The readings of every pointwise layer, made of its er_pointwise. */
void er_pointwise_forward(const struct er_layer *l, const struct er_pass *p);
void er_pointwise_backward_x(const struct er_layer *l, const struct er_pass *p);
void er_pointwise_tangent(const struct er_layer *l, const struct er_pass *p);
void er_pointwise_tangent_x(const struct er_layer *l, const struct er_pass *p);

/* The layer's series of n numbers: coefficient k of number i at k * n + i, in x and in y. */
void er_pointwise_series(const struct er_layer *l, int order, int64_t n, const double *x, double *y);

/* The kernel map by the dual that er_pointwise names. */
enum er_status er_pointwise_kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err);

#define ER_POINTWISE_READINGS                                                                                \
    .bind = er_layer_bind_pointwise, .forward = er_pointwise_forward, .backward_x = er_pointwise_backward_x, \
    .tangent = er_pointwise_tangent, .tangent_x = er_pointwise_tangent_x

/* The share [*from, *to) of n things that falls to part `part` of `parts`, in whole grains. */
void er_share(int64_t n, int64_t grain, int part, int parts, int64_t *from, int64_t *to);

/* Where a piece of the gradient, d/dw[at ..), is to be written: in dw, or in `piece` when there is a sink. */
static inline float *er_piece(const struct er_pass *p, int64_t at, float *piece)
{
    return p->sink ? piece : p->dw + at;
}

/* The piece that er_piece() gave is final. */
static inline void er_piece_done(const struct er_pass *p, int64_t at, int64_t n, const float *g)
{
    if (p->sink) p->sink->take(p->sink->ctx, p->sink_at + at, n, g);
}

#endif
