/* augmentation_robustness.c - how much predictions on training images change when the images are changed.
 *
 *     value = (1/n) sum_i sum_t r_t(i)     r_t = penalty_t            if the predicted class changes,
 *                                          |p_before - p_after|       else, p the largest probability of softmax
 *
 *     t                                                              penalty
 *     mirrored left to right                                              6
 *     saturation times U[0.6, 1.6]                                        1
 *     all but the middle 0.9 of height and width black                    2
 *     vertical part of Sobel's gradient, / 4 + 1/2                        3
 *     brightness + 0.5                                                    1
 *     mirrored, then saturation                                          12
 *     a rectangle of 2 to 40 % of the area black                          2
 *
 * (image_transform.h). n: up to 201 batches of 64 training images, drawn by the seed. With one output f, p is 1 / (1 +
 * exp(-|f|)). Images of other than three channels have no saturation: that change does nothing to them.
 *
 * Source: Aithal, Kashyap and Subramanyam, "Robustness to augmentations as a generalization metric", arXiv 2101.06459, second
 * place of PGDL (NeurIPS 2020), penalties and sizes by its code. Departures: the mean over images, where the code has
 * their sum, which grows with the set; the sign, so that a larger value predicts a larger gap (the code: less the sum).
 *
 * Cost: eight passes over the n images.
 */
#include "measures/drawn.h"
#include "measures/image_transform.h"
#include "measures/passes.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

enum { IMAGES = 201 * 64, TRANSFORMS = 7 };
enum transform { AS_IT_IS, FLIP, SATURATION, CROP, SOBEL, BRIGHTNESS, FLIP_SATURATION, ERASE };

static const double penalty[] = {[FLIP] = 6,       [SATURATION] = 1,       [CROP] = 2, [SOBEL] = 3,
                                 [BRIGHTNESS] = 1, [FLIP_SATURATION] = 12, [ERASE] = 2};

struct robustness {
    const struct er_dataset *set;
    uint64_t seed;
    const int64_t *order;
    struct er_image_scale scale;
    enum transform transform;
    int64_t O;
    int64_t *class;      /* n: predicted for the image as it is */
    double *probability; /* likewise */
    double *change;      /* n: sum_t r_t */
};

static void fill(void *ctx, int64_t i, float *x)
{
    const struct robustness *r = ctx;
    const struct er_image_scale *s = &r->scale;
    const int64_t D = er_shape_size(r->set->shape);
    const float *in = r->set->x + r->order[i] * D;
    struct er_random random = er_random_open(
        r->seed, er_stream(ER_PURPOSE_TRANSFORM,
                           (uint64_t)(ER_DRAW_ROBUSTNESS * 16 + r->transform) << 32 | (uint64_t)i));
    if (r->transform == SOBEL)
        er_image_sobel(s, in, x);
    else
        memcpy(x, in, (size_t)D * sizeof *x);
    if (r->transform == FLIP || r->transform == FLIP_SATURATION) er_image_flip(s, x);
    if (r->transform == SATURATION || r->transform == FLIP_SATURATION)
        er_image_saturation(s, .6 + er_random_uniform(&random), x);
    if (r->transform == CROP) er_image_crop(s, .9, x);
    if (r->transform == BRIGHTNESS) er_image_brightness(s, .5, x);
    if (r->transform == ERASE) er_image_erase(s, &random, x);
}

/* That of the predicted class, by softmax. */
static double largest_probability(const float *f, int64_t O)
{
    const double most = (double)f[er_predicted(f, O)];
    double sum = 0;
    if (O == 1) return 1 / (1 + exp(-fabs((double)f[0])));
    for (int64_t k = 0; k < O; k++) sum += exp((double)f[k] - most);
    return 1 / sum;
}

static void take(void *ctx, const struct er_passed *block)
{
    const struct robustness *r = ctx;
    for (int64_t b = 0; b < block->rows; b++) {
        const int64_t i = block->first + b, class = er_predicted(block->f + b * r->O, r->O);
        const double p = largest_probability(block->f + b * r->O, r->O);
        if (r->transform == AS_IT_IS) {
            r->class[i] = class;
            r->probability[i] = p;
        } else
            r->change[i] += class == r->class[i] ? fabs(p - r->probability[i]) : penalty[r->transform];
    }
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t n = set->n < IMAGES ? set->n : IMAGES;
    struct robustness r = {.set = set, .seed = run->is.seed, .O = er_net_outputs(run->is.net)};
    struct er_passes *passes = NULL;
    enum er_status status = er_image_scale_of(set, &r.scale, err);
    if (status != ER_OK) return status;
    int64_t *order = er_drawn_order(run, ER_DRAW_ROBUSTNESS);
    r.order = order;
    r.class = er_alloc(n, sizeof *r.class);
    r.probability = er_alloc(n, sizeof *r.probability);
    r.change = er_alloc(n, sizeof *r.change);
    if (!order || !r.class || !r.probability || !r.change)
        status = er_fail(err, ER_E_NOMEM, "measures: out of memory for predictions");
    if (status == ER_OK) status = er_passes_new(run, n, false, &passes, err);
    for (int t = 0; t <= TRANSFORMS && status == ER_OK; t++) {
        r.transform = (enum transform)t;
        status = er_passes_run(passes, fill, take, &r, err);
    }
    double sum = 0;
    for (int64_t i = 0; i < n && status == ER_OK; i++) sum += r.change[i];
    if (status == ER_OK) *out = sum / (double)n;
    er_passes_free(passes);
    er_image_scale_clear(&r.scale);
    er_free(order);
    er_free(r.class);
    er_free(r.probability);
    er_free(r.change);
    return status;
}

static double bytes(const struct er_net *net, int64_t m)
{
    const int64_t n = m < IMAGES ? m : IMAGES;
    return er_passes_bytes(net, n, false) + sizeof(double) * (double)(3 * n + m);
}

extern const struct er_measure er_measure_augmentation_robustness;
const struct er_measure er_measure_augmentation_robustness = {
    .name = "augmentation_robustness",
    .title = "changes under augmentation",
    .unit = "",
    .help =
        "mean over images of penalties for predictions that change when the image is mirrored, cropped, ...",
    .source = "Aithal et al., arXiv 2101.06459 (PGDL, second place)",
    .direction = 1,
    .family = "pgdl",
    .invariant = ER_INVARIANT_ALL,
    .needs = ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = compute,
    .bytes = bytes,
};
