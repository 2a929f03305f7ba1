/* kernel_matrices.c - variances of points, then the two matrices: in memory, or in files that may be read into memory. */
#include "experiments/kernel_matrices.h"

#include "core/available.h"
#include "core/clock.h"
#include "core/file.h"
#include "limit/key.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 200, DIGITS = 24 };

static const double WORTH_FLOPS = 1e11, WORTH_ENTRY = 2e4;

double er_kernel_matrices_entries(int64_t n, int64_t m)
{
    return (double)n * ((double)n + 1) / 2 + (double)n * (double)m;
}

double er_kernel_matrices_flops(const struct er_limit *limit, int64_t n, int64_t m)
{
    return (er_kernel_matrices_entries(n, m) + (double)m) * er_limit_flops(limit);
}

bool er_kernel_matrices_worth(const struct er_limit *limit, int64_t n, int64_t m)
{
    const double entry = er_limit_flops(limit);
    return entry >= WORTH_ENTRY && entry * er_kernel_matrices_entries(n, m) >= WORTH_FLOPS;
}

double er_kernel_matrices_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool ntk, bool rows,
                                int threads)
{
    const double kernels = rows ? 0 : ntk ? 2 : 1, points = (double)(n + m);
    return 8 * (kernels * (double)n * points + points * (double)er_limit_inputs(limit) + (double)m) +
           er_limit_points_bytes(limit, n + m) + (double)threads * er_limit_scratch_bytes(limit);
}

double er_kernel_matrices_file_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool ntk)
{
    return er_gram_file_bytes(limit, n, 0, ntk) + er_gram_file_bytes(limit, m, n, ntk);
}

static void close_files(struct er_kernel_matrices *matrices, bool remove)
{
    er_gram_file_close(matrices->train, remove);
    er_gram_file_close(matrices->test, remove);
    matrices->train = matrices->test = NULL;
}

static void free_points(struct er_kernel_matrices *matrices)
{
    er_limit_points_free(matrices->train_points);
    er_limit_points_free(matrices->test_points);
    matrices->train_points = matrices->test_points = NULL;
}

void er_kernel_matrices_clear(struct er_kernel_matrices *matrices, bool remove)
{
    close_files(matrices, remove);
    free_points(matrices);
    er_free(matrices->x);
    er_free(matrices->k_train);
    er_free(matrices->theta_train);
    er_free(matrices->k_test);
    er_free(matrices->theta_test);
    er_free(matrices->k_self);
    *matrices = (struct er_kernel_matrices){0};
}

/* Room for the matrices themselves. */
static enum er_status allocate(struct er_kernel_matrices *k, const struct er_limit *limit,
                               struct er_error *err)
{
    char what[96];
    snprintf(what, sizeof what, "kernel: the kernel matrices of %" PRId64 " and %" PRId64 " examples", k->n,
             k->m);
    enum er_status status =
        er_memory_check(er_kernel_matrices_bytes(limit, k->n, k->m, k->ntk, false, 1), what, err);
    if (status != ER_OK) return status;
    k->k_train = er_alloc(k->n, (size_t)k->n * sizeof *k->k_train);
    k->k_test = er_alloc(k->m, (size_t)k->n * sizeof *k->k_test);
    if (k->ntk) k->theta_train = er_alloc(k->n, (size_t)k->n * sizeof *k->theta_train);
    if (k->ntk) k->theta_test = er_alloc(k->m, (size_t)k->n * sizeof *k->theta_test);
    if (k->k_train && k->k_test && (!k->ntk || (k->theta_train && k->theta_test))) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "%s: out of memory", what);
}

enum er_status er_kernel_matrices_new(const struct er_limit *limit, const struct er_split *split, bool ntk,
                                      const struct er_kernel_place *place, struct er_kernel_matrices *out,
                                      struct er_error *err)
{
    const int64_t n = split->train.n, m = split->test.n, d = er_limit_inputs(limit);
    struct er_kernel_matrices matrices = {.n = n, .m = m, .d = d, .ntk = ntk, .place = *place};
    const enum er_status status = place->folder && place->rows ? ER_OK : allocate(&matrices, limit, err);
    if (status != ER_OK) {
        er_kernel_matrices_clear(&matrices, false);
        return status;
    }
    matrices.x = er_alloc((n + m) * d, sizeof *matrices.x);
    matrices.k_self = er_alloc(m, sizeof *matrices.k_self);
    if (!matrices.x || !matrices.k_self) {
        er_kernel_matrices_clear(&matrices, false);
        return er_fail(err, ER_E_NOMEM, "kernel: out of memory for %" PRId64 " examples", n + m);
    }
    for (int64_t i = 0; i < n * d; i++) matrices.x[i] = (double)split->train.x[i];
    for (int64_t i = 0; i < m * d; i++) matrices.x[n * d + i] = (double)split->test.x[i];
    *out = matrices;
    return ER_OK;
}

/* Parts of the work, each of which counts from 0 in units of its own. */
struct parts {
    const struct er_progress *caller;
    double before, unit; /* flops of parts that are done; of one of the present part's units */
};

static void on_report(void *ctx, const struct er_progress_report *part)
{
    const struct parts *p = ctx;
    const struct er_progress_report whole = {.what = "kernel",
                                             .unit = "flops",
                                             .done = p->before + part->done * p->unit,
                                             .flops = p->before + part->done * p->unit};
    if (p->caller && p->caller->report) p->caller->report(p->caller->ctx, &whole);
}

static struct er_progress part_of(struct parts *p, double unit)
{
    p->unit = unit;
    return (struct er_progress){.report = on_report, .ctx = p, .stop = p->caller ? p->caller->stop : NULL};
}

static enum er_status make_points(struct er_kernel_matrices *k, const struct er_limit *limit,
                                  struct er_pool *pool, struct parts *parts, struct er_error *err)
{
    const struct er_progress progress = part_of(parts, 1);
    enum er_status status =
        er_limit_points_new(limit, k->n, k->x, true, pool, &progress, &k->train_points, err);
    parts->before += (double)k->n * er_limit_flops(limit);
    if (status == ER_OK)
        status = er_limit_points_new(limit, k->m, k->x + k->n * k->d, false, pool, &progress, &k->test_points,
                                     err);
    parts->before += (double)k->m * er_limit_flops(limit);
    if (status == ER_OK) er_limit_diagonal(k->test_points, k->k_self, NULL);
    return status;
}

/* FOLDER/kernel-HASH-train.gram. The hash is of kernel and examples: the file itself says of more what it is. */
static enum er_status name_of(const struct er_kernel_matrices *k, const struct er_limit *limit,
                              const char *part, char name[NAME_MOST], struct er_error *err)
{
    char text[2 * ER_SHA256_HEX + 2 * DIGITS], key[ER_SHA256_HEX], x[ER_SHA256_HEX], hex[ER_SHA256_HEX];
    const enum er_status status = er_limit_key(limit, key, err);
    if (status != ER_OK) return status;
    er_sha256(k->x, (size_t)((k->n + k->m) * k->d) * sizeof *k->x, x);
    const int length = snprintf(text, sizeof text, "%s %s %" PRId64, key, x, k->n);
    er_sha256(text, (size_t)length, hex);
    snprintf(name, NAME_MOST, "kernel-%.*s-%s.gram", DIGITS, hex, part);
    return ER_OK;
}

/* What was left by other work, or another version, is begun again. */
static enum er_status open_file(const struct er_kernel_matrices *k, const struct er_limit *limit,
                                const char *part, const struct er_limit_points *a,
                                const struct er_limit_points *b, struct er_gram_file **out,
                                struct er_error *err)
{
    char name[NAME_MOST];
    enum er_status status = name_of(k, limit, part, name, err);
    if (status != ER_OK) return status;
    char *path = er_path_join(k->place.folder, name);
    if (!path) return er_fail(err, ER_E_NOMEM, "kernel: out of memory for a path");
    status = er_gram_file_open(path, a, b, k->ntk, k->place.anew, out, err);
    if (status == ER_E_INPUT) status = er_gram_file_open(path, a, b, k->ntk, true, out, err);
    er_free(path);
    return status;
}

/* Files where there is a folder. Without them the matrices are in memory, or that can't be. */
static enum er_status open_files(struct er_kernel_matrices *k, const struct er_limit *limit,
                                 struct er_error *err)
{
    if (!k->place.folder) return ER_OK;
    enum er_status status = er_directory_make(k->place.folder, &k->unkept);
    if (status == ER_OK) status = open_file(k, limit, "train", k->train_points, NULL, &k->train, &k->unkept);
    if (status == ER_OK)
        status = open_file(k, limit, "test", k->test_points, k->train_points, &k->test, &k->unkept);
    if (status == ER_OK) return ER_OK;
    close_files(k, status == ER_E_FULL);
    return k->k_train ? ER_OK : allocate(k, limit, err);
}

static enum er_status fill_files(struct er_kernel_matrices *k, const struct er_limit *limit,
                                 struct er_pool *pool, struct parts *parts, struct er_error *err)
{
    const double flops = er_limit_flops(limit);
    const struct er_progress progress = part_of(parts, flops);
    enum er_status status = er_gram_file_compute(k->train, pool, &progress, err);
    parts->before += er_gram_file_pairs(k->train) * flops;
    if (status == ER_OK) status = er_gram_file_compute(k->test, pool, &progress, err);
    if (status != ER_OK || !k->k_train) return status;
    for (int theta = 0; theta <= k->ntk; theta++) {
        er_gram_file_read(k->train, theta, 0, k->n, theta ? k->theta_train : k->k_train);
        er_gram_file_read(k->test, theta, 0, k->m, theta ? k->theta_test : k->k_test);
    }
    return ER_OK;
}

static enum er_status fill_memory(struct er_kernel_matrices *k, const struct er_limit *limit,
                                  struct er_pool *pool, struct parts *parts, struct er_error *err)
{
    const struct er_progress progress = part_of(parts, 1);
    enum er_status status =
        er_limit_kernel(k->train_points, NULL, k->k_train, k->theta_train, pool, &progress, err);
    parts->before += (double)k->n * ((double)k->n - 1) / 2 * er_limit_flops(limit);
    if (status == ER_OK)
        status =
            er_limit_kernel(k->test_points, k->train_points, k->k_test, k->theta_test, pool, &progress, err);
    return status;
}

enum er_status er_kernel_matrices_compute(struct er_kernel_matrices *k, const struct er_limit *limit,
                                          struct er_pool *pool, const struct er_progress *progress,
                                          struct er_error *err)
{
    struct parts parts = {.caller = progress};
    const double began = er_clock_s();
    enum er_status status = make_points(k, limit, pool, &parts, err);
    if (status == ER_OK) status = open_files(k, limit, err);
    if (status == ER_OK)
        status =
            k->train ? fill_files(k, limit, pool, &parts, err) : fill_memory(k, limit, pool, &parts, err);
    if (!k->train) free_points(k);
    k->seconds += er_clock_s() - began;
    return status;
}

const double *er_kernel_matrices_rows(const struct er_kernel_matrices *k, bool test, bool theta, int64_t from,
                                      int64_t rows, double *room)
{
    const double *train = theta ? k->theta_train : k->k_train, *other = theta ? k->theta_test : k->k_test;
    if (train) return (test ? other : train) + from * k->n;
    er_gram_file_read(test ? k->test : k->train, theta, from, rows, room);
    return room;
}

struct er_kernel_matrix er_kernel_matrices_train(const struct er_kernel_matrices *k, bool theta)
{
    struct er_kernel_matrix matrix = {.n = k->n, .entries = theta ? k->theta_train : k->k_train};
    if (!matrix.entries) er_gram_file_matrix(k->train, theta, &matrix, NULL);
    return matrix;
}
