/* gradient.c - the mean loss, its gradient in the parameters, the gradients in the inputs. */
#include "derivatives/derivatives.h"

#include <math.h>

static void count(const struct er_derivatives *d, const struct er_block *block, struct er_plan_call *call)
{
    call->loss_sum = &d->block_loss[block->index];
    call->errors = &d->block_wrong[block->index];
}

static void loss_of(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    (void)ctx;
    struct er_plan_call call = er_block_call(d, block);
    count(d, block, &call);
    er_plan_run(&call);
}

static void gradient_of(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    (void)ctx;
    struct er_plan_call call = er_block_call(d, block);
    count(d, block, &call);
    call.backward = true;
    call.dw = block->partial;
    er_plan_run(&call);
}

static void inputs_of(struct er_derivatives *d, const struct er_block *block, void *dx)
{
    struct er_plan_call call = er_block_call(d, block);
    call.backward = true;
    call.dx = (float *)dx + block->first * d->net->n_in;
    er_plan_run(&call);
}

/* The sums of the blocks' losses, in their order. */
static enum er_status total(const struct er_derivatives *d, double *loss, int64_t *errors,
                            struct er_error *err)
{
    double sum = 0;
    int64_t wrong = 0;
    for (int64_t b = 0; b < d->chunks.n; b++) {
        sum += d->block_loss[b];
        wrong += d->block_wrong[b];
    }
    sum /= (double)d->n;
    if (!isfinite(sum)) return er_fail(err, ER_E_NONFINITE, "derivatives: the loss is %g", sum);
    *loss = sum;
    *errors = wrong;
    return ER_OK;
}

enum er_status er_derivatives_loss(struct er_derivatives *d, double *loss, int64_t *errors,
                                   struct er_error *err)
{
    int64_t wrong;
    enum er_status status = er_derivatives_ready(d, err);
    if (status != ER_OK) return status;
    er_sweep(d, &(struct er_sweep){.blocks = &d->chunks, .to = d->chunks.n, .work = loss_of});
    return total(d, loss, errors ? errors : &wrong, err);
}

enum er_status er_derivatives_gradient(struct er_derivatives *d, float *g, double *loss, int64_t *errors,
                                       struct er_error *err)
{
    double mean = NAN;
    int64_t wrong = 0;
    enum er_status status = er_derivatives_ready(d, err);
    if (status != ER_OK) return status;
    er_sweep(
        d, &(struct er_sweep){.blocks = &d->chunks, .to = d->chunks.n, .summed = true, .work = gradient_of});
    status = total(d, &mean, &wrong, err);
    if (status == ER_OK) status = er_derivatives_give(d, "the gradient", (double)d->n, g, err);
    if (status != ER_OK) return status;
    if (loss) *loss = mean;
    if (errors) *errors = wrong;
    return ER_OK;
}

enum er_status er_derivatives_inputs(struct er_derivatives *d, float *dx, struct er_error *err)
{
    enum er_status status = er_derivatives_ready(d, err);
    if (status != ER_OK) return status;
    er_sweep(d, &(struct er_sweep){.blocks = &d->chunks, .to = d->chunks.n, .work = inputs_of, .ctx = dx});
    return er_derivatives_check("the gradients of the inputs", d->n * d->net->n_in, dx, err);
}
