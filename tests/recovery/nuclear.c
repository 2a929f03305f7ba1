/* The minimum nuclear norm against an oracle that shares no formula with it, closed forms, exact recovery, conditions of
 * optimality, symmetries; certificates that hold whatever stopped the method. */
#include "support/completion.h"
#include "t.h"

#include "oracles/least_nuclear.h"
#include "oracles/svd.h"

#include <ermine/nuclear.h>
#include <float.h>

enum { SIDE_MOST = 20, MOST = SIDE_MOST * SIDE_MOST };

static struct er_error err;

/* Entries given by hand, one row after the other; NaN where nothing is observed. */
static struct er_recovery by_hand(int64_t rows, int64_t columns, const double *w)
{
    struct er_recovery p = {.kind = ER_COMPLETION, .rows = rows, .columns = columns};
    int32_t row[MOST], column[MOST];
    double value[MOST];
    for (int64_t i = 0; i < rows * columns; i++) {
        if (isnan(w[i])) continue;
        row[p.n] = (int32_t)(i / columns);
        column[p.n] = (int32_t)(i % columns);
        value[p.n++] = w[i];
    }
    T_STATUS(er_sparse_new(rows, columns, p.n, row, column, value, &p.train, &err), ER_OK, "entries");
    return p;
}

static struct er_nuclear_result solved(const struct er_recovery *p, enum er_nuclear_method method,
                                       double tolerance, double gap, double *x, double *lambda)
{
    struct er_nuclear_spec spec = er_nuclear_spec_default();
    struct er_nuclear_result result = {0};
    spec.method = method;
    spec.tolerance = tolerance;
    spec.gap = gap;
    T_STATUS(er_nuclear_minimum(p, &spec, x, lambda, &result, NULL, NULL, &err), ER_OK, "solved");
    T_OK(result.reached && result.gap <= gap, "method %d: gap %g after %d iterations, asked %g", (int)method,
         result.gap, (int)result.iterations, gap);
    return result;
}

static double norm_of(int64_t m, int64_t n, const double *x)
{
    double a[MOST], s[SIDE_MOST], sum = 0;
    memcpy(a, x, (size_t)(m * n) * sizeof *a);
    svd_values(m, n, a, s);
    for (int64_t i = 0; i < n; i++) sum += s[i];
    return sum;
}

/* The oracle is above the least norm by at most 10^-7, and that lies between the certified bounds. */
static void test_oracle(void)
{
    static const struct {
        enum er_recovery_kind kind;
        int64_t rows, columns, rank, n;
    } c[] = {
        {ER_COMPLETION, 5, 5, 1, 12}, {ER_COMPLETION, 5, 5, 2, 15}, {ER_COMPLETION, 3, 5, 3, 7},
        {ER_COMPLETION, 5, 2, 1, 6},  {ER_SENSING, 4, 4, 1, 8},     {ER_SENSING, 3, 4, 3, 5},
        {ER_SENSING, 5, 3, 2, 14},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct er_recovery p = made_recovery(c[i].kind, c[i].rows, c[i].columns, c[i].rank, c[i].n, 0, i + 1);
        double x[25], expected[25];
        const double norm = least_nuclear(&p, expected);
        for (int m = ER_NUCLEAR_INTERIOR; m <= ER_NUCLEAR_SPLITTING - (int)c[i].kind; m++) {
            const struct er_nuclear_result r = solved(&p, (enum er_nuclear_method)m, 0, 1e-7, x, NULL);
            T_OK(r.dual <= norm && norm - 1e-7 <= r.primal, "case %d, method %d: %.12f <= %.12f <= %.12f",
                 (int)i, m, r.dual, norm, r.primal);
            T_CLOSE(norm_of(c[i].rows, c[i].columns, x), r.primal, 1e-13 * norm, "the norm is that of x");
            double off = 0;
            for (int64_t j = 0; j < c[i].rows * c[i].columns; j++) off = fmax(off, fabs(x[j] - expected[j]));
            T_OK(m == ER_NUCLEAR_SPLITTING || off < 1e-3 * norm,
                 "case %d: both central paths end at one matrix, where there may be many: off by %g", (int)i,
                 off);
        }
        er_recovery_clear(&p);
    }
}

/* [1 b; c x]: ||.||_*^2 = ||.||_F^2 + 2 |det|, least at x = bc cut off at +-1: the rank one matrix only up to there.
 * [0 b; c x]: at 0. A row: zeros beside what is observed. Observed all over: itself. */
static void test_closed_forms(void)
{
    static const double corner[][4] = {{1, 0.5, 1.2, 0.6}, {1, 3, -2, -1}, {-2, 0.5, 1, -0.25},
                                       {0, 2, 3, 0},       {-2, 3, 4, -2}, {1e3, 1e3, 500, 500}};
    static const double row[] = {3, (double)NAN, -4, 0, (double)NAN};
    static const double full[] = {1, 2, 3, 4, 5, 6};
    double x[MOST];
    for (int m = ER_NUCLEAR_INTERIOR; m <= ER_NUCLEAR_SPLITTING; m++) {
        for (size_t i = 0; i < sizeof corner / sizeof *corner; i++) {
            double w[4] = {corner[i][0], corner[i][1], corner[i][2], (double)NAN};
            struct er_recovery p = by_hand(2, 2, w);
            w[3] = corner[i][3];
            const double det = w[0] * w[3] - w[1] * w[2];
            const double square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2] + w[3] * w[3];
            const struct er_nuclear_result r = solved(&p, (enum er_nuclear_method)m, 0, 1e-9, x, NULL);
            T_OK(r.dual <= sqrt(square + 2 * fabs(det)) * (1 + 1e-15) &&
                     sqrt(square + 2 * fabs(det)) * (1 - 1e-15) <= r.primal,
                 "method %d, corner %d: the norm", m, (int)i);
            T_CLOSE(x[3], w[3], 1e-4 * sqrt(square), "method %d, corner %d: the entry", m, (int)i); /* root */
            T_OK(x[0] == w[0] && x[1] == w[1] && x[2] == w[2], "what is observed, to the bit");
            er_recovery_clear(&p);
        }
        struct er_recovery p = by_hand(1, 5, row);
        const struct er_nuclear_result r = solved(&p, (enum er_nuclear_method)m, 0, 1e-9, x, NULL);
        T_CLOSE(r.primal, 5, 5e-9, "method %d: a row", m);
        T_OK(fabs(x[1]) < 3e-4 && fabs(x[4]) < 3e-4, "zeros beside it"); /* 5 sqrt(2 gap) */
        er_recovery_clear(&p);
        p = by_hand(2, 3, full);
        solved(&p, (enum er_nuclear_method)m, 0, 1e-9, x, NULL);
        for (int j = 0; j < 6; j++) T_OK(x[j] == full[j], "method %d: all of it observed", m);
        er_recovery_clear(&p);
    }
}

/* |x_j - y_j| <= tolerance on a row: each entry nearer to 0 by it, or 0. */
static void test_tolerance(void)
{
    static const double row[] = {3, -4, 0.2, 1}, nearer[] = {2.5, -3.5, 0, 0.5};
    double x[MOST], norm = 0;
    for (int j = 0; j < 4; j++) norm += nearer[j] * nearer[j];
    struct er_recovery p = by_hand(1, 4, row);
    for (int m = ER_NUCLEAR_INTERIOR; m <= ER_NUCLEAR_SPLITTING; m++) {
        const struct er_nuclear_result r = solved(&p, (enum er_nuclear_method)m, 0.5, 1e-7, x, NULL);
        T_CLOSE(r.primal, sqrt(norm), 1e-7 * sqrt(norm), "method %d: a row within a tolerance", m);
        for (int j = 0; j < 4; j++)
            T_CLOSE(x[j], nearer[j], sqrt(2e-7) * sqrt(norm), "method %d: entry %d", m, j);
        T_OK(r.violation <= 4 * DBL_EPSILON, "within it: %g", r.violation);
    }
    const struct er_nuclear_result zero = solved(&p, ER_NUCLEAR_AUTO, 4, 0, x, NULL);
    T_OK(zero.primal == 0 && zero.dual == 0 && zero.iterations == 0 && x[1] == 0, "wide enough for zero");
    er_recovery_clear(&p);
    p = made_recovery(ER_SENSING, 6, 5, 1, 18, 0, 3);
    double seen = 0;
    const struct er_nuclear_result r = solved(&p, ER_NUCLEAR_AUTO, 0.1, 1e-7, x, NULL);
    for (int64_t k = 0; k < p.n; k++) {
        double sum = -p.y[k];
        for (int64_t i = 0; i < 30; i++) sum += p.a[k * 30 + i] * x[i];
        seen = fmax(seen, fabs(sum));
    }
    T_CLOSE(seen, 0.1, 1e-7, "measurements at their bounds"); /* one is, or all of x could shrink */
    T_OK(r.violation < 1e-13, "and within: %g", r.violation);
    er_recovery_clear(&p);
}

/* Many observations of a matrix of low rank: that matrix. */
static void test_exact_recovery(void)
{
    static const struct {
        enum er_recovery_kind kind;
        int64_t rows, columns, rank, n;
    } c[] = {{ER_COMPLETION, 20, 20, 1, 240}, {ER_COMPLETION, 12, 20, 2, 200}, {ER_SENSING, 12, 10, 1, 90}};
    double x[MOST], rounded[MOST];
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct er_recovery p = made_recovery(c[i].kind, c[i].rows, c[i].columns, c[i].rank, c[i].n, 0, 7);
        const struct er_nuclear_result r = solved(&p, ER_NUCLEAR_INTERIOR, 0, 1e-9, x, NULL);
        double off = 0;
        for (int64_t j = 0; j < c[i].rows * c[i].columns; j++) off = fmax(off, fabs(x[j] - p.truth[j]));
        T_OK(off < 1e-6, "case %d: recovered to %g", (int)i, off);
        T_CLOSE(r.primal, norm_of(c[i].rows, c[i].columns, p.truth), 1e-7 * r.primal, "its norm");
        if (c[i].kind == ER_COMPLETION) {
            solved(&p, ER_NUCLEAR_SPLITTING, 0, 1e-9, rounded, NULL);
            off = 0;
            for (int64_t j = 0; j < c[i].rows * c[i].columns; j++)
                off = fmax(off, fabs(rounded[j] - p.truth[j]));
            T_OK(off < 1e-6, "case %d: by splitting to %g", (int)i, off);
        }
        er_recovery_clear(&p);
    }
}

/* ||G||_2 <= 1 and <G, X> = ||X||_* but for the gap: then G is U V^T on the singular vectors of X. That is so of both, and of
 * what an early end leaves: bounds need no convergence. */
static void test_certificate(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 20, 14, 2, 110, 0, 5);
    double x[MOST], lambda[110], g[MOST], s[SIDE_MOST], least = 0, most = INFINITY;
    for (int m = ER_NUCLEAR_INTERIOR; m <= ER_NUCLEAR_SPLITTING; m++)
        for (int64_t iterations = 2; iterations <= 2000; iterations *= 10) {
            struct er_nuclear_spec spec = er_nuclear_spec_default();
            struct er_nuclear_result r;
            spec.method = (enum er_nuclear_method)m;
            spec.iterations = iterations;
            T_STATUS(er_nuclear_minimum(&p, &spec, x, lambda, &r, NULL, NULL, &err), ER_OK, "solved");
            T_OK(r.reached == (iterations >= (m == ER_NUCLEAR_INTERIOR ? 20 : 2000)) &&
                     r.iterations <= iterations,
                 "method %d, %d iterations: reached or not", m, (int)iterations);
            memset(g, 0, sizeof g);
            double inner = 0;
            for (int64_t i = 0; i < 20; i++)
                for (int64_t e = p.train.row_start[i]; e < p.train.row_start[i + 1]; e++) {
                    g[i * 14 + p.train.column[e]] = lambda[e];
                    inner += lambda[e] * x[i * 14 + p.train.column[e]];
                    T_OK(x[i * 14 + p.train.column[e]] == p.train.value[e], "observed");
                }
            T_CLOSE(inner, r.dual, 1e-13 * r.primal, "<G, X>");
            T_CLOSE(norm_of(20, 14, x), r.primal, 1e-13 * r.primal, "||X||_*");
            T_CLOSE((r.primal - r.dual) / r.primal, r.gap, 1e-15, "the gap");
            svd_values(20, 14, g, s);
            T_OK(s[0] <= 1 + 20 * DBL_EPSILON, "||G||_2 = 1 + %g", s[0] - 1);
            least = fmax(least, r.dual);
            most = fmin(most, r.primal);
        }
    T_OK(least <= most * (1 + 1e-15) && most - least < 1e-6 * most, "bounds agree: %.9f, %.9f", least, most);
    er_recovery_clear(&p);
}

/* Of 1024 W, and of W^T: the same solution, of that size, turned. */
static void test_symmetries(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 9, 13, 2, 60, 0, 6);
    double w[MOST], x[MOST], other[MOST], off = 0;
    const struct er_nuclear_result r = solved(&p, ER_NUCLEAR_INTERIOR, 0, 1e-9, x, NULL);
    for (int64_t i = 0; i < 9 * 13; i++) w[i] = (double)NAN;
    for (int64_t i = 0; i < 9; i++)
        for (int64_t e = p.train.row_start[i]; e < p.train.row_start[i + 1]; e++)
            w[p.train.column[e] * 9 + i] = 1024 * p.train.value[e];
    struct er_recovery turned = by_hand(13, 9, w);
    const struct er_nuclear_result big = solved(&turned, ER_NUCLEAR_INTERIOR, 0, 1e-9, other, NULL);
    T_CLOSE(big.primal / 1024, r.primal, 2e-9 * r.primal, "1024 times the norm");
    for (int64_t i = 0; i < 9; i++)
        for (int64_t j = 0; j < 13; j++) off = fmax(off, fabs(other[j * 9 + i] / 1024 - x[i * 13 + j]));
    T_OK(off < 1e-4 * r.primal, "the same matrix: off by %g", off);
    er_recovery_clear(&turned);
    er_recovery_clear(&p);
}

/* Splitting is tried first here, but the observations hardly determine the matrix: it would take thousands of iterations. */
static void test_second_method(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 40, 40, 10, 1100, 0, 1);
    double x[40 * 40];
    const struct er_nuclear_result r = solved(&p, ER_NUCLEAR_AUTO, 0, 1e-8, x, NULL);
    T_OK(r.method == ER_NUCLEAR_INTERIOR, "the interior point method after splitting");
    er_recovery_clear(&p);
    p = made_recovery(ER_COMPLETION, 40, 40, 1, 1100, 0, 1);
    T_OK(solved(&p, ER_NUCLEAR_AUTO, 0, 1e-6, x, NULL).method == ER_NUCLEAR_SPLITTING, "splitting");
    er_recovery_clear(&p);
}

int main(void)
{
    test_oracle();
    test_closed_forms();
    test_tolerance();
    test_exact_recovery();
    test_certificate();
    test_symmetries();
    test_second_method();
    return t_done();
}
