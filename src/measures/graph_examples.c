/* graph_examples.c - examples for graphs of what goes into the last layers. */
#include "measures/graph_examples.h"

#include "math/gram.h"
#include "measures/drawn.h"
#include "measures/label_graph.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

static enum er_status out_of_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "measures: out of memory for a graph of examples");
}

static void fill(void *ctx, int64_t i, float *x)
{
    const struct er_graph_examples *v = ctx;
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
    const struct er_graph_examples *v = ctx;
    for (int64_t t = 0; t < v->n_taken; t++) {
        const struct er_taken *taken = &v->taken[t];
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
static enum er_status choose(struct er_graph_examples *v, int64_t most, uint64_t draw, struct er_error *err)
{
    struct er_drawn_classes classes = {.first = NULL};
    int64_t *order = er_drawn_order(v->run, draw), present = 0;
    enum er_status status = order ? er_drawn_classes_of(v->set, order, &classes, err) : out_of_memory(err);
    v->n = 0;
    for (int64_t k = 0; k < v->K && classes.first; k++) present += classes.first[k + 1] > classes.first[k];
    const int64_t share = present > 0 && most > present ? most / present : 1;
    for (int64_t k = 0; k < v->K && classes.first; k++) {
        const int64_t size = classes.first[k + 1] - classes.first[k], each = share;
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

/* Pairs the chosen examples up, and mixes their labels. */
static void mix(struct er_graph_examples *v, uint64_t draw)
{
    struct er_random r = er_random_open(v->run->is.seed, er_stream(ER_PURPOSE_MIXTURE, draw << 16));
    er_random_permutation(&r, v->n, v->other); /* places in example, at first */
    memset(v->y, 0, (size_t)(v->n * v->K) * sizeof *v->y);
    for (int64_t i = 0; i < v->n; i++) {
        v->other[i] = v->example[v->other[i]];
        v->share[i] = beta_2_2(&r);
        v->y[i * v->K + v->set->label[v->example[i]]] += v->share[i];
        v->y[i * v->K + v->set->label[v->other[i]]] += 1 - v->share[i];
    }
}

enum er_status er_graph_examples_compare(struct er_graph_examples *v, int64_t which, struct er_error *err)
{
    const struct er_taken *taken = &v->taken[which];
    const struct er_kernel linear = {.kind = ER_KERNEL_LINEAR};
    er_graph_normalise(v->n, taken->d, taken->value);
    for (int64_t i = 1; i < v->n * taken->d; i++)
        if (taken->value[i] != taken->value[i % taken->d])
            return er_gram(&linear, v->n, taken->d, taken->value, v->s, v->own ? v->own : v->run->pool, NULL,
                           err);
    return er_fail(err, ER_E_UNSUPPORTED, "layer %lld gives one direction for all of %lld examples",
                   (long long)taken->node + 1, (long long)v->n);
}

void er_graph_examples_close(struct er_graph_examples *v)
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
    er_passes_free(v->passes);
}

/* Room for `most` examples and their representations; taken[.].node, .positions and .d are set. */
static enum er_status make_room(struct er_graph_examples *v, int64_t most, bool mixed, struct er_error *err)
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
static struct er_taken taken_of(const struct er_net *net, const struct er_stage *stage)
{
    const struct er_layer *l = &net->node[stage->node].layer;
    const bool map = strcmp(l->ops->name, "conv") == 0;
    const int64_t positions = map ? l->in.height * l->in.width : 1;
    return (struct er_taken){.node = stage->input, .positions = positions, .d = l->n_in / positions};
}

/* How many of n layers with weights are looked at. */
static int64_t taken(int64_t n, bool mixed, int64_t least)
{
    const int64_t third = (n + 2) / 3;
    return mixed ? 1 : third < least ? least : third;
}

double er_graph_examples_bytes(const struct er_net *net, int64_t most, bool mixed, int64_t least)
{
    struct er_stage *stage;
    const int64_t N = most > net->classes ? most : net->classes;
    int64_t n, d = 0;
    if (er_stages(net, &stage, &n, NULL) != ER_OK) return 0;
    for (int64_t t = n - taken(n, mixed, least); t < n; t++) d += t < 0 ? 0 : taken_of(net, &stage[t]).d;
    er_free(stage);
    return er_passes_bytes(net, N, false) + sizeof(float) * (double)(N * d) +
           sizeof(double) * (double)(N * (2 * N + net->classes + 4));
}

enum er_status er_graph_examples_open(struct er_measured_run *run, int64_t most, bool mixed, int64_t least,
                                      struct er_graph_examples *v, struct er_error *err)
{
    struct er_stage *stage;
    int64_t n;
    *v = (struct er_graph_examples){.run = run, .set = run->is.train, .K = run->is.train->classes};
    enum er_status status = run->pool ? ER_OK : er_pool_new(1, &v->own, err);
    if (status == ER_OK) status = er_stages(run->is.net, &stage, &n, err);
    if (status != ER_OK) return status;
    v->n_taken = taken(n, mixed, least);
    if (v->n_taken > n)
        status = er_fail(err, ER_E_UNSUPPORTED, "the network has one layer with weights, not two to compare");
    else
        v->taken = er_alloc(v->n_taken, sizeof *v->taken);
    for (int64_t t = 0; t < v->n_taken && v->taken; t++)
        v->taken[t] = taken_of(run->is.net, &stage[n - v->n_taken + t]);
    er_free(stage);
    if (status != ER_OK) return status;
    return v->taken ? make_room(v, most, mixed, err) : out_of_memory(err);
}

enum er_status er_graph_examples_draw(struct er_graph_examples *v, int64_t most, uint64_t draw,
                                      struct er_error *err)
{
    enum er_status status = choose(v, most, draw, err);
    if (status != ER_OK) return status;
    if (v->other) mix(v, draw);
    if (!v->passes) status = er_passes_new(v->run, v->n, false, &v->passes, err);
    return status == ER_OK ? er_passes_run(v->passes, fill, take, v, err) : status;
}
