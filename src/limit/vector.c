/* vector.c - limits of nets of vectors: a tile of pairs at a time, row by row through all layers.
 *
 * The data's kernel of a tile, K0 = x x'^T / D, is one matrix product. Then each row of pairs, which share one point, goes
 * through the program while it lies in the nearest cache. Equal points get the kernel of a point with itself: the rounding
 * of their product would else be an angle between them, of the root of that size.
 *
 * Scratch of a worker: K0 of a tile; a place for each node (pairs.h); of each activation the variances and tables of the
 * tile's columns, side by side.
 */
#include "limit/pairs.h"

#include "core/vector.h"
#include "limit/data_kernel.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

enum { MOST = ER_DATA_KERNEL_MOST, LANES = 8 };

struct bench {
    double *k0;            /* MOST x MOST */
    double *turned;        /* ER_DATA_KERNEL_SCRATCH */
    double *nothing;       /* MOST zeros: Theta of the data */
    double *scale;         /* MOST */
    double *pairs;         /* places x 2 x MOST */
    double *columns;       /* MOST times the doubles that er_limit_self_at() counts: block by block, turned */
    int64_t *place, *last; /* n */
};

static int64_t column_doubles(const struct er_limit *limit)
{
    return MOST * er_limit_self_at(limit);
}

static double scratch_bytes(const struct er_limit *limit)
{
    const double doubles = (double)MOST * (MOST + 2) + ER_DATA_KERNEL_SCRATCH +
                           (double)column_doubles(limit) + 2.0 * MOST * (double)limit->n;
    return (doubles + 2 * (double)limit->n) * sizeof(double);
}

static struct bench lay_out(const struct er_limit *limit, void *scratch)
{
    struct bench b = {.k0 = scratch};
    b.turned = b.k0 + (int64_t)MOST * MOST;
    b.nothing = b.turned + ER_DATA_KERNEL_SCRATCH;
    b.scale = b.nothing + MOST;
    b.pairs = b.scale + MOST;
    b.columns = b.pairs + 2 * (int64_t)MOST * limit->n;
    b.place = (int64_t *)(b.columns + column_doubles(limit));
    b.last = b.place + limit->n;
    memset(b.nothing, 0, MOST * sizeof *b.nothing);
    er_pairs_places(limit, b.place, b.last);
    return b;
}

/* sum_j x_j^2 / D in a fixed order. */
static double mean_square(int64_t d, const double *x)
{
    double part[LANES] = {0}, sum = 0;
    for (int64_t j = 0; j < d; j++) part[j % LANES] += x[j] * x[j];
    for (int l = 0; l < LANES; l++) sum += part[l];
    return sum / (double)d;
}

static struct er_pairs pairs_of(const struct bench *b, int64_t node)
{
    double *k = b->pairs + 2 * MOST * b->place[node];
    return (struct er_pairs){k, k + MOST};
}

/* One node for n pairs; k0 is the data's kernel. Returns where its output is, on which what depends on variances is still
 * to be done. */
static struct er_pairs map_node(const struct er_limit *limit, int64_t i, int64_t n, const struct bench *b,
                                double *k0, bool theta)
{
    const struct er_limit_node *node = &limit->node[i];
    struct er_pairs in[ER_MODEL_MAX_BRANCHES], out = pairs_of(b, i);
    for (int64_t f = 0; f < node->n_from; f++)
        in[f] = node->from[f] < 0 ? (struct er_pairs){k0, b->nothing} : pairs_of(b, node->from[f]);
    if (!theta) out.theta = NULL;
    er_pairs_map(node, n, in, out);
    return out;
}

/* --- points with themselves --- */

/* The block of point i of those at hand begins at block + i * limit->point_block. */
static void activate_self(const struct er_limit *limit, const struct er_limit_node *node, int64_t n,
                          double *block, struct er_pairs at)
{
    const struct er_dual *dual = node->map.dual;
    const double *p = node->map.parameter;
    for (int64_t i = 0; i < n; i++) {
        double *own = block + i * limit->point_block, *table = own + node->tables_at;
        own[node->variances_at] = at.k[i];
        if (!dual->width) continue;
        dual->prepare(p, 1, at.k + i, table);
        dual->self(p, 1, own + node->variances_at, table, at.k + i, at.theta ? at.theta + i : NULL);
    }
    if (!dual->width) dual->self(p, n, at.k, NULL, at.k, at.theta);
}

static void normalise_self(const struct er_limit *limit, const struct er_limit_node *node, int64_t n,
                           double *block, double *scale, struct er_pairs at)
{
    for (int64_t i = 0; i < n; i++) {
        block[i * limit->point_block + node->variances_at] = at.k[i];
        scale[i] = node->map.epsilon + at.k[i];
    }
    er_pairs_normalise(n, scale, at);
}

static void keep_self(const struct er_limit_node *node, int64_t n, struct er_pairs at)
{
    for (int64_t i = 0; i < n; i++) {
        at.k[i] /= node->map.keep;
        if (at.theta) at.theta[i] /= node->map.keep;
    }
}

static void prepare_some(const struct er_limit *limit, int64_t n, const double *x, bool training,
                         double *block, struct bench *b)
{
    const bool theta = limit->options.ntk;
    const int64_t d = er_limit_inputs(limit), self = er_limit_self_at(limit);
    struct er_pairs at = {b->k0, b->nothing};
    for (int64_t i = 0; i < n; i++) b->k0[i] = mean_square(d, x + i * d);
    for (int64_t i = 0; i < limit->n; i++) {
        const struct er_limit_node *node = &limit->node[i];
        at = map_node(limit, i, n, b, b->k0, theta);
        if (node->map.form == ER_KERNEL_POINTWISE) activate_self(limit, node, n, block, at);
        if (node->map.form == ER_KERNEL_NORMALISE) normalise_self(limit, node, n, block, b->scale, at);
        if (training && node->map.form == ER_KERNEL_DROPOUT) keep_self(node, n, at);
    }
    for (int64_t i = 0; i < n; i++) {
        block[i * limit->point_block + self] = at.k[i];
        block[i * limit->point_block + self + 1] = theta ? at.theta[i] : 0;
    }
}

static void prepare(const struct er_limit *limit, int64_t n, const double *x, bool training, double *block,
                    void *scratch)
{
    struct bench b = lay_out(limit, scratch);
    const int64_t d = er_limit_inputs(limit);
    for (int64_t i = 0; i < n; i += MOST)
        prepare_some(limit, n - i < MOST ? n - i : MOST, x + i * d, training, block + i * limit->point_block,
                     &b);
}

/* --- pairs --- */

/* What activations take of the tile's columns: variances, and tables, one point's after the other's. */
static void turn_columns(const struct er_limit *limit, int64_t columns, const double *block, struct bench *b)
{
    for (int64_t i = 0; i < limit->n; i++) {
        const struct er_limit_node *node = &limit->node[i];
        const int64_t width = node->tables_at < 0 ? 0 : node->map.dual->width;
        if (node->variances_at < 0) continue;
        for (int64_t c = 0; c < columns; c++) {
            const double *own = block + c * limit->point_block;
            b->columns[MOST * node->variances_at + c] = own[node->variances_at];
            if (width)
                memcpy(b->columns + MOST * node->tables_at + c * width, own + node->tables_at,
                       (size_t)width * sizeof *own);
        }
    }
}

static void activate(const struct er_limit_node *node, int64_t n, const double *own, const struct bench *b,
                     struct er_pairs at)
{
    const bool tables = node->tables_at >= 0;
    const struct er_dual_side one = {own + node->variances_at, tables ? own + node->tables_at : NULL, 0};
    const struct er_dual_side two = {b->columns + MOST * node->variances_at,
                                     tables ? b->columns + MOST * node->tables_at : NULL, 1};
    node->map.dual->pair(node->map.parameter, n, &one, &two, at.k, at.theta);
}

static void normalise(const struct er_limit_node *node, int64_t n, const double *own, const struct bench *b,
                      struct er_pairs at)
{
    const double *q = b->columns + MOST * node->variances_at, e = node->map.epsilon;
    for (int64_t i = 0; i < n; i++) b->scale[i] = sqrt((e + own[node->variances_at]) * (e + q[i]));
    er_pairs_normalise(n, b->scale, at);
}

ER_VECTOR static int64_t count_equal(int64_t n, double q, const double *of)
{
    int64_t count = 0;
#pragma omp simd reduction(+ : count)
    for (int64_t i = 0; i < n; i++) count += of[i] == q;
    return count;
}

/* Points that are equal have the kernel of a point with itself; they can only be among those of one variance. */
static void join_equal(const struct er_limit *limit, const double *x, const double *own, int64_t columns,
                       const double *y, const struct bench *b, struct er_pairs at)
{
    const int64_t d = er_limit_inputs(limit), self = er_limit_self_at(limit);
    int64_t q = -1;
    for (int64_t i = 0; i < limit->n && q < 0; i++) q = limit->node[i].variances_at;
    if (q < 0 || count_equal(columns, own[q], b->columns + MOST * q) == 0) return;
    for (int64_t c = 0; c < columns; c++) {
        if (own[q] != b->columns[MOST * q + c] || memcmp(x, y + c * d, (size_t)d * sizeof *x) != 0) continue;
        at.k[c] = own[self];
        if (at.theta) at.theta[c] = own[self + 1];
    }
}

static void tile(const struct er_limit_points *a, int64_t i, int64_t rows, const struct er_limit_points *b,
                 int64_t j, int64_t columns, double *k, double *theta, int64_t ld, void *scratch)
{
    const struct er_limit *limit = a->limit;
    struct bench bench = lay_out(limit, scratch);
    const int64_t d = er_limit_inputs(limit);
    const double *x = a->x + i * d, *y = b->x + j * d;
    const bool joins = er_limit_joins(a, b);
    turn_columns(limit, columns, b->block + j * limit->point_block, &bench);
    er_data_kernel(rows, columns, d, x, y, bench.k0, bench.turned);
    for (int64_t r = 0; r < rows; r++) {
        const double *own = a->block + (i + r) * limit->point_block;
        double *k0 = bench.k0 + r * MOST;
        struct er_pairs at = {k0, bench.nothing};
        for (int64_t n = 0; n < limit->n; n++) {
            const struct er_limit_node *node = &limit->node[n];
            at = map_node(limit, n, columns, &bench, k0, theta != NULL);
            if (node->map.form == ER_KERNEL_POINTWISE) activate(node, columns, own, &bench, at);
            if (node->map.form == ER_KERNEL_NORMALISE) normalise(node, columns, own, &bench, at);
        }
        if (joins) join_equal(limit, x + r * d, own, columns, y, &bench, at);
        memcpy(k + r * ld, at.k, (size_t)columns * sizeof *k);
        if (theta) memcpy(theta + r * ld, at.theta, (size_t)columns * sizeof *theta);
    }
}

const struct er_limit_engine er_limit_vectors = {
    .scratch_bytes = scratch_bytes,
    .prepare = prepare,
    .tile = tile,
    .most = MOST,
};
