/* product.c - curvature matrices times a vector, a block at a time.
 *
 *     H v = (1/n) sum of tangents of g_i along v
 *     G v = (1/n) sum_i J_i' (d2 l_i / d f_i2) (J_i v)
 *     E v = (1/n) sum_i J_i' r_i s_i            s_i = r_i . (J_i v) = g_i . v
 *     C v = (1/n) sum_i J_i' r_i (s_i - s)      s = (1/n) sum_i s_i
 *
 * C by centred slopes: since sum_i (s_i - s) = 0, this is (1/n) sum_i (g_i - g) (s_i - s), and nothing large
 * is subtracted from something large, as E v - g (g . v) would.
 */
#include "derivatives/derivatives.h"

/* One product; the matrices differ in what a block is asked for. */
struct product {
    enum er_curvature matrix;
    const float *v;
};

static void hessian_or_gauss_newton(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    const struct product *p = ctx;
    struct er_plan_call call = er_block_call(d, block);
    call.backward = true;
    call.tw = p->v;
    call.gauss_newton = p->matrix != ER_CURVATURE_HESSIAN;
    *(call.gauss_newton ? &call.dw : &call.tdw) = block->partial;
    er_plan_run(&call);
}

static void empirical_fisher(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    const struct product *p = ctx;
    struct er_plan_call call = er_block_call(d, block);
    call.backward = true;
    call.tw = p->v;
    call.slope = d->row + block->first;
    call.row_weight = call.slope;
    call.dw = block->partial;
    er_plan_run(&call);
}

static void slopes(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    const struct product *p = ctx;
    struct er_plan_call call = er_block_call(d, block);
    call.tw = p->v;
    call.slope = d->row + block->first;
    er_plan_run(&call);
}

static void weighted_gradient(struct er_derivatives *d, const struct er_block *block, void *ctx)
{
    (void)ctx;
    struct er_plan_call call = er_block_call(d, block);
    call.backward = true;
    call.row_weight = d->row + block->first;
    call.dw = block->partial;
    er_plan_run(&call);
}

static void centre(int64_t n, double *v)
{
    double mean = 0;
    for (int64_t i = 0; i < n; i++) mean += v[i];
    mean /= (double)n;
    for (int64_t i = 0; i < n; i++) v[i] -= mean;
}

static enum er_status check(const struct er_derivatives *d, const struct product *p, struct er_error *err)
{
    if (p->matrix < ER_CURVATURE_HESSIAN || p->matrix > ER_CURVATURE_COVARIANCE)
        return er_fail(err, ER_E_USAGE, "derivatives: there is no curvature matrix %d", (int)p->matrix);
    if (p->matrix == ER_CURVATURE_FISHER && !d->net->loss->likelihood)
        return er_fail(err, ER_E_UNSUPPORTED, "loss %s is no likelihood: it has no Fisher information",
                       d->net->loss->name);
    enum er_status status = er_net_check_tangents(d->net, p->matrix == ER_CURVATURE_HESSIAN, err);
    if (status == ER_OK) status = er_derivatives_ready(d, err);
    if (status == ER_OK) status = er_derivatives_check("the vector", d->P, p->v, err);
    return status;
}

enum er_status er_derivatives_product(struct er_derivatives *d, enum er_curvature matrix, const float *v,
                                      float *out, struct er_error *err)
{
    struct product product = {matrix, v};
    enum er_status status = check(d, &product, err);
    if (status != ER_OK) return status;
    struct er_sweep sweep = {.blocks = &d->chunks, .to = d->chunks.n, .ctx = &product};
    if (matrix == ER_CURVATURE_COVARIANCE) {
        sweep.work = slopes;
        er_sweep(d, &sweep);
        centre(d->n, d->row);
        sweep.work = weighted_gradient;
    } else {
        sweep.work = matrix == ER_CURVATURE_EMPIRICAL_FISHER ? empirical_fisher : hessian_or_gauss_newton;
    }
    sweep.summed = true;
    er_sweep(d, &sweep);
    return er_derivatives_give(d, "the product", (double)d->n, out, err);
}

static enum er_status hessian(void *d, const float *v, float *out, struct er_error *err)
{
    return er_derivatives_product(d, ER_CURVATURE_HESSIAN, v, out, err);
}

static enum er_status gauss_newton(void *d, const float *v, float *out, struct er_error *err)
{
    return er_derivatives_product(d, ER_CURVATURE_GAUSS_NEWTON, v, out, err);
}

static enum er_status fisher(void *d, const float *v, float *out, struct er_error *err)
{
    return er_derivatives_product(d, ER_CURVATURE_FISHER, v, out, err);
}

static enum er_status empirical(void *d, const float *v, float *out, struct er_error *err)
{
    return er_derivatives_product(d, ER_CURVATURE_EMPIRICAL_FISHER, v, out, err);
}

static enum er_status covariance(void *d, const float *v, float *out, struct er_error *err)
{
    return er_derivatives_product(d, ER_CURVATURE_COVARIANCE, v, out, err);
}

struct er_operator er_derivatives_operator(struct er_derivatives *d, enum er_curvature matrix)
{
    struct er_operator a = {.n = d->P, .ctx = d};
    switch (matrix) {
    case ER_CURVATURE_HESSIAN:
        a.apply = hessian;
        break;
    case ER_CURVATURE_GAUSS_NEWTON:
        a.apply = gauss_newton;
        break;
    case ER_CURVATURE_FISHER:
        a.apply = fisher;
        break;
    case ER_CURVATURE_EMPIRICAL_FISHER:
        a.apply = empirical;
        break;
    case ER_CURVATURE_COVARIANCE:
        a.apply = covariance;
        break;
    }
    return a;
}
