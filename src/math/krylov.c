/* krylov.c - the Lanczos step with full reorthogonalisation, twice. */
#include "math/krylov.h"

#include "math/inner.h"

#include <assert.h>
#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Elements that are taken through all vectors at a time, so that they stay in the first-level cache. */
enum { STRIP = 1024 };

/* The part of a product that is left outside of the basis is rounding when it is below this, relative to
 * ||A||: the product's elements carry 2^-24 each, the vectors' as much again. */
#define ROUNDING (4 * (double)FLT_EPSILON)

enum er_status er_operator_check(const struct er_operator *a, struct er_error *err)
{
    if (a->n < 1) return er_fail(err, ER_E_USAGE, "operator: n must be at least 1, got %" PRId64, a->n);
    if (!a->apply) return er_fail(err, ER_E_USAGE, "operator: it has no product");
    return ER_OK;
}

enum er_status er_operator_apply(const struct er_operator *a, const float *v, float *out, double *square,
                                 struct er_error *err)
{
    const enum er_status status = a->apply(a->ctx, v, out, err);
    if (status != ER_OK) return status;
    *square = er_inner(a->n, out, out); /* squares of floats stay within double: finite if all elements are */
    if (!isfinite(*square))
        return er_fail(err, ER_E_NONFINITE, "operator: a product A v holds infinity or NaN");
    return ER_OK;
}

enum er_status er_krylov_open(struct er_krylov *k, const struct er_operator *a, int64_t m, uint64_t seed,
                              uint64_t stream, struct er_error *err)
{
    assert(m >= 1 && m <= a->n);
    *k = (struct er_krylov){.a = a, .n = a->n, .m = m, .random = er_random_open(seed, stream)};
    k->v = er_alloc(m + 1, sizeof *k->v);
    k->s = er_alloc(m * m, sizeof *k->s);
    k->h = er_alloc(m, sizeof *k->h);
    k->again = er_alloc(m, sizeof *k->again);
    k->work = er_alloc(m * STRIP, sizeof *k->work);
    if (!k->v || !k->s || !k->h || !k->again || !k->work) goto fail;
    for (int64_t i = 0; i <= m; i++)
        if (!(k->v[i] = er_alloc(k->n, sizeof(float)))) goto fail;
    return ER_OK;
fail:
    return er_fail(err, ER_E_NOMEM, "Lanczos: no memory for %" PRId64 " vectors of %" PRId64 " floats", m + 1,
                   k->n);
}

void er_krylov_close(struct er_krylov *k)
{
    for (int64_t i = 0; k->v && i <= k->m; i++) er_free(k->v[i]);
    er_free(k->v);
    er_free(k->s);
    er_free(k->h);
    er_free(k->again);
    er_free(k->work);
}

/* h_i = v_i . w for i < count; w -= sum_i h_i v_i, rounded once an element. Returns ||w||. */
static double project(const struct er_krylov *k, int64_t count, float *w, double *h)
{
    memset(h, 0, (size_t)count * sizeof *h);
    for (int64_t at = 0; at < k->n; at += STRIP) {
        const int64_t length = k->n - at < STRIP ? k->n - at : STRIP;
        for (int64_t i = 0; i < count; i++) h[i] += er_inner(length, k->v[i] + at, w + at);
    }
    double square = 0;
    for (int64_t at = 0; at < k->n; at += STRIP) {
        const int64_t length = k->n - at < STRIP ? k->n - at : STRIP;
        double strip[STRIP];
        for (int64_t l = 0; l < length; l++) strip[l] = (double)w[at + l];
        for (int64_t i = 0; i < count; i++) er_add_scaled(length, -h[i], k->v[i] + at, strip);
        for (int64_t l = 0; l < length; l++) w[at + l] = (float)strip[l];
        square += er_inner(length, w + at, w + at);
    }
    return sqrt(square);
}

/* w orthogonal to the first `count` vectors: "twice is enough". Coefficients in h. Returns ||w||. */
static double orthogonalise(struct er_krylov *k, int64_t count, float *w)
{
    project(k, count, w, k->h);
    const double length = project(k, count, w, k->again);
    for (int64_t i = 0; i < count; i++) k->h[i] += k->again[i];
    return length;
}

void er_krylov_begin(struct er_krylov *k)
{
    k->size = 0;
    k->norm = k->asymmetry = 0;
    k->chained = false;
    k->beta = sqrt(er_inner(k->n, k->v[0], k->v[0]));
    er_scale(k->n, 1 / k->beta, k->v[0]);
}

void er_krylov_turn(struct er_krylov *k)
{
    assert(k->size < k->n);
    float *w = k->v[k->size];
    for (;;) {
        double drawn = 0;
        for (int64_t i = 0; i < k->n; i++) {
            w[i] = (float)er_random_normal(&k->random);
            drawn += (double)w[i] * (double)w[i];
        }
        const double left = orthogonalise(k, k->size, w);
        if (left <= 1e-3 * sqrt(drawn)) continue; /* by chance nearly inside: draw again */
        er_scale(k->n, 1 / left, w);
        return;
    }
}

enum er_status er_krylov_step(struct er_krylov *k, struct er_error *err)
{
    assert(k->size < k->m);
    const int64_t j = k->size;
    const double before = k->beta;
    float *w = k->v[j + 1];
    double square;
    const enum er_status status = er_operator_apply(k->a, k->v[j], w, &square, err);
    if (status != ER_OK) return status;
    k->applies++;
    k->norm = fmax(k->norm, sqrt(square));
    k->beta = orthogonalise(k, j + 1, w);
    memcpy(k->s + j * k->m, k->h, (size_t)(j + 1) * sizeof *k->h);
    if (k->chained) k->asymmetry = fmax(k->asymmetry, fabs(k->h[j - 1] - before));
    k->size++;
    if (k->size == k->n || k->beta <= ROUNDING * k->norm)
        k->beta = 0;
    else
        er_scale(k->n, 1 / k->beta, w);
    k->chained = k->beta > 0;
    return ER_OK;
}

void er_krylov_rotate(struct er_krylov *k, const double *y, const int64_t *column, int64_t p)
{
    assert(p <= k->size);
    for (int64_t at = 0; at < k->n; at += STRIP) {
        const int64_t length = k->n - at < STRIP ? k->n - at : STRIP;
        memset(k->work, 0, (size_t)(p * STRIP) * sizeof *k->work);
        for (int64_t c = 0; c < p; c++)
            for (int64_t i = 0; i < k->size; i++)
                er_add_scaled(length, y[i + column[c] * k->m], k->v[i] + at, k->work + c * STRIP);
        for (int64_t c = 0; c < p; c++)
            for (int64_t l = 0; l < length; l++) k->v[c][at + l] = (float)k->work[c * STRIP + l];
    }
    for (int64_t c = 0; c < p; c++) er_scale(k->n, 1 / orthogonalise(k, c, k->v[c]), k->v[c]);
    float *next = k->v[k->size];
    k->v[k->size] = k->v[p];
    k->v[p] = next;
    k->size = p;
    k->chained = false;
}
