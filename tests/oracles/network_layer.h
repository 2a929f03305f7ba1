/* network_layer.h - what the files of the oracle share: a layer, what it is asked, and the list of layers. */
#ifndef ERMINE_TESTS_ORACLES_NETWORK_LAYER_H
#define ERMINE_TESTS_ORACLES_NETWORK_LAYER_H

#include "oracles/hyper.h"
#include "oracles/network.h"

#include <ermine/memory.h>

enum { NETWORK_KEYS = 10 };

struct shape {
    int64_t h, w, c;
};

struct layer;

/* One pass through the network. */
struct pass {
    const struct hyper *w;
    const double *statistics;
    double *updated; /* NULL, or statistics that batch_norm moves */
    bool training;
    const double *const *mask;
    int64_t B;
};

/* What a layer of a name does: bind fills out, parameters, statistics and is_dropout of a layer whose `in` is
 * known and says whether it fits; evaluate gives y (B x out) of x (B x in). Layers that treat each number
 * alone have `each` and neither. join, of layers with branches: takes one more branch's shape into out, which
 * is that of the first, and says whether it fits. */
struct rule {
    const char *name;
    const char *key[NETWORK_KEYS]; /* arguments, the positional ones first */
    int positional;
    bool (*bind)(struct layer *l, int64_t outputs);
    void (*evaluate)(const struct layer *l, const struct pass *p, const struct hyper *x, struct hyper *y);
    struct hyper (*each)(const struct layer *l, struct hyper x);
    bool (*join)(struct layer *l, struct shape s);
};

struct branch {
    struct layer *first;
    struct shape out;
    struct branch *next;
};

struct layer {
    const struct rule *rule;
    const char *value[NETWORK_KEYS]; /* as written; NULL: left out */
    struct branch *branch;           /* of add, multiply and concat */
    struct layer *next;
    struct shape in, out;
    int64_t parameters, statistics; /* how many ... */
    int64_t w_at, s_at;             /* ... and where they begin */
    bool is_dropout;
    int64_t dropout; /* which mask */
};

extern const struct rule network_dense, network_conv, network_max_pool, network_avg_pool,
    network_global_avg_pool, network_flatten, network_batch_norm, network_layer_norm, network_dropout,
    network_gain, network_lrn, network_add, network_multiply, network_concat;

/* identity, relu, ... : layers that treat each number alone, ended by one without a name. */
extern const struct rule network_pointwise[];

/* The rule of a name, or NULL. */
const struct rule *network_rule(const char *name);

/* The layers of a text in the memory of `arena`; NULL when it cannot be read. */
struct layer *network_read(struct er_arena *arena, const char *text);

/* Arguments of a layer. A number that cannot be read is NaN, a size 0 x 0. */
double layer_number(const struct layer *l, const char *key, double fallback);
bool layer_says(const struct layer *l, const char *key, const char *what, const char *fallback);
void layer_size(const struct layer *l, const char *key, int64_t fallback, int64_t *h, int64_t *w);

/* s and t of an affine layer: c / sqrt(I) and v with init=ntk, else 1 and 1. */
void layer_scales(const struct layer *l, int64_t fan_in, double *s, double *t);

/* The windows of conv and of the pools along one axis: network_window.c. */
struct axis {
    int64_t n, k, stride, dilation, before, outputs;
    bool wraps;
};
struct window {
    struct axis rows, columns;
};
enum { OUTSIDE = -1 };
struct window conv_window(const struct layer *l);
struct window pool_window(const struct layer *l);

/* The pixel under tap t of output i, or OUTSIDE. */
int64_t axis_place(const struct axis *a, int64_t i, int64_t t);

int64_t shape_size(struct shape s);

/* f(x), B x K, in memory for er_free(). */
struct hyper *network_evaluate(const struct network *n, const struct pass *p, const struct hyper *x);

/* Zeroed memory, or the end of the test. */
void *network_memory(int64_t count, size_t size);

/* The loss of one example by name. */
struct hyper network_example_loss(const char *name, int64_t K, const struct hyper *f, int32_t y);

struct network {
    struct er_arena *arena;
    struct layer *first;
    struct shape in, out;
    int64_t parameters, statistics, dropouts;
    const char *loss;
    const double *const *mask;
};

#endif
