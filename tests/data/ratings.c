/* Ratings: texts and Matrix Market files by hand, what is refused and where, subsets, repeated pairs. */
#include "t.h"

#include "data/decimal.h"
#include "data/ratings.h"

#include <math.h>
#include <string.h>

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

/* What a text says, as write_out() has it. */
static void says(const char *text, const char *expected)
{
    struct er_error err;
    struct er_ratings r = {0};
    char written[256] = "";
    T_STATUS(read_some(text, strlen(text), 0, 0, &r, &err), ER_OK, "\"%s\"", text);
    if (err.code != ER_OK) return;
    write_out(&r, written, sizeof written);
    T_EQ_STR(written, expected, "\"%s\"", text);
    er_ratings_clear(&r);
    T_OK(!r.row && !r.row_name && r.n == 0, "cleared");
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
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) says(cases[i].text, cases[i].says);
}

/* What parts the cells is what makes sense of the first line, not what it merely holds. */
static void separators(void)
{
    says("1,Foo::Bar::Baz,5\n", "1 | Foo::Bar::Baz | 0,0=5");
    says("\"1\",\"Foo::Bar::Baz\",\"5\"\n", "1 | Foo::Bar::Baz | 0,0=5");
    says("1::Lock, Stock, Barrel::5\n", "1 | Lock, Stock, Barrel | 0,0=5");
    says("Smith, J.;Clue, The;4\n", "Smith, J. | Clue, The | 0,0=4");
    says("user;item;rating;what, where, when\n1;2;3;x\n", "1 | 2 | 0,0=3");
    says("a b c,d,5\n", "a b c | d | 0,0=5");
    says("a  b 5     \nc d 4\t \n", "a c | b d | 0,0=5 1,1=4");
}

/* Of two columns of a kind the order of columns decides nothing. */
static void headers(void)
{
    says("userId,movieId,rating,movie\n1,2,3,x\n", "1 | 2 | 0,0=3");
    says("movie,movieId,userId,rating\nx,2,1,3\n", "1 | 2 | 0,0=3");
    says("row,user,item,value,rating\n0,1,2,9,3\n", "1 | 2 | 0,0=3");
    says("film,movie,isbn,user,rating\nx,y,2,1,3\n", "1 | 2 | 0,0=3");
}

/* The largest ratings are averaged without overflow. */
static void sizes(void)
{
    struct er_error err;
    struct er_ratings r = {0};
    static const char text[] = "u,i,1e100\nu,i,-1e100\nu,j,-1e100\nu,j,-1e100\nu,j,-1e100\n";
    T_STATUS(read_some(text, sizeof text - 1, 0, 0, &r, &err), ER_OK, "%s", err.msg);
    if (err.code != ER_OK) return;
    T_OK(r.n == 2 && r.value[0] == 0 && r.value[1] == -1e100, "means %g, %g", r.value[0], r.value[1]);
    T_EQ_INT(r.repeated, 3, "the other three");
    er_ratings_clear(&r);
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
        {"\xef\xbb\xbf"
         "1,2,nan\n",
         1, 5, "not a finite number"},
        {"1,2,3\n1,3,-1.1e100\n", 2, 5, "is too large for a rating"},
        {"who,what,how\n1,2,3\n", 1, 10, "if the line is a header, call its columns user, item and rating"},
        {"u0,i0,n/a\n1,2,3\n", 1, 7, "\"n/a\" is not a finite number"},
        {"Wer;Was;Wann;Note\n1;2;881250949;3\n", 1, 9, "is not a finite number"},
        {"user,item,rating\r1,2,3\r", 1, 0, "lines end in CR alone"},
        {"1,2,3\n,3,4\n", 2, 1, "is no name"},
        {"1,2,3\n1,\x80,4\n", 2, 3, "not UTF-8"},
        {"1,2,3\n1,\"a\nb\",4\n", 2, 3, "not UTF-8 text on one line"},
        {"1,2,3\n\n1,3,4\n", 2, 1, "an empty line inside"},
        {"1,2,3\n1,\"2,3\n", 2, 3, "a quote that is never closed"},
        {"1,2,3\n1,\"2\"x,3\n", 2, 6, "text behind a closing quote"},
        {"userId,title,rating\n1,2,3\n", 1, 0, "names a column of users and none of items"},
        {"user,item,rating,score\n1,2,3,4\n", 1, 18, "a second column of its kind"},
        {"film,movie,user,rating\n1,2,3,4\n", 1, 6, "a second column of its kind"},
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
        {"%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 2e100\n", 3, 5, "too large for a rating"},
        {"%%MatrixMarket matrix coordinate real general\r2 2 1\r", 1, 0, "lines end in CR alone"},
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

int main(void)
{
    accepted();
    separators();
    headers();
    refused();
    sizes();
    subsets();
    order_of_lines();
    decimals();
    return t_done();
}
