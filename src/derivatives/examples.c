/* examples.c - the gradients of single examples, given or reduced to their moments. */
#include "derivatives/derivatives.h"

#include "math/inner.h"

#include <math.h>
#include <string.h>

struct range {
    int64_t first, count;
    float *g;
};

static void run(const struct er_derivatives *d, const struct er_block *block, float *g)
{
    struct er_plan_call call = er_block_call(d, block);
    call.loss = d->row + block->first;
    call.backward = true;
    call.examples = g;
    er_plan_run(&call);
}

/* Blocks are the same whatever the range; one that reaches beyond it goes by way of its own memory. */
static void give(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    const struct range *r = ctx;
    const int64_t block_end = block->first + block->rows, range_end = r->first + r->count;
    if (block->first >= r->first && block_end <= range_end) {
        run(d, block, r->g + (block->first - r->first) * d->P);
        return;
    }
    const int64_t from = block->first > r->first ? block->first : r->first;
    const int64_t to = block_end < range_end ? block_end : range_end;
    run(d, block, block->partial);
    memcpy(r->g + (from - r->first) * d->P, block->partial + (from - block->first) * d->P,
           (size_t)((to - from) * d->P) * sizeof *r->g);
}

enum er_status er_derivatives_examples(struct er_derivatives *d, int64_t first, int64_t count, float *g,
                                       double *loss, struct er_error *err)
{
    if (first < 0 || count < 1 || first > d->n - count)
        return er_fail(err, ER_E_USAGE, "derivatives: examples from %lld, %lld of them, of a set of %lld",
                       (long long)first, (long long)count, (long long)d->n);
    enum er_status status = er_net_check_examples(d->net, d->network->training, err);
    if (status == ER_OK) status = er_derivatives_ready(d, err);
    if (status != ER_OK) return status;
    struct range range = {first, count, g};
    const int64_t rows = d->examples.rows;
    er_sweep(d, &(struct er_sweep){.blocks = &d->examples,
                                   .from = first / rows,
                                   .to = (first + count - 1) / rows + 1,
                                   .work = give,
                                   .ctx = &range});
    status = er_derivatives_check("the gradients", count * d->P, g, err);
    for (int64_t i = 0; i < count; i++) {
        const int64_t example = first + i;
        if (status == ER_OK && !isfinite(d->row[example]))
            status = er_fail(err, ER_E_NONFINITE, "derivatives: the loss of example %lld is %g",
                             (long long)example, d->row[example]);
        if (loss) loss[i] = d->row[example];
    }
    return status;
}

static void squares(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    (void)ctx;
    run(d, block, block->partial);
    for (int64_t r = 0; r < block->rows; r++) {
        const float *g = block->partial + r * d->P;
        d->row[block->first + r] = er_inner(d->P, g, g);
    }
}

enum er_status er_derivatives_moments(struct er_derivatives *d, struct er_gradient_moments *out,
                                      double *square, struct er_error *err)
{
    enum er_status status = er_net_check_examples(d->net, d->network->training, err);
    if (status == ER_OK) status = er_derivatives_ready(d, err);
    if (status != ER_OK) return status;
    er_sweep(
        d,
        &(struct er_sweep){
            .blocks = &d->examples, .to = d->examples.n, .summed = true, .row_sums = true, .work = squares});
    const double n = (double)d->n;
    struct er_gradient_moments m = {0};
    for (int64_t i = 0; i < d->n; i++) m.square += d->row[i] / n;
    for (int64_t i = 0; i < d->P; i++) m.mean += d->sum[i] / n * (d->sum[i] / n);
    if (!isfinite(m.square) || !isfinite(m.mean))
        return er_fail(err, ER_E_NONFINITE, "derivatives: the gradients' mean square is %g", m.square);
    m.variance = m.square > m.mean ? m.square - m.mean : 0;
    if (square) memcpy(square, d->row, (size_t)d->n * sizeof *square);
    *out = m;
    return ER_OK;
}
