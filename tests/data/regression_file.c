/* A .csv file with a real target: rows, names, moments; the same file as labels; what is refused of either. */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <ermine/regression.h>

enum { ROWS = 53 };

static struct er_error err;
static char csv[128];

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* Target t = 2 a + 0.25 (in the middle), inputs a = row and b = row^2 / 8; c is constant. */
static void write_csv(void)
{
    char text[8192];
    int n = snprintf(text, sizeof text, "a,t,b,c\n");
    for (int i = 0; i < ROWS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%d,%.2f,%.3f,7\n", i, 2 * i + 0.25, i * i / 8.0);
    er_file_write(csv, text, (size_t)n, NULL);
}

static struct er_data_spec spec_of(const char *target)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.file = csv;
    spec.target = target;
    return spec;
}

static void check_rows(void)
{
    struct er_data_spec spec = spec_of("t");
    struct er_regression_split s = {0}, first = {0};
    T_STATUS(er_regression_open(&spec, NULL, &s, &err), ER_OK, "a file");
    T_OK(s.train.n == 42 && s.test.n == 11, "4/5 of 53 rows, and the rest");
    T_OK(s.train.d == 3 && s.train.k == 1 && !s.train.label && !s.train.clean && isnan(s.noise),
         "three inputs, a target");
    T_EQ_STR(s.y_name, "t", "the target's name");
    T_EQ_STR(s.x_name, "", "no single input");
    int seen[ROWS] = {0}, wrong = 0;
    for (int i = 0; i < ROWS; i++) {
        const struct er_regression *part = i < 42 ? &s.train : &s.test;
        const int64_t k = i < 42 ? i : i - 42;
        const double a = part->x[3 * k];
        wrong += part->x[3 * k + 1] != a * a / 8 || part->x[3 * k + 2] != 7 || part->y[k] != 2 * a + 0.25;
        if (a >= 0 && a < ROWS) seen[(int)a]++;
    }
    T_EQ_INT(wrong, 0, "inputs in their order around the target");
    for (int i = 0; i < ROWS; i++) wrong += seen[i] != 1;
    T_EQ_INT(wrong, 0, "each row once");
    spec.first = true;
    spec.train = 10;
    T_STATUS(er_regression_open(&spec, NULL, &first, &err), ER_OK, "the first rows");
    T_OK(first.train.x[0] == 0 && first.train.x[27] == 9 && first.test.n == 43 && first.test.x[0] == 10,
         "in order, and all others");
    T_EQ_STR(first.checksum, s.checksum, "one checksum");
    er_regression_split_clear(&s);
    er_regression_split_clear(&first);
}

static void check_standardised(void)
{
    struct er_data_spec spec = spec_of("t");
    struct er_regression_split raw = {0}, s = {0};
    spec.train = 30;
    T_STATUS(er_regression_open(&spec, NULL, &raw, &err), ER_OK, "raw");
    spec.standardise = ER_STANDARDISE_FEATURE;
    T_STATUS(er_regression_open(&spec, NULL, &s, &err), ER_OK, "standardised");
    if (s.train.n != 30 || raw.train.n != 30) return;
    for (int j = 0; j < 3; j++) {
        double mean = 0, square = 0, m = 0, v = 0;
        for (int i = 0; i < 30; i++) mean += s.train.x[3 * i + j] / 30;
        for (int i = 0; i < 30; i++) square += s.train.x[3 * i + j] * s.train.x[3 * i + j] / 30;
        for (int i = 0; i < 30; i++) m += raw.train.x[3 * i + j] / 30;
        for (int i = 0; i < 30; i++) v += (raw.train.x[3 * i + j] - m) * (raw.train.x[3 * i + j] - m) / 30;
        T_CLOSE(mean, 0, 1e-14, "input %d: mean", j);
        T_CLOSE(square, j == 2 ? 0 : 1, 1e-13, "input %d: deviation", j);
        T_CLOSE(s.test.x[j], j == 2 ? 0 : (raw.test.x[j] - m) / sqrt(v), 1e-13, "input %d: tests by training",
                j);
    }
    T_OK(same_bits(s.train.y, raw.train.y, 30 * sizeof(double)), "targets stay as they are");
    er_regression_split_clear(&raw);
    er_regression_split_clear(&s);
}

/* Column a as a label: 53 classes, or odd and even. */
static void check_labels(void)
{
    struct er_data_spec spec = spec_of("a");
    struct er_regression_split s = {0};
    spec.task = ER_TASK_CLASSES;
    T_STATUS(er_regression_open(&spec, NULL, &s, &err), ER_OK, "classes");
    T_OK(s.train.k == ROWS && s.train.label && s.train.y[s.train.label[0]] == 1, "one-hot");
    er_regression_split_clear(&s);
    spec.task = ER_TASK_PARITY;
    T_STATUS(er_regression_open(&spec, NULL, &s, &err), ER_OK, "parity");
    T_OK(s.train.k == 1 && s.train.y[0] == 2 * s.train.label[0] - 1, "a sign");
    er_regression_split_clear(&s);
    spec.task = ER_TASK_AS_READ;
    T_STATUS(er_regression_open(&spec, NULL, &s, &err), ER_OK, "as read");
    T_OK(s.train.k == 1 && !s.train.label, "a number");
    er_regression_split_clear(&s);
}

static void refused(const struct er_data_spec *spec, enum er_status status, const char *says)
{
    struct er_regression_split s = {0};
    T_STATUS(er_regression_open(spec, NULL, &s, &err), status, "%s", says);
    T_OK(strstr(err.msg, says), "\"%s\": %s", says, err.msg);
    T_OK(!s.train.x && !s.names, "untouched");
    er_regression_split_clear(&s);
}

static void check_refused(void)
{
    struct er_data_spec spec = spec_of("t");
    spec.corrupt = 0.5;
    refused(&spec, ER_E_USAGE,
            "the target is a real number (a label when there is a labels.task), and "
            "labels.corrupt is a matter of labels");
    spec = spec_of("t");
    spec.condition = ER_CONDITION_GAUSSIAN;
    refused(&spec, ER_E_USAGE, "condition is a matter of labels or images");
    spec = spec_of("t");
    spec.pool = 2;
    refused(&spec, ER_E_USAGE, "pool is a matter of images");
    spec = spec_of("t");
    spec.stratify = true;
    refused(&spec, ER_E_USAGE, "stratify is a matter of labels");
    spec = spec_of("t");
    spec.standardise = ER_STANDARDISE_SET;
    refused(&spec, ER_E_USAGE, "each input has a unit of its own");
    spec = spec_of("t");
    spec.noise = 1;
    refused(&spec, ER_E_USAGE, "is read, not generated");
    spec = spec_of("u");
    refused(&spec, ER_E_NOT_FOUND, "no column is named \"u\"");
    spec = spec_of("t");
    spec.train = 54;
    refused(&spec, ER_E_USAGE, "has 53 examples, too few for 54 of training and at least 1 of test");
    spec.train = 53;
    refused(&spec, ER_E_USAGE, "too few for 53 of training and at least 1 of test");
    spec = spec_of(NULL);
    er_file_write(csv, "a,b\n1,2\n3,\n", 11, NULL);
    refused(&spec, ER_E_INPUT, "row 2, column b: the target is missing");
    er_file_write(csv, "a,b\n1e39,2\n3,4\n", 15, NULL);
    refused(&spec, ER_E_INPUT, "row 1, column a: the value 1e39 is");
    er_file_write(csv, "a\n1\n", 4, NULL);
    refused(&spec, ER_E_INPUT, "are the least");
    spec.file = "/nonexistent.csv";
    refused(&spec, ER_E_NOT_FOUND, "/nonexistent.csv");
}

/* What sources by name refuse. */
static void check_names(void)
{
    static const char *const name[] = {"marathon", "sine", "linear", "two-scales", "relu-sum"};
    for (int i = 0; i < 5; i++) {
        struct er_data_spec spec = er_data_spec_default();
        spec.name = name[i];
        spec.classes = 3;
        refused(&spec, ER_E_USAGE, "classes is a matter of labels");
        spec.classes = 0;
        spec.task = ER_TASK_PARITY;
        refused(&spec, ER_E_USAGE, "labels.task is a matter of labels");
        spec.task = ER_TASK_AS_READ;
        spec.width = i == 4 ? 1 << 17 : 3;
        refused(&spec, ER_E_USAGE,
                i == 4 ? "width is 131072, and must be from 1 to 65536" : "has no width to choose");
        spec.width = 0;
        spec.separation = 3;
        refused(&spec, ER_E_USAGE, "has no separation to choose");
        spec.separation = NAN;
        spec.standardise = ER_STANDARDISE_SET;
        refused(&spec, ER_E_USAGE, i ? "made with a known truth" : "each input has a unit of its own");
        spec.standardise = ER_STANDARDISE_NONE;
        spec.noise = i ? 1e7 : 1;
        refused(&spec, ER_E_USAGE, i ? "must be from 0 to 1000000" : "has no noise to choose");
        spec.noise = NAN;
        spec.dimension = 3;
        if (i != 2 && i != 4) refused(&spec, ER_E_USAGE, i == 3 ? "and even" : "has no dimension to choose");
        spec.dimension = 1 << 17;
        if (i > 1) refused(&spec, ER_E_USAGE, "must be from 1 to 65536");
    }
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "marathon";
    spec.train = 28;
    refused(&spec, ER_E_USAGE, "28 training and 0 test examples are asked for; there are 27");
    spec.train = 20;
    spec.test = 8;
    refused(&spec, ER_E_USAGE, "20 training and 8 test");
    spec.train = 0;
    spec.test = 27;
    refused(&spec, ER_E_USAGE, "0 training and 27 test");
    spec.name = "marathn";
    refused(&spec, ER_E_NOT_FOUND, "did you mean \"marathon\"?");
}

int main(void)
{
    char folder[64];
    if (!scratch_make(folder)) return 1;
    snprintf(csv, sizeof csv, "%s/a.csv", folder);
    write_csv();
    check_rows();
    check_standardised();
    check_labels();
    const struct er_data_spec spec = spec_of("t");
    struct er_regression_split s;
    T_ALLOCATIONS(er_regression_open(&spec, NULL, &s, &err), er_regression_split_clear(&s), "a file");
    check_refused();
    check_names();
    scratch_remove(folder);
    return t_done();
}
