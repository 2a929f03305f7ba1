/* Sources of real targets against their formulas and published numbers; what they refuse. */
#include "t.h"

#include "core/file.h"
#include "support/places.h"
#include "support/scratch.h"

#include <ermine/regression.h>
#include <float.h>
#include <unistd.h>

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static struct er_data_spec named(const char *name)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = name;
    spec.seed = 3;
    return spec;
}

static struct er_regression_split open_spec(const struct er_data_spec *spec)
{
    struct er_error err;
    struct er_regression_split split = {0};
    T_STATUS(er_regression_open(spec, NULL, &split, &err), ER_OK, "%s", spec->name ? spec->name : spec->file);
    return split;
}

/* 27 values: mean and population deviation, both published to four decimals. */
static void check_marathon(void)
{
    struct er_data_spec spec = named("marathon");
    struct er_regression_split all = open_spec(&spec);
    if (all.train.n != 27) return;
    double mean = 0, square = 0;
    for (int i = 0; i < 27; i++) mean += all.train.y[i] / 27;
    for (int i = 0; i < 27; i++) square += (all.train.y[i] - mean) * (all.train.y[i] - mean) / 27;
    T_CLOSE(mean, 3.5013, 0.5e-4, "the mean pace");
    T_CLOSE(sqrt(square), 0.5348, 0.5e-4, "its deviation");
    T_OK(all.train.d == 1 && all.train.k == 1 && all.test.n == 0, "one input, one target, no test part");
    T_OK(all.train.x[0] == 1896 && all.train.x[2] == 1904 && all.train.x[26] == 2012,
         "in order of the years");
    T_CLOSE(all.train.y[2], 5.222083, 0.5e-6, "the slow race of 1904");
    T_EQ_STR(all.x_name, "year", "the input's name");
    T_EQ_STR(all.y_name, "min/km", "the target's");
    T_OK(isnan(all.noise) && !all.train.clean && !all.theta && !all.train.label, "its truth is not known");

    spec.first = true;
    spec.train = 19;
    spec.test = 8;
    struct er_regression_split held = open_spec(&spec);
    bool after = held.train.n == 19 && held.test.n == 8;
    for (int64_t i = 0; i < held.train.n; i++) after = after && held.train.x[i] <= 1980;
    for (int64_t i = 0; i < held.test.n; i++) after = after && held.test.x[i] > 1980;
    T_OK(after, "the last eight are the years after 1980");
    er_regression_split_clear(&held);

    spec = named("marathon");
    spec.train = 20;
    spec.test = 7;
    held = open_spec(&spec);
    int64_t found = 0, rising = 0;
    for (int i = 0; i < 27; i++) {
        for (int64_t j = 0; j < 27; j++) {
            const struct er_regression *part = j < 20 ? &held.train : &held.test;
            const int64_t k = j < 20 ? j : j - 20;
            found += part->x[k] == all.train.x[i] && part->y[k] == all.train.y[i];
        }
        rising += i > 0 && i < 20 && held.train.x[i] > held.train.x[i - 1];
    }
    T_EQ_INT(found, 27, "a random split has each of the Games once");
    T_OK(rising < 19, "not the first ones");
    er_regression_split_clear(&held);
    er_regression_split_clear(&all);
}

/* The public file goes on to 2024; its first 27 rows are these. */
static void check_marathon_file(void)
{
    char path[4200] = "";
    const struct er_data_places *places = places_here();
    for (int64_t i = 0; i < places->n; i++) {
        snprintf(path, sizeof path, "%s/olympic/olympicMarathonTimes.csv", places->folder[i]);
        if (access(path, R_OK) == 0) break;
        path[0] = '\0';
    }
    if (!path[0]) {
        printf("# olympic/olympicMarathonTimes.csv is not on this machine\n");
        return;
    }
    const struct er_data_spec spec = named("marathon");
    struct er_data_spec file = er_data_spec_default();
    file.file = path;
    file.train = 27;
    file.first = true;
    struct er_regression_split a = open_spec(&spec), b = open_spec(&file);
    T_OK(a.train.n == 27 && b.train.n == 27 && same_bits(a.train.x, b.train.x, 27 * sizeof(double)) &&
             same_bits(a.train.y, b.train.y, 27 * sizeof(double)),
         "the same numbers, to the bit");
    T_EQ_INT(b.test.n, 3, "and three later Games");
    er_regression_split_clear(&a);
    er_regression_split_clear(&b);
}

/* U(-1, 1) has variance 1/3 and fourth moment 1/5; five standard errors each. */
static void check_sine(void)
{
    enum { N = 40000 };
    struct er_data_spec spec = named("sine");
    struct er_regression_split plain = open_spec(&spec);
    T_OK(plain.train.n == 25 && plain.test.n == 200 && plain.noise == 0.3, "defaults");
    T_OK(plain.test.x[0] == -1 && plain.test.x[199] == 1, "test inputs from end to end");
    double step = 0, far = 0;
    for (int i = 1; i < 200; i++) step = fmax(step, fabs(plain.test.x[i] - plain.test.x[i - 1] - 2 / 199.0));
    T_CLOSE(step, 0, 4 * DBL_EPSILON, "equally spaced");
    spec.train = N;
    struct er_regression_split s = open_spec(&spec);
    T_OK(same_bits(s.train.y, plain.train.y, 25 * sizeof(double)), "a smaller set is the beginning");
    double mean = 0, square = 0, noise = 0, noise2 = 0;
    for (int64_t i = 0; i < N; i++) {
        const double x = s.train.x[i], e = s.train.y[i] - s.train.clean[i];
        mean += x / N;
        square += x * x / N;
        noise += e / N;
        noise2 += e * e / N;
        far = fmax(far, fabs(s.train.clean[i] - sin(M_PI * x)));
    }
    T_EQ_INT(far == 0, 1, "clean targets are the sine");
    T_CLOSE(mean, 0, 5 * sqrt(1 / 3.0 / N), "mean of x");
    T_CLOSE(square, 1 / 3.0, 5 * sqrt((1 / 5.0 - 1 / 9.0) / N), "its square");
    T_CLOSE(noise, 0, 5 * 0.3 / sqrt(N), "mean of the noise");
    T_CLOSE(noise2, 0.09, 5 * 0.09 * sqrt(2.0 / N), "its variance");
    spec.noise = 0;
    struct er_regression_split quiet = open_spec(&spec);
    T_OK(same_bits(quiet.train.y, s.train.clean, N * sizeof(double)), "without noise, the clean targets");
    er_regression_split_clear(&plain);
    er_regression_split_clear(&quiet);
    er_regression_split_clear(&s);
}

/* Second moments of x, of the noise and of y against what the truth says they are. The variance of a product
 * of independent normals of deviations a, b is (a b)^2, of a square 2 a^4: five standard errors. */
static void check_linear(const char *name, int64_t d, double risk, double noise)
{
    enum { N = 20000 };
    struct er_data_spec spec = named(name);
    spec.train = N;
    spec.dimension = d;
    struct er_regression_split s = open_spec(&spec);
    if (s.train.n != N) return;
    double total = 0, worst = 0, rest = 0, residual = 0;
    for (int64_t j = 0; j < d; j++) total += s.variance[j] * s.theta[j] * s.theta[j];
    T_CLOSE(total, risk, 1e-13 * risk, "%s: the risk of 0", name);
    for (int64_t a = 0; a < d; a++)
        for (int64_t b = 0; b <= a; b++) {
            double sum = 0;
            for (int64_t i = 0; i < N; i++) sum += s.train.x[i * d + a] * s.train.x[i * d + b] / N;
            const double want = a == b ? s.variance[a] : 0;
            const double error = sqrt((a == b ? 2 : 1) * s.variance[a] * s.variance[b] / N);
            worst = fmax(worst, fabs(sum - want) / error);
        }
    T_OK(worst < 5, "%s: covariance of the inputs, %.2f standard errors off", name, worst);
    for (int64_t i = 0; i < N; i++) {
        double f = 0;
        for (int64_t j = 0; j < d; j++) f += s.train.x[i * d + j] * s.theta[j];
        rest = fmax(rest, fabs(f - s.train.clean[i]));
        residual += (s.train.y[i] - f) * (s.train.y[i] - f) / N;
    }
    T_CLOSE(rest, 0, 1e-12, "%s: clean is x theta", name);
    T_CLOSE(residual, noise * noise, 5 * noise * noise * sqrt(2.0 / N), "%s: the noise", name);
    T_OK(s.noise == noise, "%s: as it says", name);
    er_regression_split_clear(&s);
}

static void check_two_scales(void)
{
    const struct er_data_spec spec = named("two-scales");
    struct er_regression_split s = open_spec(&spec);
    double norm[2] = {0, 0};
    bool variances = s.train.d == 100;
    for (int64_t j = 0; j < s.train.d; j++) {
        norm[j / 50] += s.theta[j] * s.theta[j];
        variances = variances && fabs(s.variance[j] - (j < 50 ? 1 : 0.01)) < 1e-15;
    }
    T_OK(variances, "fifty inputs of deviation 1 and fifty of 0.1");
    T_CLOSE(sqrt(norm[0]), 1, 1e-14, "norm of the weights of the large inputs");
    T_CLOSE(sqrt(norm[1]), 20, 1e-13, "of the small ones");
    er_regression_split_clear(&s);
}

/* One unit in the plane: two examples on its side give v, and v all others. Of three units in four dimensions the mean
 * target is 3 E|x_1| / 2, where on the sphere E|x_1| = G(2) / (sqrt(pi) G(2.5)); the deviation of one is below 1. */
static void check_relu_sum(void)
{
    enum { N = 20000 };
    struct er_data_spec spec = named("relu-sum");
    struct er_regression_split s = open_spec(&spec);
    T_OK(s.train.n == 100 && s.test.n == 1000 && s.train.d == 10 && s.noise == 0, "defaults");
    T_OK(same_bits(s.train.y, s.train.clean, 100 * sizeof(double)) && !s.theta, "no noise");
    double away = 0;
    for (int64_t i = 0; i < 100; i++) {
        double square = 0;
        for (int64_t j = 0; j < 10; j++) square += s.train.x[i * 10 + j] * s.train.x[i * 10 + j];
        away = fmax(away, fabs(square - 1));
    }
    T_CLOSE(away, 0, 16 * DBL_EPSILON, "inputs of length 1");
    er_regression_split_clear(&s);

    spec.dimension = 2;
    spec.width = 1;
    s = open_spec(&spec);
    int64_t one = 0;
    while (s.train.y[one] < 0.3) one++;
    const double *p = s.train.x + 2 * one, *y = s.train.y;
    int64_t two = one + 1;
    while (y[two] < 0.3 || fabs(p[0] * s.train.x[2 * two + 1] - p[1] * s.train.x[2 * two]) < 0.3) two++;
    const double *q = s.train.x + 2 * two, det = p[0] * q[1] - p[1] * q[0],
                 v[2] = {(y[one] * q[1] - p[1] * y[two]) / det, (p[0] * y[two] - y[one] * q[0]) / det};
    T_CLOSE(v[0] * v[0] + v[1] * v[1], 1, 1e-14, "a unit of length 1");
    double off = 0;
    for (int64_t i = 0; i < s.test.n; i++)
        off = fmax(off, fabs(s.test.y[i] - fmax(0, v[0] * s.test.x[2 * i] + v[1] * s.test.x[2 * i + 1])));
    T_CLOSE(off, 0, 1e-14, "both parts are its outputs");
    er_regression_split_clear(&s);

    spec.dimension = 4;
    spec.width = 3;
    spec.noise = 0.5;
    spec.train = N;
    s = open_spec(&spec);
    double mean = 0, first = 0, noise = 0;
    for (int64_t i = 0; i < N; i++) {
        mean += s.train.clean[i] / N;
        first += s.train.x[4 * i] / N;
        noise += (s.train.y[i] - s.train.clean[i]) * (s.train.y[i] - s.train.clean[i]) / N;
    }
    T_CLOSE(mean, 1.5 * tgamma(2) / (sqrt(M_PI) * tgamma(2.5)), 5 / sqrt(N), "the mean of three units");
    T_CLOSE(first, 0, 5 * 0.5 / sqrt(N), "inputs in all directions");
    T_CLOSE(noise, 0.25, 5 * 0.25 * sqrt(2.0 / N), "the noise");
    er_regression_split_clear(&s);
}

/* What holds of all that is made: the same bits again, other ones by seed and part, beginnings. */
static void check_made(void)
{
    int64_t n;
    const struct er_data_info *info = er_data_list(&n);
    for (int64_t i = 0; i < n; i++) {
        if (!info[i].regression) continue;
        struct er_data_spec spec = named(info[i].name);
        char hex[ER_SHA256_HEX] = "";
        struct er_error err;
        char **path = NULL;
        int64_t paths = 1;
        struct er_split classes;
        struct er_regression_split a = open_spec(&spec), b = open_spec(&spec);
        const size_t bytes = (size_t)a.train.n * sizeof(double);
        T_OK(same_bits(a.train.y, b.train.y, bytes), "%s: the same bits again", spec.name);
        T_STATUS(er_data_checksum(&spec, NULL, hex, &err), ER_OK, "%s: a checksum", spec.name);
        T_EQ_STR(hex, a.checksum, "%s: the same one", spec.name);
        T_STATUS(er_data_files(&spec, NULL, &path, &paths, &err), ER_OK, "%s: its files", spec.name);
        T_OK(paths == 0 && !path, "%s has none", spec.name);
        T_STATUS(er_data_open(&spec, NULL, &classes, &err), ER_E_USAGE, "%s has no classes", spec.name);
        T_OK(strstr(err.msg, "regress"), "where it belongs: %s", err.msg);
        er_regression_split_clear(&b);
        if (info[i].train == 0) {
            spec.seed++;
            b = open_spec(&spec);
            T_OK(!same_bits(a.train.y, b.train.y, bytes), "%s: another seed", spec.name);
            T_OK(!same_bits(a.train.y, a.test.y, bytes), "%s: another part", spec.name);
            er_regression_split_clear(&b);
        }
        T_ALLOCATIONS(er_regression_open(&spec, NULL, &b, &err), er_regression_split_clear(&b),
                      "%s survives every failed allocation", spec.name);
        er_regression_split_clear(&a);
    }
}

/* Labels become columns of 0 and 1, parities one of -1 and +1. */
static void check_labels(void)
{
    struct er_data_spec spec = named("gaussian-mixture");
    struct er_split split;
    struct er_error err;
    spec.classes = 3;
    spec.train = 30;
    spec.corrupt = 0.5;
    spec.standardise = ER_STANDARDISE_FEATURE;
    for (int parity = 0; parity < 2; parity++) {
        spec.task = parity ? ER_TASK_PARITY : ER_TASK_AS_READ;
        T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_OK, "a set with labels");
        struct er_regression_split s = open_spec(&spec);
        T_EQ_INT(s.train.k, parity ? 1 : 3, "targets");
        int wrong = 0;
        for (int64_t i = 0; i < 30; i++) {
            const int32_t label = split.train.label[i];
            wrong += s.train.label[i] != label;
            for (int64_t k = 0; k < s.train.k; k++)
                wrong += s.train.y[i * s.train.k + k] != (parity ? 2 * label - 1 : k == label);
        }
        for (int64_t j = 0; j < 30 * s.train.d; j++) wrong += s.train.x[j] != (double)split.train.x[j];
        T_EQ_INT(wrong, 0, parity ? "signs" : "one-hot");
        T_EQ_STR(s.checksum, split.checksum, "its checksum");
        er_split_clear(&split);
        er_regression_split_clear(&s);
    }
    struct er_regression_split s;
    T_ALLOCATIONS(er_regression_open(&spec, NULL, &s, &err), er_regression_split_clear(&s), "labels");
}

int main(void)
{
    check_marathon();
    check_marathon_file();
    check_sine();
    check_linear("linear", 8, 1, 0.5);
    check_linear("two-scales", 8, 5, 2);
    check_two_scales();
    check_relu_sum();
    check_made();
    check_labels();
    return t_done();
}
