/* finite_dense.c - a fully connected layer in float64, as src/net/layers/dense.c says.
 *
 *     y_k = s (x_k W + x_{k-1} tW) + t beta_k              beta_0 = beta, beta_1 = tbeta
 *     part of Theta^ of a pair = (s^2 x1 . x2 + t^2) (d1 . d2)
 */
#include "limit/finite.h"
#include "net/weights.h"

static double weight_factor(const struct er_layer *l)
{
    return er_weights_exact_factor(er_weights_arguments(l), l->n_in);
}

/* t, or 0 where there is no bias. */
static double bias_factor(const struct er_layer *l)
{
    const double *argument = er_weights_arguments(l);
    return er_weights_has_bias(argument) ? er_weights_exact_bias_factor(argument) : 0;
}

static bool has_bias(const struct er_layer *l)
{
    return er_weights_has_bias(er_weights_arguments(l));
}

static void add_bias(const struct er_layer *l, int64_t rows, const double *w, double *y)
{
    const double *beta = w + l->n_in * l->n_out, t = bias_factor(l);
    for (int64_t b = 0; b < rows; b++)
        for (int64_t o = 0; o < l->n_out; o++) y[b * l->n_out + o] += t * beta[o];
}

static void forward(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t I = l->n_in, O = l->n_out;
    const double s = weight_factor(l);
    for (int k = 0; k <= c->order; k++) {
        const double *x = c->x + k * c->rows * I;
        double *y = c->y + k * c->rows * O;
        er_finite_gemm(false, false, c->rows, O, I, s, x, I, c->w, O, 0, y, O);
        if (k > 0 && c->tw)
            er_finite_gemm(false, false, c->rows, O, I, s, x - c->rows * I, I, c->tw, O, 1, y, O);
        if (has_bias(l) && k == 0) add_bias(l, c->rows, c->w, y);
        if (has_bias(l) && k == 1 && c->tw) add_bias(l, c->rows, c->tw, y);
    }
}

static void backward(const struct er_layer *l, const struct er_finite_call *c)
{
    er_finite_gemm(false, true, c->rows, l->n_in, l->n_out, weight_factor(l), c->dy, l->n_out, c->w, l->n_out,
                   1, c->dx, l->n_in);
}

/* Rows one by one, or, where they share one gradient, all in one product. */
static void gradient(const struct er_layer *l, const struct er_finite_call *c)
{
    const int64_t I = l->n_in, O = l->n_out, rows = c->stride ? 1 : c->rows;
    const double s = weight_factor(l), t = bias_factor(l);
    for (int64_t b = 0; b < c->rows; b += rows) {
        double *g = c->g + b * c->stride, *beta = g + I * O;
        const double *dy = c->dy + b * O;
        er_finite_gemm(true, false, I, O, rows, s, c->x + b * I, I, dy, O, 1, g, O);
        for (int64_t r = 0; has_bias(l) && r < rows; r++)
            for (int64_t o = 0; o < O; o++) beta[o] += t * dy[r * O + o];
    }
}

static void pairs(const struct er_layer *l, const struct er_finite_pairs *p)
{
    const int64_t I = l->n_in, U = l->n_out, n = p->rows * p->columns, O = p->outputs;
    const int64_t kept = er_finite_kept(O, p->kept);
    const double s = weight_factor(l), t = bias_factor(l);
    double *h = p->scratch, *d = h + n;
    er_finite_gemm(false, true, p->rows, p->columns, I, s * s, p->x1, I, p->x2, I, 0, h, p->columns);
    for (int64_t k = 0; k < (p->kept == ER_OUTPUTS_ALL ? kept : O); k++) {
        const int64_t o1 = p->kept == ER_OUTPUTS_ALL ? k / O : k, o2 = p->kept == ER_OUTPUTS_ALL ? k % O : k;
        const int64_t to = p->kept == ER_OUTPUTS_MEAN ? 0 : k;
        er_finite_gemm(false, true, p->rows, p->columns, U, 1, p->d1 + o1 * p->stride1, U,
                       p->d2 + o2 * p->stride2, U, 0, d, p->columns);
        for (int64_t i = 0; i < n; i++) p->theta[i * kept + to] += (h[i] + t * t) * d[i];
    }
}

static double pair_flops(const struct er_layer *l, int64_t outputs, enum er_outputs_kept kept)
{
    const double O = (double)outputs, products = kept == ER_OUTPUTS_ALL ? O * O : O;
    return 2 * (double)l->n_in + products * (2 * (double)l->n_out + 2);
}

static int64_t pair_scratch(const struct er_layer *l, int64_t rows, int64_t columns)
{
    (void)l;
    return 2 * rows * columns;
}

/* A uniform distribution on [-a, a] has variance a^2 / 3. */
void er_finite_dense_variances(const struct er_layer *l, double *weight, double *bias)
{
    const double s = weight_factor(l), t = bias_factor(l);
    struct er_layer_laws laws;
    l->ops->laws(l, &laws);
    const double third = laws.uniform ? 3 : 1;
    *weight = s * s * laws.scale * laws.scale / third;
    *bias = t * t * laws.bias_scale * laws.bias_scale / third;
}

const struct er_finite_ops er_finite_dense = {
    .name = "dense",
    .forward = forward,
    .backward = backward,
    .gradient = gradient,
    .pairs = pairs,
    .pair_flops = pair_flops,
    .pair_scratch = pair_scratch,
};
