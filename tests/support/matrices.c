/* matrices.c - products in double, rounded to float once an element. */
#include "support/matrices.h"

#include <ermine/memory.h>
#include <math.h>

static void finish(struct matrix *m, float *out)
{
    if (m->applies++ == m->spoil) out[m->n / 2] = NAN;
}

static enum er_status diagonal(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    struct matrix *m = ctx;
    for (int64_t i = 0; i < m->n; i++) out[i] = (float)(m->a[i] * (double)v[i]);
    finish(m, out);
    return ER_OK;
}

static enum er_status dense(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    struct matrix *m = ctx;
    for (int64_t i = 0; i < m->n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < m->n; j++) sum += m->a[i * m->n + j] * (double)v[j];
        out[i] = (float)sum;
    }
    finish(m, out);
    return ER_OK;
}

static enum er_status laplacian(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    struct matrix *m = ctx;
    for (int64_t i = 0; i < m->n; i++) {
        const double left = i > 0 ? (double)v[i - 1] : 0, right = i + 1 < m->n ? (double)v[i + 1] : 0;
        out[i] = (float)(2 * (double)v[i] - left - right);
    }
    finish(m, out);
    return ER_OK;
}

struct er_operator matrix_diagonal(struct matrix *m)
{
    return (struct er_operator){.n = m->n, .ctx = m, .apply = diagonal};
}

struct er_operator matrix_dense(struct matrix *m)
{
    return (struct er_operator){.n = m->n, .ctx = m, .apply = dense};
}

struct er_operator matrix_laplacian(struct matrix *m)
{
    return (struct er_operator){.n = m->n, .ctx = m, .apply = laplacian};
}

double *matrix_random(int64_t n, uint64_t seed)
{
    double *a = er_alloc(n * n, sizeof *a);
    if (!a) return NULL;
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) a[i * n + j] = a[j * n + i] = er_random_normal(&r) / sqrt((double)n);
        a[i * n + i] = er_random_normal(&r) * sqrt(2 / (double)n);
    }
    return a;
}
