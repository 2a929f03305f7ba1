/* Expectations over signs: by hand and from the reference (C17 to C20), and sampled ones against exact ones. */
#include "t.h"

#include <ermine/bounds.h>
#include <ermine/random.h>

static const double PRINTED = 5.0001e-11;

/* Equal to the bit. */
static bool same(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static double l2(int64_t m, int64_t d, const float *x, double B)
{
    struct er_error err = {0};
    struct er_rademacher r = {0};
    T_STATUS(er_rademacher_l2(m, d, x, B, NULL, &r, &err), ER_OK, "l2 ball");
    T_OK(r.draws == 0 && r.standard_error == 0, "is exact");
    return r.mean;
}

static double vectors(int64_t n, int64_t m, const double *a)
{
    struct er_error err = {0};
    struct er_rademacher r = {0};
    T_STATUS(er_rademacher_vectors(n, m, a, NULL, &r, &err), ER_OK, "%d vectors", (int)n);
    return r.mean;
}

static void test_balls(void)
{
    const float x[] = {1, 0, 0, 2, 1, 1};
    struct er_error err = {0};
    struct er_rademacher r = {0};
    T_CLOSE(l2(3, 2, x, 3), 2.4604048132, PRINTED, "E |sum sigma x|");
    T_CLOSE(l2(3, 2, x, 1.5), 1.2302024066, PRINTED, "|w|_2 <= 1.5");
    T_CLOSE(er_rademacher_l2_bound(1.5, sqrt(7), 3), 1.3228756555, PRINTED, "its bound");
    T_STATUS(er_rademacher_l1(3, 2, x, 1.5, NULL, &r, &err), ER_OK, "l1 ball");
    T_CLOSE(r.mean, 1.125, 1e-15, "|w|_1 <= 1.5");
    T_CLOSE(er_rademacher_l1_bound(1.5, 2, 2, 3), 2.8840537732, PRINTED, "its bound");
    const double K[] = {1, 0, 1, 0, 4, 2, 1, 2, 2}; /* of <x, x'> */
    T_STATUS(er_rademacher_kernel(3, K, 1.5, NULL, &r, &err), ER_OK, "kernel ball");
    T_CLOSE(r.mean, 1.2302024066, PRINTED, "of the linear kernel");
    T_CLOSE(er_rademacher_kernel_bound(1.5, 7, 3), 1.3228756555, PRINTED, "its bound");
}

static void test_sets(void)
{
    const double three[] = {1, 1, 1, 1, -1, 1, -1, -1, 1};
    T_CLOSE(vectors(3, 3, three), .5, 1e-15, "C18: three functions");
    T_CLOSE(er_rademacher_massart(sqrt(3), log(3), 3), 0.8558085022, PRINTED, "Massart");
    T_CLOSE(vectors(1, 3, three), 0, 1e-15, "one function");
    double all[8 * 3], step[5 * 4];
    for (int j = 0; j < 8; j++)
        for (int i = 0; i < 3; i++) all[3 * j + i] = j >> i & 1 ? 1 : -1;
    T_CLOSE(vectors(8, 3, all), 1, 1e-15, "all sign patterns");
    for (int j = 0; j < 5; j++)
        for (int i = 0; i < 4; i++) step[4 * j + i] = i >= j ? 1 : -1;
    T_CLOSE(vectors(5, 4, step), 0.59375, 1e-15, "C19: increasing thresholds");
}

/* C20: averaged over all labelings of four points, every rule that has seen two of them is wrong half of the time on the
 * others. A rule gives both predictions for each of the four labels that it may have seen: there are 4^4. */
static void test_no_free_lunch(void)
{
    for (int rule = 0; rule < 256; rule++) {
        int wrong = 0;
        for (int labeling = 0; labeling < 16; labeling++) {
            const int seen = labeling & 3, predicted = rule >> 2 * seen & 3, unseen = labeling >> 2;
            wrong += (predicted & 1) != (unseen & 1);
            wrong += (predicted >> 1) != (unseen >> 1);
        }
        T_EQ_INT(wrong, 16, "rule %d: half of 32 predictions", rule);
    }
}

/* A sample of signs agrees with all of them to some standard errors, and is a function of its seed. */
static void test_draws(void)
{
    enum { M = 17, D = 3 };
    struct er_error err = {0};
    struct er_rademacher drawn, again, more;
    float x[M * D];
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 1));
    for (int i = 0; i < M * D; i++) x[i] = (float)er_random_normal(&r);
    /* All signs of 17 points: the mean over the last one's sign of vectors of 16, by symmetry 2^16 of them. */
    double exact = 0;
    for (int code = 0; code < 1 << M; code++) {
        double square = 0;
        for (int k = 0; k < D; k++) {
            double sum = 0;
            for (int i = 0; i < M; i++) sum += (code >> i & 1 ? 1 : -1) * (double)x[D * i + k];
            square += sum * sum;
        }
        exact += sqrt(square);
    }
    exact *= 2 / exp2(M) / M;
    struct er_rademacher_options o = er_rademacher_options_default();
    o.draws = 4000;
    T_STATUS(er_rademacher_l2(M, D, x, 2, &o, &drawn, &err), ER_OK, "drawn");
    T_EQ_INT(drawn.draws, 4000, "draws");
    T_OK(drawn.standard_error > 0 && drawn.standard_error < .02 * drawn.mean, "its standard error %g",
         drawn.standard_error);
    T_CLOSE(drawn.mean, exact, 4 * drawn.standard_error, "drawn against all");
    T_STATUS(er_rademacher_l2(M, D, x, 2, &o, &again, &err), ER_OK, "again");
    T_OK(same(&drawn.mean, &again.mean, sizeof drawn.mean), "the same bits");
    o.seed = 1;
    T_STATUS(er_rademacher_l2(M, D, x, 2, &o, &more, &err), ER_OK, "another seed");
    T_OK(fabs(more.mean - drawn.mean) > 0 && fabs(more.mean - exact) < 4 * more.standard_error,
         "other draws");
}

static void test_errors(void)
{
    const float x[20] = {1}, bad[2] = {1, NAN};
    struct er_error err;
    struct er_rademacher r = {.mean = 5};
    const struct er_rademacher_options one = {.draws = 1};
    T_STATUS(er_rademacher_l2(0, 2, x, 1, NULL, &r, &err), ER_E_USAGE, "no example");
    T_STATUS(er_rademacher_l2(20, 1, x, 1, &one, &r, &err), ER_E_USAGE, "one draw has no standard error");
    T_STATUS(er_rademacher_l2(2, 1, bad, 1, NULL, &r, &err), ER_E_NONFINITE, "NaN");
    T_STATUS(er_rademacher_l1(2, 1, bad, 1, NULL, &r, &err), ER_E_NONFINITE, "NaN in the largest");
    T_EQ_INT(r.mean, 5, "nothing was written");
    T_ALLOCATIONS(er_rademacher_l2(2, 1, x, 1, NULL, &r, &err), (void)0, "l2");
}

int main(void)
{
    test_balls();
    test_sets();
    test_no_free_lunch();
    test_draws();
    test_errors();
    return t_done();
}
