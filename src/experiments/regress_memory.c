/* regress_memory.c - numbers counted as they are allocated in regress_run.c and its parts, at their most.
 */
#include "experiments/regress_memory.h"

#include "core/available.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { NUMBERS_AT_ONCE = 1 << 22, LEAST_ROWS = 96, LEAST_POINTS = 241 /* of a curve */ };

struct er_regress_sizes er_regress_sizes_of(const struct er_regression_split *split)
{
    return (struct er_regress_sizes){
        .n = split->train.n, .m = split->test.n, .d = split->train.d, .k = split->train.k};
}

int64_t er_regress_features(const struct er_regress_spec *spec, int64_t d)
{
    return spec->features > 0 ? spec->features : d;
}

int64_t er_regress_rows_at_once(int64_t features)
{
    const int64_t rows = NUMBERS_AT_ONCE / features / LEAST_ROWS * LEAST_ROWS;
    return rows > LEAST_ROWS ? rows : LEAST_ROWS;
}

/* math/least_squares.h: the matrix, six squares of its smaller side, sides and what LAPACK works in. */
static double of_solving(double n, double features, double k)
{
    const double r = fmin(n, features), longer = fmax(n, features);
    return n * features + 6 * r * r + (longer + r) * k + 64 * (n + features);
}

/* Copies of rows: of a hold-out what is fitted, of every validation one part of it at a time. */
static double of_copies(const struct er_regress_spec *spec, double rows)
{
    switch (spec->validation) {
    case ER_VALIDATION_NONE:
        return 0;
    case ER_VALIDATION_LEAVE_ONE_OUT:
    case ER_VALIDATION_K_FOLD:
        return rows;
    case ER_VALIDATION_HOLD_OUT:
    case ER_VALIDATION_BOOTSTRAP:
        return 2 * rows;
    }
    return 0;
}

/* Features of the test part that are there at a time. */
static double of_test(const struct er_regress_spec *spec, const struct er_regress_sizes *sizes,
                      double features)
{
    if (spec->basis == ER_BASIS_LINEAR && spec->sets == 0) return 0;
    const double at_once = 2 * (double)er_regress_rows_at_once((int64_t)features);
    return features * (spec->sets > 0 || spec->descent ? (double)sizes->m : fmin((double)sizes->m, at_once));
}

double er_regress_bytes(const struct er_regress_spec *spec, const struct er_regress_sizes *sizes)
{
    const double n = (double)sizes->n, m = (double)sizes->m, d = (double)sizes->d, k = (double)sizes->k,
                 features = (double)er_regress_features(spec, sizes->d), weights = features * k,
                 solving = of_solving(n, features, k), test = of_test(spec, sizes, features);
    double numbers = weights + (n + m) * k;
    if (spec->basis != ER_BASIS_LINEAR || spec->sets > 0) numbers += n * features;
    if (spec->sets > 0) numbers += (double)spec->sets * n * (d + 2 * k) + m * (d + 5 * k);
    if (spec->null > 0) numbers += weights;
    if (spec->descent) numbers += 2 * weights;
    if (d == 1 && k == 1 && spec->sets == 0 && !spec->descent)
        numbers += (n + fmax(m, LEAST_POINTS)) * (features + 20);
    numbers += of_copies(spec, n * (features + k + 4));
    numbers += spec->sets > 0 || spec->descent ? solving + test : fmax(solving, test);
    return numbers * sizeof(double) + er_basis_bytes(spec->basis, (int64_t)features, sizes->d);
}

enum er_status er_regress_memory_check(const struct er_regress_spec *spec,
                                       const struct er_regress_sizes *sizes, struct er_error *err)
{
    char what[128];
    snprintf(what, sizeof what, "regress: %" PRId64 " features of %" PRId64 " examples and their fit",
             er_regress_features(spec, sizes->d), sizes->n);
    return er_memory_check(er_regress_bytes(spec, sizes), what, err);
}
