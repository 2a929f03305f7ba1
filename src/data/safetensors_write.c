/* safetensors_write.c - the writer of .safetensors files (the format: <ermine/tensors.h>).
 *
 * PyTorch views a part of the file's bytes as values in place, which needs the part to begin at a multiple of
 * their size; the reference writer therefore sorts by type, then by name. Here tensors with wider values come
 * first and the caller's order is kept among equals.
 */
#include "core/file.h"
#include "data/safetensors.h"
#include "data/shown.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 8 };

/* The values of the caller's arrays are the bytes of the file. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a big-endian machine needs to swap bytes here");

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "safetensors: out of memory");
}

static bool is_utf8(const char *text)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        const size_t length = er_utf8_length(text + i, n - i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

/* A name or key that the object does not have yet. */
static enum er_status check_name(const char *what, const char *name, const json_t *object,
                                 struct er_error *err)
{
    char shown[ER_SHOWN];
    const char *wrong = !name                                        ? "is NULL"
                        : !is_utf8(name)                             ? "is no UTF-8"
                        : strcmp(name, ER_SAFETENSORS_METADATA) == 0 ? "is the key of the metadata"
                        : json_object_get(object, name)              ? "comes twice"
                                                                     : NULL;
    if (!wrong) return ER_OK;
    return er_fail(err, ER_E_USAGE, "safetensors: the %s \"%s\" %s", what,
                   er_text_shown(name ? name : "", name ? strlen(name) : 0, shown), wrong);
}

static enum er_status put_notes(const struct er_tensor_note *note, int64_t notes, json_t *root,
                                struct er_error *err)
{
    json_t *object = json_object();
    if (json_object_set_new(root, ER_SAFETENSORS_METADATA, object) != 0) return fail_memory(err);
    for (int64_t i = 0; i < notes; i++) {
        char shown[ER_SHOWN];
        enum er_status status = check_name("key", note[i].key, object, err);
        if (status != ER_OK) return status;
        if (!note[i].text || !is_utf8(note[i].text))
            return er_fail(err, ER_E_USAGE, "safetensors: the text of the key \"%s\" is no UTF-8",
                           er_text_shown(note[i].key, strlen(note[i].key), shown));
        if (json_object_set_new(object, note[i].key, json_string(note[i].text)) != 0) return fail_memory(err);
    }
    return ER_OK;
}

static enum er_status put_tensor(const struct er_tensor *t, int64_t *end, json_t *root, struct er_error *err)
{
    char shown[ER_SHOWN];
    int64_t bytes = 0, begin = *end;
    enum er_status status = check_name("name", t->name, root, err);
    if (status != ER_OK) return status;
    if (t->rank < 0 || t->rank > ER_TENSOR_RANK || !er_tensor_bytes(t, &bytes) ||
        __builtin_add_overflow(begin, bytes, end))
        return er_fail(err, ER_E_USAGE, "safetensors: tensor \"%s\": its shape is out of range",
                       er_text_shown(t->name, strlen(t->name), shown));
    json_t *shape = json_array();
    for (int i = 0; i < t->rank; i++)
        if (json_array_append_new(shape, json_integer(t->dim[i])) != 0) {
            json_decref(shape);
            return fail_memory(err);
        }
    json_t *entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", er_tensor_type_text(t->type), "shape", shape,
                              "data_offsets", (json_int_t)begin, (json_int_t)*end);
    return json_object_set_new(root, t->name, entry) == 0 ? ER_OK : fail_memory(err);
}

/* Those with values of 8 bytes, then 4, 2 and 1. */
static void sort_by_width(const struct er_tensor *tensor, int64_t n, int64_t *order)
{
    int64_t used = 0;
    for (size_t width = 8; width > 0; width /= 2)
        for (int64_t i = 0; i < n; i++)
            if (er_tensor_value_bytes(tensor[i].type) == width) order[used++] = i;
}

/* The JSON text, freed by free(), and the bytes behind it. */
static enum er_status make_header(const struct er_tensor *tensor, const int64_t *order, int64_t n,
                                  const struct er_tensor_note *note, int64_t notes, char **out, int64_t *data,
                                  struct er_error *err)
{
    json_t *root = json_object();
    if (!root) return fail_memory(err);
    enum er_status status = notes > 0 ? put_notes(note, notes, root, err) : ER_OK;
    *data = 0;
    for (int64_t i = 0; i < n && status == ER_OK; i++)
        status = put_tensor(&tensor[order[i]], data, root, err);
    if (status == ER_OK) {
        *out = json_dumps(root, JSON_COMPACT);
        if (!*out) status = fail_memory(err);
    }
    json_decref(root);
    return status;
}

static enum er_status assemble(const struct er_tensor *tensor, const int64_t *order, int64_t n,
                               const char *header, int64_t data, unsigned char **out, size_t *length,
                               struct er_error *err)
{
    const size_t text = strlen(header), padded = (text + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    int64_t total;
    if (padded > ER_TENSORS_HEADER)
        return er_fail(err, ER_E_LIMIT, "safetensors: a header of %zu bytes; at most %d are read", padded,
                       ER_TENSORS_HEADER);
    if (__builtin_add_overflow((int64_t)(ER_SAFETENSORS_FRONT + padded), data, &total))
        return er_fail(err, ER_E_LIMIT, "safetensors: %" PRId64 " bytes of values are too many", data);
    unsigned char *bytes = er_alloc(total, 1);
    if (!bytes) return fail_memory(err);
    for (int i = 0; i < ER_SAFETENSORS_FRONT; i++) bytes[i] = (unsigned char)((uint64_t)padded >> 8 * i);
    memset(bytes + ER_SAFETENSORS_FRONT, ' ', padded);
    for (size_t i = 0; i < text; i++) bytes[ER_SAFETENSORS_FRONT + i] = (unsigned char)header[i];
    unsigned char *at = bytes + ER_SAFETENSORS_FRONT + padded;
    for (int64_t i = 0; i < n; i++) {
        int64_t size = 0;
        er_tensor_bytes(&tensor[order[i]], &size);
        if (size) memcpy(at, tensor[order[i]].bytes, (size_t)size);
        at += size;
    }
    *out = bytes;
    *length = (size_t)total;
    return ER_OK;
}

enum er_status er_tensors_encode(const struct er_tensor *tensor, int64_t n, const struct er_tensor_note *note,
                                 int64_t notes, unsigned char **out, size_t *length, struct er_error *err)
{
    if (n < 0 || n + (notes > 0) > ER_TENSORS_MAX)
        return er_fail(err, ER_E_LIMIT, "safetensors: %" PRId64 " tensors; at most %d are read", n,
                       ER_TENSORS_MAX);
    for (int64_t i = 0; i < n; i++)
        if ((int)tensor[i].type < 0 || tensor[i].type >= ER_TENSOR_TYPES)
            return er_fail(err, ER_E_USAGE, "safetensors: tensor %" PRId64 " has type %d; there are %d", i,
                           (int)tensor[i].type, ER_TENSOR_TYPES);
    char *header = NULL;
    int64_t data = 0;
    int64_t *order = er_alloc(n, sizeof *order);
    if (!order) return fail_memory(err);
    sort_by_width(tensor, n, order);
    enum er_status status = make_header(tensor, order, n, note, notes, &header, &data, err);
    if (status == ER_OK && header) status = assemble(tensor, order, n, header, data, out, length, err);
    free(header);
    er_free(order);
    return status;
}

enum er_status er_tensors_write(const char *path, const struct er_tensor *tensor, int64_t n,
                                const struct er_tensor_note *note, int64_t notes, struct er_error *err)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    enum er_status status = er_tensors_encode(tensor, n, note, notes, &bytes, &length, err);
    if (status != ER_OK) return status;
    status = er_file_write(path, bytes, length, err);
    er_free(bytes);
    return status;
}
