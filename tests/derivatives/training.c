/* Networks in training mode: dropout drawn as for one batch however the data are cut; batch norm by the
 * moments of the whole set, against the oracle; and batch norm evaluated by its running moments.
 *
 * Tolerance as in products.c; normalising by moments adds a few roundings.
 */
#include "t.h"

#include "support/small_net.h"

#include <ermine/derivatives.h>

enum { N = 26, D = 5, K = 3, MOST = 160 };

static const double near = 1e-5;

static struct er_derivatives *open_for(const struct small_net *s, struct er_network *network, int64_t chunk)
{
    struct er_error err;
    struct er_derivatives *d = NULL;
    const struct er_derivatives_options options = {.chunk = chunk, .example_rows = 3};
    T_STATUS(er_derivatives_new(s->net, network, &s->set, NULL, &options, &d, &err), ER_OK, "new");
    return d;
}

static void to_double(int64_t n, const float *from, double *to)
{
    for (int64_t i = 0; i < n; i++) to[i] = (double)from[i];
}

/* Widths that are no multiple of the four words that a counter gives. */
static void check_dropout(void)
{
    struct small_net s;
    if (small_net_open(&s, "[dense 7, dropout 0.4, tanh, dense 6, dropout 0.2, dense]", "cross-entropy", N, D,
                       K)) {
        struct er_error err;
        struct er_network network = {.w = s.w, .training = true, .seed = 3, .step = 5};
        struct er_derivatives *whole = open_for(&s, &network, N), *cut = open_for(&s, &network, 7);
        float v[MOST], got[MOST], one[MOST], *g = er_alloc(N * MOST, sizeof *g);
        double want[MOST], sum[MOST] = {0};
        small_net_draw(3, s.P, v, NULL);
        T_STATUS(er_derivatives_gradient(whole, one, NULL, NULL, &err), ER_OK, "gradient");
        T_STATUS(er_derivatives_gradient(cut, got, NULL, NULL, &err), ER_OK, "gradient in blocks");
        to_double(s.P, one, want);
        T_OK(small_net_error(s.P, got, want) < near, "the masks are those of one batch");
        T_STATUS(er_derivatives_examples(cut, 0, N, g, NULL, &err), ER_OK, "examples");
        for (int64_t i = 0; i < N * s.P; i++) sum[i % s.P] += (double)g[i] / N;
        T_OK(small_net_error(s.P, got, sum) < near, "and of the single examples, too");
        for (int m = ER_CURVATURE_HESSIAN; m <= ER_CURVATURE_COVARIANCE; m++) {
            T_STATUS(er_derivatives_product(whole, m, v, one, &err), ER_OK, "product %d", m);
            T_STATUS(er_derivatives_product(cut, m, v, got, &err), ER_OK, "product %d in blocks", m);
            to_double(s.P, one, want);
            T_OK(small_net_error(s.P, got, want) < near, "product %d", m);
        }
        T_STATUS(er_derivatives_gradient(cut, one, NULL, NULL, &err), ER_OK, "gradient");
        network.step = 6;
        T_STATUS(er_derivatives_gradient(cut, got, NULL, NULL, &err), ER_OK, "gradient");
        to_double(s.P, one, want);
        T_OK(small_net_error(s.P, got, want) > 0.01, "another step has other masks");
        er_derivatives_free(whole);
        er_derivatives_free(cut);
        er_free(g);
    }
    small_net_close(&s);
}

/* u' E v and u' C v from the tangents of outputs and the residuals of the squared loss. */
static void check_empirical(const struct small_net *s, struct er_derivatives *d, bool training,
                            const float *u, const float *v, const double *u64, const double *v64)
{
    struct er_error err;
    float got[MOST];
    double f[N * K], fu[N * K], fv[N * K], fisher = 0, mean_u = 0, mean_v = 0, size = 0;
    network_directional(s->oracle, s->w64, (struct network_direction){.w = u64},
                        (struct network_direction){.w = v64}, s->statistics64, training, N, s->x64, NULL,
                        (struct network_tangents){.f = f, .u = fu, .v = fv});
    for (int i = 0; i < N; i++) {
        double su = 0, sv = 0;
        for (int k = 0; k < K; k++) {
            const double r = f[i * K + k] - (k == s->set.label[i]);
            su += r * fu[i * K + k];
            sv += r * fv[i * K + k];
        }
        fisher += su * sv / N;
        size += (su * su + sv * sv) / N;
        mean_u += su / N;
        mean_v += sv / N;
    }
    for (int m = ER_CURVATURE_EMPIRICAL_FISHER; m <= ER_CURVATURE_COVARIANCE; m++) {
        double form = 0;
        T_STATUS(er_derivatives_product(d, m, v, got, &err), ER_OK, "product %d", m);
        for (int64_t i = 0; i < s->P; i++) form += (double)got[i] * (double)u[i];
        T_CLOSE(form, fisher - (m == ER_CURVATURE_COVARIANCE ? mean_u * mean_v : 0), near * size,
                "batch norm, training %d: form of matrix %d", training, m);
    }
}

static void check_batch_norm(bool training)
{
    struct small_net s;
    if (small_net_open(&s, "[dense 6, batch_norm, tanh, dense 5, batch_norm, erf, dense]", "mean-squared", N,
                       D, K)) {
        struct er_error err;
        struct er_network network = s.network;
        network.training = training;
        struct er_derivatives *d = open_for(&s, &network, 7);
        float u[MOST], v[MOST], got[MOST], dx[N * D], *g = er_alloc(N * MOST, sizeof *g);
        double u64[MOST], v64[MOST], dw[MOST], hv[MOST], gv[MOST], want_x[N * D], loss;
        small_net_draw(3, s.P, u, u64);
        small_net_draw(4, s.P, v, v64);
        network_gradient(s.oracle, s.w64, s.statistics64, training, N, s.x64, s.set.label, dw, want_x);
        network_hessian_vector(s.oracle, s.w64, s.statistics64, training, N, s.x64, s.set.label, v64, hv, gv);
        const double mean =
            network_loss(s.oracle, s.w64, s.statistics64, training, N, s.x64, s.set.label, NULL);
        for (int i = 0; i < N * D; i++) want_x[i] *= N;
        T_STATUS(er_derivatives_gradient(d, got, &loss, NULL, &err), ER_OK, "gradient");
        T_CLOSE(loss, mean, near * mean, "batch norm, training %d: loss", training);
        T_OK(small_net_error(s.P, got, dw) < near, "gradient off by %g", small_net_error(s.P, got, dw));
        T_STATUS(er_derivatives_product(d, ER_CURVATURE_HESSIAN, v, got, &err), ER_OK, "Hessian");
        T_OK(small_net_error(s.P, got, hv) < near, "Hessian off by %g", small_net_error(s.P, got, hv));
        T_STATUS(er_derivatives_product(d, ER_CURVATURE_GAUSS_NEWTON, v, got, &err), ER_OK, "Gauss-Newton");
        T_OK(small_net_error(s.P, got, gv) < near, "Gauss-Newton off by %g", small_net_error(s.P, got, gv));
        T_STATUS(er_derivatives_inputs(d, dx, &err), ER_OK, "inputs");
        T_OK(small_net_error(N * D, dx, want_x) < near, "inputs off by %g",
             small_net_error(N * D, dx, want_x));
        check_empirical(&s, d, training, u, v, u64, v64);

        struct er_gradient_moments m;
        const enum er_status single = training ? ER_E_UNSUPPORTED : ER_OK;
        T_STATUS(er_derivatives_examples(d, 0, N, g, NULL, &err), single, "examples, training %d", training);
        T_STATUS(er_derivatives_moments(d, &m, NULL, &err), single, "moments, training %d", training);
        network.training = true;
        T_STATUS(er_derivatives_gradient(d, got, NULL, NULL, &err), training ? ER_OK : ER_E_USAGE,
                 "training, planned for %d", training);
        er_derivatives_free(d);
        er_free(g);
    }
    small_net_close(&s);
}

int main(void)
{
    check_dropout();
    check_batch_norm(true);
    check_batch_norm(false);
    return t_done();
}
