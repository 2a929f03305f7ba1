/* Alternating least squares: what all entries leave of a matrix, gradients by differences, measurements that are entries, and the
 * soft-impute solution, which factors of enough columns reach too. */
#include <ermine/als.h>
#include <ermine/soft_impute.h>

#include "oracles/svd.h"
#include "recovery/sparse_pass.h"
#include "support/completion.h"
#include "t.h"
#include <float.h>

static struct er_pool *pool;
static struct er_error err;

static struct er_als_options options(int64_t rank, double lambda)
{
    struct er_als_options o = er_als_defaults();
    o.rank = rank;
    o.lambda = lambda;
    o.tolerance = 0;
    return o;
}

/* The same completion as dense measurements, each a matrix with one 1. */
static struct er_recovery measured(const struct er_recovery *p)
{
    struct er_recovery q = {.kind = ER_SENSING, .rows = p->rows, .columns = p->columns, .n = p->n};
    q.a = needed(p->n * p->rows * p->columns, sizeof *q.a);
    q.y = needed(p->n, sizeof *q.y);
    for (int64_t i = 0; i < p->rows; i++)
        for (int64_t e = p->train.row_start[i]; e < p->train.row_start[i + 1]; e++) {
            q.a[(e * p->rows + i) * p->columns + p->train.column[e]] = 1;
            q.y[e] = p->train.value[e];
        }
    return q;
}

/* f by its definition. */
static double objective(const struct er_recovery *p, const struct er_factored *x,
                        const struct er_als_options *o)
{
    double *w = needed(p->rows * p->columns, sizeof *w), *count = needed(p->rows + p->columns, sizeof *count),
           f = 0;
    er_factored_dense(x, w);
    for (int64_t i = 0; i < p->rows + p->columns; i++) count[i] = 1;
    if (o->penalty == ER_ALS_WEIGHTED) {
        for (int64_t i = 0; i < p->rows; i++)
            count[i] = (double)(p->train.row_start[i + 1] - p->train.row_start[i]);
        for (int64_t j = 0; j < p->columns; j++)
            count[p->rows + j] = (double)(p->train.column_start[j + 1] - p->train.column_start[j]);
    }
    for (int64_t i = 0; i < p->rows * x->rank; i++)
        f += o->lambda * count[i / x->rank] * x->left[i] * x->left[i];
    for (int64_t j = 0; j < p->columns * x->rank; j++)
        f += o->lambda * count[p->rows + j / x->rank] * x->right[j] * x->right[j];
    f += er_recovery_loss(p, w) * (double)p->n;
    er_free(w);
    er_free(count);
    return f;
}

/* |df/d(U, V)| by central differences: exact for a polynomial of degree 4 but for terms of h^2. */
static double gradient(const struct er_recovery *p, struct er_factored *x, const struct er_als_options *o)
{
    const double h = 1e-5;
    double sum = 0;
    for (int which = 0; which < 2; which++)
        for (int64_t i = 0; i < (which ? p->columns : p->rows) * x->rank; i++) {
            double *at = (which ? x->right : x->left) + i;
            const double was = *at;
            *at = was + h;
            const double up = objective(p, x, o);
            *at = was - h;
            const double down = objective(p, x, o);
            *at = was;
            sum += (up - down) * (up - down) / (4 * h * h);
        }
    return sqrt(sum);
}

/* All entries: what the leading singular values leave (Eckart and Young), shrunk by lambda where there is one. */
static void check_all_observed(void)
{
    enum { M = 9, N = 7 };
    struct er_recovery p = made_recovery(ER_COMPLETION, M, N, 7, M * N, 0, 1);
    double y[M * N], s[N];
    memcpy(y, p.train.value, sizeof y);
    svd_values(M, N, y, s);
    for (int64_t rank = 1; rank <= 3; rank += 2)
        for (int ridge = 0; ridge < 2; ridge++) {
            const struct er_als_options o = options(rank, ridge ? 0.5 : 0);
            struct er_als_state state;
            struct er_factored x = {0};
            double want = 0, got[3];
            for (int k = 0; k < N; k++)
                want += k < rank ? o.lambda * o.lambda + 2 * o.lambda * (s[k] - o.lambda) : s[k] * s[k];
            T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_OK, "rank %d", (int)rank);
            T_CLOSE(state.objective, want, 1e-10 * want, "rank %d, lambda %g", (int)rank, o.lambda);
            T_CLOSE(state.objective, objective(&p, &x, &o), 1e-12 * want, "f");
            T_STATUS(er_factored_balance(&x, got, &err), ER_OK, "singular values");
            for (int k = 0; k < rank; k++) T_CLOSE(got[k], s[k] - o.lambda, 1e-4, "singular value %d", k);
            T_OK(state.converged && state.gradient < 1e-4, "gradient %g", state.gradient);
            er_factored_clear(&x);
        }
    er_recovery_clear(&p);
}

/* The gradient's norm, far from the minimum and at it; f never rises. */
static void check_gradient(void)
{
    for (int c = 0; c < 3; c++) {
        struct er_recovery p = made_recovery(c == 2 ? ER_SENSING : ER_COMPLETION, 8, 6, 2, 35, 0.3, 2);
        struct er_als_options o = options(2, 0.2);
        double before = (double)INFINITY;
        o.penalty = c == 1 ? ER_ALS_WEIGHTED : ER_ALS_PLAIN;
        for (int64_t most = 1; most < 2000; most *= 3) {
            struct er_als_state state;
            struct er_factored x = {0};
            o.iterations = most;
            T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_OK, "case %d", c);
            T_CLOSE(state.objective, objective(&p, &x, &o), 1e-12 * state.objective, "case %d: f", c);
            T_OK(state.objective <= before * (1 + 1e-14), "case %d: falls to %g", c, state.objective);
            /* differences: h^2 and epsilon f / h */
            T_CLOSE(state.gradient, gradient(&p, &x, &o), 1e-7 * (1 + state.objective), "case %d: gradient",
                    c);
            T_OK(most < 700 || state.gradient < 1e-5, "case %d: is 0 at the end: %g", c, state.gradient);
            before = state.objective;
            er_factored_clear(&x);
        }
        er_recovery_clear(&p);
    }
}

/* Entries, as measurements: the same minimum by code that shares nothing but the loop. */
static void check_kinds(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 9, 7, 2, 45, 0.1, 3), q = measured(&p);
    const struct er_als_options o = options(2, 0.1);
    struct er_als_state state[2];
    struct er_factored x[2] = {{0}, {0}};
    double w[2][63];
    T_STATUS(er_als(&p, &o, &x[0], &state[0], pool, NULL, &err), ER_OK, "entries");
    T_STATUS(er_als(&q, &o, &x[1], &state[1], pool, NULL, &err), ER_OK, "measurements");
    T_CLOSE(state[0].objective, state[1].objective, 1e-10 * state[0].objective, "the same f");
    for (int i = 0; i < 2; i++) er_factored_dense(&x[i], w[i]);
    for (int i = 0; i < 63; i++) T_CLOSE(w[0][i], w[1][i], 1e-5, "the same matrix, %d", i);
    er_factored_clear(&x[0]);
    er_factored_clear(&x[1]);
    er_recovery_clear(&p);
    er_recovery_clear(&q);
}

/* Enough of a matrix of low rank, without noise: all of it. */
static void check_recovery(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 40, 30, 2, 500, 0, 4),
                       q = made_recovery(ER_SENSING, 12, 10, 2, 90, 0, 5);
    const struct er_recovery *of[] = {&p, &q};
    for (int c = 0; c < 2; c++) {
        const struct er_als_options o = options(2, 0);
        struct er_als_state state;
        struct er_factored x = {0};
        double w[1200];
        T_STATUS(er_als(of[c], &o, &x, &state, pool, NULL, &err), ER_OK, "case %d", c);
        er_factored_dense(&x, w);
        T_OK(er_recovery_risk(of[c], w) < 1e-18, "case %d: risk %g", c, er_recovery_risk(of[c], w));
        er_factored_clear(&x);
    }
    er_recovery_clear(&p);
    er_recovery_clear(&q);
}

/* Blocks of lines, rows of more entries than are gathered at once; the same bits for any number of threads. */
static void check_threads(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 60, 400, 3, 18000, 0.1, 7);
    struct er_als_options o = options(3, 0.1);
    struct er_als_state state[2];
    struct er_factored x[2] = {{0}, {0}};
    o.iterations = 3;
    o.penalty = ER_ALS_WEIGHTED;
    for (int i = 0; i < 2; i++) {
        struct er_pool *threads = needed_pool(1 + 2 * i);
        T_STATUS(er_als(&p, &o, &x[i], &state[i], threads, NULL, &err), ER_OK, "threads");
        er_pool_free(threads);
    }
    T_OK(state[0].objective == state[1].objective, "the same objective");
    T_OK(memcmp(x[0].right, x[1].right, (size_t)(x[0].columns * 3) * sizeof(double)) == 0, "the same bits");
    T_CLOSE(state[0].objective, objective(&p, &x[0], &o), 1e-12 * state[0].objective, "f");
    er_factored_clear(&x[0]);
    er_factored_clear(&x[1]);
    er_recovery_clear(&p);
}

/* Fewer entries in a line than columns, as many, and more: the gradient is 0 whichever system was solved. */
static void check_wide(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 24, 16, 3, 150, 0.3, 11);
    for (int weighted = 0; weighted < 2; weighted++) {
        struct er_als_options o = options(8, weighted ? 0.05 : 0.7);
        struct er_als_state state;
        struct er_factored x = {0};
        o.penalty = weighted ? ER_ALS_WEIGHTED : ER_ALS_PLAIN;
        o.iterations = 20000;
        T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_OK, "als");
        T_OK(state.gradient < 1e-5 * state.objective, "weighted %d: gradient %g, objective %g", weighted,
             state.gradient, state.objective);
        T_CLOSE(state.objective, objective(&p, &x, &o), 1e-12 * state.objective, "f");
        er_factored_clear(&x);
    }
    er_recovery_clear(&p);
}

/* With a penalty that no balance lowers, the objective where it ends is that of the last regressions: the first that fell by no
 * more than this share of itself. */
static void check_tolerance(void)
{
    enum { MOST = 60 };
    struct er_recovery p = made_recovery(ER_COMPLETION, 12, 10, 2, 70, 0.3, 12);
    struct er_als_options o = options(3, 0.1);
    double f[MOST + 1] = {(double)INFINITY};
    o.penalty = ER_ALS_WEIGHTED;
    for (int64_t k = 1; k <= MOST; k++) {
        struct er_als_state state;
        struct er_factored x = {0};
        o.iterations = k;
        T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_OK, "%d iterations", (int)k);
        f[k] = state.objective;
        er_factored_clear(&x);
    }
    for (int c = 0; c < 3; c++) {
        struct er_als_state state;
        struct er_factored x = {0};
        int64_t want = 1;
        o.iterations = 500;
        o.tolerance = pow(10, -2 - c);
        while (want < MOST && !(f[want - 1] - f[want] <= o.tolerance * f[want])) want++;
        T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_OK, "tolerance %g", o.tolerance);
        T_OK(want < MOST && state.converged, "it is met after %d", (int)want);
        T_EQ_INT(state.iterations, want, "tolerance %g", o.tolerance);
        er_factored_clear(&x);
    }
    er_recovery_clear(&p);
}

static void check_refusals(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 6, 5, 1, 12, 0, 9),
                       q = made_recovery(ER_SENSING, 4, 3, 1, 9, 0, 9);
    struct er_als_options o = options(2, 0.1);
    struct er_als_state state;
    struct er_factored x = {0};
    T_ALLOCATIONS(er_als(&p, &o, &x, &state, pool, NULL, &err), er_factored_clear(&x), "entries");
    T_ALLOCATIONS(er_als(&q, &o, &x, &state, pool, NULL, &err), er_factored_clear(&x), "measurements");
    o.penalty = ER_ALS_WEIGHTED;
    T_STATUS(er_als(&q, &o, &x, &state, pool, NULL, &err), ER_E_UNSUPPORTED, "weighted measurements");
    o.rank = 6;
    T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_E_USAGE, "rank");
    o = options(2, -1);
    T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_E_USAGE, "lambda");
    o = options(2, 0.1);
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_als(&p, &o, &x, &state, pool, &progress, &err), ER_E_STOPPED, "stopped");
    p.train.value[0] = (double)NAN;
    T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_E_NONFINITE, "NaN");
    er_recovery_clear(&p);
    er_recovery_clear(&q);
}

int main(void)
{
    pool = needed_pool(2);
    check_all_observed();
    check_gradient();
    check_kinds();
    check_recovery();
    check_threads();
    check_wide();
    check_tolerance();
    check_refusals();
    er_pool_free(pool);
    return t_done();
}
