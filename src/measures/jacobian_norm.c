/* jacobian_norm.c - how much the outputs move with what lies inside the network.
 *
 *     jacobian_norm = mean over layers l, over examples i of |df(x_i) / dh_l|_F
 *
 * h_l: the inputs and the outputs of layers with weights (with the function behind each), but for the last layer's; f: all
 * outputs, before any softmax. 128 training examples, drawn by the seed, or all where there are fewer.
 *
 * Source: one of the baselines in the starting kit of PGDL (Jiang et al., "NeurIPS 2020 competition: predicting generalization
 * in deep learning", arXiv 2012.07976): "the norm of the Jacobian with respect to intermediate layers", of which the page
 * says no more; the mean over layers is ours.
 *
 * Cost: a forward pass and O backward passes over the 128 examples, O outputs.
 */
#include "measures/drawn.h"
#include "measures/passes.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { EXAMPLES = 128 };

struct jacobian {
    const struct er_dataset *set;
    const int64_t *order;
    const struct er_net *net;
    struct er_stage *stage; /* the outputs of the first layers - 1 of them count */
    int64_t layers;         /* the input among them */
    int64_t rows;
    float *df, *dx;  /* workers x rows x O, and x D */
    float *gradient; /* workers x rows x what the layers have */
    int64_t inside;  /* numbers of all layers but the input, of a row */
    float **d_node;  /* workers x nodes */
    double *square;  /* n x layers */
};

static void fill(void *ctx, int64_t i, float *x)
{
    const struct jacobian *j = ctx;
    memcpy(x, j->set->x + j->order[i] * j->net->n_in, (size_t)j->net->n_in * sizeof *x);
}

/* Adds the squares of each row to its number of layer l. */
static void add(const struct jacobian *j, const struct er_passed *block, int64_t l, int64_t size,
                const float *g)
{
    for (int64_t b = 0; b < block->rows; b++) {
        double sum = 0;
        for (int64_t k = 0; k < size; k++) sum += (double)g[b * size + k] * (double)g[b * size + k];
        j->square[(block->first + b) * j->layers + l] += sum;
    }
}

static void take(void *ctx, const struct er_passed *block)
{
    const struct jacobian *j = ctx;
    const int64_t O = j->net->n_out, D = j->net->n_in, worker = block->worker;
    float *df = j->df + worker * j->rows * O, *dx = j->dx + worker * j->rows * D;
    float *const *d_node = (float *const *)(j->d_node + worker * j->net->n);
    for (int64_t o = 0; o < O; o++) {
        for (int64_t i = 0; i < block->rows * O; i++) df[i] = i % O == o;
        er_passed_backward(block, df, dx, d_node);
        add(j, block, 0, D, dx);
        for (int64_t l = 1; l < j->layers; l++) {
            const int64_t node = j->stage[l - 1].end;
            add(j, block, l, j->net->node[node].layer.n_out, d_node[node]);
        }
    }
}

static enum er_status make_room(struct jacobian *j, const struct er_passes *passes, int64_t n,
                                struct er_error *err)
{
    const int64_t workers = er_passes_workers(passes), rows = er_passes_rows(passes), nodes = j->net->n;
    j->rows = rows;
    for (int64_t l = 1; l < j->layers; l++) j->inside += j->net->node[j->stage[l - 1].end].layer.n_out;
    j->df = er_alloc(workers * rows, (size_t)j->net->n_out * sizeof *j->df);
    j->dx = er_alloc(workers * rows, (size_t)j->net->n_in * sizeof *j->dx);
    j->gradient = er_alloc(workers * rows, (size_t)j->inside * sizeof *j->gradient);
    j->d_node = er_alloc(workers * nodes, sizeof *j->d_node);
    j->square = er_alloc(n, (size_t)j->layers * sizeof *j->square);
    if (!j->df || !j->dx || !j->gradient || !j->d_node || !j->square)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for Jacobians");
    for (int64_t w = 0; w < workers; w++) {
        float *at = j->gradient + w * rows * j->inside;
        for (int64_t l = 1; l < j->layers; l++) {
            j->d_node[w * nodes + j->stage[l - 1].end] = at;
            at += rows * j->net->node[j->stage[l - 1].end].layer.n_out;
        }
    }
    return ER_OK;
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t n = set->n < EXAMPLES ? set->n : EXAMPLES;
    struct jacobian j = {.set = set, .net = run->is.net};
    struct er_passes *passes = NULL;
    enum er_status status = er_stages(run->is.net, &j.stage, &j.layers, err);
    if (status != ER_OK) return status;
    int64_t *order = er_drawn_order(run, ER_DRAW_JACOBIAN);
    j.order = order;
    if (!order) status = er_fail(err, ER_E_NOMEM, "measures: out of memory for examples");
    if (status == ER_OK) status = er_passes_new(run, n, true, &passes, err);
    if (status == ER_OK) status = make_room(&j, passes, n, err);
    if (status == ER_OK) status = er_passes_run(passes, fill, take, &j, err);
    if (status == ER_OK) {
        double sum = 0;
        for (int64_t i = 0; i < n * j.layers; i++) sum += sqrt(j.square[i]);
        *out = sum / (double)(n * j.layers);
    }
    er_passes_free(passes);
    er_free(order);
    er_free(j.stage);
    er_free(j.df);
    er_free(j.dx);
    er_free(j.gradient);
    er_free(j.d_node);
    er_free(j.square);
    return status;
}

static double bytes(const struct er_net *net, int64_t m)
{
    const int64_t n = m < EXAMPLES ? m : EXAMPLES, rows = n < er_net_chunk(net) ? n : er_net_chunk(net);
    struct er_stage *stage;
    int64_t layers, inside = 0;
    if (er_stages(net, &stage, &layers, NULL) != ER_OK) return 0;
    for (int64_t l = 1; l < layers; l++) inside += net->node[stage[l - 1].end].layer.n_out;
    er_free(stage);
    return er_passes_bytes(net, n, true) +
           sizeof(float) * (double)(rows * (net->n_out + net->n_in + inside)) +
           sizeof(double) * (double)(n * layers + m + net->n);
}

extern const struct er_measure er_measure_jacobian_norm;
const struct er_measure er_measure_jacobian_norm = {
    .name = "jacobian_norm",
    .title = "norm of the Jacobian",
    .unit = "",
    .help = "mean over layers and examples of |df/dh|_F, f all outputs, h the input or a layer's output",
    .source = "starting kit of PGDL: Jiang et al., arXiv 2012.07976",
    .direction = 1,
    .family = "pgdl",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = compute,
    .bytes = bytes,
};
