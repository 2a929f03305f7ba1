/* The binomial distribution: against exact integers, its own symmetry, published means of the least of many draws,
 * and draws of the least against draws one by one. */
#include "math/binomial.h"

#include "t.h"
#include <float.h>

static void check_small(void)
{
    enum { N = 20 };
    struct er_error err;
    struct er_binomial b;
    T_STATUS(er_binomial_new(N, 0.5, &b, &err), ER_OK, "n = 20");
    double choose = 1, below = 0, worst = 0; /* integers below 2^53 */
    for (int k = 0; k <= N; k++) {
        below += choose;
        choose = choose * (N - k) / (k + 1);
        worst = fmax(worst, fabs(b.log_below[k] - log(below / 0x1p20)));
        if (k < N) worst = fmax(worst, fabs(b.log_above[k] - log((0x1p20 - below) / 0x1p20)));
    }
    T_CLOSE(worst, 0, 4 * N * DBL_EPSILON, "logarithms of F and S");
    T_OK(b.log_below[N] == 0 && isinf(b.log_above[N]) && b.log_above[N] < 0, "the end");
    T_CLOSE(er_binomial_mean_least(&b, 1), N / 2.0, N * N * DBL_EPSILON, "the least of one draw: n p");
    er_binomial_clear(&b);
    T_STATUS(er_binomial_new(1, 0.25, &b, &err), ER_OK, "n = 1");
    T_CLOSE(er_binomial_mean_least(&b, 5), pow(0.25, 5), DBL_EPSILON, "five draws of which all are 1");
    er_binomial_clear(&b);
    T_ALLOCATIONS(er_binomial_new(5, 0.5, &b, &err), er_binomial_clear(&b), "allocations");
}

/* P(X <= k) under p is P(X > n - k - 1) under 1 - p: far in both tails. */
static void check_symmetry(void)
{
    enum { N = 3000 };
    struct er_error err;
    struct er_binomial b, mirrored;
    double worst = 0;
    T_STATUS(er_binomial_new(N, 0.3, &b, &err), ER_OK, "p = 0.3");
    T_STATUS(er_binomial_new(N, 0.7, &mirrored, &err), ER_OK, "p = 0.7");
    for (int k = 0; k < N; k++) worst = fmax(worst, fabs(b.log_below[k] - mirrored.log_above[N - k - 1]));
    T_CLOSE(worst, 0, 4 * N * DBL_EPSILON, "F of p is S of 1 - p, seen from the other end");
    T_CLOSE(b.log_below[0], N * log(0.7), N * DBL_EPSILON, "ln F(0) = n ln(1 - p)");
    T_CLOSE(b.log_above[N - 1], N * log(0.3), 4 * N * DBL_EPSILON, "ln S(n - 1) = n ln p");
    er_binomial_clear(&b);
    er_binomial_clear(&mirrored);
}

/* E min / n of M fair coins thrown n times: the table of our reference, four digits. */
static void check_table(void)
{
    static const double hundred[] = {.5000, .4232, .3752, .3393, .3097, .2842, .2616};
    static const double thousand[] = {.5000, .4757, .4604, .4488, .4392, .4308, .4233};
    struct er_error err;
    struct er_binomial b[2];
    T_STATUS(er_binomial_new(100, 0.5, &b[0], &err), ER_OK, "n = 100");
    T_STATUS(er_binomial_new(1000, 0.5, &b[1], &err), ER_OK, "n = 1000");
    int64_t draws = 1;
    for (int i = 0; i < 7; i++, draws *= 10) {
        T_CLOSE(er_binomial_mean_least(&b[0], draws) / 100, hundred[i], 0.5e-4, "n = 100, M = 10^%d", i);
        T_CLOSE(er_binomial_mean_least(&b[1], draws) / 1000, thousand[i], 0.5e-4, "n = 1000, M = 10^%d", i);
    }
    er_binomial_clear(&b[0]);
    er_binomial_clear(&b[1]);
}

/* Frequencies of the least over many repeats, by inversion, against S(k)^M; chi-square over values that are
 * expected 20 times or more. */
static void check_draws(int64_t n, int64_t draws)
{
    enum { REPEATS = 20000 };
    struct er_error err;
    struct er_binomial b;
    T_STATUS(er_binomial_new(n, 0.5, &b, &err), ER_OK, "n = %d", (int)n);
    struct er_random r = er_random_open(9, er_stream(ER_PURPOSE_TEST, (uint64_t)draws));
    int64_t *count = er_alloc(n + 1, sizeof *count);
    if (!count) abort();
    double sum = 0, chi = 0, cells = -1;
    for (int i = 0; i < REPEATS; i++) {
        const int64_t k = er_binomial_least(&b, draws, &r);
        if (k < 0 || k > n) abort();
        count[k]++;
        sum += (double)k;
    }
    for (int64_t k = 0; k <= n; k++) {
        const double before = k > 0 ? exp((double)draws * b.log_above[k - 1]) : 1;
        const double want = REPEATS * (before - exp((double)draws * b.log_above[k]));
        if (want < 20) continue;
        chi += ((double)count[k] - want) * ((double)count[k] - want) / want;
        cells++;
    }
    T_OK(cells >= 2 && chi < cells + 5 * sqrt(2 * cells), "n = %d, M = %d: chi-square %g on %g", (int)n,
         (int)draws, chi, cells);
    /* a standard deviation of at most sqrt(n) / 2 */
    T_CLOSE(sum / REPEATS, er_binomial_mean_least(&b, draws), 5 * sqrt((double)n) / 2 / sqrt(REPEATS),
            "mean");
    er_free(count);
    er_binomial_clear(&b);
}

int main(void)
{
    check_small();
    check_symmetry();
    check_table();
    check_draws(100, 1);
    check_draws(100, 1000);
    check_draws(1000, 1000000);
    return t_done();
}
