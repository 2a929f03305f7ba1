/* The nearest point of a polytope: hard margins by every set of support vectors, optimality in many dimensions, polytopes
 * around the origin, degenerate ones, refusals and allocations. */
#include "math/nearest_point.h"

#include "oracles/hard_margin.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>

enum { MOST = 600 };

static double inner(int64_t d, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t j = 0; j < d; j++) sum += a[j] * b[j];
    return sum;
}

static double longest(int64_t n, int64_t d, const double *p)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) most = fmax(most, sqrt(inner(d, p + i * d, p + i * d)));
    return most;
}

/* x = sum a_i p_i, a on the simplex, and no point nearer along x: necessary, and sufficient since all is convex. */
static void check_optimal(int64_t n, int64_t d, const double *p, const double *x, const double *a,
                          const char *what)
{
    const double square = inner(d, x, x), most = longest(n, d, p);
    double sum = 0, off = 0, least = INFINITY, shortest = INFINITY;
    bool simplex = true;
    for (int64_t i = 0; i < n; i++) {
        simplex = simplex && a[i] >= 0;
        sum += a[i];
        least = fmin(least, inner(d, x, p + i * d));
        shortest = fmin(shortest, inner(d, p + i * d, p + i * d));
    }
    for (int64_t j = 0; j < d; j++) {
        double here = 0;
        for (int64_t i = 0; i < n; i++) here += a[i] * p[i * d + j];
        off = fmax(off, fabs(here - x[j]));
    }
    T_OK(square <= shortest * (1 + (double)d * DBL_EPSILON), "%s: no point is nearer", what);
    T_OK(simplex, "%s: no weight below 0", what);
    T_CLOSE(sum, 1, (double)n * DBL_EPSILON, "%s: they add up to 1", what);
    T_OK(off <= 1e-10 * most, "%s: the point is their mean, off by %g", what, off); /* 0 below 10^-10 */
    T_OK(least >= square - 1e-12 * sqrt(square) * most, "%s: none is nearer: %g below %g", what, least,
         square);
}

/* Ten points around a place off the origin: often, but not always, separable from it. */
static void check_brute_force(void)
{
    int separable = 0, not_separable = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        const int64_t d = 1 + (int64_t)(seed % 4), n = 10;
        double p[10 * 4], x[4], a[10], w[4];
        struct er_error err;
        struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 1));
        for (int64_t i = 0; i < n * d; i++) p[i] = er_random_normal(&r) + (i % d == 0 ? 1.2 : 0);
        for (int64_t j = 0; j < d; j++) p[4 * d + j] = p[j]; /* one point twice */
        T_STATUS(er_nearest_point(n, d, p, x, a, NULL, &err), ER_OK, "seed %d", (int)seed);
        check_optimal(n, d, p, x, a, "ten points");
        const double square = inner(d, x, x);
        const bool expected = hard_margin(n, d, p, w);
        T_OK(expected == (square > 0), "seed %d: separable or not", (int)seed);
        separable += expected;
        not_separable += !expected;
        for (int64_t j = 0; expected && j < d; j++)
            T_CLOSE(x[j] / square, w[j], 1e-9 * sqrt(inner(d, w, w)), "seed %d: w[%d]", (int)seed, (int)j);
    }
    T_OK(separable > 10 && not_separable > 10, "both kinds: %d and %d", separable, not_separable);
}

/* Soudry's set: margin sqrt 2 along (1, 1), by hand. */
static void check_by_hand(void)
{
    static const double even[] = {0.5, 1.5, 1.5, 0.5, 3, 0.6, 4, 1, 2, 3};
    static const double one[] = {3, -4};
    static const double around[] = {1, 0, -1, 1, -1, -1};
    static const double through[] = {1, 0, -3, 0, 0, 5};
    double x[2], a[5];
    struct er_error err;
    T_STATUS(er_nearest_point(5, 2, even, x, a, NULL, &err), ER_OK, "two support vectors");
    T_CLOSE(x[0], 1, 4 * DBL_EPSILON, "their middle");
    T_CLOSE(x[1], 1, 4 * DBL_EPSILON, "is (1, 1)");
    T_CLOSE(hypot(x[0], x[1]), 1.41421, 0.5e-5, "margin sqrt 2");
    T_OK(fabs(a[0] - 0.5) < 1e-14 && fabs(a[1] - 0.5) < 1e-14 && a[2] == 0 && a[3] == 0 && a[4] == 0,
         "half of each, nothing of the others");
    T_STATUS(er_nearest_point(1, 2, one, x, a, NULL, &err), ER_OK, "one point");
    T_OK(x[0] == 3 && x[1] == -4 && a[0] == 1, "is itself");
    T_STATUS(er_nearest_point(3, 2, around, x, a, NULL, &err), ER_OK, "around the origin");
    T_OK(x[0] == 0 && x[1] == 0, "0");
    T_CLOSE(a[0], 0.5, 1e-10, "of the right weights");
    T_STATUS(er_nearest_point(3, 2, through, x, a, NULL, &err), ER_OK, "an edge through the origin");
    T_OK(x[0] == 0 && x[1] == 0, "0 again");
    const double zero[4] = {0};
    T_STATUS(er_nearest_point(2, 2, zero, x, a, NULL, &err), ER_OK, "nothing but zeros");
    T_OK(x[0] == 0 && x[1] == 0 && a[0] + a[1] == 1, "0 of them");
    T_STATUS(er_nearest_point(0, 2, zero, x, a, NULL, &err), ER_E_USAGE, "no point");
    const double nan[2] = {1, (double)NAN};
    T_STATUS(er_nearest_point(1, 2, nan, x, a, NULL, &err), ER_E_NONFINITE, "not a number");
}

/* More points than dimensions, and the other way round; all of one sphere, of very different lengths, on a line. */
static void check_many(void)
{
    static const struct {
        int64_t n, d;
        const char *what;
    } size[] = {{MOST, 3, "many points"}, {60, 200, "many dimensions"}, {200, 60, "few support vectors"}};
    double *p = calloc((size_t)MOST * 200, sizeof *p), *x = calloc(200, sizeof *x),
           *a = calloc(MOST, sizeof *a);
    struct er_error err;
    if (!p || !x || !a) abort();
    for (size_t s = 0; s < sizeof size / sizeof *size; s++)
        for (int shift = 0; shift < 3; shift++) {
            const int64_t n = size[s].n, d = size[s].d;
            struct er_random r = er_random_open(s, er_stream(ER_PURPOSE_TEST, 2));
            for (int64_t i = 0; i < n * d; i++) p[i] = er_random_normal(&r) + shift;
            for (int64_t i = 0; i < n; i += 5)
                for (int64_t j = 0; j < d; j++) p[i * d + j] *= 100;
            T_STATUS(er_nearest_point(n, d, p, x, a, NULL, &err), ER_OK, "%s", size[s].what);
            check_optimal(n, d, p, x, a, size[s].what);
        }
    for (int64_t i = 0; i < 50; i++) { /* on the line (1, 2) + i (1, 1) / 10 there are affinely two points */
        p[2 * i] = 1 + (double)(i - 30) / 10;
        p[2 * i + 1] = 2 + (double)(i - 30) / 10;
    }
    T_STATUS(er_nearest_point(50, 2, p, x, a, NULL, &err), ER_OK, "on a line");
    check_optimal(50, 2, p, x, a, "on a line");
    T_CLOSE(x[0], -0.5, 1e-12, "where it is nearest");
    free(p);
    free(x);
    free(a);
}

/* Points all but on one plane, whose Gram matrix says that they are: of any few of them the last is within 10^-8 of the
 * others' plane, and still nearer than that. */
static void check_flat(void)
{
    static const double line[] = {1, 1, 1, -1.0000001, 1 - 1e-8, 3};
    double p[60 * 4], x[4], a[60];
    struct er_error err;
    T_STATUS(er_nearest_point(3, 2, line, x, a, NULL, &err), ER_OK, "all but on a line");
    check_optimal(3, 2, line, x, a, "all but on a line");
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 3));
        const double off = pow(10, -3 - (double)(seed % 12));
        for (int64_t i = 0; i < 60 * 4; i++)
            p[i] = i % 4 == 0 ? 1 + off * er_random_normal(&r) : er_random_normal(&r);
        T_STATUS(er_nearest_point(60, 4, p, x, a, NULL, &err), ER_OK, "off a plane by %g", off);
        check_optimal(60, 4, p, x, a, "all but on a plane");
    }
}

static void check_allocations(void)
{
    static const double p[] = {0.5, 1.5, 1.5, 0.5, 3, 0.6};
    double x[2], a[3];
    struct er_error err;
    T_ALLOCATIONS(er_nearest_point(3, 2, p, x, a, NULL, &err), (void)0, "nearest point");
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_nearest_point(3, 2, p, x, a, &progress, &err), ER_E_STOPPED, "stopped");
}

int main(void)
{
    check_brute_force();
    check_by_hand();
    check_many();
    check_flat();
    check_allocations();
    return t_done();
}
