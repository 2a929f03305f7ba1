/* attention.c - token kernels through attention and graph layers: products of small matrices. */
#include <ermine/attention.h>

#include <cblas.h>
#include <ermine/memory.h>
#include <math.h>

static enum er_status check_finite(int64_t n, const double *k, const double *theta, struct er_error *err)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(k[i]) || (theta && !isfinite(theta[i])))
            return er_fail(err, ER_E_NONFINITE, "attention: entry %lld of the token kernel is not finite",
                           (long long)i);
    return ER_OK;
}

void er_attention_softmax(const struct er_attention *attention, int64_t size, const double *k, double *g)
{
    for (int64_t i = 0; i < size; i++, k += size, g += size) {
        double largest = -(double)INFINITY, sum = 0;
        for (int64_t j = 0; j < size; j++) largest = fmax(largest, attention->query_key * k[j]);
        for (int64_t j = 0; j < size; j++) sum += g[j] = exp(attention->query_key * k[j] - largest);
        for (int64_t j = 0; j < size; j++) g[j] /= sum;
    }
}

/* kernel <- scale A kernel B^T, or A^T kernel B; `half` is scratch of its size. */
static void sandwich(CBLAS_TRANSPOSE left, const struct er_tokens *one, const struct er_tokens *two,
                     double scale, double *kernel, double *half)
{
    const CBLAS_TRANSPOSE right = left == CblasNoTrans ? CblasTrans : CblasNoTrans;
    const int n = (int)one->size, m = (int)two->size;
    cblas_dgemm(CblasRowMajor, left, CblasNoTrans, n, m, n, scale, one->matrix, n, kernel, m, 0, half, m);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, right, n, m, m, 1, half, m, two->matrix, m, 0, kernel, m);
}

static enum er_status sandwich_both(CBLAS_TRANSPOSE left, const struct er_tokens *one,
                                    const struct er_tokens *two, double scale, double *k, double *theta,
                                    struct er_error *err)
{
    double *half = er_alloc(one->size * two->size, sizeof *half);
    if (!half)
        return er_fail(err, ER_E_NOMEM, "attention: out of memory for %lld x %lld tokens",
                       (long long)one->size, (long long)two->size);
    sandwich(left, one, two, scale, k, half);
    if (theta) sandwich(left, one, two, scale, theta, half);
    er_free(half);
    return ER_OK;
}

enum er_status er_attention_tied(const struct er_attention *attention, const struct er_tokens *one,
                                 const struct er_tokens *two, double *k, double *theta, struct er_error *err)
{
    const int64_t n = one->size * two->size;
    const double v = attention->value_output, b = attention->bias_std * attention->bias_std;
    const enum er_status status = sandwich_both(CblasNoTrans, one, two, v * v, k, theta, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < n; i++) {
        if (theta) theta[i] += 2 * k[i] + b;
        k[i] += b;
    }
    return check_finite(n, k, theta, err);
}

enum er_status er_attention_linear(const struct er_attention *attention, int64_t n, double *k, double *theta,
                                   struct er_error *err)
{
    const double s = attention->query_key * attention->value_output,
                 b = attention->bias_std * attention->bias_std;
    double with_k = 0, with_theta = 0;
    for (int64_t i = 0; i < n; i++) {
        with_k += k[i] * k[i];
        if (theta) with_theta += k[i] * theta[i];
    }
    for (int64_t i = 0; i < n; i++) {
        if (theta) theta[i] = s * s * (2 * with_theta * k[i] + with_k * (theta[i] + 4 * k[i])) + b;
        k[i] = s * s * with_k * k[i] + b;
    }
    return check_finite(n, k, theta, err);
}

enum er_status er_aggregate(const struct er_tokens *one, const struct er_tokens *two, double *k,
                            double *theta, struct er_error *err)
{
    const enum er_status status = sandwich_both(CblasTrans, one, two, 1, k, theta, err);
    return status == ER_OK ? check_finite(one->size * two->size, k, theta, err) : status;
}
