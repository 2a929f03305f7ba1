/* Splits of sets that are read: small IDX files made here, so that every record is known.
 *
 * Image i of the training file is filled with the byte i, of the test file with 255 - i; its label is i
 * mod 10. So a value of the split tells which record it came from.
 */
#include "t.h"

#include "core/file.h"
#include "support/places.h"
#include "support/scratch.h"

#include <ermine/data.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRAIN = 103, TEST = 50, PIXELS = 28 * 28 };

static char top[64];

static void write_idx(const char *folder, const char *images, const char *labels, int n, bool test)
{
    static unsigned char bytes[16 + TRAIN * PIXELS];
    char path[256];
    const unsigned char head[16] = {0, 0, 8, 3, 0, 0, 0, (unsigned char)n, 0, 0, 0, 28, 0, 0, 0, 28};
    memcpy(bytes, head, 16);
    for (int i = 0; i < n; i++) memset(bytes + 16 + i * PIXELS, test ? 255 - i : i, PIXELS);
    snprintf(path, sizeof path, "%s/%s", folder, images);
    er_file_write(path, bytes, 16 + (size_t)n * PIXELS, NULL);
    memcpy(bytes, (const unsigned char[8]){0, 0, 8, 1, 0, 0, 0, (unsigned char)n}, 8);
    for (int i = 0; i < n; i++) bytes[8 + i] = (unsigned char)(i % 10);
    snprintf(path, sizeof path, "%s/%s", folder, labels);
    er_file_write(path, bytes, 8 + (size_t)n, NULL);
}

static int record_of(const struct er_dataset *set, int64_t i)
{
    return (int)lrintf(set->x[i * PIXELS] * 255);
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static bool same_inputs(const struct er_dataset *a, const struct er_dataset *b, int64_t n)
{
    return same_bits(a->x, b->x, (size_t)n * PIXELS * sizeof(float));
}

static bool same_set(const struct er_dataset *a, const struct er_dataset *b)
{
    return a->n == b->n && same_inputs(a, b, a->n) &&
           same_bits(a->label, b->label, (size_t)a->n * sizeof(int32_t));
}

static void check_subsets(const struct er_data_places *places)
{
    struct er_error err;
    struct er_split a = {0}, b = {0};
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "mnist";
    T_STATUS(er_data_open(&spec, places, &a, &err), ER_OK, "the whole set");
    T_EQ_INT(a.train.n, TRAIN, "all training examples");
    T_EQ_INT(a.test.n, TEST, "all test examples");
    T_EQ_INT(a.changed_labels, 0, "no label changed");
    bool seen[256] = {false}, once = true, right = true;
    for (int64_t i = 0; i < a.train.n; i++) {
        once = once && !seen[record_of(&a.train, i)];
        seen[record_of(&a.train, i)] = true;
        right = right && a.train.label[i] == record_of(&a.train, i) % 10;
    }
    T_OK(once && right, "each record once, with its own label");
    er_split_clear(&a);

    spec.train = 40;
    spec.test = 20;
    spec.seed = 7;
    T_STATUS(er_data_open(&spec, places, &a, &err), ER_OK, "a random subset");
    T_STATUS(er_data_open(&spec, places, &b, &err), ER_OK, "the same again");
    T_OK(a.train.n == 40 && a.test.n == 20 && same_set(&a.train, &b.train) && same_set(&a.test, &b.test),
         "the same specification gives the same bits");
    er_split_clear(&b);
    spec.train = 60;
    T_STATUS(er_data_open(&spec, places, &b, &err), ER_OK, "a larger subset");
    T_OK(same_inputs(&a.train, &b.train, 40), "begins with the smaller one");
    er_split_clear(&b);
    spec.train = 40;
    spec.seed = 8;
    T_STATUS(er_data_open(&spec, places, &b, &err), ER_OK, "another seed");
    T_OK(!same_inputs(&a.train, &b.train, 40) && !same_inputs(&a.test, &b.test, 20),
         "gives other examples, in both parts");
    T_EQ_STR(a.checksum, b.checksum, "but the source is the same");
    er_split_clear(&a);
    er_split_clear(&b);

    spec.first = true;
    T_STATUS(er_data_open(&spec, places, &a, &err), ER_OK, "the first records");
    right = true;
    for (int i = 0; i < 40; i++) right = right && record_of(&a.train, i) == i;
    for (int i = 0; i < 20; i++) right = right && record_of(&a.test, i) == 255 - i;
    T_OK(right, "in the order of the file");
    er_split_clear(&a);
}

/* 103 training records: classes 0..2 have 11, the others 10. */
static void check_strata(const struct er_data_places *places)
{
    struct er_error err;
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "mnist";
    spec.stratify = true;
    spec.test = 25;
    for (int64_t n = 1; n <= TRAIN; n += 6) {
        struct er_split split;
        spec.train = n;
        spec.seed = (uint64_t)n;
        spec.first = n % 2;
        T_STATUS(er_data_open(&spec, places, &split, &err), ER_OK, "stratified, n = %d", (int)n);
        int count[2][10] = {{0}};
        for (int64_t i = 0; i < n; i++) count[0][split.train.label[i]]++;
        for (int64_t i = 0; i < 25; i++) count[1][split.test.label[i]]++;
        for (int c = 0; c < 10; c++) {
            const double share = (double)n * (c < 3 ? 11 : 10) / TRAIN;
            T_OK(fabs(count[0][c] - share) < 1, "n = %d: %d of class %d, whose share is %g", (int)n,
                 count[0][c], c, share);
            T_OK(count[1][c] == 2 || count[1][c] == 3, "25 test examples: %d of class %d", count[1][c], c);
        }
        er_split_clear(&split);
    }
}

/* Others are neither in training nor in test, change nothing of these, and are nested. Record r of either file
 * is filled with a byte of its own, training 0..102, test 206..255. */
static void check_others(const struct er_data_places *places, bool first, bool stratify)
{
    struct er_error err;
    struct er_split none, some, more;
    struct er_data_spec spec = er_data_spec_default();
    bool taken[256] = {false}, apart = true, right = true;
    spec.name = "mnist";
    spec.train = 40;
    spec.first = first;
    spec.stratify = stratify;
    spec.corrupt = 0.9;
    T_STATUS(er_data_open(&spec, places, &none, &err), ER_OK, "no others");
    spec.others = 20;
    T_STATUS(er_data_open(&spec, places, &some, &err), ER_OK, "20 others");
    spec.others = 63;
    T_STATUS(er_data_open(&spec, places, &more, &err), ER_OK, "all others");
    T_OK(none.others.n == 0 && !none.others.x && some.others.n == 20 && more.others.n == 63, "as many");
    T_OK(same_set(&none.train, &more.train) && same_set(&none.test, &more.test), "the parts are as before");
    T_OK(same_inputs(&some.others, &more.others, 20), "a smaller number begins a larger one");
    for (int64_t i = 0; i < more.train.n; i++) taken[record_of(&more.train, i)] = true;
    for (int64_t i = 0; i < more.others.n; i++) {
        const int record = record_of(&more.others, i);
        apart = apart && record < TRAIN && !taken[record] && (!first || record == 40 + i);
        right = right && more.others.label[i] == record % 10;
        taken[record] = true;
    }
    T_OK(apart, "each is a training record that nothing else has taken");
    T_OK(right, "with its own label, whatever becomes of the training labels");
    er_split_clear(&none);
    er_split_clear(&some);
    er_split_clear(&more);
    spec.others = 64;
    T_STATUS(er_data_open(&spec, places, &more, &err), ER_E_USAGE, "one too many");
    T_OK(strstr(err.msg, "104") && strstr(err.msg, "103"), "names both numbers: %s", err.msg);
}

static void check_errors(const struct er_data_places *places)
{
    struct er_error err;
    struct er_split split = {0};
    struct er_data_spec spec = er_data_spec_default();
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "neither name nor file");
    spec.name = "mnist";
    spec.file = "x.csv";
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "both name and file");
    spec.file = NULL;
    spec.train = TRAIN + 1;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "more than there are");
    T_OK(strstr(err.msg, "104") && strstr(err.msg, "103"), "names both numbers: %s", err.msg);
    spec.train = -1;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "a negative size");
    spec.train = 10;
    spec.corrupt = 1.5;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "corrupt above 1");
    spec.corrupt = NAN;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "corrupt no number");
    spec.corrupt = 0.5;
    spec.condition = ER_CONDITION_RANDOM_LABELS;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "corrupt and random labels");
    spec.condition = ER_CONDITION_TRUE_LABELS;
    spec.dimension = 3;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "a dimension of a set that is read");
    spec.dimension = 0;
    spec.target = "y";
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "a target column of a named set");
    T_OK(split.train.x == NULL && split.test.x == NULL, "nothing is written on failure");
}

static void check_names(const struct er_data_places *places)
{
    struct er_error err;
    struct er_split split;
    struct er_data_found found;
    char hex[ER_SHA256_HEX];
    char **path;
    int64_t n;
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "mnist";
    spec.train = 5;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_OK, "a split");
    T_STATUS(er_data_checksum(&spec, places, hex, &err), ER_OK, "its checksum alone");
    T_EQ_STR(hex, split.checksum, "is that of the split");
    T_STATUS(er_data_find("mnist", places, &found, &err), ER_OK, "its place");
    T_EQ_STR(found.checksum, hex, "has the same checksum");
    T_OK(found.train == TRAIN && found.test == TEST && !found.official, "a part of a set is no official set");
    T_STATUS(er_data_files(&spec, places, &path, &n, &err), ER_OK, "its files");
    T_EQ_INT(n, 4, "are four");
    for (int64_t i = 0; i < n; i++) T_OK(access(path[i], R_OK) == 0, "%s is there", path[i]);
    er_free(path);
    er_split_clear(&split);
    spec.name = "parity";
    T_STATUS(er_data_files(&spec, places, &path, &n, &err), ER_OK, "a generator's files");
    T_EQ_INT(n, 0, "are none");
    er_free(path);
    spec.name = "mnits";
    T_STATUS(er_data_files(&spec, places, &path, &n, &err), ER_E_NOT_FOUND, "an unknown set");
    T_STATUS(er_data_checksum(&spec, places, hex, &err), ER_E_NOT_FOUND, "an unknown set");
}

/* Of 103 training records 10 have label 3 and 10 label 8; labels are the last digit of a record's number. */
static void check_classes_kept(const struct er_data_places *places)
{
    struct er_error err;
    struct er_split split;
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "mnist";
    spec.only = "3 8";
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_OK, "two classes of ten");
    T_OK(split.train.n == 20 && split.test.n == 10 && split.train.classes == 2 && split.test.classes == 2,
         "all records of them, %d and %d", (int)split.train.n, (int)split.test.n);
    bool right = true;
    for (int64_t i = 0; i < 20; i++)
        right = right && record_of(&split.train, i) % 10 == (split.train.label[i] ? 8 : 3);
    for (int64_t i = 0; i < 10; i++)
        right = right && (255 - record_of(&split.test, i)) % 10 == (split.test.label[i] ? 8 : 3);
    T_OK(right, "renumbered in both parts");
    er_split_clear(&split);
    spec.task = ER_TASK_PARITY;
    spec.only = "3 5 8";
    spec.train = 9;
    spec.balance = true;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_OK, "parity of three classes");
    int digits[10] = {0};
    right = split.train.classes == 2;
    for (int64_t i = 0; i < 9; i++) {
        const int digit = record_of(&split.train, i) % 10;
        digits[digit]++;
        right = right && split.train.label[i] == digit % 2;
    }
    T_OK(right && digits[3] == 3 && digits[5] == 3 && digits[8] == 3, "of the labels as read, balanced");
    er_split_clear(&split);
    spec.task = ER_TASK_HALVES;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_OK, "halves of three classes");
    right = split.train.classes == 2;
    for (int64_t i = 0; i < 9; i++)
        right = right && split.train.label[i] == (record_of(&split.train, i) % 10 >= 5);
    T_OK(right, "the upper half of the ten classes, whichever are kept");
    er_split_clear(&split);
    static const char *const wrong[] = {"3", "3 10", "8 3", "3 3", "-1 3", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        spec.only = wrong[i];
        T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "classes '%s'", wrong[i]);
    }
    spec.only = "3 8";
    spec.train = 21;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "more than there are");
    T_OK(strstr(err.msg, "21") && strstr(err.msg, "20"), "names the numbers: %s", err.msg);
    spec.train = 20;
    spec.stratify = true;
    T_STATUS(er_data_open(&spec, places, &split, &err), ER_E_USAGE, "stratified and balanced");
}

static enum er_status open_all(const struct er_data_places *places, struct er_split *split)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "mnist";
    spec.train = 20;
    spec.only = "0 1 2 3 4 5";
    spec.others = 5;
    spec.stratify = true;
    spec.condition = ER_CONDITION_RANDOM_PIXELS;
    spec.corrupt = 0.3;
    spec.standardise = ER_STANDARDISE_FEATURE;
    return er_data_open(&spec, places, split, NULL);
}

int main(void)
{
    char folder[128];
    if (!scratch_make(top)) return 1;
    snprintf(folder, sizeof folder, "%s/mnist", top);
    mkdir(folder, 0777);
    write_idx(folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", TRAIN, false);
    write_idx(folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", TEST, true);
    const char *const folders[] = {top};
    const struct er_data_places places = {.folder = folders, .n = 1};
    check_subsets(&places);
    check_strata(&places);
    check_classes_kept(&places);
    for (int kind = 0; kind < 4; kind++) check_others(&places, kind & 1, kind & 2);
    check_errors(&places);
    check_names(&places);
    struct er_split split;
    T_ALLOCATIONS(open_all(&places, &split), er_split_clear(&split),
                  "er_data_open survives failed allocations");
    scratch_remove(top);
    return t_done();
}
