/* end_to_end.c - see end_to_end.h. */
#include "recovery/end_to_end.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum er_status er_end_to_end_open(int64_t m, int64_t n, int64_t depth, struct er_end_to_end *out,
                                  struct er_error *err)
{
    struct er_end_to_end e = {.m = m, .n = n, .r = m < n ? m : n, .depth = depth};
    if (depth < 1)
        return er_fail(err, ER_E_USAGE, "gradient flow: depth is %" PRId64 ", it must be at least 1", depth);
    enum er_status status = er_svd_new(m, n, true, &e.svd, err);
    if (status != ER_OK) return status;
    e.u = er_alloc(m * e.r, sizeof *e.u);
    e.s = er_alloc(e.r, sizeof *e.s);
    e.vt = er_alloc(e.r * n, sizeof *e.vt);
    e.power = er_alloc(depth * e.r, sizeof *e.power);
    e.left = er_alloc(e.r * n, sizeof *e.left);
    e.right = er_alloc(m * e.r, sizeof *e.right);
    e.inner = er_alloc(e.r * e.r, sizeof *e.inner);
    if (e.u && e.s && e.vt && e.power && e.left && e.right && e.inner) {
        *out = e;
        return ER_OK;
    }
    er_end_to_end_clear(&e);
    return er_fail(err, ER_E_NOMEM, "gradient flow: out of memory for a matrix of %" PRId64 " x %" PRId64, m,
                   n);
}

void er_end_to_end_clear(struct er_end_to_end *e)
{
    er_svd_free(e->svd);
    er_free(e->u);
    er_free(e->s);
    er_free(e->vt);
    er_free(e->power);
    er_free(e->left);
    er_free(e->right);
    er_free(e->inner);
    *e = (struct er_end_to_end){0};
}

enum er_status er_end_to_end_look(struct er_end_to_end *e, const double *w, struct er_error *err)
{
    const enum er_status status = er_svd_vectors(e->svd, w, e->s, e->u, e->vt, err);
    for (int64_t j = 0; j < e->depth && status == ER_OK; j++)
        for (int64_t a = 0; a < e->r; a++)
            e->power[j * e->r + a] = pow(e->s[a], 2 * (double)j / (double)e->depth);
    return status;
}

double er_end_to_end_bytes(int64_t m, int64_t n, int64_t depth)
{
    const double r = (double)(m < n ? m : n), sides = (double)m + (double)n;
    return er_svd_bytes(m, n, true) + (2 * r * sides + r * r + ((double)depth + 1) * r) * sizeof(double);
}

void er_end_to_end_factor(const struct er_end_to_end *e, int64_t j, int64_t width, double *factor)
{
    const int64_t N = e->depth, rows = j == N ? e->m : width, columns = j == 1 ? e->n : width;
    const int64_t rank = e->r < width ? e->r : width;
    memset(factor, 0, (size_t)(rows * columns) * sizeof *factor);
    for (int64_t a = 0; a < rank; a++) {
        const double root = pow(e->s[a], 1 / (double)N);
        for (int64_t i = 0; i < rows && j == N; i++) factor[i * columns + a] = e->u[i * e->r + a] * root;
        for (int64_t i = 0; i < columns && j == 1; i++) factor[a * columns + i] = e->vt[a * e->n + i] * root;
        if (j > 1 && j < N) factor[a * columns + a] = root;
    }
}

/* c (m x n) = alpha a b + beta c, a (m x k) or its transpose, b (k x n) or its transpose */
static void multiply(bool turn_a, bool turn_b, int64_t m, int64_t n, int64_t k, double alpha, const double *a,
                     const double *b, double beta, double *c)
{
    cblas_dgemm(CblasRowMajor, turn_a ? CblasTrans : CblasNoTrans, turn_b ? CblasTrans : CblasNoTrans,
                (blasint)m, (blasint)n, (blasint)k, alpha, a, (blasint)(turn_a ? m : k), b,
                (blasint)(turn_b ? k : n), beta, c, (blasint)n);
}

void er_end_to_end_project(struct er_end_to_end *e, const double *g)
{
    multiply(true, false, e->r, e->n, e->m, 1, e->u, g, 0, e->left);
    multiply(false, true, e->m, e->r, e->n, 1, g, e->vt, 0, e->right);
    multiply(false, true, e->r, e->r, e->n, 1, e->left, e->vt, 0, e->inner);
}

void er_end_to_end_slope(struct er_end_to_end *e, const double *g, double *slope)
{
    const int64_t r = e->r, N = e->depth;
    if (N == 1) {
        for (int64_t i = 0; i < e->m * e->n; i++) slope[i] = -g[i];
        return;
    }
    er_end_to_end_project(e, g);
    const double *top = e->power + (N - 1) * r;
    for (int64_t a = 0; a < r; a++)
        for (int64_t b = 0; b < r; b++) {
            double sum = 0;
            for (int64_t j = 2; j < N; j++) sum += e->power[(N - j) * r + a] * e->power[(j - 1) * r + b];
            e->inner[a * r + b] *= sum;
        }
    for (int64_t a = 0; a < r; a++)
        for (int64_t j = 0; j < e->n; j++) e->left[a * e->n + j] *= top[a];
    for (int64_t i = 0; i < e->m; i++)
        for (int64_t b = 0; b < r; b++) e->right[i * r + b] *= top[b];
    multiply(false, false, r, e->n, r, 1, e->inner, e->vt, 1, e->left);
    multiply(false, false, e->m, e->n, r, -1, e->u, e->left, 0, slope);
    multiply(false, false, e->m, e->n, r, -1, e->right, e->vt, 1, slope);
}
