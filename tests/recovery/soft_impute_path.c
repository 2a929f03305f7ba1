/* Paths of soft-impute: norms that rise, an end by the caller, and the lambda that validation chooses, found again by hand. */
#include <ermine/soft_impute.h>

#include "support/completion.h"
#include "t.h"

enum { COUNT = 15 };

static const struct er_soft_impute_path path = {.count = COUNT, .least = 0.01};
static struct er_pool *pool;
static struct er_error err;

static bool see_rising(void *ctx, const struct er_soft_impute_state *state, const struct er_factored *x)
{
    double *before = ctx;
    T_OK(state->nuclear_norm >= before[0] && x->rank == state->rank, "norm %g rises as lambda %g falls",
         state->nuclear_norm, state->lambda);
    before[0] = state->nuclear_norm;
    before[1]++;
    return before[1] < 6;
}

static void check_path(void)
{
    struct er_recovery p = completion(40, 30, 2, 600, 0.5, 5);
    const struct er_soft_impute_options o = er_soft_impute_defaults();
    struct er_soft_impute_choice choice;
    struct er_soft_impute_state state;
    struct er_factored x = {0};
    double seen[2] = {0}, w[40 * 30];
    T_STATUS(er_soft_impute_along(&p, &o, &path, see_rising, seen, &x, &state, pool, NULL, &err), ER_OK,
             "path");
    T_CLOSE(seen[1], 6, 0, "ended where it was told to");
    er_factored_clear(&x);
    T_STATUS(er_soft_impute_chosen(&p, &o, &path, 0.2, 7, NULL, NULL, &choice, &x, &state, pool, NULL, &err),
             ER_OK, "chosen");
    T_OK(choice.index > 0 && choice.index < COUNT - 1 && choice.error > 0.25, "%g of the largest, error %g",
         choice.ratio, choice.error);
    er_factored_dense(&x, w);
    T_OK(er_recovery_risk(&p, w) < choice.error && er_recovery_risk(&p, w) < 0.3,
         "risk %g without the noise of what is held out", er_recovery_risk(&p, w));
    er_factored_clear(&x);
    er_recovery_clear(&p);
}

struct errors {
    const struct er_sparse *held;
    int64_t n;
    double error[COUNT], largest;
};

static bool see_errors(void *ctx, const struct er_soft_impute_state *state, const struct er_factored *x)
{
    struct errors *e = ctx;
    (void)state;
    T_STATUS(er_factored_error(x, e->held, &e->error[e->n++], pool, &err), ER_OK, "error");
    return true;
}

static void keep_error(void *ctx, const struct er_soft_impute_state *state, double error)
{
    struct errors *e = ctx;
    if (e->n == 0) e->largest = state->lambda;
    T_CLOSE(state->lambda, e->largest * pow(0.01, (double)e->n / (COUNT - 1)), 1e-12 * e->largest,
            "told of %d", (int)e->n);
    e->error[e->n++] = error;
}

/* The whole path on what is not held out, at the gap that is enough there: its least error, and lambda as that share of all's. */
static void check_chosen(void)
{
    struct er_recovery p = completion(40, 30, 2, 600, 0.5, 5), part = {0};
    struct er_soft_impute_options o = er_soft_impute_defaults();
    struct er_soft_impute_choice choice;
    struct er_soft_impute_state state;
    struct er_factored x = {0};
    struct errors e = {.held = &part.test}, told = {0};
    double largest;
    int64_t best = 0;
    T_STATUS(er_soft_impute_chosen(&p, &o, &path, 0.2, 7, keep_error, &told, &choice, &x, &state, pool, NULL,
                                   &err),
             ER_OK, "chosen");
    er_factored_clear(&x);
    o.gap = 3e-3;
    T_STATUS(er_recovery_hold_out(&p, 0.2, 7, &part, &err), ER_OK, "held out");
    T_STATUS(er_soft_impute_along(&part, &o, &path, see_errors, &e, &x, &state, pool, NULL, &err), ER_OK,
             "path");
    er_factored_clear(&x);
    T_EQ_INT(e.n, COUNT, "all of it");
    for (int64_t i = 1; i < COUNT; i++)
        if (e.error[i] < e.error[best]) best = i;
    T_EQ_INT(choice.index, best, "the least error");
    T_EQ_INT(told.n, best + 4, "told of it, and of three more");
    for (int64_t i = 0; i < told.n; i++)
        T_CLOSE(told.error[i], e.error[i], 1e-14 * e.error[i], "value %d, as it was tried", (int)i);
    T_CLOSE(choice.error, e.error[best], 1e-14 * e.error[best], "it is told");
    T_CLOSE(choice.ratio, pow(0.01, (double)best / (COUNT - 1)), 1e-15, "of the path");
    T_STATUS(er_soft_impute_largest(&p, 0, &largest, pool, &err), ER_OK, "lambda_max");
    T_STATUS(er_soft_impute_chosen(&p, &o, &path, 0.2, 7, NULL, NULL, &choice, &x, &state, pool, NULL, &err),
             ER_OK, "chosen");
    T_CLOSE(state.lambda, choice.ratio * largest, 1e-14 * largest, "of all that is observed");
    er_factored_clear(&x);
    er_recovery_clear(&part);
    er_recovery_clear(&p);
}

int main(void)
{
    pool = needed_pool(2);
    check_path();
    check_chosen();
    er_pool_free(pool);
    return t_done();
}
