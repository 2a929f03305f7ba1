/* Lambdas of alternating least squares: one chosen by validation, from values and from a path; the largest; that of
 * the nuclear norm. */
#include <ermine/als.h>
#include <ermine/soft_impute.h>

#include "recovery/sparse_pass.h"
#include "support/completion.h"
#include "t.h"

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

static void check_chosen(void)
{
    static const double lambda[] = {1e-6, 1, 3, 300};
    struct er_recovery p = made_recovery(ER_COMPLETION, 30, 25, 2, 350, 0.5, 8);
    struct er_als_options o = options(5, 0);
    struct er_als_state state;
    struct er_factored x = {0};
    int64_t chosen;
    double error;
    o.iterations = 100;
    T_STATUS(er_als_chosen(&p, &o, 4, lambda, 0.2, 1, &chosen, &error, &x, &state, pool, NULL, &err), ER_OK,
             "chosen");
    T_OK((chosen == 1 || chosen == 2) && error > 0.2 && error < 1.25, "%g, with error %g", lambda[chosen],
         error);
    er_factored_clear(&x);
    er_recovery_clear(&p);
}

/* Above the largest lambda zeros are the solution, below it they are not; plain, it is that of the nuclear norm. */
static void check_largest(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 20, 15, 2, 120, 0.5, 10);
    const double zeros = er_sparse_dot(p.n, p.train.value, p.train.value);
    for (int weighted = 0; weighted < 2; weighted++) {
        struct er_als_options o = options(3, 0);
        double largest, convex;
        o.penalty = weighted ? ER_ALS_WEIGHTED : ER_ALS_PLAIN;
        T_STATUS(er_als_largest(&p, &o, &largest, pool, &err), ER_OK, "largest");
        for (int below = 0; below < 2; below++) {
            struct er_als_state state;
            struct er_factored x = {0};
            o.lambda = largest * (below ? 0.9 : 1.1);
            T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_OK, "als");
            T_OK(below ? state.objective < 0.999 * zeros : state.objective > zeros * (1 - 1e-9),
                 "weighted %d, below %d: %g of %g", weighted, below, state.objective, zeros);
            T_OK(state.lambda == o.lambda, "lambda is told");
            er_factored_clear(&x);
        }
        if (weighted) continue;
        T_STATUS(er_soft_impute_largest(&p, 0, &convex, pool, &err), ER_OK, "of the nuclear norm");
        T_CLOSE(largest, convex, 1e-12 * convex, "the same");
    }
    er_recovery_clear(&p);
}

/* Without values: the path from the largest. One that predicts is found, and all of it is as a call for that lambda. */
static void check_path(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 30, 25, 2, 350, 0.5, 8);
    struct er_als_options o = options(5, 0);
    struct er_als_state state, again;
    struct er_factored x = {0}, y = {0};
    int64_t chosen;
    double error, largest;
    o.iterations = 100;
    T_STATUS(er_als_chosen(&p, &o, 20, NULL, 0.2, 1, &chosen, &error, &x, &state, pool, NULL, &err), ER_OK,
             "chosen");
    T_OK(chosen > 0 && chosen < 19 && error > 0.2 && error < 1.25, "%d, with error %g", (int)chosen, error);
    T_STATUS(er_als_largest(&p, &o, &largest, pool, &err), ER_OK, "largest");
    T_CLOSE(state.lambda, largest * pow(2, -0.5 * (double)(chosen + 1)), 1e-12 * largest, "on the path");
    o.lambda = state.lambda;
    T_STATUS(er_als(&p, &o, &y, &again, pool, NULL, &err), ER_OK, "for that lambda");
    T_CLOSE(again.objective, state.objective, 0, "the same solution");
    er_factored_clear(&x);
    er_factored_clear(&y);
    o.iterations = 5;
    T_ALLOCATIONS(er_als_chosen(&p, &o, 2, NULL, 0.2, 1, &chosen, &error, &x, &state, pool, NULL, &err),
                  er_factored_clear(&x), "chosen");
    er_recovery_clear(&p);
}

/* Factors of more columns than the solution has: the nuclear norm's (Srebro, Rennie and Jaakkola 2004). f = 2 P. */
static void check_soft_impute(void)
{
    struct er_recovery p = made_recovery(ER_COMPLETION, 14, 11, 2, 90, 0.2, 6);
    struct er_soft_impute_options convex = er_soft_impute_defaults();
    struct er_soft_impute_state certified;
    struct er_als_state state;
    struct er_factored x = {0}, y = {0};
    convex.gap = 1e-11;
    struct er_als_options o = options(11, 1.5);
    o.iterations = 3000;
    T_STATUS(er_soft_impute(&p, &convex, 1.5, &x, &certified, pool, NULL, &err), ER_OK, "soft-impute");
    T_STATUS(er_als(&p, &o, &y, &state, pool, NULL, &err), ER_OK, "als");
    T_OK(certified.converged && certified.rank < 11, "rank %d, gap %g", (int)certified.rank, certified.gap);
    T_CLOSE(state.objective, 2 * certified.primal, 1e-8 * state.objective, "f = 2 P");
    er_factored_clear(&x);
    er_factored_clear(&y);
    er_recovery_clear(&p);
}

int main(void)
{
    pool = needed_pool(2);
    check_chosen();
    check_largest();
    check_path();
    check_soft_impute();
    er_pool_free(pool);
    return t_done();
}
