/* Single scores, baselines, levels, and gaps predicted by one measure. */
#include "t.h"

#include <ermine/random.h>
#include <ermine/rank_scores.h>
#include <float.h>

enum { N = 8 };

static const double gap8[N] = {0.10, 0.14, 0.12, 0.20, 0.18, 0.16, 0.24, 0.22};
static const int32_t a8[N] = {0, 0, 0, 0, 1, 1, 1, 1}, b8[N] = {0, 0, 1, 1, 0, 0, 1, 1},
                     c8[N] = {0, 1, 0, 1, 0, 1, 0, 1};
static const struct er_rank_parameter axes8[] = {{.name = "a", .levels = 2, .level = a8, .better = 1},
                                                 {.name = "b", .levels = 2, .level = b8, .better = -1},
                                                 {.name = "c", .levels = 2, .level = c8}};
static const struct er_rank_table table8 = {.n = N, .gap = gap8, .parameters = 3, .parameter = axes8};

static double score(const double *value)
{
    struct er_error err = {0};
    double is = NAN;
    T_STATUS(er_rank_pgdl(&table8, value, &is, &err), ER_OK, "the score of a task");
    return is;
}

static void check_c11_c12_pgdl(void)
{
    const double mu[N] = {1, 2, 4, 3, 6, 5, 7, 8}, other[N] = {3, 1, 2, 5, 4, 8, 6, 7};
    double minus[N], against[N];
    for (int i = 0; i < N; i++) {
        minus[i] = -mu[i];
        against[i] = -gap8[i];
    }
    T_CLOSE(score(mu), 27.19509073, 1e-8, "c11: task score");
    T_CLOSE(score(gap8), 100, 1e-8, "c11: the gap itself");
    T_CLOSE(score(against), 59.88613307, 1e-8,
            "c11, trap 7: minus the gap, by the pairs of a model with itself");
    T_CLOSE(score(minus), 13.71639652, 1e-8, "c11: minus mu");
    T_CLOSE(score((const double[N]){1, 1, 1, 1, 1, 1, 1, 1}), 0, 0, "c11: a constant");
    T_CLOSE(score(other), 29.80073288, 1e-8, "c12: the second task");
    T_CLOSE((score(mu) + score(other)) / 2, 28.4979118030, 1e-8, "c12: both");

    struct er_error err = {0};
    double is = 7;
    struct er_rank_table holed = table8;
    holed.n = 7;
    T_STATUS(er_rank_pgdl(&holed, mu, &is, &err), ER_E_UNSUPPORTED, "a hole in the grid");
    holed.n = N;
    holed.parameters = 2;
    T_STATUS(er_rank_pgdl(&holed, mu, &is, &err), ER_E_UNSUPPORTED, "two models in each cell");
    holed.parameters = 1;
    T_STATUS(er_rank_pgdl(&holed, mu, &is, &err), ER_E_UNSUPPORTED, "one hyper-parameter");
    minus[3] = NAN;
    T_STATUS(er_rank_pgdl(&table8, minus, &is, &err), ER_E_NONFINITE, "a model without a value");
    T_CLOSE(is, 7, 0, "the score is untouched");
}

static void check_c43_weights(void)
{
    /* w itself is the weight plus a half, where it is above a half */
    T_CLOSE(er_rank_pair_weight(0.01, 10000), 0, 0, "c43: w(0.01) = 0");
    T_CLOSE(er_rank_pair_weight(0.015, 10000), 0, 0, "c43: w(0.015) is below a half");
    T_CLOSE(er_rank_pair_weight(0.02, 10000), 0.0319214226, 1e-10, "c43: w+(0.02)");
    T_CLOSE(er_rank_pair_weight(-0.03, 10000), 0.4560576531, 1e-10, "c43: w(0.03)");
    T_CLOSE(er_rank_pair_weight(0.05, 10000), 0.4999850934, 1e-10, "c43: w(0.05)");
    T_CLOSE(er_rank_pair_weight(0.0196015018, 10000), 0, 1e-8, "c43: a half at 0.0196015018");
    T_OK(er_rank_pair_weight(0.0196015018 + 1e-9, 10000) > 0, "c43: above it something is left");
    T_CLOSE(er_rank_pair_weight(0, 0), 1, 0, "without a test size all pairs weigh 1");
    const double first[] = {0.10, 0.12, 0.11}, second[] = {0.16, 0.13, 0.19};
    double sum = 0, square = 0;
    for (int i = 0; i < 9; i++) {
        const double w = er_rank_pair_weight(first[i / 3] - second[i % 3], 10000);
        sum += w;
        square += w * w;
    }
    T_CLOSE(sum, 3.4866227077, 1e-9, "c44: the weights' sum");
    T_CLOSE(sum * sum / square, 7.1188572647, 1e-9, "c44: what number of pairs they are worth");
}

static bool equal(const double *x, const double *y)
{
    for (int i = 0; i < N; i++)
        if (x[i] != y[i]) return false;
    return true;
}

static void check_baselines(void)
{
    struct er_error err = {0};
    double value[N], again[N];
    T_STATUS(er_rank_baseline(&table8, "oracle", 1, value, &err), ER_OK, "oracle");
    for (int i = 0; i < N; i++) T_CLOSE(value[i], gap8[i], 0, "the oracle is the gap");
    T_STATUS(er_rank_baseline(&table8, "canonical", 1, value, &err), ER_OK, "canonical");
    for (int i = 0; i < N; i++)
        T_CLOSE(value[i], b8[i] - a8[i], 0, "larger a and smaller b are held to be better");
    T_STATUS(er_rank_baseline(&table8, "random", 1, value, &err), ER_OK, "random");
    T_STATUS(er_rank_baseline(&table8, "random", 1, again, &err), ER_OK, "random again");
    T_OK(equal(value, again), "the same seed, the same numbers");
    T_STATUS(er_rank_baseline(&table8, "random", 2, again, &err), ER_OK, "random of another seed");
    T_OK(!equal(value, again), "another seed, other numbers");
    T_STATUS(er_rank_baseline(&table8, "oracle_0.01", 1, value, &err), ER_E_NOT_FOUND, "no such baseline");
    T_OK(strstr(err.msg, "oracle_0.0"), "the nearest is named: %s", err.msg);
    struct er_rank_table nothing = table8;
    nothing.parameters = 0;
    T_STATUS(er_rank_baseline(&nothing, "canonical", 1, value, &err), ER_E_UNSUPPORTED, "nothing is held");
    int known = 0;
    for (const char *const *name = er_rank_baselines(); *name; name++, known++)
        T_STATUS(er_rank_baseline(&table8, *name, 1, value, &err), ER_OK, "%s", *name);
    T_EQ_INT(known, 5, "baselines");
}

static void check_noise(void)
{
    enum { MANY = 20000 };
    static double none[MANY], value[MANY];
    const struct er_rank_table table = {.n = MANY, .gap = none};
    for (int which = 0; which < 2; which++) {
        const double deviation = which ? 0.05 : 0.02;
        double square = 0;
        er_rank_baseline(&table, which ? "oracle_0.05" : "oracle_0.02", 3, value, NULL);
        for (int i = 0; i < MANY; i++) square += value[i] * value[i] / MANY;
        T_CLOSE(sqrt(square) / deviation, 1, 4 / sqrt(2.0 * MANY), "the noise of %g", deviation);
    }
}

static void check_levels(void)
{
    struct er_error err = {0};
    int32_t level[6];
    int64_t levels = 0;
    const double rate[] = {0.1, 0.01, 0.1 + 1e-12, 1, -1, 0.01};
    T_STATUS(er_rank_number_levels(6, rate, level, &levels, &err), ER_OK, "numbers");
    T_EQ_INT(levels, 4, "values that nearly agree are one");
    const int32_t want[] = {2, 1, 2, 3, 0, 1};
    T_OK(memcmp(level, want, sizeof want) == 0, "in rising order");
    const char *const word[] = {"sgd", "adam", NULL, "sgd", "rmsprop", "adam"};
    T_STATUS(er_rank_word_levels(6, word, level, &levels, &err), ER_OK, "words");
    const int32_t words[] = {3, 1, 0, 3, 2, 1};
    T_EQ_INT(levels, 4, "no word is one of its own");
    T_OK(memcmp(level, words, sizeof words) == 0, "by the alphabet");
    T_STATUS(er_rank_number_levels(1, &(double){NAN}, level, &levels, &err), ER_E_NONFINITE, "no number");
    T_EQ_INT(er_rank_better("model.width"), 1, "wider is better");
    T_EQ_INT(er_rank_better("train.sgd.batch"), -1, "smaller batches are");
    T_EQ_INT(er_rank_better("optimiser"), 0, "of optimisers nothing is held");
    T_ALLOCATIONS(er_rank_number_levels(6, rate, level, &levels, NULL), (void)0, "memory for numbers");
    T_ALLOCATIONS(er_rank_word_levels(6, word, level, &levels, NULL), (void)0, "memory for words");
}

/* The worst error of a line, by its definition, over levels of axis a and b of table8. */
static double worst_level(const double *z, double slope, double intercept, double *mean)
{
    double worst = 0;
    *mean = 0;
    for (int e = 0; e < 6; e++) {
        const int32_t *level = e / 2 == 0 ? a8 : e / 2 == 1 ? b8 : c8;
        double sum = 0;
        for (int i = 0; i < N; i++) {
            const double d = slope * z[i] + intercept - gap8[i];
            if (level[i] == e % 2) sum += d * d / 4;
            if (e == 0) *mean += d * d / N;
        }
        worst = fmax(worst, sum);
    }
    return worst;
}

static void check_regression(void)
{
    struct er_error err = {0};
    struct er_rank_regression is = {0};
    double exact[N], z[N], mean = 0, square = 0, all;
    const double mu[N] = {1, 2, 4, 3, 6, 5, 9, 8};
    for (int i = 0; i < N; i++) exact[i] = 3 * gap8[i] - 1;
    for (int grain = 1; grain <= 3; grain++) {
        T_STATUS(er_rank_regress(&table8, exact, (enum er_rank_grain)grain, &is, &err), ER_OK, "v%d", grain);
        T_CLOSE(is.worst, 0, 1e-14, "v%d: a linear function of the gap predicts it", grain);
        T_CLOSE(is.intercept, 0.17, 1e-7, "v%d: the mean gap is that of the mean measure", grain);
        T_EQ_INT(is.environments, grain == 1 ? 8 : grain == 2 ? 12 : 6, "v%d: environments", grain);
        for (int i = 0; i < N; i++) exact[i] = -exact[i];
        T_STATUS(er_rank_regress(&table8, exact, (enum er_rank_grain)grain, &is, &err), ER_OK, "v%d", grain);
        T_CLOSE(is.slope, 0, 1e-12, "v%d: a slope is never negative", grain);
        T_CLOSE(is.worst, is.baseline, 1e-16, "v%d: then a constant is as good", grain);
        for (int i = 0; i < N; i++) exact[i] = -exact[i];
    }
    T_STATUS(er_rank_regress(&table8, mu, ER_RANK_GRAIN_LEVEL, &is, &err), ER_OK, "some measure");
    for (int i = 0; i < N; i++) mean += mu[i] / N;
    for (int i = 0; i < N; i++) square += (mu[i] - mean) * (mu[i] - mean) / N;
    for (int i = 0; i < N; i++) z[i] = (mu[i] - mean) / sqrt(square);
    T_CLOSE(is.worst, worst_level(z, is.slope, is.intercept, &all), 1e-16,
            "the worst error is that of the line");
    T_CLOSE(is.mean, all, 1e-16, "and so is the mean");
    for (int i = 0; i < 16; i++) {
        const double angle = i * 0.39269908,
                     step = 1e-3; /* a convex function: no worse all around is the minimum */
        T_OK(worst_level(z, is.slope + step * cos(angle), is.intercept + step * sin(angle), &all) >= is.worst,
             "no line nearby is better");
    }
    T_STATUS(er_rank_regress(&table8, gap8, (enum er_rank_grain)4, &is, &err), ER_E_USAGE, "no such grain");
    const double constant[N] = {1, 1, 1, 1, 1, 1, 1, 1};
    T_STATUS(er_rank_regress(&table8, constant, ER_RANK_GRAIN_LINE, &is, &err), ER_E_UNSUPPORTED,
             "a constant");
    T_ALLOCATIONS(er_rank_regress(&table8, mu, ER_RANK_GRAIN_LINE, &is, NULL), (void)0, "memory");
}

int main(void)
{
    check_c11_c12_pgdl();
    check_c43_weights();
    check_baselines();
    check_noise();
    check_levels();
    check_regression();
    return t_done();
}
