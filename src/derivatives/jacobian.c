/* jacobian.c - the Jacobian of all outputs (n O x P) and its transpose, times a vector. */
#include "derivatives/derivatives.h"

struct vectors {
    const float *in;
    float *f, *out;
};

static void forward(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    const struct vectors *v = ctx;
    const int64_t at = block->first * d->net->n_out;
    struct er_plan_call call = er_block_call(d, block);
    call.tw = v->in;
    call.outputs = v->f ? v->f + at : NULL;
    call.tf = v->out + at;
    er_plan_run(&call);
}

static void transposed(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    const struct vectors *v = ctx;
    struct er_plan_call call = er_block_call(d, block);
    call.label = NULL;
    call.df = v->in + block->first * d->net->n_out;
    call.backward = true;
    call.dw = block->partial;
    er_plan_run(&call);
}

enum er_status er_derivatives_jvp(struct er_derivatives *d, const float *v, float *f, float *tf,
                                  struct er_error *err)
{
    struct vectors vectors = {v, f, tf};
    const int64_t n = d->n * d->net->n_out;
    enum er_status status = er_net_check_tangents(d->net, false, err);
    if (status == ER_OK) status = er_derivatives_ready(d, err);
    if (status == ER_OK) status = er_derivatives_check("the vector", d->P, v, err);
    if (status != ER_OK) return status;
    er_sweep(d,
             &(struct er_sweep){.blocks = &d->chunks, .to = d->chunks.n, .work = forward, .ctx = &vectors});
    if (f) status = er_derivatives_check("the outputs", n, f, err);
    return status == ER_OK ? er_derivatives_check("the outputs' tangent", n, tf, err) : status;
}

enum er_status er_derivatives_vjp(struct er_derivatives *d, const float *df, float *out, struct er_error *err)
{
    struct vectors vectors = {.in = df};
    enum er_status status = er_derivatives_ready(d, err);
    if (status == ER_OK) status = er_derivatives_check("the vector", d->n * d->net->n_out, df, err);
    if (status != ER_OK) return status;
    er_sweep(
        d, &(struct er_sweep){
               .blocks = &d->chunks, .to = d->chunks.n, .summed = true, .work = transposed, .ctx = &vectors});
    return er_derivatives_give(d, "the transposed product", 1, out, err);
}

static enum er_status apply(void *d, const float *v, float *out, struct er_error *err)
{
    return er_derivatives_jvp(d, v, NULL, out, err);
}

static enum er_status apply_transposed(void *d, const float *v, float *out, struct er_error *err)
{
    return er_derivatives_vjp(d, v, out, err);
}

struct er_linear_map er_derivatives_jacobian(struct er_derivatives *d)
{
    return (struct er_linear_map){.rows = d->n * d->net->n_out,
                                  .columns = d->P,
                                  .ctx = d,
                                  .apply = apply,
                                  .apply_transposed = apply_transposed};
}
