/* hard_margin.c - see hard_margin.h. */
#include "oracles/hard_margin.h"

#include <math.h>
#include <string.h>

enum { MOST = HARD_MARGIN_MOST_DIMENSIONS };

/* Solves the k x k system a v = 1 by elimination with pivots in its rows. False: singular. */
static bool solve_ones(int k, double a[MOST][MOST], double v[MOST])
{
    for (int i = 0; i < k; i++) v[i] = 1;
    for (int i = 0; i < k; i++) {
        int pivot = i;
        for (int r = i + 1; r < k; r++)
            if (fabs(a[r][i]) > fabs(a[pivot][i])) pivot = r;
        if (fabs(a[pivot][i]) < 1e-12) return false;
        for (int c = 0; c < k; c++) {
            const double t = a[i][c];
            a[i][c] = a[pivot][c];
            a[pivot][c] = t;
        }
        const double t = v[i];
        v[i] = v[pivot];
        v[pivot] = t;
        for (int r = i + 1; r < k; r++) {
            const double f = a[r][i] / a[i][i];
            for (int c = i; c < k; c++) a[r][c] -= f * a[i][c];
            v[r] -= f * v[i];
        }
    }
    for (int i = k; i-- > 0;) {
        for (int c = i + 1; c < k; c++) v[i] -= a[i][c] * v[c];
        v[i] /= a[i][i];
    }
    return true;
}

static double inner(int64_t d, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t j = 0; j < d; j++) sum += a[j] * b[j];
    return sum;
}

/* The least w with w . z_i = 1 for the points of `set`. */
static bool least_on(int64_t d, const double *z, int k, const int *set, double *w)
{
    double a[MOST][MOST], v[MOST];
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) a[i][j] = inner(d, z + set[i] * d, z + set[j] * d);
    if (!solve_ones(k, a, v)) return false;
    for (int64_t j = 0; j < d; j++) {
        w[j] = 0;
        for (int i = 0; i < k; i++) w[j] += v[i] * z[set[i] * d + j];
    }
    return true;
}

static bool keeps(int64_t n, int64_t d, const double *z, const double *w)
{
    for (int64_t i = 0; i < n; i++)
        if (inner(d, w, z + i * d) < 1 - 1e-9) return false;
    return true;
}

bool hard_margin(int64_t n, int64_t d, const double *z, double *w)
{
    double least = INFINITY, candidate[MOST];
    for (uint32_t members = 1; members < (uint32_t)1 << n; members++) {
        int set[MOST], k = 0;
        bool small = true;
        for (int i = 0; i < n && small; i++)
            if (members >> i & 1) {
                small = k < d;
                if (small) set[k++] = i;
            }
        if (!small || !least_on(d, z, k, set, candidate) || !keeps(n, d, z, candidate)) continue;
        const double square = inner(d, candidate, candidate);
        if (square >= least) continue;
        least = square;
        memcpy(w, candidate, (size_t)d * sizeof *w);
    }
    return isfinite(least);
}
