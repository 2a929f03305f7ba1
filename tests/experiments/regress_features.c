/* The experiment `regress` with random features: double descent in their number, on a generated set and,
 * where MNIST is, at the size of the published table; the bases; mistakes in a study. */
#include "experiments/basis.h"
#include "support/places.h"
#include "support/study_text.h"
#include "support/study_values.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>

enum { SIZES = 7 };

/* What the claim says of a sweep over N with n examples: `at` is the place of N = n among the sizes,
 * `below` whether the error at the end is below all before the peak, which a mixture with overlapping
 * classes does not promise. */
static void check_peak(const struct study_values *v, int64_t seeds, int at, bool below, const char *name)
{
    double mse[SIZES], norm[SIZES], best = (double)INFINITY, best_error = (double)INFINITY;
    for (int i = 0; i < SIZES; i++) {
        mse[i] = study_median(v, i * seeds, seeds, "test_mse");
        norm[i] = study_median(v, i * seeds, seeds, "norm");
        if (i >= at)
            T_OK(study_median(v, i * seeds, seeds, "train_error") == 0, "%s: size %d fits all", name, i);
        T_EQ_INT(study_median(v, i * seeds, seeds, "interpolates"), i >= at, "%s: size %d interpolates", name,
                 i);
        if (i < at) best = fmin(best, mse[i]);
        if (i < at) best_error = fmin(best_error, study_median(v, i * seeds, seeds, "test_error"));
    }
    for (int i = 0; i < SIZES; i++)
        if (i != at)
            T_OK(mse[i] < mse[at] && norm[i] < norm[at],
                 "%s: error %.3g and norm %.3g are below N = n: %.3g, %.3g", name, mse[i], norm[i], mse[at],
                 norm[at]);
    T_OK(mse[at] > 20 * mse[SIZES - 1], "%s: the peak is %.0f times the end", name, mse[at] / mse[SIZES - 1]);
    if (below)
        T_OK(study_median(v, (SIZES - 1) * seeds, seeds, "test_error") < best_error,
             "%s: the end is below the best before the peak: %.3f, %.3f", name,
             study_median(v, (SIZES - 1) * seeds, seeds, "test_error"), best_error);
    T_OK(best < mse[at], "%s: and there is a descent before it", name);
}

static void check_generated(void)
{
    static const char *const basis[] = {"fourier-features", "relu-features"};
    struct er_error err;
    for (int b = 0; b < 2; b++) {
        struct study_values v, many;
        char yaml[512];
        snprintf(
            yaml, sizeof yaml,
            "study: s\n"
            "data: {name: gaussian-mixture, dimension: 10, classes: 4, separation: 4, train: 60, test: 300, "
            "standardise: none}\n"
            "regress: {basis: %s, features: [5, 15, 50, 60, 75, 200, 2000]}\n"
            "seeds: 5\n",
            basis[b]);
        T_STATUS(study_values(yaml, NULL, 1, &v, &err), ER_OK, "%s on a mixture", basis[b]);
        check_peak(&v, 5, 3, false, basis[b]);
        T_STATUS(study_values(yaml, NULL, 3, &many, &err), ER_OK, "on three threads");
        T_OK(study_values_equal(&v, &many), "the same bits");
        study_values_free(&many);
        study_values_free(&v);
    }
}

/* One run at the sizes of the published table, which has means of three on other images: 15 %. With a fifth
 * of the labels corrupted a ridge of 0.001 holds the error of ReLU features within 0.49 .. 0.77, as
 * published, and the same 5 % around. */
static void check_mnist(void)
{
    static const double want[SIZES] = {.66, .70, 1.71, 0, 1.66, .516, .274};
    struct study_values v;
    struct er_error err;
    if (!places_have("mnist")) {
        printf("# MNIST is not here: not tested on it\n");
        return;
    }
    T_STATUS(
        study_values("study: s\ndata: {name: mnist, train: 500, test: 2000, standardise: none}\n"
                     "regress: {basis: fourier-features, features: [100, 200, 400, 500, 600, 1000, 4000]}\n",
                     places_here(), 2, &v, &err),
        ER_OK, "500 images of MNIST");
    check_peak(&v, 1, 3, true, "MNIST");
    for (int i = 0; i < SIZES; i++) {
        const double mse = study_value(&v, i, "test_mse");
        if (want[i] > 0) T_CLOSE(mse / want[i], 1, .15, "size %d: %.3g, published %.3g", i, mse, want[i]);
    }
    study_values_free(&v);
    T_STATUS(
        study_values(
            "study: s\ndata: {name: mnist, train: 500, test: 2000, standardise: none,\n"
            "  labels: {corrupt: 0.2}}\n"
            "regress: {basis: relu-features, ridge: 0.001, features: [100, 400, 500, 600, 1000, 4000]}\n",
            places_here(), 2, &v, &err),
        ER_OK, "and with ridge");
    for (int i = 0; i < v.runs; i++)
        T_CLOSE(study_value(&v, i, "test_mse"), (.49 + .77) / 2, (.77 - .49) / 2 + .03,
                "there is no peak at size %d", i);
    study_values_free(&v);
}

/* Features of one number against their definitions; more random features contain fewer, up to the scale. */
static void check_bases(void)
{
    struct er_basis b, more;
    struct er_error err;
    double phi[5], x = 1986, wide[8], v[6] = {.3, -1, 2, .5, .25, -2};
    T_STATUS(er_basis_open(ER_BASIS_LEGENDRE, 5, (double)NAN, 1, 1896, 2012, 0, NULL, &b, &err), ER_OK,
             "legendre");
    er_basis_design(&b, 1, &x, phi, NULL, &err);
    const double z = (1986. - 1954) / 58, z2 = z * z;
    T_CLOSE(phi[2], (3 * z2 - 1) / 2, 4 * DBL_EPSILON, "P_2");
    T_CLOSE(phi[4], (35 * z2 * z2 - 30 * z2 + 3) / 8, 8 * DBL_EPSILON, "P_4");
    T_STATUS(er_basis_open(ER_BASIS_POLYNOMIAL, 5, (double)NAN, 1, 1896, 2012, 0, NULL, &b, &err), ER_OK,
             "polynomial");
    er_basis_design(&b, 1, &x, phi, NULL, &err);
    T_CLOSE(phi[4], z2 * z2, 4 * DBL_EPSILON, "z^4");
    T_STATUS(er_basis_open(ER_BASIS_FOURIER, 5, (double)NAN, 1, 1896, 2012, 0, NULL, &b, &err), ER_OK,
             "fourier");
    er_basis_design(&b, 1, &x, phi, NULL, &err);
    T_CLOSE(phi[1] * phi[1] + phi[2] * phi[2], 1, 4 * DBL_EPSILON, "cos^2 + sin^2");
    T_CLOSE(phi[4], 2 * phi[1] * phi[2], 4 * DBL_EPSILON, "sin of twice the angle");
    T_STATUS(er_basis_open(ER_BASIS_RADIAL, 5, (double)NAN, 1, 1896, 2012, 0, NULL, &b, &err), ER_OK,
             "radial");
    x = 1925;
    er_basis_design(&b, 1, &x, phi, NULL, &err);
    T_CLOSE(phi[1], 1, 4 * DBL_EPSILON, "1 at its centre");
    T_CLOSE(phi[2], exp(-.5), 4 * DBL_EPSILON, "one width away");
    T_STATUS(er_basis_open(ER_BASIS_LEGENDRE, 5, (double)NAN, 2, 0, 1, 0, NULL, &b, &err), ER_E_SHAPE,
             "of two numbers");

    for (enum er_basis_kind kind = ER_BASIS_RELU; kind <= ER_BASIS_RANDOM_FOURIER; kind++) {
        T_STATUS(er_basis_open(kind, 2, 3, 3, 0, 0, 7, NULL, &b, &err), ER_OK, "two random features");
        T_STATUS(er_basis_open(kind, 4, 3, 3, 0, 0, 7, NULL, &more, &err), ER_OK, "four");
        er_basis_design(&b, 2, v, phi, NULL, &err);
        er_basis_design(&more, 2, v, wide, NULL, &err);
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                T_CLOSE(wide[4 * i + j] * sqrt(2), phi[2 * i + j], 8 * DBL_EPSILON, "the first two of four");
        er_basis_clear(&b);
        er_basis_clear(&more);
        T_ALLOCATIONS(er_basis_open(kind, 2, 3, 3, 0, 0, 7, NULL, &b, &err), er_basis_clear(&b),
                      "drawing features");
    }
}

/* E phi(x) . phi(x'): the Gaussian kernel of fourier-features, the arc-cosine kernel of order 1 of
 * relu-features (Cho and Saul 2009) over 2 d. N = 200,000 of products within [-2, 2] or of variance below
 * 1: 5 standard errors. */
static void check_kernels(void)
{
    enum { N = 200000 };
    const double x[6] = {1, .5, -.2, .3, 1, .4};
    double dot = 0, a = 0, c = 0, square = 0;
    struct er_error err;
    double *phi = er_alloc(2 * N, sizeof *phi);
    if (!phi) abort();
    for (int i = 0; i < 3; i++) {
        dot += x[i] * x[3 + i];
        a += x[i] * x[i];
        c += x[3 + i] * x[3 + i];
        square += (x[i] - x[3 + i]) * (x[i] - x[3 + i]);
    }
    const double angle = acos(dot / sqrt(a * c)), pi = acos(-1);
    const double want[] = {sqrt(a * c) * (sin(angle) + (pi - angle) * cos(angle)) / (2 * pi * 3),
                           exp(-square / (2 * 1.5 * 1.5))};
    for (int k = 0; k < 2; k++) {
        struct er_basis b;
        double sum = 0;
        T_STATUS(
            er_basis_open(k ? ER_BASIS_RANDOM_FOURIER : ER_BASIS_RELU, N, 1.5, 3, 0, 0, 1, NULL, &b, &err),
            ER_OK, "many features");
        er_basis_design(&b, 2, x, phi, NULL, &err);
        for (int j = 0; j < N; j++) sum += phi[j] * phi[N + j];
        T_CLOSE(sum, want[k], 5 * (k ? 1 : .4) / sqrt(N), "their kernel");
        er_basis_clear(&b);
    }
    er_free(phi);
}

/* What a study must not say, with the place of the word at fault; what only the data tell, at its
 * computing. */
static void check_mistakes(void)
{
    static const struct {
        const char *regress, *message;
        int column;
    } wrong[] = {
        {"{basis: linear, degree: 3}", "regress.degree: belongs to the bases polynomial and legendre", 34},
        {"{degree: 3, features: 4}", "regress.features: belongs to other bases; a polynomial has a degree",
         32},
        {"{degree: 3, bandwidth: 4}", "regress.bandwidth: belongs to the bases radial and fourier-features",
         33},
        {"{sets: 10, k-fold: {folds: 3}}",
         "regress.sets: draws training sets of its own; there can't be a validation too", 17},
        {"{null: 3, ridge: 1}", "regress.null: needs a fit without ridge", 17},
        {"{null: 3, sets: 5}",
         "regress.null: is added to a solution alone: without validation, sets and gradient descent", 17},
        {"{hold-out: {share: 1}}", "regress.hold-out.share: must be between 0 and 1, neither of them", 29},
        {"{sets: 3, gradient-descent: {steps: 5}}",
         "regress.sets: is by solutions; it can't be had by gradient descent", 17},
    };
    struct er_error err;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct er_study *study = NULL;
        char yaml[256];
        snprintf(yaml, sizeof yaml, "study: s\ndata: {name: sine}\nregress: %s\n", wrong[i].regress);
        T_STATUS(study_parse(yaml, &study, &err), ER_E_INPUT, "%s", wrong[i].regress);
        T_EQ_STR(err.msg, wrong[i].message, "says what");
        T_OK(err.line == 3 && err.column == wrong[i].column, "and where: %d, %d", (int)err.line,
             (int)err.column);
        er_study_free(study);
    }
    struct study_values v;
    T_STATUS(study_values("study: s\ndata: {name: linear}\nregress: {degree: 3}\n", NULL, 1, &v, &err),
             ER_E_INPUT, "a polynomial of a hundred numbers");
    study_values_free(&v);
    T_STATUS(
        study_values("study: s\ndata: {name: marathon}\nregress: {degree: 3, sets: 4}\n", NULL, 1, &v, &err),
        ER_E_INPUT, "training sets of what happened once");
    study_values_free(&v);
}

int main(void)
{
    check_bases();
    check_kernels();
    check_generated();
    check_mnist();
    check_mistakes();
    return t_done();
}
