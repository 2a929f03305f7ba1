/* slice.c - grid points per second of a slice of the loss, and what PyTorch needs to compute the same.
 *
 *     bench_slice [--threads N] [--grid N] [--export FOLDER] [ROW...]      all rows when none is named
 *
 * A plane through three networks (their initial weights), a grid of N x N points (101) around them, loss and error over
 * 2,000 Gaussian examples at each. Some points are first held to er_network_measure() at weights that are written out;
 * then the whole is timed, planning included, the best of ROUNDS. One JSON object a row.
 *
 * With --export nothing is timed: one row's data, plane, grid and values are written into FOLDER as .npy files, for
 * bench/peers/pytorch_slice.py.
 */
#include "core/clock.h"
#include "named_rows.h"
#include "net/net.h"
#include "npy_write.h"
#include "timed.h"

#include <ermine/landscape.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>

enum { EXAMPLES = 2000, GRID = 101, ROUNDS = 3, VERIFIED = 12 };
static const double MARGIN = 0.4, LOSS_AGREES = 1e-5, ERRORS_AGREE = 2;

static const struct timed_case rows[] = {
    {"slice-784-64", "[dense 64, relu, dense]", {28, 28, 1}, 10, 128, 3, EXAMPLES},
    {"slice-784-512", "[dense 512, relu, dense]", {28, 28, 1}, 10, 128, 3, EXAMPLES},
    {"slice-784-512x3",
     "[dense 512, relu, dense 512, relu, dense 512, relu, dense]",
     {28, 28, 1},
     10,
     128,
     3,
     EXAMPLES},
    {"slice-conv",
     "[conv 16 3x3 padding=same, relu, max_pool 2, conv 32 3x3 padding=same, relu, max_pool 2, dense]",
     {28, 28, 1},
     10,
     128,
     3,
     EXAMPLES},
    {0},
};

struct bench {
    struct er_net *net;
    struct er_split split;
    struct er_plane plane;
    struct er_slice_point *point;
    struct er_slice_measures *value;
    float *w[3];
    int64_t n;
};

static void bench_close(struct bench *b)
{
    er_plane_clear(&b->plane);
    er_net_free(b->net);
    er_split_clear(&b->split);
    er_free(b->point);
    er_free(b->value);
    for (int k = 0; k < 3; k++) er_free(b->w[k]);
}

static void lay_grid(struct bench *b, int64_t grid)
{
    const struct er_plane_minimum *m = b->plane.minimum;
    const double left = fmin(0, m[2].a), right = fmax(m[1].a, m[2].a), wide = right - left, high = m[2].b;
    for (int64_t i = 0; i < b->n; i++) {
        const int64_t column = i % grid, row = i / grid;
        const double x = (double)column / (double)(grid - 1), y = (double)row / (double)(grid - 1);
        b->point[i] = (struct er_slice_point){left + wide * (x * (1 + 2 * MARGIN) - MARGIN),
                                              high * (y * (1 + 2 * MARGIN) - MARGIN)};
    }
}

static enum er_status bench_open(const struct timed_case *row, int64_t grid, struct bench *b,
                                 struct er_error *err)
{
    struct er_network minimum[3] = {0};
    *b = (struct bench){.n = grid * grid};
    enum er_status status = timed_net(row, &b->net, err);
    if (status == ER_OK) status = timed_data(row, &b->split, err);
    if (status != ER_OK) return status;
    b->point = er_alloc(b->n, sizeof *b->point);
    b->value = er_alloc(b->n, sizeof *b->value);
    for (int k = 0; k < 3; k++) {
        b->w[k] = er_alloc(er_net_parameters(b->net), sizeof *b->w[k]);
        if (!b->w[k]) return er_fail(err, ER_E_NOMEM, "out of memory");
        er_net_initialise(b->net, (uint64_t)k, b->w[k], NULL);
        minimum[k].w = b->w[k];
    }
    if (!b->point || !b->value) return er_fail(err, ER_E_NOMEM, "out of memory");
    status = er_plane_through(b->net, minimum, 3, &b->plane, err);
    if (status == ER_OK) lay_grid(b, grid);
    return status;
}

static enum er_status measure(struct bench *b, struct er_pool *pool, struct er_error *err)
{
    const struct er_dataset *set = &b->split.train;
    return er_slice_measure(&b->plane, &set, 1, NULL, b->n, b->point, pool, NULL, b->value, err);
}

/* Some points against networks whose weights are written out. */
static enum er_status verify(const struct bench *b, struct er_error *err)
{
    const int64_t P = er_net_parameters(b->net);
    float *w = er_alloc(P, sizeof *w);
    enum er_status status = ER_OK;
    if (!w) return er_fail(err, ER_E_NOMEM, "out of memory");
    for (int64_t k = 0; k < VERIFIED && status == ER_OK; k++) {
        const int64_t i = k * (b->n - 1) / (VERIFIED - 1);
        struct er_network_measures is;
        for (int64_t p = 0; p < P; p++)
            w[p] = (float)((double)b->plane.w[0][p] + b->point[i].a * (double)b->plane.w[1][p] +
                           b->point[i].b * (double)b->plane.w[2][p]);
        status = er_network_measure(b->net, &(struct er_network){.w = w}, &b->split.train, &is, err);
        if (status != ER_OK) break;
        if (!(fabs(is.loss - b->value[i].loss) <= LOSS_AGREES * is.loss) ||
            fabs((double)(is.errors - b->value[i].errors)) > ERRORS_AGREE)
            status =
                er_fail(err, ER_E_NONFINITE, "point %d has loss %.9g and %d errors, its weights %.9g and %d",
                        (int)i, b->value[i].loss, (int)b->value[i].errors, is.loss, (int)is.errors);
    }
    er_free(w);
    return status;
}

static bool export_row(const char *folder, const struct timed_case *row, const struct bench *b)
{
    char path[4096];
    static const char *const axis[] = {"origin", "u", "v"};
    const int64_t P = er_net_parameters(b->net);
    const struct er_dataset *set = &b->split.train;
    snprintf(path, sizeof path, "%s/model.json", folder);
    FILE *file = fopen(path, "w");
    if (!file) return perror(path), false;
    fprintf(file, "{\"id\": \"%s\", \"model\": \"%s\", \"input\": [28, 28, 1], \"classes\": 10}\n", row->id,
            row->model);
    bool done = fclose(file) == 0;
    for (int k = 0; k < 3 && done; k++)
        done = npy_write(folder, axis[k], "<f4", 1, (int64_t[NPY_RANK]){P}, b->plane.w[k]);
    return done &&
           npy_write(folder, "x", "<f4", 2, (int64_t[NPY_RANK]){set->n, er_net_inputs(b->net)}, set->x) &&
           npy_write(folder, "y", "<i4", 1, (int64_t[NPY_RANK]){set->n}, set->label) &&
           npy_write(folder, "points", "<f8", 2, (int64_t[NPY_RANK]){b->n, 2}, b->point) &&
           npy_write(folder, "values", "<f8", 2, (int64_t[NPY_RANK]){b->n, 3}, b->value);
}

static enum er_status run_row(const struct timed_case *row, int64_t grid, const char *folder,
                              struct er_pool *pool, struct er_error *err)
{
    struct bench b;
    double best = (double)INFINITY;
    enum er_status status = bench_open(row, grid, &b, err);
    if (status == ER_OK) status = measure(&b, pool, err);
    if (status == ER_OK) status = verify(&b, err);
    if (status == ER_OK && folder && !export_row(folder, row, &b))
        status = er_fail(err, ER_E_IO, "%s: not everything could be written", folder);
    for (int round = 0; round < ROUNDS && status == ER_OK && !folder; round++) {
        const double start = er_clock_s();
        status = measure(&b, pool, err);
        best = fmin(best, er_clock_s() - start);
    }
    if (status == ER_OK && !folder)
        printf("{\"id\": \"%s\", \"threads\": %d, \"examples\": %d, \"points\": %d, \"seconds\": %.4g, "
               "\"points_per_s\": %.5g, \"plain_gflops\": %.4g}\n",
               row->id, er_pool_threads(pool), EXAMPLES, (int)b.n, best, (double)b.n / best,
               (double)b.n / best * er_net_flops(b.net) * EXAMPLES / 1e9);
    fflush(stdout);
    bench_close(&b);
    return status;
}

static int usage(const char *why, const char *word)
{
    return named_rows_usage(NAMED_ROWS(rows), "bench_slice", "[--threads N] [--grid N] [--export FOLDER]",
                            why, word);
}

int main(int argc, char **argv)
{
    const char *folder = NULL;
    int threads = 0, first = 1, grid = GRID;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        if (strcmp(argv[first], "--export") == 0)
            folder = argv[first + 1];
        else if (strcmp(argv[first], "--grid") == 0 && timed_threads(argv[first + 1], &grid) && grid > 1)
            continue;
        else if (strcmp(argv[first], "--threads") != 0 || !timed_threads(argv[first + 1], &threads))
            return usage("not understood: ", argv[first]);
    }
    for (int i = first; i < argc; i++)
        if (!named_rows_has(NAMED_ROWS(rows), argv[i])) return usage("no such row: ", argv[i]);
    if (folder && argc - first != 1) return usage("--export takes one row", "");

    struct er_error err = {0};
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, &err);
    for (const struct timed_case *row = rows; row->id && status == ER_OK; row++) {
        if (named_rows_chosen(row->id, argc - first, argv + first))
            status = run_row(row, grid, folder, pool, &err);
    }
    er_pool_free(pool);
    if (status != ER_OK) fprintf(stderr, "bench_slice: %s\n", err.msg);
    return status == ER_OK ? 0 : 1;
}
