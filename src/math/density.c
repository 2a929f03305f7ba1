/* density.c - the density of eigenvalues by stochastic Lanczos quadrature.
 *
 *     T = U diag(theta) U^T tridiagonal, of Lanczos from a probe;     weight_i = U_1i^2
 */
#include "math/krylov.h"
#include "math/probe.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

struct er_density_options er_density_options_default(void)
{
    return (struct er_density_options){
        .probes = 8, .steps = 80, .probe = ER_PROBE_RADEMACHER, .stream = er_stream(ER_PURPOSE_PROBES, 0)};
}

static enum er_status check(const struct er_operator *a, const struct er_density_options *o,
                            struct er_error *err)
{
    const enum er_status status = er_operator_check(a, err);
    if (status != ER_OK) return status;
    if (o->probes < 1 || o->probes > INT32_MAX)
        return er_fail(err, ER_E_USAGE, "spectral density: probes must be in 1 .. 2^31 - 1, got %" PRId64,
                       o->probes);
    if (o->steps < 1 || o->steps > ER_KRYLOV_MAX)
        return er_fail(err, ER_E_USAGE, "spectral density: steps must be in 1 .. %d, got %" PRId64,
                       ER_KRYLOV_MAX, o->steps);
    if (o->probe != ER_PROBE_RADEMACHER && o->probe != ER_PROBE_GAUSSIAN)
        return er_fail(err, ER_E_USAGE, "spectral density: no such kind of probe: %d", (int)o->probe);
    return ER_OK;
}

/* Matrices of the tridiagonal problem: the last element of `beta` is what the last step left. */
struct tridiagonal {
    double *alpha, *beta, *u, *work;
};

/* The quadrature of the probe that v[0] holds: `steps` nodes, those after an early end 0 with weight 0. */
static enum er_status quadrature(struct er_krylov *k, int64_t steps, struct tridiagonal *t, double *node,
                                 double *weight, struct er_error *err)
{
    er_krylov_begin(k);
    do {
        const enum er_status status = er_krylov_step(k, err);
        if (status != ER_OK) return status;
        const int64_t j = k->size - 1;
        t->alpha[j] = k->s[j + j * k->m];
        t->beta[j] = k->beta;
    } while (k->beta > 0 && k->size < k->m);
    const lapack_int size = (lapack_int)k->size;
    if (LAPACKE_dstev_work(LAPACK_COL_MAJOR, 'V', size, t->alpha, t->beta, t->u, size, t->work) != 0)
        return er_fail(err, ER_E_NONFINITE,
                       "spectral density: the eigenvalues of a %d x %d matrix did not converge", (int)size,
                       (int)size);
    memset(node, 0, (size_t)steps * sizeof *node);
    memset(weight, 0, (size_t)steps * sizeof *weight);
    for (int64_t i = 0; i < size; i++) {
        node[i] = t->alpha[i];
        weight[i] = t->u[i * size] * t->u[i * size];
    }
    return ER_OK;
}

enum er_status er_spectral_density(const struct er_operator *a, const struct er_density_options *options,
                                   double *node, double *weight, struct er_error *err)
{
    enum er_status status = check(a, options, err);
    if (status != ER_OK) return status;
    const int64_t steps = options->steps, m = steps < a->n ? steps : a->n;
    int64_t count;
    if (__builtin_mul_overflow(options->probes, 2 * steps, &count)) count = -1;
    struct er_krylov k = {0};
    struct tridiagonal t = {.alpha = er_alloc(m, sizeof(double)),
                            .beta = er_alloc(m, sizeof(double)),
                            .u = er_alloc(m * m, sizeof(double)),
                            .work = er_alloc(2 * m, sizeof(double))};
    double *made = er_alloc(count, sizeof *made); /* outputs are written when all has gone well */
    if (!t.alpha || !t.beta || !t.u || !t.work || !made) {
        status = er_fail(err, ER_E_NOMEM, "spectral density: no memory for %" PRId64 " x %" PRId64 " nodes",
                         options->probes, steps);
        goto done;
    }
    status = er_krylov_open(&k, a, m, options->seed, options->stream, err);
    for (int64_t p = 0; status == ER_OK && p < options->probes; p++) {
        er_probe_fill(options->probe, options->seed, options->stream + (uint64_t)p, a->n, k.v[0]);
        status = quadrature(&k, steps, &t, made + 2 * p * steps, made + (2 * p + 1) * steps, err);
    }
    if (status != ER_OK) goto done;
    for (int64_t p = 0; p < options->probes; p++) {
        memcpy(node + p * steps, made + 2 * p * steps, (size_t)steps * sizeof *node);
        memcpy(weight + p * steps, made + (2 * p + 1) * steps, (size_t)steps * sizeof *weight);
    }
done:
    er_krylov_close(&k);
    er_free(t.alpha);
    er_free(t.beta);
    er_free(t.u);
    er_free(t.work);
    er_free(made);
    return status;
}

enum er_status er_density_on_grid(int64_t probes, int64_t steps, const double *node, const double *weight,
                                  double sigma, int64_t count, const double *x, double *density,
                                  struct er_error *err)
{
    if (probes < 1 || steps < 1 || count < 0)
        return er_fail(err, ER_E_USAGE,
                       "density: needs probes, steps >= 1 and count >= 0, got %" PRId64 ", %" PRId64
                       " and %" PRId64,
                       probes, steps, count);
    if (!(sigma > 0 && isfinite(sigma)))
        return er_fail(err, ER_E_USAGE, "density: sigma must be above 0, got %g", sigma);
    const double height = 1 / (sigma * sqrt(2 * M_PI) * (double)probes);
    for (int64_t i = 0; i < count; i++) {
        double sum = 0;
        for (int64_t j = 0; j < probes * steps; j++) {
            const double z = (x[i] - node[j]) / sigma;
            sum += weight[j] * exp(-z * z / 2);
        }
        density[i] = height * sum;
    }
    return ER_OK;
}
