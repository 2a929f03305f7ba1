/* Kendall's tau: closed forms, ties, and the plain count of all pairs. */
#include "t.h"

#include <ermine/kendall.h>
#include <ermine/random.h>
#include <float.h>

static struct er_kendall of(int64_t n, const double *x, const double *y)
{
    struct er_error err = {0};
    struct er_kendall k = {0};
    T_STATUS(er_kendall(n, x, y, &k, &err), ER_OK, "%d points", (int)n);
    return k;
}

static void check_c06_kendall(void)
{
    const double x[] = {1, 2, 3, 4, 5}, y[] = {2, 1, 4, 3, 5};
    struct er_kendall k = of(5, x, y);
    T_CLOSE(er_kendall_tau_a(&k), 0.6, DBL_EPSILON, "tau-a without ties");
    T_CLOSE(er_kendall_tau_b(&k), 0.6, DBL_EPSILON, "tau-b without ties");
    const double xt[] = {1, 2, 2, 3, 4}, yt[] = {1, 3, 2, 2, 5};
    k = of(5, xt, yt);
    T_CLOSE(er_kendall_tau_a(&k), 0.6, DBL_EPSILON, "tau-a with ties");
    T_CLOSE(er_kendall_tau_b(&k), 0.6666666667, 1e-10, "tau-b with ties");
    const double xm[] = {12, 2, 1, 12, 2}, ym[] = {1, 4, 7, 1, 0};
    k = of(5, xm, ym);
    T_CLOSE(er_kendall_tau_a(&k), -0.4, DBL_EPSILON, "tau-a of SciPy's example");
    T_CLOSE(er_kendall_tau_b(&k), -0.4714045208, 1e-10, "tau-b of SciPy's example");
    const double constant[] = {3, 3, 3, 3, 3};
    k = of(5, x, constant);
    T_CLOSE(er_kendall_tau_a(&k), 0, 0, "tau-a of a constant is 0");
    T_OK(isnan(er_kendall_tau_b(&k)), "tau-b of a constant does not exist");
}

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

/* Numbers with `distinct` values, against all pairs. */
static void compare(int64_t n, int64_t distinct, uint64_t seed)
{
    double x[200], y[200];
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < n; i++) {
        x[i] = (double)er_random_below(&r, distinct);
        y[i] = (double)er_random_below(&r, distinct) + 0.5 * x[i];
    }
    const struct er_kendall k = of(n, x, y);
    struct er_kendall want = {0};
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) {
            const int s = sign(x[i] - x[j]), t = sign(y[i] - y[j]);
            want.pairs++;
            want.concordant += s * t > 0;
            want.discordant += s * t < 0;
            want.tied_x += s == 0;
            want.tied_y += t == 0;
            want.tied_both += s == 0 && t == 0;
        }
    T_EQ_INT(k.pairs, want.pairs, "pairs of %d points", (int)n);
    T_EQ_INT(k.concordant, want.concordant, "concordant, %d points of %d values", (int)n, (int)distinct);
    T_EQ_INT(k.discordant, want.discordant, "discordant, %d points of %d values", (int)n, (int)distinct);
    T_EQ_INT(k.tied_x, want.tied_x, "tied in x, %d points of %d values", (int)n, (int)distinct);
    T_EQ_INT(k.tied_y, want.tied_y, "tied in y, %d points of %d values", (int)n, (int)distinct);
    T_EQ_INT(k.tied_both, want.tied_both, "tied in both, %d points of %d values", (int)n, (int)distinct);
}

/* Independent sequences: mean 0, variance 2 (2 n + 5) / (9 n (n - 1)). */
static void check_variance(void)
{
    enum { N = 20, DRAWS = 4000 };
    double sum = 0, squares = 0;
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 1));
    for (int d = 0; d < DRAWS; d++) {
        double x[N], y[N];
        struct er_kendall k = {0};
        for (int i = 0; i < N; i++) {
            x[i] = er_random_uniform(&r);
            y[i] = er_random_uniform(&r);
        }
        er_kendall(N, x, y, &k, NULL);
        sum += er_kendall_tau_a(&k);
        squares += er_kendall_tau_a(&k) * er_kendall_tau_a(&k);
    }
    const double variance = 2.0 * (2 * N + 5) / (9.0 * N * (N - 1));
    T_CLOSE(sum / DRAWS, 0, 4 * sqrt(variance / DRAWS), "mean within 4 standard errors");
    T_CLOSE(squares / DRAWS / variance, 1, 4 * sqrt(2.0 / DRAWS), "variance within 4 standard errors");
}

int main(void)
{
    struct er_error err = {0};
    struct er_kendall k = {0};
    const double x[] = {1, NAN}, y[] = {1, 2};
    check_c06_kendall();
    for (int64_t n = 0; n < 70; n += 3) {
        compare(n, 4, (uint64_t)n);
        compare(n, 1000, (uint64_t)n);
    }
    compare(200, 30, 1);
    check_variance();
    T_STATUS(er_kendall(2, x, y, &k, &err), ER_E_NONFINITE, "a NaN is refused");
    T_STATUS(er_kendall(-1, x, y, &k, &err), ER_E_LIMIT, "-1 points are refused");
    k = of(0, x, y);
    T_OK(isnan(er_kendall_tau_a(&k)), "no pairs, no tau");
    T_ALLOCATIONS(er_kendall(2, y, y, &k, NULL), (void)0, "each allocation may fail");
    return t_done();
}
