/* Kernel matrices in work files: whatever interrupts or damages one, its bits are those of a matrix in memory; what is no work
 * file, or one of other work, is refused. */
#include "t.h"

#include "support/scratch.h"
#include "support/vectors.h"

#include <ermine/gram_file.h>
#include <ermine/kernel_solver.h>
#include <sys/resource.h>
#include <unistd.h>

enum { N = 300, M = 140 }; /* three tiles with a short one, two tiles */

static const char chain_text[] = "[dense 8, relu, dense 8, relu, dense 1]";
static struct er_error err;

struct whole {
    struct er_limit *limit;
    struct er_limit_points *a, *b;
    double *k, *theta; /* N x N */
    double *other;     /* N x M of K */
};

static bool same(const double *a, const double *b, int64_t n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static struct whole open_whole(const double *x, const double *y, struct er_pool *pool)
{
    struct whole w = {.limit = vectors_limit(chain_text, true)};
    w.a = vectors_prepared(w.limit, N, x, pool);
    w.b = vectors_prepared(w.limit, M, y, pool);
    w.k = needed(N * N, sizeof *w.k);
    w.theta = needed(N * N, sizeof *w.theta);
    w.other = needed(N * M, sizeof *w.other);
    if (er_limit_kernel(w.a, NULL, w.k, w.theta, pool, NULL, &err) != ER_OK ||
        er_limit_kernel(w.a, w.b, w.other, NULL, pool, NULL, &err) != ER_OK)
        abort();
    return w;
}

static void close_whole(struct whole *w)
{
    er_free(w->k);
    er_free(w->theta);
    er_free(w->other);
    er_limit_points_free(w->a);
    er_limit_points_free(w->b);
    er_limit_free(w->limit);
}

/* Reports count down to a stop. */
struct stopper {
    atomic_bool stop;
    int reports;
};

static void count_report(void *ctx, const struct er_progress_report *r)
{
    struct stopper *s = ctx;
    (void)r;
    if (--s->reports == 0) atomic_store(&s->stop, true);
}

static bool file_is(const struct er_gram_file *file, const struct whole *w)
{
    double *out = needed(N * N, sizeof *out);
    er_gram_file_read(file, false, 0, N, out);
    bool equal = same(out, w->k, N * N);
    er_gram_file_read(file, true, 1, N - 2, out);
    equal = equal && same(out, w->theta + N, (N - 2) * N);
    er_free(out);
    return equal;
}

static void flip_byte(const char *path, long from_end)
{
    FILE *f = fopen(path, "r+b");
    if (!f) abort();
    fseek(f, -from_end, SEEK_END);
    const int c = fgetc(f);
    fseek(f, -from_end, SEEK_END);
    fputc(c ^ 1, f);
    fclose(f);
}

/* The matrix in its file, which no copy is made of, against Cholesky's factor in memory. */
static void solves(const struct er_gram_file *file, bool theta, const struct whole *w, const double *x,
                   struct er_pool *pool)
{
    struct er_kernel_matrix filed = {0};
    const struct er_kernel_matrix memory = {.n = N, .entries = theta ? w->theta : w->k};
    const struct er_ridge ridge = {1e-3, false};
    struct er_kernel_solver_options o = er_kernel_solver_defaults();
    struct er_kernel_solver_report report;
    struct er_posterior *p = NULL;
    double *out = needed(3 * N * VECTORS_D, sizeof *out), *same_out = out + N * VECTORS_D,
           *want = same_out + N * VECTORS_D;
    o.tolerance = 1e-11;
    o.rank = 20;
    T_STATUS(er_gram_file_matrix(file, theta, &filed, &err), ER_OK, "a matrix in its file");
    T_STATUS(er_kernel_solve(&filed, ridge, VECTORS_D, x, &o, out, &report, pool, NULL, &err), ER_OK,
             "solved");
    T_OK(report.converged && report.iterations > 3, "%d passes over the file", (int)report.iterations);
    T_STATUS(er_kernel_solve(&memory, ridge, VECTORS_D, x, &o, same_out, &report, pool, NULL, &err), ER_OK,
             "in memory");
    T_OK(same(out, same_out, N * VECTORS_D), "the same bits");
    T_STATUS(er_posterior_new(N, memory.entries, ridge, pool, NULL, &p, &err), ER_OK, "Cholesky");
    er_posterior_weights(p, VECTORS_D, x, want);
    /* |A^-1| = 1 / r of a residual 1e-11 |x| */
    const double bound = 1e-11 * sqrt(N * VECTORS_D) * 3 / er_posterior_reported(p)->added;
    for (int i = 0; i < N * VECTORS_D; i++) T_CLOSE(out[i], want[i], bound, "[%d] as by Cholesky", i);
    er_posterior_free(p);
    er_free(out);
}

static void goes_on(const struct whole *w, const char *path, const double *x, struct er_pool *pool)
{
    struct er_kernel_matrix matrix;
    struct er_gram_file *file = NULL, *second = NULL;
    struct stopper s = {.reports = 3}; /* the first says what is there */
    const struct er_progress progress = {.report = count_report, .ctx = &s, .stop = &s.stop};
    T_STATUS(er_gram_file_open(path, w->a, NULL, true, false, &file, &err), ER_OK, "a new work file");
    T_EQ_INT(er_gram_file_done(file), 0, "nothing is there");
    T_STATUS(er_gram_file_open(path, w->a, NULL, true, false, &second, &err), ER_E_BUSY, "it is locked");
    T_STATUS(er_gram_file_compute(file, pool, &progress, &err), ER_E_STOPPED, "stopped after two tiles");
    const double done = er_gram_file_done(file);
    T_OK(done > 0 && done < er_gram_file_pairs(file), "some pairs are there");
    T_STATUS(er_gram_file_matrix(file, false, &matrix, &err), ER_E_USAGE, "no matrix yet");
    er_gram_file_close(file, false);
    T_STATUS(er_gram_file_open(path, w->a, NULL, true, false, &file, &err), ER_OK, "opened again");
    T_EQ_INT(er_gram_file_done(file), done, "they are still there");
    T_STATUS(er_gram_file_compute(file, pool, NULL, &err), ER_OK, "the rest");
    T_OK(file_is(file, w), "the bits of what was computed in memory, in one go");
    solves(file, false, w, x, pool);
    solves(file, true, w, x, pool);
    er_gram_file_close(file, false);
    flip_byte(path, 128 * 1024L + 9); /* of the last tile's first kernel */
    T_STATUS(er_gram_file_open(path, w->a, NULL, true, false, &file, &err), ER_OK, "damaged");
    T_OK(er_gram_file_done(file) < er_gram_file_pairs(file), "a tile that does not hold is not there");
    T_STATUS(er_gram_file_compute(file, pool, NULL, &err), ER_OK, "and computed again");
    T_OK(file_is(file, w), "to the same bits");
    er_gram_file_close(file, true);
    T_OK(access(path, F_OK) != 0, "removed");
}

static void of_others(const struct whole *w, const char *path, struct er_pool *pool)
{
    struct er_gram_file *file = NULL;
    struct er_kernel_matrix matrix;
    double *out = needed(N * M, sizeof *out);
    T_STATUS(er_gram_file_open(path, w->a, w->b, false, false, &file, &err), ER_OK, "K with other points");
    T_STATUS(er_gram_file_compute(file, pool, NULL, &err), ER_OK, "computed");
    for (int64_t i = 0; i < N; i += 100) er_gram_file_read(file, false, i, 100, out + i * M);
    T_OK(same(out, w->other, N * M), "the bits of what was computed in memory");
    T_EQ_INT(er_gram_file_pairs(file), N * M, "all pairs");
    T_STATUS(er_gram_file_matrix(file, false, &matrix, &err), ER_E_USAGE, "no symmetric matrix");
    er_gram_file_close(file, false);
    er_free(out);
}

/* At `path` is a file of K with other points. */
static void refuses(const struct whole *w, const char *path, const double *x, struct er_pool *pool)
{
    struct er_gram_file *file = NULL;
    double *z = needed(N * VECTORS_D, sizeof *z);
    memcpy(z, x, N * VECTORS_D * sizeof *z);
    z[3] += 1;
    struct er_limit *plain = vectors_limit(chain_text, false),
                    *wide = vectors_limit("[dense 9, relu, dense 1]", false);
    struct er_limit_points *other = vectors_prepared(w->limit, N, z, pool),
                           *a = vectors_prepared(plain, N, x, pool), *c = vectors_prepared(wide, N, x, pool);
    T_STATUS(er_gram_file_open(path, w->a, NULL, false, false, &file, &err), ER_E_INPUT,
             "without the others");
    T_OK(strstr(err.msg, "its x2 differs") != NULL, "is said: %s", err.msg);
    T_STATUS(er_gram_file_open(path, other, w->b, false, false, &file, &err), ER_E_INPUT, "another point");
    T_OK(strstr(err.msg, "its x differs") != NULL, "is said: %s", err.msg);
    T_STATUS(er_gram_file_open(path, w->a, w->b, true, false, &file, &err), ER_E_INPUT, "another kernel");
    T_OK(strstr(err.msg, "its kernels differs") != NULL, "is said: %s", err.msg);
    T_STATUS(er_gram_file_open(path, c, NULL, false, false, &file, &err), ER_E_INPUT, "another model");
    T_OK(strstr(err.msg, "its model differs") != NULL, "is said: %s", err.msg);
    T_STATUS(er_gram_file_open(path, a, NULL, true, false, &file, &err), ER_E_USAGE,
             "Theta of a limit without");
    T_STATUS(er_gram_file_open(path, a, w->b, false, false, &file, &err), ER_E_USAGE, "points of two limits");
    T_STATUS(er_gram_file_open(path, w->a, NULL, false, true, &file, &err), ER_OK, "anew");
    T_EQ_INT(er_gram_file_done(file), 0, "nothing is there");
    er_gram_file_close(file, true);
    FILE *foreign = fopen(path, "w");
    if (!foreign) abort();
    fputs("a letter", foreign);
    fclose(foreign);
    T_STATUS(er_gram_file_open(path, w->a, NULL, false, true, &file, &err), ER_E_INPUT, "somebody's file");
    T_OK(access(path, F_OK) == 0, "stays");
    unlink(path);
    T_STATUS(er_gram_file_open("/nowhere/k", w->a, NULL, false, false, &file, &err), ER_E_NOT_FOUND,
             "no folder");
    er_limit_points_free(other);
    er_limit_points_free(a);
    er_limit_points_free(c);
    er_limit_free(plain);
    er_limit_free(wide);
    er_free(z);
}

static void needs_room(const struct whole *w, const char *path)
{
    struct er_gram_file *file = NULL;
    struct rlimit before, little;
    if (getrlimit(RLIMIT_FSIZE, &before) != 0) abort();
    little = before;
    little.rlim_cur = 100000;
    setrlimit(RLIMIT_FSIZE, &little);
    T_STATUS(er_gram_file_open(path, w->a, NULL, false, false, &file, &err), ER_E_FULL, "no room");
    setrlimit(RLIMIT_FSIZE, &before);
    T_OK(strstr(err.msg, " MB") != NULL, "the message says how much: %s", err.msg);
    T_OK(access(path, F_OK) != 0, "and nothing is left");
    T_CLOSE(er_gram_file_bytes(w->limit, N, 0, false), 6 * 128 * 128 * 8, 20000, "as was said beforehand");
}

static void allocations(const struct whole *w, const char *path)
{
    struct er_gram_file *file = NULL;
    T_ALLOCATIONS(er_gram_file_open(path, w->a, NULL, false, false, &file, NULL),
                  er_gram_file_close(file, true), "a work file");
}

int main(void)
{
    char folder[64], path[96];
    double *x = vectors_points(N, 0), *y = vectors_points(M, 1);
    struct er_pool *pool = needed_pool(2);
    if (!scratch_make(folder)) abort();
    snprintf(path, sizeof path, "%s/k.part", folder);
    struct whole w = open_whole(x, y, pool);
    goes_on(&w, path, x, pool);
    of_others(&w, path, pool);
    refuses(&w, path, x, pool);
    needs_room(&w, path);
    allocations(&w, path);
    close_whole(&w);
    scratch_remove(folder);
    er_pool_free(pool);
    er_free(x);
    er_free(y);
    return t_done();
}
