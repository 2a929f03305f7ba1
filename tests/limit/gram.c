/* Kernel matrices of nets of vectors: against the recursion written out, pair by pair; the same bits for any number of
 * threads, in memory and in a work file, whatever interrupts or damages that. */
#include "t.h"

#include "limit/program.h"
#include "support/needed.h"
#include "support/scratch.h"

#include <ermine/gram_file.h>
#include <ermine/random.h>
#include <float.h>
#include <sys/resource.h>
#include <unistd.h>

enum { N = 300, M = 140, D = 5 }; /* three tiles with a short one, two tiles */

static const double W = 1.69, B = 0.01, E = 0.01, KEEP = 0.8;
static const char chain_text[] = "[dense 8, relu, dense 8, relu, dense 1]";
static const char forms_text[] = "[dense 6, layer_norm epsilon=0.01, relu, dropout 0.2,"
                                 " concat: [dense 3, [dense 5, relu]], dense 4, scale 0.5,"
                                 " add: [dense 4, [dense 4, relu, dense 4]], dense 1]";
static struct er_error err;

/* Of a pair: variances of its points, K and Theta; whether the points are one example, and whether they have all equal. */
struct pair {
    double q1, q2, k, t;
    bool same, equal;
};

static struct pair start(const double *x, const double *y)
{
    struct pair p = {.same = x == y, .equal = true};
    for (int i = 0; i < D; i++) {
        p.q1 += x[i] * x[i] / D;
        p.q2 += y[i] * y[i] / D;
        p.k += x[i] * y[i] / D;
        p.equal = p.equal && x[i] == y[i];
    }
    return p;
}

static struct pair dense(struct pair p)
{
    return (struct pair){W * p.q1 + B, W * p.q2 + B, W * p.k + B, W * p.t + W * p.k + B, p.same, p.equal};
}

static struct pair relu(struct pair p)
{
    const double sine = p.equal ? 0 : sqrt(fmax(0, p.q1 * p.q2 - p.k * p.k)), angle = atan2(sine, p.k);
    return (struct pair){
        p.q1 / 2, p.q2 / 2, (sine + (M_PI - angle) * p.k) / (2 * M_PI), p.t * (M_PI - angle) / (2 * M_PI),
        p.same,   p.equal};
}

static struct pair layer_norm(struct pair p)
{
    const double scale = sqrt((E + p.q1) * (E + p.q2));
    return (struct pair){
        p.q1 / (E + p.q1), p.q2 / (E + p.q2), p.k / scale, p.t / scale + p.k / scale + 1, p.same, p.equal};
}

static struct pair dropout(struct pair p)
{
    const double both = p.same ? KEEP : 1;
    return (struct pair){p.q1 / KEEP, p.q2 / KEEP, p.k / both, p.t / both, p.same, p.same};
}

static struct pair sum(double a, struct pair p, double b, struct pair r)
{
    return (struct pair){
        a * p.q1 + b * r.q1, a * p.q2 + b * r.q2, a * p.k + b * r.k, a * p.t + b * r.t, p.same, p.equal};
}

static struct pair chain(struct pair p)
{
    return dense(relu(dense(relu(dense(p)))));
}

static struct pair forms(struct pair p)
{
    p = dropout(relu(layer_norm(dense(p))));
    p = dense(sum(3.0 / 8, dense(p), 5.0 / 8, relu(dense(p))));
    p = sum(0.25, p, 0, p);
    return dense(sum(1, dense(p), 1, dense(relu(dense(p)))));
}

/* Points; 20 and 200 are equal, 7 is 0. */
static double *points(int64_t n, uint64_t stream)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, stream));
    double *x = needed(n * D, sizeof *x);
    for (int64_t i = 0; i < n * D; i++) x[i] = er_random_normal(&r);
    for (int64_t i = 0; n == N && i < D; i++) {
        x[200 * D + i] = x[20 * D + i];
        x[7 * D + i] = 0;
    }
    return x;
}

static struct er_limit *limit_of(const char *text, bool ntk)
{
    struct er_limit_options options = er_limit_defaults();
    struct er_model *model = NULL;
    struct er_limit *limit = NULL;
    options.weight_std = sqrt(W);
    options.bias_std = sqrt(B);
    options.parameterisation = ER_PARAMETERISATION_NTK;
    options.ntk = ntk;
    if (er_model_parse(text, &model, &err) != ER_OK ||
        er_limit_new(model, (struct er_shape){1, 1, D}, &options, &limit, &err) != ER_OK) {
        fprintf(stderr, "%s\n", err.msg);
        abort();
    }
    er_model_free(model);
    return limit;
}

static struct er_limit_points *points_of(const struct er_limit *limit, int64_t n, const double *x,
                                         struct er_pool *pool)
{
    struct er_limit_points *p = NULL;
    if (er_limit_points_new(limit, n, x, pool, NULL, &p, &err) != ER_OK) abort();
    return p;
}

/* The largest difference of m x n entries from the recursion. Where dropout separates two equal examples, what comes before
 * it has the angle between them by their product alone: left out. */
static double worst(struct pair (*net)(struct pair), const double *k, const double *theta, const double *x,
                    const double *y, int64_t m, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < m * n; i++) {
        const struct pair before = start(x + i / n * D, y + i % n * D), p = net(before);
        if (before.equal != p.equal) continue;
        most = fmax(most, fmax(fabs(k[i] - p.k), fabs(theta[i] - p.t)));
    }
    return most;
}

static bool symmetric(const double *k, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            if (k[i * n + j] != k[j * n + i]) return false;
    return true;
}

/* Entries are of order 10; ten layers round some times each, and an angle loses some units near 0. */
static const double ROUNDING = 1024 * DBL_EPSILON;

static void check_net(const char *text, struct pair (*net)(struct pair), const double *x, const double *y)
{
    struct er_pool *pool = needed_pool(2);
    struct er_limit *limit = limit_of(text, true);
    struct er_limit_points *a = points_of(limit, N, x, pool), *b = points_of(limit, M, y, pool);
    double *k = needed(N * N, sizeof *k), *theta = needed(N * N, sizeof *theta);
    double *own = needed(2 * N, sizeof *own);
    T_OK(limit->vectors, "%s is a net of vectors", text);
    T_STATUS(er_limit_kernel(a, NULL, k, theta, pool, NULL, &err), ER_OK, "with themselves");
    T_CLOSE(worst(net, k, theta, x, x, N, N), 0, ROUNDING, "each pair of %s, points with themselves", text);
    T_OK(symmetric(k, N) && symmetric(theta, N), "symmetric to the bit");
    er_limit_diagonal(a, own, own + N);
    bool diagonal = true;
    for (int64_t i = 0; i < N; i++)
        diagonal = diagonal && own[i] == k[i * N + i] && own[N + i] == theta[i * N + i];
    T_OK(diagonal, "the diagonal is that of the points");
    T_STATUS(er_limit_kernel(b, a, k, theta, pool, NULL, &err), ER_OK, "with others");
    T_CLOSE(worst(net, k, theta, y, x, M, N), 0, ROUNDING, "each pair of %s, points with others", text);
    er_free(k);
    er_free(theta);
    er_free(own);
    er_limit_points_free(a);
    er_limit_points_free(b);
    er_limit_free(limit);
    er_pool_free(pool);
}

/* What follows is of the chain. */
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
    struct whole w = {.limit = limit_of(chain_text, true)};
    w.a = points_of(w.limit, N, x, pool);
    w.b = points_of(w.limit, M, y, pool);
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

static void threads_change_nothing(const struct whole *w, const double *x)
{
    double *k = needed(N * N, sizeof *k), *theta = needed(N * N, sizeof *theta);
    for (int threads = 1; threads <= 3; threads++) {
        struct er_pool *pool = needed_pool(threads);
        struct er_limit_points *a = points_of(w->limit, N, x, pool);
        T_STATUS(er_limit_kernel(a, NULL, k, theta, pool, NULL, &err), ER_OK, "%d threads", threads);
        T_OK(same(k, w->k, N * N) && same(theta, w->theta, N * N), "%d threads: the same bits", threads);
        er_limit_points_free(a);
        er_pool_free(pool);
    }
    er_free(k);
    er_free(theta);
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

static void goes_on(const struct whole *w, const char *path, struct er_pool *pool)
{
    struct er_gram_file *file = NULL, *second = NULL;
    struct stopper s = {.reports = 3}; /* the first says what is there */
    const struct er_progress progress = {.report = count_report, .ctx = &s, .stop = &s.stop};
    T_STATUS(er_gram_file_open(path, w->a, NULL, true, false, &file, &err), ER_OK, "a new work file");
    T_EQ_INT(er_gram_file_done(file), 0, "nothing is there");
    T_STATUS(er_gram_file_open(path, w->a, NULL, true, false, &second, &err), ER_E_BUSY, "it is locked");
    T_STATUS(er_gram_file_compute(file, pool, &progress, &err), ER_E_STOPPED, "stopped after two tiles");
    const double done = er_gram_file_done(file);
    T_OK(done > 0 && done < er_gram_file_pairs(file), "some pairs are there");
    er_gram_file_close(file, false);
    T_STATUS(er_gram_file_open(path, w->a, NULL, true, false, &file, &err), ER_OK, "opened again");
    T_EQ_INT(er_gram_file_done(file), done, "they are still there");
    T_STATUS(er_gram_file_compute(file, pool, NULL, &err), ER_OK, "the rest");
    T_OK(file_is(file, w), "the bits of what was computed in memory, in one go");
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
    double *out = needed(N * M, sizeof *out);
    T_STATUS(er_gram_file_open(path, w->a, w->b, false, false, &file, &err), ER_OK, "K with other points");
    T_STATUS(er_gram_file_compute(file, pool, NULL, &err), ER_OK, "computed");
    for (int64_t i = 0; i < N; i += 100) er_gram_file_read(file, false, i, 100, out + i * M);
    T_OK(same(out, w->other, N * M), "the bits of what was computed in memory");
    T_EQ_INT(er_gram_file_pairs(file), N * M, "all pairs");
    er_gram_file_close(file, false);
    er_free(out);
}

/* At `path` is a file of K with other points. */
static void refuses(const struct whole *w, const char *path, const double *x, struct er_pool *pool)
{
    struct er_gram_file *file = NULL;
    double *z = needed(N * D, sizeof *z);
    memcpy(z, x, N * D * sizeof *z);
    z[3] += 1;
    struct er_limit *plain = limit_of(chain_text, false), *wide = limit_of("[dense 9, relu, dense 1]", false);
    struct er_limit_points *other = points_of(w->limit, N, z, pool), *a = points_of(plain, N, x, pool),
                           *c = points_of(wide, N, x, pool);
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

static void allocations(const struct whole *w, const double *x, const char *path)
{
    struct er_gram_file *file = NULL;
    struct er_limit_points *p = NULL;
    struct er_pool *pool = needed_pool(1);
    T_ALLOCATIONS(er_limit_points_new(w->limit, 20, x, pool, NULL, &p, NULL), er_limit_points_free(p),
                  "points");
    T_ALLOCATIONS(er_gram_file_open(path, w->a, NULL, false, false, &file, NULL),
                  er_gram_file_close(file, true), "a work file");
    er_pool_free(pool);
}

static void not_finite(const struct whole *w, double *x, struct er_pool *pool)
{
    struct er_limit_points *p = NULL;
    const double kept = x[33];
    x[33] = NAN;
    T_STATUS(er_limit_points_new(w->limit, N, x, pool, NULL, &p, &err), ER_E_NONFINITE, "NaN");
    T_OK(strstr(err.msg, "input 3 of example 6 ") != NULL, "is named: %s", err.msg);
    x[33] = 1e200;
    T_STATUS(er_limit_points_new(w->limit, N, x, pool, NULL, &p, &err), ER_E_NONFINITE, "a square overflows");
    T_OK(strstr(err.msg, "example 6 ") != NULL, "is named: %s", err.msg);
    x[33] = kept;
}

int main(void)
{
    char folder[64], path[96];
    double *x = points(N, 0), *y = points(M, 1);
    struct er_pool *pool = needed_pool(2);
    if (!scratch_make(folder)) abort();
    snprintf(path, sizeof path, "%s/k.part", folder);
    check_net(chain_text, chain, x, y);
    check_net(forms_text, forms, x, y);
    struct whole w = open_whole(x, y, pool);
    threads_change_nothing(&w, x);
    goes_on(&w, path, pool);
    of_others(&w, path, pool);
    refuses(&w, path, x, pool);
    needs_room(&w, path);
    allocations(&w, x, path);
    not_finite(&w, x, pool);
    close_whole(&w);
    scratch_remove(folder);
    er_pool_free(pool);
    er_free(x);
    er_free(y);
    return t_done();
}
