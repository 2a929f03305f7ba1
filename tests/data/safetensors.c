/* The reader of safetensors: files made by hand from the description of the format, one written by the
 * reference package (safetensors 0.8 for Python), and hostile ones one by one. */
#include "t.h"

#include <ermine/tensors.h>

enum { FILE_MAX = 1000 };

struct file {
    unsigned char bytes[FILE_MAX];
    size_t n;
};

/* Length, header and values, as the format says and without padding. */
static struct file make(const char *header, const void *values, size_t n_values)
{
    const size_t n = strlen(header);
    struct file f = {{(unsigned char)(n & 0xff), (unsigned char)(n >> 8)}, 8 + n + n_values};
    memcpy(f.bytes + 8, header, n);
    if (n_values) memcpy(f.bytes + 8 + n, values, n_values);
    return f;
}

/* Offsets out of order, an empty tensor between, a scalar, escapes, metadata in its order. */
static void read_order(void)
{
    const struct file f =
        make("{\"b\":{\"dtype\":\"U8\",\"data_offsets\":[1,3],\"shape\":[2]},"
             "\"__metadata__\":{\"z\":\"1\",\"a\":\"\",\"\\u00e9\":\"\\ud83d\\ude00\\n\"},"
             "\"none\":{\"shape\":[0,3],\"dtype\":\"F64\",\"data_offsets\":[1,1]},"
             "\"gar\\u00e7on\":{\"shape\":[],\"dtype\":\"I8\",\"data_offsets\":[0,1]}}  \n ",
             "\xff\1\2", 3);
    struct er_error err;
    struct er_tensors t;
    float got[2] = {0, 0};
    char text[ER_SHAPE_TEXT];
    T_STATUS(er_tensors_parse(f.bytes, f.n, &t, &err), ER_OK, "a file in no order");
    if (err.code != ER_OK) return;
    T_EQ_INT(t.n, 3, "tensors");
    T_EQ_STR(t.tensor[0].name, "gar\xc3\xa7on", "in the order of bytes");
    T_EQ_STR(t.tensor[1].name, "none", "in the order of bytes");
    T_EQ_STR(t.tensor[2].name, "b", "in the order of bytes");
    T_EQ_STR(er_tensor_shape_text(t.tensor[0].rank, t.tensor[0].dim, text), "()", "a scalar's shape");
    T_EQ_STR(er_tensor_shape_text(t.tensor[1].rank, t.tensor[1].dim, text), "(0, 3)", "an empty one's");
    T_EQ_STR(er_tensor_shape_text(t.tensor[2].rank, t.tensor[2].dim, text), "(2,)", "a vector's");
    T_EQ_INT(er_tensor_count(&t.tensor[0]), 1, "a scalar is one value");
    T_EQ_INT(er_tensor_count(&t.tensor[1]), 0, "an empty one is none");
    T_STATUS(er_tensors_float(&t, "gar\xc3\xa7on", 0, NULL, got, &err), ER_OK, "a scalar");
    T_OK(got[0] == -1, "its value");
    T_STATUS(er_tensors_float(&t, "none", 2, (const int64_t[]){0, 3}, got, &err), ER_OK, "no values");
    T_EQ_INT(t.notes, 3, "metadata");
    T_OK(strcmp(t.note[0].key, "z") == 0 && strcmp(t.note[1].key, "a") == 0, "in the order of the header");
    T_EQ_STR(er_tensors_note(&t, "\xc3\xa9"), "\xf0\x9f\x98\x80\n", "escapes are read");
    T_OK(!er_tensors_note(&t, "b") && !er_tensors_find(&t, "z"), "what is not there");

    got[0] = 7;
    T_STATUS(er_tensors_float(&t, "c", 0, NULL, got, &err), ER_E_NOT_FOUND, "no such tensor");
    T_EQ_STR(err.msg, "safetensors: there is no tensor \"c\"", "says which");
    T_STATUS(er_tensors_float(&t, "b", 2, (const int64_t[]){1, 2}, got, &err), ER_E_SHAPE, "another shape");
    T_EQ_STR(err.msg, "safetensors: tensor \"b\" has shape (2,); (1, 2) is needed", "says both");
    T_OK(got[0] == 7, "untouched on failure");
    er_tensors_clear(&t);
}

static void refuse(const struct file *f, size_t n, enum er_status status, const char *says, const char *what)
{
    struct er_error err;
    struct er_tensors t = {.n = -7};
    T_STATUS(er_tensors_parse(f->bytes, n, &t, &err), status, "%s", what);
    T_OK(strstr(err.msg, says), "%s: \"%s\" says \"%s\"", what, err.msg, says);
    T_EQ_INT(t.n, -7, "untouched on failure");
}

#define A(rest) "{\"a\":{\"dtype\":" rest "}"
#define PAIR(begin, end)                                                                                     \
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"                                        \
    "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[" #begin "," #end "]}}"

static void refuse_headers(void)
{
    static const struct {
        const char *header;
        enum er_status status;
        const char *says;
    } cases[] = {
        /* JSON */
        {" {}", ER_E_INPUT, "does not begin with '{'"},
        {"[]", ER_E_INPUT, "does not begin with '{'"},
        {"{", ER_E_INPUT, "header, byte 1: "},
        {"{} {}", ER_E_INPUT, "header, byte"},
        {"{\"a\":1,}", ER_E_INPUT, "header, byte"},
        {"{\"\xff\":1}", ER_E_INPUT, "header, byte"},
        {"{\"\\u0000\":1}", ER_E_INPUT, "header, byte"},
        {"{\"\\ud83d\":1}", ER_E_INPUT, "header, byte"},
        {"{\"a\":NaN}", ER_E_INPUT, "header, byte"},
        {"{\"a\":{},\"a\":{}}", ER_E_INPUT, "duplicate object key"},
        {"{\"a\":{},\"\\u0061\":{}}", ER_E_INPUT, "duplicate object key"},
        {"{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\"}}", ER_E_INPUT, "duplicate object key"},
        {"{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", ER_E_INPUT, "duplicate object key"},
        {"{\"__metadata__\":{},\"__metadata__\":{}}", ER_E_INPUT, "duplicate object key"},
        /* metadata */
        {"{\"__metadata__\":[]}", ER_E_INPUT, "__metadata__ is no object"},
        {"{\"__metadata__\":{\"epoch\":3}}", ER_E_INPUT, "metadata \"epoch\": its value is no text"},
        {"{\"__metadata__\":{\"k\":\"1\\u0000\"}}", ER_E_INPUT, "header, byte"},
        /* descriptions */
        {"{\"a\":[]}", ER_E_INPUT, "tensor \"a\": its description is no object"},
        {"{\"a\\n\":[]}", ER_E_INPUT, "tensor \"a?\": its description is no object"},
        {"{\"a\":{}}", ER_E_INPUT, "tensor \"a\": dtype is missing"},
        {A("8") "}", ER_E_INPUT, "tensor \"a\": dtype is missing, or no text"},
        {A("\"F8_E4M3\"") "}", ER_E_INPUT, "tensor \"a\": values of type \"F8_E4M3\" are not read"},
        {A("\"f32\"") "}", ER_E_INPUT, "values of type \"f32\" are not read"},
        {A("\"U8\"") "}", ER_E_INPUT, "tensor \"a\": shape is missing"},
        {A("\"U8\",\"shape\":4") "}", ER_E_INPUT, "shape is missing, or no list"},
        {A("\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1]") "}", ER_E_LIMIT,
         "tensor \"a\": a shape of 9 sizes; at most 8"},
        {A("\"U8\",\"shape\":[-4]") "}", ER_E_INPUT, "a size in its shape is no integer from 0 up"},
        {A("\"U8\",\"shape\":[4.0]") "}", ER_E_INPUT, "a size in its shape is no integer"},
        {A("\"U8\",\"shape\":[\"4\"]") "}", ER_E_INPUT, "a size in its shape is no integer"},
        {A("\"U8\",\"shape\":[9223372036854775808]") "}", ER_E_INPUT, "header, byte"},
        {A("\"U8\",\"shape\":[4]") "}", ER_E_INPUT, "tensor \"a\": data_offsets is missing"},
        {A("\"U8\",\"shape\":[4],\"data_offsets\":[0]") "}", ER_E_INPUT, "no list of two integers"},
        {A("\"U8\",\"shape\":[4],\"data_offsets\":[0,4,4]") "}", ER_E_INPUT, "no list of two integers"},
        {A("\"U8\",\"shape\":[4],\"data_offsets\":[0,4.0]") "}", ER_E_INPUT, "no list of two integers"},
        {A("\"U8\",\"shape\":[4],\"data_offsets\":[-4,0]") "}", ER_E_INPUT, "below 0"},
        {A("\"U8\",\"shape\":[4],\"data_offsets\":[4,0]") "}", ER_E_INPUT, "run backwards"},
        {A("\"U8\",\"shape\":[4],\"data_offsets\":[0,4],\"strides\":[1]") "}", ER_E_INPUT,
         "keys besides dtype, shape and data_offsets"},
        /* shape against offsets */
        {A("\"F32\",\"shape\":[4],\"data_offsets\":[0,4]") "}", ER_E_INPUT,
         "shape (4,) of F32 needs 16 bytes; its offsets 0 to 4 hold 4"},
        {A("\"U8\",\"shape\":[],\"data_offsets\":[0,4]") "}", ER_E_INPUT, "shape () of U8 needs 1 bytes"},
        {A("\"U8\",\"shape\":[4,0],\"data_offsets\":[0,4]") "}", ER_E_INPUT,
         "shape (4, 0) of U8 needs 0 bytes"},
        {A("\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]") "}", ER_E_INPUT,
         "shape (4294967296, 4294967296) is larger than any file"},
        {A("\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]") "}", ER_E_INPUT,
         "larger than any file"},
        {A("\"U8\",\"shape\":[0,4294967296,4294967296],\"data_offsets\":[0,0]") "}", ER_E_INPUT,
         "larger than any file"},
        {A("\"U8\",\"shape\":[4294967296],\"data_offsets\":[0,4294967296]") "}", ER_E_INPUT,
         "its bytes end at 4294967296; behind the header are 4"},
        {A("\"U8\",\"shape\":[4],\"data_offsets\":[9223372036854775803,9223372036854775807]") "}", ER_E_INPUT,
         "its bytes end at 9223372036854775807; behind the header are 4"},
        /* all of them together; behind the header are 4 bytes */
        {PAIR(1, 3), ER_E_INPUT,
         "tensor \"b\" begins at byte 1; the one before it, \"a\", ends at 2: they overlap"},
        {PAIR(0, 2), ER_E_INPUT, "begins at byte 0; the one before it, \"a\", ends at 2: they overlap"},
        {A("\"U8\",\"shape\":[1],\"data_offsets\":[0,1]") ",\"b\":{\"dtype\":\"U8\",\"shape\":[2],"
                                                          "\"data_offsets\":[2,4]}}",
         ER_E_INPUT, "tensor \"b\" begins at byte 2; the one before it, \"a\", ends at 1: there is a hole"},
        {A("\"U8\",\"shape\":[3],\"data_offsets\":[1,4]") "}", ER_E_INPUT,
         "tensor \"a\" begins at byte 1; the first begins at 0: there is a hole"},
        {A("\"U8\",\"shape\":[3],\"data_offsets\":[0,3]") "}", ER_E_INPUT,
         "the tensors end at byte 3; behind the header are 4"},
        {A("\"U8\",\"shape\":[0],\"data_offsets\":[4,4]") "}", ER_E_INPUT, "there is a hole"},
        {"{}", ER_E_INPUT, "the tensors end at byte 0; behind the header are 4"},
        {"{\"__metadata__\":{}}", ER_E_INPUT, "the tensors end at byte 0; behind the header are 4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct file f = make(cases[i].header, "1234", 4);
        refuse(&f, f.n, cases[i].status, cases[i].says, cases[i].header);
    }
    const struct file good = make(PAIR(2, 4), "1234", 4);
    struct er_error err;
    struct er_tensors t;
    T_STATUS(er_tensors_parse(good.bytes, good.n, &t, &err), ER_OK, "the pair as it should be");
    if (err.code == ER_OK) er_tensors_clear(&t);
}

static void refuse_fronts(void)
{
    struct file f = make(PAIR(2, 4), "1234", 4);
    const size_t header = f.n - 12;
    for (size_t n = 0; n < f.n; n++) {
        char says[80];
        snprintf(says, sizeof says, "a header of %zu bytes in a file of %zu", header, n);
        refuse(&f, n, ER_E_INPUT,
               n < 8            ? "the length of its header takes 8"
               : n < 8 + header ? says
                                : "; behind the header are",
               "cut off");
    }
    f.n++;
    refuse(&f, f.n, ER_E_INPUT, "the tensors end at byte 4; behind the header are 5", "a byte too many");
    memset(f.bytes, 0xff, 8);
    refuse(&f, f.n, ER_E_INPUT, "a header of 18446744073709551615 bytes in a file of", "the longest header");
    memset(f.bytes, 0, 8);
    refuse(&f, f.n, ER_E_INPUT, "does not begin with '{'", "no header");
    memcpy(f.bytes, "PK\3\4", 4);
    refuse(&f, f.n, ER_E_INPUT, "it looks like a zip file", "PyTorch's own format is a zip");

    struct er_error err;
    struct er_tensors t;
    const size_t n = 8 + ER_TENSORS_HEADER + 1;
    unsigned char *long_header = er_alloc((int64_t)n, 1);
    if (!T_OK(long_header, "room for a long header")) return;
    memset(long_header + 8, ' ', n - 8);
    memcpy(long_header + 8, "{}", 2);
    memcpy(long_header, "\1\0\100\0", 4);
    T_STATUS(er_tensors_parse(long_header, n, &t, &err), ER_E_LIMIT, "a header of a byte too many");
    T_OK(strstr(err.msg, "a header of 4194305 bytes; at most 4194304 are read"), "%s", err.msg);
    memcpy(long_header, "\0\0\100\0", 4);
    T_STATUS(er_tensors_parse(long_header, n - 1, &t, &err), ER_OK, "the longest that is read");
    if (err.code == ER_OK) er_tensors_clear(&t);
    er_free(long_header);
}

/* One more than are read, all empty. */
static void refuse_number(void)
{
    const size_t room = 8 + 70 * ((size_t)ER_TENSORS_MAX + 1);
    char *file = er_alloc((int64_t)room, 1);
    struct er_error err;
    struct er_tensors t;
    if (!T_OK(file, "room for many tensors")) return;
    for (int extra = 0; extra < 2; extra++) {
        size_t n = 9;
        file[8] = '{';
        for (int i = 0; i < ER_TENSORS_MAX + extra; i++)
            n += (size_t)snprintf(file + n, room - n,
                                  "%s\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
                                  i ? "," : "", i);
        file[n++] = '}';
        for (int i = 0; i < 4; i++) file[i] = (char)(unsigned char)((n - 8) >> 8 * i & 0xff);
        T_STATUS(er_tensors_parse((unsigned char *)file, n, &t, &err), extra ? ER_E_LIMIT : ER_OK,
                 "%d tensors", ER_TENSORS_MAX + extra);
        if (err.code != ER_OK) continue;
        int64_t wrong = 0;
        for (int64_t i = 0; i < t.n; i++) wrong += strtol(t.tensor[i].name, NULL, 10) != i;
        T_EQ_INT(wrong, 0, "empty tensors keep the order of the header");
        er_tensors_clear(&t);
    }
    er_free(file);
}

/* What safetensors 0.8.0 wrote for {"0.weight": F32 (2, 2), "0.bias": F16 (2), "n": I64 ()}, {"format":
 * "pt"}. */
static void reference_file(void)
{
    const char header[] =
        "{\"__metadata__\":{\"format\":\"pt\"},\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets"
        "\":[0,8]},\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[8,24]},\"0.bia"
        "s\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[24,28]}} ";
    static const unsigned char data[] = {0x09, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                         0x80, 0x3f, 0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x40, 0x40,
                                         0x00, 0x00, 0x80, 0x40, 0x00, 0x38, 0x00, 0xbc};
    const struct file f = make(header, data, sizeof data);
    struct er_error err;
    struct er_tensors t;
    float w[4], bias[2], n;
    T_STATUS(er_tensors_parse(f.bytes, f.n, &t, &err), ER_OK, "the reference's file");
    if (err.code != ER_OK) return;
    T_EQ_STR(er_tensors_note(&t, "format"), "pt", "its metadata");
    T_STATUS(er_tensors_float(&t, "0.weight", 2, (const int64_t[]){2, 2}, w, &err), ER_OK, "weight");
    T_STATUS(er_tensors_float(&t, "0.bias", 1, (const int64_t[]){2}, bias, &err), ER_OK, "bias");
    T_STATUS(er_tensors_float(&t, "n", 0, NULL, &n, &err), ER_OK, "n");
    T_OK(w[0] == 1 && w[1] == 2 && w[2] == 3 && w[3] == 4 && bias[0] == 0.5F && bias[1] == -1 && n == 9,
         "its values");
    er_tensors_clear(&t);
}

int main(void)
{
    read_order();
    refuse_headers();
    refuse_fronts();
    refuse_number();
    reference_file();
    return t_done();
}
