/* als_entries.c - alternating least squares of entries: a regression for each row, then for each column. */
#include "recovery/als_kind.h"

#include <ermine/memory.h>
#include <inttypes.h>

static enum er_status open_entries(struct er_als_work *w, struct er_error *err)
{
    const struct er_als_options *o = w->options;
    const int64_t most = w->length[0] > w->length[1] ? w->length[0] : w->length[1];
    w->side[0] = er_sparse_rows(&w->problem->train);
    w->side[1] = er_sparse_columns(&w->problem->train);
    w->squared = er_alloc(most, sizeof *w->squared);
    if (!w->squared) return er_fail(err, ER_E_NOMEM, "als: out of memory for %" PRId64 " lines", most);
    return er_row_regression_open(&w->lines, o->rank, o->lambda, o->penalty == ER_ALS_WEIGHTED, w->pool,
                                  w->count, err);
}

static void close_entries(struct er_als_work *w)
{
    er_row_regression_close(&w->lines);
    er_free(w->squared);
}

static enum er_status step_entries(struct er_als_work *w, int which, double *squared, struct er_error *err)
{
    double sum = 0;
    (void)err;
    er_row_regression_run(&w->lines, &w->side[which], w->y, w->factor[1 - which], w->factor[which],
                          w->squared);
    for (int64_t i = 0; i < w->length[which]; i++) sum += w->squared[i];
    *squared = sum;
    return ER_OK;
}

static double penalty_of_entries(const struct er_als_work *w, int which)
{
    return er_row_regression_penalty(&w->lines, &w->side[which], w->factor[which]);
}

static void residual_of_entries(struct er_als_work *w, double *out)
{
    er_sparse_misfit(&w->problem->train, w->options->rank, w->factor[0], w->factor[1], w->y, out, w->pool);
}

static void times_entries(struct er_als_work *w, const double *c, int which, int64_t k, const double *v,
                          double *out)
{
    er_sparse_times(&w->side[which], c, k, v, out, w->pool);
}

const struct er_als_kind er_als_entries = {.open = open_entries,
                                           .close = close_entries,
                                           .step = step_entries,
                                           .penalty = penalty_of_entries,
                                           .residual = residual_of_entries,
                                           .times = times_entries};
