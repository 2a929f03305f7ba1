/* recover_method.c - see recover_method.h. A method leaves a dense matrix, or two factors; what is said of
 * either is the same. */
#include "experiments/recover_method.h"

#include "experiments/recover_errors.h"

#include <ermine/als.h>
#include <ermine/memory.h>
#include <ermine/nuclear.h>
#include <math.h>

/* The share of the observations that choose a lambda. */
static const double VALIDATION = 0.1;

/* Of als, at most: down to a thousandth of the largest. */
enum { ALS_LAMBDAS = 20 };

struct solve {
    const struct er_recovery *problem;
    const struct er_method_spec *spec;
    struct er_pool *pool; /* not NULL */
    const struct er_progress *progress;
    struct er_method_result *out;
    double *w;            /* rows x columns, or NULL: */
    struct er_factored x; /* the matrix as factors */
};

static int64_t smaller_side(const struct er_recovery *problem)
{
    return problem->rows < problem->columns ? problem->rows : problem->columns;
}

static enum er_status new_dense(struct solve *s, struct er_error *err)
{
    s->w = er_alloc(s->problem->rows * s->problem->columns, sizeof *s->w);
    if (s->w) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "recover: out of memory for a matrix of %lld x %lld",
                   (long long)s->problem->rows, (long long)s->problem->columns);
}

static enum er_status solve_constants(struct solve *s, struct er_error *err)
{
    const bool bias = s->spec->method == ER_METHOD_BIAS;
    struct er_baseline found = {0};
    enum er_status status = er_recover_fit(s->problem, bias, s->spec->lambda, s->pool, &found, err);
    if (status == ER_OK) status = er_recover_factors(&found, bias, &s->x, err);
    s->out->outcome = "solved";
    if (bias) {
        s->out->lambda = s->spec->lambda;
        s->out->primal = found.objective;
        s->out->iterations = (double)found.sweeps;
        s->out->gradient = found.gradient;
    }
    er_baseline_clear(&found);
    return status;
}

static void certify(struct er_method_result *out, const struct er_nuclear_result *found)
{
    out->primal = found->primal;
    out->dual = found->dual;
    out->gap = found->gap;
    out->violation = found->violation;
    out->iterations = (double)found->iterations;
}

static enum er_status solve_nuclear(struct solve *s, struct er_error *err)
{
    struct er_nuclear_spec spec = er_nuclear_spec_default();
    struct er_nuclear_result found;
    spec.gap = s->spec->gap;
    spec.tolerance = s->spec->tolerance;
    spec.iterations = s->spec->iterations;
    enum er_status status = new_dense(s, err);
    if (status == ER_OK)
        status = er_nuclear_minimum(s->problem, &spec, s->w, NULL, &found, s->pool, s->progress, err);
    if (status != ER_OK) return status;
    certify(s->out, &found);
    s->out->outcome = found.reached ? "gap" : found.exhausted ? "iterations" : "rounding";
    return ER_OK;
}

static enum er_status solve_frobenius(struct solve *s, struct er_error *err)
{
    struct er_nuclear_result found;
    enum er_status status = new_dense(s, err);
    if (status == ER_OK) status = er_frobenius_minimum(s->problem, s->w, &found, s->pool, s->progress, err);
    if (status == ER_OK) certify(s->out, &found);
    if (status == ER_OK) s->out->outcome = "solved";
    return status;
}

static void record_tried(void *ctx, const struct er_soft_impute_state *state, double error)
{
    struct er_recover_path *path = ctx;
    path->step[path->n].state = *state;
    path->step[path->n++].error = error;
}

static bool is_zero(const struct er_sparse *s)
{
    for (int64_t k = 0; k < s->n; k++)
        if (s->value[k] != 0) return false;
    return true;
}

static enum er_status solve_soft_impute(struct solve *s, struct er_error *err)
{
    struct er_soft_impute_options options = er_soft_impute_defaults();
    const struct er_soft_impute_path lambdas = {.count = ER_RECOVER_PATH, .least = 0.01};
    struct er_soft_impute_choice choice;
    struct er_soft_impute_state state = {0};
    enum er_status status;
    options.gap = s->spec->gap;
    options.seed = s->spec->seed;
    options.rank = s->spec->rank;
    if (options.rank > 0) options.way = ER_SOFT_IMPUTE_FACTORED; /* only factors have a bound of the rank */
    if (s->spec->iterations > 0) options.iterations = s->spec->iterations;
    s->x = (struct er_factored){.rows = s->problem->rows, .columns = s->problem->columns};
    if (isnan(s->spec->lambda) && s->problem->kind == ER_COMPLETION && is_zero(&s->problem->train)) {
        s->out->outcome = "solved"; /* constants leave nothing: 0, whatever lambda */
        s->out->primal = s->out->dual = s->out->gap = s->out->iterations = 0;
        return ER_OK;
    }
    if (isnan(s->spec->lambda))
        status =
            er_soft_impute_chosen(s->problem, &options, &lambdas, VALIDATION, s->spec->seed, record_tried,
                                  &s->out->path, &choice, &s->x, &state, s->pool, s->progress, err);
    else
        status =
            er_soft_impute(s->problem, &options, s->spec->lambda, &s->x, &state, s->pool, s->progress, err);
    s->out->outcome = state.converged                         ? "gap"
                      : state.capped                          ? "rank"
                      : state.iterations < options.iterations ? "rounding"
                                                              : "iterations";
    s->out->primal = state.primal;
    s->out->dual = state.dual;
    s->out->gap = state.gap;
    s->out->iterations = (double)state.iterations;
    s->out->lambda = state.lambda;
    return status;
}

static enum er_status solve_als(struct solve *s, struct er_error *err)
{
    struct er_als_options options = er_als_defaults();
    struct er_als_state state = {0};
    enum er_status status;
    options.rank = s->spec->rank < smaller_side(s->problem) ? s->spec->rank : smaller_side(s->problem);
    options.penalty = s->spec->weighted ? ER_ALS_WEIGHTED : ER_ALS_PLAIN;
    options.tolerance = s->spec->gap;
    options.seed = s->spec->seed;
    options.lambda = isnan(s->spec->lambda) ? 0 : s->spec->lambda;
    if (s->spec->iterations > 0) options.iterations = s->spec->iterations;
    if (isnan(s->spec->lambda) && s->problem->kind == ER_COMPLETION) {
        status = er_als_chosen(s->problem, &options, ALS_LAMBDAS, NULL, VALIDATION, s->spec->seed, NULL, NULL,
                               &s->x, &state, s->pool, s->progress, err);
    } else
        status = er_als(s->problem, &options, &s->x, &state, s->pool, s->progress, err);
    s->out->outcome = state.converged ? "converged" : "iterations";
    s->out->primal = state.objective;
    s->out->gradient = state.gradient;
    s->out->iterations = (double)state.iterations;
    s->out->lambda = state.lambda;
    return status;
}

static enum er_status solve_any(struct solve *s, struct er_error *err)
{
    switch (s->spec->method) {
    case ER_METHOD_NUCLEAR_NORM:
        return solve_nuclear(s, err);
    case ER_METHOD_SOFT_IMPUTE:
        return solve_soft_impute(s, err);
    case ER_METHOD_ALS:
        return solve_als(s, err);
    case ER_METHOD_FROBENIUS:
        return solve_frobenius(s, err);
    case ER_METHOD_MEAN:
    case ER_METHOD_BIAS:
    case ER_METHODS:
        break;
    }
    return solve_constants(s, err);
}

/* Factors are written out where the matrix is small enough to be known whole, or is sensed. */
static enum er_status write_out(struct solve *s, struct er_error *err)
{
    if (s->w || !(s->problem->truth || s->problem->kind == ER_SENSING)) return ER_OK;
    const enum er_status status = new_dense(s, err);
    if (status == ER_OK) er_factored_dense(&s->x, s->w);
    return status;
}

static void fill_spectrum(int64_t n, const double *s, struct er_method_result *out)
{
    double squares = 0, rank = 0;
    for (int64_t i = 0; i < n; i++) {
        squares += s[i] * s[i];
        rank += s[i] > 1e-9 * s[0];
    }
    out->nuclear_norm = er_nuclear_norm(n, s);
    out->frobenius_norm = sqrt(squares);
    out->effective_rank = er_effective_rank(n, s);
    out->rank = rank;
}

static enum er_status spectrum(const struct solve *s, struct er_error *err)
{
    const struct er_recovery *problem = s->problem;
    const int64_t n = s->w ? smaller_side(problem) : s->x.rank;
    struct er_factored copy = {0};
    double *values = er_alloc(n, sizeof *values);
    if (!values)
        return er_fail(err, ER_E_NOMEM, "recover: out of memory for %lld singular values", (long long)n);
    enum er_status status = ER_OK;
    if (s->w)
        status = er_singular_values(problem->rows, problem->columns, s->w, values, err);
    else if (n > 0) {
        status = er_factored_copy(&s->x, &copy, err);
        if (status == ER_OK) status = er_factored_balance(&copy, values, err);
    }
    if (status == ER_OK) fill_spectrum(n, values, s->out);
    er_factored_clear(&copy);
    er_free(values);
    return status;
}

static enum er_status measure(struct solve *s, struct er_error *err)
{
    struct er_method_result *out = s->out;
    enum er_status status = write_out(s, err);
    if (status != ER_OK) return status;
    if (s->w) {
        out->train_error = er_recovery_loss(s->problem, s->w);
        out->test_error = er_recovery_risk(s->problem, s->w);
    } else {
        status = er_factored_error(&s->x, &s->problem->train, &out->train_error, s->pool, err);
        if (status == ER_OK)
            status = er_factored_error(&s->x, &s->problem->test, &out->test_error, s->pool, err);
    }
    if (status == ER_OK) status = spectrum(s, err);
    if (status == ER_OK && s->problem->test.n > 0)
        status = er_recover_interval_of(&s->problem->test, s->w, &s->x, s->pool, &out->low, &out->high, err);
    return status;
}

enum er_status er_method_solve(const struct er_recovery *problem, const struct er_method_spec *spec,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_method_result *out, struct er_error *err)
{
    struct er_method_result result = {.outcome = "",
                                      .primal = (double)NAN,
                                      .dual = (double)NAN,
                                      .gap = (double)NAN,
                                      .violation = (double)NAN,
                                      .gradient = (double)NAN,
                                      .iterations = (double)NAN,
                                      .lambda = (double)NAN,
                                      .rank = (double)NAN,
                                      .test_error = (double)NAN,
                                      .low = (double)NAN,
                                      .high = (double)NAN};
    struct er_pool *alone = NULL;
    struct solve s = {.problem = problem, .spec = spec, .pool = pool, .progress = progress, .out = &result};
    enum er_status status = pool ? ER_OK : er_pool_new(1, &alone, err);
    if (!pool) s.pool = alone;
    if (status == ER_OK) status = solve_any(&s, err);
    if (status == ER_OK) status = measure(&s, err);
    if (status == ER_OK) *out = result;
    er_factored_clear(&s.x);
    er_free(s.w);
    er_pool_free(alone);
    return status;
}
