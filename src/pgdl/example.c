/* example.c - features found by name, tensors checked against their shapes. */
#include "pgdl/example.h"

#include <inttypes.h>
#include <string.h>

/* Numbers of fields. */
enum {
    EXAMPLE_FEATURES = 1,
    FEATURES_FEATURE = 1,
    ENTRY_KEY = 1,
    ENTRY_VALUE = 2,
    FEATURE_BYTES = 1,
    LIST_VALUE = 1
};
enum { TENSOR_TYPE = 1, TENSOR_SHAPE = 2, TENSOR_CONTENT = 4, TENSOR_FLOAT = 5, TENSOR_INT = 7 };
enum { SHAPE_DIM = 2, SHAPE_UNKNOWN_RANK = 3, DIM_SIZE = 1 };
enum { TYPE_FLOAT = 1, TYPE_INT32 = 3 };
enum { VALUES_MOST = 1 << 24, VALUE_BYTES = 4 };

static enum er_status fail_message(const char *what, struct er_error *err)
{
    return er_fail(err, ER_E_INPUT, "%s: its bytes are no message of protocol buffers", what);
}

/* The last field of that number that is a block of bytes, as protocol buffers take the last of several. */
static bool find(struct er_wire message, uint64_t number, struct er_wire *out, bool *broken)
{
    struct er_wire_field field;
    bool found = false;
    while (er_wire_next(&message, &field, broken))
        if (field.number == number && field.type == ER_WIRE_BYTES) {
            *out = field.bytes;
            found = true;
        }
    return found && !*broken;
}

/* The bytes of the feature `name`. */
static enum er_status find_feature(struct er_wire features, const char *name, struct er_wire *out,
                                   struct er_error *err)
{
    struct er_wire_field entry;
    struct er_wire key, feature, list;
    bool broken = false, found = false;
    while (er_wire_next(&features, &entry, &broken)) {
        if (entry.number != FEATURES_FEATURE || entry.type != ER_WIRE_BYTES) continue;
        if (!find(entry.bytes, ENTRY_KEY, &key, &broken) || er_wire_length(&key) != strlen(name) ||
            memcmp(key.at, name, strlen(name)) != 0)
            continue;
        found = find(entry.bytes, ENTRY_VALUE, &feature, &broken) &&
                find(feature, FEATURE_BYTES, &list, &broken) && find(list, LIST_VALUE, out, &broken);
        if (!found && !broken)
            return er_fail(err, ER_E_INPUT, "feature \"%s\" holds no bytes, a serialised tensor", name);
    }
    if (broken) return fail_message("example", err);
    return found ? ER_OK : er_fail(err, ER_E_INPUT, "the example has no feature \"%s\"", name);
}

static enum er_status read_shape(struct er_wire shape, const char *name, struct er_proto_tensor *t,
                                 struct er_error *err)
{
    struct er_wire_field dim, size;
    bool broken = false;
    t->rank = 0;
    t->count = 1;
    while (er_wire_next(&shape, &dim, &broken)) {
        if (dim.number == SHAPE_UNKNOWN_RANK && dim.value)
            return er_fail(err, ER_E_INPUT, "%s: its shape is unknown", name);
        if (dim.number != SHAPE_DIM || dim.type != ER_WIRE_BYTES) continue;
        uint64_t n = 0;
        while (er_wire_next(&dim.bytes, &size, &broken))
            if (size.number == DIM_SIZE && size.type == ER_WIRE_VARINT) n = size.value;
        if (t->rank == ER_EXAMPLE_RANK)
            return er_fail(err, ER_E_INPUT, "%s: a shape of more than %d sizes", name, ER_EXAMPLE_RANK);
        if (n < 1 || n > (uint64_t)(VALUES_MOST / t->count))
            return er_fail(err, ER_E_INPUT, "%s: a size of %" PRId64 "; from 1 to %d values in all are read",
                           name, (int64_t)n, VALUES_MOST);
        t->dim[t->rank++] = (int64_t)n;
        t->count *= (int64_t)n;
    }
    return broken ? fail_message(name, err) : ER_OK;
}

/* The values of float_val or int_val, one after the other, packed or not. */
struct listed {
    struct er_wire message, packed;
    bool integer, broken;
};

static bool next_packed(struct listed *l, uint32_t *bits)
{
    uint64_t value;
    if (l->integer) {
        if (!er_wire_varint(&l->packed, &value, &l->broken)) return false;
        *bits = (uint32_t)value;
        return true;
    }
    if (er_wire_length(&l->packed) < VALUE_BYTES) {
        l->broken = true;
        return false;
    }
    memcpy(bits, l->packed.at, VALUE_BYTES);
    l->packed.at += VALUE_BYTES;
    return true;
}

static bool next_listed(struct listed *l, uint32_t *bits)
{
    struct er_wire_field field;
    if (er_wire_length(&l->packed) > 0) return next_packed(l, bits);
    while (er_wire_next(&l->message, &field, &l->broken)) {
        if (field.number != (l->integer ? TENSOR_INT : TENSOR_FLOAT)) continue;
        if (field.type != ER_WIRE_BYTES) {
            *bits = (uint32_t)field.value;
            return true;
        }
        l->packed = field.bytes;
        if (er_wire_length(&l->packed) > 0) return next_packed(l, bits);
    }
    return false;
}

static enum er_status check_values(const char *name, const struct er_proto_tensor *t, struct er_error *err)
{
    struct listed list = {.message = t->values, .integer = t->integer};
    const size_t bytes = er_wire_length(&t->content);
    int64_t n = 0;
    uint32_t bits;
    if (bytes > 0 && bytes != (size_t)t->count * VALUE_BYTES)
        return er_fail(err, ER_E_INPUT, "%s: its shape needs %" PRId64 " bytes, %zu are there", name,
                       t->count * VALUE_BYTES, bytes);
    if (bytes > 0) return ER_OK;
    while (next_listed(&list, &bits)) n++;
    if (list.broken) return fail_message(name, err);
    if (n != t->count)
        return er_fail(err, ER_E_INPUT, "%s: its shape needs %" PRId64 " values, %" PRId64 " are there", name,
                       t->count, n);
    return ER_OK;
}

static enum er_status read_tensor(struct er_wire bytes, const char *name, bool integer,
                                  struct er_proto_tensor *out, struct er_error *err)
{
    struct er_wire message = bytes, shape = {0};
    struct er_wire_field field;
    struct er_proto_tensor t = {.values = bytes, .integer = integer, .count = 1};
    uint64_t type = 0;
    bool broken = false;
    while (er_wire_next(&message, &field, &broken)) {
        if (field.number == TENSOR_TYPE && field.type == ER_WIRE_VARINT) type = field.value;
        if (field.number == TENSOR_SHAPE && field.type == ER_WIRE_BYTES) shape = field.bytes;
        if (field.number == TENSOR_CONTENT && field.type == ER_WIRE_BYTES) t.content = field.bytes;
    }
    if (broken) return fail_message(name, err);
    if (type != (integer ? TYPE_INT32 : TYPE_FLOAT))
        return er_fail(err, ER_E_INPUT, "%s: a tensor of TensorFlow's type %" PRIu64 "; %s is read", name,
                       type, integer ? "3 (int32)" : "1 (float)");
    enum er_status status = read_shape(shape, name, &t, err);
    if (status == ER_OK) status = check_values(name, &t, err);
    if (status == ER_OK) *out = t;
    return status;
}

/* Four bytes a value. */
static void copy(const struct er_proto_tensor *t, void *out)
{
    struct listed list = {.message = t->values, .integer = t->integer};
    unsigned char *to = out;
    uint32_t bits = 0;
    if (er_wire_length(&t->content) > 0) {
        memcpy(to, t->content.at, (size_t)t->count * VALUE_BYTES);
        return;
    }
    for (int64_t i = 0; i < t->count; i++, to += VALUE_BYTES) {
        next_listed(&list, &bits);
        memcpy(to, &bits, VALUE_BYTES);
    }
}

enum er_status er_example_read(struct er_wire record, struct er_example *out, struct er_error *err)
{
    struct er_wire features, inputs, output;
    struct er_proto_tensor label = {0};
    struct er_example example;
    bool broken = false;
    if (!find(record, EXAMPLE_FEATURES, &features, &broken)) {
        if (broken) return fail_message("example", err);
        return er_fail(err, ER_E_INPUT, "the example has no features");
    }
    enum er_status status = find_feature(features, "inputs", &inputs, err);
    if (status == ER_OK) status = find_feature(features, "output", &output, err);
    if (status == ER_OK) status = read_tensor(inputs, "inputs", false, &example.inputs, err);
    if (status == ER_OK) status = read_tensor(output, "output", true, &label, err);
    if (status != ER_OK) return status;
    if (label.count != 1)
        return er_fail(err, ER_E_INPUT, "output: %" PRId64 " numbers; a label is one", label.count);
    copy(&label, &example.label);
    *out = example;
    return ER_OK;
}

void er_example_inputs(const struct er_example *example, float *out)
{
    copy(&example->inputs, out);
}
