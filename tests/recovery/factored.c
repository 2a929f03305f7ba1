/* Matrices by their factors, and what completion does with them: balance, directions of residuals, entries held out. */
#include "oracles/svd.h"
#include "recovery/residual_norm.h"
#include "support/completion.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>

static struct er_pool *pool;
static struct er_error err;

/* Balance of factors with more columns than one side, and of lower rank than columns. */
static void check_balance(void)
{
    enum { M = 5, N = 9, R = 7 };
    struct er_factored x = {M, N, R, needed(M * R, sizeof(double)), needed(N * R, sizeof(double))};
    double before[M * N], after[M * N], s[R], want[N], copy[M * N];
    struct er_random random = er_random_open(8, er_stream(ER_PURPOSE_TEST, 0));
    for (int i = 0; i < M * R; i++) x.left[i] = er_random_normal(&random);
    for (int i = 0; i < N * R; i++) x.right[i] = i % R == 2 ? 0 : er_random_normal(&random);
    er_factored_dense(&x, before);
    memcpy(copy, before, sizeof copy);
    T_STATUS(er_factored_balance(&x, s, &err), ER_OK, "balance");
    er_factored_dense(&x, after);
    svd_values(M, N, copy, want);
    for (int i = 0; i < M * N; i++)
        T_CLOSE(after[i], before[i], 100 * DBL_EPSILON * want[0], "X stays, %d", i);
    for (int k = 0; k < R; k++)
        for (int l = 0; l < R; l++) {
            double left = 0, right = 0;
            for (int i = 0; i < M; i++) left += x.left[i * R + k] * x.left[i * R + l];
            for (int j = 0; j < N; j++) right += x.right[j * R + k] * x.right[j * R + l];
            const double product = k == l && k < M ? want[k] : 0;
            T_CLOSE(left, product, 100 * DBL_EPSILON * want[0], "left^T left = S");
            T_CLOSE(right, product, 100 * DBL_EPSILON * want[0], "right^T right = S");
        }
    x.left[3] = (double)NAN;
    T_STATUS(er_factored_balance(&x, s, &err), ER_E_NONFINITE, "NaN");
    er_factored_clear(&x);
}

/* By Lanczos' method and exactly, against rotations; the directions that factors leave. */
static void check_norms(void)
{
    enum { M = 20, N = 31, K = 3 };
    struct er_recovery p = completion(M, N, 4, 400, 1, 10);
    double *y = entries_of(&p, NULL), *z = entries_of(&p, NULL), s[N], norm, value[K], u[M * K], v[N * K],
           again[K];
    bool exact;
    int64_t found;
    const struct er_residual_norm r = {&p.train, p.train.value, 1, pool, NULL};
    svd_values(M, N, z, s);
    T_STATUS(er_residual_norm_find(&r, true, &norm, &exact, &err), ER_OK, "exact");
    T_OK(exact && fabs(norm / s[0] - 1) < 100 * DBL_EPSILON, "%.17g, should be %.17g", norm, s[0]);
    T_STATUS(er_residual_norm_find(&r, false, &norm, &exact, &err), ER_OK, "Lanczos");
    T_OK(!exact && norm >= s[0] && norm < s[0] * (1 + 1e-6), "%.17g is %.17g from above", norm, s[0]);
    struct er_factored x = {.rows = M, .columns = N};
    const double above = (s[1] + s[2]) / 2;
    T_STATUS(er_residual_directions(&r, &x, NULL, above, K, &found, value, u, v, &err), ER_OK, "two above");
    T_EQ_INT(found, 2, "of three asked for");
    for (int c = 0; c < 2; c++) {
        double form = 0;
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++) form += u[i * K + c] * y[i * N + j] * v[j * K + c];
        T_CLOSE(form, value[c], 1e-6 * s[0], "u^T R v, %d", c);
        T_CLOSE(value[c], s[c], 1e-6 * s[0], "singular value %d", c);
    }
    x = (struct er_factored){M, N, 1, needed(M, sizeof(double)), needed(N, sizeof(double))};
    for (int i = 0; i < M; i++) x.left[i] = sqrt(value[0]) * u[i * K];
    for (int j = 0; j < N; j++) x.right[j] = sqrt(value[0]) * v[j * K];
    T_STATUS(er_residual_directions(&r, &x, value, 0, K, &found, again, u, v, &err), ER_OK,
             "without the first");
    for (int c = 0; c + 1 < K; c++) T_CLOSE(again[c], s[c + 1], 1e-4 * s[0], "the next, %d", c);
    er_factored_clear(&x);
    er_free(y);
    er_free(z);
    er_recovery_clear(&p);
}

static void check_hold_out(void)
{
    struct er_recovery p = completion(9, 11, 2, 50, 0, 6), q = {0};
    int seen = 0;
    T_STATUS(er_recovery_hold_out(&p, 0.3, 1, &q, &err), ER_OK, "held out");
    T_OK(q.n == 35 && q.train.n == 35 && q.test.n == 15, "35 and 15");
    for (int64_t i = 0; i < 9; i++)
        for (int64_t e = p.train.row_start[i]; e < p.train.row_start[i + 1]; e++)
            for (int side = 0; side < 2; side++) {
                const struct er_sparse *s = side ? &q.test : &q.train;
                for (int64_t f = s->row_start[i]; f < s->row_start[i + 1]; f++)
                    if (s->column[f] == p.train.column[e] && s->value[f] == p.train.value[e]) seen++;
            }
    T_EQ_INT(seen, 50, "each entry is in one of them");
    int64_t order[50], kept = 0;
    struct er_random random = er_random_open(1, er_stream(ER_PURPOSE_VALIDATION, 0));
    er_random_permutation(&random, 50, order);
    for (int64_t k = 0; k < 35; k++)
        for (int64_t e = 0; e < q.train.n; e++) kept += q.train.value[e] == p.train.value[order[k]];
    T_EQ_INT(kept, 35, "those that come first in the seed's permutation are kept");
    er_recovery_clear(&q);
    T_ALLOCATIONS(er_recovery_hold_out(&p, 0.3, 1, &q, &err), er_recovery_clear(&q), "hold out");
    T_STATUS(er_recovery_hold_out(&p, 0.001, 1, &q, &err), ER_E_USAGE, "none left to hold out");
    er_recovery_clear(&p);
}

int main(void)
{
    pool = needed_pool(2);
    check_balance();
    check_norms();
    check_hold_out();
    er_pool_free(pool);
    return t_done();
}
