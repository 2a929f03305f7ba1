/* Work files of images: how much of the work is done again, which work is other work, and what is said of entries that are not
 * finite. gram.c has the rest, with vectors. */
#include "t.h"

#include "limit/key.h"
#include "support/scratch.h"
#include "support/vectors.h"

#include <ermine/gram_file.h>
#include <unistd.h>

enum { N = 20, SIDE = 5, D = SIDE * SIDE * 2, TILES = 6 }; /* in tiles of 8 */

static const struct er_shape image = {SIDE, SIDE, 2};
static const char net_text[] = "[conv 4 3x3, relu, dropout 0.5, conv 4 3x3, relu, global_avg_pool, dense 1]";
static struct er_error err;

static bool same(const double *a, const double *b, int64_t n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static struct er_limit *limit_of(const char *text, const struct er_limit_options *options)
{
    struct er_model *model = NULL;
    struct er_limit *limit = NULL;
    if (er_model_parse(text, &model, &err) != ER_OK ||
        er_limit_new(model, image, options, &limit, &err) != ER_OK) {
        fprintf(stderr, "%s: %s\n", text, err.msg);
        abort();
    }
    er_model_free(model);
    return limit;
}

static struct er_limit_points *points_of(const struct er_limit *limit, const double *x, bool training,
                                         struct er_pool *pool)
{
    struct er_limit_points *points = NULL;
    if (er_limit_points_new(limit, N, x, training, pool, NULL, &points, &err) != ER_OK) abort();
    return points;
}

/* Reports, the last of them, and a stop after some. */
struct heard {
    atomic_bool stop;
    int reports, most;
    double done, total;
};

static void hear(void *ctx, const struct er_progress_report *r)
{
    struct heard *h = ctx;
    h->done = r->done;
    h->total = r->total;
    if (++h->reports == h->most) atomic_store(&h->stop, true);
}

/* One thread: after as many reports as are heard, the first of which says what is there, one tile fewer is done. */
static void computes_each_tile_once(const struct er_limit_points *a, const char *path, struct er_pool *one)
{
    struct heard first = {.most = 3}, second = {.most = 100};
    const struct er_progress stopped = {.report = hear, .ctx = &first, .stop = &first.stop},
                             whole = {.report = hear, .ctx = &second};
    struct er_gram_file *file = NULL;
    double *k = needed(2 * N * N, sizeof *k), *theta = needed(2 * N * N, sizeof *theta);
    T_STATUS(er_gram_file_open(path, a, NULL, true, false, &file, &err), ER_OK, "a work file");
    T_STATUS(er_gram_file_compute(file, one, &stopped, &err), ER_E_STOPPED, "two tiles");
    er_gram_file_close(file, false);
    T_STATUS(er_gram_file_open(path, a, NULL, true, false, &file, &err), ER_OK, "opened again");
    T_EQ_INT(er_gram_file_done(file), first.done, "what was done is there");
    T_STATUS(er_gram_file_compute(file, one, &whole, &err), ER_OK, "the others");
    T_EQ_INT(second.reports, 1 + TILES - 2, "tiles that were there were not computed again");
    T_OK(second.done == second.total && second.total == N * (N - 1) / 2.0, "all pairs, each once");
    T_STATUS(er_limit_kernel(a, NULL, k, theta, one, NULL, &err), ER_OK, "in memory");
    T_ALLOCATIONS(er_limit_kernel(a, NULL, k, theta, one, NULL, NULL), (void)0, "a matrix in memory");
    er_gram_file_read(file, false, 0, N, k + N * N);
    er_gram_file_read(file, true, 0, N, theta + N * N);
    T_OK(same(k, k + N * N, N * N), "the same bits of K");
    T_OK(same(theta, theta + N * N, N * N), "and of Theta");
    T_ALLOCATIONS(er_gram_file_compute(file, one, NULL, NULL), (void)0, "computing");
    er_gram_file_close(file, false);
    er_free(k);
    er_free(theta);
}

/* At `path` is a file of points without masks. */
static void masks_are_other_work(const struct er_limit *limit, const double *x, const char *path,
                                 struct er_pool *pool)
{
    struct er_gram_file *file = NULL;
    struct er_limit_points *masked = points_of(limit, x, true, pool);
    T_STATUS(er_gram_file_open(path, masked, NULL, true, false, &file, &err), ER_E_INPUT, "with masks");
    T_OK(strstr(err.msg, "its x differs") != NULL, "is said: %s", err.msg);
    er_limit_points_free(masked);
}

/* At `path` is a whole work file: cut anywhere it is called cut, and can be begun anew. */
static void cut_anywhere(const struct er_limit_points *a, const char *path)
{
    static const long length[] = {5000, 100, 40, 8, 3};
    struct er_gram_file *file = NULL;
    for (size_t i = 0; i < sizeof length / sizeof *length; i++) {
        if (truncate(path, length[i]) != 0) abort();
        T_STATUS(er_gram_file_open(path, a, NULL, true, false, &file, &err), ER_E_INPUT, "%ld bytes",
                 length[i]);
        T_OK(strstr(err.msg, "has been cut") != NULL, "%ld bytes: %s", length[i], err.msg);
    }
    T_STATUS(er_gram_file_open(path, a, NULL, true, true, &file, &err), ER_OK, "anew");
    er_gram_file_close(file, true);
}

/* With no change of options, or one. */
static void key_of(const char *text, int change, char hex[ER_SHA256_HEX])
{
    struct er_limit_options o = er_limit_defaults();
    o.parameterisation = ER_PARAMETERISATION_NTK;
    o.weight_std = change == 1 ? 1.25 : 1.5;
    if (change == 2) o.bias_std = 0.5;
    o.float32 = change == 3;
    o.fixed_last = change == 4;
    struct er_limit *limit = limit_of(text, &o);
    if (er_limit_key(limit, hex, &err) != ER_OK) abort();
    er_limit_free(limit);
}

/* Each text, and each change of options, is one thing that kernels depend on. */
static void keys_differ(void)
{
    static const char *const text[] = {
        "[concat: [[conv 4 3x1, relu], [conv 4 3x3, relu]], dropout 0.5, global_avg_pool, dense 1]",
        "[concat: [[conv 4 5x1, relu], [conv 4 3x3, relu]], dropout 0.5, global_avg_pool, dense 1]",
        "[concat: [[conv 4 1x3, relu], [conv 4 3x3, relu]], dropout 0.5, global_avg_pool, dense 1]",
        "[concat: [[conv 4 3x1 padding=circular, relu], [conv 4 3x3, relu]], dropout 0.5, global_avg_pool, "
        "dense 1]",
        "[concat: [[conv 4 3x1 dilation=2, relu], [conv 4 3x3, relu]], dropout 0.5, global_avg_pool, "
        "dense 1]",
        "[concat: [[conv 5 3x1, relu], [conv 4 3x3, relu]], dropout 0.5, global_avg_pool, dense 1]",
        "[concat: [[conv 4 3x1, relu], [conv 4 3x3, relu]], dropout 0.25, global_avg_pool, dense 1]",
        "[concat: [[conv 4 3x1, relu], [conv 4 3x3, erf]], dropout 0.5, global_avg_pool, dense 1]",
        "[concat: [[conv 4 3x1, relu], [conv 4 3x3, relu]], dropout 0.5, flatten, dense 1]",
    };
    enum { TEXTS = sizeof text / sizeof *text, OPTIONS = 5, ALL = TEXTS + OPTIONS };
    char hex[ALL][ER_SHA256_HEX];
    for (int i = 0; i < ALL; i++) key_of(text[i < TEXTS ? i : 0], i < TEXTS ? 0 : i - TEXTS, hex[i]);
    for (int i = 0; i < ALL; i++)
        for (int j = 0; j < i; j++)
            T_OK((strcmp(hex[i], hex[j]) == 0) == (i == TEXTS && j == 0), "keys %d and %d", j, i);
    key_of(net_text, 0, hex[0]);
    key_of("[conv 9 3x3, relu, dropout 0.5, conv 8 3x3, relu, global_avg_pool, dense 1]", 0, hex[1]);
    T_EQ_STR(hex[0], hex[1], "widths that do not matter are no other work");
}

/* Inputs that become NaN once the points are prepared: of the tiles that hold them the first is named, for any number of
 * threads. */
static void names_the_first_flaw(const char *path)
{
    enum { VECTORS = 300 }; /* three tiles of 128 rows */
    struct er_limit *limit = vectors_limit("[dense 1]", false);
    double *x = vectors_points(VECTORS, 3), *k = needed(VECTORS * VECTORS, sizeof *k);
    for (int threads = 1; threads <= 3; threads += 2) {
        struct er_pool *pool = needed_pool(threads);
        struct er_limit_points *points = vectors_prepared(limit, VECTORS, x, pool);
        struct er_gram_file *file = NULL;
        const double right = x[140 * VECTORS_D];
        x[140 * VECTORS_D] = x[290 * VECTORS_D] = (double)NAN;
        T_STATUS(er_limit_kernel(points, NULL, k, NULL, pool, NULL, &err), ER_E_NONFINITE, "in memory");
        T_OK(strstr(err.msg, "rows 128 to 255 ") != NULL, "on %d threads: %s", threads, err.msg);
        T_STATUS(er_gram_file_open(path, points, NULL, false, true, &file, &err), ER_OK, "a work file");
        T_STATUS(er_gram_file_compute(file, pool, NULL, &err), ER_E_NONFINITE, "in it");
        T_OK(strstr(err.msg, "rows 128 to 255 ") != NULL, "on %d threads: %s", threads, err.msg);
        er_gram_file_close(file, true);
        x[140 * VECTORS_D] = x[290 * VECTORS_D] = right;
        er_limit_points_free(points);
        er_pool_free(pool);
    }
    er_limit_free(limit);
    er_free(k);
    er_free(x);
}

int main(void)
{
    char folder[64], path[96];
    struct er_random r = er_random_open(11, er_stream(ER_PURPOSE_TEST, 0));
    struct er_limit_options options = er_limit_defaults();
    double *x = needed(N * D, sizeof *x);
    for (int i = 0; i < N * D; i++) x[i] = er_random_normal(&r);
    if (!scratch_make(folder)) return 1;
    snprintf(path, sizeof path, "%s/k.part", folder);
    struct er_pool *one = needed_pool(1);
    struct er_limit *limit = limit_of(net_text, &options);
    struct er_limit_points *points = points_of(limit, x, false, one);
    computes_each_tile_once(points, path, one);
    masks_are_other_work(limit, x, path, one);
    cut_anywhere(points, path);
    keys_differ();
    names_the_first_flaw(path);
    er_limit_points_free(points);
    er_limit_free(limit);
    er_pool_free(one);
    scratch_remove(folder);
    er_free(x);
    return t_done();
}
