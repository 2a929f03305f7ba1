/* Splits of a user's own file: 80 and 20 % where no size is given, no row in both parts, every row in one. */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <archive.h>
#include <archive_entry.h>
#include <ermine/data.h>

enum { ROWS = 103 };

static char csv[128];
static char npz[128];

/* Feature a is the row's number, b its half; class is 0 for every third row, else 1. */
static void write_csv(void)
{
    char text[8192];
    int n = snprintf(text, sizeof text, "class,a,b\n");
    for (int i = 0; i < ROWS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%d,%d,%g\n", i % 3 > 0, i, i / 2.0);
    er_file_write(csv, text, (size_t)n, NULL);
}

/* The bytes of an .npy of float64, little-endian: version 1, a header of 118 characters. */
static size_t make_npy(char *out, const char *shape, const double *value, int count)
{
    static const unsigned char magic[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    memset(out, ' ', 128);
    memcpy(out, magic, sizeof magic);
    const int used =
        snprintf(out + 10, 117, "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape);
    out[10 + used] = ' ';
    out[127] = '\n';
    memcpy(out + 128, value, (size_t)count * sizeof *value);
    return 128 + (size_t)count * sizeof *value;
}

static void add_member(struct archive *a, const char *name, const char *bytes, size_t n)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, (la_int64_t)n);
    archive_write_header(a, entry);
    archive_write_data(a, bytes, n);
    archive_entry_free(entry);
}

/* An .npz that promises more numbers than are read. */
static void check_promise(const char *file)
{
    static const double value = 1;
    char bytes[128 + sizeof value];
    struct er_error err;
    struct er_split split;
    struct archive *a = archive_write_new();
    archive_write_set_format_zip(a);
    archive_write_open_filename(a, file);
    add_member(a, "x.npy", bytes, make_npy(bytes, "(300000, 1000)", &value, 1));
    archive_write_close(a);
    archive_write_free(a);
    struct er_data_spec spec = er_data_spec_default();
    spec.file = file;
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_E_LIMIT, "300 million numbers");
    T_OK(strstr(err.msg, "2400000000") && strstr(err.msg, "2147483648"), "names size and limit: %s", err.msg);
    T_EQ_STR(err.file, file, "and the file");
}

static void write_npz(void)
{
    static double x[ROWS * 2];
    static double y[ROWS];
    static char bytes[128 + sizeof x];
    for (int i = 0; i < ROWS; i++) {
        x[2 * i] = i;
        x[2 * i + 1] = i / 2.0;
        y[i] = i % 3 > 0;
    }
    struct archive *a = archive_write_new();
    archive_write_set_format_zip(a);
    archive_write_open_filename(a, npz);
    add_member(a, "x.npy", bytes, make_npy(bytes, "(103, 2)", x, 2 * ROWS));
    add_member(a, "y.npy", bytes, make_npy(bytes, "(103,)", y, ROWS));
    archive_write_close(a);
    archive_write_free(a);
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* The rows of a split: each at most once, with its own features and label. */
static void check_rows(const struct er_split *s, const char *name)
{
    bool seen[ROWS] = {false};
    bool right = true;
    const struct er_dataset *const sets[] = {&s->train, &s->test, &s->others};
    for (int which = 0; which < 3; which++) {
        const struct er_dataset *set = sets[which];
        for (int64_t i = 0; i < set->n; i++) {
            const int row = (int)set->x[2 * i];
            right = right && row >= 0 && row < ROWS && !seen[row] && set->x[2 * i + 1] == (float)row / 2 &&
                    set->label[i] == (row % 3 > 0);
            seen[row] = true;
        }
    }
    T_OK(right, "%s: no row twice, each as it was", name);
}

static void check_file(const char *file)
{
    struct er_error err;
    struct er_split a;
    struct er_split b;
    struct er_data_spec spec = er_data_spec_default();
    spec.file = file;
    spec.target = file == csv ? "class" : NULL;
    T_STATUS(er_data_open(&spec, NULL, &a, &err), ER_OK, "%s", file);
    T_OK(a.train.n == 82 && a.test.n == 21, "four fifths, rounded down, and the rest: %d and %d",
         (int)a.train.n, (int)a.test.n);
    T_OK(a.train.classes == 2 && er_shape_size(a.train.shape) == 2, "two classes, two features");
    check_rows(&a, "all rows");
    spec.seed = 1;
    T_STATUS(er_data_open(&spec, NULL, &b, &err), ER_OK, "another seed");
    T_OK(!same_bits(a.train.x, b.train.x, 82 * 2 * sizeof(float)), "another split");
    er_split_clear(&a);
    er_split_clear(&b);
    spec.train = 50;
    spec.test = 30;
    spec.first = true;
    T_STATUS(er_data_open(&spec, NULL, &a, &err), ER_OK, "the first rows");
    T_OK(a.train.x[0] == 0 && a.train.x[98] == 49 && a.test.x[0] == 50 && a.test.x[58] == 79,
         "train, then test, in the order of the file");
    er_split_clear(&a);
    spec.first = false;
    spec.stratify = true;
    for (spec.train = 1; spec.train < ROWS; spec.train += 7) {
        int count[2] = {0};
        spec.test = 0;
        T_STATUS(er_data_open(&spec, NULL, &a, &err), ER_OK, "stratified, %d rows", (int)spec.train);
        T_EQ_INT(a.test.n, ROWS - spec.train, "the test takes the rest");
        check_rows(&a, "stratified");
        for (int64_t i = 0; i < a.train.n; i++) count[0] += a.train.label[i];
        for (int64_t i = 0; i < a.test.n; i++) count[1] += a.test.label[i];
        T_OK(fabs(count[0] - (double)a.train.n * 68 / ROWS) < 1 &&
                 fabs(count[1] - (double)a.test.n * 68 / ROWS) < 1,
             "shares of class 1: %d of %d, %d of %d", count[0], (int)a.train.n, count[1], (int)a.test.n);
        er_split_clear(&a);
    }
    spec.train = 50;
    spec.test = 30;
    spec.others = ROWS - 80;
    T_STATUS(er_data_open(&spec, NULL, &a, &err), ER_OK, "others take the rest");
    T_EQ_INT(a.train.n + a.test.n + a.others.n, ROWS, "every row is in one part");
    check_rows(&a, "with others");
    er_split_clear(&a);
    spec.others = ROWS - 79;
    T_STATUS(er_data_open(&spec, NULL, &a, &err), ER_E_USAGE, "one row too many");
    spec.others = 0;
    spec.train = 100;
    spec.test = 4;
    T_STATUS(er_data_open(&spec, NULL, &a, &err), ER_E_USAGE, "more rows than there are");
    T_OK(strstr(err.msg, "100") && strstr(err.msg, "103"), "names the numbers: %s", err.msg);
    spec.train = ROWS;
    spec.test = 0;
    T_STATUS(er_data_open(&spec, NULL, &a, &err), ER_E_USAGE, "no row is left for the test");
}

static enum er_status open_file(const char *file, struct er_split *split)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.file = file;
    spec.target = file == csv ? "class" : NULL;
    spec.stratify = true;
    spec.only = "0 1";
    return er_data_open(&spec, NULL, split, NULL);
}

static void check_refusals(void)
{
    struct er_error err;
    struct er_split split;
    struct er_data_spec spec = er_data_spec_default();
    spec.file = "table.txt";
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_E_USAGE, "an unknown ending");
    spec.file = "/nowhere/table.csv";
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_E_NOT_FOUND, "a file that isn't there");
    spec.file = csv;
    spec.target = "klass";
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_E_NOT_FOUND, "a column that isn't there");
    T_EQ_STR(err.file, csv, "the error has its place");
    spec.file = npz;
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_E_USAGE, "a target column of arrays");
    spec.target = NULL;
    spec.noise = 0.5;
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_E_USAGE, "noise in a file");
}

static void check_names(void)
{
    struct er_error err;
    struct er_split split;
    char hex[ER_SHA256_HEX];
    char **path;
    int64_t n;
    struct er_data_spec spec = er_data_spec_default();
    spec.file = npz;
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_OK, "a split");
    T_STATUS(er_data_checksum(&spec, NULL, hex, &err), ER_OK, "the checksum alone");
    T_EQ_STR(hex, split.checksum, "is the same");
    T_STATUS(er_sha256_file(npz, hex, &err), ER_OK, "that of the file");
    T_EQ_STR(hex, split.checksum, "is the same");
    er_split_clear(&split);
    T_STATUS(er_data_files(&spec, NULL, &path, &n, &err), ER_OK, "the files");
    T_EQ_INT(n, 1, "are one");
    T_EQ_STR(path[0], npz, "which is it");
    er_free(path);
}

int main(void)
{
    char top[64];
    struct er_split split;
    if (!scratch_make(top)) return 1;
    snprintf(csv, sizeof csv, "%s/table.csv", top);
    snprintf(npz, sizeof npz, "%s/arrays.npz", top);
    write_csv();
    write_npz();
    check_file(csv);
    check_file(npz);
    check_refusals();
    check_names();
    char promise[128];
    snprintf(promise, sizeof promise, "%s/promise.npz", top);
    check_promise(promise);
    T_ALLOCATIONS(open_file(csv, &split), er_split_clear(&split), "a .csv survives failed allocations");
    T_ALLOCATIONS(open_file(npz, &split), er_split_clear(&split), "a .npz survives failed allocations");
    scratch_remove(top);
    return t_done();
}
