/* network_derivatives.c - what the oracle is asked: outputs, losses, and derivatives by hyper-dual numbers.
 */
#include "oracles/network_layer.h"

static struct hyper *lift(int64_t n, const double *v, const double *a, const double *b)
{
    struct hyper *x = network_memory(n, sizeof *x);
    for (int64_t i = 0; i < n; i++) x[i] = (struct hyper){v[i], a ? a[i] : 0, b ? b[i] : 0, 0};
    return x;
}

static struct hyper mean_loss(const struct network *n, int64_t B, const struct hyper *f, const int32_t *label)
{
    const int64_t K = network_width(n);
    struct hyper sum = {0};
    for (int64_t e = 0; e < B; e++)
        sum = hyper_add(sum, network_example_loss(n->loss, K, f + e * K, label[e]));
    return hyper_scale(1 / (double)B, sum);
}

struct network_derivatives network_directional(const struct network *n, const double *w,
                                               struct network_direction u, struct network_direction v,
                                               const double *statistics, bool training, int64_t B,
                                               const double *x, const int32_t *label,
                                               struct network_tangents out)
{
    struct hyper *W = lift(n->parameters, w, u.w, v.w), *X = lift(B * shape_size(n->in), x, u.x, v.x);
    const struct pass pass = {
        .w = W, .statistics = statistics, .training = training, .mask = n->mask, .B = B};
    struct hyper *f = network_evaluate(n, &pass, X);
    const int64_t size = B * network_width(n);
    for (int64_t i = 0; i < size; i++) {
        if (out.f) out.f[i] = f[i].v;
        if (out.u) out.u[i] = f[i].a;
        if (out.v) out.v[i] = f[i].b;
        if (out.uv) out.uv[i] = f[i].ab;
    }
    struct network_derivatives d = {0};
    if (label) {
        const struct hyper loss = mean_loss(n, B, f, label);
        for (int64_t i = 0; i < size; i++) f[i].ab = 0; /* the outputs as if linear in w and x */
        d = (struct network_derivatives){loss.v, loss.a, loss.b, loss.ab, mean_loss(n, B, f, label).ab};
    }
    er_free(f);
    er_free(X);
    er_free(W);
    return d;
}

double network_loss(const struct network *n, const double *w, const double *statistics, bool training,
                    int64_t B, const double *x, const int32_t *label, double *f)
{
    const struct network_direction none = {0};
    return network_directional(n, w, none, none, statistics, training, B, x, label,
                               (struct network_tangents){.f = f})
        .loss;
}

void network_outputs(const struct network *n, const double *w, const double *statistics, bool training,
                     int64_t B, const double *x, double *f)
{
    network_loss(n, w, statistics, training, B, x, NULL, f);
}

void network_update_statistics(const struct network *n, const double *w, double *statistics, int64_t B,
                               const double *x)
{
    struct hyper *W = lift(n->parameters, w, NULL, NULL), *X = lift(B * shape_size(n->in), x, NULL, NULL);
    const struct pass pass = {.w = W, .updated = statistics, .training = true, .mask = n->mask, .B = B};
    er_free(network_evaluate(n, &pass, X));
    er_free(X);
    er_free(W);
}

double network_slope(const struct network *n, double *w, int64_t i, double h, const double *statistics,
                     bool training, int64_t B, const double *x, const int32_t *label)
{
    const double w0 = w[i];
    w[i] = w0 + h;
    const double up = network_loss(n, w, statistics, training, B, x, label, NULL);
    w[i] = w0 - h;
    const double down = network_loss(n, w, statistics, training, B, x, label, NULL);
    w[i] = w0;
    return (up - down) / (2 * h);
}

void network_gradient(const struct network *n, const double *w, const double *statistics, bool training,
                      int64_t B, const double *x, const int32_t *label, double *dw, double *dx)
{
    const int64_t size[2] = {n->parameters, B * shape_size(n->in)};
    double *const out[2] = {dw, dx};
    for (int k = 0; k < 2; k++) {
        if (!out[k]) continue;
        double *u = network_memory(size[k], sizeof *u), *v = network_memory(size[k], sizeof *v);
        const struct network_direction du = {k ? NULL : u, k ? u : NULL}, dv = {k ? NULL : v, k ? v : NULL};
        for (int64_t i = 0; i < size[k]; i += 2) {
            u[i] = 1;
            if (i + 1 < size[k]) v[i + 1] = 1;
            const struct network_derivatives d = network_directional(n, w, du, dv, statistics, training, B, x,
                                                                     label, (struct network_tangents){0});
            out[k][i] = d.u;
            u[i] = 0;
            if (i + 1 < size[k]) {
                out[k][i + 1] = d.v;
                v[i + 1] = 0;
            }
        }
        er_free(u);
        er_free(v);
    }
}

void network_hessian_vector(const struct network *n, const double *w, const double *statistics, bool training,
                            int64_t B, const double *x, const int32_t *label, const double *v, double *hv,
                            double *gv)
{
    double *u = network_memory(n->parameters, sizeof *u);
    for (int64_t i = 0; i < n->parameters; i++) {
        u[i] = 1;
        const struct network_derivatives d =
            network_directional(n, w, (struct network_direction){.w = u}, (struct network_direction){.w = v},
                                statistics, training, B, x, label, (struct network_tangents){0});
        u[i] = 0;
        if (hv) hv[i] = d.uv;
        if (gv) gv[i] = d.gauss_newton;
    }
    er_free(u);
}
