/* safetensors.c - the reader of .safetensors files (the format: <ermine/tensors.h>).
 *
 * The header is parsed by Jansson, then each description is checked by itself (type, shape, offsets), then
 * all of them together: in the order of their bytes each begins where the one before ends, the first at 0 and
 * the last ending with the file. That leaves no room for holes, overlaps or bytes outside.
 */
#include "data/safetensors.h"

#include "data/recognise.h"
#include "data/shown.h"

#include "core/file.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* One description with where its bytes are; the place in the header keeps empty tensors in their order. */
struct entry {
    struct er_tensor tensor;
    int64_t begin, end, place;
};

static enum er_status fail_tensor(const char *name, struct er_error *err, const char *what)
{
    char shown[ER_SHOWN];
    return er_fail(err, ER_E_INPUT, "safetensors: tensor \"%s\": %s",
                   er_text_shown(name, strlen(name), shown), what);
}

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "safetensors: out of memory");
}

static enum er_status read_type(const char *name, const json_t *value, struct er_tensor *t,
                                struct er_error *err)
{
    char shown[ER_SHOWN], type_shown[ER_SHOWN];
    const char *text = json_string_value(value);
    if (!text) return fail_tensor(name, err, "dtype is missing, or no text");
    for (int type = 0; type < ER_TENSOR_TYPES; type++)
        if (strcmp(text, er_tensor_type_text((enum er_tensor_type)type)) == 0) {
            t->type = (enum er_tensor_type)type;
            return ER_OK;
        }
    return er_fail(err, ER_E_INPUT,
                   "safetensors: tensor \"%s\": values of type \"%s\" are not read; F64 F32 F16 BF16 I64 I32 "
                   "I16 I8 U8 and BOOL are",
                   er_text_shown(name, strlen(name), shown), er_text_shown(text, strlen(text), type_shown));
}

static enum er_status read_shape(const char *name, const json_t *value, struct er_tensor *t,
                                 struct er_error *err)
{
    char shown[ER_SHOWN];
    if (!json_is_array(value)) return fail_tensor(name, err, "shape is missing, or no list");
    const size_t rank = json_array_size(value);
    if (rank > ER_TENSOR_RANK)
        return er_fail(err, ER_E_LIMIT,
                       "safetensors: tensor \"%s\": a shape of %zu sizes; at most %d are read",
                       er_text_shown(name, strlen(name), shown), rank, ER_TENSOR_RANK);
    t->rank = (int)rank;
    for (size_t i = 0; i < rank; i++) {
        const json_t *size = json_array_get(value, i);
        if (!json_is_integer(size) || json_integer_value(size) < 0)
            return fail_tensor(name, err, "a size in its shape is no integer from 0 up");
        t->dim[i] = json_integer_value(size);
    }
    return ER_OK;
}

static enum er_status read_offsets(const char *name, const json_t *value, struct entry *e,
                                   struct er_error *err)
{
    const json_t *begin = json_array_get(value, 0), *end = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_integer(begin) || !json_is_integer(end))
        return fail_tensor(name, err, "data_offsets is missing, or no list of two integers");
    e->begin = json_integer_value(begin);
    e->end = json_integer_value(end);
    if (e->begin < 0 || e->end < e->begin)
        return fail_tensor(name, err, "data_offsets run backwards, or below 0");
    return ER_OK;
}

static enum er_status check_length(const struct entry *e, int64_t room, struct er_error *err)
{
    const struct er_tensor *t = &e->tensor;
    char shown[ER_SHOWN], shape[ER_SHAPE_TEXT];
    int64_t need;
    er_text_shown(t->name, strlen(t->name), shown);
    er_tensor_shape_text(t->rank, t->dim, shape);
    if (!er_tensor_bytes(t, &need))
        return er_fail(err, ER_E_INPUT, "safetensors: tensor \"%s\": shape %s is larger than any file", shown,
                       shape);
    if (need != e->end - e->begin)
        return er_fail(err, ER_E_INPUT,
                       "safetensors: tensor \"%s\": shape %s of %s needs %" PRId64
                       " bytes; its offsets %" PRId64 " to %" PRId64 " hold %" PRId64,
                       shown, shape, er_tensor_type_text(t->type), need, e->begin, e->end, e->end - e->begin);
    if (e->end > room)
        return er_fail(err, ER_E_INPUT,
                       "safetensors: tensor \"%s\": its bytes end at %" PRId64
                       "; behind the header are %" PRId64,
                       shown, e->end, room);
    return ER_OK;
}

static enum er_status read_entry(const char *name, json_t *value, int64_t room, struct entry *e,
                                 struct er_error *err)
{
    if (!json_is_object(value)) return fail_tensor(name, err, "its description is no object");
    struct er_tensor *t = &e->tensor;
    t->name = name;
    enum er_status status = read_type(name, json_object_get(value, "dtype"), t, err);
    if (status == ER_OK) status = read_shape(name, json_object_get(value, "shape"), t, err);
    if (status == ER_OK) status = read_offsets(name, json_object_get(value, "data_offsets"), e, err);
    if (status == ER_OK && json_object_size(value) != 3)
        status = fail_tensor(name, err, "its description has keys besides dtype, shape and data_offsets");
    return status == ER_OK ? check_length(e, room, err) : status;
}

static enum er_status read_notes(json_t *metadata, struct er_tensors *out, struct er_error *err)
{
    char shown[ER_SHOWN];
    const char *key;
    json_t *value;
    if (!json_is_object(metadata))
        return er_fail(err, ER_E_INPUT, "safetensors: " ER_SAFETENSORS_METADATA " is no object");
    out->note = er_arena_alloc(out->memory, (int64_t)json_object_size(metadata), sizeof *out->note);
    if (!out->note) return fail_memory(err);
    json_object_foreach(metadata, key, value)
    {
        if (!json_is_string(value))
            return er_fail(err, ER_E_INPUT, "safetensors: metadata \"%s\": its value is no text",
                           er_text_shown(key, strlen(key), shown));
        struct er_tensor_note *note = &out->note[out->notes++];
        note->key = er_arena_strdup(out->memory, key);
        note->text = er_arena_strdup(out->memory, json_string_value(value));
        if (!note->key || !note->text) return fail_memory(err);
    }
    return ER_OK;
}

static int by_offset(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* Sorted by place, each begins where the one before it ends. */
static enum er_status check_cover(const struct entry *entry, int64_t n, int64_t room, struct er_error *err)
{
    char shown[ER_SHOWN], before[ER_SHOWN];
    int64_t end = 0;
    for (int64_t i = 0; i < n; i++) {
        const char *name = entry[i].tensor.name;
        if (entry[i].begin != end) {
            const char *last = i ? entry[i - 1].tensor.name : "";
            return er_fail(err, ER_E_INPUT,
                           "safetensors: tensor \"%s\" begins at byte %" PRId64 "; %s%s%s %" PRId64 ": %s",
                           er_text_shown(name, strlen(name), shown), entry[i].begin,
                           i ? "the one before it, \"" : "the first begins at",
                           er_text_shown(last, strlen(last), before), i ? "\", ends at" : "", end,
                           entry[i].begin < end ? "they overlap" : "there is a hole");
        }
        end = entry[i].end;
    }
    if (end != room)
        return er_fail(err, ER_E_INPUT,
                       "safetensors: the tensors end at byte %" PRId64 "; behind the header are %" PRId64,
                       end, room);
    return ER_OK;
}

static enum er_status read_entries(json_t *root, struct entry *entry, const unsigned char *data, int64_t room,
                                   struct er_tensors *out, struct er_error *err)
{
    enum er_status status = ER_OK;
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        if (strcmp(name, ER_SAFETENSORS_METADATA) == 0) {
            status = read_notes(value, out, err);
        } else {
            entry[out->n].place = out->n;
            status = read_entry(name, value, room, &entry[out->n++], err);
        }
        if (status != ER_OK) return status;
    }
    if (out->n) qsort(entry, (size_t)out->n, sizeof *entry, by_offset);
    status = check_cover(entry, out->n, room, err);
    if (status != ER_OK) return status;
    out->tensor = er_arena_alloc(out->memory, out->n, sizeof *out->tensor);
    if (!out->tensor) return fail_memory(err);
    for (int64_t i = 0; i < out->n; i++) {
        out->tensor[i] = entry[i].tensor;
        out->tensor[i].bytes = data + entry[i].begin;
        out->tensor[i].name = er_arena_strdup(out->memory, entry[i].tensor.name);
        if (!out->tensor[i].name) return fail_memory(err);
    }
    return ER_OK;
}

static enum er_status read_header(json_t *root, const unsigned char *data, int64_t room,
                                  struct er_tensors *out, struct er_error *err)
{
    const size_t n = json_object_size(root);
    if (n > ER_TENSORS_MAX)
        return er_fail(err, ER_E_LIMIT, "safetensors: %zu tensors; at most %d are read", n, ER_TENSORS_MAX);
    struct er_tensors made = {0};
    struct entry *entry = er_alloc((int64_t)n, sizeof *entry);
    if (!entry) return fail_memory(err);
    enum er_status status = er_arena_new(SIZE_MAX, &made.memory, err);
    if (status == ER_OK) status = read_entries(root, entry, data, room, &made, err);
    er_free(entry);
    if (status == ER_OK)
        *out = made;
    else
        er_tensors_clear(&made);
    return status;
}

/* Finds the header in a file of n bytes, of which the first `have` are there: as many as the front and a byte
 * more at least, where it has so many. */
static enum er_status read_front(const unsigned char *bytes, size_t have, size_t n, size_t *header,
                                 struct er_error *err)
{
    uint64_t length = 0;
    const char *looks = er_data_looks(bytes, have);
    if (n < ER_SAFETENSORS_FRONT)
        return er_fail(err, ER_E_INPUT,
                       "safetensors: the file has %zu bytes, the length of its header takes %d%s", n,
                       ER_SAFETENSORS_FRONT, looks);
    for (int i = 0; i < ER_SAFETENSORS_FRONT; i++) length |= (uint64_t)bytes[i] << 8 * i;
    if (length > n - ER_SAFETENSORS_FRONT)
        return er_fail(err, ER_E_INPUT, "safetensors: a header of %" PRIu64 " bytes in a file of %zu%s",
                       length, n, looks);
    if (length > ER_TENSORS_HEADER)
        return er_fail(err, ER_E_LIMIT, "safetensors: a header of %" PRIu64 " bytes; at most %d are read",
                       length, ER_TENSORS_HEADER);
    if (length == 0 || bytes[ER_SAFETENSORS_FRONT] != '{')
        return er_fail(err, ER_E_INPUT, "safetensors: the header does not begin with '{'%s", looks);
    *header = (size_t)length;
    return ER_OK;
}

enum er_status er_tensors_parse(const unsigned char *bytes, size_t n, struct er_tensors *out,
                                struct er_error *err)
{
    char shown[ER_SHOWN];
    json_error_t wrong;
    size_t length = 0;
    enum er_status status = read_front(bytes, n, n, &length, err);
    if (status != ER_OK) return status;
    const unsigned char *header = bytes + ER_SAFETENSORS_FRONT, *data = header + length;
    json_t *root = json_loadb((const char *)header, length, JSON_REJECT_DUPLICATES, &wrong);
    if (!root) {
        if (json_error_code(&wrong) == json_error_out_of_memory) return fail_memory(err);
        return er_fail(err, ER_E_INPUT, "safetensors: header, byte %d: %s", wrong.position,
                       er_text_shown(wrong.text, strlen(wrong.text), shown));
    }
    status = read_header(root, data, (int64_t)(n - ER_SAFETENSORS_FRONT - length), out, err);
    json_decref(root);
    return status;
}

/* Before a file of any length is read. What is no regular file, or has changed since it was measured, is seen
 * when it is read. */
static enum er_status check_front(const char *path, struct er_error *err)
{
    unsigned char front[256];
    size_t have, n, header;
    if (!er_file_front(path, front, sizeof front, &have, &n) || have < (n < sizeof front ? n : sizeof front))
        return ER_OK;
    return read_front(front, have, n > have ? n : have, &header, err);
}

enum er_status er_tensors_read(const char *path, size_t limit, struct er_tensors *out, struct er_error *err)
{
    char *bytes;
    size_t n;
    struct er_tensors made = {0};
    enum er_status status = check_front(path, err);
    if (status != ER_OK) {
        er_error_place(err, path, 0, 0);
        return status;
    }
    status = er_file_read(path, limit, &bytes, &n, err);
    if (status != ER_OK) return status;
    status = er_tensors_parse((const unsigned char *)bytes, n, &made, err);
    if (status != ER_OK) {
        er_error_place(err, path, 0, 0);
        er_free(bytes);
        return status;
    }
    made.buffer = (unsigned char *)bytes;
    made.file = er_arena_strdup(made.memory, path);
    if (!made.file) {
        er_tensors_clear(&made);
        return fail_memory(err);
    }
    *out = made;
    return ER_OK;
}
