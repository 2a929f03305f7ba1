/* condition.c - randomised labels and inputs, drawn once.
 *
 *     labels            u_i ~ U[0, 1), r_i ~ U{0..K-1};   label_i <- r_i when u_i < p
 *       wrong ones      r_i ~ U{0..K-2};                  label_i <- (label_i + 1 + r_i) mod K when u_i < p
 *     shuffled pixels   x_i[q, c] <- x_i[pi(q), c],       one permutation pi of the H W positions q
 *     random pixels     x_i[q, c] <- x_i[pi_i(q), c],     one permutation for each image
 *     Gaussian          x_i[q, c] ~ N(m_c, s_c^2),        m_c, s_c over training examples and positions
 *
 * i is the record's number, c the channel. u_i and r_i do not depend on p, so the labels replaced at p are
 * among those replaced at any p' > p, by the same values. Source: Zhang, Bengio, Hardt, Recht and Vinyals,
 * "Understanding deep learning requires rethinking generalization", ICLR 2017, section 2.
 */
#include "data/condition.h"

#include "data/dataset.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

/* The stream of the pixels of example i; index 0 is the permutation that all share. A row of a file has the
 * same one in whichever part it is. */
static uint64_t image_stream(const struct er_parts *parts, int part, int64_t i)
{
    const uint64_t source = part == ER_PART_TEST && !parts->one_source;
    return er_stream(ER_PURPOSE_PIXELS, 1 + (source << 40 | (uint64_t)parts->record[part][i]));
}

int64_t er_condition_labels(double p, enum er_draw draw, uint64_t seed, struct er_parts *parts)
{
    struct er_dataset *train = &parts->set[0];
    const int64_t classes = train->classes;
    int64_t changed = 0;
    for (int64_t i = 0; i < train->n; i++) {
        struct er_random r =
            er_random_open(seed, er_stream(ER_PURPOSE_LABELS, (uint64_t)parts->record[0][i]));
        const double u = er_random_uniform(&r);
        const int64_t drawn = er_random_below(&r, draw == ER_DRAW_WRONG ? classes - 1 : classes);
        const int64_t other = (train->label[i] + 1 + drawn) % classes;
        const int32_t replacement = (int32_t)(draw == ER_DRAW_WRONG ? other : drawn);
        if (u >= p) continue;
        changed += replacement != train->label[i];
        train->label[i] = replacement;
    }
    return changed;
}

static void permute(float *x, struct er_shape shape, const int64_t *order, float *scratch)
{
    const int64_t positions = shape.height * shape.width, channels = shape.channels;
    memcpy(scratch, x, (size_t)(positions * channels) * sizeof *x);
    for (int64_t q = 0; q < positions; q++)
        memcpy(x + q * channels, scratch + order[q] * channels, (size_t)channels * sizeof *x);
}

static enum er_status permute_pixels(bool each, uint64_t seed, struct er_parts *parts, struct er_error *err)
{
    const struct er_shape shape = parts->set[0].shape;
    const int64_t positions = shape.height * shape.width, d = er_shape_size(shape);
    if (positions == 1)
        return er_fail(err, ER_E_USAGE,
                       "pixels can be permuted in images only; these examples have a single position");
    int64_t *order = er_alloc(positions, sizeof *order);
    float *scratch = er_alloc(d, sizeof *scratch);
    if (!order || !scratch) {
        er_free(order);
        er_free(scratch);
        return er_fail(err, ER_E_NOMEM, "out of memory while permuting pixels");
    }
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_PIXELS, 0));
    er_random_permutation(&r, positions, order);
    for (int part = 0; part < ER_PARTS; part++)
        for (int64_t i = 0; i < parts->set[part].n; i++) {
            if (each) {
                r = er_random_open(seed, image_stream(parts, part, i));
                er_random_permutation(&r, positions, order);
            }
            permute(parts->set[part].x + i * d, shape, order, scratch);
        }
    er_free(order);
    er_free(scratch);
    return ER_OK;
}

static enum er_status gaussian_inputs(uint64_t seed, struct er_parts *parts, struct er_error *err)
{
    const struct er_dataset *train = &parts->set[0];
    const int64_t channels = train->shape.channels, d = er_shape_size(train->shape);
    const int64_t positions = train->n * (d / channels);
    double *mean = er_alloc(2 * channels, sizeof *mean);
    if (!mean) return er_fail(err, ER_E_NOMEM, "out of memory while drawing Gaussian inputs");
    double *std = mean + channels;
    for (int64_t j = 0; j < train->n * d; j += channels)
        for (int64_t c = 0; c < channels; c++) mean[c] += (double)train->x[j + c];
    for (int64_t c = 0; c < channels; c++) mean[c] /= (double)positions;
    for (int64_t j = 0; j < train->n * d; j += channels)
        for (int64_t c = 0; c < channels; c++) {
            const double e = (double)train->x[j + c] - mean[c];
            std[c] += e * e;
        }
    for (int64_t c = 0; c < channels; c++) std[c] = sqrt(std[c] / (double)positions);
    for (int part = 0; part < ER_PARTS; part++)
        for (int64_t i = 0; i < parts->set[part].n; i++) {
            struct er_random r = er_random_open(seed, image_stream(parts, part, i));
            float *x = parts->set[part].x + i * d;
            for (int64_t j = 0; j < d; j += channels)
                for (int64_t c = 0; c < channels; c++)
                    x[j + c] = er_feature_nearest(mean[c] + std[c] * er_random_normal(&r));
        }
    er_free(mean);
    return ER_OK;
}

enum er_status er_condition_inputs(enum er_condition condition, uint64_t seed, struct er_parts *parts,
                                   struct er_error *err)
{
    switch (condition) {
    case ER_CONDITION_SHUFFLED_PIXELS:
        return permute_pixels(false, seed, parts, err);
    case ER_CONDITION_RANDOM_PIXELS:
        return permute_pixels(true, seed, parts, err);
    case ER_CONDITION_GAUSSIAN:
        return gaussian_inputs(seed, parts, err);
    case ER_CONDITION_TRUE_LABELS:
    case ER_CONDITION_RANDOM_LABELS:
        break;
    }
    return ER_OK;
}
