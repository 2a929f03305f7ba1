/* recover_method_keys.c - a point's method and its settings. */
#include "experiments/recover_method.h"

#include "experiments/matrix_keys.h"
#include "experiments/point.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const word[ER_METHODS] = {
    [ER_METHOD_MEAN] = "mean",
    [ER_METHOD_BIAS] = "bias",
    [ER_METHOD_NUCLEAR_NORM] = "nuclear-norm",
    [ER_METHOD_SOFT_IMPUTE] = "soft-impute",
    [ER_METHOD_ALS] = "als",
    [ER_METHOD_FROBENIUS] = "frobenius",
};

/* Of alternating least squares on ratings. */
enum { RATINGS_RANK = 10 };

const char *er_method_word(enum er_method method)
{
    return word[method];
}

bool er_method_same(const struct er_method_spec *a, const struct er_method_spec *b)
{
    return a->method == b->method && a->gap == b->gap && a->iterations == b->iterations &&
           a->rank == b->rank && a->tolerance == b->tolerance && a->weighted == b->weighted &&
           a->seed == b->seed && (a->lambda == b->lambda || (isnan(a->lambda) && isnan(b->lambda)));
}

static double real(const struct er_point *point, const char *map, const char *method, const char *key,
                   double fallback)
{
    char path[96];
    snprintf(path, sizeof path, "%s.%s.%s", map, method, key);
    return er_point_real(point, path, fallback);
}

struct er_method_spec er_method_keys_spec(const struct er_point *point, const char *map, const char *choice,
                                          uint64_t seed)
{
    const char *name = er_point_text(point, choice, "");
    struct er_method_spec spec = {.method = ER_METHOD_MEAN, .seed = seed};
    for (int m = 0; m < ER_METHODS; m++)
        if (strcmp(name, word[m]) == 0) spec.method = (enum er_method)m;
    spec.gap = real(point, map, name, "gap", 0);
    spec.iterations = (int64_t)real(point, map, name, "iterations", 0);
    spec.tolerance = real(point, map, name, "tolerance", 0);
    spec.rank = (int64_t)real(point, map, name, "rank", 0);
    if (spec.method == ER_METHOD_ALS && spec.rank == 0)
        spec.rank = er_matrix_keys_is_ratings(point) ? RATINGS_RANK : er_matrix_keys_spec(point).rank;
    spec.lambda = real(point, map, name, "lambda", (double)NAN);
    spec.weighted = real(point, map, name, "weighted", 0) != 0;
    return spec;
}

enum er_status er_method_keys_check(const struct er_point *point, const char *map, const char *choice,
                                    const struct er_method_spec *spec, struct er_error *err)
{
    if (spec->method == ER_METHOD_SOFT_IMPUTE && spec->lambda == 0) {
        char path[96];
        snprintf(path, sizeof path, "%s.soft-impute.lambda", map);
        return er_point_fail(point, path, err, "must be above 0; nuclear-norm is what it comes to at 0");
    }
    if (er_matrix_keys_is_ratings(point)) return ER_OK;
    const struct er_recovery_spec made = er_matrix_keys_spec(point);
    const int64_t least = made.rows < made.columns ? made.rows : made.columns;
    const bool entries_only = spec->method == ER_METHOD_MEAN || spec->method == ER_METHOD_BIAS ||
                              spec->method == ER_METHOD_SOFT_IMPUTE ||
                              (spec->method == ER_METHOD_ALS && spec->weighted);
    if (made.kind == ER_SENSING && entries_only)
        return er_point_fail(point, choice, err, "%s%s needs entries, and matrix.observe is measurements",
                             word[spec->method], spec->weighted ? " weighted by their number" : "");
    if (spec->method == ER_METHOD_ALS && spec->rank > least) {
        char path[96];
        snprintf(path, sizeof path, "%s.als.rank", map);
        return er_point_fail(point, path, err, "%lld is more than the smaller side of the matrix, %lld",
                             (long long)spec->rank, (long long)least);
    }
    return ER_OK;
}

enum er_status er_method_fail(const struct er_point *point, const char *choice, enum er_status status,
                              const struct er_error *why, struct er_error *err)
{
    const bool of_input =
        status == ER_E_USAGE || status == ER_E_INPUT || status == ER_E_LIMIT || status == ER_E_UNSUPPORTED;
    if (of_input && why->line == 0) return er_point_fail(point, choice, err, "%s", why->msg);
    if (err) *err = *why;
    return status;
}
