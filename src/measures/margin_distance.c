/* margin_distance.c - distances from the border between classes, to first order, at the output h of the first layer.
 *
 *     dist_i = (z_a - z_b) / (|d (z_a - z_b) / dh| + 1e-7)      z the outputs; a the largest of them, b the next one;
 *                                                               if the network errs: a the true class, b the predicted one
 *     s      = sqrt of the mean over the coordinates of h of their variances over the examples, of which the 5 % least and the
 *              5 % largest are left out
 *     value  = -mean_i dist_i / (s + 1e-7)
 *
 * h: the output of the first layer with weights and of the function behind it; with one output, z_a - z_b is it or less it. The
 * sign makes a larger value predict a larger gap. To rescale all of the first layer and back in the next one changes nothing.
 *
 * Source: Natekar and Sharma, arXiv 2012.02775, after Elsayed, Krishnan, Mobahi, Regan and Bengio, "Large margin deep networks
 * for classification", NeurIPS 2018, and Jiang, Krishnan, Mobahi and Bengio, "Predicting the generalization gap in deep
 * networks with margin distributions", ICLR 2019. Departures: examples where all derivatives are 0 (all units of the layer
 * are off) are at no distance, and left out; variances are over all examples, not of each batch.
 *
 * Cost: one forward and one backward pass over the n examples. Memory: 16 bytes a coordinate of h and block of examples.
 */
#include "measures/margin_distance.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TINY = 1e-7, TRIM = .05;

struct distances {
    const struct er_margin_distance *of;
    int64_t O, node, H; /* outputs; whose output h is; its numbers */
    float **d_node;     /* workers x nodes: of each, h's goes to gradient */
    int64_t nodes;
    float *gradient, *df; /* workers x rows x H, and x O */
    int64_t rows;
    double *moments;  /* blocks x 2 H: sums of h, and of its squares */
    double *distance; /* n; NaN: none */
};

static void fill(void *ctx, int64_t i, float *x)
{
    const struct distances *d = ctx;
    d->of->fill(d->of->ctx, i, x);
}

/* df of a row, so that df . f is z_a - z_b. */
static void direct(const float *f, int64_t O, int32_t label, float *df, double *gap)
{
    const int64_t top = er_predicted(f, O);
    int64_t a = top, b = top == 0;
    if (O == 1) {
        df[0] = label == 1 ? 1 : -1;
        *gap = (double)df[0] * (double)f[0];
        return;
    }
    for (int64_t k = 0; k < O; k++)
        if (k != top && f[k] > f[b]) b = k;
    if (top != label) {
        a = label;
        b = top;
    }
    for (int64_t k = 0; k < O; k++) df[k] = (float)(k == a) - (float)(k == b);
    *gap = (double)f[a] - (double)f[b];
}

static void take(void *ctx, const struct er_passed *block)
{
    const struct distances *d = ctx;
    float *df = d->df + block->worker * d->rows * d->O;
    float *const *d_node = (float *const *)(d->d_node + block->worker * d->nodes);
    const float *h = er_passed_value(block, d->node), *g = d_node[d->node];
    double *gap = d->distance + block->first, *sum = d->moments + block->index * 2 * d->H,
           *square = sum + d->H;
    for (int64_t b = 0; b < block->rows; b++) {
        direct(block->f + b * d->O, d->O, d->of->label[block->first + b], df + b * d->O, gap + b);
        for (int64_t j = 0; j < d->H; j++) {
            const double value = (double)h[b * d->H + j];
            sum[j] += value;
            square[j] += value * value;
        }
    }
    er_passed_backward(block, df, NULL, d_node);
    for (int64_t b = 0; b < block->rows; b++) {
        double norm = 0;
        for (int64_t j = 0; j < d->H; j++) norm += (double)g[b * d->H + j] * (double)g[b * d->H + j];
        gap[b] = norm > 0 ? gap[b] / (sqrt(norm) + TINY) : (double)NAN;
    }
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* s^2; the moments of the first block are overwritten. */
static double spread(const struct distances *d, int64_t blocks)
{
    const int64_t H = d->H, cut = (int64_t)(TRIM * (double)H);
    double *variance = d->moments, sum = 0;
    for (int64_t j = 0; j < H; j++) {
        double mean = 0, square = 0;
        for (int64_t b = 0; b < blocks; b++) {
            mean += d->moments[2 * b * H + j] / (double)d->of->n;
            square += d->moments[(2 * b + 1) * H + j] / (double)d->of->n;
        }
        variance[j] = fmax(0, square - mean * mean);
    }
    qsort(variance, (size_t)H, sizeof *variance, rising);
    for (int64_t j = cut; j < H - cut; j++) sum += variance[j];
    return sum / (double)(H - 2 * cut);
}

static enum er_status combine(const struct distances *d, int64_t blocks, double *out, struct er_error *err)
{
    double sum = 0, counted = 0;
    for (int64_t i = 0; i < d->of->n; i++) {
        if (isnan(d->distance[i])) continue;
        sum += d->distance[i];
        counted++;
    }
    const double s = sqrt(spread(d, blocks));
    if (counted == 0)
        return er_fail(err, ER_E_UNSUPPORTED, "no output depends on the first layer at any of %lld examples",
                       (long long)d->of->n);
    if (s == 0)
        return er_fail(err, ER_E_UNSUPPORTED, "the first layer's outputs are the same for %lld examples",
                       (long long)d->of->n);
    *out = -sum / counted / (s + TINY);
    return ER_OK;
}

static enum er_status make_room(struct distances *d, const struct er_passes *passes, struct er_error *err)
{
    const int workers = er_passes_workers(passes);
    d->rows = er_passes_rows(passes);
    d->d_node = er_alloc(workers * d->nodes, sizeof *d->d_node);
    d->gradient = er_alloc(workers * d->rows, (size_t)d->H * sizeof *d->gradient);
    d->df = er_alloc(workers * d->rows, (size_t)d->O * sizeof *d->df);
    d->moments = er_alloc(er_passes_blocks(passes) * 2, (size_t)d->H * sizeof *d->moments);
    d->distance = er_alloc(d->of->n, sizeof *d->distance);
    if (!d->d_node || !d->gradient || !d->df || !d->moments || !d->distance)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for distances from borders between classes");
    for (int w = 0; w < workers; w++) d->d_node[w * d->nodes + d->node] = d->gradient + w * d->rows * d->H;
    return ER_OK;
}

double er_margin_distance_bytes(const struct er_net *net, int64_t n)
{
    const int64_t chunk = er_net_chunk(net), rows = n < chunk ? n : chunk, blocks = (n + rows - 1) / rows;
    struct er_stage *stage;
    int64_t stages;
    if (er_stages(net, &stage, &stages, NULL) != ER_OK) return 0;
    const int64_t H = net->node[stage[0].end].layer.n_out;
    er_free(stage);
    return er_passes_bytes(net, n, true) + sizeof(float) * (double)(rows * (H + net->n_out)) +
           sizeof(double) * (double)(2 * blocks * H + n + net->n);
}

enum er_status er_margin_distance(struct er_measured_run *run, const struct er_margin_distance *of,
                                  double *out, struct er_error *err)
{
    const struct er_net *net = run->is.net;
    struct distances d = {.of = of, .O = net->n_out, .nodes = net->n};
    struct er_passes *passes = NULL;
    struct er_stage *stage;
    int64_t stages;
    enum er_status status = er_stages(net, &stage, &stages, err);
    if (status != ER_OK) return status;
    d.node = stage[0].end;
    d.H = net->node[d.node].layer.n_out;
    er_free(stage);
    status = er_passes_new(run, of->n, true, &passes, err);
    if (status == ER_OK) status = make_room(&d, passes, err);
    if (status == ER_OK) status = er_passes_run(passes, fill, take, &d, err);
    if (status == ER_OK) status = combine(&d, er_passes_blocks(passes), out, err);
    er_passes_free(passes);
    er_free(d.d_node);
    er_free(d.gradient);
    er_free(d.df);
    er_free(d.moments);
    er_free(d.distance);
    return status;
}
