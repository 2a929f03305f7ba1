/* graph_variation.c - how labels vary between examples that are near to each other inside the network.
 *
 * Of N training examples, equally many of each class, a graph is made (label_graph.h), on which the labels Y (N x K) vary by
 * tr(Y' L Y).
 *
 *     vpm   median over 5 graphs of tr(Y' L Y) / (2 2 N), cut to [0, 1000]: N = 500 mixtures l x_i + (1 - l) x_j, labels mixed
 *           likewise, j by a permutation, l ~ Beta(2, 2); V the input of the last layer with weights, its rows of length 1;
 *           edges from each to its nearest neighbour; L = I - D^{-1/2} A D^{-1/2}
 *     wcv   the largest tr(Y' L Y) / (2 2 N) over the inputs of the last third of layers with weights: N = 500 examples as they
 *           are; edges to the nearest neighbours in either direction; L as above
 *     vr    mean of |v_l - v_{l+1}| over neighbouring ones of these layers, two of them at least: v = tr(Y' L Y) / (2 50 N),
 *           N = 1000, L = D - A, edges between 20 nearest neighbours in either direction, weighted by the cosine (0 below 0)
 *
 * kappa = exp(-D / (3 std D)) of the paper falls with the distance D, so it chooses the same neighbours and is not computed. Of
 * the input of a convolution the means of its channels count, of that of a dense layer all numbers. A
 * class with fewer examples gives those that it has.
 *
 * Source: Lassance, Bontonou, Hamidouche, Pasdeloup, Drumetz and Gripon, "Ranking deep learning generalization using label
 * variation in latent geometry graphs", arXiv 2011.12737, third place of PGDL (NeurIPS 2020), sizes by its code: that
 * entry was of one graph, a later one of 80. 5, the means of channels, inputs for the layers of
 * `wcv` and `vr`, and the weights of `vr` are ours.
 *
 * Cost: 2500 (vpm), 500, 1000 forward passes, and N^2 times the length of a representation for a graph.
 */
#include "math/gram.h"
#include "measures/drawn.h"
#include "measures/label_graph.h"
#include "measures/passes.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MIXED = 500, PLAIN = 500, RATIO = 1000, GRAPHS = 5, NEIGHBOURS = 20 };

/* What is taken of a node's output: all of it, or of a map the means of its channels. */
struct taken {
    int64_t node, positions, d;
    float *value; /* n x d */
};

struct variation {
    struct er_measured_run *run;
    struct er_pool *own; /* of one thread, where the run has none */
    const struct er_dataset *set;
    int64_t n, K;
    int64_t *example, *other; /* n; other: what is mixed in, NULL: nothing */
    double *share;            /* n: of example */
    double *y;                /* n x K */
    double *s, *a, *room;     /* n x n, n x n, n */
    struct taken *taken;      /* n_taken of them */
    int64_t n_taken;
};

static enum er_status out_of_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "measures: out of memory for a graph of examples");
}

static void fill(void *ctx, int64_t i, float *x)
{
    const struct variation *v = ctx;
    const int64_t D = er_shape_size(v->set->shape);
    const float *a = v->set->x + v->example[i] * D;
    if (!v->other) {
        memcpy(x, a, (size_t)D * sizeof *x);
        return;
    }
    const float *b = v->set->x + v->other[i] * D;
    for (int64_t k = 0; k < D; k++)
        x[k] = (float)(v->share[i] * (double)a[k] + (1 - v->share[i]) * (double)b[k]);
}

static void take(void *ctx, const struct er_passed *block)
{
    const struct variation *v = ctx;
    for (int64_t t = 0; t < v->n_taken; t++) {
        const struct taken *taken = &v->taken[t];
        const float *in = er_passed_value(block, taken->node);
        float *out = taken->value + block->first * taken->d;
        for (int64_t b = 0; b < block->rows; b++, in += taken->positions * taken->d)
            for (int64_t c = 0; c < taken->d; c++) {
                double sum = 0;
                for (int64_t p = 0; p < taken->positions; p++) sum += (double)in[p * taken->d + c];
                out[b * taken->d + c] = (float)(sum / (double)taken->positions);
            }
    }
}

/* Equal shares of `most` examples for all classes that there are, or what a class has; labels one-hot. */
static enum er_status choose(struct variation *v, int64_t most, uint64_t draw, struct er_error *err)
{
    struct er_drawn_classes classes = {.first = NULL};
    int64_t *order = er_drawn_order(v->run, draw), present = 0;
    enum er_status status = order ? er_drawn_classes_of(v->set, order, &classes, err) : out_of_memory(err);
    v->n = 0;
    for (int64_t k = 0; k < v->K && status == ER_OK; k++) present += classes.first[k + 1] > classes.first[k];
    for (int64_t k = 0; k < v->K && status == ER_OK; k++) {
        const int64_t size = classes.first[k + 1] - classes.first[k],
                      each = most > present ? most / present : 1;
        for (int64_t i = 0; i < size && i < each; i++)
            v->example[v->n++] = classes.member[classes.first[k] + i];
    }
    if (status == ER_OK) memset(v->y, 0, (size_t)(v->n * v->K) * sizeof *v->y);
    for (int64_t i = 0; i < v->n; i++) v->y[i * v->K + v->set->label[v->example[i]]] = 1;
    er_drawn_classes_clear(&classes);
    er_free(order);
    if (status == ER_OK && v->n < 3)
        return er_fail(err, ER_E_UNSUPPORTED, "a graph of %lld examples has no edges to choose",
                       (long long)v->n);
    return status;
}

/* The second smallest of three uniform numbers. */
static double beta_2_2(struct er_random *r)
{
    const double a = er_random_uniform(r), b = er_random_uniform(r), c = er_random_uniform(r);
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Pairs the chosen examples up, and mixes their labels. `room` has n indices. */
static void mix(struct variation *v, uint64_t draw, int64_t *room)
{
    struct er_random r = er_random_open(v->run->is.seed, er_stream(ER_PURPOSE_MIXTURE, draw << 16));
    er_random_permutation(&r, v->n, room);
    memset(v->y, 0, (size_t)(v->n * v->K) * sizeof *v->y);
    for (int64_t i = 0; i < v->n; i++) {
        v->other[i] = v->example[room[i]];
        v->share[i] = beta_2_2(&r);
        v->y[i * v->K + v->set->label[v->example[i]]] += v->share[i];
        v->y[i * v->K + v->set->label[v->other[i]]] += 1 - v->share[i];
    }
}

/* Similarities by inner products of rows of length 1. */
static enum er_status compare(struct variation *v, const struct taken *taken, struct er_error *err)
{
    const struct er_kernel linear = {.kind = ER_KERNEL_LINEAR};
    er_graph_normalise(v->n, taken->d, taken->value);
    for (int64_t i = 1; i < v->n * taken->d; i++)
        if (taken->value[i] != taken->value[i % taken->d])
            return er_gram(&linear, v->n, taken->d, taken->value, v->s, v->own ? v->own : v->run->pool, NULL,
                           err);
    return er_fail(err, ER_E_UNSUPPORTED, "layer %lld gives one direction for all of %lld examples",
                   (long long)taken->node + 1, (long long)v->n);
}

/* The variation by the nearest neighbours, over 4 N. Rows of zeros are at distance 1 of all others. */
static double nearest_variation(struct variation *v, bool both)
{
    const int64_t n = v->n;
    for (int64_t i = 0; i < n; i++) v->room[i] = v->s[i * n + i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) v->s[i * n + j] = 2 * v->s[i * n + j] - v->room[i] - v->room[j];
    er_graph_nearest(n, 1, v->s, both, v->a, v->room);
    return er_graph_variation(n, v->K, v->a, v->y, false, v->room) / (4 * (double)n);
}

static double cosine_variation(struct variation *v)
{
    const int64_t n = v->n;
    er_graph_nearest(n, n - 1 < NEIGHBOURS ? n - 1 : NEIGHBOURS, v->s, true, v->a, v->room);
    for (int64_t i = 0; i < n * n; i++) v->a[i] *= fmax(0, v->s[i]);
    return er_graph_variation(n, v->K, v->a, v->y, true, v->room) / (2 * 50 * (double)n);
}

static void close_variation(struct variation *v)
{
    for (int64_t t = 0; t < v->n_taken && v->taken; t++) er_free(v->taken[t].value);
    er_free(v->taken);
    er_free(v->example);
    er_free(v->other);
    er_free(v->share);
    er_free(v->y);
    er_free(v->s);
    er_free(v->a);
    er_free(v->room);
    er_pool_free(v->own);
}

/* Room for `most` examples and their representations; taken[.].node, .positions and .d are set. */
static enum er_status make_room(struct variation *v, int64_t most, bool mixed, struct er_error *err)
{
    const int64_t N = most > v->K ? most : v->K;
    bool made = true;
    v->example = er_alloc(N, sizeof *v->example);
    v->other = mixed ? er_alloc(N, sizeof *v->other) : NULL;
    v->share = er_alloc(N, sizeof *v->share);
    v->y = er_alloc(N, (size_t)v->K * sizeof *v->y);
    v->s = er_alloc(N, (size_t)N * sizeof *v->s);
    v->a = er_alloc(N, (size_t)N * sizeof *v->a);
    v->room = er_alloc(N, sizeof *v->room);
    for (int64_t t = 0; t < v->n_taken; t++) {
        v->taken[t].value = er_alloc(N, (size_t)v->taken[t].d * sizeof *v->taken[t].value);
        made = made && v->taken[t].value;
    }
    made = made && v->example && (v->other || !mixed) && v->share && v->y && v->s && v->a && v->room;
    return made ? ER_OK : out_of_memory(err);
}

/* The input of a layer with weights: all of it, or of a convolution the means of its channels. */
static struct taken taken_of(const struct variation *v, const struct er_stage *stage)
{
    const struct er_net *net = v->run->is.net;
    const struct er_shape shape = er_node_shape(net, v->set, stage->input);
    const bool map = strcmp(net->node[stage->node].layer.ops->name, "conv") == 0;
    const int64_t positions = map ? shape.height * shape.width : 1;
    return (struct taken){
        .node = stage->input, .positions = positions, .d = er_shape_size(shape) / positions};
}

/* What goes into the last stage is looked at where examples are mixed; else into the last third, `least` of them at least. */
static enum er_status open_variation(struct er_measured_run *run, int64_t most, bool mixed, int64_t least,
                                     struct variation *v, struct er_error *err)
{
    struct er_stage *stage;
    int64_t n;
    *v = (struct variation){.run = run, .set = run->is.train, .K = run->is.train->classes};
    enum er_status status = run->pool ? ER_OK : er_pool_new(1, &v->own, err);
    if (status == ER_OK) status = er_stages(run->is.net, &stage, &n, err);
    if (status != ER_OK) return status;
    const int64_t third = (n + 2) / 3;
    v->n_taken = mixed ? 1 : third < least ? least : third;
    if (v->n_taken > n)
        status = er_fail(err, ER_E_UNSUPPORTED, "the network has one layer with weights, not two to compare");
    v->taken = er_alloc(v->n_taken, sizeof *v->taken);
    if (status == ER_OK && !v->taken) status = out_of_memory(err);
    for (int64_t t = 0; t < v->n_taken && status == ER_OK; t++)
        v->taken[t] = taken_of(v, &stage[n - v->n_taken + t]);
    er_free(stage);
    return status == ER_OK ? make_room(v, most, mixed, err) : status;
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static enum er_status compute_vpm(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct variation v;
    struct er_passes *passes = NULL;
    double of[GRAPHS];
    enum er_status status = open_variation(run, MIXED, true, 1, &v, err);
    int64_t *permutation = er_alloc(MIXED > v.K ? MIXED : v.K, sizeof *permutation);
    if (status == ER_OK && !permutation) status = out_of_memory(err);
    for (int g = 0; g < GRAPHS && status == ER_OK; g++) {
        status = choose(&v, MIXED, ER_DRAW_VARIATION + (uint64_t)g, err);
        if (status == ER_OK) mix(&v, ER_DRAW_VARIATION + (uint64_t)g, permutation);
        if (status == ER_OK && !passes) status = er_passes_new(run, v.n, false, &passes, err);
        if (status == ER_OK) status = er_passes_run(passes, fill, take, &v, err);
        if (status == ER_OK) status = compare(&v, &v.taken[0], err);
        if (status == ER_OK) of[g] = fmin(1000, fmax(0, nearest_variation(&v, false)));
    }
    if (status == ER_OK) {
        qsort(of, GRAPHS, sizeof *of, rising);
        *out = of[GRAPHS / 2];
    }
    er_passes_free(passes);
    er_free(permutation);
    close_variation(&v);
    return status;
}

/* The representations of the last layers, for examples as they are. */
static enum er_status represent(struct er_measured_run *run, int64_t most, int64_t least, struct variation *v,
                                struct er_error *err)
{
    struct er_passes *passes = NULL;
    enum er_status status = open_variation(run, most, false, least, v, err);
    if (status == ER_OK) status = choose(v, most, ER_DRAW_GRAPH, err);
    if (status == ER_OK) status = er_passes_new(run, v->n, false, &passes, err);
    if (status == ER_OK) status = er_passes_run(passes, fill, take, v, err);
    er_passes_free(passes);
    return status;
}

static enum er_status compute_wcv(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct variation v;
    double most = 0;
    enum er_status status = represent(run, PLAIN, 1, &v, err);
    for (int64_t t = 0; t < v.n_taken && status == ER_OK; t++) {
        status = compare(&v, &v.taken[t], err);
        if (status == ER_OK) most = fmax(most, nearest_variation(&v, true));
    }
    if (status == ER_OK) *out = most;
    close_variation(&v);
    return status;
}

static enum er_status compute_vr(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct variation v;
    double sum = 0, last = 0;
    enum er_status status = represent(run, RATIO, 2, &v, err);
    for (int64_t t = 0; t < v.n_taken && status == ER_OK; t++) {
        status = compare(&v, &v.taken[t], err);
        if (status != ER_OK) break;
        const double variation = cosine_variation(&v);
        sum += t ? fabs(variation - last) : 0;
        last = variation;
    }
    if (status == ER_OK) *out = sum / (double)(v.n_taken - 1);
    close_variation(&v);
    return status;
}

#define VARIATION_MEASURE(NAME, TITLE, HELP, COMPUTE)                                                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = TITLE,                                                                                      \
        .unit = "",                                                                                          \
        .help = HELP,                                                                                        \
        .source = "Lassance et al., arXiv 2011.12737 (PGDL, third place)",                                   \
        .direction = 1,                                                                                      \
        .family = "pgdl",                                                                                    \
        .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION | ER_INVARIANT_BATCH_NORM,          \
        .needs = ER_NEEDS_OUTPUTS,                                                                           \
        .cost = ER_COST_PASS,                                                                                \
        .compute = COMPUTE,                                                                                  \
    }

VARIATION_MEASURE(vpm, "label variation of mixtures",
                  "tr(Y' L Y) / (4 N): mixed labels on the graph of nearest neighbours before the last layer",
                  compute_vpm);
VARIATION_MEASURE(
    wcv, "worst label variation",
    "the largest tr(Y' L Y) / (4 N) before the last third of layers: labels on neighbours' graphs",
    compute_wcv);
VARIATION_MEASURE(vr, "change of label variation",
                  "mean change from layer to layer of tr(Y' L Y) / (100 N) on graphs of 20 neighbours",
                  compute_vr);
