/* factor_start.c - the factors before the first step. Each factor has a stream of its own, (seed, initialise, j), read row
 * by row in float64: neither precision nor the way in which factors lie changes what is drawn.
 */
#include "math/qr.h"
#include "recovery/factor.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static void draw(uint64_t seed, int64_t j, int64_t n, double deviation, double *w)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_INITIALISE, (uint64_t)j));
    for (int64_t p = 0; p < n; p++) w[p] = deviation * er_random_normal(&r);
}

static enum er_status orthogonal(uint64_t seed, int64_t j, int64_t rows, int64_t columns, double factor,
                                 double *w, double *spare, struct er_error *err)
{
    const bool tall = rows > columns;
    const int64_t least = tall ? columns : rows, most = tall ? rows : columns;
    draw(seed, j, rows * columns, 1, spare);
    enum er_status status = er_qr_orthonormal(least, most, spare, err);
    for (int64_t a = 0; a < least; a++)
        for (int64_t b = 0; b < most; b++)
            w[tall ? b * columns + a : a * columns + b] = factor * spare[a * most + b];
    return status;
}

static enum er_status no_memory(int64_t rows, int64_t columns, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "factorise: out of memory for a factor of %lld x %lld", (long long)rows,
                   (long long)columns);
}

static enum er_status one(struct er_factorisation *f, int64_t j, double root, struct er_error *err)
{
    const struct er_factorise_spec *spec = &f->spec;
    int64_t rows, columns;
    enum er_status status = ER_OK;
    er_factorisation_shape(f, j, &rows, &columns);
    double *w = er_alloc(2 * rows * columns, sizeof *w); /* the second half: spare */
    if (!w) return no_memory(rows, columns, err);
    if (spec->start == ER_FACTOR_GAUSSIAN)
        draw(spec->seed, j, rows * columns, root / sqrt((double)columns), w);
    else if (spec->start == ER_FACTOR_IDENTITY)
        for (int64_t i = 0; i < rows && i < columns; i++) w[i * columns + i] = root;
    else
        status = orthogonal(spec->seed, j, rows, columns, root, w, w + rows * columns, err);
    er_factorisation_set(f, j, w);
    er_free(w);
    return status;
}

static enum er_status each(struct er_factorisation *f, struct er_error *err)
{
    const double root = pow(f->spec.scale, 1 / (double)f->spec.depth);
    enum er_status status = ER_OK;
    for (int64_t j = 1; j <= f->spec.depth && status == ER_OK; j++) status = one(f, j, root, err);
    return status;
}

/* A = U S V^T of a row-major A (m x n), which is lost: u is m x k, v k x n, k = min(m, n). */
static enum er_status decompose(int64_t m, int64_t n, double *a, double *s, double *u, double *v,
                                struct er_error *err)
{
    const int64_t k = m < n ? m : n;
    lapack_int *whole = er_alloc(8 * k, sizeof *whole), info = 0, n_work = -1;
    double asked = 0, *work = &asked;
    for (int pass = 0; pass < 2 && whole && work; pass++) {
        info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', (lapack_int)n, (lapack_int)m, a, (lapack_int)n, s,
                                   v, (lapack_int)n, u, (lapack_int)k, work, n_work, whole);
        if (pass > 0) break;
        n_work = (lapack_int)asked;
        work = er_alloc(n_work, sizeof *work);
    }
    const bool memory = whole && work;
    if (work != &asked) er_free(work);
    er_free(whole);
    if (!memory) return er_fail(err, ER_E_NOMEM, "factorise: out of memory for a balanced start");
    if (info != 0)
        return er_fail(err, ER_E_NONFINITE, "factorise: singular values of the start were not found");
    return ER_OK;
}

/* W_1 = S^(1/N) V^T, W_N = U S^(1/N), between them S^(1/N); as many singular values as the width has room for. */
static enum er_status share(struct er_factorisation *f, const double *s, const double *u, const double *v,
                            int64_t k, struct er_error *err)
{
    const int64_t N = f->spec.depth;
    const double power = 1 / (double)N;
    for (int64_t j = 1; j <= N; j++) {
        int64_t rows, columns;
        er_factorisation_shape(f, j, &rows, &columns);
        double *w = er_alloc(rows * columns, sizeof *w);
        if (!w) return no_memory(rows, columns, err);
        for (int64_t r = 0; r < k; r++) {
            const double root = pow(s[r], power);
            if (j == 1 && r < rows)
                for (int64_t c = 0; c < columns; c++) w[r * columns + c] = root * v[r * columns + c];
            else if (j == N && r < columns)
                for (int64_t i = 0; i < rows; i++) w[i * columns + r] = root * u[i * k + r];
            else if (r < rows && r < columns)
                w[r * columns + r] = root;
        }
        er_factorisation_set(f, j, w);
        er_free(w);
    }
    return ER_OK;
}

static enum er_status balanced(struct er_factorisation *f, struct er_error *err)
{
    const struct er_factorise_spec *spec = &f->spec;
    const int64_t m = f->problem->rows, n = f->problem->columns, k = m < n ? m : n;
    double *a = er_alloc(m * n + m * k + k * n + k, sizeof *a);
    if (!a) return no_memory(m, n, err);
    double *u = a + m * n, *v = u + m * k, *s = v + k * n;
    enum er_status status = ER_OK;
    draw(spec->seed, 1, m * n, spec->scale / sqrt((double)n), a);
    if (spec->depth == 1) {
        er_factorisation_set(f, 1, a);
    } else {
        status = decompose(m, n, a, s, u, v, err);
        if (status == ER_OK) status = share(f, s, u, v, k, err);
    }
    er_free(a);
    return status;
}

enum er_status er_factor_start(struct er_factorisation *f, struct er_error *err)
{
    return f->spec.start == ER_FACTOR_BALANCED ? balanced(f, err) : each(f, err);
}
