/* CSV: RFC 4180 to the letter where it speaks, and every refusal with its line and column. */
#include "t.h"

#include <ermine/data.h>

/* A text that is refused, and where and how. */
struct refusal {
    const char *text;
    enum er_status status;
    int line, column;
    const char *says;
};

static void accepted(void)
{
    static const struct {
        const char *text, *names;
        int rows;
        double value[6];
    } cases[] = {
        {"a,b\n1,2\n3,4\n", "a b", 2, {1, 2, 3, 4}},
        {"a,b\r\n1,2\r\n3,4", "a b", 2, {1, 2, 3, 4}},
        {"\xef\xbb\xbf"
         "a,b\n1,2\n",
         "a b",
         1,
         {1, 2}},
        {"1,2\n3,4\n", "v1 v2", 2, {1, 2, 3, 4}},
        {"\xef\xbb\xbf"
         "1,2\n",
         "v1 v2",
         1,
         {1, 2}},
        {"1,,3\n4,5,6\n", "v1 v2 v3", 2, {1, NAN, 3, 4, 5, 6}},
        {"\"a\",\"b,c\"\n\"1\",\"2\"\n", "a b,c", 1, {1, 2}},
        {"\"say \"\"a\"\"\",\"\"\n1,2\n", "say \"a\" v2", 1, {1, 2}},
        {",a\n0,-1.5e-3\n", "v1 a", 1, {0, -1.5e-3}},
        {" a , \"b\" \n 1 ,\t2 \n", "a b", 1, {1, 2}},
        {"a,b\n,\n", "a b", 1, {NAN, NAN}},
        {"a,b\n1,", "a b", 1, {1, NAN}},
        {"a\n1\n\"\"\n2\n", "a", 3, {1, NAN, 2}},
        {"a,b\n1,2\n\n\r\n\n", "a b", 1, {1, 2}},
        {"na\xc3\xafve,\xe2\x82\xac\n1,2\n", "na\xc3\xafve \xe2\x82\xac", 1, {1, 2}},
        {"7", "v1", 1, {7}},
        {"na,null\n1,2\n", "na null", 1, {1, 2}},
        {"1,na,b\n1,2,3\n", "1 na b", 1, {1, 2, 3}},
        {"a,a\n1,2\n", "a a", 1, {1, 2}},
        {"1.7976931348623157e308,4.9e-324\n", "v1 v2", 1, {1.7976931348623157e308, 4.9e-324}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct er_error err;
        struct er_columns t = {0};
        T_STATUS(er_csv_parse(cases[i].text, strlen(cases[i].text), &t, &err), ER_OK, "\"%s\"",
                 cases[i].text);
        if (err.code != ER_OK) continue;
        char names[128] = "";
        for (int64_t c = 0; c < t.columns; c++) {
            const size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", c ? " " : "", t.name[c]);
        }
        T_EQ_STR(names, cases[i].names, "names of \"%s\"", cases[i].text);
        T_EQ_INT(t.rows, cases[i].rows, "rows of \"%s\"", cases[i].text);
        for (int64_t v = 0; v < t.rows * t.columns; v++) {
            const double want = cases[i].value[v];
            T_OK(isnan(want) ? isnan(t.value[v]) : t.value[v] == want, "value %d of \"%s\"", (int)v,
                 cases[i].text);
        }
        er_columns_clear(&t);
        T_OK(!t.name && !t.value && t.rows == 0, "cleared");
    }
}

static void check_refusal(const struct refusal *r, size_t n)
{
    struct er_error err;
    struct er_columns t = {.rows = -7};
    T_STATUS(er_csv_parse(r->text, n, &t, &err), r->status, "\"%s\"", r->text);
    T_OK(err.line == r->line && err.column == r->column, "\"%s\" at %d:%d, not %d:%d", r->text, (int)err.line,
         (int)err.column, r->line, r->column);
    T_OK(strstr(err.msg, r->says), "\"%s\": \"%s\" says \"%s\"", r->text, err.msg, r->says);
    T_EQ_INT(t.rows, -7, "untouched on failure");
}

static void refused(void)
{
    static const struct refusal cases[] = {
        {"", ER_E_INPUT, 0, 0, "it is empty"},
        {"\xef\xbb\xbf", ER_E_INPUT, 1, 1, "the first line is empty"},
        {"\na,b\n1,2\n", ER_E_INPUT, 1, 1, "the first line is empty"},
        {"a,b\n", ER_E_INPUT, 2, 0, "no rows"},
        {"a,b", ER_E_INPUT, 1, 0, "no rows"},
        {"a,b\n1,x\n", ER_E_INPUT, 2, 3, "column b: \"x\" is not a finite number; leave the cell empty"},
        {"a,b\n1,2\n3,NA\n", ER_E_INPUT, 3, 3, "\"NA\" is not a finite number; leave the cell empty"},
        {"a\n0x10\n", ER_E_INPUT, 2, 1, "\"0x10\""},
        {"a\nnan\n", ER_E_INPUT, 2, 1, "\"nan\""},
        {"a\n1e999\n", ER_E_INPUT, 2, 1, "\"1e999\""},
        {"a\n1 2\n", ER_E_INPUT, 2, 1, "\"1 2\""},
        {"1,nan\n3,4\n", ER_E_INPUT, 1, 3, "\"nan\" beside numbers in the first line"},
        {"N/A,2\n3,4\n", ER_E_INPUT, 1, 1, "leave the cell empty where a value is missing"},
        {"1,\"?\",-INF\n3,4,5\n", ER_E_INPUT, 1, 3, "\"?\""},
        {"1,,None\n3,4,5\n", ER_E_INPUT, 1, 4, "\"None\""},
        {"a;b\n1;2\n", ER_E_INPUT, 2, 1, "cells are separated by commas"},
        {"a,b\n1,2\n3\n", ER_E_INPUT, 3, 1, "the row ends after 1 cells, the table has 2"},
        {"a,b\n1,2\n3,4,5\n", ER_E_INPUT, 3, 3, "the row goes on after 2 cells, the table has 2"},
        {"a,b\n1,2\n\n3,4\n", ER_E_INPUT, 3, 1, "an empty line inside"},
        {"a,b\n1,\"2\n3,4\n", ER_E_INPUT, 2, 3, "a quote that is never closed"},
        {"a,b\n1,\"2\"3\n", ER_E_INPUT, 2, 6, "text behind a closing quote"},
        {"a,b\n1,2\"\n", ER_E_INPUT, 2, 4, "a quote inside a cell"},
        {"a,b\r1,2\r", ER_E_INPUT, 1, 4, "a carriage return without a line feed"},
        {"a\x80,b\n1,2\n", ER_E_INPUT, 1, 1, "not UTF-8"},
        {"\"a\nb\",c\n1,2\n", ER_E_INPUT, 1, 1, "not UTF-8 text on one line"},
        {"a,b\n1,\"\x1b[2J\n\"\n", ER_E_INPUT, 2, 3, "\"?[2J?\""},
        {"a,\"b\"\"\n\"\n1,\"x\ny\"\n", ER_E_INPUT, 1, 3, "one line"},
        {"<!doctype html>\n<html>", ER_E_INPUT, 0, 0, "it looks like an HTML page"},
        {"\x1f\x8b\x08", ER_E_INPUT, 0, 0, "it looks like a gzip file"},
        {"PK\x03\x04", ER_E_INPUT, 0, 0, "it looks like a zip file"},
        {"\xff\xfe"
         "a",
         ER_E_INPUT, 0, 0, "UTF-16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_refusal(&cases[i], strlen(cases[i].text));
    check_refusal(&(struct refusal){"a,b\n1,\0002\n", ER_E_INPUT, 2, 3, "a NUL byte"}, 10);
}

static void limits(void)
{
    struct er_error err;
    struct er_columns t;
    static char wide[200010];
    for (int i = 0; i < 200000; i++) wide[i] = i % 2 ? ',' : '1';
    T_STATUS(er_csv_parse(wide, 199999, &t, &err), ER_OK, "100000 columns");
    T_EQ_INT(t.columns, 100000, "columns");
    er_columns_clear(&t);
    T_STATUS(er_csv_parse(wide, 200000, &t, &err), ER_E_LIMIT, "100001 columns");
    memset(wide, '0', 5000);
    T_STATUS(er_csv_parse(wide, 4096, &t, &err), ER_OK, "a cell of 4096 digits");
    er_columns_clear(&t);
    T_STATUS(er_csv_parse(wide, 4097, &t, &err), ER_E_LIMIT, "a cell of 4097 digits");
}

/* `text` is a table without a set of classes in it. */
static void no_dataset(const char *text, const char *target, enum er_status status, const char *says)
{
    struct er_error err;
    struct er_columns t;
    struct er_dataset set = {.n = -7};
    T_STATUS(er_csv_parse(text, strlen(text), &t, &err), ER_OK, "\"%s\"", text);
    if (err.code != ER_OK) return;
    T_STATUS(er_columns_dataset(&t, target, &set, &err), status, "\"%s\"", text);
    T_EQ_STR(err.msg, says, "\"%s\" says why", text);
    T_EQ_INT(set.n, -7, "untouched on failure");
    er_columns_clear(&t);
}

static void datasets(void)
{
    struct er_error err;
    struct er_columns t;
    struct er_dataset set;
    const char *text = "x,kind,y\n1.5,2,0\n-3,0,1\n";
    T_STATUS(er_csv_parse(text, strlen(text), &t, &err), ER_OK, "parse");
    T_STATUS(er_columns_dataset(&t, "kind", &set, &err), ER_OK, "a target by name");
    T_OK(set.n == 2 && set.classes == 3 && er_shape_size(set.shape) == 2 && set.shape.channels == 2,
         "its shape");
    T_OK(set.label[0] == 2 && set.label[1] == 0, "its labels");
    T_OK(set.x[0] == 1.5F && set.x[1] == 0 && set.x[2] == -3 && set.x[3] == 1, "the others are features");
    er_dataset_clear(&set);
    T_STATUS(er_columns_dataset(&t, NULL, &set, &err), ER_OK, "the last is the target");
    T_OK(set.classes == 2 && set.label[1] == 1 && set.x[1] == 2, "its labels and features");
    er_dataset_clear(&set);
    er_columns_clear(&t);

    const char *least = "; a feature, a label and a row are the least";
    char says[128];
    snprintf(says, sizeof says, "a table of 1 rows and 1 columns%s", least);
    no_dataset("1\n", NULL, ER_E_INPUT, says);
    no_dataset("x,class\n1,0\n", "clas", ER_E_NOT_FOUND,
               "no column is named \"clas\"; is it \"class\"? The columns are x, class");
    no_dataset("x,class\n1,0\n", "temperature", ER_E_NOT_FOUND,
               "no column is named \"temperature\". The columns are x, class");
    no_dataset("a,x,a\n1,2,0\n", "a", ER_E_INPUT, "the target \"a\" is the name of columns 1 and 3");
    no_dataset("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21\n", "t", ER_E_NOT_FOUND,
               "no column is named \"t\". The table has 21 columns");
    no_dataset("x,c\n1,0\n2,\n", NULL, ER_E_INPUT, "row 2, column c: the label is missing");
    no_dataset("x,c\n1,0\n,1\n", NULL, ER_E_INPUT, "row 2, column x: the value is missing");
    no_dataset("x,c\n1,0.5\n", NULL, ER_E_INPUT, "row 1, column c: the label 0.5 is not an integer");
    no_dataset("x,c\n1,-1\n", NULL, ER_E_INPUT,
               "row 1, column c: the label -1 is negative; classes count from 0");
    no_dataset(
        "x,c\n1,10000\n", NULL, ER_E_INPUT,
        "row 1, column c: the label 10000 is above 9999, the largest class; is it a regression target?");
    no_dataset("x,c\n1e39,0\n", NULL, ER_E_INPUT,
               "row 1, column x: the value 1e39 is beyond the range of float32");
    no_dataset("x,c\n1,0\n2,0\n", NULL, ER_E_INPUT, "all labels are 0; 2 classes are the least");
}

static enum er_status parse(struct er_columns *t)
{
    static const char text[] = "a,\"b\",c\n1,2,0\n4,5,1\n";
    return er_csv_parse(text, sizeof text - 1, t, NULL);
}

static enum er_status make(const struct er_columns *t, struct er_dataset *set)
{
    return er_columns_dataset(t, "a", set, NULL);
}

int main(void)
{
    struct er_columns t;
    struct er_dataset set;
    accepted();
    refused();
    limits();
    datasets();
    T_ALLOCATIONS(parse(&t), er_columns_clear(&t), "CSV survives every failed allocation");
    if (T_OK(parse(&t) == ER_OK, "parse")) {
        T_ALLOCATIONS(make(&t, &set), er_dataset_clear(&set), "the set survives every failed allocation");
        er_columns_clear(&t);
    }
    return t_done();
}
