/* spectrum.c - what a matrix is like: its singular values, and numbers made of them. */
#include "math/svd.h"

#include <ermine/recovery.h>
#include <math.h>

enum er_status er_singular_values(int64_t m, int64_t n, const double *a, double *s, struct er_error *err)
{
    struct er_svd *svd = NULL;
    enum er_status status = er_svd_new(m, n, false, &svd, err);
    if (status == ER_OK) status = er_svd_values(svd, a, s, err);
    er_svd_free(svd);
    return status;
}

double er_nuclear_norm(int64_t n, const double *s)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += s[i];
    return sum;
}

double er_effective_rank(int64_t n, const double *s)
{
    const double sum = er_nuclear_norm(n, s);
    double entropy = 0;
    if (!(sum > 0)) return 0;
    for (int64_t i = 0; i < n; i++)
        if (s[i] > 0) entropy -= s[i] / sum * log(s[i] / sum);
    return exp(entropy);
}
