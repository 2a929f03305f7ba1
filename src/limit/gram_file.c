/* gram_file.c - a kernel matrix in a work file: which one it is, its tiles as tasks of a pool, its rows. */
#include <ermine/gram_file.h>

#include "core/buffer.h"
#include "limit/gram_state.h"
#include "limit/key.h"
#include "limit/product.h"
#include "limit/tiles.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/version.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>

/* Raised when a version gives other numbers than the one before. */
enum { ARITHMETIC = 1, TEXT_MOST = 1024 };

struct er_gram_file {
    struct er_limit_tiles tiles;
    bool theta;
    struct er_gram_state state;
};

struct work {
    struct er_gram_file *file;
    const struct er_progress *progress;
    char *scratch;
    size_t each;
    pthread_mutex_t mutex;
    double done, here; /* pairs; of this call */
    int64_t flawed;    /* the first tile with an entry that is not finite, or as many as there are tiles */
};

static int64_t tile_doubles(const struct er_limit_tiles *tiles, bool theta)
{
    return (theta ? 2 : 1) * tiles->most * tiles->most;
}

double er_gram_file_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool theta)
{
    const struct er_limit_points a = {.limit = limit, .n = n}, b = {.limit = limit, .n = m};
    const struct er_limit_tiles tiles = er_limit_tiles_of(&a, m ? &b : NULL);
    return er_gram_state_bytes(TEXT_MOST, (double)tiles.n, (double)tile_doubles(&tiles, theta));
}

static void add_points(struct er_buffer *text, const char *name, const struct er_limit_points *points)
{
    char hex[ER_SHA256_HEX] = "";
    if (points)
        er_sha256(points->x, (size_t)points->n * (size_t)er_limit_inputs(points->limit) * sizeof *points->x,
                  hex);
    er_buffer_format(text, "%s %" PRId64 " %s%s\n", name, points ? points->n : 0, hex,
                     points && points->masked ? " training" : "");
}

/* BLAS orders its sums by its own idea of the processor. */
static enum er_status describe(const struct er_gram_file *file, char **out, struct er_error *err)
{
    struct er_buffer text = {0};
    const struct er_limit *limit = file->tiles.a->limit;
    char hex[ER_SHA256_HEX];
    const enum er_status status = er_limit_key(limit, hex, err);
    if (status != ER_OK) return status;
    er_buffer_format(&text, "arithmetic %d %s %s\n", ARITHMETIC, er_isa(),
                     limit->vectors ? openblas_get_corename() : "");
    er_buffer_format(&text, "model %s\n", hex);
    add_points(&text, "x", file->tiles.a);
    add_points(&text, "x2", file->tiles.b);
    er_buffer_format(&text, "kernels %s\n", file->theta ? "nngp ntk" : "nngp");
    er_buffer_format(&text, "tile %" PRId64 "\n", file->tiles.most);
    return er_buffer_take(&text, out, err);
}

enum er_status er_gram_file_open(const char *path, const struct er_limit_points *a,
                                 const struct er_limit_points *b, bool theta, bool anew,
                                 struct er_gram_file **out, struct er_error *err)
{
    char *text = NULL;
    enum er_status status = er_limit_tiles_check(a, b, theta, err);
    if (status != ER_OK) return status;
    struct er_gram_file *file = er_alloc(1, sizeof *file);
    if (!file) return er_fail(err, ER_E_NOMEM, "%s: out of memory", path);
    *file = (struct er_gram_file){.tiles = er_limit_tiles_of(a, b), .theta = theta, .state.fd = -1};
    status = describe(file, &text, err);
    if (status == ER_OK)
        status = er_gram_state_open(&file->state, path, text, file->tiles.n,
                                    tile_doubles(&file->tiles, theta), anew, err);
    er_free(text);
    if (status == ER_OK)
        *out = file;
    else
        er_free(file);
    return status;
}

void er_gram_file_close(struct er_gram_file *file, bool remove)
{
    if (!file) return;
    er_gram_state_close(&file->state, remove);
    er_free(file);
}

double er_gram_file_pairs(const struct er_gram_file *file)
{
    return er_limit_tiles_pairs(&file->tiles);
}

double er_gram_file_done(const struct er_gram_file *file)
{
    double done = 0;
    for (int64_t t = 0; t < file->tiles.n; t++) {
        const struct er_limit_tile tile = er_limit_tile_at(&file->tiles, t);
        if (er_gram_state_has(&file->state, t)) done += er_limit_tile_pairs(&file->tiles, &tile);
    }
    return done;
}

static void report(struct work *w, double pairs)
{
    pthread_mutex_lock(&w->mutex);
    w->done += pairs;
    w->here += pairs;
    if (w->progress && w->progress->report) {
        const struct er_progress_report r = {.what = "kernel",
                                             .unit = "pairs",
                                             .done = w->done,
                                             .total = er_gram_file_pairs(w->file),
                                             .flops = w->here * er_limit_flops(w->file->tiles.a->limit)};
        w->progress->report(w->progress->ctx, &r);
    }
    pthread_mutex_unlock(&w->mutex);
}

/* Tiles before a flawed one are not left out: whatever the threads, the first is found. */
static bool ends(struct work *w, int64_t t)
{
    pthread_mutex_lock(&w->mutex);
    const bool behind = t > w->flawed;
    pthread_mutex_unlock(&w->mutex);
    return behind || er_progress_stopped(w->progress);
}

static void flaw(struct work *w, int64_t t)
{
    pthread_mutex_lock(&w->mutex);
    if (t < w->flawed) w->flawed = t;
    pthread_mutex_unlock(&w->mutex);
}

static void tile_task(void *ctx, int64_t t, int worker)
{
    struct work *w = ctx;
    struct er_gram_file *file = w->file;
    if (er_gram_state_has(&file->state, t) || ends(w, t)) return;
    const struct er_limit_tile tile = er_limit_tile_at(&file->tiles, t);
    const int64_t most = file->tiles.most;
    double *k = er_gram_state_tile(&file->state, t);
    if (er_limit_tile_fill(&file->tiles, &tile, k, file->theta ? k + most * most : NULL, most,
                           w->scratch + (size_t)worker * w->each)) {
        er_gram_state_mark(&file->state, t);
        report(w, er_limit_tile_pairs(&file->tiles, &tile));
    } else {
        flaw(w, t);
    }
}

enum er_status er_gram_file_compute(struct er_gram_file *file, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_error *err)
{
    struct work w = {
        .file = file, .progress = progress, .flawed = file->tiles.n, .done = er_gram_file_done(file)};
    enum er_status status =
        er_limit_tiles_scratch(&file->tiles, er_pool_threads(pool), &w.scratch, &w.each, err);
    if (status != ER_OK) return status;
    pthread_mutex_init(&w.mutex, NULL); /* with default attributes it can't fail here */
    report(&w, 0);
    er_pool_run(pool, file->tiles.n, tile_task, &w);
    pthread_mutex_destroy(&w.mutex);
    er_free(w.scratch);
    if (w.flawed < file->tiles.n) {
        const struct er_limit_tile tile = er_limit_tile_at(&file->tiles, w.flawed);
        return er_fail(err, ER_E_NONFINITE,
                       "infinite width: an entry in rows %" PRId64 " to %" PRId64
                       " of the kernel is not finite",
                       tile.row, tile.row + tile.rows - 1);
    }
    if (er_progress_stopped(progress)) return er_fail(err, ER_E_STOPPED, "%s: interrupted", file->state.path);
    return ER_OK;
}

int64_t er_gram_file_rows_together(const struct er_gram_file *file)
{
    return file->tiles.most;
}

/* Columns from..end of row `row` of the matrix, all in grid column `j`; of a tile above the diagonal, those of its mirror. */
static void read_part(const struct er_gram_file *file, bool theta, int64_t row, int64_t j, int64_t from,
                      int64_t end, double *out)
{
    const int64_t most = file->tiles.most, i = row / most, n = end - from;
    const bool turned = !file->tiles.b && j > i;
    const int64_t t =
        turned ? er_limit_tile_index(&file->tiles, j, i) : er_limit_tile_index(&file->tiles, i, j);
    const double *tile = er_gram_state_tile(&file->state, t) + (theta ? most * most : 0);
    const int64_t r = row - i * most, c = from - j * most;
    if (!er_gram_state_has(&file->state, t))
        memset(out, 0, (size_t)n * sizeof *out);
    else if (turned)
        for (int64_t k = 0; k < n; k++) out[k] = tile[(c + k) * most + r];
    else
        memcpy(out, tile + r * most + c, (size_t)n * sizeof *out);
}

/* Tile by tile, so that each is touched once. */
static void read_block(const struct er_gram_file *file, bool theta, int64_t row, int64_t rows, int64_t column,
                       int64_t columns, double *out)
{
    const int64_t most = file->tiles.most;
    for (int64_t r = row, below; r < row + rows; r = below) {
        below = er_least(row + rows, (r / most + 1) * most);
        for (int64_t c = column, next; c < column + columns; c = next) {
            next = er_least(column + columns, (c / most + 1) * most);
            for (int64_t i = r; i < below; i++)
                read_part(file, theta, i, c / most, c, next, out + (i - row) * columns + c - column);
        }
    }
}

void er_gram_file_read(const struct er_gram_file *file, bool theta, int64_t from, int64_t rows, double *out)
{
    read_block(file, theta, from, rows, 0, file->tiles.b ? file->tiles.b->n : file->tiles.a->n, out);
}

static void read_k(const void *ctx, int64_t row, int64_t rows, int64_t column, int64_t columns, double *out)
{
    read_block(ctx, false, row, rows, column, columns, out);
}

static void read_theta(const void *ctx, int64_t row, int64_t rows, int64_t column, int64_t columns,
                       double *out)
{
    read_block(ctx, true, row, rows, column, columns, out);
}

enum er_status er_gram_file_matrix(const struct er_gram_file *file, bool theta, struct er_kernel_matrix *out,
                                   struct er_error *err)
{
    if (file->tiles.b)
        return er_fail(err, ER_E_USAGE, "%s: of points with others, which is no symmetric matrix",
                       file->state.path);
    if (theta && !file->theta)
        return er_fail(err, ER_E_USAGE, "%s: without a tangent kernel", file->state.path);
    for (int64_t t = 0; t < file->tiles.n; t++)
        if (!er_gram_state_has(&file->state, t))
            return er_fail(err, ER_E_USAGE, "%s: %.0f of %.0f pairs are there", file->state.path,
                           er_gram_file_done(file), er_gram_file_pairs(file));
    *out = (struct er_kernel_matrix){.n = file->tiles.a->n, .read = theta ? read_theta : read_k, .ctx = file};
    return ER_OK;
}
