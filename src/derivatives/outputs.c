/* outputs.c - gradients of combinations of the outputs, example by example, block by block. */
#include "derivatives/derivatives.h"

struct combination {
    const float *df;
    er_take_rows *take;
    void *ctx;
};

static void run(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    const struct combination *c = ctx;
    struct er_plan_call call = er_block_call(d, block);
    call.label = NULL;
    call.df = c->df + block->first * d->net->n_out;
    call.backward = true;
    call.examples = block->partial;
    er_plan_run(&call);
    c->take(c->ctx, block->first, block->rows, block->partial);
}

enum er_status er_derivatives_outputs(struct er_derivatives *d, const float *df, er_take_rows *take,
                                      void *ctx, struct er_error *err)
{
    enum er_status status = er_net_check_examples(d->net, d->network->training, err);
    if (status == ER_OK) status = er_derivatives_ready(d, err);
    if (status == ER_OK) status = er_derivatives_check("the combination", d->n * d->net->n_out, df, err);
    if (status != ER_OK) return status;
    struct combination combination = {df, take, ctx};
    er_sweep(
        d, &(struct er_sweep){.blocks = &d->examples, .to = d->examples.n, .work = run, .ctx = &combination});
    return ER_OK;
}
