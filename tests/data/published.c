/* The real files: counts, class sizes and moments of published sets, as read by our readers. */
#include "t.h"

#include <ermine/data.h>

enum { CLASSES_MAX = 26 };
static const size_t limit = (size_t)1 << 28;
static int loaded; /* files */

/* `where`/`file` as bytes; false, having counted a failure or said that it is absent, when there are none. */
static bool load(const char *where, const char *file, unsigned char **bytes, size_t *n)
{
    char path[4096];
    struct er_error err = {0};
    snprintf(path, sizeof path, "%s/%s", where, file);
    const enum er_status status = er_data_bytes(path, limit, bytes, n, &err);
    if (status == ER_E_NOT_FOUND)
        printf("# %s: not there, not checked\n", path);
    else
        T_OK(status == ER_OK, "%s: %s", path, err.msg);
    loaded += status == ER_OK;
    return status == ER_OK;
}

static void check_labels(const struct er_dataset *set, const char *what, const int *counts)
{
    int64_t got[CLASSES_MAX] = {0};
    for (int64_t i = 0; i < set->n; i++) got[set->label[i]]++;
    for (int64_t k = 0; k < set->classes; k++) T_EQ_INT(got[k], counts[k], "%s: class %d", what, (int)k);
}

/* Mean and population standard deviation of n values that are `step` apart. */
static void check_moments(const float *x, int64_t n, int step, double scale, double mean, double std,
                          double tol, const char *what)
{
    double sum = 0;
    double squares = 0;
    for (int64_t i = 0; i < n; i++) {
        const double v = scale * (double)x[i * step];
        sum += v;
        squares += v * v;
    }
    const double m = sum / (double)n;
    T_CLOSE(m, mean, tol, "%s: mean", what);
    T_CLOSE(sqrt(squares / (double)n - m * m), std, tol, "%s: standard deviation", what);
}

static void check_idx(const char *where, const char *part, int n, const int *counts, double mean, double std)
{
    unsigned char *images;
    unsigned char *labels;
    size_t n_images;
    size_t n_labels;
    char file[128];
    struct er_error err;
    struct er_dataset set;
    snprintf(file, sizeof file, "%s-images-idx3-ubyte.gz", part);
    if (!load(where, file, &images, &n_images)) return;
    snprintf(file, sizeof file, "%s-labels-idx1-ubyte.gz", part);
    if (load(where, file, &labels, &n_labels)) {
        T_STATUS(er_idx_parse(images, n_images, labels, n_labels, 10, &set, &err), ER_OK, "%s", part);
        if (err.code == ER_OK) {
            T_EQ_INT(set.n, n, "%s: images", part);
            T_OK(set.shape.height == 28 && set.shape.width == 28 && set.shape.channels == 1, "%s: shape",
                 part);
            check_labels(&set, part, counts);
            check_moments(set.x, set.n * 784, 1, 255, mean, std, 6e-5, part);
            er_dataset_clear(&set);
        }
        er_free(labels);
    }
    er_free(images);
}

static void check_fashion(const char *where)
{
    static const int train[] = {6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000};
    static const int test[] = {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000};
    check_idx(where, "train", 60000, train, 72.9404, 90.0212);
    check_idx(where, "t10k", 10000, test, 73.1466, 89.8733);
}

static void check_mnist(const char *where)
{
    static const int train[] = {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949};
    static const int test[] = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};
    check_idx(where, "train", 60000, train, 33.3184, 78.5675);
    check_idx(where, "t10k", 10000, test, 33.7912, 79.1725);
}

static void check_cifar(const char *where)
{
    static const struct {
        const char *file;
        int n, counts[10];
        double mean[3], std[3];
    } parts[] = {
        {"cifar10/data_batch_1_first4000.bin.gz",
         4000,
         {396, 366, 420, 384, 422, 393, 414, 385, 407, 413},
         {0.4916, 0.4818, 0.4447},
         {0.2471, 0.2440, 0.2625}},
        {"cifar10/test_batch_first1000.bin.gz",
         1000,
         {103, 89, 100, 103, 90, 86, 112, 102, 106, 109},
         {0.4967, 0.4867, 0.4510},
         {0.2466, 0.2427, 0.2617}},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        unsigned char *bytes;
        size_t n;
        struct er_error err;
        struct er_dataset set;
        if (!load(where, parts[i].file, &bytes, &n)) continue;
        T_STATUS(er_cifar_parse(bytes, n, 10, &set, &err), ER_OK, "%s", parts[i].file);
        er_free(bytes);
        if (err.code != ER_OK) continue;
        T_EQ_INT(set.n, parts[i].n, "%s: records", parts[i].file);
        check_labels(&set, parts[i].file, parts[i].counts);
        for (int c = 0; c < 3; c++)
            check_moments(set.x + c, set.n * 1024, 3, 1, parts[i].mean[c], parts[i].std[c], 6e-5,
                          parts[i].file);
        er_dataset_clear(&set);
    }
}

/* A table with classes has their counts, one with a regression target its mean and standard deviation. */
static const struct table {
    const char *file;
    int rows, features, counts[CLASSES_MAX];
    double mean, std;
} tables[] = {
    {"optdigits/optdigits.tra", 3823, 64, {376, 389, 380, 389, 387, 376, 377, 387, 380, 382}, 0, 0},
    {"optdigits/optdigits.tes", 1797, 64, {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, 0, 0},
    {"tables/iris.csv", 150, 4, {50, 50, 50}, 0, 0},
    {"tables/wine.csv", 178, 13, {59, 71, 48}, 0, 0},
    {"tables/breast_cancer_wdbc.csv", 569, 30, {212, 357}, 0, 0},
    {"tables/diabetes.csv", 442, 10, {0}, 152.133, 77.0057},
    {"tables/boston_housing.csv", 506, 13, {0}, 22.5328, 9.18801},
    {"tables/california_housing.csv", 20640, 8, {0}, 206856, 115393},
    {"tables/kin8nm.csv", 8192, 8, {0}, 0.714283, 0.263591},
    {"tables/abalone.csv", 4177, 10, {0}, 9.93368, 3.22378},
    {"tables/glass.csv", 214, 9, {70, 76, 17, 13, 9, 29}, 0, 0},
    {"tables/ionosphere.csv", 351, 34, {126, 225}, 0, 0},
    {"tables/sonar.csv", 208, 60, {111, 97}, 0, 0},
    {"tables/pima.csv", 768, 8, {500, 268}, 0, 0},
    {"tables/vehicle.csv", 846, 18, {218, 212, 217, 199}, 0, 0},
    {"tables/vowel.csv", 990, 10, {90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90}, 0, 0},
    {"tables/zoo.csv", 101, 16, {41, 20, 5, 13, 4, 8, 10}, 0, 0},
    {"tables/satellite.csv", 6435, 36, {1533, 703, 1358, 626, 707, 1508}, 0, 0},
    {"tables/letter.csv",
     20000,
     16,
     {789, 766, 736, 805, 768, 775, 773, 734, 755, 747, 739, 761, 792,
      783, 753, 803, 783, 758, 748, 796, 813, 764, 752, 787, 786, 734},
     0,
     0},
    {"tables/fd_abalone.csv", 4177, 8, {1407, 1323, 1447}, 0, 0},
    {"tables/fd_wine_quality_red.csv", 1599, 11, {10, 53, 681, 638, 199, 18}, 0, 0},
    {"tables/fd_yeast.csv", 1484, 8, {463, 429, 244, 163, 51, 44, 35, 30, 20, 5}, 0, 0},
};

static bool load_table(const char *where, const char *file, struct er_columns *t)
{
    unsigned char *bytes;
    size_t n;
    struct er_error err;
    if (!load(where, file, &bytes, &n)) return false;
    T_STATUS(er_csv_parse((const char *)bytes, n, t, &err), ER_OK, "%s", file);
    er_free(bytes);
    return err.code == ER_OK;
}

static void check_target(const struct er_columns *t, const struct table *want)
{
    double sum = 0;
    double squares = 0;
    for (int64_t r = 0; r < t->rows; r++) sum += t->value[(r + 1) * t->columns - 1];
    const double mean = sum / (double)t->rows;
    for (int64_t r = 0; r < t->rows; r++) {
        const double off = t->value[(r + 1) * t->columns - 1] - mean;
        squares += off * off;
    }
    T_CLOSE(mean, want->mean, 1e-5 * want->mean, "%s: mean", want->file);
    T_CLOSE(sqrt(squares / (double)t->rows), want->std, 1e-5 * want->std, "%s: deviation", want->file);
}

static void check_tables(const char *where)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct er_error err;
        struct er_columns t;
        struct er_dataset set;
        if (!load_table(where, tables[i].file, &t)) continue;
        T_EQ_INT(t.rows, tables[i].rows, "%s: rows", tables[i].file);
        T_EQ_INT(t.columns, tables[i].features + 1, "%s: columns", tables[i].file);
        if (!tables[i].counts[0]) {
            check_target(&t, &tables[i]);
        } else {
            T_STATUS(er_columns_dataset(&t, NULL, &set, &err), ER_OK, "%s", tables[i].file);
            if (err.code == ER_OK) {
                check_labels(&set, tables[i].file, tables[i].counts);
                er_dataset_clear(&set);
            }
        }
        er_columns_clear(&t);
    }
}

/* 16 values are missing in the column bare_nuclei, the first in row 24. */
static void check_missing(const char *where)
{
    struct er_error err;
    struct er_columns t;
    struct er_dataset set;
    if (!load_table(where, "tables/breast_cancer_wbc.csv", &t)) return;
    int missing = 0;
    for (int64_t i = 0; i < t.rows * t.columns; i++) missing += isnan(t.value[i]);
    T_EQ_INT(t.rows, 699, "rows");
    T_EQ_INT(missing, 16, "missing values");
    T_STATUS(er_columns_dataset(&t, "class", &set, &err), ER_E_INPUT, "missing values are no features");
    T_EQ_STR(err.msg, "row 24, column bare_nuclei: the value is missing", "says where");
    er_columns_clear(&t);
}

int main(void)
{
    const char *debian = "/usr/share/datasets/fashion-mnist";
    const char *where = getenv("ERMINE_DATA");
    char folder[4096];
    check_fashion(debian);
    if (where) {
        snprintf(folder, sizeof folder, "%s/fashion-mnist", where);
        check_fashion(folder);
        snprintf(folder, sizeof folder, "%s/mnist", where);
        check_mnist(folder);
        check_cifar(where);
        check_tables(where);
        check_missing(where);
    }
    if (loaded == 0) T_SKIP("no data in ERMINE_DATA nor in %s", debian);
    return t_done();
}
