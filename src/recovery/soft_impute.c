/* soft_impute.c - one lambda: what is asked is checked, a way is chosen, and what it found is judged. */
#include "recovery/soft_impute_work.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { DENSE_SHORTER = 64, DENSE_LONGER = 1024 };

struct er_soft_impute_options er_soft_impute_defaults(void)
{
    return (struct er_soft_impute_options){.gap = 1e-6, .iterations = 10000};
}

static enum er_status check_entries(const struct er_recovery *problem, struct er_error *err)
{
    if (problem->kind != ER_COMPLETION)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "soft-impute: it completes entries, and the problem is one of sensing");
    return ER_OK;
}

static enum er_status check(const struct er_recovery *problem, const struct er_soft_impute_options *o,
                            const struct er_factored *x, double lambda, struct er_error *err)
{
    if (!(lambda > 0 && isfinite(lambda)))
        return er_fail(
            err, ER_E_USAGE,
            "soft-impute: lambda is %g; it must be above 0 (the limit is the minimum nuclear norm)", lambda);
    if (o->rank < 0 || o->iterations < 1 || !(o->gap >= 1e-14 && o->gap <= 1))
        return er_fail(err, ER_E_USAGE,
                       "soft-impute: rank %" PRId64 " >= 0, iterations %" PRId64
                       " >= 1, gap %g of 1e-14 .. 1",
                       o->rank, o->iterations, o->gap);
    if (x->rank > 0 && (x->rows != problem->rows || x->columns != problem->columns))
        return er_fail(err, ER_E_SHAPE,
                       "soft-impute: the start is %" PRId64 " x %" PRId64 ", the problem %" PRId64
                       " x %" PRId64,
                       x->rows, x->columns, problem->rows, problem->columns);
    return check_entries(problem, err);
}

enum er_status er_soft_impute_judge(const struct er_soft_impute_work *w, double nuclear_norm, bool exact,
                                    struct er_soft_impute_state *state, struct er_error *err)
{
    const struct er_sparse *s = w->entries;
    const struct er_residual_norm r = {s, w->residual, w->options->seed, w->pool, w->count};
    const bool small = s->rows <= ER_NORM_ALWAYS_EXACT || s->columns <= ER_NORM_ALWAYS_EXACT;
    double norm;
    const enum er_status status = er_residual_norm_find(&r, exact || small, &norm, &state->exact, err);
    if (status != ER_OK) return status;
    state->primal = er_sparse_dot(s->n, w->residual, w->residual) / 2 + w->lambda * nuclear_norm;
    state->dual = er_residual_dual(s->n, w->residual, s->value, norm, w->lambda);
    state->gap = state->primal > 0 ? (state->primal - state->dual) / state->primal : 0;
    state->converged = state->gap <= w->options->gap;
    return isfinite(state->primal)
               ? ER_OK
               : er_fail(err, ER_E_NONFINITE, "soft-impute: the objective is infinite or NaN");
}

enum er_status er_soft_impute_largest(const struct er_recovery *problem, uint64_t seed, double *lambda,
                                      struct er_pool *pool, struct er_error *err)
{
    bool exact;
    const struct er_residual_norm r = {&problem->train, problem->train.value, seed, pool, NULL};
    const enum er_status status = check_entries(problem, err);
    return status == ER_OK ? er_residual_norm_find(&r, true, lambda, &exact, err) : status;
}

bool er_soft_impute_is_dense(const struct er_recovery *p, enum er_soft_impute_way way)
{
    const int64_t shorter = p->rows < p->columns ? p->rows : p->columns,
                  longer = p->rows + p->columns - shorter;
    return way == ER_SOFT_IMPUTE_DENSE ||
           (way == ER_SOFT_IMPUTE_CHOOSE && shorter <= DENSE_SHORTER && longer <= DENSE_LONGER);
}

enum er_status er_soft_impute(const struct er_recovery *problem, const struct er_soft_impute_options *options,
                              double lambda, struct er_factored *x, struct er_soft_impute_state *state,
                              struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    struct er_soft_impute_state found = {.lambda = lambda};
    struct er_task_count count;
    enum er_status status = check(problem, options, x, lambda, err);
    if (status != ER_OK) return status;
    struct er_soft_impute_work w = {
        .entries = &problem->train, .options = options, .lambda = lambda, .pool = pool, .count = &count};
    w.residual = er_alloc(problem->n, sizeof *w.residual);
    if (!w.residual)
        return er_fail(err, ER_E_NOMEM, "soft-impute: out of memory for %" PRId64 " entries", problem->n);
    er_task_count_open(&count, progress, 0);
    status = er_soft_impute_is_dense(problem, options->way) ? er_soft_impute_dense(&w, x, &found, err)
                                                            : er_soft_impute_factored(&w, x, &found, err);
    const enum er_status closed = er_task_count_close(&count, "soft-impute", status == ER_OK ? err : NULL);
    if (status == ER_OK) status = closed;
    er_free(w.residual);
    if (status == ER_OK) *state = found;
    return status;
}
