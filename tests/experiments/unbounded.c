/* Completion whose norms have no bound: gradients by differences, the law of the free entry, what symmetry keeps, the control. */
#include "t.h"

#include "experiments/unbounded_descent.h"
#include "support/experiment_run.h"

#include <math.h>

static const struct er_data_places nowhere = {0};
static const struct er_unbounded_given plain = {1, 0};
static struct er_error err;

/* Loss of a product after factor j's entry k has moved by h. */
static double moved(struct er_unbounded u, int64_t j, int k, double h)
{
    u.factor[j].w[k] += h;
    u.rate = 0;
    T_STATUS(er_unbounded_until(&u, u.step + 1, -1, NULL, &err), ER_OK, "a step of rate 0");
    return u.loss;
}

/* Central differences of a polynomial of degree 2 N err by h^2 times its third derivative, which is below 100 here. */
static void test_gradient(void)
{
    for (int64_t depth = 1; depth <= 4; depth++) {
        struct er_unbounded u =
            er_unbounded_start(depth, 0.5, depth % 2 == 0, 0.01, (struct er_unbounded_given){0.7, -0.2});
        struct er_square g[ER_UNBOUNDED_MOST];
        T_STATUS(er_unbounded_until(&u, 30, 0, NULL, &err), ER_OK, "some steps");
        u.factor[0].w[1] += 0.3; /* no symmetry left */
        u.rate = 0;
        T_STATUS(er_unbounded_until(&u, 31, 0, NULL, &err), ER_OK, "a look");
        er_unbounded_gradient(&u, g);
        for (int64_t j = 0; j < depth; j++)
            for (int k = 0; k < 4; k++) {
                const double h = 1e-4, slope = (moved(u, j, k, h) - moved(u, j, k, -h)) / (2 * h);
                T_CLOSE(g[j].w[k], slope, 1e-6, "depth %d, factor %d, entry %d", (int)depth, (int)j, k);
            }
    }
}

/* Self-test 12: from the identity the iterates stay symmetric, and w11 sqrt(2 loss) -> 1. */
static void test_law(void)
{
    for (int64_t depth = 2; depth <= 3; depth++) {
        struct er_unbounded u = er_unbounded_start(depth, 0.01, true, 0.009, plain);
        double last = 0;
        for (int64_t step = 1; u.loss > 1e-3 && step < 1000000; step *= 2) {
            T_STATUS(er_unbounded_until(&u, step, 1e-3, NULL, &err), ER_OK, "descent");
            T_CLOSE(u.product.w[1], u.product.w[2], 1e-12, "symmetric, to rounding, at step %d", (int)u.step);
            if (u.loss > 1e-2) continue;
            const double law = u.product.w[0] * sqrt(2 * u.loss);
            T_CLOSE(law, 1, 0.05, "depth %d: the law at loss %g", (int)depth, u.loss);
            T_OK(u.product.w[0] > last, "the free entry grows");
            last = u.product.w[0];
        }
        T_OK(u.loss <= 1e-3, "it comes to its loss");
        T_CLOSE(last, 22.3, 0.1, "the reference's free entry at loss 1e-3");
        T_CLOSE((double)u.step, depth == 2 ? 212000 : 57000, 1000, "the reference's steps, in thousands");
        T_OK(er_unbounded_determinant(&u) >= 0, "the determinant is not negative");
    }
}

/* Other entries given: what the law leaves out is of the order of w22 / w11. */
static void test_perturbed(void)
{
    static const struct er_unbounded_given given[] = {{1, 0.05}, {1, -0.05}, {0.5, 0}, {2, 0.1}};
    for (size_t c = 0; c < sizeof given / sizeof *given; c++) {
        struct er_unbounded u = er_unbounded_start(3, 0.01, true, 0.009, given[c]);
        const double a = given[c].w12, b = given[c].w22;
        T_STATUS(er_unbounded_until(&u, 60000, 1e-3, NULL, &err), ER_OK, "descent");
        T_CLOSE(u.product.w[0] * (b + sqrt(2 * u.loss)) / a, 1, 0.01, "w12 = %g, w22 = %g: the law", a, b);
        T_CLOSE(er_unbounded_theory(&u), a / (b + sqrt(2 * u.loss)), 1e-12, "what is expected");
        T_OK(er_unbounded_determinant(&u) > 0, "the determinant is positive");
        T_OK(b < 0 ? u.loss > b * b / 2 : u.loss <= 1e-3, "the loss is %g", u.loss);
    }
    struct er_unbounded u = er_unbounded_start(3, 0.01, true, 0.009, (struct er_unbounded_given){1, 0.1});
    T_STATUS(er_unbounded_until(&u, 60000, 1e-8, NULL, &err), ER_OK, "descent");
    T_OK(u.product.w[0] < 10 && u.product.w[0] > 9.9, "w22 = 0.1: the free entry, %g, comes to its bound",
         u.product.w[0]);
    u = er_unbounded_start(3, 0.01, true, 0.009, (struct er_unbounded_given){-1, 0});
    T_STATUS(er_unbounded_until(&u, 60000, 1e-8, NULL, &err), ER_OK, "descent");
    T_OK(u.loss <= 1e-8 && fabs(u.product.w[0]) < 5, "w12 = -1: the free entry ends at %g", u.product.w[0]);
}

static void test_values(void)
{
    double s[2];
    er_square_singular_values(&(struct er_square){{3, 0, 4, 5}}, s); /* squares are 25 +- 20 */
    T_CLOSE(s[0], sqrt(45), 1e-14 * 7, "larger");
    T_CLOSE(s[1], sqrt(5), 1e-14 * 3, "smaller");
}

static void test_run(void)
{
    struct experiment_runs *runs = experiment_runs_new(
        "study: s\nunbounded: {depth: [2, 3], start: [positive, negative], loss: 1e-3}\n");
    T_STATUS(experiment_run(runs, 2, &nowhere, &err), ER_OK, "run: %s", err.msg);
    for (int64_t i = 0; i < runs->n; i++) {
        const bool positive = i % 2 == 0;
        const double free_entry = experiment_value(runs, i, "free_entry");
        T_EQ_STR(runs->record[i].outcome, "train_loss", "outcome");
        T_OK((experiment_value(runs, i, "determinant") >= 0) == positive, "the determinant keeps its sign");
        T_OK(positive ? free_entry > 20 : fabs(free_entry) < 5, "run %d: the free entry is %g", (int)i,
             free_entry);
        T_OK(!positive || experiment_value(runs, i, "effective_rank") < 1.01, "rank 1 where norms grow");
    }
    experiment_runs_free(runs);
    runs = experiment_runs_new("study: s\nunbounded: {depth: 3, w12: 0.5, w22: [0.1, -0.1], steps: 20000}\n");
    T_STATUS(experiment_run(runs, 2, &nowhere, &err), ER_OK, "run: %s", err.msg);
    T_EQ_STR(runs->record[0].outcome, "train_loss", "above 0 it can be fitted");
    T_EQ_STR(runs->record[1].outcome, "steps", "below it cannot");
    for (int64_t i = 0; i < 2; i++) T_CLOSE(experiment_value(runs, i, "law"), 1, 0.02, "the law");
    experiment_runs_free(runs);
}

int main(void)
{
    test_gradient();
    test_law();
    test_perturbed();
    test_values();
    test_run();
    return t_done();
}
