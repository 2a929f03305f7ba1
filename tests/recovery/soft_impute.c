/* Soft-impute: closed forms, the conditions of a minimum, two ways that share nothing but the certificate, limits of lambda. */
#include <ermine/nuclear.h>
#include <ermine/soft_impute.h>

#include "oracles/svd.h"
#include "support/completion.h"
#include "t.h"
#include <float.h>

static struct er_pool *pool;
static struct er_error err;

/* The largest singular value, of a matrix that is spoilt. */
static double norm_of(int64_t m, int64_t n, double *a)
{
    double s[256];
    svd_values(m, n, a, s);
    return s[0];
}

/* R right = lambda left, R^T left = lambda right, |R| <= lambda: the minimum, exactly. */
static void check_minimum(const struct er_recovery *p, const struct er_factored *x, double lambda,
                          double tolerance, const char *what)
{
    double *r = entries_of(p, x), worst = 0;
    for (int64_t k = 0; k < x->rank; k++) {
        for (int64_t i = 0; i < p->rows; i++) {
            double sum = -lambda * x->left[i * x->rank + k];
            for (int64_t j = 0; j < p->columns; j++) sum += r[i * p->columns + j] * x->right[j * x->rank + k];
            worst = fmax(worst, fabs(sum));
        }
        for (int64_t j = 0; j < p->columns; j++) {
            double sum = -lambda * x->right[j * x->rank + k];
            for (int64_t i = 0; i < p->rows; i++) sum += r[i * p->columns + j] * x->left[i * x->rank + k];
            worst = fmax(worst, fabs(sum));
        }
    }
    T_OK(worst < tolerance, "%s: R V = lambda U, R^T U = lambda V to %g", what, worst);
    T_OK(norm_of(p->rows, p->columns, r) < lambda + tolerance, "%s: no direction of R above lambda", what);
    er_free(r);
}

static const enum er_soft_impute_way ways[] = {ER_SOFT_IMPUTE_DENSE, ER_SOFT_IMPUTE_FACTORED};
static const char *const names[] = {"dense", "factored"};

/* All is observed: singular values less lambda. */
static void check_closed_form(void)
{
    enum { M = 7, N = 5 };
    struct er_recovery p = completion(M, N, 5, M * N, 0, 1);
    double *y = entries_of(&p, NULL), s[N], got[N];
    const double lambda = 2;
    svd_values(M, N, y, s);
    double primal = 0, norm = 0;
    for (int k = 0; k < N; k++) {
        norm += fmax(s[k] - lambda, 0);
        primal += pow(fmin(s[k], lambda), 2) / 2;
    }
    T_OK(s[0] > lambda && s[N - 1] < lambda, "some remain and some don't: %g .. %g", s[0], s[N - 1]);
    for (int way = 0; way < 2; way++) {
        struct er_soft_impute_options o = er_soft_impute_defaults();
        struct er_soft_impute_state state;
        struct er_factored x = {0};
        o.way = ways[way];
        o.gap = 1e-14;
        T_STATUS(er_soft_impute(&p, &o, lambda, &x, &state, pool, NULL, &err), ER_OK, "%s", names[way]);
        T_OK(state.converged && state.exact && !state.capped, "%s: gap %g", names[way], state.gap);
        T_CLOSE(state.primal, primal + lambda * norm, 1e-13 * state.primal, "%s: primal", names[way]);
        T_STATUS(er_factored_balance(&x, got, &err), ER_OK, "singular values");
        for (int64_t k = 0; k < x.rank; k++)
            T_CLOSE(got[k], s[k] - lambda, 1e-6, "%s: singular value %d", names[way], (int)k);
        T_OK(x.rank == state.rank && s[x.rank - 1] > lambda && s[x.rank] <= lambda, "%s: rank %d", names[way],
             (int)x.rank);
        check_minimum(&p, &x, lambda, 1e-6, names[way]);
        er_factored_clear(&x);
    }
    er_free(y);
    er_recovery_clear(&p);
}

/* Two ways to one minimum, from both orientations; the certificate holds long before the end. */
static void check_ways(void)
{
    for (int tall = 0; tall < 2; tall++) {
        struct er_recovery p = completion(tall ? 16 : 12, tall ? 12 : 16, 3, 110, 0.1, 2);
        const int64_t size = p.rows * p.columns;
        double largest, *w = needed(2 * size, sizeof *w), *y = entries_of(&p, NULL), worst = 0, primal[2];
        T_STATUS(er_soft_impute_largest(&p, 0, &largest, pool, &err), ER_OK, "lambda_max");
        T_CLOSE(largest, norm_of(p.rows, p.columns, y), 1e-13 * largest, "of the observed entries");
        for (int way = 0; way < 2; way++) {
            struct er_soft_impute_options o = er_soft_impute_defaults();
            struct er_soft_impute_state state, early;
            struct er_factored x = {0}, rough = {0};
            o.way = ways[way];
            o.gap = 1e-13;
            T_STATUS(er_soft_impute(&p, &o, 0.1 * largest, &x, &state, pool, NULL, &err), ER_OK, "%s",
                     names[way]);
            T_OK(state.converged && state.gap > -1e-14, "%s: gap %g in %d", names[way], state.gap,
                 (int)state.iterations);
            check_minimum(&p, &x, 0.1 * largest, 1e-5, names[way]);
            er_factored_dense(&x, w + way * size);
            primal[way] = state.primal;
            o.iterations = 2;
            T_STATUS(er_soft_impute(&p, &o, 0.1 * largest, &rough, &early, pool, NULL, &err), ER_OK,
                     "stopped early");
            T_OK(!early.converged && early.dual <= state.primal && state.primal < early.primal,
                 "%s: %.9g <= %.9g < %.9g", names[way], early.dual, state.primal, early.primal);
            er_factored_clear(&x);
            er_factored_clear(&rough);
        }
        for (int64_t i = 0; i < size; i++) worst = fmax(worst, fabs(w[i] - w[size + i]));
        T_OK(worst < 1e-6, "the ways agree to %g", worst);
        T_CLOSE(primal[0], primal[1], 2e-13 * primal[0], "and their objectives");
        er_free(w);
        er_free(y);
        er_recovery_clear(&p);
    }
}

/* Above lambda_max there is nothing, just below it one direction; as lambda falls, the minimum nuclear norm. */
static void check_limits(void)
{
    struct er_recovery p = completion(8, 6, 2, 30, 0, 5);
    double largest, x[48], worst = 0, w[48];
    struct er_nuclear_spec spec = er_nuclear_spec_default();
    struct er_nuclear_result nuclear;
    spec.gap = 1e-10;
    T_STATUS(er_nuclear_minimum(&p, &spec, x, NULL, &nuclear, pool, NULL, &err), ER_OK,
             "minimum nuclear norm");
    T_STATUS(er_soft_impute_largest(&p, 0, &largest, pool, &err), ER_OK, "lambda_max");
    for (int way = 0; way < 2; way++) {
        struct er_soft_impute_options o = er_soft_impute_defaults();
        struct er_soft_impute_state state;
        struct er_factored found = {0};
        const struct er_soft_impute_path path = {.count = 12, .least = 1e-7};
        o.way = ways[way];
        T_STATUS(er_soft_impute(&p, &o, largest * (1 + 1e-12), &found, &state, pool, NULL, &err), ER_OK,
                 "above");
        T_OK(found.rank == 0 && state.gap <= 1e-12 && state.nuclear_norm == 0, "%s: zeros, gap %g",
             names[way], state.gap);
        T_STATUS(er_soft_impute(&p, &o, largest * 0.999, &found, &state, pool, NULL, &err), ER_OK, "below");
        T_EQ_INT(found.rank, 1, "%s: one direction", names[way]);
        er_factored_clear(&found);
        o.gap = 1e-8;
        T_STATUS(er_soft_impute_along(&p, &o, &path, NULL, NULL, &found, &state, pool, NULL, &err), ER_OK,
                 "path");
        /* ||X||_* falls short of the minimum by O(lambda), 1e-7 of the largest singular value */
        T_CLOSE(state.nuclear_norm, nuclear.primal, 1e-5 * nuclear.primal, "%s: the least nuclear norm",
                names[way]);
        er_factored_dense(&found, w);
        for (int i = 0; i < 48; i++) worst = fmax(worst, fabs(w[i] - x[i]));
        T_OK(worst < 2e-3, "%s: its matrix to %g", names[way], worst);
        er_factored_clear(&found);
    }
    er_recovery_clear(&p);
}

/* One row, one column: what is observed, shorter by lambda. */
static void check_vectors(void)
{
    static const int32_t zero[3] = {0}, at[3] = {0, 2, 3};
    static const double y[3] = {3, -4, 12};
    for (int tall = 0; tall < 2; tall++)
        for (int way = 0; way < 2; way++) {
            struct er_recovery p = {.rows = tall ? 5 : 1, .columns = tall ? 1 : 5, .n = 3};
            struct er_soft_impute_options o = er_soft_impute_defaults();
            struct er_soft_impute_state state;
            struct er_factored x = {0};
            double w[5];
            o.way = ways[way];
            o.gap = 1e-14;
            T_STATUS(
                er_sparse_new(p.rows, p.columns, 3, tall ? at : zero, tall ? zero : at, y, &p.train, &err),
                ER_OK, "a vector");
            T_STATUS(er_soft_impute(&p, &o, 2, &x, &state, pool, NULL, &err), ER_OK, "%s", names[way]);
            er_factored_dense(&x, w);
            for (int k = 0; k < 3; k++) T_CLOSE(w[at[k]], y[k] * 11 / 13, 1e-6, "%s: %d", names[way], k);
            T_OK(fabs(w[1]) + fabs(w[4]) < 1e-13, "%s: zeros elsewhere", names[way]);
            T_CLOSE(state.primal, 2 + 2 * 11, 1e-12, "%s: primal", names[way]);
            er_factored_clear(&x);
            er_recovery_clear(&p);
        }
}

/* More lines than one task takes, and more than a Gram matrix is made of without being asked: norms by Lanczos on the way, the
 * last one exact; the same bits for any number of threads. */
static void check_threads(void)
{
    struct er_recovery p = completion(150, 140, 4, 2500, 0.2, 4);
    struct er_soft_impute_options o = er_soft_impute_defaults();
    struct er_soft_impute_state state[2];
    struct er_factored x[2] = {{0}, {0}};
    double largest;
    T_STATUS(er_soft_impute_largest(&p, 0, &largest, pool, &err), ER_OK, "lambda_max");
    for (int i = 0; i < 2; i++) {
        struct er_pool *threads = needed_pool(1 + 2 * i);
        T_STATUS(er_soft_impute(&p, &o, 0.3 * largest, &x[i], &state[i], threads, NULL, &err), ER_OK,
                 "threads");
        er_pool_free(threads);
    }
    T_OK(state[0].converged && state[0].exact, "gap %g", state[0].gap);
    T_OK(x[0].rank == x[1].rank && state[0].gap == state[1].gap, "the same state");
    T_OK(memcmp(x[0].left, x[1].left, (size_t)(x[0].rows * x[0].rank) * sizeof(double)) == 0,
         "the same bits");
    check_minimum(&p, &x[0], 0.3 * largest, 3e-3 * largest, "of gap 1e-6");
    o.rank = 1;
    T_STATUS(er_soft_impute(&p, &o, 0.3 * largest, &x[1], &state[1], pool, NULL, &err), ER_E_SHAPE,
             "a start of more columns than are allowed");
    er_factored_clear(&x[1]);
    T_STATUS(er_soft_impute(&p, &o, 0.3 * largest, &x[1], &state[1], pool, NULL, &err), ER_OK, "rank 1");
    T_OK(state[1].capped && !state[1].converged && x[1].rank == 1 && state[1].dual <= state[0].primal &&
             state[1].primal > state[0].primal,
         "is told, gap %g", state[1].gap);
    er_factored_clear(&x[0]);
    er_factored_clear(&x[1]);
    er_recovery_clear(&p);
}

/* What is told: the gap is that of the two bounds, and it alone ends the iteration. */
static void check_gap(void)
{
    struct er_recovery p = completion(16, 12, 3, 110, 0.1, 2);
    for (int way = 0; way < 2; way++)
        for (int64_t iterations = 4; iterations <= 16; iterations *= 2) {
            struct er_soft_impute_options o = er_soft_impute_defaults();
            struct er_soft_impute_state state, again;
            struct er_factored x = {0}, y = {0};
            o.way = ways[way];
            o.iterations = iterations;
            o.gap = 1e-14;
            T_STATUS(er_soft_impute(&p, &o, 0.5, &x, &state, pool, NULL, &err), ER_OK, "%s", names[way]);
            T_CLOSE(state.gap, (state.primal - state.dual) / state.primal, 1e-15, "%s: the gap", names[way]);
            T_OK(!state.converged && state.gap > 1e-12, "%s: %d iterations leave %g", names[way],
                 (int)iterations, state.gap);
            for (int met = 0; met < 2; met++) {
                o.gap = state.gap * (met ? 1 + 1e-9 : 1 - 1e-9);
                T_STATUS(er_soft_impute(&p, &o, 0.5, &y, &again, pool, NULL, &err), ER_OK, "%s", names[way]);
                T_OK(again.converged == (again.gap <= o.gap) && (!met || again.converged),
                     "%s: gap %.9g, asked for %.9g", names[way], again.gap, o.gap);
                er_factored_clear(&y);
            }
            er_factored_clear(&x);
        }
    er_recovery_clear(&p);
}

static void check_refusals(void)
{
    struct er_recovery p = completion(6, 5, 1, 12, 0, 9);
    struct er_soft_impute_options o = er_soft_impute_defaults();
    struct er_soft_impute_state state;
    struct er_factored x = {0};
    T_STATUS(er_soft_impute(&p, &o, 0, &x, &state, pool, NULL, &err), ER_E_USAGE, "lambda 0");
    for (int way = 0; way < 2; way++) {
        o.way = ways[way];
        T_ALLOCATIONS(er_soft_impute(&p, &o, 0.5, &x, &state, pool, NULL, &err), er_factored_clear(&x), "%s",
                      names[way]);
    }
    o.gap = 0;
    T_STATUS(er_soft_impute(&p, &o, 0.5, &x, &state, pool, NULL, &err), ER_E_USAGE, "gap 0");
    o.gap = 1e-6;
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_soft_impute(&p, &o, 0.5, &x, &state, pool, &progress, &err), ER_E_STOPPED, "stopped");
    p.train.value[3] = (double)INFINITY;
    for (int way = 0; way < 2; way++) {
        o.way = ways[way];
        T_STATUS(er_soft_impute(&p, &o, 0.5, &x, &state, pool, NULL, &err), ER_E_NONFINITE, "%s: infinite",
                 names[way]);
    }
    p.kind = ER_SENSING;
    T_STATUS(er_soft_impute(&p, &o, 0.5, &x, &state, pool, NULL, &err), ER_E_UNSUPPORTED, "sensing");
    T_OK(x.rank == 0 && !x.left, "untouched");
    p.kind = ER_COMPLETION;
    er_recovery_clear(&p);
}

int main(void)
{
    pool = needed_pool(2);
    check_closed_form();
    check_ways();
    check_limits();
    check_vectors();
    check_threads();
    check_gap();
    check_refusals();
    er_pool_free(pool);
    return t_done();
}
