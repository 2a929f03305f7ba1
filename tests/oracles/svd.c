/* svd.c - columns are turned in pairs until each is orthogonal to all others; their lengths are the singular
 * values. */
#include "oracles/svd.h"

#include <math.h>
#include <stdbool.h>

/* Turns columns p and q so that their product becomes 0. False when it was 0 to rounding. */
static bool turn(int64_t m, int64_t n, double *a, int64_t p, int64_t q)
{
    double pp = 0, qq = 0, pq = 0;
    for (int64_t i = 0; i < m; i++) {
        pp += a[i * n + p] * a[i * n + p];
        qq += a[i * n + q] * a[i * n + q];
        pq += a[i * n + p] * a[i * n + q];
    }
    if (fabs(pq) <= 1e-15 * sqrt(pp) * sqrt(qq)) return false;
    const double zeta = (qq - pp) / (2 * pq);
    const double t = copysign(1, zeta) / (fabs(zeta) + sqrt(1 + zeta * zeta));
    const double c = 1 / sqrt(1 + t * t), s = c * t;
    for (int64_t i = 0; i < m; i++) {
        const double x = a[i * n + p], y = a[i * n + q];
        a[i * n + p] = c * x - s * y;
        a[i * n + q] = s * x + c * y;
    }
    return true;
}

void svd_values(int64_t m, int64_t n, double *a, double *s)
{
    bool turned = true;
    for (int sweep = 0; turned && sweep < 60; sweep++) {
        turned = false;
        for (int64_t p = 0; p < n; p++)
            for (int64_t q = p + 1; q < n; q++) turned |= turn(m, n, a, p, q);
    }
    for (int64_t j = 0; j < n; j++) {
        double sum = 0;
        for (int64_t i = 0; i < m; i++) sum += a[i * n + j] * a[i * n + j];
        const double length = sqrt(sum);
        int64_t k = j;
        for (; k > 0 && s[k - 1] < length; k--) s[k] = s[k - 1];
        s[k] = length;
    }
}
