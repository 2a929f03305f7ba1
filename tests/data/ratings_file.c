/* Files of ratings: plain, packed, out of a zip; what is no source; MovieLens-100K where it is. */
#include "t.h"

#include "core/file.h"
#include "data/ratings.h"
#include "data/unpack.h"
#include "support/places.h"
#include "support/scratch.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static const char mini[] = "1\t2\t3\t0\n1\t1\t5\t0\n2\t2\t4\t0\n";

/* A file of one's own, plain or packed; and what is no source. */
static void files(void)
{
    struct er_error err;
    struct er_ratings r;
    char top[64], path[128], hex[ER_SHA256_HEX];
    if (!scratch_make(top)) return;
    er_sha256(mini, sizeof mini - 1, hex);
    for (int packed = 0; packed < 2; packed++) {
        snprintf(path, sizeof path, "%s/mine.tsv%s", top, packed ? ".gz" : "");
        gzFile gz = gzopen(path, packed ? "wb" : "wbT");
        gzwrite(gz, mini, sizeof mini - 1);
        gzclose(gz);
        const struct er_ratings_spec spec = {.file = path};
        T_STATUS(er_ratings_open(&spec, NULL, &r, &err), ER_OK, "%s", path);
        if (err.code != ER_OK) continue;
        T_OK(r.rows == 2 && r.columns == 2 && r.n == 3 && r.value[1] == 3 && r.row[2] == 1, "%s", path);
        T_EQ_STR(r.checksum, hex, "its checksum is of the unpacked bytes");
        er_ratings_clear(&r);
        T_ALLOCATIONS(er_ratings_open(&spec, NULL, &r, NULL), er_ratings_clear(&r),
                      "every failed allocation");
    }
    er_file_write(path, "1,2,3\n1,2,x\n", 12, NULL);
    const struct er_ratings_spec wrong = {.file = path};
    T_STATUS(er_ratings_open(&wrong, NULL, &r, &err), ER_E_INPUT, "a file of something else");
    T_OK(strcmp(err.file, path) == 0 && err.line == 2, "the error names the file: %s:%d", err.file,
         (int)err.line);
    const struct er_ratings_spec none = {0}, both = {.name = "movielens-100k", .file = path},
                                 images = {.name = "mnist"}, lost = {.name = "movielens-100"},
                                 negative = {.file = path, .items = -1};
    T_STATUS(er_ratings_open(&none, NULL, &r, &err), ER_E_USAGE, "neither name nor file");
    T_STATUS(er_ratings_open(&both, NULL, &r, &err), ER_E_USAGE, "both");
    T_STATUS(er_ratings_open(&images, NULL, &r, &err), ER_E_USAGE, "a set of images");
    T_STATUS(er_ratings_open(&negative, NULL, &r, &err), ER_E_USAGE, "a negative number of items");
    T_STATUS(er_ratings_open(&lost, NULL, &r, &err), ER_E_NOT_FOUND, "a name that is none");
    T_OK(strstr(err.msg, "movielens-100k"), "the nearest: %s", err.msg);
    scratch_remove(top);
}

/* One file out of a zip: u.data as the catalogue would pin it. */
static void zips(void)
{
    struct er_error err;
    char top[64], path[128], hex[ER_SHA256_HEX];
    if (!scratch_make(top)) return;
    snprintf(path, sizeof path, "%s/a.zip", top);
    struct archive *a = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    archive_write_set_format_zip(a);
    archive_write_open_filename(a, path);
    static const char *const names[] = {"set/README", "set/u.data"};
    for (int i = 0; i < 2; i++) {
        archive_entry_clear(entry);
        archive_entry_set_pathname(entry, names[i]);
        archive_entry_set_size(entry, (int64_t)sizeof mini - 1);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(a, entry);
        archive_write_data(a, mini, sizeof mini - 1);
    }
    archive_entry_free(entry);
    archive_write_free(a);
    er_sha256(mini, sizeof mini - 1, hex);
    struct er_set_file file = {"u.data", (int64_t)sizeof mini - 1, hex, NULL};
    const struct er_set set = {.name = "mini",
                               .format = ER_SET_RATINGS,
                               .inside = "set/",
                               .train_files = 1,
                               .n_files = 1,
                               .file = &file};
    T_STATUS(er_unpack(&set, path, top, NULL, &err), ER_OK, "out of a zip");
    char *bytes = NULL;
    size_t n = 0;
    snprintf(path, sizeof path, "%s/u.data", top);
    T_OK(er_file_read(path, 100, &bytes, &n, NULL) == ER_OK && n == sizeof mini - 1 &&
             memcmp(bytes, mini, n) == 0,
         "its bytes");
    er_free(bytes);
    snprintf(path, sizeof path, "%s/README", top);
    T_OK(access(path, F_OK) != 0, "nothing else of it");
    hex[0] = hex[0] == '0' ? '1' : '0';
    snprintf(path, sizeof path, "%s/a.zip", top);
    T_STATUS(er_unpack(&set, path, top, NULL, &err), ER_E_CHECKSUM, "another file than the pinned one");
    scratch_remove(top);
}

static void refused_elsewhere(void)
{
    struct er_error err;
    struct er_split split;
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "movielens-100k";
    T_STATUS(er_data_open(&spec, places_here(), &split, &err), ER_E_USAGE, "no labelled examples");
    T_OK(strstr(err.msg, "`recover`"), "says where it belongs: %s", err.msg);
}

/* Counts of the reference and of the set's own README. */
static void movielens(void)
{
    struct er_error err;
    struct er_ratings r;
    char hex[ER_SHA256_HEX];
    if (!places_have("movielens-100k")) {
        printf("# movielens-100k is not on this machine: not read\n");
        return;
    }
    struct er_ratings_spec spec = {.name = "movielens-100k"};
    T_STATUS(er_ratings_open(&spec, places_here(), &r, &err), ER_OK, "opens");
    if (err.code != ER_OK) return;
    T_OK(r.rows == 943 && r.columns == 1682 && r.n == 100000 && r.repeated == 0,
         "943 users, 1682 films, 100,000 ratings");
    int64_t least = 100, count = 0;
    double sum = 0;
    for (int64_t k = 0; k < r.n; k++) {
        sum += r.value[k];
        count++;
        if (k + 1 < r.n && r.row[k + 1] == r.row[k]) continue;
        if (count < least) least = count;
        count = 0;
    }
    T_EQ_INT(least, 20, "each user has rated at least 20");
    T_CLOSE(sum / 100000, 3.52986, 1e-12, "the mean rating");
    T_EQ_STR(r.row_name[941], "942", "user 942 is row 941, from 0");
    const struct er_data_spec data = {.name = spec.name};
    T_STATUS(er_data_checksum(&data, places_here(), hex, &err), ER_OK, "its checksum");
    T_EQ_STR(hex, r.checksum, "the same one");
    er_ratings_clear(&r);
    /* 38,220 in the reference, whose order of equals is not known; every order gives between 38,193 and 38,247. */
    spec.users = spec.items = 300;
    T_STATUS(er_ratings_open(&spec, places_here(), &r, &err), ER_OK, "300 of each");
    T_EQ_INT(r.n, 38247,
             "ratings of the 300 most rated films by the 300 most active users, of equals the first");
    er_ratings_clear(&r);
}

int main(void)
{
    files();
    zips();
    refused_elsewhere();
    movielens();
    return t_done();
}
