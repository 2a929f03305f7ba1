/* factors.c - see factors.h. */
#include "oracles/factors.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static int64_t side(const struct factors *f, int64_t j)
{
    return j == 0 ? f->columns : j == f->depth ? f->rows : f->width;
}

struct factors factors_new(int64_t depth, int64_t rows, int64_t columns, int64_t width)
{
    struct factors f = {.depth = depth, .rows = rows, .columns = columns, .width = width};
    for (int64_t j = 0; j < depth; j++) f.w[j] = er_alloc(FACTORS_SIDE * FACTORS_SIDE, sizeof(double));
    return f;
}

void factors_clear(struct factors *f)
{
    for (int64_t j = 0; j < f->depth; j++) er_free(f->w[j]);
}

/* out (m x n) = a (m x k) b (k x n) */
static void product(int64_t m, int64_t k, int64_t n, const double *a, const double *b, double *out)
{
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t l = 0; l < k; l++) sum += a[i * k + l] * b[l * n + j];
            out[i * n + j] = sum;
        }
}

/* W_to ... W_{from + 1}, side(to) x side(from); the identity where they are equal. */
static void chain(const struct factors *f, int64_t from, int64_t to, double *out)
{
    const int64_t n = side(f, from);
    double next[FACTORS_SIDE * FACTORS_SIDE];
    for (int64_t i = 0; i < n * n; i++) out[i] = i % (n + 1) == 0;
    for (int64_t j = from; j < to; j++) {
        product(side(f, j + 1), side(f, j), n, f->w[j], out, next);
        memcpy(out, next, sizeof next);
    }
}

void factors_product(const struct factors *f, double *out)
{
    chain(f, 0, f->depth, out);
}

static void transpose(int64_t m, int64_t n, const double *a, double *out)
{
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
}

/* dL/dW_{j+1} = (W_N ... W_{j+2})^T (dL/dW) (W_j ... W_1)^T */
static void factor_gradient(const struct er_recovery *p, const struct factors *f, int64_t j, double *out)
{
    double w[FACTORS_SIDE * FACTORS_SIDE], g[FACTORS_SIDE * FACTORS_SIDE], above[FACTORS_SIDE * FACTORS_SIDE],
        below[FACTORS_SIDE * FACTORS_SIDE], t[FACTORS_SIDE * FACTORS_SIDE];
    chain(f, 0, f->depth, w);
    er_recovery_gradient(p, w, g);
    chain(f, j + 1, f->depth, w);
    transpose(f->rows, side(f, j + 1), w, above);
    product(side(f, j + 1), f->rows, f->columns, above, g, t);
    chain(f, 0, j, w);
    transpose(side(f, j), f->columns, w, below);
    product(side(f, j + 1), f->columns, side(f, j), t, below, out);
}

void factors_descend(const struct er_recovery *p, const struct factors *from, const struct factors *at,
                     double h, struct factors *to)
{
    double g[FACTORS_SIDE * FACTORS_SIDE];
    for (int64_t j = 0; j < from->depth; j++) {
        factor_gradient(p, at, j, g);
        for (int64_t i = 0; i < side(from, j) * side(from, j + 1); i++)
            to->w[j][i] = from->w[j][i] - h * g[i];
    }
}

/* Runge and Kutta's step of order 4. With y_1 = f + h k_1 / 2, y_2 = f + h k_2 / 2, y_3 = f + h k_3, y_4 = f + h k_4 it ends at
 * f + h (k_1 + 2 k_2 + 2 k_3 + k_4) / 6 = (2 y_1 + 4 y_2 + 2 y_3 + y_4 - 3 f) / 6. */
void factors_flow(const struct er_recovery *p, struct factors *f, double h)
{
    struct factors y[4];
    for (int k = 0; k < 4; k++) y[k] = factors_new(f->depth, f->rows, f->columns, f->width);
    factors_descend(p, f, f, h / 2, &y[0]);
    factors_descend(p, f, &y[0], h / 2, &y[1]);
    factors_descend(p, f, &y[1], h, &y[2]);
    factors_descend(p, f, &y[2], h, &y[3]);
    for (int64_t j = 0; j < f->depth; j++)
        for (int64_t i = 0; i < side(f, j) * side(f, j + 1); i++)
            f->w[j][i] =
                (2 * y[0].w[j][i] + 4 * y[1].w[j][i] + 2 * y[2].w[j][i] + y[3].w[j][i] - 3 * f->w[j][i]) / 6;
    for (int k = 0; k < 4; k++) factors_clear(&y[k]);
}

double factors_imbalance(const struct factors *f)
{
    double worst = 0, t[FACTORS_SIDE * FACTORS_SIDE], above[FACTORS_SIDE * FACTORS_SIDE],
           below[FACTORS_SIDE * FACTORS_SIDE];
    for (int64_t j = 1; j < f->depth; j++) {
        transpose(side(f, j + 1), side(f, j), f->w[j], t);
        product(side(f, j), side(f, j + 1), side(f, j), t, f->w[j], above);
        transpose(side(f, j), side(f, j - 1), f->w[j - 1], t);
        product(side(f, j), side(f, j - 1), side(f, j), f->w[j - 1], t, below);
        for (int64_t i = 0; i < side(f, j) * side(f, j); i++) worst = fmax(worst, fabs(above[i] - below[i]));
    }
    return worst;
}
