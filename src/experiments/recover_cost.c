/* recover_cost.c - what a method takes, by its formulas (<ermine/nuclear.h>, <ermine/soft_impute.h>,
 * <ermine/als.h>). */
#include "experiments/recover_method.h"

#include "math/peak.h"

#include <ermine/nuclear.h>
#include <ermine/soft_impute.h>
#include <math.h>

/* Iterations that such problems usually take. */
enum { PROXIMAL = 200, REGRESSIONS = 40, PASSES = 40, ALS_TRIED = 10 };

/* Decompositions run at an eighth of the speed of products: of 20 rows columns min(rows, columns) flops. */
static const double DECOMPOSED = 160;

static double cube(double x)
{
    return x * x * x;
}

struct sizes {
    double rows, columns, n, entries, shorter, longer;
};

static struct sizes sizes_of(const struct er_recovery *problem)
{
    const double rows = (double)problem->rows, columns = (double)problem->columns;
    return (struct sizes){.rows = rows,
                          .columns = columns,
                          .n = (double)problem->n,
                          .entries = rows * columns,
                          .shorter = fmin(rows, columns),
                          .longer = fmax(rows, columns)};
}

/* A rank that is given takes the factored way. */
static bool is_dense(const struct er_recovery *problem, const struct er_method_spec *spec)
{
    return spec->rank == 0 && er_soft_impute_is_dense(problem, ER_SOFT_IMPUTE_CHOOSE);
}

static double rank_of(const struct sizes *s, const struct er_method_spec *spec)
{
    return fmin(spec->rank > 0 ? (double)spec->rank : 50, s->shorter);
}

/* Factors written out, and their copy when singular values are taken; where the matrix is known whole, or
 * sensed. */
static double shown(const struct er_recovery *problem, const struct sizes *s)
{
    return problem->truth || problem->kind == ER_SENSING ? 16 * s->entries : 0;
}

static double als_bytes(const struct er_recovery *problem, const struct sizes *s, double rank)
{
    const double most = rank * s->longer, factors = 8 * (s->rows + s->columns) * (2 * rank + 1) + 40 * s->n;
    return factors + (problem->kind == ER_SENSING ? 8 * (s->n * (most + 1) + most * most + s->entries) : 0);
}

static struct er_nuclear_spec nuclear_of(const struct er_method_spec *spec)
{
    struct er_nuclear_spec nuclear = er_nuclear_spec_default();
    nuclear.tolerance = spec->tolerance;
    nuclear.iterations = spec->iterations;
    return nuclear;
}

double er_method_bytes(const struct er_recovery *problem, const struct er_method_spec *spec)
{
    const struct sizes s = sizes_of(problem);
    const double rank = rank_of(&s, spec);
    const struct er_nuclear_spec nuclear = nuclear_of(spec);
    switch (spec->method) {
    case ER_METHOD_NUCLEAR_NORM:
        return 16 * s.entries + er_nuclear_bytes(problem, &nuclear);
    case ER_METHOD_FROBENIUS:
        return 16 * s.entries + (problem->kind == ER_SENSING ? 8 * s.n * s.n : 0);
    case ER_METHOD_SOFT_IMPUTE:
        return (is_dense(problem, spec) ? 56 * s.entries
                                        : 8 * s.n + 32 * (s.rows + s.columns) * (rank + 10)) +
               40 * s.n + shown(problem, &s);
    case ER_METHOD_ALS:
        return als_bytes(problem, &s, rank) + shown(problem, &s);
    case ER_METHOD_MEAN:
    case ER_METHOD_BIAS:
    case ER_METHODS:
        break;
    }
    return 64 * (s.rows + s.columns) + shown(problem, &s);
}

static double als_flops(const struct er_recovery *problem, const struct sizes *s,
                        const struct er_method_spec *spec, double rank)
{
    const double sides = s->rows * s->rows + s->columns * s->columns;
    if (problem->kind == ER_SENSING)
        return PASSES * (4 * s->n * rank * s->entries + s->n * rank * rank * sides);
    const double pass = 2 * s->n * rank * (rank + 5) + (s->rows + s->columns) * cube(rank) / 3;
    return (isnan(spec->lambda) ? ALS_TRIED : 1) * PASSES * pass;
}

double er_method_flops(const struct er_recovery *problem, const struct er_method_spec *spec)
{
    const struct er_nuclear_spec nuclear = nuclear_of(spec);
    const struct sizes s = sizes_of(problem);
    const double rank = rank_of(&s, spec), spectrum = DECOMPOSED * s.entries * s.shorter,
                 values = isnan(spec->lambda) ? ER_RECOVER_PATH : 1,
                 known = problem->truth || problem->kind == ER_SENSING ? spectrum : 0;
    switch (spec->method) {
    case ER_METHOD_NUCLEAR_NORM:
        return er_nuclear_flops(problem, &nuclear) + spectrum;
    case ER_METHOD_FROBENIUS:
        return (problem->kind == ER_SENSING ? cube(s.n) / 3 + s.n * s.n * s.entries : 0) + spectrum;
    case ER_METHOD_SOFT_IMPUTE:
        if (is_dense(problem, spec)) return values * PROXIMAL * spectrum + known;
        return values * REGRESSIONS *
                   (2 * s.n * rank * (rank + 5) + (s.rows + s.columns) * (cube(rank) / 3 + 8 * rank * rank)) +
               known;
    case ER_METHOD_ALS:
        return als_flops(problem, &s, spec, rank) + known;
    case ER_METHOD_MEAN:
    case ER_METHOD_BIAS:
    case ER_METHODS:
        break;
    }
    return 1000 * s.n + known;
}

double er_method_flop_seconds(struct er_pool *pool)
{
    const double doubles = er_peak_gflops(pool, 0.03, NULL) / 2;
    return (double)er_pool_threads(pool) / (1e9 * doubles);
}
