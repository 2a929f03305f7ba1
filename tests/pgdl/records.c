/* Examples of a task, from bytes made here: checksums, records, tensors; each hostile case by its message. */
#include "t.h"

#include "pgdl/crc32c.h"
#include "pgdl/tfrecord.h"

#include <ermine/pgdl.h>

/* --- checksums ---------------------------------------------------------------------------------------------- */

/* RFC 3720, appendix B.4, and "123456789", the check value of the catalogue of CRCs. */
static void check_crc(void)
{
    unsigned char bytes[256];
    T_EQ_INT(er_crc32c("123456789", 9), 0xe3069283, "the check value");
    memset(bytes, 0, 32);
    T_EQ_INT(er_crc32c(bytes, 32), 0x8a9136aa, "32 zeros");
    memset(bytes, 0xff, 32);
    T_EQ_INT(er_crc32c(bytes, 32), 0x62a8ab43, "32 bytes of ones");
    for (int i = 0; i < 32; i++) bytes[i] = (unsigned char)i;
    T_EQ_INT(er_crc32c(bytes, 32), 0x46dd794e, "32 rising bytes");
    for (int i = 0; i < 256; i++) bytes[i] = (unsigned char)(i * 37 + 11);
    for (size_t n = 0; n < 40; n++)
        for (size_t from = 0; from < 9; from++)
            if (er_crc32c(bytes + from, n) != er_crc32c_plain(bytes + from, n))
                T_OK(false, "the instruction differs from the definition at %zu bytes from %zu", n, from);
}

/* --- records ------------------------------------------------------------------------------------------------- */

enum { ROOM = 4096 };
struct bytes {
    unsigned char b[ROOM];
    size_t n;
};

static void put(struct bytes *s, const void *bytes, size_t n)
{
    memcpy(s->b + s->n, bytes, n);
    s->n += n;
}

static void put_number(struct bytes *s, uint64_t value, int n)
{
    for (int i = 0; i < n; i++) s->b[s->n++] = (unsigned char)(value >> 8 * i);
}

static void put_varint(struct bytes *s, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) s->b[s->n++] = (unsigned char)(value | 0x80);
    s->b[s->n++] = (unsigned char)value;
}

static void put_block(struct bytes *s, int number, const struct bytes *block)
{
    put_varint(s, (uint64_t)number << 3 | 2);
    put_varint(s, block->n);
    put(s, block->b, block->n);
}

static void put_text(struct bytes *s, int number, const char *text)
{
    struct bytes block = {.n = 0};
    put(&block, text, strlen(text));
    put_block(s, number, &block);
}

static struct bytes record_of(const struct bytes *content)
{
    struct bytes r = {.n = 0};
    put_number(&r, content->n, 8);
    put_number(&r, er_crc32c_masked(r.b, 8), 4);
    put(&r, content->b, content->n);
    put_number(&r, er_crc32c_masked(content->b, content->n), 4);
    return r;
}

enum how { CONTENT, LISTED, PACKED };

static struct bytes tensor_of(int type, int rank, const int *dim, const void *values, int n, enum how how)
{
    struct bytes t = {.n = 0}, shape = {.n = 0}, content = {.n = 0};
    const uint32_t *word = values;
    put_varint(&t, 1 << 3);
    put_varint(&t, (uint64_t)type);
    for (int i = 0; i < rank; i++) {
        struct bytes one = {.n = 0};
        put_varint(&one, 1 << 3);
        put_varint(&one, (uint64_t)dim[i]);
        put_block(&shape, 2, &one);
    }
    put_block(&t, 2, &shape);
    for (int i = 0; i < n && how == LISTED; i++) {
        put_varint(&t, type == 1 ? 5 << 3 | 5 : 7 << 3);
        if (type == 1)
            put_number(&t, word[i], 4);
        else
            put_varint(&t, word[i]);
    }
    for (int i = 0; i < n && how != LISTED; i++) {
        if (how == PACKED && type != 1)
            put_varint(&content, word[i]);
        else
            put_number(&content, word[i], 4);
    }
    if (how == CONTENT) put_block(&t, 4, &content);
    if (how == PACKED) put_block(&t, type == 1 ? 5 : 7, &content);
    return t;
}

static void put_feature(struct bytes *features, const char *name, const struct bytes *value)
{
    struct bytes list = {.n = 0}, feature = {.n = 0}, entry = {.n = 0};
    put_block(&list, 1, value);
    put_block(&feature, 1, &list);
    put_text(&entry, 1, name);
    put_block(&entry, 2, &feature);
    put_block(features, 1, &entry);
}

static struct bytes example_of(const struct bytes *inputs, const struct bytes *output)
{
    struct bytes features = {.n = 0}, example = {.n = 0};
    if (inputs) put_feature(&features, "inputs", inputs);
    put_feature(&features, "other", output);
    put_feature(&features, "output", output);
    put_block(&example, 1, &features);
    return example;
}

static const float six[] = {1, -2, 3.5f, 0, 1e-3f, 7};
static const int two_three[] = {2, 3}, label[] = {1}, labels[] = {1, 0}, one[] = {1}, four_five[] = {4, 5};

static void check_examples(void)
{
    struct er_error err;
    struct er_dataset set = {.classes = 2};
    for (int how = CONTENT; how <= PACKED; how++) {
        const struct bytes inputs = tensor_of(1, 2, two_three, six, 6, (enum how)how),
                           output = tensor_of(3, how == CONTENT ? 0 : 1, one, label, 1, (enum how)how),
                           example = example_of(&inputs, &output), record = record_of(&example);
        T_STATUS(er_pgdl_shard_parse(record.b, record.n, 2, &set, &err), ER_OK, "values written in way %d",
                 how);
        if (err.code != ER_OK) continue;
        T_EQ_INT(set.n, how + 1, "one example more");
        T_OK(set.shape.height == 2 && set.shape.width == 3 && set.shape.channels == 1, "its shape");
        T_OK(memcmp(set.x + how * 6, six, sizeof six) == 0 && set.label[how] == 1, "its values");
    }
    T_STATUS(er_pgdl_shard_parse((const unsigned char *)"", 0, 2, &set, &err), ER_OK, "an empty shard");
    T_EQ_INT(set.n, 3, "adds nothing");
    er_dataset_clear(&set);
}

static void refuse_record(const struct bytes *s, size_t n, enum er_status status, const char *says)
{
    struct er_error err;
    struct er_dataset set = {.classes = 2};
    T_STATUS(er_pgdl_shard_parse(s->b, n, 2, &set, &err), status, "%s", says);
    T_OK(strstr(err.msg, says), "\"%s\" says \"%s\"", err.msg, says);
    T_OK(set.n == 0 && !set.x && !set.label, "untouched on failure");
    er_dataset_clear(&set);
}

static void refuse_example(const struct bytes *inputs, const struct bytes *output, enum er_status status,
                           const char *says)
{
    const struct bytes example = example_of(inputs, output), record = record_of(&example);
    refuse_record(&record, record.n, status, says);
}

static void check_hostile_records(void)
{
    struct bytes inputs = tensor_of(1, 2, two_three, six, 6, CONTENT);
    const struct bytes output = tensor_of(3, 0, NULL, label, 1, CONTENT),
                       example = example_of(&inputs, &output), record = record_of(&example);
    for (size_t n = 1; n < record.n; n++) {
        struct er_dataset set = {.classes = 2};
        if (er_pgdl_shard_parse(record.b, n, 2, &set, NULL) != ER_E_INPUT)
            T_OK(false, "cut after %zu bytes", n);
    }
    for (size_t i = 0; i < record.n; i++) { /* each byte is under a checksum, or is one */
        struct bytes other = record;
        struct er_dataset set = {.classes = 2};
        other.b[i] ^= 0x10;
        if (er_pgdl_shard_parse(other.b, other.n, 2, &set, NULL) != ER_E_INPUT)
            T_OK(false, "byte %zu is wrong", i);
    }
    refuse_record(&record, 12, ER_E_INPUT, "record 1 at byte 0: 12 bytes are left");
    struct bytes long_one = record;
    memset(long_one.b, 0xff, 8);
    refuse_record(&long_one, long_one.n, ER_E_INPUT, "it is to have 18446744073709551615 bytes");
    struct bytes empty = {.n = 0};
    const struct bytes none = record_of(&empty);
    refuse_record(&none, none.n, ER_E_INPUT, "the example has no features");
    refuse_example(NULL, &output, ER_E_INPUT, "record 1: the example has no feature \"inputs\"");
    inputs = tensor_of(2, 2, two_three, six, 6, CONTENT);
    refuse_example(&inputs, &output, ER_E_INPUT,
                   "inputs: a tensor of TensorFlow's type 2; 1 (float) is read");
    inputs = tensor_of(1, 2, four_five, six, 6, CONTENT);
    refuse_example(&inputs, &output, ER_E_INPUT, "inputs: its shape needs 80 bytes, 24 are there");
    inputs = tensor_of(1, 2, four_five, six, 6, LISTED);
    refuse_example(&inputs, &output, ER_E_INPUT, "inputs: its shape needs 20 values, 6 are there");
    const int huge[] = {1 << 20, 1 << 20}, zero[] = {0, 3};
    inputs = tensor_of(1, 2, huge, six, 6, CONTENT);
    refuse_example(&inputs, &output, ER_E_INPUT, "inputs: a size of 1048576");
    inputs = tensor_of(1, 2, zero, six, 0, CONTENT);
    refuse_example(&inputs, &output, ER_E_INPUT, "inputs: a size of 0");
    inputs = tensor_of(1, 0, NULL, six, 1, CONTENT);
    refuse_example(&inputs, &output, ER_E_SHAPE, "inputs: a shape of 0 sizes");
    inputs = tensor_of(1, 2, two_three, six, 6, CONTENT);
    const int other_label[] = {2}, two[] = {2};
    const struct bytes wrong = tensor_of(3, 0, NULL, other_label, 1, CONTENT),
                       several = tensor_of(3, 1, two, labels, 2, CONTENT);
    refuse_example(&inputs, &wrong, ER_E_INPUT, "its label is 2; the networks know classes 0 to 1");
    refuse_example(&inputs, &several, ER_E_INPUT, "output: 2 numbers; a label is one");
}

/* Two records of different shapes; a second shard of another shape. */
static void check_shapes(void)
{
    struct er_error err;
    struct er_dataset set = {.classes = 2};
    const struct bytes output = tensor_of(3, 0, NULL, label, 1, CONTENT),
                       image = tensor_of(1, 2, two_three, six, 6, CONTENT),
                       row = tensor_of(1, 1, (int[]){6}, six, 6, CONTENT),
                       first = example_of(&image, &output), second = example_of(&row, &output),
                       one_record = record_of(&first), other_record = record_of(&second);
    struct bytes both = one_record;
    put(&both, other_record.b, other_record.n);
    refuse_record(&both, both.n, ER_E_SHAPE, "record 2: its inputs have another shape");
    T_STATUS(er_pgdl_shard_parse(one_record.b, one_record.n, 2, &set, &err), ER_OK, "a shard");
    T_STATUS(er_pgdl_shard_parse(other_record.b, other_record.n, 2, &set, &err), ER_E_SHAPE, "and another");
    T_OK(strstr(err.msg, "inputs of 1x1x6; those before are 2x3x1"), "says both: %s", err.msg);
    T_EQ_INT(set.n, 1, "untouched on failure");
    er_dataset_clear(&set);
}

int main(void)
{
    check_crc();
    check_examples();
    check_hostile_records();
    check_shapes();
    return t_done();
}
