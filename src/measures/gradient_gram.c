/* gradient_gram.c - inner products of gradients, a tile of pairs a task, slices of parameters summed in float64.
 *
 * Gradients are scaled to length 1 before they are multiplied, so that squares of tiny ones don't vanish in float32.
 */
#include "measures/gradient_gram.h"

#include "core/available.h"
#include "math/inner.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { TILE = 32, SLICE = 1024 };
static const int64_t MOST_FLOATS = (int64_t)1 << 28;

/* Gradients of examples first .. first + n - 1, of length 1 or 0. */
struct piece {
    int64_t first, n;
    float *g; /* n x P */
};

struct products {
    int64_t P, n;
    const struct piece *a, *b;
    double *gram;
};

static int64_t tiles(int64_t n)
{
    return (n + TILE - 1) / TILE;
}

/* A tile of rows against all columns that come no later. */
static void work(void *ctx, int64_t task, int worker)
{
    const struct products *p = ctx;
    const int64_t across = tiles(p->b->n), i = task / across * TILE, j = task % across * TILE;
    const int64_t rows = p->a->n - i < TILE ? p->a->n - i : TILE,
                  columns = p->b->n - j < TILE ? p->b->n - j : TILE;
    float part[TILE * TILE];
    double sum[TILE * TILE] = {0};
    (void)worker;
    if (p->b->first + j > p->a->first + i) return;
    for (int64_t at = 0; at < p->P; at += SLICE) {
        const int64_t length = p->P - at < SLICE ? p->P - at : SLICE;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, (int)length, 1,
                    p->a->g + i * p->P + at, (int)p->P, p->b->g + j * p->P + at, (int)p->P, 0, part, TILE);
        for (int64_t r = 0; r < rows; r++)
            for (int64_t c = 0; c < columns; c++) sum[r * TILE + c] += (double)part[r * TILE + c];
    }
    for (int64_t r = 0; r < rows; r++)
        memcpy(p->gram + (p->a->first + i + r) * p->n + p->b->first + j, sum + r * TILE,
               (size_t)columns * sizeof *sum);
}

/* Scales rows to length 1; their lengths in `length`. */
static void normalise(int64_t n, int64_t P, float *g, double *length)
{
    for (int64_t i = 0; i < n; i++) {
        length[i] = sqrt(er_inner(P, g + i * P, g + i * P));
        if (length[i] > 0) er_scale(P, 1 / length[i], g + i * P);
    }
}

static enum er_status fill(struct er_derivatives *d, struct piece *piece, int64_t first, int64_t most,
                           int64_t P, int64_t n, double *length, struct er_error *err)
{
    piece->first = first;
    piece->n = n - first < most ? n - first : most;
    const enum er_status status = er_derivatives_examples(d, first, piece->n, piece->g, NULL, err);
    if (status == ER_OK) normalise(piece->n, P, piece->g, length + first);
    return status;
}

/* What has been made below the diagonal becomes products of the gradients themselves, above it too. */
static void finish(int64_t n, const double *length, double *gram)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < i; j++) gram[j * n + i] = gram[i * n + j] *= length[i] * length[j];
        gram[i * n + i] = length[i] * length[i];
    }
}

static enum er_status multiply(struct er_derivatives *d, int64_t P, int64_t n, int64_t most, float *g,
                               double *length, double *gram, struct er_pool *pool, struct er_error *err)
{
    struct piece a = {.g = g}, b = {.g = g + most * P};
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < n && status == ER_OK; i += most) {
        status = fill(d, &a, i, most, P, n, length, err);
        for (int64_t j = 0; j <= i && status == ER_OK; j += most) {
            if (j < i) status = fill(d, &b, j, most, P, n, length, err);
            if (status != ER_OK) break;
            struct products products = {P, n, &a, j < i ? &b : &a, gram};
            const int64_t tasks = tiles(a.n) * tiles(products.b->n);
            if (pool) er_pool_run(pool, tasks, work, &products);
            for (int64_t t = 0; t < tasks && !pool; t++) work(&products, t, 0);
        }
    }
    return status;
}

enum er_status er_gradient_gram(const struct er_net *net, const struct er_network *network,
                                const struct er_dataset *set, struct er_pool *pool, double *gram,
                                struct er_error *err)
{
    const int64_t P = er_net_parameters(net), n = set->n;
    const int64_t fit = MOST_FLOATS / (P > 0 ? P : 1) / TILE * TILE, some = fit < TILE ? TILE : fit;
    const int64_t most = n < some ? n : some, floats = (n > most ? 2 : 1) * most * P;
    struct er_derivatives *d = NULL;
    enum er_status status = er_memory_check((double)floats * sizeof(float), "gradients of examples", err);
    if (status == ER_OK) status = er_derivatives_new(net, network, set, pool, NULL, &d, err);
    if (status != ER_OK) return status;
    float *g = er_alloc(floats, sizeof *g);
    double *length = er_alloc(n, sizeof *length);
    if (g && length)
        status = multiply(d, P, n, most, g, length, gram, pool, err);
    else
        status = er_fail(err, ER_E_NOMEM, "measures: out of memory for the gradients of %lld examples",
                         (long long)most);
    if (status == ER_OK) finish(n, length, gram);
    er_free(g);
    er_free(length);
    er_derivatives_free(d);
    return status;
}
