/* mlp.c - a multilayer perceptron in double: one example at a time, one neuron at a time. */
#include "oracles/mlp.h"

#include <math.h>
#include <string.h>

enum { WIDEST = 1024 };

int64_t mlp_parameters(const struct mlp *m)
{
    int64_t n = 0;
    for (int l = 0; l < m->layers; l++) n += (m->width[l] + 1) * m->width[l + 1];
    return n;
}

static double activate(const char *name, double x)
{
    if (strcmp(name, "relu") == 0) return x > 0 ? x : 0;
    if (strcmp(name, "tanh") == 0) return tanh(x);
    if (strcmp(name, "erf") == 0) return erf(x);
    return x;
}

static double example_loss(const char *name, int64_t K, const double *f, int32_t y)
{
    double loss = 0;
    if (strcmp(name, "cross-entropy") == 0) {
        for (int64_t k = 0; k < K; k++) loss += exp(f[k] - f[y]);
        return log(loss);
    }
    if (strcmp(name, "mean-squared") == 0) {
        for (int64_t k = 0; k < K; k++) loss += (f[k] - (k == y)) * (f[k] - (k == y)) / 2;
        return loss;
    }
    if (strcmp(name, "logistic") == 0) {
        if (K == 1) return log1p(exp(y == 1 ? -f[0] : f[0]));
        for (int64_t k = 0; k < K; k++) loss += log1p(exp(k == y ? -f[k] : f[k]));
        return loss;
    }
    double margin = y == 1 ? f[0] : -f[0];
    if (K > 1) {
        margin = INFINITY;
        for (int64_t k = 0; k < K; k++)
            if (k != y) margin = fmin(margin, f[y] - f[k]);
    }
    return margin < 1 ? 1 - margin : 0;
}

double mlp_loss(const struct mlp *m, const double *w, int64_t n, const float *x, const int32_t *label,
                double *f)
{
    double total = 0;
    for (int64_t e = 0; e < n; e++) {
        double in[WIDEST], out[WIDEST];
        const double *p = w;
        for (int64_t i = 0; i < m->width[0]; i++) in[i] = (double)x[e * m->width[0] + i];
        for (int l = 0; l < m->layers; l++) {
            const int64_t I = m->width[l], O = m->width[l + 1];
            for (int64_t o = 0; o < O; o++) {
                out[o] = p[I * O + o];
                for (int64_t i = 0; i < I; i++) out[o] += in[i] * p[i * O + o];
            }
            p += (I + 1) * O;
            for (int64_t o = 0; o < O; o++)
                in[o] = l + 1 < m->layers ? activate(m->activation, out[o]) : out[o];
        }
        const int64_t K = m->width[m->layers];
        if (f) memcpy(f + e * K, in, (size_t)K * sizeof *f);
        total += example_loss(m->loss, K, in, label[e]);
    }
    return total / (double)n;
}

double mlp_slope(const struct mlp *m, double *w, int64_t i, double h, int64_t n, const float *x,
                 const int32_t *label)
{
    const double w0 = w[i];
    w[i] = w0 + h;
    const double up = mlp_loss(m, w, n, x, label, NULL);
    w[i] = w0 - h;
    const double down = mlp_loss(m, w, n, x, label, NULL);
    w[i] = w0;
    return (up - down) / (2 * h);
}
