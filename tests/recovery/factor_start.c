/* Starts of deep factorisations: each factor is drawn from a stream of its own, whatever the shape and the precision. */
#include "support/factorised.h"
#include "support/needed.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>

enum { SIDE = 24, DEPTH = 4 };

static double inner(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < SIDE * SIDE; i++) sum += a[i] * b[i];
    return sum;
}

static struct er_factorisation *started(const struct er_recovery *p, enum er_factor_start start)
{
    struct er_factorise_spec spec = er_factorise_spec_default();
    spec.depth = DEPTH;
    spec.start = start;
    spec.scale = 1;
    spec.seed = 5;
    return factorised(p, &spec);
}

/* N(0, 1 / width) of stream (seed, factors, j). */
static void test_gaussian(const struct er_recovery *p)
{
    struct er_factorisation *f = started(p, ER_FACTOR_GAUSSIAN);
    double *w = needed(SIDE * SIDE, sizeof *w);
    for (int64_t j = 1; j <= DEPTH; j++) {
        struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_FACTORS, (uint64_t)j));
        er_factorisation_factor(f, j, w);
        for (int i = 0; i < SIDE * SIDE; i++)
            T_CLOSE(w[i], er_random_normal(&r) / sqrt((double)SIDE), 8 * DBL_EPSILON, "factor %d, number %d",
                    (int)j, i);
    }
    er_free(w);
    er_factorisation_free(f);
}

/* Orthogonal matrices of their own: the cosine of two has deviation 1 / SIDE. */
static void test_orthogonal(const struct er_recovery *p)
{
    struct er_factorisation *f = started(p, ER_FACTOR_ORTHOGONAL);
    double *w = needed(DEPTH * SIDE * SIDE, sizeof *w);
    for (int j = 0; j < DEPTH; j++) {
        er_factorisation_factor(f, j + 1, w + j * SIDE * SIDE);
        for (int i = 0; i < j; i++)
            T_CLOSE(inner(w + i * SIDE * SIDE, w + j * SIDE * SIDE) / SIDE, 0, 5.0 / SIDE,
                    "cosine of factors %d and %d", i + 1, j + 1);
    }
    er_free(w);
    er_factorisation_free(f);
}

int main(void)
{
    struct er_recovery p = factorised_problem(ER_COMPLETION, SIDE, SIDE, 100, 0.1);
    test_gaussian(&p);
    test_orthogonal(&p);
    er_recovery_clear(&p);
    return t_done();
}
