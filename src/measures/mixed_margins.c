/* mixed_margins.c - margins at the first layer (margin_distance.c) of training examples, of mixtures of two, of changed images.
 *
 *     margin_summary   training examples as they are
 *     mixup_margin     (x_i + x_j) / 2, j another example of i's class, drawn (i itself where there is none)
 *     augment_margin   images mirrored with probability 1/2, zoomed to the middle share of U[0.8, 1] of height and width,
 *                      saturation times U[0.6, 1.6], brightness plus U[-0.1, 0.1] (image_transform.h)
 *
 * 10 batches of 50 examples, drawn by the seed: 500, or all where there are fewer.
 *
 * Source: Natekar and Sharma, arXiv 2012.02775, whose other entries to PGDL these were ("mixup margin", "augment margin"). The
 * ranges of the changes are ours; saturation's are those of Aithal et al., arXiv 2101.06459.
 */
#include "measures/drawn.h"
#include "measures/image_transform.h"
#include "measures/margin_distance.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <string.h>

enum { EXAMPLES = 500 };

struct margins {
    const struct er_dataset *set;
    uint64_t seed;
    int64_t *order; /* m */
    int32_t *label; /* of the n first of it */
    int64_t *other; /* mixtures: the second example */
    struct er_image_scale scale;
};

static const float *example(const struct margins *m, int64_t i)
{
    return m->set->x + i * er_shape_size(m->set->shape);
}

static void fill_plain(void *ctx, int64_t i, float *x)
{
    const struct margins *m = ctx;
    memcpy(x, example(m, m->order[i]), (size_t)er_shape_size(m->set->shape) * sizeof *x);
}

static void fill_mixed(void *ctx, int64_t i, float *x)
{
    const struct margins *m = ctx;
    const float *a = example(m, m->order[i]), *b = example(m, m->other[i]);
    for (int64_t k = 0; k < er_shape_size(m->set->shape); k++) x[k] = (a[k] + b[k]) / 2;
}

static void fill_changed(void *ctx, int64_t i, float *x)
{
    const struct margins *m = ctx;
    struct er_random r = er_random_open(
        m->seed, er_stream(ER_PURPOSE_TRANSFORM, (uint64_t)ER_DRAW_AUGMENT_MARGIN << 32 | (uint64_t)i));
    const bool mirrored = er_random_uniform(&r) < .5;
    er_image_zoom(&m->scale, .8 + .2 * er_random_uniform(&r), example(m, m->order[i]), x);
    if (mirrored) er_image_flip(&m->scale, x);
    er_image_saturation(&m->scale, .6 + er_random_uniform(&r), x);
    er_image_brightness(&m->scale, -.1 + .2 * er_random_uniform(&r), x);
}

/* Another example of the class of each, from the lists of classes in an order of their own. */
static enum er_status find_others(struct margins *m, const struct er_measured_run *run, int64_t n,
                                  struct er_error *err)
{
    struct er_drawn_classes classes;
    struct er_random r = er_random_open(run->is.seed, er_stream(ER_PURPOSE_MIXTURE, ER_DRAW_PARTNERS));
    const enum er_status status = er_drawn_classes_of(m->set, m->order, &classes, err);
    if (status != ER_OK) return status;
    m->other = er_alloc(n, sizeof *m->other);
    for (int64_t i = 0; i < n && m->other; i++) {
        const int64_t first = classes.first[m->label[i]], size = classes.first[m->label[i] + 1] - first;
        m->other[i] = m->order[i];
        if (size < 2) continue;
        const int64_t at = er_random_below(&r, size - 1), last = classes.member[first + size - 1];
        m->other[i] = classes.member[first + at] == m->order[i] ? last : classes.member[first + at];
    }
    er_drawn_classes_clear(&classes);
    return m->other ? ER_OK : er_fail(err, ER_E_NOMEM, "measures: out of memory for mixtures");
}

static enum er_status compute(struct er_measured_run *run, enum er_draw_of draw, double *out,
                              struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t n = set->n < EXAMPLES ? set->n : EXAMPLES;
    struct margins m = {.set = set, .seed = run->is.seed};
    enum er_status status = draw == ER_DRAW_AUGMENT_MARGIN ? er_image_scale_of(set, &m.scale, err) : ER_OK;
    if (status != ER_OK) return status;
    m.order = er_drawn_order(run, draw);
    m.label = er_alloc(n, sizeof *m.label);
    if (!m.order || !m.label) status = er_fail(err, ER_E_NOMEM, "measures: out of memory for examples");
    for (int64_t i = 0; i < n && m.order && m.label; i++) m.label[i] = set->label[m.order[i]];
    if (status == ER_OK && draw == ER_DRAW_MIXUP_MARGIN) status = find_others(&m, run, n, err);
    const struct er_margin_distance of = {n, m.label,
                                          draw == ER_DRAW_MIXUP_MARGIN     ? fill_mixed
                                          : draw == ER_DRAW_AUGMENT_MARGIN ? fill_changed
                                                                           : fill_plain,
                                          &m};
    if (status == ER_OK) status = er_margin_distance(run, &of, out, err);
    er_image_scale_clear(&m.scale);
    er_free(m.order);
    er_free(m.label);
    er_free(m.other);
    return status;
}

static enum er_status compute_plain(struct er_measured_run *run, double *out, struct er_error *err)
{
    return compute(run, ER_DRAW_MARGIN, out, err);
}

static enum er_status compute_mixed(struct er_measured_run *run, double *out, struct er_error *err)
{
    return compute(run, ER_DRAW_MIXUP_MARGIN, out, err);
}

static enum er_status compute_changed(struct er_measured_run *run, double *out, struct er_error *err)
{
    return compute(run, ER_DRAW_AUGMENT_MARGIN, out, err);
}

static double bytes(const struct er_net *net, int64_t m)
{
    return er_margin_distance_bytes(net, m < EXAMPLES ? m : EXAMPLES) + 3 * sizeof(double) * (double)m;
}

#define MARGIN_MEASURE(NAME, TITLE, HELP, COMPUTE)                                                           \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = "Natekar and Sharma, arXiv 2012.02775 (PGDL)",                                             \
        .direction = 1,                                                                                      \
        .family = "pgdl",                                                                                    \
        .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION,                                    \
        .needs = ER_NEEDS_OUTPUTS,                                                                           \
        .cost = ER_COST_PASS,                                                                                \
        .compute = (COMPUTE),                                                                                \
        .bytes = bytes,                                                                                      \
    }

MARGIN_MEASURE(
    mixup_margin, "mixup margin",
    "less the mean margin at the first layer, over its spread, of means of two examples of a class",
    compute_mixed);
MARGIN_MEASURE(
    augment_margin, "augment margin",
    "less the mean margin at the first layer, over its spread, of training images that are changed",
    compute_changed);
MARGIN_MEASURE(
    margin_summary, "margin summary",
    "less the mean of (z_a - z_b) / |d(z_a - z_b)/dh| over training examples, over the spread of h",
    compute_plain);
