/* Problems of recovery: norms and ranks of truths, what more observations share with fewer, moments, loss and gradient against
 * differences, splits of ratings. */
#include "t.h"

#include <ermine/random.h>
#include <ermine/recovery.h>
#include <float.h>
#include <string.h>

static struct er_error err;

static struct er_recovery made(const struct er_recovery_spec *spec)
{
    struct er_recovery p = {0};
    T_STATUS(er_recovery_new(spec, &p, &err), ER_OK, "a problem");
    return p;
}

static double mean_square(int64_t n, const double *v)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += v[i] * v[i];
    return sum / (double)n;
}

/* Self-test 11 of the reference: unit mean square, and the zero matrix has risk 1. */
static void test_truth(void)
{
    static const struct er_recovery_spec spec[] = {
        {ER_COMPLETION, false, 50, 50, 3, 625, 0, 1},
        {ER_COMPLETION, false, 30, 12, 2, 100, 0, 2},
        {ER_COMPLETION, true, 20, 20, 4, 100, 0, 3},
        {ER_SENSING, false, 8, 15, 1, 20, 0, 4},
    };
    for (size_t c = 0; c < sizeof spec / sizeof *spec; c++) {
        struct er_recovery p = made(&spec[c]);
        const int64_t n = p.rows * p.columns;
        double s[50], *zero = er_alloc(n, sizeof *zero);
        T_CLOSE(mean_square(n, p.truth), 1, 1e-13, "||W*||_F^2 / entries, case %d", (int)c);
        T_CLOSE(er_recovery_risk(&p, zero), 1, 1e-13, "risk of zero");
        T_OK(er_recovery_risk(&p, p.truth) == 0, "risk of the truth");
        T_CLOSE(er_recovery_loss(&p, p.truth), 0, 1e-28, "its loss");
        T_STATUS(er_singular_values(p.rows, p.columns, p.truth, s, &err), ER_OK, "its singular values");
        T_OK(s[spec[c].rank - 1] > 0.01 * s[0] && s[spec[c].rank] < 1e-14 * s[0], "its rank");
        double odd = 0, trace = 0;
        for (int64_t i = 0; i < p.rows && spec[c].symmetric; i++) {
            trace += p.truth[i * (p.columns + 1)];
            for (int64_t j = 0; j < i; j++)
                odd = fmax(odd, fabs(p.truth[i * p.columns + j] - p.truth[j * p.columns + i]));
        }
        T_OK(odd == 0, "symmetric to the bit");
        if (spec[c].symmetric)
            T_CLOSE(trace, er_nuclear_norm(p.rows, s), 1e-12 * trace, "positive semidefinite");
        er_free(zero);
        er_recovery_clear(&p);
    }
}

/* What is observed of a place; NaN where nothing is. */
static double observed(const struct er_sparse *s, int64_t i, int32_t j)
{
    for (int64_t e = s->row_start[i]; e < s->row_start[i + 1]; e++)
        if (s->column[e] == j) return s->value[e];
    return NAN;
}

static void test_completion(void)
{
    struct er_recovery_spec spec = {ER_COMPLETION, false, 25, 40, 2, 300, 0.5, 9};
    struct er_recovery few = made(&spec), quiet, all, other;
    spec.noise = 0;
    quiet = made(&spec);
    spec.observed = 1000;
    spec.noise = 0.25;
    all = made(&spec);
    T_EQ_INT(few.train.n, 300, "entries");
    T_EQ_INT(few.n, 300, "observations");
    T_EQ_INT(few.test.n, 0, "nothing is held out of a known truth");
    T_OK(!memcmp(few.truth, all.truth, 1000 * sizeof *all.truth), "the truth does not depend on them");
    double worst = 0, places = 0, square = 0, spread[2] = {0, 0};
    for (int64_t i = 0; i < 25; i++)
        for (int32_t j = 0; j < 40; j++) {
            const double truth = few.truth[i * 40 + j], noise = observed(&few.train, i, j) - truth;
            square += pow((observed(&all.train, i, j) - truth) / 0.25, 2) / 1000;
            if (isnan(noise)) continue;
            worst = fmax(worst, fabs(noise - 2 * (observed(&all.train, i, j) - truth)));
            worst = fmax(worst, fabs(observed(&quiet.train, i, j) - truth));
            places++;
            spread[0] += (double)i / 300;
            spread[1] += (double)j / 300;
        }
    T_EQ_INT((int64_t)places, 300, "distinct places");
    T_CLOSE(worst, 0, 64 * DBL_EPSILON, "more observations begin with the fewer; noise has one shape");
    T_CLOSE(square, 1, 5 * sqrt(2.0 / 1000), "its variance, 5 standard deviations");
    T_CLOSE(spread[0], 12, 5 * 7.2 / sqrt(300), "uniform over rows");
    T_CLOSE(spread[1], 19.5, 5 * 11.5 / sqrt(300), "uniform over columns");
    spec.seed = 10;
    other = made(&spec);
    T_OK(memcmp(other.truth, all.truth, 1000 * sizeof *all.truth) != 0, "another seed, another truth");
    er_recovery_clear(&few);
    er_recovery_clear(&quiet);
    er_recovery_clear(&all);
    er_recovery_clear(&other);
}

/* Places and noise by their streams, in the order of the permutation: nothing that is drawn twice. */
static void test_streams(void)
{
    const struct er_recovery_spec spec = {ER_COMPLETION, false, 9, 7, 2, 40, 0.5, 21};
    struct er_recovery p = made(&spec);
    struct er_random places = er_random_open(21, er_stream(ER_PURPOSE_PLACES, 0)),
                     noise = er_random_open(21, er_stream(ER_PURPOSE_OBSERVATIONS, 0));
    int64_t order[63];
    er_random_permutation(&places, 63, order);
    for (int k = 0; k < 40; k++)
        T_CLOSE(observed(&p.train, order[k] / 7, (int32_t)(order[k] % 7)),
                p.truth[order[k]] + 0.5 * er_random_normal(&noise), 4 * DBL_EPSILON, "observation %d", k);
    er_recovery_clear(&p);
}

static void test_sensing(void)
{
    struct er_recovery_spec spec = {ER_SENSING, false, 12, 10, 2, 40, 0, 5};
    struct er_recovery few = made(&spec), many;
    spec.observed = 400;
    spec.noise = 0.1;
    many = made(&spec);
    T_OK(!memcmp(few.a, many.a, 40 * 120 * sizeof *few.a), "more measurements begin with the fewer");
    T_CLOSE(mean_square(400 * 120, many.a) * 120, 1, 5 * sqrt(2.0 / 48000), "elements N(0, 1 / entries)");
    T_CLOSE(mean_square(400, many.y), 1 + 0.01, 5 * sqrt(2.0 / 400), "E y^2 = 1 and the noise's variance");
    T_CLOSE(er_recovery_loss(&many, many.truth), 0.01, 5 * 0.01 * sqrt(2.0 / 400), "the noise's variance");
    er_recovery_clear(&few);
    er_recovery_clear(&many);
}

/* L is quadratic: central differences have no error but rounding, a few DBL_EPSILON L / h. */
static void test_gradient(void)
{
    static const struct er_recovery_spec spec[] = {{ER_COMPLETION, false, 6, 9, 2, 30, 0.1, 6},
                                                   {ER_SENSING, false, 7, 4, 2, 20, 0.1, 7}};
    for (int c = 0; c < 2; c++) {
        struct er_recovery p = made(&spec[c]);
        double w[64], g[64];
        for (int i = 0; i < 64; i++) w[i] = sin(3 * i);
        er_recovery_gradient(&p, w, g);
        for (int64_t i = 0; i < p.rows * p.columns; i++) {
            const double h = 0.125, at = w[i];
            w[i] = at + h;
            const double up = er_recovery_loss(&p, w);
            w[i] = at - h;
            T_CLOSE((up - er_recovery_loss(&p, w)) / (2 * h), g[i], 1e-13, "case %d, entry %d", c, (int)i);
            w[i] = at;
        }
        er_recovery_clear(&p);
    }
}

/* Of one permutation the first are observed and the next held out, however many are asked for: none is in both. */
static void check_places(const struct er_ratings *r)
{
    static const int64_t tests[] = {1, 5, 13, 20, 0};
    int64_t order[48];
    struct er_random places = er_random_open(3, er_stream(ER_PURPOSE_PLACES, 0));
    er_random_permutation(&places, r->n, order);
    for (size_t c = 0; c < sizeof tests / sizeof *tests; c++) {
        const int64_t train = 12, test = tests[c] > 0 ? tests[c] : r->n - train;
        struct er_recovery p = {0};
        T_STATUS(er_recovery_from_ratings(r, train, tests[c], 3, &p, &err), ER_OK, "%d held out", (int)test);
        T_OK(p.train.n == train && p.test.n == test, "%d and %d", (int)p.train.n, (int)p.test.n);
        for (int64_t k = 0; k < r->n; k++) {
            const int64_t at = order[k];
            const double *value = &r->value[at];
            const double in_train = observed(&p.train, r->row[at], r->column[at]),
                         in_test = observed(&p.test, r->row[at], r->column[at]);
            T_OK(k < train ? in_train == *value : isnan(in_train), "of %d, rating %d: observed", (int)test,
                 (int)k);
            T_OK(k >= train && k < train + test ? in_test == *value : isnan(in_test),
                 "of %d, rating %d: held out", (int)test, (int)k);
        }
        er_recovery_clear(&p);
    }
}

/* 8 x 6 "ratings", value = 10 row + column, of which every third pair is missing. */
static void test_ratings(void)
{
    int32_t row[48], column[48];
    double value[48];
    struct er_ratings r = {.rows = 8, .columns = 6, .row = row, .column = column, .value = value};
    struct er_recovery p = {0}, q = {0};
    for (int32_t i = 0; i < 8; i++)
        for (int32_t j = 0; j < 6; j++) {
            if ((6 * i + j) % 3 == 0) continue;
            row[r.n] = i;
            column[r.n] = j;
            value[r.n++] = 10 * i + j;
        }
    T_STATUS(er_recovery_from_ratings(&r, 10, 0, 3, &p, &err), ER_OK, "all others are held out");
    T_EQ_INT(p.train.n + p.test.n, r.n, "all of them");
    T_OK(p.kind == ER_COMPLETION && p.n == 10 && !p.truth && p.rows == 8 && p.columns == 6, "a completion");
    for (int64_t k = 0; k < r.n; k++) {
        const double train = observed(&p.train, row[k], column[k]),
                     test = observed(&p.test, row[k], column[k]);
        T_OK(isnan(train) ? test == value[k] : train == value[k] && isnan(test), "rating %d once", (int)k);
    }
    double w[48] = {0}, want = 0;
    for (int64_t k = 0; k < r.n; k++)
        if (isnan(observed(&p.train, row[k], column[k]))) want += value[k] * value[k];
    T_CLOSE(er_recovery_risk(&p, w), want / (double)p.test.n, 1e-12 * want, "risk over what is held out");
    T_STATUS(er_recovery_from_ratings(&r, 12, 5, 3, &q, &err), ER_OK, "five are held out");
    T_OK(q.train.n == 12 && q.test.n == 5, "so many");
    for (int64_t k = 0; k < r.n; k++)
        T_OK(isnan(observed(&p.train, row[k], column[k])) || !isnan(observed(&q.train, row[k], column[k])),
             "more begin with the fewer");
    er_recovery_clear(&q);
    er_recovery_clear(&p);
    T_STATUS(er_recovery_from_ratings(&r, r.n, 0, 3, &p, &err), ER_OK, "none is left");
    T_OK(isnan(er_recovery_risk(&p, w)), "no risk is known");
    er_recovery_clear(&p);
    T_STATUS(er_recovery_from_ratings(&r, r.n + 1, 0, 3, &p, &err), ER_E_USAGE, "too many");
    T_STATUS(er_recovery_from_ratings(&r, 10, r.n - 9, 3, &p, &err), ER_E_USAGE, "too many to hold out");
    T_STATUS(er_recovery_from_ratings(&r, 0, 0, 3, &p, &err), ER_E_USAGE, "none to train on");
    T_ALLOCATIONS(er_recovery_from_ratings(&r, 10, 0, 3, &p, &err), er_recovery_clear(&p), "allocations");
    check_places(&r);
}

static void test_refused(void)
{
    static const struct er_recovery_spec bad[] = {
        {ER_COMPLETION, false, 0, 5, 1, 5, 0, 1},         {ER_COMPLETION, false, 5, 5, 6, 5, 0, 1},
        {ER_COMPLETION, false, 5, 5, 0, 5, 0, 1},         {ER_COMPLETION, false, 5, 5, 1, 26, 0, 1},
        {ER_COMPLETION, true, 5, 6, 1, 5, 0, 1},          {ER_COMPLETION, false, 5, 5, 1, 0, 0, 1},
        {ER_COMPLETION, false, 5, 5, 1, 5, -1, 1},        {ER_COMPLETION, false, 5, 5, 1, 5, NAN, 1},
        {ER_COMPLETION, false, 50000, 50000, 1, 5, 0, 1},
    };
    struct er_recovery p = {0};
    for (size_t c = 0; c < sizeof bad / sizeof *bad; c++)
        T_STATUS(er_recovery_new(&bad[c], &p, &err), ER_E_USAGE, "case %d: %s", (int)c, err.msg);
    const struct er_recovery_spec spec[] = {{ER_COMPLETION, false, 5, 6, 2, 7, 0, 1},
                                            {ER_COMPLETION, true, 5, 5, 2, 7, 0, 1},
                                            {ER_SENSING, false, 5, 6, 2, 7, 0, 1}};
    for (int c = 0; c < 3; c++)
        T_ALLOCATIONS(er_recovery_new(&spec[c], &p, &err), er_recovery_clear(&p), "allocations, case %d", c);
}

int main(void)
{
    test_truth();
    test_completion();
    test_streams();
    test_sensing();
    test_gradient();
    test_ratings();
    test_refused();
    return t_done();
}
