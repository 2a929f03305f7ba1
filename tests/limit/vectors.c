/* Kernels of nets of vectors against the recursion written out, pair by pair: every form of map, tables, equal points and
 * points of zeros; the same bits for any number of threads; what is not finite. */
#include "t.h"

#include "limit/program.h"
#include "math/duals.h"
#include "support/vectors.h"

#include <float.h>

enum { N = 300, M = 140 }; /* three tiles with a short one, two tiles */

static const double E = 0.01, KEEP = 0.8;
static const char chain_text[] = "[dense 8, relu, dense 8, relu, dense 1]";
static const char forms_text[] = "[dense 6, layer_norm epsilon=0.01 affine=false, relu, dropout 0.2,"
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
    for (int i = 0; i < VECTORS_D; i++) {
        p.q1 += x[i] * x[i] / VECTORS_D;
        p.q2 += y[i] * y[i] / VECTORS_D;
        p.k += x[i] * y[i] / VECTORS_D;
        p.equal = p.equal && x[i] == y[i];
    }
    return p;
}

static struct pair dense(struct pair p)
{
    return (struct pair){VECTORS_W * p.q1 + VECTORS_B,
                         VECTORS_W * p.q2 + VECTORS_B,
                         VECTORS_W * p.k + VECTORS_B,
                         VECTORS_W * p.t + VECTORS_W * p.k + VECTORS_B,
                         p.same,
                         p.equal};
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
    return (struct pair){p.q1 / (E + p.q1), p.q2 / (E + p.q2), p.k / scale, p.t / scale, p.same, p.equal};
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

/* The largest difference of m x n entries from the recursion. Where dropout separates two equal examples, what comes before
 * it has the angle between them by their product alone: left out. */
static double worst(struct pair (*net)(struct pair), const double *k, const double *theta, const double *x,
                    const double *y, int64_t m, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < m * n; i++) {
        const struct pair before = start(x + i / n * VECTORS_D, y + i % n * VECTORS_D), p = net(before);
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
    struct er_limit *limit = vectors_limit(text, true);
    struct er_limit_points *a = vectors_prepared(limit, N, x, pool), *b = vectors_prepared(limit, M, y, pool);
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

/* An activation by tables: each pair by itself, with the tables of its two points made for it. Some points only. */
static void check_tables(const double *x, const double *y)
{
    enum { SOME = 12 };
    const struct er_dual *dual = &er_dual_tanh;
    const double none[ER_DUAL_PARAMETERS] = {0};
    struct er_pool *pool = needed_pool(2);
    struct er_limit *limit = vectors_limit("[dense 6, tanh, dense 1]", true);
    struct er_limit_points *a = vectors_prepared(limit, SOME, x, pool),
                           *b = vectors_prepared(limit, M, y, pool);
    double *k = needed(SOME * M, sizeof *k), *theta = needed(SOME * M, sizeof *theta), most = 0;
    double *table = needed((SOME + M) * dual->width, sizeof *table);
    T_STATUS(er_limit_kernel(a, b, k, theta, pool, NULL, &err), ER_OK, "tables");
    for (int64_t i = 0; i < SOME + M; i++) {
        const double *z = i < SOME ? x + i * VECTORS_D : y + (i - SOME) * VECTORS_D;
        const struct pair p = dense(start(z, z));
        dual->prepare(none, 1, &p.q1, table + i * dual->width);
    }
    for (int64_t i = 0; i < SOME * M; i++) {
        const int64_t r = i / M, c = i % M;
        struct pair p = dense(start(x + r * VECTORS_D, y + c * VECTORS_D));
        const struct er_dual_side one = {&p.q1, table + r * dual->width, 0},
                                  two = {&p.q2, table + (SOME + c) * dual->width, 0};
        dual->pair(none, 1, &one, &two, &p.k, &p.t);
        p = dense(p);
        most = fmax(most, fmax(fabs(k[i] - p.k), fabs(theta[i] - p.t)));
    }
    T_CLOSE(most, 0, ROUNDING, "each pair of tanh, by its own tables");
    er_free(k);
    er_free(theta);
    er_free(table);
    er_limit_points_free(a);
    er_limit_points_free(b);
    er_limit_free(limit);
    er_pool_free(pool);
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n * sizeof(double)) == 0;
}

static void threads_change_nothing(const double *x)
{
    struct er_limit *limit = vectors_limit(chain_text, true);
    double *k[3], *theta[3];
    for (int t = 0; t < 3; t++) {
        struct er_pool *pool = needed_pool(t + 1);
        struct er_limit_points *a = vectors_prepared(limit, N, x, pool);
        k[t] = needed(N * N, sizeof *k[t]);
        theta[t] = needed(N * N, sizeof *theta[t]);
        T_STATUS(er_limit_kernel(a, NULL, k[t], theta[t], pool, NULL, &err), ER_OK, "%d threads", t + 1);
        T_OK(same_bits(k[t], k[0], N * N) && same_bits(theta[t], theta[0], N * N), "the same bits");
        er_limit_points_free(a);
        er_pool_free(pool);
    }
    for (int t = 0; t < 3; t++) {
        er_free(k[t]);
        er_free(theta[t]);
    }
    er_limit_free(limit);
}

static void not_finite(double *x)
{
    struct er_limit_points *p = NULL;
    struct er_pool *pool = needed_pool(2);
    struct er_limit *limit = vectors_limit(chain_text, true);
    const double kept = x[33];
    x[33] = NAN;
    T_STATUS(er_limit_points_new(limit, N, x, true, pool, NULL, &p, &err), ER_E_NONFINITE, "NaN");
    T_OK(strstr(err.msg, "input 3 of example 6 ") != NULL, "is named: %s", err.msg);
    x[33] = 1e200;
    T_STATUS(er_limit_points_new(limit, N, x, true, pool, NULL, &p, &err), ER_E_NONFINITE,
             "a square overflows");
    T_OK(strstr(err.msg, "example 6 ") != NULL, "is named: %s", err.msg);
    x[33] = kept;
    T_ALLOCATIONS(er_limit_points_new(limit, 20, x, true, pool, NULL, &p, NULL), er_limit_points_free(p),
                  "points");
    if (T_OK(er_limit_points_new(limit, 20, x, true, pool, NULL, &p, &err) == ER_OK, "points")) {
        double k[400];
        T_ALLOCATIONS(er_limit_kernel(p, NULL, k, NULL, pool, NULL, NULL), (void)0, "a kernel");
        er_limit_points_free(p);
    }
    er_limit_free(limit);
    er_pool_free(pool);
}

int main(void)
{
    double *x = vectors_points(N, 0), *y = vectors_points(M, 1);
    check_net(chain_text, chain, x, y);
    check_net(forms_text, forms, x, y);
    check_tables(x, y);
    threads_change_nothing(x);
    not_finite(x);
    er_free(x);
    er_free(y);
    return t_done();
}
