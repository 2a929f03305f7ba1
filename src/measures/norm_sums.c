/* norm_sums.c - the sums that norm measures of Jiang et al. are made of. */
#include "measures/norm_sums.h"

#include "measures/margin.h"

#include "net/net.h"

#include <math.h>

static enum er_status is_zero(int64_t i, struct er_error *err)
{
    return er_fail(err, ER_E_UNSUPPORTED, "all weights of matrix %lld are 0", (long long)i + 1);
}

enum er_status er_jiang_ln_product(struct er_measured_run *run, enum er_layer_norm which, double *out,
                                   double *d, struct er_error *err)
{
    const double *v;
    int64_t n;
    double sum = 0;
    const enum er_status status = er_measured_layer_norms(run, which, &v, &n, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < n; i++) {
        if (!(v[i] > 0)) return is_zero(i, err);
        sum += 2 * log(v[i]);
    }
    *out = sum;
    *d = (double)n;
    return ER_OK;
}

enum er_status er_jiang_ln_product_over(struct er_measured_run *run, enum er_layer_norm which, bool margin,
                                        double *out, double *d, struct er_error *err)
{
    double ln = 0, ln_gamma = 0;
    enum er_status status = er_jiang_ln_product(run, which, &ln, d, err);
    if (status == ER_OK && margin) status = er_measured_ln_margin(run, &ln_gamma, err);
    if (status == ER_OK) *out = ln - 2 * ln_gamma;
    return status;
}

enum er_status er_jiang_product(struct er_measured_run *run, enum er_layer_norm which, bool margin,
                                bool logarithm, double *out, struct er_error *err)
{
    double ln = 0, d = 0;
    const enum er_status status = er_jiang_ln_product_over(run, which, margin, &ln, &d, err);
    if (status == ER_OK) *out = logarithm ? ln : exp(ln);
    return status;
}

enum er_status er_jiang_mean(struct er_measured_run *run, enum er_layer_norm which, bool margin, double *out,
                             struct er_error *err)
{
    double ln = 0, d = 0;
    const enum er_status status = er_jiang_ln_product_over(run, which, margin, &ln, &d, err);
    if (status == ER_OK) *out = d * exp(ln / d);
    return status;
}

enum er_status er_jiang_sum_of_squares(struct er_measured_run *run, enum er_layer_norm which, double *out,
                                       struct er_error *err)
{
    const double *v;
    int64_t n;
    double sum = 0;
    const enum er_status status = er_measured_layer_norms(run, which, &v, &n, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < n; i++) sum += v[i] * v[i];
    *out = sum;
    return ER_OK;
}

enum er_status er_jiang_ratio(struct er_measured_run *run, enum er_layer_norm which,
                              enum er_convention convention, double *out, struct er_error *err)
{
    const double *v, *s;
    int64_t n;
    double sum = 0;
    enum er_status status = er_measured_layer_norms(run, which, &v, &n, err);
    if (status == ER_OK) status = er_measured_layer_norms(run, er_jiang_spectral(convention), &s, &n, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < n; i++) {
        if (!(s[i] > 0)) return is_zero(i, err);
        sum += v[i] / s[i] * (v[i] / s[i]);
    }
    *out = sum;
    return ER_OK;
}

double er_jiang_side(const struct er_net *net)
{
    const struct er_shape shape = net->node[0].layer.in;
    return (double)(shape.height > shape.width ? shape.height : shape.width);
}
