/* als.c - alternating least squares: factor 0 given factor 1, factor 1 given factor 0, until f hardly falls. */
#include "recovery/als_kind.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct er_als_options er_als_defaults(void)
{
    return (struct er_als_options){.rank = 10, .lambda = 0.1, .tolerance = 1e-6, .iterations = 500};
}

static enum er_status check(const struct er_recovery *p, const struct er_als_options *o, struct er_error *err)
{
    const int64_t most = p->rows < p->columns ? p->rows : p->columns;
    if (o->rank < 1 || o->rank > most)
        return er_fail(err, ER_E_USAGE,
                       "als: rank is %" PRId64 ", a matrix of %" PRId64 " x %" PRId64 " allows 1 to %" PRId64,
                       o->rank, p->rows, p->columns, most);
    if (!(o->lambda >= 0 && isfinite(o->lambda)) || !(o->tolerance >= 0 && o->tolerance <= 1) ||
        o->iterations < 1)
        return er_fail(err, ER_E_USAGE,
                       "als: lambda %g >= 0, tolerance %g of 0 .. 1, iterations %" PRId64 " >= 1", o->lambda,
                       o->tolerance, o->iterations);
    return ER_OK;
}

/* f and |df/d(U, V)|: df/du_i = -2 (residual pulled back to u_i) + 2 lambda_i u_i. `room`: as the longer factor. */
static void measure(struct er_als_work *w, double *residual, double *room, struct er_als_state *state)
{
    const int64_t r = w->options->rank;
    const bool weighted = w->options->penalty == ER_ALS_WEIGHTED;
    double sum = 0;
    w->kind->residual(w, residual);
    state->objective =
        er_sparse_dot(w->problem->n, residual, residual) + w->kind->penalty(w, 0) + w->kind->penalty(w, 1);
    for (int which = 0; which < 2; which++) {
        w->kind->times(w, residual, which, r, w->factor[1 - which], room);
        for (int64_t i = 0; i < w->length[which]; i++) {
            const double count =
                weighted ? (double)(w->side[which].start[i + 1] - w->side[which].start[i]) : 1;
            for (int64_t c = i * r; c < (i + 1) * r; c++) {
                const double g = 2 * (w->options->lambda * count * w->factor[which][c] - room[c]);
                sum += g * g;
            }
        }
    }
    state->gradient = sqrt(sum);
}

static enum er_status iterate(struct er_als_work *w, struct er_als_state *state, struct er_error *err)
{
    const double floor = er_sparse_dot(w->problem->n, w->y, w->y) * 1e-30;
    double before = (double)INFINITY;
    for (int64_t i = 0; i < w->options->iterations && !state->converged; i++) {
        double squared = 0;
        enum er_status status = w->kind->step(w, 0, &squared, err);
        if (status == ER_OK) status = w->kind->step(w, 1, &squared, err);
        if (status != ER_OK) return status;
        if (er_task_count_stopped(w->count)) return ER_OK; /* closing the count says so */
        state->objective = squared + w->kind->penalty(w, 0) + w->kind->penalty(w, 1);
        state->iterations = i + 1;
        if (!isfinite(state->objective))
            return er_fail(err, ER_E_NONFINITE, "als: the objective is infinite or NaN");
        state->converged = state->objective <= floor ||
                           before - state->objective <= w->options->tolerance * state->objective;
        before = state->objective;
    }
    return ER_OK;
}

/* From the start to the end, with room as it is needed there. */
static enum er_status run(struct er_als_work *w, struct er_factored *x, struct er_als_state *state,
                          struct er_error *err)
{
    const int64_t longer = w->length[0] > w->length[1] ? w->length[0] : w->length[1];
    enum er_status status = w->kind->open(w, err);
    double *residual = NULL, *room = NULL;
    if (status == ER_OK) {
        residual = er_alloc(w->problem->n, sizeof *residual);
        room = er_alloc(longer * w->options->rank, sizeof *room);
        if (!residual || !room)
            status = er_fail(err, ER_E_NOMEM, "als: out of memory for rank %" PRId64, w->options->rank);
    }
    if (status == ER_OK) status = er_als_begin(w, err);
    if (status == ER_OK) status = iterate(w, state, err);
    if (status == ER_OK && w->options->penalty == ER_ALS_PLAIN) status = er_factored_balance(x, NULL, err);
    if (status == ER_OK) measure(w, residual, room, state);
    w->kind->close(w);
    er_free(residual);
    er_free(room);
    return status;
}

enum er_status er_als(const struct er_recovery *problem, const struct er_als_options *options,
                      struct er_factored *x, struct er_als_state *state, struct er_pool *pool,
                      const struct er_progress *progress, struct er_error *err)
{
    struct er_als_state found = {.lambda = options->lambda};
    struct er_factored made = {problem->rows, problem->columns, options->rank, NULL, NULL};
    struct er_task_count count;
    enum er_status status = check(problem, options, err);
    if (status != ER_OK) return status;
    const bool entries = problem->kind == ER_COMPLETION;
    made.left = er_alloc(made.rows * made.rank, sizeof *made.left);
    made.right = er_alloc(made.columns * made.rank, sizeof *made.right);
    if (!made.left || !made.right) {
        er_factored_clear(&made);
        return er_fail(err, ER_E_NOMEM, "als: out of memory for rank %" PRId64, options->rank);
    }
    struct er_als_work w = {.kind = entries ? &er_als_entries : &er_als_measured,
                            .problem = problem,
                            .options = options,
                            .y = entries ? problem->train.value : problem->y,
                            .length = {problem->rows, problem->columns},
                            .factor = {made.left, made.right},
                            .pool = pool,
                            .count = &count};
    er_task_count_open(&count, progress, 0);
    status = run(&w, &made, &found, err);
    const enum er_status closed = er_task_count_close(&count, "als", status == ER_OK ? err : NULL);
    if (status == ER_OK) status = closed;
    if (status == ER_OK) {
        *x = made;
        *state = found;
    } else {
        er_factored_clear(&made);
    }
    return status;
}
