/* npy: the bytes that NumPy 2.4 writes, and headers written by hand, right and wrong. */
#include "t.h"

#include <ermine/data.h>

enum { FILE_MAX = 400 };

struct file {
    unsigned char bytes[FILE_MAX];
    size_t n;
};

/* Magic, version and header, padded with blanks to 128 bytes as NumPy does, and the values. */
static struct file make(int major, const char *header, const void *values, size_t n_values)
{
    struct file f = {{0x93, 'N', 'U', 'M', 'P', 'Y', (unsigned char)major, 0}, 128 + n_values};
    const int front = major == 1 ? 10 : 12;
    f.bytes[8] = (unsigned char)(128 - front);
    memset(f.bytes + front, ' ', 128 - (size_t)front);
    memcpy(f.bytes + front, header, strlen(header));
    f.bytes[127] = '\n';
    memcpy(f.bytes + 128, values, n_values);
    return f;
}

/* An array as NumPy writes it: its header, its values in hexadecimal, and what they are. */
static const struct golden {
    const char *header, *hex;
    int rank, dim[3];
    double value[6];
} goldens[] = {
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }",
     "000000000000f83f 00000000000000c0 0000000000000840 0000000000001040 0000000000001440 9c7500883ce4377e",
     2,
     {2, 3},
     {1.5, -2, 3, 4, 5, 1e300}},
    {"{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
     "000000000000f83f 0000000000001040 00000000000000c0 0000000000001440 0000000000000840 9c7500883ce4377e",
     2,
     {2, 3},
     {1.5, -2, 3, 4, 5, 1e300}},
    {"{'descr': '>f8', 'fortran_order': False, 'shape': (2, 3), }",
     "3ff8000000000000 c000000000000000 4008000000000000 4010000000000000 4014000000000000 7e37e43c8800759c",
     2,
     {2, 3},
     {1.5, -2, 3, 4, 5, 1e300}},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
     "cdcccc3d 000080ff",
     1,
     {2},
     {0.1F, -INFINITY}},
    {"{'descr': '>i2', 'fortran_order': False, 'shape': (2, 1), }", "fffe 012c", 2, {2, 1}, {-2, 300}},
    {"{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
     "00000000000000c0 0700000000000000",
     1,
     {2},
     {-4611686018427387904.0, 7}},
    {"{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }",
     "0008000000000080",
     1,
     {1},
     {9223372036854777856.0}},
    {"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }", "00010203", 2, {2, 2}, {0, 1, 2, 3}},
    {"{'descr': '|i1', 'fortran_order': False, 'shape': (3,), }", "ff807f", 1, {3}, {-1, -128, 127}},
    {"{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", "0100", 1, {2}, {1, 0}},
    {"{'descr': '>u4', 'fortran_order': False, 'shape': (1,), }", "ee6b2800", 1, {1}, {4e9}},
    {"{'descr': '<u2', 'fortran_order': False, 'shape': (1,), }", "ffff", 1, {1}, {65535}},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "0000000000000440", 0, {0}, {2.5}},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", "", 2, {0, 3}, {0}},
    /* as others may write it */
    {"{\"shape\":(1,2L),\"descr\":\"|u1\",\"fortran_order\":False}", "0507", 2, {1, 2}, {5, 7}},
    {" { 'fortran_order' :True,\t'shape': ( 2 , ) , 'descr' : '<u1' }", "0507", 1, {2}, {5, 7}},
};

static size_t unhex(const char *hex, unsigned char *out)
{
    size_t n = 0;
    for (; *hex; hex += *hex == ' ' ? 1 : 2) {
        const char pair[3] = {hex[0], hex[1], 0};
        if (*hex != ' ') out[n++] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return n;
}

static void read_goldens(void)
{
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++)
        for (int major = 1; major <= 3; major++) {
            const struct golden *g = &goldens[i];
            struct er_error err;
            struct er_array a;
            unsigned char values[64];
            const struct file f = make(major, g->header, values, unhex(g->hex, values));
            T_STATUS(er_npy_parse(f.bytes, f.n, &a, &err), ER_OK, "%s", g->header);
            if (err.code != ER_OK) continue;
            T_EQ_INT(a.rank, g->rank, "rank of %s", g->header);
            int64_t count = 1;
            for (int d = 0; d < a.rank; d++) {
                T_EQ_INT(a.dim[d], g->dim[d], "dimension %d of %s", d, g->header);
                count *= a.dim[d];
            }
            for (int64_t v = 0; v < count; v++)
                T_OK(a.value[v] == g->value[v], "value %d of %s", (int)v, g->header);
            er_array_clear(&a);
            T_OK(!a.value && a.rank == 0, "cleared");
        }
}

/* x[i, j, k] = 12 i + 4 j + k, in Fortran's order on the file. */
static void cube(void)
{
    struct er_error err;
    struct er_array a;
    unsigned char values[24];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 4; k++) values[i + 2 * (j + 3 * k)] = (unsigned char)(12 * i + 4 * j + k);
    const struct file f =
        make(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }", values, 24);
    T_STATUS(er_npy_parse(f.bytes, f.n, &a, &err), ER_OK, "a cube in Fortran's order");
    if (err.code != ER_OK) return;
    int wrong = 0;
    for (int v = 0; v < 24; v++) wrong += a.value[v] != v;
    T_EQ_INT(wrong, 0, "comes out in C order");
    er_array_clear(&a);
}

static void refuse(const struct file *f, size_t n, enum er_status status, const char *says, const char *what)
{
    struct er_error err;
    struct er_array a = {.rank = -7};
    T_STATUS(er_npy_parse(f->bytes, n, &a, &err), status, "%s", what);
    T_OK(strstr(err.msg, says), "%s: \"%s\" says \"%s\"", what, err.msg, says);
    T_EQ_INT(a.rank, -7, "untouched on failure");
}

static void refuse_headers(void)
{
    static const struct {
        const char *header;
        enum er_status status;
        const char *says;
    } cases[] = {
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT,
         "pickled objects are never loaded"},
        {"{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT,
         "structured types"},
        {"{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT,
         "type \"<U2\" are not read"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT,
         "type \"<f2\" are not read"},
        {"{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT, "type \"<c16\""},
        {"{'descr': '|f8', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT, "type \"|f8\""},
        {"{'descr': '=f8', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT, "type \"=f8\""},
        {"{'descr': '<b8', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT, "type \"<b8\""},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT, "type \"\""},
        {"{'descr': 8, 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT, "descr is no string"},
        {"{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (1,), }", ER_E_INPUT, "descr is no string"},
        {"{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }", ER_E_INPUT, "neither True nor False"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': 1, }", ER_E_INPUT, "shape is no tuple"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1), }", ER_E_INPUT, "a number in brackets"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", ER_E_INPUT, "no size of a dimension"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1 2), }", ER_E_INPUT,
         "a comma is missing in shape"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (,), }", ER_E_INPUT, "no size of a dimension"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999999999,)}", ER_E_INPUT, "no size"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", ER_E_LIMIT,
         "more than 8 dimensions"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", ER_E_INPUT,
         "larger than any file"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296)}", ER_E_INPUT,
         "larger than any file"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999999, 2)}", ER_E_INPUT,
         "larger than any file"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", ER_E_INPUT,
         "shape (2,) of 8-byte values needs 16 bytes, behind the header are 8"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }", ER_E_INPUT,
         "shape (1, 1) of 4-byte values needs 4 bytes, behind the header are 8"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }", ER_E_INPUT, "needs 0 bytes"},
        {"{'descr': '<f8', 'fortran_order': False}", ER_E_INPUT, "shape is missing"},
        {"{'shape': (1,), 'fortran_order': False}", ER_E_INPUT, "descr is missing"},
        {"{'shape': (1,), 'descr': '<f8'}", ER_E_INPUT, "fortran_order is missing"},
        {"{'shape': (1,), 'shape': (1,)}", ER_E_INPUT, "unknown, repeated"},
        {"{'order': 'C'}", ER_E_INPUT, "unknown, repeated"},
        {"{'shape' (1,)}", ER_E_INPUT, "without a value"},
        {"{shape: (1,)}", ER_E_INPUT, "no key"},
        {"{'shape", ER_E_INPUT, "no key"},
        {"{'descr': '<f8' 'shape': (1,)}", ER_E_INPUT, "a comma is missing"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } x", ER_E_INPUT, "text behind"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), ", ER_E_INPUT, "no key"},
        {"['descr', '<f8']", ER_E_INPUT, "no dictionary"},
        {"", ER_E_INPUT, "no dictionary"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct file f = make(1, cases[i].header, "12345678", 8);
        refuse(&f, f.n, cases[i].status, cases[i].says, cases[i].header);
    }
}

static void refuse_fronts(void)
{
    struct file f = make(1, goldens[7].header, "\0\1\2\3", 4);
    for (size_t n = 0; n < f.n; n++) {
        const char *says = n == 0    ? "it is empty"
                           : n < 6   ? "does not begin with 93 'NUMPY'"
                           : n < 10  ? "ends in its first"
                           : n < 128 ? "a header of 118 bytes in a file of"
                                     : "needs 4 bytes, behind the header are";
        refuse(&f, n, ER_E_INPUT, says, "cut off");
    }
    f.n++;
    refuse(&f, f.n, ER_E_INPUT, "behind the header are 5", "a byte too many");
    f.n--;
    f.bytes[6] = 4;
    refuse(&f, f.n, ER_E_INPUT, "version 4.0", "a later version");
    f.bytes[6] = 1;
    f.bytes[7] = 1;
    refuse(&f, f.n, ER_E_INPUT, "version 1.1", "a later minor version");
    f = make(2, goldens[7].header, "\0\1\2\3", 4);
    f.bytes[11] = 0x80;
    refuse(&f, f.n, ER_E_LIMIT, "a header of 2147483764 bytes; 65535 are the most", "a header too long");
    memcpy(f.bytes, "PK\3\4", 4);
    refuse(&f, f.n, ER_E_INPUT, "it looks like a zip file", "an npz");
}

/* Arrays x and y as a data set. */
static enum er_status join(struct er_array x, struct er_array y, struct er_dataset *set, struct er_error *err)
{
    return er_array_dataset(&x, &y, set, err);
}

static void datasets(void)
{
    double v[12] = {0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    double labels[3] = {2, 0, 1};
    const struct er_array y = {1, {3}, labels};
    struct er_error err;
    struct er_dataset set = {.n = -7};
    const struct {
        struct er_array x;
        struct er_shape shape;
    } shapes[] = {{{1, {3}, v}, {1, 1, 1}},
                  {{2, {3, 4}, v}, {1, 1, 4}},
                  {{3, {3, 2, 2}, v}, {2, 2, 1}},
                  {{4, {3, 2, 1, 2}, v}, {2, 1, 2}}};
    for (int i = 0; i < 4; i++) {
        T_STATUS(join(shapes[i].x, y, &set, &err), ER_OK, "rank %d", i + 1);
        if (err.code != ER_OK) continue;
        T_OK(memcmp(&set.shape, &shapes[i].shape, sizeof set.shape) == 0, "shape of rank %d", i + 1);
        T_OK(set.n == 3 && set.classes == 3 && set.x[0] == 0.5F && set.x[2] == 2, "values");
        T_OK(set.label[0] == 2 && set.label[1] == 0 && set.label[2] == 1, "labels");
        er_dataset_clear(&set);
    }
    T_STATUS(join(shapes[1].x, (struct er_array){2, {3, 1}, labels}, &set, &err), ER_OK, "y as a column");
    er_dataset_clear(&set);
    set.n = -7;

    T_STATUS(join((struct er_array){0, {0}, v}, y, &set, &err), ER_E_SHAPE, "x a number");
    T_STATUS(join((struct er_array){5, {3, 1, 1, 1, 1}, v}, y, &set, &err), ER_E_SHAPE, "x of rank 5");
    T_STATUS(join((struct er_array){2, {3, 0}, v}, y, &set, &err), ER_E_SHAPE, "x without features");
    T_STATUS(join((struct er_array){2, {0, 3}, v}, y, &set, &err), ER_E_SHAPE, "x without examples");
    T_STATUS(join((struct er_array){2, {2, 3}, v}, y, &set, &err), ER_E_SHAPE, "counts differ");
    T_EQ_STR(err.msg, "y: 3 labels for 2 examples", "says which");
    T_STATUS(join(shapes[1].x, (struct er_array){2, {3, 2}, v}, &set, &err), ER_E_SHAPE, "y a matrix");
    T_STATUS(join(shapes[1].x, (struct er_array){1, {3}, v}, &set, &err), ER_E_INPUT, "half a label");
    T_EQ_STR(err.msg, "y: example 0: 0.5 is not an integer", "says which");
    labels[1] = -1;
    T_STATUS(join(shapes[1].x, y, &set, &err), ER_E_INPUT, "a negative label");
    labels[1] = 1e300;
    T_STATUS(join(shapes[1].x, y, &set, &err), ER_E_INPUT, "a huge label");
    labels[1] = INFINITY;
    T_STATUS(join(shapes[1].x, y, &set, &err), ER_E_INPUT, "an infinite label");
    labels[0] = labels[1] = labels[2] = 0;
    T_STATUS(join(shapes[1].x, y, &set, &err), ER_E_INPUT, "one class");
    labels[0] = 1;
    v[5] = NAN;
    T_STATUS(join(shapes[1].x, y, &set, &err), ER_E_INPUT, "a missing value");
    T_EQ_STR(err.msg, "x: example 1: a value is missing", "says which");
    v[5] = -INFINITY;
    T_STATUS(join(shapes[1].x, y, &set, &err), ER_E_INPUT, "an infinite value");
    T_EQ_INT(set.n, -7, "untouched on failure");

    v[5] = 5;
    T_ALLOCATIONS(join(shapes[1].x, y, &set, NULL), er_dataset_clear(&set),
                  "the set survives failed allocations");
}

int main(void)
{
    read_goldens();
    cube();
    refuse_headers();
    refuse_fronts();
    datasets();
    struct er_array a;
    const struct file f = make(1, goldens[7].header, "\0\1\2\3", 4);
    T_ALLOCATIONS(er_npy_parse(f.bytes, f.n, &a, NULL), er_array_clear(&a),
                  "npy survives failed allocations");
    return t_done();
}
