/* limit_block.c - the time of an entry of K and Theta of infinitely wide networks, in a block of pairs of two sets of points:
 * what bench/peers asks of Neural Tangents, asked of us.
 *
 *     bench_limit_block [--threads N] [--precision 32|64] [--export FOLDER] [ROW...]      all rows when none is named
 *
 * The best of ROUNDS, of more where they take less than LASTING_S. A set with itself would cost half as much (symmetry),
 * which is not counted here; preparing a point, once for all its entries, is counted beside them. One JSON object a row.
 *
 * With --export nothing is timed: one row's model, points, and K and Theta in float64 of the first few are written into FOLDER,
 * for bench/peers/neural_tangents_kernel.py.
 */
#include "core/clock.h"
#include "named_rows.h"
#include "npy_write.h"
#include "timed.h"

#include <ermine/limit.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>

enum { ROUNDS = 3 };
static const double LASTING_S = 2, WEIGHT_STD = 1.4142135623730951, BIAS_STD = 0.1;

#define THREE      "conv 8, relu, conv 8, relu, conv 8, relu, "
#define TWENTY_ONE THREE THREE THREE THREE THREE THREE THREE

static const struct row {
    const char *id, *model;
    struct er_shape shape;
    int64_t points, checked, side; /* exported, with their kernels; and points of each set of the block */
} rows[] = {
    {"limit-gap", "[" TWENTY_ONE "global_avg_pool, dense 1]", {32, 32, 3}, 8, 3, 4},
    {"limit-flatten", "[" TWENTY_ONE "flatten, dense 1]", {32, 32, 3}, 512, 16, 128},
    {"limit-dense", "[dense 8, relu, dense 8, relu, dense 8, relu, dense 1]", {1, 1, 784}, 2048, 64, 1024},
    {0},
};

struct bench {
    const struct row *row;
    struct er_limit *limit;
    double *x, *k, *theta;
};

static enum er_status bench_open(const struct row *row, bool float32, struct bench *b, struct er_error *err)
{
    struct er_model *model = NULL;
    struct er_limit_options options = er_limit_defaults();
    const int64_t d = er_shape_size(row->shape);
    options.weight_std = WEIGHT_STD;
    options.bias_std = BIAS_STD;
    options.parameterisation = ER_PARAMETERISATION_NTK;
    options.float32 = float32;
    *b = (struct bench){.row = row};
    b->x = er_alloc(row->points * d, sizeof *b->x);
    b->k = er_alloc(row->side * row->side, sizeof *b->k);
    b->theta = er_alloc(row->side * row->side, sizeof *b->theta);
    if (!b->x || !b->k || !b->theta) return er_fail(err, ER_E_NOMEM, "out of memory");
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < row->points * d; i++) b->x[i] = er_random_normal(&r);
    enum er_status status = er_model_parse(row->model, &model, err);
    if (status == ER_OK) status = er_limit_new(model, row->shape, &options, &b->limit, err);
    er_model_free(model);
    return status;
}

static void bench_close(struct bench *b)
{
    er_limit_free(b->limit);
    er_free(b->x);
    er_free(b->k);
    er_free(b->theta);
}

/* Points from..from+n of the row. */
static enum er_status points_of(const struct bench *b, int64_t from, int64_t n, struct er_pool *pool,
                                struct er_limit_points **out, struct er_error *err)
{
    return er_limit_points_new(b->limit, n, b->x + from * er_shape_size(b->row->shape), false, pool, NULL,
                               out, err);
}

static bool export_row(const char *folder, const struct bench *b)
{
    char path[4096];
    const struct row *row = b->row;
    const int64_t n = row->checked, d = er_shape_size(row->shape);
    snprintf(path, sizeof path, "%s/model.json", folder);
    FILE *file = fopen(path, "w");
    if (!file) return perror(path), false;
    fprintf(
        file,
        "{\"id\": \"%s\", \"model\": \"%s\", \"input\": [%d, %d, %d], \"weight_std\": %.17g, \"bias_std\": "
        "%.17g}\n",
        row->id, row->model, (int)row->shape.height, (int)row->shape.width, (int)row->shape.channels,
        WEIGHT_STD, BIAS_STD);
    return fclose(file) == 0 && npy_write(folder, "x", "<f8", 2, (int64_t[NPY_RANK]){row->points, d}, b->x) &&
           npy_write(folder, "k", "<f8", 2, (int64_t[NPY_RANK]){n, n}, b->k) &&
           npy_write(folder, "theta", "<f8", 2, (int64_t[NPY_RANK]){n, n}, b->theta);
}

static enum er_status export_kernels(const char *folder, const struct bench *b, struct er_pool *pool,
                                     struct er_error *err)
{
    struct er_limit_points *points = NULL;
    enum er_status status = points_of(b, 0, b->row->checked, pool, &points, err);
    if (status == ER_OK) status = er_limit_kernel(points, NULL, b->k, b->theta, pool, NULL, err);
    er_limit_points_free(points);
    if (status == ER_OK && !export_row(folder, b))
        status = er_fail(err, ER_E_IO, "%s: not everything could be written", folder);
    return status;
}

/* The best times of preparing both sets and of the block. */
static enum er_status best_times(const struct bench *b, struct er_pool *pool, double *prepared,
                                 double *computed, struct er_error *err)
{
    const int64_t side = b->row->side;
    enum er_status status = ER_OK;
    const double began = er_clock_s();
    *prepared = *computed = (double)INFINITY;
    for (int round = 0; status == ER_OK && (round < ROUNDS || er_clock_s() - began < LASTING_S); round++) {
        struct er_limit_points *one = NULL, *two = NULL;
        const double start = er_clock_s();
        status = points_of(b, 0, side, pool, &one, err);
        if (status == ER_OK) status = points_of(b, side, side, pool, &two, err);
        const double ready = er_clock_s();
        if (status == ER_OK) status = er_limit_kernel(one, two, b->k, b->theta, pool, NULL, err);
        *computed = fmin(*computed, er_clock_s() - ready);
        *prepared = fmin(*prepared, ready - start);
        er_limit_points_free(one);
        er_limit_points_free(two);
    }
    return status;
}

static enum er_status time_row(const struct bench *b, bool float32, struct er_pool *pool,
                               struct er_error *err)
{
    const double side = (double)b->row->side, flops = er_limit_flops(b->limit);
    double prepared, computed;
    const enum er_status status = best_times(b, pool, &prepared, &computed, err);
    if (status != ER_OK) return status;
    printf(
        "{\"id\": \"%s\", \"precision\": \"float%d\", \"threads\": %d, \"entries\": %.0f, \"entry_s\": %.4g, "
        "\"point_s\": %.4g, \"gflops\": %.4g}\n",
        b->row->id, float32 ? 32 : 64, er_pool_threads(pool), side * side, computed / (side * side),
        prepared / (2 * side), flops * side * side / computed / 1e9);
    fflush(stdout);
    return ER_OK;
}

static enum er_status run_row(const struct row *row, bool float32, const char *folder, struct er_pool *pool,
                              struct er_error *err)
{
    struct bench b;
    enum er_status status = bench_open(row, float32, &b, err);
    if (status == ER_OK && folder) status = export_kernels(folder, &b, pool, err);
    if (status == ER_OK && !folder) status = time_row(&b, float32, pool, err);
    bench_close(&b);
    return status;
}

static int usage(const char *why, const char *word)
{
    return named_rows_usage(NAMED_ROWS(rows), "bench_limit_block",
                            "[--threads N] [--precision 32|64] [--export FOLDER]", why, word);
}

int main(int argc, char **argv)
{
    const char *folder = NULL;
    int threads = 0, first = 1, precision = 64;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        if (strcmp(argv[first], "--export") == 0)
            folder = argv[first + 1];
        else if (strcmp(argv[first], "--precision") == 0 && timed_threads(argv[first + 1], &precision) &&
                 (precision == 32 || precision == 64))
            continue;
        else if (strcmp(argv[first], "--threads") != 0 || !timed_threads(argv[first + 1], &threads))
            return usage("not understood: ", argv[first]);
    }
    for (int i = first; i < argc; i++)
        if (!named_rows_has(NAMED_ROWS(rows), argv[i])) return usage("no such row: ", argv[i]);
    if (folder && (argc - first != 1 || precision != 64))
        return usage("--export takes one row, in float64", "");

    struct er_error err = {0};
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, &err);
    for (const struct row *row = rows; row->id && status == ER_OK; row++) {
        if (named_rows_chosen(row->id, argc - first, argv + first))
            status = run_row(row, precision == 32, folder, pool, &err);
    }
    er_pool_free(pool);
    if (status != ER_OK) fprintf(stderr, "bench_limit_block: %s\n", err.msg);
    return status == ER_OK ? 0 : 1;
}
