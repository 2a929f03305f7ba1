/* Generators against what their formulas say: distances, Bayes errors, parities, a teacher's balance. */
#include "t.h"

#include "data/generator.h"

#include <ermine/data.h>

static struct er_split open_spec(const struct er_data_spec *spec)
{
    struct er_error err;
    struct er_split split = {0};
    T_STATUS(er_data_open(spec, NULL, &split, &err), ER_OK, "%s", spec->name);
    return split;
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* What holds for each of them: sizes, labels, determinism, nesting, train and test apart. */
static void check_all(void)
{
    int64_t n;
    const struct er_generator *g = er_generator_list(&n);
    for (int64_t i = 0; i < n; i++) {
        struct er_data_spec spec = er_data_spec_default();
        spec.name = g[i].name;
        spec.seed = 5;
        struct er_split plain = open_spec(&spec);
        T_OK(plain.train.n == 1000 && plain.test.n == 1000, "%s: default sizes", spec.name);
        spec.train = 300;
        spec.test = 200;
        struct er_split a = open_spec(&spec);
        struct er_split b = open_spec(&spec);
        const size_t d = (size_t)er_shape_size(a.train.shape);
        T_OK(a.train.n == 300 && a.test.n == 200 && a.train.classes >= 2, "%s: sizes", spec.name);
        bool in_range = true;
        for (int64_t j = 0; j < 300; j++)
            in_range = in_range && a.train.label[j] >= 0 && a.train.label[j] < a.train.classes;
        T_OK(in_range, "%s: labels", spec.name);
        T_OK(same_bits(a.train.x, b.train.x, 300 * d * sizeof(float)) &&
                 same_bits(a.test.x, b.test.x, 200 * d * sizeof(float)) &&
                 same_bits(a.train.label, b.train.label, 300 * sizeof(int32_t)),
             "%s: the same specification gives the same bits", spec.name);
        T_OK(same_bits(a.train.x, plain.train.x, 300 * d * sizeof(float)) &&
                 same_bits(a.test.label, plain.test.label, 200 * sizeof(int32_t)),
             "%s: a smaller set is the beginning of a larger one", spec.name);
        T_OK(!same_bits(a.train.x, a.test.x, 200 * d * sizeof(float)), "%s: the test set is another draw",
             spec.name);
        er_split_clear(&b);
        spec.others = 700;
        b = open_spec(&spec);
        T_OK(b.train.n == 300 && same_bits(a.train.x, b.train.x, 300 * d * sizeof(float)) &&
                 b.others.n == 700 && same_bits(b.others.x, plain.train.x + 300 * d, 700 * d * sizeof(float)),
             "%s: others are the next examples of training", spec.name);
        er_split_clear(&b);
        spec.others = 0;
        spec.seed = 6;
        b = open_spec(&spec);
        T_OK(!same_bits(a.train.x, b.train.x, 300 * d * sizeof(float)), "%s: another seed, other inputs",
             spec.name);
        T_EQ_STR(a.checksum, b.checksum, "%s: one checksum", spec.name);
        er_split_clear(&plain);
        er_split_clear(&a);
        er_split_clear(&b);
    }
}

/* Mean of class k, coordinate j, over a training set without noise. */
static double mean_distance(const struct er_split *split, int64_t a, int64_t b)
{
    const int64_t d = er_shape_size(split->train.shape);
    double square = 0;
    for (int64_t j = 0; j < d; j++) {
        const double e = (double)split->train.x[a * d + j] - (double)split->train.x[b * d + j];
        square += e * e;
    }
    return sqrt(square);
}

static void check_mixture(void)
{
    static const int64_t dims[][2] = {{2, 2}, {5, 3}, {10, 10}, {1, 4}, {2, 5}, {3, 7}}; /* d, K */
    for (size_t i = 0; i < sizeof dims / sizeof *dims; i++) {
        struct er_data_spec spec = er_data_spec_default();
        spec.name = "gaussian-mixture";
        spec.dimension = dims[i][0];
        spec.classes = dims[i][1];
        spec.noise = 0;
        spec.separation = 2.5;
        spec.train = spec.classes;
        struct er_split split = open_spec(&spec);
        double nearest = INFINITY;
        double middle = 0;
        for (int64_t a = 0; a < spec.classes; a++)
            for (int64_t b = 0; b < a; b++) nearest = fmin(nearest, mean_distance(&split, a, b));
        for (int64_t j = 0; j < spec.classes * spec.dimension; j += spec.dimension)
            middle += (double)split.train.x[j];
        T_CLOSE(nearest, 2.5, 1e-5, "d = %d, K = %d: the nearest means", (int)spec.dimension,
                (int)spec.classes);
        T_CLOSE(middle, 0, 1e-5, "d = %d, K = %d: centred", (int)spec.dimension, (int)spec.classes);
        er_split_clear(&split);
    }
    /* The best classifier is the nearer mean; its error is Phi(-s / (2 noise)) = Phi(-1) = 0.158655. */
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "gaussian-mixture";
    spec.dimension = 3;
    spec.noise = 0.5;
    spec.separation = 1;
    spec.train = 40000;
    struct er_split split = open_spec(&spec);
    int wrong = 0;
    for (int64_t i = 0; i < spec.train; i++) {
        const float *x = split.train.x + 3 * i;
        wrong += (x[1] > x[0]) != split.train.label[i]; /* the means are (+, -, 0) and (-, +, 0) / 2 sqrt 2 */
    }
    T_CLOSE((double)wrong / 40000, 0.158655, 5 * sqrt(0.1335 / 40000), "Bayes error");
    er_split_clear(&split);
}

static void check_spirals(void)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "two-spirals";
    spec.noise = 0;
    spec.train = 20000;
    struct er_split split = open_spec(&spec);
    double square = 0;
    int off = 0;
    int ones = 0;
    for (int64_t i = 0; i < spec.train; i++) {
        const double side = split.train.label[i] ? -1 : 1;
        const double x = side * (double)split.train.x[2 * i];
        const double y = side * (double)split.train.x[2 * i + 1];
        const double t = sqrt(x * x + y * y) * 2.5 * M_PI / 1.5; /* the radius gives the parameter back */
        off += fabs(x + 1.5 * t * cos(t) / (2.5 * M_PI)) > 1e-4 ||
               fabs(y - 1.5 * t * sin(t) / (2.5 * M_PI)) > 1e-4;
        off += t > 600.0 / 360 * 2 * M_PI + 1e-4;
        square += (x * x + y * y) / 2;
        ones += split.train.label[i];
    }
    T_EQ_INT(off, 0, "every point lies on its arm");
    T_EQ_INT(ones, 10000, "the classes are equally frequent");
    /* |x|^2 / 2 = 2 u with u uniform: mean 1, deviation 2 / sqrt 12 */
    T_CLOSE(square / 20000, 1, 5 * 2 / sqrt(12 * 20000.0), "mean square of a coordinate");
    er_split_clear(&split);
}

static void check_parity(void)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "parity";
    spec.dimension = 8;
    spec.width = 4;
    spec.train = 20000;
    struct er_split split = open_spec(&spec);
    int wrong = 0;
    int ones = 0;
    int agree[8] = {0};
    for (int64_t i = 0; i < spec.train; i++) {
        const float *x = split.train.x + 8 * i;
        const float product = x[0] * x[1] * x[2] * x[3];
        wrong += (product < 0) != split.train.label[i];
        ones += split.train.label[i];
        for (int c = 0; c < 8; c++) {
            wrong += x[c] != 1 && x[c] != -1;
            agree[c] += (x[c] < 0) == split.train.label[i];
        }
    }
    T_EQ_INT(wrong, 0, "label 1 is an odd number of -1 among the first four");
    T_CLOSE(ones / 20000.0, 0.5, 5 * 0.5 / sqrt(20000), "both parities");
    for (int c = 0; c < 8; c++)
        T_CLOSE(agree[c] / 20000.0, 0.5, 5 * 0.5 / sqrt(20000), "bit %d alone says nothing", c);
    er_split_clear(&split);
}

/* Every point, turned by its label, is at least sqrt 2 along (1, 1); the fixed support vectors are there as often as said. */
static void check_supports(void)
{
    static const struct {
        const char *name;
        int fixed, first, second; /* points that are fixed; (0.5, 1.5), (1.5, 0.5) */
    } set[] = {{"even-supports", 16, 2, 2}, {"uneven-supports", 12, 6, 1}};
    for (int k = 0; k < 2; k++) {
        struct er_data_spec spec = er_data_spec_default();
        spec.name = set[k].name;
        spec.train = 500;
        struct er_split split = open_spec(&spec);
        int first = 0, second = 0, near = 0, last = -1;
        for (int part = 0; part < 2; part++) {
            const struct er_dataset *of = part ? &split.test : &split.train;
            for (int i = 0; i < of->n; i++) {
                const double side = of->label[i] ? 1 : -1, x = side * (double)of->x[2 * i],
                             y = side * (double)of->x[2 * i + 1];
                near += x + y < 2;
                first += x == 0.5 && y == 1.5;
                second += x == 1.5 && y == 0.5;
                if (x + y == 2) last = part ? 1000 : i;
            }
        }
        T_EQ_INT(near, 0, "%s: the margin", set[k].name);
        T_OK(first == set[k].first && second == set[k].second && last < set[k].fixed,
             "%s: at it are %d and %d", set[k].name, first, second);
        er_split_clear(&split);
    }
}

static void check_teacher(void)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "teacher";
    spec.classes = 4;
    spec.width = 64;
    spec.train = 20000;
    spec.seed = 2;
    struct er_split split = open_spec(&spec);
    int count[4] = {0};
    double square = 0;
    for (int64_t i = 0; i < spec.train; i++) count[split.train.label[i]]++;
    for (int64_t i = 0; i < spec.train * 20; i++)
        square += (double)split.train.x[i] * (double)split.train.x[i];
    for (int c = 0; c < 4; c++) T_OK(count[c] > 20000 / 20, "class %d: %d of 20000", c, count[c]);
    T_CLOSE(square / (20000 * 20), 1, 5 * sqrt(2.0 / (20000 * 20)), "inputs have variance 1");
    er_split_clear(&split);
    spec.noise = 100; /* the noise decides: labels are uniform whatever the teacher says */
    split = open_spec(&spec);
    int noisy[4] = {0};
    for (int64_t i = 0; i < spec.train; i++) noisy[split.train.label[i]]++;
    for (int c = 0; c < 4; c++)
        T_CLOSE(noisy[c], 5000, 5 * sqrt(20000 * 0.1875) + 100, "class %d under noise", c);
    er_split_clear(&split);
}

/* All pairs of 7 numbers, each once; the sum of the two is the label. */
static void check_addition(void)
{
    struct er_data_spec spec = er_data_spec_default();
    int seen[49] = {0}, wrong = 0;
    spec.name = "modular-addition";
    spec.classes = 7;
    spec.train = 30;
    spec.test = 19;
    struct er_split split = open_spec(&spec);
    T_OK(er_shape_size(split.train.shape) == 14 && split.train.classes == 7, "2 x 7 inputs, 7 classes");
    for (int64_t i = 0; i < 49; i++) {
        const struct er_dataset *set = i < 30 ? &split.train : &split.test;
        const int64_t row = i < 30 ? i : i - 30;
        int a = -1, b = -1;
        for (int c = 0; c < 14; c++) {
            if (set->x[row * 14 + c] == 0) continue;
            wrong += set->x[row * 14 + c] != 1 || (c < 7 ? a : b) >= 0;
            *(c < 7 ? &a : &b) = c % 7;
        }
        wrong += a < 0 || b < 0 || (a + b) % 7 != set->label[row];
        if (a >= 0 && b >= 0) seen[7 * a + b]++;
    }
    T_EQ_INT(wrong, 0, "sums modulo 7");
    for (int i = 0; i < 49; i++) wrong += seen[i] != 1;
    T_EQ_INT(wrong, 0, "of every pair once");
    er_split_clear(&split);
}

static enum er_status refused(const char *name, struct er_data_spec spec, struct er_error *err)
{
    struct er_split split = {0};
    spec.name = name;
    return er_data_open(&spec, NULL, &split, err);
}

static void check_refusals(void)
{
    struct er_error err;
    struct er_data_spec spec = er_data_spec_default();
    spec.dimension = 3;
    T_STATUS(refused("two-spirals", spec, &err), ER_E_USAGE, "spirals have two dimensions");
    T_OK(strstr(err.msg, "dimension"), "named: %s", err.msg);
    spec.dimension = 2;
    T_STATUS(refused("parity", spec, &err), ER_E_USAGE, "more bits than dimensions");
    spec.dimension = -1;
    T_STATUS(refused("teacher", spec, &err), ER_E_USAGE, "a negative dimension");
    spec = er_data_spec_default();
    spec.classes = 1;
    T_STATUS(refused("gaussian-mixture", spec, &err), ER_E_USAGE, "one class");
    spec.classes = 3;
    T_STATUS(refused("parity", spec, &err), ER_E_USAGE, "a parity of three classes");
    spec = er_data_spec_default();
    spec.noise = -1;
    T_STATUS(refused("two-spirals", spec, &err), ER_E_USAGE, "negative noise");
    spec.noise = INFINITY;
    T_STATUS(refused("two-spirals", spec, &err), ER_E_USAGE, "infinite noise");
    spec.noise = 1e300;
    T_STATUS(refused("two-spirals", spec, &err), ER_E_USAGE, "noise that no float holds");
    T_EQ_STR(err.msg, "two-spirals: noise is 1e+300, and must be from 0 to 1000000", "the range");
    spec = er_data_spec_default();
    spec.separation = 1000001;
    T_STATUS(refused("gaussian-mixture", spec, &err), ER_E_USAGE, "a separation beyond the range");
    spec = er_data_spec_default();
    spec.separation = 2;
    T_STATUS(refused("parity", spec, &err), ER_E_USAGE, "a separation where there is none");
    spec = er_data_spec_default();
    spec.stratify = true;
    T_STATUS(refused("teacher", spec, &err), ER_E_USAGE, "a stratified teacher");
    spec = er_data_spec_default();
    spec.classes = 40;
    T_STATUS(refused("modular-addition", spec, &err), ER_E_USAGE, "more examples than there are pairs");
    T_EQ_STR(
        err.msg,
        "modular-addition: 1000 training and 1000 test examples are asked for; there are 1600 pairs of 40 "
        "classes",
        "both numbers");
    spec = er_data_spec_default();
    spec.condition = ER_CONDITION_SHUFFLED_PIXELS;
    T_STATUS(refused("parity", spec, &err), ER_E_USAGE, "pixels of a table");
    spec = er_data_spec_default();
    spec.train = (int64_t)1 << 40;
    T_STATUS(refused("parity", spec, &err), ER_E_NOMEM, "more examples than there is memory for");
    T_OK(strstr(err.msg, "parity: 1099511627776 and 1000 examples take ") && strstr(err.msg, " available"),
         "are refused before any is made: %s", err.msg);
    T_STATUS(refused("tow-spirals", er_data_spec_default(), &err), ER_E_NOT_FOUND, "a misspelt name");
    T_OK(strstr(err.msg, "two-spirals"), "hints: %s", err.msg);
}

/* The largest parameters that there are make numbers. */
static void check_largest(void)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "gaussian-mixture";
    spec.classes = 1024; /* on a circle, whose radius grows with them */
    spec.noise = spec.separation = 1e6;
    struct er_split split = open_spec(&spec);
    int infinite = 0;
    for (int64_t i = 0; i < split.train.n * 2; i++) infinite += !isfinite(split.train.x[i]);
    T_EQ_INT(infinite, 0, "finite inputs");
    er_split_clear(&split);
}

static enum er_status open_one(const char *name, struct er_split *split)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = name;
    spec.train = 20;
    spec.corrupt = 0.5;
    spec.condition = ER_CONDITION_GAUSSIAN;
    spec.standardise = ER_STANDARDISE_CHANNEL;
    return er_data_open(&spec, NULL, split, NULL);
}

int main(void)
{
    int64_t n;
    const struct er_generator *g = er_generator_list(&n);
    struct er_split split;
    check_all();
    check_mixture();
    check_spirals();
    check_parity();
    check_supports();
    check_teacher();
    check_addition();
    check_largest();
    check_refusals();
    for (int64_t i = 0; i < n; i++)
        T_ALLOCATIONS(open_one(g[i].name, &split), er_split_clear(&split), "%s survives failed allocations",
                      g[i].name);
    return t_done();
}
