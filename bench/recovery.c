/* recovery.c - large sparse completion: seconds of an iteration, bytes, and how both grow with the ratings.
 *
 * Rows: alternating least squares of rank 10 and 50, and soft-impute of at most 50 columns, on 10^5, 10^6 and 10^7 made ratings
 * (a matrix of rank 5 with noise), 144 of each user. Verified first: factored soft-impute against the dense one, which shares no
 * step with it, and the objective of alternating least squares against its definition. One JSON object a line; `ns_per_rating`
 * is of one iteration (a pair of regressions) on all threads, certificates and start included; the bytes are the process's at
 * their highest so far.
 *
 *     bench_recovery [RATINGS]     only rows of at most so many
 */
#include "core/clock.h"
#include "core/number.h"

#include <ermine/als.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <ermine/soft_impute.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

enum { TRUE_RANK = 5, PER_USER = 144 };

static struct er_error err;

/* Ratings of `users` by `items` (a prime, so that a stride meets no item twice). */
static bool make(int64_t users, int64_t items, struct er_recovery *p)
{
    const int64_t n = users * PER_USER;
    int32_t *row = er_alloc(n, sizeof *row), *column = er_alloc(n, sizeof *column);
    double *value = er_alloc(n, sizeof *value),
           *factor = er_alloc((users + items) * TRUE_RANK, sizeof *factor);
    struct er_random random = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    bool right = row && column && value && factor;
    for (int64_t i = 0; right && i < (users + items) * TRUE_RANK; i++) factor[i] = er_random_normal(&random);
    for (int64_t i = 0; right && i < users; i++) {
        const int64_t first = er_random_below(&random, items),
                      stride = 1 + er_random_below(&random, items - 1);
        for (int64_t k = 0; k < PER_USER; k++) {
            const int64_t j = (first + k * stride) % items, at = i * PER_USER + k;
            row[at] = (int32_t)i;
            column[at] = (int32_t)j;
            value[at] = er_random_normal(&random);
            for (int r = 0; r < TRUE_RANK; r++)
                value[at] +=
                    factor[i * TRUE_RANK + r] * factor[(users + j) * TRUE_RANK + r] / sqrt(TRUE_RANK);
        }
    }
    *p = (struct er_recovery){.kind = ER_COMPLETION, .rows = users, .columns = items, .n = n};
    right = right && er_sparse_new(users, items, n, row, column, value, &p->train, &err) == ER_OK;
    er_free(row);
    er_free(column);
    er_free(value);
    er_free(factor);
    return right;
}

static bool agree(const char *what, double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * fabs(want)) return true;
    fprintf(stderr, "%s: %.15g, should be %.15g\n", what, got, want);
    return false;
}

static bool verify(struct er_pool *pool)
{
    struct er_recovery p = {0};
    struct er_soft_impute_options o = er_soft_impute_defaults();
    struct er_soft_impute_state dense, factored;
    struct er_als_options a = er_als_defaults();
    struct er_als_state als;
    struct er_factored x = {0}, y = {0}, z = {0};
    double error = 0, norms = 0;
    o.gap = 1e-10;
    o.way = ER_SOFT_IMPUTE_DENSE;
    bool right = make(60, 151, &p) && er_soft_impute(&p, &o, 30, &x, &dense, pool, NULL, &err) == ER_OK;
    o.way = ER_SOFT_IMPUTE_FACTORED;
    right = right && er_soft_impute(&p, &o, 30, &y, &factored, pool, NULL, &err) == ER_OK &&
            agree("soft-impute", factored.primal, dense.primal, 1e-9);
    a.rank = 5;
    right = right && er_als(&p, &a, &z, &als, pool, NULL, &err) == ER_OK &&
            er_factored_error(&z, &p.train, &error, pool, &err) == ER_OK;
    for (int64_t i = 0; right && i < p.rows * z.rank; i++) norms += z.left[i] * z.left[i];
    for (int64_t j = 0; right && j < p.columns * z.rank; j++) norms += z.right[j] * z.right[j];
    right = right && agree("als", als.objective, error * (double)p.n + a.lambda * norms, 1e-12);
    er_factored_clear(&x);
    er_factored_clear(&y);
    er_factored_clear(&z);
    er_recovery_clear(&p);
    return right;
}

/* gap: NULL where there is none. */
static void say(const char *id, const struct er_recovery *p, int threads, int64_t iterations, double s,
                const double *gap)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"id\": \"%s\", \"ratings\": %" PRId64 ", \"users\": %" PRId64 ", \"items\": %" PRId64
           ", \"threads\": %d, \"iterations\": %" PRId64 ", \"seconds\": %.4g, \"ns_per_rating\": %.4g, ",
           id, p->n, p->rows, p->columns, threads, iterations, s,
           s * 1e9 / (double)iterations / (double)p->n);
    if (gap) printf("\"gap\": %.2e, ", *gap);
    printf("\"process_mb\": %.4g}\n", (double)used.ru_maxrss * 1024e-6);
    fflush(stdout);
}

static bool measure(const struct er_recovery *p, struct er_pool *pool)
{
    const int threads = er_pool_threads(pool);
    struct er_factored x = {0};
    bool right = true;
    for (int64_t rank = 10; right && rank <= 50; rank += 40) {
        struct er_als_options o = er_als_defaults();
        struct er_als_state state;
        o.rank = rank;
        o.lambda = 5;
        o.iterations = 3;
        const double start = er_clock_s();
        right = er_als(p, &o, &x, &state, pool, NULL, &err) == ER_OK;
        if (right)
            say(rank == 10 ? "als-10" : "als-50", p, threads, state.iterations, er_clock_s() - start, NULL);
        er_factored_clear(&x);
    }
    struct er_soft_impute_options o = er_soft_impute_defaults();
    struct er_soft_impute_state state;
    double largest = 0;
    o.gap = 1e-3;
    const double start = er_clock_s();
    right = right && er_soft_impute_largest(p, 0, &largest, pool, &err) == ER_OK &&
            er_soft_impute(p, &o, 0.5 * largest, &x, &state, pool, NULL, &err) == ER_OK;
    if (right) say("soft-impute", p, threads, state.iterations, er_clock_s() - start, &state.gap);
    er_factored_clear(&x);
    return right;
}

int main(int argc, char **argv)
{
    static const int64_t users[] = {700, 7000, 70000}, items[] = {1009, 3001, 10007};
    struct er_pool *pool = NULL;
    int64_t most = INT64_MAX;
    if (argc > 1 && !er_number_integer(argv[1], &most)) return 2;
    if (er_pool_new(0, &pool, &err) != ER_OK) return 1;
    bool right = verify(pool);
    for (int i = 0; right && i < 3 && users[i] * PER_USER <= most; i++) {
        struct er_recovery p = {0};
        right = make(users[i], items[i], &p) && measure(&p, pool);
        er_recovery_clear(&p);
    }
    if (!right) fprintf(stderr, "recovery: %s\n", err.msg);
    er_pool_free(pool);
    return right ? 0 : 1;
}
