/* standardise.c - inputs to mean 0 and standard deviation 1.
 *
 *     image     x <- (x - m) / max(s, 1 / sqrt d)     m, s over the d values of this image
 *     channel   x <- (x - m_c) / s_c                  over all positions and training examples of channel c
 *     feature   x <- (x - m_j) / s_j                  over all training examples of coordinate j
 *     set       x <- (x - m) / s                      over all values of all training examples
 *     centred   x <- (x - m_j) / s                    m_j as of feature, s over all values once they are centred
 *     given     x <- (x - m) / s                      m, s from the caller
 *
 * s is the population's (1/n), sums are in double precision and in the order of the examples. A channel or
 * feature that is the same in all training examples becomes 0, in the other sets too: it can't be scaled. Of n
 * training values none is further than sqrt(n) from 0 afterwards; others may be, and stay within
 * float32.
 *
 * What a raw 0 becomes by all but `feature` and `centred` is noted for images to learn from (er_dataset.zero), so that whoever
 * pads them can do it with black.
 */
#include "data/standardise.h"

#include "data/dataset.h"

#include <ermine/memory.h>
#include <math.h>

/* Room for er_dataset.zero, where there is one: of images, whose channels have one mean and scale at all positions. */
static enum er_status take_zero(enum er_standardise kind, struct er_dataset *set, struct er_error *err)
{
    const bool one_zero =
        kind != ER_STANDARDISE_NONE && kind != ER_STANDARDISE_FEATURE && kind != ER_STANDARDISE_CENTRED;
    if (!one_zero || set->n == 0 || set->shape.height * set->shape.width == 1) return ER_OK;
    set->zero = er_alloc(set->n * set->shape.channels, sizeof *set->zero);
    return set->zero ? ER_OK : er_fail(err, ER_E_NOMEM, "out of memory while standardising");
}

static void image(struct er_dataset *set)
{
    const int64_t d = er_shape_size(set->shape);
    const double least = 1 / sqrt((double)d);
    for (int64_t i = 0; i < set->n; i++) {
        float *x = set->x + i * d;
        double mean = 0, square = 0;
        for (int64_t j = 0; j < d; j++) mean += (double)x[j];
        mean /= (double)d;
        for (int64_t j = 0; j < d; j++) square += ((double)x[j] - mean) * ((double)x[j] - mean);
        const double scale = 1 / fmax(sqrt(square / (double)d), least);
        for (int64_t j = 0; j < d; j++) x[j] = (float)(((double)x[j] - mean) * scale);
        if (!set->zero) continue;
        float *zero = set->zero + i * set->shape.channels;
        for (int64_t c = 0; c < set->shape.channels; c++) zero[c] = (float)((0 - mean) * scale);
    }
}

/* Value j of the set belongs to group j mod `groups`: the channels, the coordinates of an example, or one for
 * all. Each has a scale of its own, or `one_scale` is that of all. */
static enum er_status by_group(int64_t groups, bool one_scale, struct er_dataset *train,
                               struct er_dataset *test, struct er_dataset *others, struct er_error *err)
{
    const int64_t d = er_shape_size(train->shape), size = train->n * d;
    const int64_t count = size / groups;
    double *mean = er_alloc(2 * groups, sizeof *mean);
    bool *varies = er_alloc(groups, sizeof *varies);
    if (!mean || !varies) {
        er_free(mean);
        er_free(varies);
        return er_fail(err, ER_E_NOMEM, "out of memory while standardising");
    }
    double *scale = mean + groups;
    for (int64_t j = 0; j < size; j += groups)
        for (int64_t g = 0; g < groups; g++) {
            mean[g] += (double)train->x[j + g];
            if (train->x[j + g] != train->x[g]) varies[g] = true;
        }
    for (int64_t g = 0; g < groups; g++) mean[g] /= (double)count;
    for (int64_t j = 0; j < size; j += groups)
        for (int64_t g = 0; g < groups; g++) {
            const double e = (double)train->x[j + g] - mean[g];
            scale[g] += e * e;
        }
    for (int64_t g = 1; one_scale && g < groups; g++) {
        scale[0] += scale[g];
        varies[0] |= varies[g];
    }
    const double shared = varies[0] ? 1 / sqrt(scale[0] / (double)size) : 0;
    for (int64_t g = 0; g < groups; g++)
        scale[g] = one_scale ? shared : varies[g] ? 1 / sqrt(scale[g] / (double)count) : 0;
    struct er_dataset *const sets[] = {train, test, others};
    for (int part = 0; part < 3; part++) {
        const struct er_dataset *set = sets[part];
        for (int64_t j = 0; j < set->n * d; j += groups)
            for (int64_t g = 0; g < groups; g++)
                set->x[j + g] = er_feature_nearest(((double)set->x[j + g] - mean[g]) * scale[g]);
        const int64_t zeros = set->zero ? set->n * set->shape.channels : 0;
        for (int64_t i = 0; i < zeros; i++)
            set->zero[i] = er_feature_nearest((0 - mean[i % groups]) * scale[i % groups]);
    }
    er_free(mean);
    er_free(varies);
    return ER_OK;
}

static void given(double mean, double deviation, struct er_dataset *set)
{
    const int64_t size = set->n * er_shape_size(set->shape),
                  zeros = set->zero ? set->n * set->shape.channels : 0;
    for (int64_t j = 0; j < size; j++) set->x[j] = er_feature_nearest(((double)set->x[j] - mean) / deviation);
    for (int64_t i = 0; i < zeros; i++) set->zero[i] = er_feature_nearest((0 - mean) / deviation);
}

enum er_status er_standardise_given(double mean, double deviation, struct er_dataset *train,
                                    struct er_dataset *test, struct er_dataset *others, struct er_error *err)
{
    enum er_status status = take_zero(ER_STANDARDISE_GIVEN, train, err);
    if (status == ER_OK) status = take_zero(ER_STANDARDISE_GIVEN, others, err);
    if (status != ER_OK) return status;
    given(mean, deviation, train);
    given(mean, deviation, test);
    given(mean, deviation, others);
    return ER_OK;
}

enum er_status er_standardise(enum er_standardise kind, struct er_dataset *train, struct er_dataset *test,
                              struct er_dataset *others, struct er_error *err)
{
    struct er_dataset none = {0};
    if (!others) others = &none;
    enum er_status status = take_zero(kind, train, err);
    if (status == ER_OK) status = take_zero(kind, others, err);
    if (status != ER_OK) return status;
    switch (kind) {
    case ER_STANDARDISE_IMAGE:
        image(train);
        image(test);
        image(others);
        return ER_OK;
    case ER_STANDARDISE_CHANNEL:
        return by_group(train->shape.channels, false, train, test, others, err);
    case ER_STANDARDISE_FEATURE:
    case ER_STANDARDISE_CENTRED:
        return by_group(er_shape_size(train->shape), kind == ER_STANDARDISE_CENTRED, train, test, others,
                        err);
    case ER_STANDARDISE_SET:
        return by_group(1, false, train, test, others, err);
    case ER_STANDARDISE_GIVEN: /* er_standardise_given() */
    case ER_STANDARDISE_NONE:
        break;
    }
    return ER_OK;
}
