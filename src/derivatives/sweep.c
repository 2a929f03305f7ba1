/* sweep.c - one pass over the data: blocks in parallel, their sums added in order.
 *
 * Blocks go in waves of as many as there are threads, each with a partial sum of its own. After a wave the
 * partial sums are added to the total, block after block, each thread taking some of the P elements. An
 * element's additions are the same, in the same order, for any number of threads.
 */
#include "derivatives/derivatives.h"

#include "core/vector.h"
#include "math/finite.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { SLICE = 4096 }; /* doubles of the total that stay in the first cache */

struct wave {
    struct er_derivatives *d;
    const struct er_sweep *sweep;
    int64_t first, n; /* blocks */
};

static int64_t rows_of(const struct er_derivatives *d, const struct er_blocks *blocks, int64_t index)
{
    const int64_t left = d->n - index * blocks->rows;
    return left < blocks->rows ? left : blocks->rows;
}

static void work(void *ctx, int64_t task, int worker)
{
    const struct wave *wave = ctx;
    struct er_derivatives *d = wave->d;
    const struct er_blocks *blocks = wave->sweep->blocks;
    const int64_t index = wave->first + task, first = index * blocks->rows;
    const struct er_block block = {
        .first = first,
        .rows = rows_of(d, blocks, index),
        .index = index,
        .plan = d->n - first < blocks->rows ? blocks->rest : blocks->whole,
        .x = d->set->x + first * d->net->n_in,
        .label = d->set->label + first,
        .partial = d->partial + (wave->sweep->summed ? task : worker) * d->partial_floats,
        .scratch = d->scratch + (size_t)worker * d->scratch_bytes,
    };
    wave->sweep->work(d, &block, wave->sweep->ctx);
}

ER_VECTOR static void add(int64_t n, const float *from, double *to)
{
    for (int64_t i = 0; i < n; i++) to[i] += (double)from[i];
}

static void add_slice(void *ctx, int64_t task, int worker)
{
    const struct wave *wave = ctx;
    const struct er_derivatives *d = wave->d;
    const int64_t at = task * SLICE, n = d->P - at < SLICE ? d->P - at : SLICE;
    (void)worker;
    for (int64_t b = 0; b < wave->n; b++) {
        const int64_t rows = wave->sweep->row_sums ? rows_of(d, wave->sweep->blocks, wave->first + b) : 1;
        for (int64_t r = 0; r < rows; r++)
            add(n, d->partial + b * d->partial_floats + r * d->P + at, d->sum + at);
    }
}

static void run(const struct er_derivatives *d, int64_t n, er_pool_task *task, struct wave *wave)
{
    if (d->pool)
        er_pool_run(d->pool, n, task, wave);
    else
        for (int64_t i = 0; i < n; i++) task(wave, i, 0);
}

void er_sweep(struct er_derivatives *d, const struct er_sweep *sweep)
{
    const int64_t blocks = sweep->to - sweep->from, most = sweep->summed ? d->threads : blocks;
    if (sweep->summed) memset(d->sum, 0, (size_t)d->P * sizeof *d->sum);
    for (int64_t b = 0; b < blocks; b += most) {
        struct wave wave = {d, sweep, sweep->from + b, blocks - b < most ? blocks - b : most};
        run(d, wave.n, work, &wave);
        if (sweep->summed) run(d, (d->P + SLICE - 1) / SLICE, add_slice, &wave);
    }
}

struct er_plan_call er_block_call(const struct er_derivatives *d, const struct er_block *block)
{
    return (struct er_plan_call){
        .plan = block->plan,
        .network = d->network,
        .x = block->x,
        .first_row = block->first,
        .label = block->label,
        .scale = 1,
        .scratch = block->scratch,
    };
}

enum er_status er_derivatives_check(const char *what, int64_t n, const float *v, struct er_error *err)
{
    const int64_t i = er_first_not_finite(n, v);
    if (i < 0) return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "derivatives: element %lld of %s is %g", (long long)i, what,
                   (double)v[i]);
}

enum er_status er_derivatives_ready(const struct er_derivatives *d, struct er_error *err)
{
    if (d->network->training && d->chunks.rows < d->n && er_net_mixes_rows(d->net))
        return er_fail(err, ER_E_USAGE,
                       "derivatives: the network was set to training after its blocks were planned, and "
                       "needs all examples in one");
    enum er_status status = er_derivatives_check("the weights", d->P, d->network->w, err);
    if (status != ER_OK || d->net->n_statistics == 0) return status;
    return er_derivatives_check("the statistics", d->net->n_statistics, d->network->statistics, err);
}

enum er_status er_derivatives_give(const struct er_derivatives *d, const char *what, double divisor,
                                   float *out, struct er_error *err)
{
    for (int64_t i = 0; i < d->P; i++) {
        const double value = d->sum[i] / divisor;
        if (!(fabs(value) <= (double)FLT_MAX))
            return er_fail(err, ER_E_NONFINITE, "derivatives: element %lld of %s is %g", (long long)i, what,
                           value);
    }
    for (int64_t i = 0; i < d->P; i++) out[i] = (float)(d->sum[i] / divisor);
    return ER_OK;
}
