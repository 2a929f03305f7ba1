/* Standardised inputs have the mean and the deviation that the definitions say, from training statistics
 * only. */
#include "t.h"

#include "data/dataset.h"
#include "data/standardise.h"

#include <ermine/random.h>
#include <stdlib.h>

enum { N = 200, M = 60, H = 4, W = 3, C = 3, D = H * W * C };

/* Coordinate j has mean j and deviation 1 + j; the test set is shifted by 5. */
static void make(struct er_dataset *train, struct er_dataset *test)
{
    const struct er_shape shape = {H, W, C};
    if (er_dataset_new(N, shape, 2, train, NULL) != ER_OK || er_dataset_new(M, shape, 2, test, NULL) != ER_OK)
        exit(1);
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < N * D; i++)
        train->x[i] = (float)((double)(i % D) + (double)(1 + i % D) * er_random_normal(&r));
    for (int64_t i = 0; i < M * D; i++)
        test->x[i] = (float)(5 + (double)(i % D) + (double)(1 + i % D) * er_random_normal(&r));
}

/* Mean and population deviation of the values first, first + step, ... below end. */
static void moments(const float *x, int64_t first, int64_t step, int64_t end, double *mean, double *std)
{
    double sum = 0;
    double square = 0;
    const int64_t count = (end - first + step - 1) / step;
    const double n = (double)count;
    for (int64_t j = first; j < end; j += step) sum += (double)x[j];
    for (int64_t j = first; j < end; j += step) square += ((double)x[j] - sum / n) * ((double)x[j] - sum / n);
    *mean = sum / n;
    *std = sqrt(square / n);
}

static void check_images(void)
{
    struct er_dataset train;
    struct er_dataset test;
    double mean;
    double std;
    make(&train, &test);
    for (int j = 0; j < D; j++) train.x[j] = 0.3F;                       /* constant */
    for (int j = 0; j < D; j++) train.x[D + j] = j == 0 ? 0.301F : 0.3F; /* below the floor */
    T_EQ_INT(er_standardise(ER_STANDARDISE_IMAGE, &train, &test, NULL, NULL), ER_OK, "per image");
    for (int64_t i = 2; i < N; i++) {
        moments(train.x, i * D, 1, (i + 1) * D, &mean, &std);
        T_OK(fabs(mean) < 1e-6 && fabs(std - 1) < 1e-6, "image %d: mean %g, deviation %g", (int)i, mean, std);
    }
    moments(test.x, 0, 1, D, &mean, &std);
    T_OK(fabs(mean) < 1e-6 && fabs(std - 1) < 1e-6, "test images too");
    moments(train.x, 0, 1, D, &mean, &std);
    T_OK(fabs(mean) < 1e-6 && std < 1e-6, "a constant image becomes 0");
    moments(train.x, D, 1, 2 * D, &mean, &std);
    const double before = (double)(0.301F - 0.3F) * sqrt(1.0 / D * (1 - 1.0 / D));
    T_CLOSE(std, before * sqrt(D), 1e-7 * sqrt(D), "a deviation below 1/sqrt(d) is divided by 1/sqrt(d)");
    er_dataset_clear(&train);
    er_dataset_clear(&test);
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static void check_groups(enum er_standardise kind, int64_t groups, const char *name)
{
    struct er_dataset train;
    struct er_dataset test;
    struct er_dataset raw;
    struct er_dataset raw_test;
    make(&train, &test);
    make(&raw, &raw_test);
    for (int64_t j = 1; groups > 1 && j < N * D; j += groups)
        train.x[j] = raw.x[j] = 0.1F; /* group 1 is constant in training */
    struct er_dataset others = {M, raw_test.shape, raw_test.classes, raw_test.x, raw_test.label, NULL};
    others.x = er_alloc(M * D, sizeof *others.x);
    if (!T_OK(others.x, "memory")) return;
    memcpy(others.x, raw_test.x, M * D * sizeof *others.x);
    T_EQ_INT(er_standardise(kind, &train, &test, &others, NULL), ER_OK, "%s", name);
    T_OK(same_bits(others.x, test.x, M * D * sizeof *others.x), "%s: others as the test set", name);
    T_EQ_INT(others.zero != NULL, train.zero != NULL, "%s: and with what black has become, as training",
             name);
    if (others.zero && train.zero)
        T_OK(same_bits(others.zero, train.zero, M * C * sizeof *others.zero), "%s: the same", name);
    er_free(others.x);
    er_free(others.zero);
    for (int64_t g = 0; g < groups; g++) {
        double m;
        double s;
        double mean;
        double std;
        moments(raw.x, g, groups, N * D, &m, &s);
        moments(train.x, g, groups, N * D, &mean, &std);
        T_CLOSE(mean, 0, 1e-6, "%s %d: mean", name, (int)g);
        T_CLOSE(std, g == 1 ? 0 : 1, 1e-6, "%s %d: deviation", name, (int)g);
        const int64_t j = g + groups * (D / groups) * 7;
        const double want = g == 1 ? 0 : ((double)raw_test.x[j] - m) / s;
        T_CLOSE(test.x[j], want, 1e-6 * (1 + fabs(want)), "%s %d: the test set by training statistics", name,
                (int)g);
    }
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    er_dataset_clear(&raw);
    er_dataset_clear(&raw_test);
}

/* Each coordinate is centred, and all are divided by one number, which brings their mean square to 1; one that
 * is constant in training is 0 there, and in the test set as far from 0 as its scale says. */
static void check_centred(void)
{
    struct er_dataset train;
    struct er_dataset test;
    struct er_dataset raw;
    struct er_dataset raw_test;
    double square = 0;
    make(&train, &test);
    make(&raw, &raw_test);
    for (int64_t i = 0; i < N; i++) train.x[i * D + 1] = raw.x[i * D + 1] = 0.1F;
    T_EQ_INT(er_standardise(ER_STANDARDISE_CENTRED, &train, &test, NULL, NULL), ER_OK, "centred");
    double m[D];
    double s[D];
    for (int64_t j = 0; j < D; j++) {
        moments(raw.x, j, D, N * D, &m[j], &s[j]);
        square += s[j] * s[j] / D;
    }
    for (int64_t j = 0; j < D; j++) {
        double mean;
        double std;
        moments(train.x, j, D, N * D, &mean, &std);
        T_CLOSE(mean, 0, 1e-6, "coordinate %d: mean", (int)j);
        T_CLOSE(std, j == 1 ? 0 : s[j] / sqrt(square), 1e-6, "coordinate %d: one scale", (int)j);
        const double want = ((double)raw_test.x[7 * D + j] - m[j]) / sqrt(square);
        T_CLOSE(test.x[7 * D + j], want, 1e-6 * (1 + fabs(want)), "coordinate %d: the test set", (int)j);
    }
    T_OK(!train.zero, "a black of its own at each position, so none");
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    er_dataset_clear(&raw);
    er_dataset_clear(&raw_test);
}

/* Training values a hair apart, test values at the ends of float32. */
static void check_far(void)
{
    const struct er_shape shape = {1, 1, 1};
    struct er_dataset train;
    struct er_dataset test;
    if (er_dataset_new(2, shape, 2, &train, NULL) != ER_OK ||
        er_dataset_new(3, shape, 2, &test, NULL) != ER_OK)
        exit(1);
    train.x[1] = 1e-30F;
    test.x[0] = FLT_MAX;
    test.x[1] = -FLT_MAX;
    test.x[2] = 1e-30F;
    T_EQ_INT(er_standardise(ER_STANDARDISE_FEATURE, &train, &test, NULL, NULL), ER_OK, "far test values");
    T_OK(train.x[0] == -1 && train.x[1] == 1, "training: mean 0, deviation 1");
    T_OK(test.x[0] == FLT_MAX && test.x[1] == -FLT_MAX && test.x[2] == 1, "test: within float32");
    er_dataset_clear(&train);
    er_dataset_clear(&test);
}

static void check_none(void)
{
    struct er_dataset train;
    struct er_dataset test;
    make(&train, &test);
    const float first = train.x[0];
    T_EQ_INT(er_standardise(ER_STANDARDISE_NONE, &train, &test, NULL, NULL), ER_OK, "none");
    T_OK(train.x[0] == first, "leaves the inputs as they are");
    er_dataset_clear(&train);
    er_dataset_clear(&test);
}

/* (x - m) / s of numbers that come from outside, in all parts, and of black. */
static void check_given(void)
{
    struct er_dataset train, test, raw, raw_test, none = {0};
    make(&train, &test);
    make(&raw, &raw_test);
    T_EQ_INT(er_standardise_given(0.25, 0.5, &train, &test, &none, NULL), ER_OK, "given");
    for (int64_t j = 0; j < N * D; j++)
        if (train.x[j] != (float)(((double)raw.x[j] - 0.25) / 0.5)) {
            T_OK(false, "value %d", (int)j);
            break;
        }
    T_CLOSE(test.x[5], ((double)raw_test.x[5] - 0.25) / 0.5, 1e-6 * (1 + fabs((double)test.x[5])), "test");
    T_OK(train.zero && train.zero[0] == -0.5F && !test.zero, "black has become -1/2");
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    er_dataset_clear(&raw);
    er_dataset_clear(&raw_test);
}

/* What a raw 0 has become: the value of a pixel that was 0, to the bit. */
static void check_zero(enum er_standardise kind)
{
    struct er_dataset train;
    struct er_dataset test;
    make(&train, &test);
    for (int64_t i = 0; i < N; i++)
        for (int c = 0; c < C; c++) train.x[i * D + (i % (H * W)) * C + c] = 0;
    for (int64_t j = 1; j < N * D; j += C) train.x[j] = 0.1F; /* channel 1 is constant, and nowhere 0 */
    T_EQ_INT(er_standardise(kind, &train, &test, NULL, NULL), ER_OK, "kind %d", kind);
    T_OK(train.zero && !test.zero, "kind %d: training images have it", kind);
    for (int64_t i = 0; train.zero && i < N; i++)
        for (int c = 0; c < C; c++) {
            const float want =
                train.x[i * D + (i % (H * W)) * C + (c == 1 && kind != ER_STANDARDISE_CHANNEL ? 0 : c)];
            T_OK(train.zero[i * C + c] == want, "kind %d, image %d, channel %d: %g, %g", kind, (int)i, c,
                 (double)train.zero[i * C + c], (double)want);
        }
    er_dataset_clear(&train);
    T_OK(!train.zero, "cleared");
    er_dataset_clear(&test);
}

static enum er_status standardise(enum er_standardise kind, struct er_dataset *train, struct er_dataset *test)
{
    er_free(train->zero);
    train->zero = NULL;
    return er_standardise(kind, train, test, NULL, NULL);
}

/* Where there is no such value, and where memory is out. */
static void check_no_zero(void)
{
    struct er_dataset train;
    struct er_dataset test;
    make(&train, &test);
    T_EQ_INT(standardise(ER_STANDARDISE_NONE, &train, &test), ER_OK, "none");
    T_OK(!train.zero, "not standardised: 0 is 0");
    T_EQ_INT(standardise(ER_STANDARDISE_FEATURE, &train, &test), ER_OK, "feature");
    T_OK(!train.zero, "per feature: one for each position, so none");
    T_ALLOCATIONS(standardise(ER_STANDARDISE_IMAGE, &train, &test), (void)0, "image: every allocation");
    T_ALLOCATIONS(standardise(ER_STANDARDISE_CHANNEL, &train, &test), (void)0, "channel: every allocation");
    train.shape = test.shape = (struct er_shape){1, 1, D};
    T_EQ_INT(standardise(ER_STANDARDISE_IMAGE, &train, &test), ER_OK, "rows");
    T_OK(!train.zero, "a table has no black");
    er_dataset_clear(&train);
    er_dataset_clear(&test);
}

int main(void)
{
    check_images();
    check_groups(ER_STANDARDISE_CHANNEL, C, "channel");
    check_groups(ER_STANDARDISE_FEATURE, D, "feature");
    check_groups(ER_STANDARDISE_SET, 1, "set");
    check_centred();
    check_far();
    check_none();
    check_zero(ER_STANDARDISE_IMAGE);
    check_zero(ER_STANDARDISE_CHANNEL);
    check_zero(ER_STANDARDISE_SET);
    check_given();
    check_no_zero();
    return t_done();
}
