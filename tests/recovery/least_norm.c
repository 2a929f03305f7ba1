/* Least norms of whatever solver: the Frobenius norm; the same bits for any number of threads, refusals, allocations. */
#include "support/completion.h"
#include "t.h"

#include <ermine/nuclear.h>
#include <float.h>

enum { MOST = 400 };

static struct er_error err;

/* A smaller norm than any other solution's, whose difference is orthogonal to it. */
static void test_frobenius(void)
{
    struct er_recovery p = made_recovery(ER_SENSING, 8, 6, 2, 30, 0, 8);
    struct er_nuclear_result r;
    double x[MOST], other[MOST], inner = 0, square = 0, larger = 0;
    const struct er_nuclear_spec nuclear = er_nuclear_spec_default();
    T_STATUS(er_nuclear_minimum(&p, &nuclear, other, NULL, &r, NULL, NULL, &err), ER_OK, "another");
    T_STATUS(er_frobenius_minimum(&p, x, &r, NULL, NULL, &err), ER_OK, "sensing");
    for (int64_t i = 0; i < 48; i++) {
        inner += x[i] * (other[i] - x[i]);
        square += x[i] * x[i];
        larger += other[i] * other[i];
    }
    T_OK(larger > 1.1 * square, "the least nuclear norm is no least Frobenius norm");
    T_CLOSE(inner, 0, 1e-12 * square, "orthogonal to what is not seen");
    T_CLOSE(r.primal, sqrt(square), 1e-14 * r.primal, "its norm");
    T_OK(r.gap >= 0 && r.gap < 1e-12 && r.violation < 1e-12 && r.iterations == 0, "certified: %g, %g", r.gap,
         r.violation);
    er_recovery_clear(&p);
    p = made_recovery(ER_COMPLETION, 5, 7, 2, 20, 0, 9);
    double sum = 0;
    T_STATUS(er_frobenius_minimum(&p, x, &r, NULL, NULL, &err), ER_OK, "completion");
    for (int64_t i = 0; i < 35; i++) sum += x[i] != 0;
    T_OK(sum == 20 && er_recovery_loss(&p, x) == 0 && r.gap < 4 * DBL_EPSILON,
         "zeros beside what is observed");
    er_recovery_clear(&p);
}

static void test_threads(void)
{
    struct er_recovery p[2] = {made_recovery(ER_COMPLETION, 20, 15, 2, 150, 0, 1),
                               made_recovery(ER_SENSING, 9, 8, 1, 70, 0, 2)};
    double x[2][MOST], other[MOST];
    const struct er_nuclear_spec spec = er_nuclear_spec_default();
    struct er_nuclear_result r;
    for (int k = 0; k < 2; k++)
        T_STATUS(er_nuclear_minimum(&p[k], &spec, x[k], NULL, &r, NULL, NULL, &err), ER_OK, "no pool");
    for (int threads = 2; threads <= 3; threads++) {
        struct er_pool *pool = NULL;
        T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "a pool");
        for (int k = 0; k < 2; k++) {
            T_STATUS(er_nuclear_minimum(&p[k], &spec, other, NULL, &r, pool, NULL, &err), ER_OK, "solved");
            T_OK(memcmp(x[k], other, (size_t)(p[k].rows * p[k].columns) * sizeof *other) == 0,
                 "%d threads: the same bits", threads);
        }
        er_pool_free(pool);
    }
    for (int k = 0; k < 2; k++) er_recovery_clear(&p[k]);
}

static void test_refusals(void)
{
    struct er_recovery p = made_recovery(ER_SENSING, 3, 3, 1, 6, 0, 4),
                       c = made_recovery(ER_COMPLETION, 4, 3, 1, 8, 0, 4);
    struct er_nuclear_spec spec = er_nuclear_spec_default();
    struct er_nuclear_result r;
    atomic_bool stop = true;
    double x[MOST];
    T_ALLOCATIONS(er_nuclear_minimum(&p, &spec, x, NULL, &r, NULL, NULL, NULL), , "allocations of sensing");
    T_ALLOCATIONS(er_frobenius_minimum(&p, x, &r, NULL, NULL, NULL), , "allocations of the Frobenius norm");
    spec.tolerance = 0.1;
    T_ALLOCATIONS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, NULL, NULL), , "with a tolerance");
    spec.method = ER_NUCLEAR_SPLITTING;
    T_ALLOCATIONS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, NULL, NULL), , "of splitting");
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, &progress, &err), ER_E_STOPPED, "splitting");
    T_STATUS(er_nuclear_minimum(&p, &spec, x, NULL, &r, NULL, NULL, &err), ER_E_USAGE,
             "splitting of sensing");
    spec.method = ER_NUCLEAR_AUTO;
    T_STATUS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, &progress, &err), ER_E_STOPPED,
             "interior point");
    spec.tolerance = -1;
    T_STATUS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, NULL, &err), ER_E_USAGE, "tolerance below 0");
    spec = (struct er_nuclear_spec){.gap = (double)NAN};
    T_STATUS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, NULL, &err), ER_E_USAGE, "no gap");
    spec = (struct er_nuclear_spec){.iterations = -1};
    T_STATUS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, NULL, &err), ER_E_USAGE, "iterations below 0");
    spec = er_nuclear_spec_default();
    c.train.value[2] = (double)NAN;
    T_STATUS(er_nuclear_minimum(&c, &spec, x, NULL, &r, NULL, NULL, &err), ER_E_NONFINITE, "not a number");
    for (int64_t i = 0; i < 9; i++) p.a[9 + i] = 2 * p.a[i];
    T_STATUS(er_nuclear_minimum(&p, &spec, x, NULL, &r, NULL, NULL, &err), ER_E_INPUT, "one twice");
    T_STATUS(er_frobenius_minimum(&p, x, &r, NULL, NULL, &err), ER_E_INPUT, "one twice");
    T_OK(er_nuclear_bytes(&c, &spec) > 8 * (8 * 8 + 9 * 49), "bytes: the system and nine matrices at least");
    er_recovery_clear(&p);
    er_recovery_clear(&c);
}

int main(void)
{
    test_frobenius();
    test_threads();
    test_refusals();
    return t_done();
}
