/* regress_estimate.c - runs of the same sizes and settings take the same memory and time: a kind.
 *
 * Time is that of
 *
 *     drawing and making features    tried with a few of them, and scaled by their number
 *     a fit of n x N, r = min(n, N)  2 n N r + 3 r^3 operations, 20 r^3 with singular vectors, and 4 n N k: tried with a
 *                                    matrix of 512 x 640
 *     a step of gradient descent     two passes over n x N x k, tried with the same matrix
 */
#include "experiments/regress_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/regress_fit.h"
#include "experiments/regress_memory.h"
#include "experiments/regress_validation.h"
#include "math/least_squares.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>

enum { TRIED_ROWS = 512, TRIED_COLUMNS = 640, TRIED_FEATURES = 512, TRIED_EXAMPLES = 64 };

/* What runs of one kind have in common, and take. */
struct kind {
    struct er_regress_spec spec;
    struct er_regress_sizes sizes;
    double seconds;
};

/* Seconds of an operation of a fit, and of a number of the features in a step. */
struct speed {
    double fit, step;
};

static double flops_of_fit(double n, double features, double k, bool vectors)
{
    const double r = fmin(n, features);
    return 2 * n * features * r + (vectors ? 23 : 3) * r * r * r + 4 * n * features * k;
}

static enum er_status try_fit(struct speed *out, struct er_error *err)
{
    const int64_t n = TRIED_ROWS, features = TRIED_COLUMNS;
    double *a = er_alloc(n * features, sizeof *a), *b = er_alloc(n + features, sizeof *b);
    struct er_least_squares *f = NULL;
    enum er_status status = ER_OK;
    if (!a || !b) {
        status = er_fail(err, ER_E_NOMEM, "regress: out of memory for a calibration");
    } else {
        struct er_random r = er_random_open(0, er_stream(ER_PURPOSE_FEATURES, 0));
        for (int64_t i = 0; i < n * features; i++) a[i] = er_random_normal(&r);
        const double began = er_clock_s();
        status = er_least_squares_new(n, features, a, 0, &f, err);
        const double between = er_clock_s();
        if (status == ER_OK) er_regress_predict(n, features, 1, a, b + n, b);
        out->fit = (between - began) / flops_of_fit((double)n, (double)features, 0, false);
        out->step = 2 * (er_clock_s() - between) / (double)(n * features);
    }
    er_least_squares_free(f);
    er_free(a);
    er_free(b);
    return status;
}

/* *drawing: seconds of a feature; *making: of a feature of an example. */
static enum er_status try_basis(const struct kind *kind, const struct er_regression *train,
                                const struct er_progress *progress, double *drawing, double *making,
                                struct er_error *err)
{
    const int64_t all = er_regress_features(&kind->spec, train->d),
                  n = train->n < TRIED_EXAMPLES ? train->n : TRIED_EXAMPLES,
                  features =
                      all < TRIED_FEATURES || kind->spec.basis == ER_BASIS_LINEAR ? all : TRIED_FEATURES;
    struct er_basis basis = {0};
    double *phi = er_alloc(n * features, sizeof *phi);
    if (!phi) return er_fail(err, ER_E_NOMEM, "regress: out of memory for a calibration");
    const double began = er_clock_s();
    enum er_status status = er_basis_open(kind->spec.basis, features, kind->spec.bandwidth, train->d, -1, 1,
                                          0, progress, &basis, err);
    const double between = er_clock_s();
    if (status == ER_OK) status = er_basis_design(&basis, n, train->x, phi, progress, err);
    *drawing = (between - began) / (double)features;
    *making = (er_clock_s() - between) / (double)(n * features);
    er_basis_clear(&basis);
    er_free(phi);
    return status;
}

static double seconds_of(const struct kind *kind, const struct speed *speed, double drawing, double making)
{
    const struct er_regress_spec *s = &kind->spec;
    const struct er_regress_sizes *z = &kind->sizes;
    const double n = (double)z->n, m = (double)z->m, k = (double)z->k,
                 features = (double)er_regress_features(s, z->d), sets = s->sets > 0 ? (double)s->sets : 1,
                 fits = s->validation == ER_VALIDATION_HOLD_OUT ? 2 : sets + (double)er_folds(s, z->n),
                 steps = s->descent ? (double)s->steps : 0;
    const double fit = flops_of_fit(n, features, k, s->ridge > 0 || s->null > 0) * fits;
    return drawing * features + making * features * (sets * n + m) +
           speed->fit * (fit + 2 * m * features * k) + speed->step * steps * n * features * k;
}

static bool is_same(const struct kind *kind, const struct er_regress_spec *b,
                    const struct er_regress_sizes *y)
{
    const struct er_regress_spec *a = &kind->spec;
    const struct er_regress_sizes *x = &kind->sizes;
    return a->basis == b->basis && a->features == b->features && a->validation == b->validation &&
           a->folds == b->folds && a->sets == b->sets && a->descent == b->descent && a->steps == b->steps &&
           (a->ridge > 0) == (b->ridge > 0) && (a->null > 0) == (b->null > 0) && x->n == y->n &&
           x->m == y->m && x->d == y->d && x->k == y->k;
}

/* The kind of a run among those that were seen, or a new one, whose time is tried. */
static enum er_status kind_of(struct er_estimate *out, struct kind *seen, const struct er_regress_spec *spec,
                              const struct er_regression_split *split, const struct speed *speed,
                              const struct er_progress *progress, double *seconds, struct er_error *err)
{
    const struct er_regress_sizes sizes = er_regress_sizes_of(split);
    struct kind *kind = seen + out->ensembles;
    double drawing = 0, making = 0;
    for (int64_t i = 0; i < out->ensembles; i++)
        if (is_same(&seen[i], spec, &sizes)) {
            *seconds = seen[i].seconds;
            return ER_OK;
        }
    *kind = (struct kind){.spec = *spec, .sizes = sizes};
    enum er_status status = er_regress_memory_check(spec, &sizes, err);
    if (status == ER_OK) status = try_basis(kind, &split->train, progress, &drawing, &making, err);
    if (status != ER_OK) return status;
    kind->seconds = *seconds = seconds_of(kind, speed, drawing, making);
    out->run_bytes = (size_t)fmax((double)out->run_bytes, er_regress_bytes(spec, &sizes));
    out->ensembles++;
    return ER_OK;
}

static enum er_status add_group(struct er_estimate *out, struct kind *seen, const struct er_point *point,
                                const struct er_data_group *group, const struct er_data_places *places,
                                const struct speed *speed, const struct er_progress *progress,
                                double *longest, struct er_error *err)
{
    const struct er_point *first = &point[group->run[0]];
    const struct er_data_spec data = er_data_keys_spec(first);
    struct er_regression_split split;
    struct er_error why = {0};
    enum er_status status = er_regression_open(&data, places, &split, &why);
    if (status != ER_OK) return er_data_keys_fail(first, &why, err);
    for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
        const struct er_regress_spec spec = er_regress_keys_spec(&point[group->run[i]]);
        double seconds = 0;
        status = er_regress_keys_fit(&point[group->run[i]], split.train.n, split.train.d, err);
        if (status == ER_OK) status = kind_of(out, seen, &spec, &split, speed, progress, &seconds, err);
        out->seconds += seconds;
        *longest = fmax(*longest, seconds);
    }
    const size_t numbers = (size_t)(split.train.n * (split.train.d + 2 * split.train.k) +
                                    split.test.n * (split.test.d + 2 * split.test.k));
    if (numbers * sizeof(double) > out->data_bytes) out->data_bytes = numbers * sizeof(double);
    er_regression_split_clear(&split);
    return status;
}

enum er_status er_regress_estimate(const struct er_point *point, int64_t n,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_estimate *out,
                                   struct er_error *err)
{
    struct er_data_groups groups;
    struct er_estimate e = {.memory = er_memory_available()};
    struct speed speed = {0};
    double longest = 0;
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) return status;
    struct kind *seen = er_alloc(n, sizeof *seen);
    status = seen ? try_fit(&speed, err)
                  : er_fail(err, ER_E_NOMEM, "regress: out of memory for %" PRId64 " runs", n);
    for (int64_t g = 0; g < groups.n && seen && status == ER_OK; g++)
        status = er_progress_stopped(progress)
                     ? er_fail(err, ER_E_STOPPED, "regress: interrupted")
                     : add_group(&e, seen, point, &groups.group[g], places, &speed, progress, &longest, err);
    er_free(seen);
    er_data_groups_clear(&groups);
    if (status != ER_OK) return status;
    const double fit = floor(fmax((double)e.memory - (double)e.data_bytes, 0) / (double)e.run_bytes);
    e.at_once = (int64_t)fmax(1, fmin(fit, (double)(n < er_pool_threads(pool) ? n : er_pool_threads(pool))));
    e.seconds = fmax(longest, e.seconds / (double)e.at_once);
    *out = e;
    return ER_OK;
}
