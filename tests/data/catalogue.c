/* The catalogue is consistent; sets are found where they are, and said to be missing where they are not. */
#include "t.h"

#include "core/file.h"
#include "data/catalogue.h"
#include "support/places.h"
#include "support/scratch.h"

#include <sys/stat.h>
#include <unistd.h>

static void check_entries(void)
{
    int64_t n;
    const struct er_data_info *info = er_data_list(&n);
    for (int64_t i = 0; i < n; i++) {
        T_OK(info[i].title[0] && info[i].licence[0] && info[i].source[0], "%s has its words", info[i].name);
        T_OK(er_shape_size(info[i].shape) >= 1, "%s has a shape", info[i].name);
        T_OK(info[i].regression || info[i].ratings ? info[i].classes == 0 : info[i].classes >= 2,
             "%s has classes, targets or ratings", info[i].name);
        for (int64_t j = 0; j < i; j++)
            T_OK(strcmp(info[i].name, info[j].name) != 0, "%s is listed once", info[i].name);
        const struct er_set *set = er_set_named(info[i].name);
        T_OK(!set == info[i].generated, "%s is read or generated", info[i].name);
        if (!set) continue;
        T_OK(info[i].train > 0 && (info[i].test > 0) == !info[i].ratings, "%s says its sizes", set->name);
        T_OK(strcmp(set->folder[0], set->name) == 0, "%s lies in a folder of its name", set->name);
        T_OK(set->train_files > 0 && (set->train_files < set->n_files) == !info[i].ratings,
             "%s has two parts, or ratings", set->name);
        T_OK(!set->checksum || strlen(set->checksum) == 64, "%s: a SHA-256 has 64 digits", set->name);
        T_OK(!set->archive == !set->archive_sha256 && !set->archive == !set->archive_bytes,
             "%s: an archive is pinned", set->name);
        T_OK(!set->archive_sha256 || strlen(set->archive_sha256) == 64, "%s: a SHA-256 has 64 digits",
             set->name);
        for (int64_t j = 0; j < set->n_files; j++) {
            const struct er_set_file *f = &set->file[j];
            T_OK(!f->url == !!set->archive, "%s: %s has an address, or comes out of the archive", set->name,
                 f->name);
            T_OK(!f->sha256 || strlen(f->sha256) == 64, "%s: a SHA-256 has 64 digits", f->name);
        }
    }
}

static void check_missing(void)
{
    struct er_error err;
    struct er_data_found found;
    char top[64], folder[128];
    if (!scratch_make(top)) return;
    const char *const folders[] = {"/nowhere/at-all", top};
    const struct er_data_places places = {.folder = folders, .n = 2};
    T_STATUS(er_data_find("mnist", &places, &found, &err), ER_E_NOT_FOUND, "mnist isn't there");
    T_OK(strstr(err.msg, "ermine data fetch mnist"), "says what fetches it: %s", err.msg);
    T_OK(strstr(err.msg, "/nowhere/at-all/mnist") && strstr(err.msg, top), "says where it looked: %s",
         err.msg);
    snprintf(folder, sizeof folder, "%s/mnist", top);
    mkdir(folder, 0777);
    T_STATUS(er_data_find("mnist", &places, &found, &err), ER_E_NOT_FOUND, "an empty folder");
    T_OK(strstr(err.msg, "lacks train-images-idx3-ubyte"), "says what is missing: %s", err.msg);
    T_STATUS(er_data_find("mnits", &places, &found, &err), ER_E_NOT_FOUND, "a misspelt name");
    T_OK(strstr(err.msg, "\"mnist\""), "hints at the nearest: %s", err.msg);
    T_STATUS(er_data_find("mnist", NULL, &found, &err), ER_E_NOT_FOUND, "no places at all");
    scratch_remove(top);
}

/* A file of n CIFAR-10 records; the first byte after the label is `mark`. */
static void write_batch(const char *folder, const char *name, int n, unsigned char mark)
{
    static unsigned char bytes[5 * 3073];
    char path[256];
    for (int i = 0; i < n; i++) {
        bytes[i * 3073] = (unsigned char)(i % 10);
        bytes[i * 3073 + 1] = mark;
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    er_file_write(path, bytes, (size_t)n * 3073, NULL);
}

/* A part of CIFAR-10 under other names: read in the order of the names, and not official. */
static void check_part_of_cifar(void)
{
    struct er_error err;
    struct er_data_found found;
    struct er_split split;
    char top[64];
    char folder[128];
    if (!scratch_make(top)) return;
    snprintf(folder, sizeof folder, "%s/cifar10", top);
    mkdir(folder, 0777);
    const char *const folders[] = {top};
    const struct er_data_places places = {.folder = folders, .n = 1};
    write_batch(folder, "data_batch_2.bin", 2, 40);
    T_STATUS(er_data_find("cifar-10", &places, &found, &err), ER_E_NOT_FOUND, "no test part");
    T_OK(strstr(err.msg, "lacks test_batch"), "says so: %s", err.msg);
    write_batch(folder, "test_batch_first.bin", 4, 90);
    write_batch(folder, "data_batch_1_first3.bin", 3, 20);
    write_batch(folder, "data_batch_2.bin.gz", 5, 60); /* packed beside plain: passed over */
    T_STATUS(er_data_find("cifar-10", &places, &found, &err), ER_OK, "a part of the set");
    T_OK(found.train == 5 && found.test == 4 && !found.official, "%d and %d examples, not official",
         (int)found.train, (int)found.test);
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "cifar-10";
    spec.first = true;
    T_STATUS(er_data_open(&spec, &places, &split, &err), ER_OK, "is read");
    static const int mark[] = {20, 20, 20, 40, 40};
    static const int label[] = {0, 1, 2, 0, 1};
    for (int i = 0; i < 5; i++)
        T_OK(lrintf(split.train.x[i * 3072] * 255) == mark[i] && split.train.label[i] == label[i],
             "record %d is in its place", i);
    er_split_clear(&split);
    scratch_remove(top);
}

/* Values of the sets that other formats give as they are: within [0, 1] all of them. */
static void check_range(const struct er_data_info *info)
{
    struct er_error err;
    struct er_split split;
    struct er_data_spec spec = er_data_spec_default();
    float low = 0;
    float high = 0;
    spec.name = info->name;
    spec.train = spec.test = 1000;
    T_STATUS(er_data_open(&spec, places_here(), &split, &err), ER_OK, "%s opens", info->name);
    for (int64_t i = 0; i < 1000 * er_shape_size(split.train.shape); i++) {
        low = fminf(low, split.train.x[i]);
        high = fmaxf(high, split.train.x[i]);
    }
    T_OK(low == 0 && high == 1, "%s: pixels from %g to %g", info->name, (double)low, (double)high);
    T_OK(split.train.classes == info->classes && split.train.shape.height == info->shape.height, "%s: shape",
         info->name);
    er_split_clear(&split);
}

/* The official sets, where they are on this machine. */
static int check_official(void)
{
    struct er_error err;
    int seen = 0;
    int64_t n;
    const struct er_data_info *info = er_data_list(&n);
    for (int64_t i = 0; i < n; i++) {
        struct er_data_found found;
        const struct er_set *set = er_set_named(info[i].name);
        enum er_status status = er_data_find(info[i].name, places_here(), &found, &err);
        if (set && status == ER_E_NOT_FOUND) {
            printf("# %s is not on this machine\n", set->name);
            continue;
        }
        T_EQ_INT(status, ER_OK, "%s is found: %s", info[i].name, err.msg);
        if (!set) {
            T_OK(found.official && strlen(found.checksum) == 64, "%s is always there", info[i].name);
            continue;
        }
        seen++;
        T_OK(found.train > 0 && found.train <= info[i].train && found.test <= info[i].test,
             "%s: %d and %d examples", set->name, (int)found.train, (int)found.test);
        if (set->checksum && found.train == info[i].train && found.test == info[i].test)
            T_OK(found.official, "%s is the published one", set->name);
        if (!info[i].ratings) check_range(&info[i]);
    }
    return seen;
}

int main(void)
{
    check_entries();
    check_missing();
    check_part_of_cifar();
    if (check_official() == 0) printf("# no real data set on this machine\n");
    return t_done();
}
