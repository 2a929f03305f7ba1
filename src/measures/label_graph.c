/* label_graph.c - graphs of examples whose representations are near. */
#include "measures/label_graph.h"

#include <math.h>

void er_graph_normalise(int64_t n, int64_t d, float *x)
{
    for (int64_t i = 0; i < n; i++, x += d) {
        double square = 0;
        for (int64_t j = 0; j < d; j++) square += (double)x[j] * (double)x[j];
        const double by = square > 0 ? 1 / sqrt(square) : 0;
        for (int64_t j = 0; j < d; j++) x[j] = (float)((double)x[j] * by);
    }
}

/* The k-th largest of s[0 .. n) without s[self]; `most` has room for k: they are kept falling. */
static double kth(int64_t n, int64_t k, const double *s, int64_t self, double *most)
{
    int64_t kept = 0;
    for (int64_t j = 0; j < n; j++) {
        if (j == self || (kept == k && s[j] <= most[k - 1])) continue;
        int64_t at = kept < k ? kept++ : k - 1;
        for (; at > 0 && most[at - 1] < s[j]; at--) most[at] = most[at - 1];
        most[at] = s[j];
    }
    return most[k - 1];
}

void er_graph_nearest(int64_t n, int64_t k, const double *s, bool both, double *a, double *room)
{
    for (int64_t i = 0; i < n; i++) {
        const double least = kth(n, k, s + i * n, i, room);
        for (int64_t j = 0; j < n; j++) a[i * n + j] = j != i && s[i * n + j] >= least;
    }
    for (int64_t i = 0; i < n && both; i++)
        for (int64_t j = i + 1; j < n; j++) a[i * n + j] = a[j * n + i] = fmax(a[i * n + j], a[j * n + i]);
}

static double inner(int64_t K, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t k = 0; k < K; k++) sum += a[k] * b[k];
    return sum;
}

double er_graph_variation(int64_t n, int64_t K, const double *a, const double *y, bool plain, double *room)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        room[i] = 0;
        for (int64_t j = 0; j < n; j++) room[i] += a[i * n + j];
    }
    for (int64_t i = 0; i < n; i++) {
        double along = 0; /* the edges of i */
        for (int64_t j = 0; j < n; j++) {
            if (a[i * n + j] == 0) continue;
            const double weight = plain ? a[i * n + j] : a[i * n + j] / sqrt(room[i] * room[j]);
            along += weight * inner(K, y + i * K, y + j * K);
        }
        sum += (plain ? room[i] : 1) * inner(K, y + i * K, y + i * K) - along;
    }
    return sum;
}
