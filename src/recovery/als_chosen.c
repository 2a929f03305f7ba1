/* als_chosen.c - the weight of the penalty by validation: falling, until the error has risen. */
#include "recovery/residual_norm.h"

#include <ermine/als.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { RISEN = 3 };               /* values of lambda in a row whose validation error was above the least */
static const double ROUGH = 1e-3; /* tolerance of what is only judged by held-out entries */

/* Entries by the roots of how many there are in their row and column. */
static void scale(const struct er_sparse *s, double *value)
{
    for (int64_t i = 0; i < s->rows; i++) {
        const double row = (double)(s->row_start[i + 1] - s->row_start[i]);
        for (int64_t e = s->row_start[i]; e < s->row_start[i + 1]; e++) {
            const int32_t j = s->column[e];
            value[e] /= sqrt(row * (double)(s->column_start[j + 1] - s->column_start[j]));
        }
    }
}

enum er_status er_als_largest(const struct er_recovery *problem, const struct er_als_options *options,
                              double *lambda, struct er_pool *pool, struct er_error *err)
{
    const struct er_sparse *s = &problem->train;
    bool exact;
    if (problem->kind != ER_COMPLETION)
        return er_fail(err, ER_E_UNSUPPORTED, "als: the largest lambda is known of entries, not of sensing");
    double *value = er_alloc(s->n, sizeof *value);
    if (!value) return er_fail(err, ER_E_NOMEM, "als: out of memory for %" PRId64 " entries", s->n);
    memcpy(value, s->value, (size_t)s->n * sizeof *value);
    if (options->penalty == ER_ALS_WEIGHTED) scale(s, value);
    const struct er_residual_norm r = {s, value, options->seed, pool, NULL};
    const enum er_status status = er_residual_norm_find(&r, true, lambda, &exact, err);
    er_free(value);
    return status;
}

/* The i-th of them, from 0: those given, the largest first, or a path. */
static double value_of(double largest, const double *lambda, const int64_t *order, int64_t i)
{
    return lambda ? lambda[order[i]] : largest * pow(2, -0.5 * (double)(i + 1));
}

/* Places of falling values: a few, each put before the smaller ones. */
static void order_falling(int64_t count, const double *lambda, int64_t *order)
{
    for (int64_t i = 0, at; i < count; i++) {
        for (at = i; at > 0 && lambda[order[at - 1]] < lambda[i]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
}

struct search {
    const struct er_recovery *problem;
    struct er_als_options options;
    const double *lambda;
    int64_t count, *order;
    struct er_pool *pool;
    const struct er_progress *progress;
};

/* *best: which of the falling values has the least error on what is held out. */
static enum er_status validate(struct search *s, double share, uint64_t seed, int64_t *best, double *least,
                               struct er_error *err)
{
    struct er_recovery part = {0};
    double largest = 0;
    enum er_status status = er_recovery_hold_out(s->problem, share, seed, &part, err);
    if (status == ER_OK && !s->lambda) status = er_als_largest(&part, &s->options, &largest, s->pool, err);
    *best = 0;
    *least = (double)INFINITY;
    for (int64_t i = 0; status == ER_OK && i < s->count && i - *best <= RISEN; i++) {
        struct er_factored tried = {0};
        struct er_als_state unused;
        double found = (double)NAN;
        s->options.lambda = value_of(largest, s->lambda, s->order, i);
        status = er_als(&part, &s->options, &tried, &unused, s->pool, s->progress, err);
        if (status == ER_OK) status = er_factored_error(&tried, &part.test, &found, s->pool, err);
        er_factored_clear(&tried);
        if (found < *least) {
            *least = found;
            *best = i;
        }
    }
    er_recovery_clear(&part);
    return status;
}

enum er_status er_als_chosen(const struct er_recovery *problem, const struct er_als_options *options,
                             int64_t count, const double *lambda, double share, uint64_t seed,
                             int64_t *chosen, double *error, struct er_factored *x,
                             struct er_als_state *state, struct er_pool *pool,
                             const struct er_progress *progress, struct er_error *err)
{
    struct er_als_options o = *options;
    double least, largest = 0;
    int64_t best;
    if (count < 1) return er_fail(err, ER_E_USAGE, "als: %" PRId64 " values of lambda to choose from", count);
    struct search s = {problem, o, lambda, count, er_alloc(count, sizeof *s.order), pool, progress};
    if (!s.order) return er_fail(err, ER_E_NOMEM, "als: out of memory for %" PRId64 " values", count);
    if (lambda) order_falling(count, lambda, s.order);
    s.options.tolerance = fmax(s.options.tolerance, ROUGH);
    enum er_status status = validate(&s, share, seed, &best, &least, err);
    if (status == ER_OK && !lambda) status = er_als_largest(problem, &o, &largest, pool, err);
    o.lambda = value_of(largest, lambda, s.order, best);
    if (lambda) best = s.order[best];
    er_free(s.order);
    if (status == ER_OK) status = er_als(problem, &o, x, state, pool, progress, err);
    if (status != ER_OK) return status;
    if (chosen) *chosen = best;
    if (error) *error = least;
    return ER_OK;
}
