/* wide_outputs.c - see wide_outputs.h. */
#include "experiments/wide_outputs.h"

#include "math/normal.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* z[i count + t O + o]: output o of draw t at input i. */
static enum er_status draw_all(const struct er_wide_net *net, int64_t n, const double *x, const double *k,
                               int64_t draws, uint64_t seed, const struct er_progress *progress, double *z,
                               struct er_error *err)
{
    const int64_t O = er_net_outputs(net->net), P = er_net_parameters(net->net);
    const int64_t S = er_net_statistics(net->net);
    double *w = er_alloc(P + S + n * O, sizeof *w), *f = w ? w + P + S : NULL;
    if (!w) return er_fail(err, ER_E_NOMEM, "wide: out of memory for %lld weights", (long long)P);
    const struct er_finite_network network = {net->finite, w, S > 0 ? w + P : NULL};
    enum er_status status = ER_OK;
    for (int64_t t = 0; t < draws && status == ER_OK; t++) {
        if (er_progress_stopped(progress))
            status = er_fail(err, ER_E_STOPPED, "wide: interrupted");
        else
            status = er_finite_initialise(net->finite, seed + (uint64_t)t, w, S > 0 ? w + P : NULL, err);
        if (status == ER_OK) status = er_finite_outputs(&network, n, x, f, NULL, err);
        for (int64_t i = 0; i < n && status == ER_OK; i++)
            for (int64_t o = 0; o < O; o++) z[i * draws * O + t * O + o] = f[i * O + o] / sqrt(k[i * n + i]);
    }
    er_free(w);
    return status;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of sorted z. */
static double ks_of(int64_t n, const double *z)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) {
        const double p = er_normal_cdf(z[i]);
        most = fmax(most, fmax(p - (double)i / (double)n, (double)(i + 1) / (double)n - p));
    }
    return most;
}

static double kurtosis_of(int64_t n, const double *z)
{
    double second = 0, fourth = 0;
    for (int64_t i = 0; i < n; i++) {
        second += z[i] * z[i];
        fourth += z[i] * z[i] * z[i] * z[i];
    }
    return fourth * (double)n / (second * second) - 3;
}

enum er_status er_wide_outputs_measure(const struct er_wide_net *net, int64_t n, const double *x,
                                       const double *k, int64_t draws, uint64_t seed,
                                       const struct er_progress *progress, struct er_wide_outputs *out,
                                       double *const *curve, struct er_error *err)
{
    const int64_t count = draws * er_net_outputs(net->net);
    double *z = er_alloc(n * count, sizeof *z);
    if (!z) return er_fail(err, ER_E_NOMEM, "wide: out of memory for %" PRId64 " outputs", n * count);
    enum er_status status = draw_all(net, n, x, k, draws, seed, progress, z, err);
    if (status == ER_OK) {
        *out = (struct er_wide_outputs){.ks_gaussian = 0.8687 / sqrt((double)count)};
        for (int64_t i = 0; i < n; i++) {
            qsort(z + i * count, (size_t)count, sizeof *z, ascending);
            out->ks += ks_of(count, z + i * count) / (double)n;
            out->kurtosis += kurtosis_of(count, z + i * count) / (double)n;
        }
        qsort(z, (size_t)(n * count), sizeof *z, ascending);
        for (int q = 0; q < ER_WIDE_QUANTILES; q++) {
            const double p = (q + 0.5) / ER_WIDE_QUANTILES;
            curve[0][q] = er_normal_quantile(p);
            curve[1][q] = z[(int64_t)(p * (double)(n * count))];
        }
    }
    er_free(z);
    return status;
}
