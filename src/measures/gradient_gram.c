/* gradient_gram.c - inner products of gradients: a tile of pairs a task, slices of parameters turned to
 * float64. */
#include "measures/gradient_gram.h"

#include "core/available.h"
#include "derivatives/derivatives.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <string.h>

enum { TILE = 64, SLICE = 192 };
static const int64_t MOST_FLOATS = (int64_t)1 << 26;

/* Gradients of examples first .. first + n - 1. */
struct piece {
    int64_t first, n;
    float *g; /* n x P */
};

struct products {
    int64_t P, n;
    const struct piece *a, *b;
    double *gram;
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t tiles(int64_t n)
{
    return (n + TILE - 1) / TILE;
}

/* Columns at .. at + length - 1 of rows first .. of a piece, in float64. */
static void widen(const struct piece *piece, int64_t P, int64_t first, int64_t rows, int64_t at,
                  int64_t length, double *to)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < length; i++) to[r * SLICE + i] = (double)piece->g[(first + r) * P + at + i];
}

/* A tile of pairs, unless it lies above the diagonal. */
static void work(void *ctx, int64_t task, int worker)
{
    const struct products *p = ctx;
    const int64_t across = tiles(p->b->n), i = task / across * TILE, j = task % across * TILE;
    const int64_t rows = least(p->a->n - i, TILE), columns = least(p->b->n - j, TILE);
    double a[TILE * SLICE], b[TILE * SLICE], sum[TILE * TILE] = {0};
    (void)worker;
    if (p->b->first + j > p->a->first + i) return;
    for (int64_t at = 0; at < p->P; at += SLICE) {
        const int64_t length = least(p->P - at, SLICE);
        widen(p->a, p->P, i, rows, at, length, a);
        widen(p->b, p->P, j, columns, at, length, b);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, (int)length, 1, a,
                    SLICE, b, SLICE, 1, sum, TILE);
    }
    for (int64_t r = 0; r < rows; r++)
        memcpy(p->gram + (p->a->first + i + r) * p->n + p->b->first + j, sum + r * TILE,
               (size_t)columns * sizeof *sum);
}

/* Where rows of gradients go. */
struct copy {
    float *g;
    int64_t P;
};

static void take(void *ctx, int64_t first, int64_t rows, const float *g)
{
    const struct copy *to = ctx;
    memcpy(to->g + first * to->P, g, (size_t)(rows * to->P) * sizeof *g);
}

static enum er_status fill(const struct er_gradients_of *what, struct er_pool *pool, struct piece *piece,
                           int64_t first, int64_t most, struct er_error *err)
{
    const int64_t P = er_net_parameters(what->net);
    struct er_dataset some = *what->set;
    struct er_derivatives *d = NULL;
    struct copy copy = {piece->g, P};
    piece->first = first;
    piece->n = some.n = least(some.n - first, most);
    some.x += first * er_net_inputs(what->net);
    some.label += first;
    enum er_status status = er_derivatives_new(what->net, what->network, &some, pool, NULL, &d, err);
    if (status != ER_OK) return status;
    if (what->df)
        status = er_derivatives_outputs(d, what->df + first * er_net_outputs(what->net), take, &copy, err);
    else
        status = er_derivatives_examples(d, 0, some.n, piece->g, NULL, err);
    if (status == ER_OK) status = er_derivatives_check("the gradients", some.n * P, piece->g, err);
    er_derivatives_free(d);
    return status;
}

static void mirror(int64_t n, double *gram)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) gram[j * n + i] = gram[i * n + j];
}

/* Examples of a piece; two pieces where there are more. */
static int64_t piece_of(int64_t P, int64_t n)
{
    const int64_t fit = MOST_FLOATS / (P + 1) / (2 * TILE) * TILE;
    return P * n <= MOST_FLOATS ? n : least(n, fit < TILE ? TILE : fit);
}

static int64_t floats_of(int64_t P, int64_t n)
{
    const int64_t most = piece_of(P, n);
    return (n > most ? 2 : 1) * most * P;
}

size_t er_gradient_gram_bytes(const struct er_net *net, int64_t n)
{
    return (size_t)floats_of(er_net_parameters(net), n) * sizeof(float) + (size_t)(n * n) * sizeof(double);
}

enum er_status er_gradient_gram(const struct er_gradients_of *what, struct er_pool *pool, double *gram,
                                struct er_error *err)
{
    const int64_t P = er_net_parameters(what->net), n = what->set->n;
    const int64_t most = piece_of(P, n), floats = floats_of(P, n);
    enum er_status status =
        er_memory_check((double)floats * sizeof(float), "measures: gradients of examples", err);
    if (status != ER_OK) return status;
    float *g = er_alloc(floats, sizeof *g);
    if (!g)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for the gradients of %lld examples",
                       (long long)most);
    struct piece a = {.g = g}, b = {.g = g + (n > most ? most * P : 0)};
    for (int64_t i = 0; i < n && status == ER_OK; i += most) {
        status = fill(what, pool, &a, i, most, err);
        for (int64_t j = 0; j <= i && status == ER_OK; j += most) {
            if (j < i) status = fill(what, pool, &b, j, most, err);
            struct products products = {P, n, &a, j < i ? &b : &a, gram};
            const int64_t tasks = status == ER_OK ? tiles(a.n) * tiles(products.b->n) : 0;
            if (pool) er_pool_run(pool, tasks, work, &products);
            for (int64_t t = 0; t < tasks && !pool; t++) work(&products, t, 0);
        }
    }
    er_free(g);
    if (status == ER_OK) mirror(n, gram);
    return status;
}
