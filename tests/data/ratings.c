/* Ratings: texts and Matrix Market files by hand, what is refused and where, subsets, repeated pairs; MovieLens-100K where
 * it is. */
#include "t.h"

#include "core/file.h"
#include "data/decimal.h"
#include "data/ratings.h"
#include "data/unpack.h"
#include "support/places.h"
#include "support/scratch.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>
#include <zlib.h>

static enum er_status read_some(const char *text, size_t n, int64_t users, int64_t items,
                                struct er_ratings *out, struct er_error *err)
{
    struct er_rating_list list = {0};
    enum er_status status = er_ratings_read(text, n, &list, err);
    if (status == ER_OK) return er_rating_list_settle(&list, users, items, out, err);
    er_rating_list_clear(&list);
    return status;
}

/* "users | items | row,column=value ..." */
static void write_out(const struct er_ratings *r, char *to, size_t size)
{
    size_t at = 0;
    for (int64_t i = 0; i < r->rows; i++) at += (size_t)snprintf(to + at, size - at, "%s ", r->row_name[i]);
    at += (size_t)snprintf(to + at, size - at, "| ");
    for (int64_t j = 0; j < r->columns; j++)
        at += (size_t)snprintf(to + at, size - at, "%s ", r->column_name[j]);
    at += (size_t)snprintf(to + at, size - at, "|");
    for (int64_t k = 0; k < r->n; k++)
        at +=
            (size_t)snprintf(to + at, size - at, " %d,%d=%g", (int)r->row[k], (int)r->column[k], r->value[k]);
}

static const char films[] = "7 12 | a b | 0,0=4 0,1=3.5 1,0=-1";

static void accepted(void)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        /* one table, in all its dresses */
        {"12,a,-1\n7,b,3.5\n7,a,4\n", films},
        {"12\ta\t-1\t881250949\n7\tb\t3.5\t1\n7\ta\t4\t2\n", films},
        {"12 a -1\n7  b\t 3.5 \n  7 a 4", films},
        {"12::a::-1::0\n7::b::3.5::0\n7::a::4::0\n", films},
        {"\"12\";\"a\";\"-1\"\n\"7\";\"b\";\"3.5\"\n\"7\";\"a\";4\n\n", films},
        {"\xef\xbb\xbfuserId,movieId,rating,timestamp\r\n12,a,-1,0\r\n7,b,3.5,0\r\n7,a,4,0\r\n", films},
        {"rating,When,User-ID,Movie_ID\n-1,x,12,a\n3.5,,7,b\n4,\"x, \ny\",7,a\n", films},
        {"who,what,how\n12,a,-1\n7,b,3.5\n7,a,4\n", films},
        {"% bip weighted\n# KONECT\n12 a -1\n7 b 3.5\n7 a 4\n", films},
        {"%%MatrixMarket matrix coordinate real general\n% so\n\n12 9 3\n 12 1 -1\n7 2 3.5\n% no\n7 1 4e0\n",
         "7 12 | 1 2 | 0,0=4 0,1=3.5 1,0=-1"},
        /* names: whole numbers by size, then texts by their bytes; "07" is a text */
        {"10,z,1\n9,y,2\nb,x,3\na,w,4\n07,v,5\n-1,u,6\n",
         "9 10 -1 07 a b | u v w x y z | 0,4=2 1,5=1 2,0=6 3,1=5 4,2=4 5,3=3"},
        {"\"say \"\"a\"\"\",\"b,c\",2\n", "say \"a\" | b,c | 0,0=2"},
        {"na\xc3\xafve,\xe2\x82\xac,1e2\n", "na\xc3\xafve | \xe2\x82\xac | 0,0=100"},
        /* a pair that comes three times is its mean */
        {"u,i,1\nu,j,5\nu,i,2\nu,i,6\n", "u | i j | 0,0=3 0,1=5"},
        {"%%MatrixMarket MATRIX coordinate INTEGER symmetric\n3 3 3\n1 1 5\n3 1 2\n3 3 0\n",
         "1 3 | 1 3 | 0,0=5 0,1=2 1,0=2 1,1=0"},
        {"%%MatrixMarket matrix array real general\n2 3\n1\n2\n3\n4\n5\n6\n",
         "1 2 | 1 2 3 | 0,0=1 0,1=3 0,2=5 1,0=2 1,1=4 1,2=6"},
        {"%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n", "1 2 | 1 2 | 0,0=1 0,1=2 1,0=2 1,1=3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct er_error err;
        struct er_ratings r = {0};
        char says[256] = "";
        T_STATUS(read_some(cases[i].text, strlen(cases[i].text), 0, 0, &r, &err), ER_OK, "\"%s\"",
                 cases[i].text);
        if (err.code != ER_OK) continue;
        write_out(&r, says, sizeof says);
        T_EQ_STR(says, cases[i].says, "\"%s\"", cases[i].text);
        er_ratings_clear(&r);
        T_OK(!r.row && !r.row_name && r.n == 0, "cleared");
    }
}

static void refused(void)
{
    static const struct {
        const char *text;
        int line, column;
        const char *says;
    } cases[] = {
        {"", 0, 0, "it is empty"},
        {"\n1,2,3\n", 1, 1, "the first line is empty"},
        {"# only this\n", 2, 1, "nothing stands behind the comments"},
        {"1,2\n", 1, 1, "user, item and rating are the least"},
        {"user,item,rating\n", 2, 0, "there are no ratings"},
        {"1,2,3\n1,2\n", 2, 3, "the line ends after 2 cells, the first has 3"},
        {"1,2,3\n1,2,3,4\n", 2, 5, "the line goes on after 3 cells, the first has 3"},
        {"1,2,3\n1,3,good\n", 2, 5, "\"good\" is not a finite number"},
        {"1;2;3\n1;2;3,5\n", 2, 5, "decimals stand behind a point"},
        {"1,2,3\n1,3,\n", 2, 5, "the rating is missing"},
        {"1,2,3\n1,3,inf\n", 2, 5, "not a finite number"},
        {"1,2,3\n1,3,1e999\n", 2, 5, "not a finite number"},
        {"1,2,3\n,3,4\n", 2, 1, "is no name"},
        {"1,2,3\n1,\x80,4\n", 2, 3, "not UTF-8"},
        {"1,2,3\n1,\"a\nb\",4\n", 2, 3, "not UTF-8 text on one line"},
        {"1,2,3\n\n1,3,4\n", 2, 1, "an empty line inside"},
        {"1,2,3\n1,\"2,3\n", 2, 3, "a quote that is never closed"},
        {"1,2,3\n1,\"2\"x,3\n", 2, 6, "text behind a closing quote"},
        {"userId,title,rating\n1,2,3\n", 1, 0, "names a column of users and none of items"},
        {"user,item,rating,score\n1,2,3,4\n", 1, 18, "a second column of its kind"},
        {"<!doctype html>\n<html>", 0, 0, "an HTML page"},
        {"%%MatrixMarket matrix coordinate pattern general\n1 1 1\n1 1\n", 1, 34, "has no values"},
        {"%%MatrixMarket matrix coordinate complex general\n", 1, 34, "neither \"real\" nor \"integer\""},
        {"%%MatrixMarket matrix coordinate real skew-symmetric\n", 1, 39,
         "neither \"general\" nor \"symmetric\""},
        {"%%MatrixMarket tensor\n", 1, 16, "where \"matrix\" belongs"},
        {"%%MatrixMarket matrix coordinate real general\n% no sizes\n", 3, 0,
         "where the matrix's sizes belong"},
        {"%%MatrixMarket matrix coordinate real general\n2 0 1\n", 2, 3, "a whole number of 1 to 2147483646"},
        {"%%MatrixMarket matrix coordinate real general\n2 2 5\n", 2, 5, "a whole number of 1 to 4"},
        {"%%MatrixMarket matrix coordinate real general\n99999 99999 99999\n1 1 1\n", 2, 1,
         "99999 entries do not fit in the 6 bytes"},
        {"%%MatrixMarket matrix array real general\n99999 99999\n1\n", 2, 1, "do not fit"},
        {"%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n % 1 1 1\n", 5, 0,
         "ends after 1 entries of 2"},
        {"%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n", 3, 1, "\"3\" is not a row"},
        {"%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1\n2 2 2\n", 3, 4,
         "is not a finite number"},
        {"%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1 1\n", 3, 7, "where the line ends"},
        {"%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n1 2 1\n", 4, 1,
         "more than the 1 entries"},
        {"%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n", 3, 3, "above the diagonal"},
        {"%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n", 2, 1,
         "a symmetric matrix of 2 x 3"},
        {"%%MatrixMarket matrix coordinate real general\n99999999999999999999 1 1\n", 2, 1,
         "not a number of rows"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct er_error err;
        struct er_ratings r = {.rows = -7};
        T_STATUS(read_some(cases[i].text, strlen(cases[i].text), 0, 0, &r, &err), ER_E_INPUT, "\"%s\"",
                 cases[i].text);
        T_OK(err.line == cases[i].line && err.column == cases[i].column, "\"%s\" at %d:%d, not %d:%d",
             cases[i].text, (int)err.line, (int)err.column, cases[i].line, cases[i].column);
        T_OK(strstr(err.msg, cases[i].says), "\"%s\": \"%s\" says \"%s\"", cases[i].text, err.msg,
             cases[i].says);
        T_EQ_INT(r.rows, -7, "untouched on failure");
    }
    struct er_error err;
    struct er_ratings r;
    T_STATUS(read_some("1,2,3\n1,\0,4\n", 12, 0, 0, &r, &err), ER_E_INPUT, "a NUL");
    T_OK(err.line == 2 && err.column == 3 && strstr(err.msg, "NUL"), "where it is");
}

/* a has 3 ratings, b and c have 2, d has 1; x has 4, y has 2, z has 2. */
static void subsets(void)
{
    static const char text[] = "d,x,1\nc,x,2\nc,z,3\nb,x,4\nb,y,5\na,x,6\na,y,7\na,z,8\n";
    static const struct {
        int users, items;
        const char *says;
    } cases[] = {{0, 0, "a b c d | x y z | 0,0=6 0,1=7 0,2=8 1,0=4 1,1=5 2,0=2 2,2=3 3,0=1"},
                 {2, 2, "a b | x y | 0,0=6 0,1=7 1,0=4 1,1=5"},
                 {3, 1, "a b c | x | 0,0=6 1,0=4 2,0=2"},
                 {1, 0, "a | x y z | 0,0=6 0,1=7 0,2=8"}};
    struct er_error err;
    struct er_ratings r;
    char says[256];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        T_STATUS(read_some(text, sizeof text - 1, cases[i].users, cases[i].items, &r, &err), ER_OK,
                 "a subset");
        if (err.code != ER_OK) continue;
        write_out(&r, says, sizeof says);
        T_EQ_STR(says, cases[i].says, "%d users, %d items", cases[i].users, cases[i].items);
        er_ratings_clear(&r);
    }
    T_STATUS(read_some(text, sizeof text - 1, 5, 0, &r, &err), ER_E_USAGE, "too many users");
    T_OK(strstr(err.msg, "5 users are asked for, there are 4"), "says so: %s", err.msg);
    static const char apart[] = "a,x,1\na,y,1\nb,z,1\nc,z,1\nd,z,1\n";
    T_STATUS(read_some(apart, sizeof apart - 1, 1, 1, &r, &err), ER_E_USAGE,
             "the busiest user without the busiest item");
    T_STATUS(read_some(apart, sizeof apart - 1, 0, 0, &r, &err), ER_OK, "the whole");
    T_EQ_INT(r.repeated, 0, "no pair twice");
    er_ratings_clear(&r);
}

/* The order of the lines changes nothing, but where a pair's values are averaged. */
static void order_of_lines(void)
{
    enum { LINES = 2000 };
    static char text[2][LINES * 16];
    struct er_ratings r[2];
    size_t length[2] = {0};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < LINES; i++) {
            const int line = k ? LINES - 1 - i : i;
            length[k] += (size_t)snprintf(text[k] + length[k], sizeof text[k] - length[k], "%d\tf%d\t%d\n",
                                          line * 37 % 211, line * 53 % 101, line % 5);
        }
    struct er_error err;
    for (int k = 0; k < 2; k++) T_STATUS(read_some(text[k], length[k], 100, 50, &r[k], &err), ER_OK, "read");
    T_OK(r[0].n == r[1].n && r[0].rows == 100 && r[0].columns == 50, "the same sizes");
    const size_t bytes = (size_t)r[0].n * sizeof(int32_t);
    T_OK(memcmp(r[0].row, r[1].row, bytes) == 0 && memcmp(r[0].column, r[1].column, bytes) == 0 &&
             memcmp(r[0].value, r[1].value, 2 * bytes) == 0,
         "the same ratings");
    T_EQ_STR(r[0].column_name[7], r[1].column_name[7], "the same names");
    for (int k = 0; k < 2; k++) er_ratings_clear(&r[k]);
}

/* The short way to a number gives what the long one does, to the bit. */
static void decimals(void)
{
    static const char *const text[] = {"0",
                                       "-0",
                                       "4",
                                       "3.5",
                                       "-12.25",
                                       ".5",
                                       "5.",
                                       "0.1",
                                       "0.30000",
                                       "123456.789",
                                       "9.99999999999",
                                       "1e-3",
                                       "+2",
                                       "17976931348623157",
                                       "0.000000000000001",
                                       "99999999999999.9",
                                       "-.125"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        char padded[64];
        double value = NAN;
        snprintf(padded, sizeof padded, "%s7", text[i]); /* what stands behind is not read */
        T_OK(er_decimal_read(padded, strlen(text[i]), &value) && value == strtod(text[i], NULL), "%s",
             text[i]);
    }
    static const char *const none[] = {"",    "-",   ".",   "-.", "1.2.3", "1-2",
                                       "--1", "0x1", "nan", "1e", " 1",    "1 "};
    double value;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        T_OK(!er_decimal_read(none[i], strlen(none[i]), &value), "\"%s\" is none", none[i]);
}

static const char mini[] = "1\t2\t3\t0\n1\t1\t5\t0\n2\t2\t4\t0\n";

/* A file of one's own, plain or packed; and what is no source. */
static void files(void)
{
    struct er_error err;
    struct er_ratings r;
    char top[64], path[128], hex[ER_SHA256_HEX], says[128];
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
        write_out(&r, says, sizeof says);
        T_EQ_STR(says, "1 2 | 1 2 | 0,0=5 0,1=3 1,1=4", "%s", path);
        T_EQ_STR(r.checksum, hex, "its checksum is of the unpacked bytes");
        er_ratings_clear(&r);
        T_ALLOCATIONS(er_ratings_open(&spec, NULL, &r, NULL), er_ratings_clear(&r),
                      "every failed allocation");
    }
    er_file_write(path, "1,2,x\n1,2,x\n", 12, NULL);
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
    accepted();
    refused();
    subsets();
    order_of_lines();
    decimals();
    files();
    zips();
    refused_elsewhere();
    movielens();
    return t_done();
}
