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
#include "measures/drawn.h"
#include "measures/graph_examples.h"
#include "measures/label_graph.h"

#include <math.h>
#include <stdlib.h>

enum { MIXED = 500, PLAIN = 500, RATIO = 1000, GRAPHS = 5, NEIGHBOURS = 20 };

/* The variation by the nearest neighbours, over 4 N. Rows of zeros are at distance 1 of all others. */
static double nearest_variation(struct er_graph_examples *v, bool both)
{
    const int64_t n = v->n;
    for (int64_t i = 0; i < n; i++) v->room[i] = v->s[i * n + i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) v->s[i * n + j] = 2 * v->s[i * n + j] - v->room[i] - v->room[j];
    er_graph_nearest(n, 1, v->s, both, v->a, v->room);
    return er_graph_variation(n, v->K, v->a, v->y, false, v->room) / (4 * (double)n);
}

static double cosine_variation(struct er_graph_examples *v)
{
    const int64_t n = v->n;
    er_graph_nearest(n, n - 1 < NEIGHBOURS ? n - 1 : NEIGHBOURS, v->s, true, v->a, v->room);
    for (int64_t i = 0; i < n * n; i++) v->a[i] *= fmax(0, v->s[i]);
    return er_graph_variation(n, v->K, v->a, v->y, true, v->room) / (2 * 50 * (double)n);
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static enum er_status compute_vpm(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_graph_examples v;
    double of[GRAPHS];
    enum er_status status = er_graph_examples_open(run, MIXED, true, 1, &v, err);
    for (int g = 0; g < GRAPHS && status == ER_OK; g++) {
        status = er_graph_examples_draw(&v, MIXED, ER_DRAW_VARIATION + (uint64_t)g, err);
        if (status == ER_OK) status = er_graph_examples_compare(&v, 0, err);
        if (status == ER_OK) of[g] = fmin(1000, fmax(0, nearest_variation(&v, false)));
    }
    er_graph_examples_close(&v);
    if (status != ER_OK) return status;
    qsort(of, GRAPHS, sizeof *of, rising);
    *out = of[GRAPHS / 2];
    return ER_OK;
}

/* What goes into the last layers, for examples as they are. */
static enum er_status represent(struct er_measured_run *run, int64_t most, int64_t least,
                                struct er_graph_examples *v, struct er_error *err)
{
    const enum er_status status = er_graph_examples_open(run, most, false, least, v, err);
    return status == ER_OK ? er_graph_examples_draw(v, most, ER_DRAW_GRAPH, err) : status;
}

static enum er_status compute_wcv(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_graph_examples v;
    double most = 0;
    enum er_status status = represent(run, PLAIN, 1, &v, err);
    for (int64_t t = 0; t < v.n_taken && status == ER_OK; t++) {
        status = er_graph_examples_compare(&v, t, err);
        if (status == ER_OK) most = fmax(most, nearest_variation(&v, true));
    }
    if (status == ER_OK) *out = most;
    er_graph_examples_close(&v);
    return status;
}

static enum er_status compute_vr(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_graph_examples v;
    double sum = 0, last = 0;
    enum er_status status = represent(run, RATIO, 2, &v, err);
    for (int64_t t = 0; t < v.n_taken && status == ER_OK; t++) {
        status = er_graph_examples_compare(&v, t, err);
        if (status != ER_OK) break;
        const double variation = cosine_variation(&v);
        sum += t ? fabs(variation - last) : 0;
        last = variation;
    }
    if (status == ER_OK) *out = sum / (double)(v.n_taken - 1);
    er_graph_examples_close(&v);
    return status;
}

/* The most of the three. */
static double bytes(const struct er_net *net, int64_t m)
{
    return er_graph_examples_bytes(net, RATIO, false, 2) + sizeof(double) * (double)m;
}

#define VARIATION_MEASURE(NAME, TITLE, HELP, COMPUTE)                                                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = "Lassance et al., arXiv 2011.12737 (PGDL, third place)",                                   \
        .direction = 1,                                                                                      \
        .family = "pgdl",                                                                                    \
        .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION | ER_INVARIANT_BATCH_NORM,          \
        .needs = ER_NEEDS_OUTPUTS,                                                                           \
        .cost = ER_COST_PASS,                                                                                \
        .compute = (COMPUTE),                                                                                \
        .bytes = bytes,                                                                                      \
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
