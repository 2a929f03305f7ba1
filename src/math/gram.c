/* gram.c - tiles of kernel matrices as tasks of a pool. */
#include "math/gram.h"

#include "math/task_count.h"
#include <cblas.h>
#include <ermine/memory.h>
#include <math.h>

enum { TILE = ER_GRAM_TILE };

/* What one worker computes with: two blocks of points and the kernel between them. */
struct bench {
    struct er_kernel_block a, b;
    double *tile;
};

struct work {
    const struct er_kernel *kernel;
    int64_t m, n, d, k;
    const float *z, *x;
    const double *c;
    double *out;
    struct bench *bench; /* one a worker */
    struct er_task_count count;
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t tiles(int64_t n)
{
    return (n + TILE - 1) / TILE;
}

/* A worker's doubles: two blocks with their squares, a tile. */
static int64_t bench_doubles(int64_t d)
{
    return 2 * TILE * (d + 1) + TILE * TILE;
}

double er_gram_scratch_bytes(int64_t d, int threads)
{
    return (double)threads * (double)bench_doubles(d) * sizeof(double);
}

static enum er_status open_benches(struct work *w, int threads, struct er_error *err)
{
    double *block = er_alloc((int64_t)threads * bench_doubles(w->d), sizeof *block);
    w->bench = er_alloc(threads, sizeof *w->bench);
    if (!block || !w->bench) {
        er_free(block);
        er_free(w->bench);
        return er_fail(err, ER_E_NOMEM, "kernel matrix: out of memory for tiles of %d points", (int)TILE);
    }
    for (int t = 0; t < threads; t++) {
        double *at = block + t * bench_doubles(w->d);
        w->bench[t].tile = at;
        w->bench[t].a.x = at + TILE * TILE;
        w->bench[t].b.x = w->bench[t].a.x + TILE * w->d;
        w->bench[t].a.square = w->bench[t].b.x + TILE * w->d;
        w->bench[t].b.square = w->bench[t].a.square + TILE;
    }
    return ER_OK;
}

static void close_benches(struct work *w)
{
    er_free(w->bench[0].tile);
    er_free(w->bench);
}

/* Task t is tile (i, j) of the lower triangle, row after row: t = i (i + 1) / 2 + j. */
static void gram_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    if (er_task_count_stopped(&w->count)) return;
    int64_t i = (int64_t)((sqrt(8 * (double)task + 1) - 1) / 2);
    while (i * (i + 1) / 2 > task) i--;
    while ((i + 1) * (i + 2) / 2 <= task) i++;
    const int64_t row = i * TILE, column = (task - i * (i + 1) / 2) * TILE;
    struct bench *bench = &w->bench[worker];
    er_kernel_block_fill(&bench->a, least(TILE, w->n - row), w->d, w->x + row * w->d);
    er_kernel_block_fill(&bench->b, least(TILE, w->n - column), w->d, w->x + column * w->d);
    double *tile = w->out + row * w->n + column, *mirrored = w->out + column * w->n + row;
    er_kernel_between(w->kernel, &bench->a, &bench->b, tile, w->n);
    for (int64_t r = 0; r < bench->a.n; r++)
        for (int64_t c = 0; c < (row > column ? bench->b.n : r); c++)
            mirrored[c * w->n + r] = tile[r * w->n + c];
    er_task_count_add(&w->count, 2 * (double)bench->a.n * (double)bench->b.n * (double)w->d);
}

/* Tiles on the diagonal are computed whole. */
static double gram_flops(int64_t n, int64_t d)
{
    const double rest = (double)(n % TILE), whole = ((double)n - rest) * TILE;
    return (double)d * ((double)n * (double)n + whole + rest * rest);
}

enum er_status er_gram(const struct er_kernel *kernel, int64_t n, int64_t d, const float *x, double *K,
                       struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    struct work w = {.kernel = kernel, .n = n, .d = d, .x = x, .out = K};
    enum er_status status = open_benches(&w, er_pool_threads(pool), err);
    if (status != ER_OK) return status;
    er_task_count_open(&w.count, progress, gram_flops(n, d));
    er_pool_run(pool, tiles(n) * (tiles(n) + 1) / 2, gram_task, &w);
    close_benches(&w);
    return er_task_count_close(&w.count, "kernel matrix", err);
}

/* Task t is the rows of block t of z. */
static void apply_task(void *ctx, int64_t task, int worker)
{
    struct work *w = ctx;
    struct bench *bench = &w->bench[worker];
    const int64_t row = task * TILE, rows = least(TILE, w->m - row);
    double *f = w->out + row * w->k;
    er_kernel_block_fill(&bench->a, rows, w->d, w->z + row * w->d);
    for (int64_t i = 0; i < rows * w->k; i++) f[i] = 0;
    for (int64_t from = 0; from < w->n && !er_task_count_stopped(&w->count); from += TILE) {
        const int64_t points = least(TILE, w->n - from);
        er_kernel_block_fill(&bench->b, points, w->d, w->x + from * w->d);
        er_kernel_between(w->kernel, &bench->a, &bench->b, bench->tile, TILE);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)rows, (blasint)w->k, (blasint)points,
                    1, bench->tile, TILE, w->c + from * w->k, (blasint)w->k, 1, f, (blasint)w->k);
        er_task_count_add(&w->count, 2 * (double)rows * (double)points * (double)w->d);
    }
}

enum er_status er_gram_apply(const struct er_kernel *kernel, int64_t m, const float *z, int64_t n,
                             const float *x, int64_t d, int64_t k, const double *c, double *f,
                             struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    struct work w = {.kernel = kernel, .m = m, .n = n, .d = d, .k = k, .z = z, .x = x, .c = c, .out = f};
    enum er_status status = open_benches(&w, er_pool_threads(pool), err);
    if (status != ER_OK) return status;
    er_task_count_open(&w.count, progress, 2 * (double)m * (double)n * (double)d);
    er_pool_run(pool, tiles(m), apply_task, &w);
    close_benches(&w);
    return er_task_count_close(&w.count, "kernel products", err);
}
