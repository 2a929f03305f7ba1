/* The formats of a task, from bytes made here: checksums, records, examples, Keras's layers, hyper-parameters; each hostile
 * case by its message. */
#include "t.h"

#include "pgdl/crc32c.h"
#include "pgdl/tfrecord.h"

#include <ermine/memory.h>
#include <ermine/model.h>
#include <ermine/net.h>
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

/* --- Keras ---------------------------------------------------------------------------------------------------- */

#define NET(layers) "{\"model_config\": [" layers "], \"input_shape\": [8, 8, 3]}"
#define HEAD        ",{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Dense\",\"units\":2}"

static void check_architectures(void)
{
    static const struct {
        const char *json, *model, *weights;
    } cases[] = {
        {"{\"input_shape\":[3],\"model_config\":[{\"layer_name\":\"Dense\",\"activation\":\"tanh\",\"units\":"
         "256},"
         "{\"layer_name\":\"Dense\",\"units\":2}]}",
         "[dense 256, tanh, dense 2]", "kernel bias\nkernel bias\n"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":4,\"kernel_size\":3}" HEAD),
         "[conv 4 padding=valid, flatten, dense 2]", "kernel bias\nkernel bias\n"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":4.0,\"kernel_size\":[3.0,1],\"strides\":2,\"padding\":"
             "\"same\","
             "\"activation\":null,\"use_bias\":false,\"data_format\":\"channels_last\"}" HEAD),
         "[conv 4 3x1 stride=2x2 bias=false, flatten, dense 2]", "kernel\nkernel bias\n"},
        {NET("{\"layer_name\":\"BatchNormalization\",\"center\":false,\"scale\":false},{\"layer_name\":"
             "\"ReLU\"}" HEAD),
         "[batch_norm momentum=0.010000000000000009 epsilon=0.001 affine=false, relu, flatten, dense 2]",
         "moving_mean moving_variance\nkernel bias\n"},
        {NET("{\"layer_name\":\"MaxPooling2D\"},{\"layer_name\":\"AvgPool2D\",\"pool_size\":3,\"strides\":[1,"
             "2],"
             "\"padding\":\"same\"},{\"layer_name\":\"Dropout\",\"rate\":0},{\"layer_name\":\"Activation\","
             "\"activation\":\"relu\"},{\"layer_name\":\"GlobalAveragePooling2D\"},"
             "{\"layer_name\":\"Dense\",\"units\":5,\"activation\":\"softmax\"}"),
         "[max_pool 2x2, avg_pool 3x3 stride=1x2 padding=same, relu, global_avg_pool, dense 5]",
         "kernel bias\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct er_error err;
        struct er_pgdl_architecture a;
        struct er_model *model;
        T_STATUS(er_pgdl_architecture_parse(cases[i].json, strlen(cases[i].json), &a, &err), ER_OK, "%s",
                 cases[i].model);
        if (err.code != ER_OK) continue;
        T_STATUS(er_model_parse(a.model, &model, &err), ER_OK, "%s is a model", a.model);
        if (err.code == ER_OK) T_EQ_STR(er_model_text(model), cases[i].model, "the layers");
        T_EQ_STR(a.weights, cases[i].weights, "their weights");
        if (err.code == ER_OK) er_model_free(model);
        er_pgdl_architecture_clear(&a);
    }
}

static void check_refused_architectures(void)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{", "no JSON"},
        {"[]", "no JSON object"},
        {"{\"input_shape\":[3]}", "model_config: 0 layers"},
        {"{\"model_config\":[{\"layer_name\":\"Flatten\"}]}", "input_shape is no list"},
        {"{\"model_config\":[{\"layer_name\":\"Flatten\"}],\"input_shape\":[8,-8,3]}",
         "size 1 is no whole number"},
        {NET("{}"), "layer 0 has no layer_name"},
        {NET("{\"layer_name\":\"LSTM\"}"), "layer 0: layers \"LSTM\" are not computed here"},
        {NET("{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Dense\",\"units\":2,\"depth\":1}"),
         "layer 1, Dense: its key \"depth\" is not known"},
        {NET("{\"layer_name\":\"Dense\",\"units\":2}"), "of an image it would act on each pixel"},
        {NET("{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Conv2D\",\"filters\":1,\"kernel_size\":1}"),
         "it wants an image, and has a vector"},
        {NET("{\"layer_name\":\"Conv2D\",\"kernel_size\":1}"), "its filters is nothing"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2.5,\"kernel_size\":1}"), "its filters is 2.5"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2}"), "its kernel_size is nothing"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":[1,2,3]}"),
         "its kernel_size is a list"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"padding\":\"causal\"}"),
         "padding = \"causal\" is not computed here"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"data_format\":\"channels_"
             "first\"}"),
         "data_format = \"channels_first\""},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"activation\":\"selu\"}"),
         "the activation \"selu\" is not computed here"},
        {NET("{\"layer_name\":\"BatchNormalization\",\"axis\":1}"), "its axis is not the last"},
        {NET("{\"layer_name\":\"BatchNormalization\",\"momentum\":2}"), "its momentum is 2"},
        {NET("{\"layer_name\":\"ReLU\",\"max_value\":6}"), "max_value is not computed here"},
        {NET("{\"layer_name\":\"Dropout\",\"rate\":\"half\"}"), "its rate is \"half\""},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"dtype\":\"float16\"}"),
         "dtype = \"float16\""},
        {NET("{\"layer_name\":\"Softmax\"}" HEAD), "it follows a softmax"},
        {NET("{\"layer_name\":\"ReLU\"}"), "the layers end in an image"},
        {NET("{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Dense\",\"units\":1}"),
         "the layers end in a single number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct er_error err = {0};
        struct er_pgdl_architecture a = {.outputs = -7};
        const enum er_status status =
            er_pgdl_architecture_parse(cases[i].json, strlen(cases[i].json), &a, &err);
        T_OK((status == ER_E_INPUT || status == ER_E_UNSUPPORTED) && strstr(err.msg, cases[i].says),
             "\"%s\" says \"%s\"", err.msg, cases[i].says);
        T_EQ_INT(a.outputs, -7, "untouched on failure");
    }
}

/* --- hyper-parameters --------------------------------------------------------------------------------------- */

#define MODEL(name, values, value)                                                                           \
    "\"" name "\":{\"hparams\":{\"a\":{\"possible_values\":" values ",\"current_value\":" value "}}}"

static void check_refused_configs(void)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{}", "0 models"},
        {"{\"m\":1}", "model \"m\": 0 hyper-parameters"},
        {"{" MODEL("m", "[]", "1") "}", "hyper-parameter \"a\": 0 possible values"},
        {"{" MODEL("m", "[1,1.0]", "1") "}", "1 is among its possible values twice"},
        {"{" MODEL("m", "[1,null]", "1") "}", "a possible value that is null"},
        {"{" MODEL("m", "[1,2]", "3") "}", "model \"m\": its a is 3, which is none of the possible values"},
        {"{" MODEL("../m", "[1,2]", "1") "}", "the name can be no folder's"},
        {"{" MODEL("m", "[1,2]", "1") "," MODEL("m", "[1,2]", "2") "}", "duplicate object key"},
        {"{\"m\":{\"hparams\":{\"a\":{\"possible_values\":[1],\"current_value\":1}},\"metrics\":{\"train_"
         "acc\":1.5}}}",
         "its train_acc is 1.5"},
        {"{" MODEL("m", "[1,2]", "1") ",\"n\":{\"hparams\":{}}}",
         "model \"n\": 0 hyper-parameters, the first model has 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct er_error err;
        struct er_pgdl_task task = {.models = -7};
        T_STATUS(er_pgdl_configs_parse(cases[i].json, strlen(cases[i].json), &task, &err), ER_E_INPUT, "%s",
                 cases[i].says);
        T_OK(strstr(err.msg, cases[i].says), "\"%s\" says \"%s\"", err.msg, cases[i].says);
        T_EQ_INT(task.models, -7, "untouched on failure");
    }
}

static void check_configs(void)
{
    static const char json[] =
        "{" MODEL("7", "[[1,2],true,\"x\"]", "[1,2]") "," MODEL("model_x", "[[1,2],true,\"x\"]", "true") "}";
    struct er_error err;
    struct er_pgdl_task task;
    T_STATUS(er_pgdl_configs_parse(json, strlen(json), &task, &err), ER_OK, "values of every kind");
    if (err.code != ER_OK) return;
    T_EQ_STR(task.parameter[0].text[0], "[1,2]", "a list as its text");
    T_EQ_STR(task.parameter[0].text[1], "true", "a truth value");
    T_OK(task.model[0].level[0] == 0 && task.model[1].level[0] == 1, "levels");
    T_EQ_STR(task.model[0].folder, "model_7", "a folder for a number");
    T_OK(isnan(task.model[0].train_accuracy), "metrics may be hidden");
    er_pgdl_task_clear(&task);
}

int main(void)
{
    check_crc();
    check_examples();
    check_hostile_records();
    check_shapes();
    check_architectures();
    check_refused_architectures();
    check_configs();
    check_refused_configs();
    return t_done();
}
