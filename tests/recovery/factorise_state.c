/* What deep factorisations keep: the same bits for any number of threads and after resuming; refusals; memory. */
#include "support/factorised.h"
#include "t.h"

static struct er_error err;

/* Large enough for products, passes by entries and updates to be split. */
static void test_threads(void)
{
    static const struct {
        enum er_recovery_kind kind;
        bool single;
        int64_t rows, columns, n, depth, width; /* the last: entries alone step, and few of them */
    } c[] = {{ER_COMPLETION, false, 256, 270, 9000, 3, 0}, {ER_COMPLETION, true, 300, 200, 9000, 4, 180},
             {ER_COMPLETION, false, 60, 50, 2800, 2, 700}, {ER_SENSING, false, 40, 40, 130, 3, 0},
             {ER_SENSING, true, 40, 37, 130, 1, 0},        {ER_COMPLETION, false, 1500, 1400, 515000, 1, 0}};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        struct er_recovery p = factorised_problem(c[i].kind, c[i].rows, c[i].columns, c[i].n, 0);
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = c[i].depth;
        spec.width = c[i].width;
        spec.single = c[i].single;
        spec.scale = 0.1;
        if (c[i].rows > 1000) {
            spec.start = ER_FACTOR_IDENTITY;
            spec.optimiser = ER_FACTOR_ADAM;
        }
        int64_t n;
        double *want = NULL;
        for (int threads = 0; threads <= 3; threads++) {
            struct er_pool *pool = NULL;
            if (threads > 0) T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "a pool");
            struct er_factorisation *f = factorised(&p, &spec);
            factorised_run(f, 3, pool);
            double *w = factorised_all(f, c[i].depth, false, &n);
            if (want)
                T_OK(memcmp(w, want, (size_t)n * sizeof *w) == 0, "case %d on %d threads", (int)i, threads);
            if (want) er_free(w);
            if (!want) want = w;
            er_factorisation_free(f);
            er_pool_free(pool);
        }
        er_free(want);
        er_recovery_clear(&p);
    }
}

/* Left and taken up: three factors, and one of which few entries are observed. */
static void check_resuming(int64_t depth, int64_t observed)
{
    struct er_recovery p = factorised_problem(ER_COMPLETION, 9, 12, observed, 0);
    for (enum er_factor_optimiser o = ER_FACTOR_DESCENT; o <= ER_FACTOR_ADAM; o++) {
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = depth;
        spec.optimiser = o;
        spec.scale = 0.1;
        struct er_factorisation *f = factorised(&p, &spec), *g = factorised(&p, &spec);
        const struct er_factorise_until until = {40, -1, -1, 1e-9, 7};
        enum er_factorise_end end;
        factorised_run(f, 10, NULL);
        T_STATUS(er_factorisation_run(f, &(struct er_factorise_until){20, -1, -1, 1e-9, 7}, NULL, NULL, &end,
                                      &err),
                 ER_OK, "to 20");
        const size_t bytes = er_factorisation_state_bytes(f);
        void *state = er_alloc((int64_t)bytes, 1);
        er_factorisation_state(f, state);
        T_STATUS(er_factorisation_restore(g, state, bytes, &err), ER_OK, "restored");
        T_EQ_INT(er_factorisation_step(g), 20, "its step");
        T_STATUS(er_factorisation_run(f, &until, NULL, NULL, &end, &err), ER_OK, "on");
        T_STATUS(er_factorisation_run(g, &until, NULL, NULL, &end, &err), ER_OK, "on elsewhere");
        er_factorisation_state(f, state);
        void *other = er_alloc((int64_t)bytes, 1);
        er_factorisation_state(g, other);
        T_OK(memcmp(state, other, bytes) == 0, "optimiser %d: the same bits", (int)o);
        T_STATUS(er_factorisation_restore(g, state, bytes - 1, &err), ER_E_INPUT, "a state cut short");
        memset(state, 0, bytes);
        T_STATUS(er_factorisation_restore(g, state, bytes, &err), ER_E_INPUT, "another's state");
        er_free(state);
        er_free(other);
        er_factorisation_free(f);
        er_factorisation_free(g);
    }
    er_recovery_clear(&p);
}

static void test_refusals(void)
{
    struct er_recovery p = factorised_problem(ER_COMPLETION, 4, 4, 8, 0);
    struct er_factorisation *f = NULL;
    for (int i = 0; i < 10; i++) {
        struct er_factorise_spec spec = er_factorise_spec_default();
        if (i > 5) spec.optimiser = ER_FACTOR_ADAM;
        if (i == 0) spec.depth = 0;
        if (i == 1) spec.depth = ER_FACTORS_MOST + 1;
        if (i == 2) spec.width = -1;
        if (i == 3) spec.scale = 0;
        if (i == 4) spec.rate = (double)NAN;
        if (i == 5) spec.weight_decay = -1;
        if (i == 6) spec.decay = 1;
        if (i == 7) spec.momentum = -0.1;
        if (i == 8) spec.epsilon = 0;
        if (i == 9) spec.width = ER_FACTOR_WIDTH_MOST + 1;
        T_STATUS(er_factorisation_new(&p, &spec, &f, &err), ER_E_USAGE, "what can't be: %d", i);
    }
    T_OK(!f, "nothing was made");
    er_recovery_clear(&p);
}

static void test_memory(void)
{
    for (int i = 0; i < 6; i++) {
        struct er_recovery p =
            factorised_problem(i == 5 ? ER_SENSING : ER_COMPLETION, 5, 7, i == 4 ? 34 : 20, 0);
        struct er_factorise_spec spec = er_factorise_spec_default();
        struct er_factorisation *f;
        double s[5], w[35];
        spec.depth = 1 + i;
        spec.width = 4;
        spec.start = (enum er_factor_start)(i % 4);
        spec.optimiser = ER_FACTOR_ADAM;
        spec.single = i % 2 == 1;
        T_ALLOCATIONS(er_factorisation_new(&p, &spec, &f, &err), er_factorisation_free(f), "made, case %d",
                      i);
        f = factorised(&p, &spec);
        T_ALLOCATIONS(er_factorisation_singular_values(f, s, &err), (void)0, "its singular values");
        if (i > 0) T_ALLOCATIONS(er_factorisation_product(f, w, &err), (void)0, "its product");
        T_OK(er_factorise_bytes(p.kind, 5, 7, p.n, &spec) > (double)er_factorisation_state_bytes(f),
             "bytes count");
        er_factorisation_free(f);
        er_recovery_clear(&p);
    }
}

static bool count(void *ctx, size_t bytes)
{
    *(double *)ctx += (double)bytes;
    return true;
}

/* What is said to be needed is what is asked for, in sizes where blocks outweigh lists and most is held at once: two narrow factors
 * by turns, and the decomposition that a balanced start stands on. */
static void test_bytes(void)
{
    struct er_recovery p = factorised_problem(ER_COMPLETION, 150, 120, 300, 0);
    for (enum er_factor_start start = ER_FACTOR_GAUSSIAN; start <= ER_FACTOR_ORTHOGONAL; start++)
        for (int64_t depth = 1; depth <= 2; depth++) {
            struct er_factorise_spec spec = er_factorise_spec_default();
            struct er_factorisation *f = NULL;
            double asked = 0;
            spec.depth = depth;
            spec.width = 20;
            spec.start = start;
            const double said = er_factorise_bytes(p.kind, p.rows, p.columns, p.n, &spec);
            er_alloc_set_hook(count, &asked);
            T_STATUS(er_factorisation_new(&p, &spec, &f, &err), ER_OK, "made");
            er_alloc_set_hook(NULL, NULL);
            er_factorisation_free(f);
            T_OK(said > 0.7 * asked && said < 1.2 * asked, "start %d, depth %d: %g bytes, %g asked for",
                 (int)start, (int)depth, said, asked);
        }
    /* Products of the largest sides and widths are counted without running over. */
    struct er_factorise_spec most = er_factorise_spec_default();
    most.depth = ER_FACTORS_MOST;
    most.width = ER_FACTOR_WIDTH_MOST;
    const double width = ER_FACTOR_WIDTH_MOST, numbers = 14 * width * width + 2 * width * INT32_MAX;
    T_OK(er_factorise_bytes(ER_COMPLETION, INT32_MAX, INT32_MAX, 1, &most) > 2 * 8 * numbers, "not run over");
    er_recovery_clear(&p);
}

int main(void)
{
    test_threads();
    check_resuming(3, 60);
    check_resuming(1, 25);
    test_refusals();
    test_memory();
    test_bytes();
    return t_done();
}
