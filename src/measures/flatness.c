/* flatness.c - relative flatness of a layer in closed form. */
#include "measures/flatness.h"

#include "math/inner.h"

#include <ermine/memory.h>
#include <ermine/spectrum.h>
#include <math.h>
#include <string.h>

static const double LEAST = 1e-6;    /* of a mean: a deviation below it is rounding */
static const double RESIDUAL = 1e-4; /* its square over the gap is what the eigenvalue lacks */
enum { PRODUCTS = 500 };

enum er_status er_flatness_normalise(const struct er_flatness_layer *layer, double *w, struct er_error *err)
{
    const int64_t F = layer->fan_in, n = layer->m * layer->kinds;
    double *mean = er_alloc(2 * F, sizeof *mean), *square = mean + F;
    if (!mean) return er_fail(err, ER_E_NOMEM, "relative flatness: out of memory");
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < F; j++) mean[j] += (double)layer->b[i * F + j] / (double)n;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < F; j++) {
            const double v = (double)layer->b[i * F + j] - mean[j];
            square[j] += v * v / (double)n;
        }
    for (int64_t j = 0; j < F; j++) {
        const double spread = sqrt(square[j]), size = fabs(mean[j]);
        const double deviation = spread > LEAST * size ? spread : size;
        for (int64_t i = 0; i < n; i++)
            layer->b[i * F + j] = deviation > 0 ? (float)((double)layer->b[i * F + j] / deviation) : 0;
        for (int64_t s = 0; s < layer->units; s++) w[s * F + j] *= deviation;
    }
    er_free(mean);
    return ER_OK;
}

static const float *feature(const struct er_flatness_layer *l, int64_t i, int64_t s)
{
    return l->b + (i * l->kinds + (l->kinds > 1 ? s : 0)) * l->fan_in;
}

static double inner(int64_t n, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* h_i[s, t] */
static double hessian(const struct er_flatness_layer *l, int64_t i, int64_t s, int64_t t)
{
    const double *q = l->root + i * l->units * l->units;
    double sum = 0;
    for (int64_t k = 0; k < l->units; k++) sum += q[k * l->units + s] * q[k * l->units + t];
    return sum;
}

/* Where outputs see the same: |b_i|^2 sum_k q_k' M q_k, M = W W'. */
static double shared(const struct er_flatness_layer *l, int64_t i, const double *M)
{
    const int64_t O = l->units, F = l->fan_in;
    const double *q = l->root + i * O * O;
    double sum = 0;
    for (int64_t k = 0; k < O; k++)
        for (int64_t s = 0; s < O; s++)
            for (int64_t t = 0; t < O; t++) sum += q[k * O + s] * M[s * O + t] * q[k * O + t];
    return sum * er_inner(F, feature(l, i, 0), feature(l, i, 0));
}

static double apart(const struct er_flatness_layer *l, int64_t i, const double *M)
{
    const int64_t O = l->units;
    double sum = 0;
    for (int64_t s = 0; s < O; s++)
        for (int64_t t = 0; t <= s; t++)
            sum += (s == t ? 1 : 2) * hessian(l, i, s, t) * M[s * O + t] *
                   er_inner(l->fan_in, feature(l, i, s), feature(l, i, t));
    return sum;
}

/* H_ss of a unit as an operator. */
struct block {
    const struct er_flatness_layer *layer;
    int64_t s;
    const double *weight; /* m: h_i[s, s] / m */
    double *sum;          /* F */
};

static enum er_status apply(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct block *b = ctx;
    const struct er_flatness_layer *l = b->layer;
    const int64_t F = l->fan_in;
    (void)err;
    memset(b->sum, 0, (size_t)F * sizeof *b->sum);
    for (int64_t i = 0; i < l->m; i++) {
        const float *x = feature(l, i, b->s);
        er_add_scaled(F, b->weight[i] * er_inner(F, x, v), x, b->sum);
    }
    for (int64_t j = 0; j < F; j++) out[j] = (float)b->sum[j];
    return ER_OK;
}

/* What a unit contributes. */
struct unit {
    enum er_status status;
    struct er_error err;
    double trace, largest;
};

struct units {
    const struct er_flatness_layer *layer;
    struct unit *unit; /* O */
    double *weight;    /* O x m */
    double *sum;       /* O x F */
};

static void work(void *ctx, int64_t s, int worker)
{
    const struct units *all = ctx;
    const struct er_flatness_layer *l = all->layer;
    struct unit *u = &all->unit[s];
    double *weight = all->weight + s * l->m;
    (void)worker;
    for (int64_t i = 0; i < l->m; i++) {
        weight[i] = hessian(l, i, s, s) / (double)l->m;
        u->trace += weight[i] * er_inner(l->fan_in, feature(l, i, s), feature(l, i, s));
    }
    struct block block = {l, s, weight, all->sum + s * l->fan_in};
    struct er_lanczos_options options = er_lanczos_options_default();
    struct er_lanczos_report report;
    options.tolerance = RESIDUAL;
    options.applies = PRODUCTS;
    u->status = er_lanczos(&(struct er_operator){l->fan_in, &block, apply}, &options, &u->largest, NULL, NULL,
                           &report, &u->err);
    if (u->status == ER_OK && report.converged < 1)
        u->status = er_fail(&u->err, ER_E_UNSUPPORTED,
                            "relative flatness: no eigenvalue of unit %lld after %d products",
                            (long long)s + 1, (int)PRODUCTS);
}

static enum er_status sum_up(const struct units *all, struct er_flatness *out, struct er_error *err)
{
    const struct er_flatness_layer *l = all->layer;
    const int64_t O = l->units, F = l->fan_in;
    double whole = 0, trace = 0;
    for (int64_t s = 0; s < O; s++) {
        const struct unit *u = &all->unit[s];
        const double square = inner(F, l->w + s * F, l->w + s * F);
        if (u->status != ER_OK) return er_fail(err, u->status, "%s", u->err.msg);
        whole += square;
        trace += u->trace;
        out->largest += square * u->largest;
    }
    out->upper = whole * trace;
    return ER_OK;
}

enum er_status er_flatness_of(const struct er_flatness_layer *layer, struct er_pool *pool,
                              struct er_flatness *out, struct er_error *err)
{
    const int64_t O = layer->units, F = layer->fan_in, m = layer->m;
    struct er_flatness made = {0};
    struct units all = {layer, er_alloc(O, sizeof *all.unit), er_alloc(O * m, sizeof(double)),
                        er_alloc(O * F, sizeof(double))};
    double *M = er_alloc(O * O, sizeof *M);
    enum er_status status;
    if (all.unit && all.weight && all.sum && M) {
        for (int64_t s = 0; s < O; s++)
            for (int64_t t = 0; t < O; t++) M[s * O + t] = inner(F, layer->w + s * F, layer->w + t * F);
        for (int64_t i = 0; i < m; i++)
            made.trace += (layer->kinds > 1 ? apart(layer, i, M) : shared(layer, i, M)) / (double)m;
        if (pool) er_pool_run(pool, O, work, &all);
        for (int64_t s = 0; s < O && !pool; s++) work(&all, s, 0);
        status = sum_up(&all, &made, err);
    } else {
        status = er_fail(err, ER_E_NOMEM, "relative flatness: out of memory for %lld examples", (long long)m);
    }
    if (status == ER_OK) *out = made;
    er_free(all.unit);
    er_free(all.weight);
    er_free(all.sum);
    er_free(M);
    return status;
}
