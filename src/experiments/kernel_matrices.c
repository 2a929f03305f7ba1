/* kernel_matrices.c - blocks of training rows by training columns on and above the diagonal, then test rows by training
 * columns; each is two sets of points and a call of er_limit_kernel().
 */
#include "experiments/kernel_matrices.h"

#include "core/available.h"
#include "core/clock.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_SIDE = 16, MOST_SIDE = 512 };

/* Flops of a block: some seconds of a core, after which it may be kept and progress is reported. */
static const double BLOCK_FLOPS = 1e10;

struct block {
    bool test;         /* rows are test examples */
    int64_t i, j;      /* blocks of points */
    int64_t row, rows; /* of the matrix that it is part of */
    int64_t column, columns;
};

static int64_t side_of(const struct er_limit *limit)
{
    const double side = sqrt(BLOCK_FLOPS / er_limit_flops(limit));
    return side < LEAST_SIDE ? LEAST_SIDE : side > MOST_SIDE ? MOST_SIDE : (int64_t)side / 16 * 16;
}

static int64_t pieces(int64_t n, int64_t side)
{
    return (n + side - 1) / side;
}

double er_kernel_matrices_entries(int64_t n, int64_t m)
{
    return (double)n * ((double)n + 1) / 2 + (double)n * (double)m;
}

double er_kernel_matrices_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool ntk, int threads)
{
    const double side = (double)side_of(limit), kernels = ntk ? 2 : 1, points = (double)(n + m);
    return 8 * (kernels * ((double)n * points + side * side) + points * (double)er_limit_inputs(limit) +
                (double)m) +
           er_limit_points_bytes(limit, n + m) + (double)threads * er_limit_scratch_bytes(limit);
}

void er_kernel_matrices_clear(struct er_kernel_matrices *matrices)
{
    er_free(matrices->x);
    er_free(matrices->k_train);
    er_free(matrices->theta_train);
    er_free(matrices->k_test);
    er_free(matrices->theta_test);
    er_free(matrices->k_self);
    *matrices = (struct er_kernel_matrices){0};
}

enum er_status er_kernel_matrices_new(const struct er_limit *limit, const struct er_split *split, bool ntk,
                                      struct er_kernel_matrices *out, struct er_error *err)
{
    const int64_t n = split->train.n, m = split->test.n, d = er_limit_inputs(limit);
    struct er_kernel_matrices matrices = {.n = n, .m = m, .d = d, .ntk = ntk, .side = side_of(limit)};
    char what[96];
    snprintf(what, sizeof what, "kernel: the kernel matrices of %" PRId64 " and %" PRId64 " examples", n, m);
    enum er_status status = er_memory_check(er_kernel_matrices_bytes(limit, n, m, ntk, 1), what, err);
    if (status != ER_OK) return status;
    matrices.x = er_alloc((n + m) * d, sizeof *matrices.x);
    matrices.k_train = er_alloc(n, (size_t)n * sizeof *matrices.k_train);
    matrices.k_test = er_alloc(m, (size_t)n * sizeof *matrices.k_test);
    matrices.k_self = er_alloc(m, sizeof *matrices.k_self);
    if (ntk) matrices.theta_train = er_alloc(n, (size_t)n * sizeof *matrices.theta_train);
    if (ntk) matrices.theta_test = er_alloc(m, (size_t)n * sizeof *matrices.theta_test);
    if (!matrices.x || !matrices.k_train || !matrices.k_test || !matrices.k_self ||
        (ntk && (!matrices.theta_train || !matrices.theta_test))) {
        er_kernel_matrices_clear(&matrices);
        return er_fail(err, ER_E_NOMEM, "%s: out of memory", what);
    }
    for (int64_t i = 0; i < n * d; i++) matrices.x[i] = (double)split->train.x[i];
    for (int64_t i = 0; i < m * d; i++) matrices.x[n * d + i] = (double)split->test.x[i];
    *out = matrices;
    return ER_OK;
}

int64_t er_kernel_matrices_blocks(const struct er_kernel_matrices *matrices)
{
    const int64_t n = pieces(matrices->n, matrices->side), m = pieces(matrices->m, matrices->side);
    return n * (n + 1) / 2 + n * m;
}

/* Block b: of the training matrix column by column, rows 0 to j; then of the test matrix. */
static struct block block_at(const struct er_kernel_matrices *matrices, int64_t b)
{
    const int64_t side = matrices->side, n = pieces(matrices->n, side);
    struct block block = {.test = b >= n * (n + 1) / 2};
    if (block.test) {
        b -= n * (n + 1) / 2;
        block.i = b / n;
        block.j = b % n;
    } else {
        while ((block.j + 1) * (block.j + 2) / 2 <= b) block.j++;
        block.i = b - block.j * (block.j + 1) / 2;
    }
    const int64_t rows = block.test ? matrices->m : matrices->n;
    block.row = block.i * side;
    block.column = block.j * side;
    block.rows = rows - block.row < side ? rows - block.row : side;
    block.columns = matrices->n - block.column < side ? matrices->n - block.column : side;
    return block;
}

/* A block's numbers into their matrix, and below the diagonal. */
static void put(const struct er_kernel_matrices *matrices, const struct block *b, bool theta,
                const double *from)
{
    const int64_t n = matrices->n;
    double *train = theta ? matrices->theta_train : matrices->k_train,
           *test = theta ? matrices->theta_test : matrices->k_test, *to = b->test ? test : train;
    for (int64_t r = 0; r < b->rows; r++)
        memcpy(to + (b->row + r) * n + b->column, from + r * b->columns, (size_t)b->columns * sizeof *to);
    for (int64_t c = 0; !b->test && b->i != b->j && c < b->columns; c++)
        for (int64_t r = 0; r < b->rows; r++) to[(b->column + c) * n + b->row + r] = from[r * b->columns + c];
}

static void get(const struct er_kernel_matrices *matrices, const struct block *b, bool theta, double *to)
{
    const double *train = theta ? matrices->theta_train : matrices->k_train,
                 *test = theta ? matrices->theta_test : matrices->k_test, *from = b->test ? test : train;
    for (int64_t r = 0; r < b->rows; r++)
        memcpy(to + r * b->columns, from + (b->row + r) * matrices->n + b->column,
               (size_t)b->columns * sizeof *to);
}

size_t er_kernel_matrices_packed(const struct er_kernel_matrices *matrices, int64_t done)
{
    size_t entries = 0;
    for (int64_t i = 0; i < done; i++) {
        const struct block b = block_at(matrices, i);
        entries += (size_t)(b.rows * b.columns);
    }
    return entries * sizeof(double) * (matrices->ntk ? 2 : 1);
}

void er_kernel_matrices_pack(const struct er_kernel_matrices *matrices, double *out)
{
    for (int64_t i = 0; i < matrices->done; i++) {
        const struct block b = block_at(matrices, i);
        for (int theta = 0; theta <= matrices->ntk; theta++, out += b.rows * b.columns)
            get(matrices, &b, theta, out);
    }
}

void er_kernel_matrices_unpack(struct er_kernel_matrices *matrices, int64_t done, const double *in)
{
    for (int64_t i = 0; i < done; i++) {
        const struct block b = block_at(matrices, i);
        for (int theta = 0; theta <= matrices->ntk; theta++, in += b.rows * b.columns)
            put(matrices, &b, theta, in);
    }
    matrices->done = done;
}

/* Points of every block of rows, training first. */
struct piece {
    struct er_limit_points *points;
};

struct pieces_of_points {
    struct piece *piece;
    int64_t n, train;
};

static void free_points(struct pieces_of_points *p)
{
    for (int64_t i = 0; p->piece && i < p->n; i++) er_limit_points_free(p->piece[i].points);
    er_free(p->piece);
}

static enum er_status make_points(const struct er_kernel_matrices *matrices, const struct er_limit *limit,
                                  struct er_pool *pool, const struct er_progress *progress,
                                  struct pieces_of_points *p, struct er_error *err)
{
    const int64_t side = matrices->side;
    enum er_status status = ER_OK;
    p->train = pieces(matrices->n, side);
    p->n = p->train + pieces(matrices->m, side);
    p->piece = er_alloc(p->n, sizeof *p->piece);
    if (!p->piece) return er_fail(err, ER_E_NOMEM, "kernel: out of memory");
    for (int64_t i = 0; i < p->n && status == ER_OK; i++) {
        const bool test = i >= p->train;
        const int64_t at = (test ? i - p->train : i) * side, all = test ? matrices->m : matrices->n;
        const double *x = matrices->x + ((test ? matrices->n : 0) + at) * matrices->d;
        status = er_limit_points_new(limit, all - at < side ? all - at : side, x, false, pool, progress,
                                     &p->piece[i].points, err);
        if (status == ER_OK && test) er_limit_diagonal(p->piece[i].points, matrices->k_self + at, NULL);
    }
    return status;
}

static void report(const struct er_progress *progress, const struct er_limit *limit, double entries,
                   double all)
{
    const double flops = er_limit_flops(limit);
    const struct er_progress_report so_far = {.what = "kernel",
                                              .unit = "flops",
                                              .done = entries * flops,
                                              .total = all * flops,
                                              .flops = entries * flops};
    if (progress && progress->report) progress->report(progress->ctx, &so_far);
}

static enum er_status compute_blocks(struct er_kernel_matrices *matrices, const struct er_limit *limit,
                                     const struct pieces_of_points *p, er_kernel_keeper *keep, void *ctx,
                                     struct er_pool *pool, const struct er_progress *progress, double *k,
                                     double *theta, struct er_error *err)
{
    const int64_t blocks = er_kernel_matrices_blocks(matrices);
    const double all = er_kernel_matrices_entries(matrices->n, matrices->m), before = matrices->seconds,
                 began = er_clock_s();
    const struct er_progress stop = {.stop = progress ? progress->stop : NULL};
    enum er_status status = ER_OK;
    double entries = 0;
    for (int64_t i = 0; i < blocks && status == ER_OK; i++) {
        const struct block b = block_at(matrices, i);
        const bool diagonal = !b.test && b.i == b.j;
        if (i >= matrices->done) {
            status = er_limit_kernel(p->piece[(b.test ? p->train : 0) + b.i].points,
                                     diagonal ? NULL : p->piece[b.j].points, k, theta, pool, &stop, err);
            if (status != ER_OK) break;
            put(matrices, &b, false, k);
            if (theta) put(matrices, &b, true, theta);
            matrices->done = i + 1;
            matrices->seconds = before + er_clock_s() - began;
            status = keep ? keep(ctx, matrices, err) : ER_OK;
        }
        entries += diagonal ? (double)(b.rows * (b.rows + 1)) / 2 : (double)(b.rows * b.columns);
        report(progress, limit, entries, all);
    }
    return status;
}

enum er_status er_kernel_matrices_compute(struct er_kernel_matrices *matrices, const struct er_limit *limit,
                                          er_kernel_keeper *keep, void *ctx, struct er_pool *pool,
                                          const struct er_progress *progress, struct er_error *err)
{
    const int64_t entries = matrices->side * matrices->side;
    const struct er_progress stop = {.stop = progress ? progress->stop : NULL};
    struct pieces_of_points p = {0};
    double *k = er_alloc(entries, sizeof *k),
           *theta = matrices->ntk ? er_alloc(entries, sizeof *theta) : NULL;
    enum er_status status = ER_OK;
    if (!k || (matrices->ntk && !theta)) {
        er_fail(err, ER_E_NOMEM, "kernel: out of memory");
        status = ER_E_NOMEM;
    }
    if (status == ER_OK) status = make_points(matrices, limit, pool, &stop, &p, err);
    if (status == ER_OK)
        status = compute_blocks(matrices, limit, &p, keep, ctx, pool, progress, k, theta, err);
    free_points(&p);
    er_free(k);
    er_free(theta);
    return status;
}
