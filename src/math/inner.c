/* inner.c - loops over float32 vectors with float64 arithmetic. */
#include "math/inner.h"

#include "core/vector.h"

enum { LANES = 16 };

ER_VECTOR double er_inner(int64_t n, const float *a, const float *b)
{
    double part[LANES] = {0};
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++) part[l] += (double)a[i + l] * (double)b[i + l];
    for (int l = 0; i + l < n; l++) part[l] += (double)a[i + l] * (double)b[i + l];
    double sum = 0;
    for (int l = 0; l < LANES; l++) sum += part[l];
    return sum;
}

ER_VECTOR void er_add_scaled(int64_t n, double c, const float *x, double *y)
{
    for (int64_t i = 0; i < n; i++) y[i] += c * (double)x[i];
}

ER_VECTOR void er_scale(int64_t n, double c, float *v)
{
    for (int64_t i = 0; i < n; i++) v[i] = (float)(c * (double)v[i]);
}
