/* The derivatives of the oracle of nets (oracles/network.h), which are those of hyper-dual numbers: against
 * differences of its values, and against each other.
 *
 * Tolerances: central differences of step 1e-5 err by h^2 f''' / 6 and by 1e-16 / h, 1e-7 where derivatives
 * are of size 1 to 100; sums of a few hundred terms in double, 1e-12 of their size.
 */
#include "t.h"

#include "oracles/network.h"

#include <ermine/random.h>

enum { MOST = 4096 };

static const double exact = 1e-12;

/* Normal numbers of a stream of their own. */
static void draw(uint64_t stream, int64_t n, double scale, double *out)
{
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < n; i++) out[i] = scale * er_random_normal(&r);
}

/* Every derivative of one network along two directions, against differences of values. */
static void check_derivatives(const char *text, const char *loss, bool training)
{
    enum { B = 4, H = 4, W = 4, C = 2, D = H * W * C, K = 3 };
    double *w = er_alloc(MOST, sizeof *w), *dw = er_alloc(MOST, sizeof *dw), *hv = er_alloc(MOST, sizeof *hv);
    double *u = er_alloc(MOST, sizeof *u), *v = er_alloc(MOST, sizeof *v), *moved = er_alloc(MOST, sizeof *v);
    double x[B * D], xu[B * D], xv[B * D], x_moved[B * D], dx[B * D], statistics[MOST];
    const int32_t label[B] = {0, 2, 1, 2};
    struct network *n = network_new(text, H, W, C, K, loss);
    if (!T_OK(n && network_width(n) == K, "%s is read", text)) return;
    const int64_t P = network_parameters(n);
    draw(20, P, 0.5, w);
    draw(21, P, 0.5, u);
    draw(22, P, 0.5, v);
    draw(23, B * D, 1, x);
    draw(24, B * D, 0.5, xu);
    draw(25, B * D, 0.5, xv);
    for (int64_t i = 0; i < network_statistics(n); i++) statistics[i] = 0.5 + 0.125 * (double)(i % 5);
    double mask[B * D], *masks[1] = {mask};
    for (int i = 0; i < B * D; i++) mask[i] = i % 3 != 0;
    if (network_dropouts(n)) network_set_masks(n, (const double *const *)masks);

    double f[B * K], fu[B * K], fv[B * K], fuv[B * K], at[3][B * K];
    const struct network_direction du = {u, xu}, dv = {v, xv};
    const struct network_derivatives d = network_directional(n, w, du, dv, statistics, training, B, x, label,
                                                             (struct network_tangents){f, fu, fv, fuv});
    const double h = 1e-5;
    struct network_derivatives side[3];
    double tangent[3][B * K];
    for (int j = -1; j <= 1; j++) {
        for (int64_t i = 0; i < P; i++) moved[i] = w[i] + j * h * u[i];
        for (int i = 0; i < B * D; i++) x_moved[i] = x[i] + j * h * xu[i];
        side[j + 1] = network_directional(n, moved, du, dv, statistics, training, B, x_moved, label,
                                          (struct network_tangents){.f = at[j + 1], .v = tangent[j + 1]});
    }
    T_CLOSE(side[1].loss, network_loss(n, w, statistics, training, B, x, label, NULL), 0, "%s: loss", text);
    T_CLOSE(d.u, (side[2].loss - side[0].loss) / (2 * h), 1e-7 * (1 + fabs(d.u)), "%s, %s: slope along u",
            text, loss);
    T_CLOSE(d.uv, (side[2].v - side[0].v) / (2 * h), 1e-7 * (10 + fabs(d.uv)), "%s, %s: mixed", text, loss);
    for (int i = 0; i < B * K; i++) {
        T_CLOSE(fu[i], (at[2][i] - at[0][i]) / (2 * h), 1e-7 * (1 + fabs(fu[i])), "%s: fu[%d]", text, i);
        T_CLOSE(fuv[i], (tangent[2][i] - tangent[0][i]) / (2 * h), 1e-7 * (10 + fabs(fuv[i])), "%s: fuv[%d]",
                text, i);
    }

    network_gradient(n, w, statistics, training, B, x, label, dw, dx);
    double along_u = 0, along_v = 0, worst = 0;
    for (int64_t i = 0; i < P; i++) {
        along_u += dw[i] * u[i];
        along_v += dw[i] * v[i];
        const double slope = network_slope(n, w, i, h, statistics, training, B, x, label);
        worst = fmax(worst, fabs(slope - dw[i]) / (1 + fabs(dw[i])));
    }
    for (int i = 0; i < B * D; i++) {
        along_u += dx[i] * xu[i];
        along_v += dx[i] * xv[i];
    }
    T_OK(worst < 1e-7, "%s, %s: gradient off by %g", text, loss, worst);
    T_CLOSE(along_u, d.u, exact * (10 + fabs(d.u)), "%s, %s: the gradient along u", text, loss);
    T_CLOSE(along_v, d.v, exact * (10 + fabs(d.v)), "%s, %s: the gradient along v", text, loss);

    /* u' H v from products; the Gauss-Newton part from the outputs' tangents for the squared loss, H = 1 */
    const struct network_derivatives weights =
        network_directional(n, w, (struct network_direction){.w = u}, (struct network_direction){.w = v},
                            statistics, training, B, x, label, (struct network_tangents){.u = fu, .v = fv});
    double *gv = moved, hessian = 0, gauss_newton = 0, squared = 0;
    network_hessian_vector(n, w, statistics, training, B, x, label, v, hv, gv);
    for (int64_t i = 0; i < P; i++) {
        hessian += u[i] * hv[i];
        gauss_newton += u[i] * gv[i];
    }
    for (int i = 0; i < B * K; i++) squared += fu[i] * fv[i] / B;
    T_CLOSE(hessian, weights.uv, exact * (100 + fabs(weights.uv)), "%s, %s: u' H v", text, loss);
    T_CLOSE(gauss_newton, weights.gauss_newton, exact * (100 + fabs(weights.gauss_newton)), "%s, %s: u' G v",
            text, loss);
    if (strcmp(loss, "mean-squared") == 0)
        T_CLOSE(weights.gauss_newton, squared, exact * (100 + fabs(squared)), "%s: G of the squared loss",
                text);
    network_free(n);
    double *const block[] = {w, dw, hv, u, v, moved};
    for (int i = 0; i < 6; i++) er_free(block[i]);
}

/* At a kink: the outputs' derivatives along u = (1, 2, 3, ...) in the inputs. */
static void check_kink(const char *text, int n, const double *x, double want)
{
    const double u[] = {1, 2, 3};
    double fu;
    struct network *net = network_new(text, 1, n, 1, 1, "hinge");
    network_directional(net, NULL, (struct network_direction){.x = u}, (struct network_direction){0}, NULL,
                        false, 1, x, NULL, (struct network_tangents){.u = &fu});
    T_CLOSE(fu, want, 0, "%s at its kink", text);
    network_free(net);
}

int main(void)
{
    static const char *const losses[] = {"cross-entropy", "mean-squared", "logistic", "hinge"};
    static const char *const texts[] = {
        "dense 6, leaky_relu 0.2, dense",
        "dense 6 init=ntk scale=1.5 bias_scale=0.7, softplus, dense bias=false",
        "dense 6, gelu, dense",
        "dense 6, gelu approximate=tanh, dense",
        "dense 6, sin 1.5, dense",
        "dense 6, monomial 3, scale 0.01, dense",
        "dense 6, tanh, gain 2, erf, dense",
        "conv 3 3x2 stride=2 init=ntk, batch_norm, tanh, flatten, dense",
        "conv 4 dilation=2 groups=2 padding=circular, relu, max_pool 3 stride=2 padding=same, dense",
        "conv 3 2 padding=valid, layer_norm, tanh, avg_pool 2 stride=1 padding=same, global_avg_pool, dense",
        "layer_norm over=example epsilon=0.1, dropout 0.25, dense",
        "add: [[conv 2, batch_norm, softplus, conv 2], identity, gain], batch_norm affine=false, dense",
    };
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        for (int i = 0; i < 4; i++) check_derivatives(texts[t], losses[i], true);
        check_derivatives(texts[t], "mean-squared", false);
    }
    check_kink("relu", 1, (const double[]){0}, 0);
    check_kink("leaky_relu 0.5", 1, (const double[]){0}, 0.5);
    check_kink("max_pool 1x3", 3, (const double[]){1, 4, 4}, 2);
    return t_done();
}
