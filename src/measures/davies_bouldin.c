/* davies_bouldin.c - how badly classes separate early in the network, alone and times its errors between examples of one class.
 *
 *     davies_bouldin         mean over groups of examples of the index of Davies and Bouldin (davies_bouldin.h), clusters being the
 *                            classes, points the features h(x)
 *     davies_bouldin_mixup   davies_bouldin (1 - mixup_performance)
 *
 * h(x): the output of the first convolution (with the function behind it) or pooling layer, its largest values in windows of
 * 4 x 4 pixels, flattened; of a network without, the output of its first layer with weights. 10 groups of 120 training
 * examples each, drawn by the seed; where there are fewer examples, fewer groups, and one of all at least.
 *
 * Source: Natekar and Sharma, "Representation based complexity measures for predicting generalization in deep learning",
 * arXiv 2012.02775, the winner of PGDL (NeurIPS 2020), sizes by its code. Departures: windows that reach over the border
 * count with what is in them; where all classes have one centre in every group, the network's first layer tells nothing, and
 * there is no value (the code: 0, its best).
 */
#include "measures/davies_bouldin.h"
#include "measures/drawn.h"
#include "measures/passes.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { WINDOW = 4, GROUP = 120, GROUPS = 10 };

static double distance(int64_t d, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < d; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

/* Centres (clusters x d), mean distances from them and counts. */
static void describe(int64_t n, int64_t d, const float *x, const int32_t *label, int64_t clusters,
                     double *centre, double *spread, double *count)
{
    memset(centre, 0, (size_t)(clusters * d) * sizeof *centre);
    for (int64_t k = 0; k < clusters; k++) spread[k] = count[k] = 0;
    for (int64_t i = 0; i < n; i++) {
        double *c = centre + label[i] * d;
        count[label[i]]++;
        for (int64_t j = 0; j < d; j++) c[j] += (double)x[i * d + j];
    }
    for (int64_t k = 0; k < clusters; k++)
        for (int64_t j = 0; j < d && count[k] > 0; j++) centre[k * d + j] /= count[k];
    for (int64_t i = 0; i < n; i++) {
        const double *c = centre + label[i] * d;
        double sum = 0;
        for (int64_t j = 0; j < d; j++) {
            const double away = (double)x[i * d + j] - c[j];
            sum += away * away;
        }
        spread[label[i]] += sqrt(sum) / count[label[i]];
    }
}

bool er_davies_bouldin(int64_t n, int64_t d, const float *x, const int32_t *label, int64_t clusters,
                       double *room, double *out)
{
    double *centre = room, *spread = room + clusters * d, *count = spread + clusters;
    double sum = 0, present = 0;
    bool apart = false;
    describe(n, d, x, label, clusters, centre, spread, count);
    for (int64_t a = 0; a < clusters; a++) {
        double most = 0;
        if (count[a] == 0) continue;
        present++;
        for (int64_t b = 0; b < clusters; b++) {
            if (b == a || count[b] == 0) continue;
            const double between = distance(d, centre + a * d, centre + b * d);
            apart |= between > 0;
            if (between > 0) most = fmax(most, (spread[a] + spread[b]) / between);
        }
        sum += most;
    }
    if (!apart) return false;
    *out = sum / present;
    return true;
}

/* The features of so many examples. */
struct features {
    const struct er_dataset *set;
    const int64_t *order;
    int64_t node;          /* whose output is pooled */
    struct er_shape shape; /* of that */
    int64_t rows, columns; /* of windows */
    int64_t d;             /* rows x columns x channels */
    float *value;          /* n x d */
};

static bool is(const struct er_layer *l, const char *name)
{
    return strcmp(l->ops->name, name) == 0;
}

/* The first convolution, as a stage, or pooling layer; else the first stage. */
static enum er_status choose(const struct er_net *net, int64_t *node, struct er_error *err)
{
    struct er_stage *stage;
    int64_t n, at = net->n;
    const enum er_status status = er_stages(net, &stage, &n, err);
    if (status != ER_OK) return status;
    for (int64_t i = net->n - 1; i >= 0; i--) {
        const struct er_layer *l = &net->node[i].layer;
        if (!net->bound[i].passes && (is(l, "conv") || is(l, "max_pool") || is(l, "avg_pool"))) at = i;
    }
    *node = at < net->n ? at : stage[0].end;
    for (int64_t s = 0; s < n; s++)
        if (stage[s].node == at) *node = stage[s].end;
    er_free(stage);
    return ER_OK;
}

static void fill(void *ctx, int64_t i, float *x)
{
    const struct features *f = ctx;
    const int64_t D = er_shape_size(f->set->shape);
    memcpy(x, f->set->x + f->order[i] * D, (size_t)D * sizeof *x);
}

/* The largest value of each channel in each window. */
static void pool(const struct features *f, const float *in, float *out)
{
    const int64_t H = f->shape.height, W = f->shape.width, C = f->shape.channels;
    for (int64_t i = 0; i < f->d; i++) out[i] = -INFINITY;
    for (int64_t y = 0; y < H; y++)
        for (int64_t x = 0; x < W; x++) {
            float *to = out + (y / WINDOW * f->columns + x / WINDOW) * C;
            for (int64_t c = 0; c < C; c++) {
                const float value = in[(y * W + x) * C + c];
                to[c] = value > to[c] ? value : to[c];
            }
        }
}

static void take(void *ctx, const struct er_passed *block)
{
    const struct features *f = ctx;
    const float *value = er_passed_value(block, f->node);
    for (int64_t b = 0; b < block->rows; b++)
        pool(f, value + b * er_shape_size(f->shape), f->value + (block->first + b) * f->d);
}

/* The mean over groups of `size` examples in their order. */
static enum er_status index_of(const struct features *f, int64_t groups, int64_t size, double *out,
                               struct er_error *err)
{
    const int64_t K = f->set->classes;
    double *room = er_alloc(K, (size_t)(f->d + 2) * sizeof *room), sum = 0, counted = 0;
    int32_t *label = er_alloc(size, sizeof *label);
    enum er_status status = ER_OK;
    if (!room || !label) status = er_fail(err, ER_E_NOMEM, "measures: out of memory for clusters");
    for (int64_t g = 0; g < groups && room && label; g++) {
        double index;
        for (int64_t i = 0; i < size; i++) label[i] = f->set->label[f->order[g * size + i]];
        if (!er_davies_bouldin(size, f->d, f->value + g * size * f->d, label, K, room, &index)) continue;
        sum += index;
        counted++;
    }
    er_free(room);
    er_free(label);
    if (status != ER_OK) return status;
    if (counted == 0)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "the first layer has one mean for all classes, or there is one class alone");
    *out = sum / counted;
    return ER_OK;
}

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t size = set->n < GROUP ? set->n : GROUP, all = set->n / size;
    const int64_t groups = all < GROUPS ? all : GROUPS;
    struct features f = {.set = set};
    struct er_passes *passes = NULL;
    (void)which;
    enum er_status status = choose(run->is.net, &f.node, err);
    if (status != ER_OK) return status;
    f.shape = er_node_shape(run->is.net, set, f.node);
    f.rows = (f.shape.height + WINDOW - 1) / WINDOW;
    f.columns = (f.shape.width + WINDOW - 1) / WINDOW;
    f.d = f.rows * f.columns * f.shape.channels;
    int64_t *order = er_drawn_order(run, ER_DRAW_CLUSTERS);
    f.order = order;
    f.value = er_alloc(groups * size, (size_t)f.d * sizeof *f.value);
    if (!order || !f.value) status = er_fail(err, ER_E_NOMEM, "measures: out of memory for features");
    if (status == ER_OK) status = er_passes_new(run, groups * size, false, &passes, err);
    if (status == ER_OK) status = er_passes_run(passes, fill, take, &f, err);
    if (status == ER_OK) status = index_of(&f, groups, size, part, err);
    er_passes_free(passes);
    er_free(f.value);
    er_free(order);
    return status;
}

static const struct er_part davies_bouldin = {"clusters", sizeof(double), make, NULL, 0};

enum er_status er_measured_davies_bouldin(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &davies_bouldin, &is, err);
    if (status == ER_OK) *out = *(const double *)is;
    return status;
}

static enum er_status compute_product(struct er_measured_run *run, double *out, struct er_error *err)
{
    double index, performance;
    enum er_status status = er_measured_davies_bouldin(run, &index, err);
    if (status == ER_OK) status = er_measured_mixup(run, &performance, err);
    if (status == ER_OK) *out = index * (1 - performance);
    return status;
}

extern const struct er_measure er_measure_davies_bouldin, er_measure_davies_bouldin_mixup;

const struct er_measure er_measure_davies_bouldin = {
    .name = "davies_bouldin",
    .title = "Davies-Bouldin index",
    .unit = "",
    .help = "mean over classes a of max_b (S_a + S_b) / |c_a - c_b|, of the first layer's outputs",
    .source = "Natekar and Sharma, arXiv 2012.02775 (PGDL, first place)",
    .direction = 1,
    .family = "pgdl",
    .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = er_measured_davies_bouldin,
};

const struct er_measure er_measure_davies_bouldin_mixup = {
    .name = "davies_bouldin_mixup",
    .title = "Davies-Bouldin x mixup",
    .unit = "",
    .help =
        "davies_bouldin (1 - mixup_performance): classes that lie badly, and errors between their examples",
    .source = "Natekar and Sharma, arXiv 2012.02775 (PGDL, first place)",
    .direction = 1,
    .family = "pgdl",
    .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = compute_product,
};
