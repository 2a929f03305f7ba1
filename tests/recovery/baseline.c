/* Baselines against closed forms and their own normal equations; intervals against what a bootstrap must give. */
#include "t.h"

#include "support/places.h"

#include <ermine/baseline.h>
#include <ermine/pool.h>
#include <ermine/random.h>
#include <ermine/risk_interval.h>

/* Entries of a rows x columns matrix, each there with probability `share`, of value f(i, j). */
static struct er_sparse make(int64_t rows, int64_t columns, double share, uint64_t index,
                             double value_of(int64_t i, int64_t j, struct er_random *r))
{
    int32_t *row = er_alloc(rows * columns, sizeof *row), *column = er_alloc(rows * columns, sizeof *column);
    double *value = er_alloc(rows * columns, sizeof *value);
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, index));
    struct er_sparse s = {0};
    int64_t n = 0;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            if (er_random_uniform(&r) >= share) continue;
            row[n] = (int32_t)i;
            column[n] = (int32_t)j;
            value[n++] = value_of(i, j, &r);
        }
    er_sparse_new(rows, columns, n, row, column, value, &s, NULL);
    er_free(row);
    er_free(column);
    er_free(value);
    return s;
}

static double additive(int64_t i, int64_t j, struct er_random *r)
{
    (void)r;
    return 3 + sin((double)i) + 0.5 * cos(2 * (double)j);
}

static double rough(int64_t i, int64_t j, struct er_random *r)
{
    return additive(i, j, r) + er_random_normal(r);
}

static bool same_bits(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

/* All entries of a sum of effects are known: b_i = n / (n + lambda) times the row's own mean, which is the effect itself at
 * lambda = 0. */
static void check_closed_form(void)
{
    enum { ROWS = 11, COLUMNS = 7 };
    struct er_error err;
    struct er_sparse s = make(ROWS, COLUMNS, 1, 0, additive);
    double a[ROWS], mean_a = 0, c[COLUMNS], mean_c = 0;
    for (int i = 0; i < ROWS; i++) mean_a += (a[i] = sin(i)) / ROWS;
    for (int j = 0; j < COLUMNS; j++) mean_c += (c[j] = 0.5 * cos(2 * j)) / COLUMNS;
    static const double lambda[] = {0, ER_BASELINE_LAMBDA, 1e6};
    for (int k = 0; k < 3; k++) {
        struct er_baseline b;
        T_STATUS(er_baseline_bias(&s, lambda[k], NULL, &b, &err), ER_OK, "lambda %g", lambda[k]);
        if (err.code != ER_OK) continue;
        T_CLOSE(b.mean, 3 + mean_a + mean_c, 1e-14, "the mean");
        double worst = 0;
        for (int i = 0; i < ROWS; i++)
            worst = fmax(worst, fabs(b.row[i] - COLUMNS / (COLUMNS + lambda[k]) * (a[i] - mean_a)));
        for (int j = 0; j < COLUMNS; j++)
            worst = fmax(worst, fabs(b.column[j] - ROWS / (ROWS + lambda[k]) * (c[j] - mean_c)));
        T_CLOSE(worst, 0, 1e-12, "lambda %g: the effects", lambda[k]); /* what a last sweep may still move */
        T_CLOSE(b.gradient, 0, 1e-12, "lambda %g: the gradient", lambda[k]);
        er_baseline_clear(&b);
    }
    er_sparse_clear(&s);
}

/* Few entries: the normal equations hold, whatever the number of threads, and the objective is what it says. */
static void check_normal_equations(void)
{
    enum { ROWS = 9000, COLUMNS = 40 };
    struct er_error err;
    struct er_pool *pool = NULL;
    struct er_baseline b[2], mean;
    struct er_sparse s = make(ROWS, COLUMNS, 0.1, 1, rough);
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "a pool");
    for (int k = 0; k < 2; k++)
        T_STATUS(er_baseline_bias(&s, 2, k ? pool : NULL, &b[k], &err), ER_OK, "biases");
    T_OK(same_bits(b[0].row, b[1].row, ROWS * sizeof(double)) &&
             same_bits(b[0].column, b[1].column, COLUMNS * sizeof(double)) && b[0].sweeps == b[1].sweeps,
         "the same bits on three threads");
    double *row = er_alloc(ROWS, sizeof *row), column[COLUMNS] = {0}, objective = 0, sum = 0, worst = 0;
    double *residual = er_alloc(s.n, sizeof *residual);
    er_baseline_residual(&b[0], &s, residual);
    for (int64_t i = 0; i < ROWS; i++)
        for (int64_t e = s.row_start[i]; e < s.row_start[i + 1]; e++) {
            const double r = s.value[e] - b[0].mean - b[0].row[i] - b[0].column[s.column[e]];
            if (r != residual[e]) worst = fmax(worst, fabs(r - residual[e]));
            row[i] += r;
            column[s.column[e]] += r;
            objective += r * r;
            sum += s.value[e];
        }
    T_CLOSE(worst, 0, 8 * 2.3e-16 * 8, "residuals");
    for (int64_t i = 0; i < ROWS; i++) {
        worst = fmax(worst, fabs(row[i] - 2 * b[0].row[i]));
        objective += 2 * b[0].row[i] * b[0].row[i];
        if (s.row_start[i] == s.row_start[i + 1]) T_OK(b[0].row[i] == 0, "nothing is said of row %d", (int)i);
    }
    for (int j = 0; j < COLUMNS; j++) {
        worst = fmax(worst, fabs(column[j] - 2 * b[0].column[j]));
        objective += 2 * b[0].column[j] * b[0].column[j];
    }
    T_CLOSE(worst, 0, 1e-9, "the normal equations"); /* sums of 900 residuals that move by 1e-12 */
    T_CLOSE(b[0].objective / objective, 1, 1e-12, "the objective");
    T_STATUS(er_baseline_mean(&s, &mean, &err), ER_OK, "the mean alone");
    T_CLOSE(mean.mean, sum / (double)s.n, 1e-13, "it is the mean");
    T_OK(mean.row[3] == 0 && er_baseline_at(&mean, 3, 5) == mean.mean, "everywhere");
    T_OK(mean.objective > b[0].objective, "biases explain some");
    for (int k = 0; k < 2; k++) er_baseline_clear(&b[k]);
    er_baseline_clear(&mean);
    er_sparse_clear(&s);
    er_pool_free(pool);
    er_free(row);
    er_free(residual);
}

static void check_refused(void)
{
    struct er_error err;
    struct er_sparse s = make(3, 4, 1, 2, rough), none = make(3, 4, 0, 2, rough);
    struct er_baseline b;
    struct er_risk_interval in;
    double error[12] = {1};
    T_STATUS(er_baseline_bias(&s, -1, NULL, &b, &err), ER_E_USAGE, "a negative penalty");
    T_STATUS(er_baseline_bias(&s, (double)NAN, NULL, &b, &err), ER_E_USAGE, "a penalty that is none");
    T_STATUS(er_baseline_mean(&none, &b, &err), ER_E_USAGE, "no ratings");
    T_STATUS(er_risk_interval(&none, error, 10, 0, NULL, &in, &err), ER_E_USAGE, "no ratings held out");
    T_STATUS(er_risk_interval(&s, error, 0, 0, NULL, &in, &err), ER_E_USAGE, "no resamples");
    error[5] = 1e200;
    T_STATUS(er_risk_interval(&s, error, 10, 0, NULL, &in, &err), ER_E_NONFINITE,
             "squares beyond all numbers");
    error[5] = 0;
    T_ALLOCATIONS(er_baseline_bias(&s, 1, NULL, &b, &err), er_baseline_clear(&b), "biases: allocations");
    T_ALLOCATIONS(er_risk_interval(&s, error, 10, 0, NULL, &in, &err), (void)0, "interval: allocations");
    er_sparse_clear(&s);
    er_sparse_clear(&none);
}

/* Two users with as many entries: a resample holds the first twice, both, or the second twice (1/4, 1/2, 1/4), so that the
 * interval runs from the one's error to the other's. Equal errors leave no room. */
static void check_two_users(void)
{
    struct er_error err;
    struct er_risk_interval in;
    struct er_sparse s = make(3, 4, 1, 3, rough);
    for (int64_t e = s.row_start[1]; e < s.row_start[2]; e++) s.value[e] = 0;
    double error[12];
    for (int k = 0; k < 12; k++) error[k] = k < 8 ? 2 : -2;
    T_STATUS(er_risk_interval(&s, error, 1000, 1, NULL, &in, &err), ER_OK, "equal errors");
    T_OK(in.rmse == 2 && in.low == 2 && in.high == 2 && in.plain_low == 2 && in.plain_high == 2, "no room");
    T_OK(in.n == 12 && in.users == 3, "its counts");
    er_sparse_clear(&s);
    const int32_t row[] = {0, 0, 2, 2}, column[] = {0, 1, 0, 1};
    const double value[4] = {0}, two[] = {1, 1, 3, 3};
    T_STATUS(er_sparse_new(3, 2, 4, row, column, value, &s, &err), ER_OK, "two users of three have entries");
    T_STATUS(er_risk_interval(&s, two, 1000, 1, NULL, &in, &err), ER_OK, "two users");
    T_OK(in.users == 2 && in.low == 1 && in.high == 3, "from %g to %g", in.low, in.high);
    T_CLOSE(in.rmse, sqrt(5), 1e-15, "the error");
    /* m = 5, s^2 = 4 16 / 3, half = 1.96 sqrt(16/3) */
    T_CLOSE(in.plain_high, sqrt(5 + 1.959963984540054 * sqrt(16.0 / 3)), 1e-14, "the plain interval");
    er_sparse_clear(&s);
    T_STATUS(er_sparse_new(3, 2, 2, row, column, value, &s, &err), ER_OK, "one user");
    T_STATUS(er_risk_interval(&s, two, 1000, 1, NULL, &in, &err), ER_OK, "one user");
    T_OK(isnan(in.low) && isnan(in.high) && in.plain_low == 1, "nobody to draw beside it");
    er_sparse_clear(&s);
}

/* Two resamples a <= b: percentiles lie on the line between them, at a + p (b - a). A single one is both its ends. */
static void check_percentiles(void)
{
    struct er_error err;
    struct er_sparse s = make(12, 3, 1, 4, rough);
    struct er_risk_interval one, two;
    double error[36];
    for (int k = 0; k < 36; k++) error[k] = 1 + k % 12;
    T_STATUS(er_risk_interval(&s, error, 1, 5, NULL, &one, &err), ER_OK, "one resample");
    T_STATUS(er_risk_interval(&s, error, 2, 5, NULL, &two, &err), ER_OK, "two");
    const double other = two.low + two.high - one.low;
    T_OK(one.low == one.high && other != one.low, "they differ: %g, %g", one.low, other);
    T_CLOSE(two.high - two.low, 0.95 * fabs(other - one.low), 1e-13, "from 2.5 to 97.5 %% of the way");
    er_sparse_clear(&s);
}

/* Errors e = t_i z with a scale of each user, t^2 uniform on 0 .. 2: the true RMSE is 1. Of 300 test sets of 80 users with
 * 10 errors each, about 95 % of the intervals hold it when users are drawn; of independent entries fewer, for the squares of
 * one user go together. Binomial: 0.95 +- 3 0.013, less what 80 users are too few for a percentile. */
static void check_coverage(void)
{
    enum { SETS = 300, USERS = 80, EACH = 10 };
    struct er_error err;
    struct er_sparse s = make(USERS, EACH, 1, 4, rough);
    struct er_risk_interval in, again;
    struct er_pool *pool = NULL;
    double error[USERS * EACH];
    int holds = 0, plain = 0;
    for (int set = 0; set < SETS; set++) {
        struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, (uint64_t)set));
        for (int i = 0; i < USERS; i++) {
            const double scale = sqrt(2 * er_random_uniform(&r));
            for (int j = 0; j < EACH; j++) error[i * EACH + j] = scale * er_random_normal(&r);
        }
        er_risk_interval(&s, error, 400, (uint64_t)set, NULL, &in, &err);
        holds += in.low <= 1 && 1 <= in.high;
        plain += in.plain_low <= 1 && 1 <= in.plain_high;
    }
    T_OK(holds >= 270 && holds <= 294, "users drawn: %d of %d hold the truth", holds, SETS);
    T_OK(plain < holds - 10, "independent entries: %d, too few", plain);
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "a pool");
    T_STATUS(er_risk_interval(&s, error, 400, SETS - 1, pool, &again, &err), ER_OK, "on three threads");
    T_OK(same_bits(&again, &in, sizeof in), "the same bits");
    er_pool_free(pool);
    er_sparse_clear(&s);
}

/* MovieLens-100K, a random fifth held out. Published for such splits: 1.125 for the mean; 0.944 for biases (the
 * "BaselineOnly" of the package Surprise, by the same model with penalties of 15 and 10). */
static void check_movielens(void)
{
    struct er_error err;
    struct er_ratings ratings;
    struct er_recovery p;
    struct er_baseline b;
    struct er_risk_interval in;
    if (!places_have("movielens-100k")) {
        printf("# movielens-100k is not on this machine: not read\n");
        return;
    }
    const struct er_ratings_spec spec = {.name = "movielens-100k"};
    T_STATUS(er_ratings_open(&spec, places_here(), &ratings, &err), ER_OK, "read");
    T_STATUS(er_recovery_from_ratings(&ratings, 80000, 0, 1, &p, &err), ER_OK, "split");
    er_ratings_clear(&ratings);
    double *error = er_alloc(p.test.n, sizeof *error);
    for (int bias = 0; bias < 2 && err.code == ER_OK; bias++) {
        T_STATUS(bias ? er_baseline_bias(&p.train, ER_BASELINE_LAMBDA, NULL, &b, &err)
                      : er_baseline_mean(&p.train, &b, &err),
                 ER_OK, "a baseline");
        er_baseline_residual(&b, &p.test, error);
        T_STATUS(er_risk_interval(&p.test, error, 200, 1, NULL, &in, &err), ER_OK, "its error");
        T_CLOSE(in.rmse, bias ? 0.944 : 1.125, 0.008, "RMSE of %s: %.4f (%.4f to %.4f, plain %.4f to %.4f)",
                bias ? "biases" : "the mean", in.rmse, in.low, in.high, in.plain_low, in.plain_high);
        T_OK(in.low < in.plain_low && in.high > in.plain_high, "users drawn give the wider interval");
        printf("# %d sweeps, gradient %.1e, RMSE %.4f, %.4f to %.4f\n", (int)b.sweeps, b.gradient, in.rmse,
               in.low, in.high);
        er_baseline_clear(&b);
    }
    er_free(error);
    er_recovery_clear(&p);
}

int main(void)
{
    check_closed_form();
    check_normal_equations();
    check_refused();
    check_two_users();
    check_percentiles();
    check_coverage();
    check_movielens();
    return t_done();
}
