/* Runs of deep factorisations: optimisers against their formulas, the flow of a fully observed diagonal, precisions beside each
 * other, ends. */
#include "support/factorised.h"
#include "t.h"

static struct er_error err;

static double distance(int64_t n, const double *a, const double *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

/* Three steps by each optimiser's formulas, from the gradients that the factorisation tells. Self-test 18 of the reference: the
 * first step of GroupRMSprop is rate g / (|g| + eps). At depth 1 with less than a quarter observed entries alone step. */
static void test_optimisers(int64_t depth, int64_t observed)
{
    struct er_recovery p = factorised_problem(ER_COMPLETION, 8, 6, observed, 0);
    for (enum er_factor_optimiser o = ER_FACTOR_DESCENT; o <= ER_FACTOR_ADAM; o++) {
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = depth;
        spec.optimiser = o;
        spec.scale = 1;
        spec.rate = 0.01;
        struct er_factorisation *f = factorised(&p, &spec);
        int64_t n;
        double s = 0, *w = factorised_all(f, depth, false, &n), *m = er_alloc(n, sizeof *m),
               *v = er_alloc(n, sizeof *v);
        for (int t = 1; t <= 3; t++) {
            double *g = factorised_all(f, depth, true, &n), square = 0, *zero = er_alloc(n, sizeof *zero);
            square = distance(n, g, zero) * distance(n, g, zero);
            s = spec.decay * s + (1 - spec.decay) * square;
            const double scale = sqrt(s / (1 - pow(spec.decay, t))) + spec.epsilon;
            for (int64_t i = 0; i < n; i++) {
                m[i] = spec.momentum * m[i] + (1 - spec.momentum) * g[i];
                v[i] = spec.decay * v[i] + (1 - spec.decay) * g[i] * g[i];
                if (o == ER_FACTOR_DESCENT) w[i] -= spec.rate * g[i];
                if (o == ER_FACTOR_GROUP_RMSPROP) w[i] -= spec.rate / scale * g[i];
                if (o == ER_FACTOR_ADAM)
                    w[i] -= spec.rate * m[i] / (1 - pow(spec.momentum, t)) /
                            (sqrt(v[i] / (1 - pow(spec.decay, t))) + spec.epsilon);
            }
            T_EQ_INT(factorised_run(f, t, NULL), ER_FACTORISE_STEPS, "step %d", t);
            double *is = factorised_all(f, depth, false, &n);
            T_CLOSE(distance(n, is, w), 0, 1e-14, "depth %d, optimiser %d after step %d", (int)depth, (int)o,
                    t);
            er_free(g);
            er_free(zero);
            er_free(is);
        }
        er_free(w);
        er_free(m);
        er_free(v);
        er_factorisation_free(f);
    }
    er_recovery_clear(&p);
}

/* The pitfall of 5.5: at depth 4 and a tiny start the gradient is tiny, and an epsilon above it keeps the step in proportion; a
 * step divided by the gradient's own norm has length `rate` however small the gradient is, and jumps where the plateau ends. */
static void test_depth_four_step(void)
{
    struct er_recovery p = factorised_problem(ER_COMPLETION, 10, 10, 40, 0);
    for (int with = 0; with < 2; with++) {
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = 4;
        spec.scale = 1e-12;
        spec.epsilon = with ? 1e-4 : 0;
        struct er_factorisation *f = factorised(&p, &spec);
        int64_t n;
        double *before = factorised_all(f, 4, false, &n);
        factorised_run(f, 0, NULL);
        const double g = er_factorisation_gradient_norm(f);
        factorised_run(f, 1, NULL);
        double *after = factorised_all(f, 4, false, &n);
        T_OK(g < 1e-7, "the gradient is %g", g);
        T_CLOSE(distance(n, before, after) / 1e-3, with ? g / 1e-4 : 1, 1e-4,
                "the first step's length, epsilon %g", spec.epsilon);
        er_free(before);
        er_free(after);
        er_factorisation_free(f);
    }
    er_recovery_clear(&p);
}

/* Self-test 9: all of a diagonal observed, the identity to start from: sigma(t) = s / (1 + (s / sigma_0 - 1) e^(-2 s t)) at depth
 * 2 and s + (sigma_0 - s) e^-t at depth 1, where L is the mean of n squares and so t = 2 / n of the descent's time. */
static void test_closed_forms(void)
{
    enum { SIDE = 3 };
    const double rate = 1e-3 * SIDE * SIDE / 2, truth[SIDE] = {2, 1, 0.5}; /* a step is 1e-3 of t */
    int32_t row[SIDE * SIDE], column[SIDE * SIDE];
    double value[SIDE * SIDE], w[SIDE * SIDE];
    for (int k = 0; k < SIDE * SIDE; k++) {
        row[k] = k / SIDE;
        column[k] = k % SIDE;
        value[k] = row[k] == column[k] ? truth[row[k]] : 0;
    }
    struct er_recovery p = {.kind = ER_COMPLETION, .rows = SIDE, .columns = SIDE, .n = SIDE * SIDE};
    T_STATUS(er_sparse_new(SIDE, SIDE, SIDE * SIDE, row, column, value, &p.train, &err), ER_OK, "entries");
    for (int64_t depth = 1; depth <= 2; depth++) {
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = depth;
        spec.start = ER_FACTOR_IDENTITY;
        spec.optimiser = ER_FACTOR_DESCENT;
        spec.rate = rate;
        struct er_factorisation *f = factorised(&p, &spec);
        factorised_run(f, 1000, NULL);
        T_STATUS(er_factorisation_product(f, w, &err), ER_OK, "product");
        for (int r = 0; r < SIDE; r++) {
            const double s = truth[r],
                         at = depth == 1 ? s + (1e-3 - s) * exp(-1) : s / (1 + (s / 1e-3 - 1) * exp(-2 * s));
            /* Euler's steps fall behind by t s^2 times their length at the most. */
            T_CLOSE(w[r * SIDE + r], at, 4e-3 * at, "depth %d: mode %g at t = 1", (int)depth, s);
        }
        T_CLOSE(w[1], 0, 1e-16, "off the diagonal");
        if (depth == 2)
            T_CLOSE(w[0], 0.0532, 4e-3 * 0.0532 + 5e-5, "the reference's number, as it is rounded");
        er_factorisation_free(f);
    }
    er_recovery_clear(&p);
}

static void test_precisions(void)
{
    for (enum er_recovery_kind kind = ER_COMPLETION; kind <= ER_SENSING; kind++) {
        struct er_recovery p = factorised_problem(kind, 12, 10, 60, 0);
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.scale = 0.3;
        spec.rate = 0.01;
        struct er_factorisation *one = factorised(&p, &spec);
        spec.single = true;
        struct er_factorisation *two = factorised(&p, &spec);
        int64_t n;
        factorised_run(one, 50, NULL);
        factorised_run(two, 50, NULL);
        double *a = factorised_all(one, 3, false, &n), *b = factorised_all(two, 3, false, &n);
        /* Each step rounds each number once more: 50 float32 roundings of numbers below 1. */
        T_CLOSE(distance(n, a, b), 0, 50 * 6e-8 * sqrt((double)n), "float32 beside float64");
        T_CLOSE(er_factorisation_loss(two), er_factorisation_loss(one), 1e-5 * er_factorisation_loss(one),
                "losses");
        er_free(a);
        er_free(b);
        er_factorisation_free(one);
        er_factorisation_free(two);
        er_recovery_clear(&p);
    }
}

static void test_ends(void)
{
    struct er_recovery p = factorised_problem(ER_COMPLETION, 8, 8, 40, 0);
    struct er_factorise_spec spec = er_factorise_spec_default();
    spec.depth = 2;
    spec.scale = 0.5;
    spec.rate = 1e-2;
    static const struct {
        struct er_factorise_until until;
        enum er_factorise_end end;
    } c[] = {{{5, -1, -1, 0, 0}, ER_FACTORISE_STEPS},
             {{100000, 0.5, -1, 0, 0}, ER_FACTORISE_LOSS},
             {{100000, -1, 0.2, 0, 0}, ER_FACTORISE_GRADIENT},
             {{100000, -1, -1, 0.3, 50}, ER_FACTORISE_PLATEAU}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct er_factorisation *f = factorised(&p, &spec);
        enum er_factorise_end end;
        T_OK(isnan(er_factorisation_loss(f)), "nothing is known before a run");
        T_STATUS(er_factorisation_run(f, &c[i].until, NULL, NULL, &end, &err), ER_OK, "a run");
        T_EQ_INT(end, c[i].end, "why it ended");
        const double loss = er_factorisation_loss(f), gradient = er_factorisation_gradient_norm(f);
        if (end == ER_FACTORISE_LOSS) T_OK(loss <= 0.5 && loss > 0.4, "as soon as the loss was there");
        if (end == ER_FACTORISE_GRADIENT)
            T_OK(gradient <= 0.2 && gradient > 0.1, "as soon as the gradient was");
        if (end == ER_FACTORISE_PLATEAU) T_EQ_INT(er_factorisation_step(f) % 50, 0, "after whole patience");
        er_factorisation_free(f);
    }
    spec.optimiser = ER_FACTOR_DESCENT;
    spec.rate = 1e9;
    struct er_factorisation *f = factorised(&p, &spec);
    T_EQ_INT(factorised_run(f, 1000, NULL), ER_FACTORISE_DIVERGED, "a rate that is too large is a result");
    T_OK(er_factorisation_step(f) < 100, "at step %d", (int)er_factorisation_step(f));
    er_factorisation_free(f);
    const atomic_bool stop = true;
    enum er_factorise_end end;
    f = factorised(&p, &spec);
    T_STATUS(er_factorisation_run(f, &c[0].until, NULL, &(struct er_progress){.stop = &stop}, &end, &err),
             ER_E_STOPPED, "asked to stop");
    T_EQ_INT(er_factorisation_step(f), 0, "between two steps");
    er_factorisation_free(f);
    er_recovery_clear(&p);
}

/* Depth 1, all observed: a step leaves (1 - 2 rate / n)^2 = 3/4 of the loss, of which the quarter that went is a quarter of what
 * was before and a third of what is left. */
static void test_plateau(void)
{
    static const double share[] = {0.24, 0.26, 0.3};
    struct er_recovery p = factorised_problem(ER_COMPLETION, 6, 5, 30, 0);
    for (int c = 0; c < 3; c++) {
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = 1;
        spec.optimiser = ER_FACTOR_DESCENT;
        spec.rate = (1 - sqrt(0.75)) * 30 / 2;
        struct er_factorisation *f = factorised(&p, &spec);
        const struct er_factorise_until until = {40, -1, -1, share[c], 1};
        enum er_factorise_end end;
        T_STATUS(er_factorisation_run(f, &until, NULL, NULL, &end, &err), ER_OK, "a run");
        T_EQ_INT(end, c == 0 ? ER_FACTORISE_STEPS : ER_FACTORISE_PLATEAU, "share %g", share[c]);
        T_EQ_INT(er_factorisation_step(f), c == 0 ? 40 : 1, "share %g", share[c]);
        er_factorisation_free(f);
    }
    er_recovery_clear(&p);
}

static void stop_it(void *ctx, const struct er_progress_report *report)
{
    (void)report;
    atomic_store((atomic_bool *)ctx, true);
}

/* A step that is under way isn't finished, and another run takes it: with all bits of one that was left alone. */
static void test_stopped_within(void)
{
    for (int64_t depth = 1; depth <= 4; depth++) {
        struct er_recovery p = factorised_problem(ER_COMPLETION, 9, 8, 40, 0);
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = depth;
        spec.width = depth == 4 ? 4 : 0;
        spec.scale = 0.5;
        const struct er_factorise_until until = {6, -1, -1, 0, 0};
        struct er_factorisation *f = factorised(&p, &spec), *alone = factorised(&p, &spec);
        atomic_bool stop = false;
        const struct er_progress progress = {.report = stop_it, .ctx = &stop, .stop = &stop};
        enum er_factorise_end end;
        int64_t n;
        T_STATUS(er_factorisation_run(f, &until, NULL, &progress, &end, &err), ER_E_STOPPED, "asked to stop");
        T_EQ_INT(er_factorisation_step(f), 1, "in the step that comes next");
        T_OK(isnan(er_factorisation_loss(f)), "of which nothing was reckoned");
        factorised_run(f, 6, NULL);
        factorised_run(alone, 6, NULL);
        double *a = factorised_all(f, depth, false, &n), *b = factorised_all(alone, depth, false, &n);
        T_OK(memcmp(a, b, (size_t)n * sizeof *a) == 0, "depth %d: as if it had not been", (int)depth);
        T_OK(er_factorisation_loss(f) == er_factorisation_loss(alone), "the same loss");
        er_free(a);
        er_free(b);
        er_factorisation_free(f);
        er_factorisation_free(alone);
        er_recovery_clear(&p);
    }
}

int main(void)
{
    test_optimisers(3, 30);
    test_optimisers(1, 11);
    test_optimisers(1, 12);
    test_depth_four_step();
    test_closed_forms();
    test_precisions();
    test_ends();
    test_plateau();
    test_stopped_within();
    return t_done();
}
