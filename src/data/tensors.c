/* tensors.c - named tensors in memory: found, counted, turned into float32.
 *
 *     F16    sign s, exponent e (5 bits), fraction f (10 bits):  (-1)^s 2^(e-15) (1 + f/1024),
 *            e = 0: (-1)^s 2^-14 f/1024,  e = 31: infinity (f = 0) or NaN
 *     BF16   the upper 16 bits of a float32
 *
 * Source: IEEE 754-2008, binary16 (section 3.6, table 3.5).
 */
#include "data/safetensors.h"
#include "data/shown.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    size_t bytes;
} types[ER_TENSOR_TYPES] = {
#define TYPE(name, bytes) {#name, bytes},
    ER_TENSOR_TYPE_LIST(TYPE)
#undef TYPE
};

const char *er_tensor_type_text(enum er_tensor_type type)
{
    return types[type].name;
}

size_t er_tensor_value_bytes(enum er_tensor_type type)
{
    return types[type].bytes;
}

bool er_tensor_bytes(const struct er_tensor *tensor, int64_t *bytes)
{
    int64_t product = (int64_t)types[tensor->type].bytes;
    bool empty = false;
    for (int i = 0; i < tensor->rank; i++) {
        if (tensor->dim[i] < 0) return false;
        empty = empty || tensor->dim[i] == 0;
        if (tensor->dim[i] > 0 && __builtin_mul_overflow(product, tensor->dim[i], &product)) return false;
    }
    *bytes = empty ? 0 : product;
    return true;
}

int64_t er_tensor_count(const struct er_tensor *tensor)
{
    int64_t count = 1;
    for (int i = 0; i < tensor->rank; i++)
        if (tensor->dim[i] == 0) return 0;
    for (int i = 0; i < tensor->rank; i++) count *= tensor->dim[i];
    return count;
}

char *er_tensor_shape_text(int rank, const int64_t dim[], char out[ER_SHAPE_TEXT])
{
    size_t used = (size_t)snprintf(out, ER_SHAPE_TEXT, "(");
    for (int i = 0; i < rank; i++)
        used += (size_t)snprintf(out + used, ER_SHAPE_TEXT - used, "%s%" PRId64, i ? ", " : "", dim[i]);
    snprintf(out + used, ER_SHAPE_TEXT - used, "%s", rank == 1 ? ",)" : ")");
    return out;
}

void er_tensors_clear(struct er_tensors *tensors)
{
    er_free(tensors->buffer);
    er_arena_free(tensors->memory);
    *tensors = (struct er_tensors){0};
}

const struct er_tensor *er_tensors_find(const struct er_tensors *tensors, const char *name)
{
    for (int64_t i = 0; i < tensors->n; i++)
        if (strcmp(tensors->tensor[i].name, name) == 0) return &tensors->tensor[i];
    return NULL;
}

const char *er_tensors_note(const struct er_tensors *tensors, const char *key)
{
    for (int64_t i = 0; i < tensors->notes; i++)
        if (strcmp(tensors->note[i].key, key) == 0) return tensors->note[i].text;
    return NULL;
}

static void put_bits(float *out, uint64_t bits)
{
    const uint32_t narrow = (uint32_t)bits;
    memcpy(out, &narrow, sizeof *out);
}

/* The bits of the float32 that a binary16 is. */
static uint32_t widen_half(uint32_t half)
{
    const uint32_t sign = (half & 0x8000) << 16;
    uint32_t exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
    if (exponent == 0x1f) return sign | 0x7f800000 | fraction << 13;
    if (exponent == 0) {
        if (fraction == 0) return sign;
        for (exponent = 1; !(fraction & 0x400); exponent--) fraction <<= 1; /* wraps below 0, as it should */
        fraction &= 0x3ff;
    }
    return sign | (exponent + (127 - 15)) << 23 | fraction << 13;
}

static uint64_t little_endian(const unsigned char *b, size_t n)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++) bits |= (uint64_t)b[i] << 8 * i;
    return bits;
}

static double double_at(const unsigned char *b)
{
    const uint64_t bits = little_endian(b, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Through bits alone where the value is exact: a signalling NaN stays one. */
static void convert(const struct er_tensor *t, int64_t count, float *out)
{
    const unsigned char *b = t->bytes;
    switch (t->type) {
    case ER_TENSOR_F64:
        for (int64_t i = 0; i < count; i++) out[i] = (float)double_at(b + 8 * i);
        break;
    case ER_TENSOR_F32:
        for (int64_t i = 0; i < count; i++) put_bits(&out[i], little_endian(b + 4 * i, 4));
        break;
    case ER_TENSOR_F16:
        for (int64_t i = 0; i < count; i++)
            put_bits(&out[i], widen_half((uint32_t)little_endian(b + 2 * i, 2)));
        break;
    case ER_TENSOR_BF16:
        for (int64_t i = 0; i < count; i++) put_bits(&out[i], little_endian(b + 2 * i, 2) << 16);
        break;
    case ER_TENSOR_I64:
        for (int64_t i = 0; i < count; i++) out[i] = (float)(int64_t)little_endian(b + 8 * i, 8);
        break;
    case ER_TENSOR_I32:
        for (int64_t i = 0; i < count; i++) out[i] = (float)(int32_t)little_endian(b + 4 * i, 4);
        break;
    case ER_TENSOR_I16:
        for (int64_t i = 0; i < count; i++) out[i] = (float)(int16_t)little_endian(b + 2 * i, 2);
        break;
    case ER_TENSOR_I8:
        for (int64_t i = 0; i < count; i++) out[i] = (float)(int8_t)b[i];
        break;
    case ER_TENSOR_U8:
        for (int64_t i = 0; i < count; i++) out[i] = (float)b[i];
        break;
    case ER_TENSOR_BOOL:
    case ER_TENSOR_TYPES:
        for (int64_t i = 0; i < count; i++) out[i] = b[i] != 0;
        break;
    }
}

/* The first finite double that no finite float32 is near, or -1. Half a unit beyond the largest float32
 * rounds to infinity. */
static int64_t find_too_large(const struct er_tensor *t, int64_t count)
{
    const double bound = 0x1.ffffffp127;
    for (int64_t i = 0; t->type == ER_TENSOR_F64 && i < count; i++) {
        const double size = fabs(double_at(t->bytes + 8 * i));
        if (size >= bound && isfinite(size)) return i;
    }
    return -1;
}

enum er_status er_tensors_float(const struct er_tensors *tensors, const char *name, int rank,
                                const int64_t dim[], float *out, struct er_error *err)
{
    char shown[ER_SHOWN], want[ER_SHAPE_TEXT], have[ER_SHAPE_TEXT];
    const struct er_tensor *t = er_tensors_find(tensors, name);
    enum er_status status = ER_OK;
    er_text_shown(name, strlen(name), shown);
    if (!t) {
        status = er_fail(err, ER_E_NOT_FOUND, "safetensors: there is no tensor \"%s\"", shown);
    } else if (t->rank != rank || (rank && memcmp(t->dim, dim, (size_t)rank * sizeof *dim) != 0)) {
        status = er_fail(err, ER_E_SHAPE, "safetensors: tensor \"%s\" has shape %s; %s is needed", shown,
                         er_tensor_shape_text(t->rank, t->dim, have), er_tensor_shape_text(rank, dim, want));
    } else {
        const int64_t count = er_tensor_count(t), large = find_too_large(t, count);
        if (large >= 0)
            status =
                er_fail(err, ER_E_LIMIT,
                        "safetensors: tensor \"%s\": value %" PRId64 " is %g; a float32 holds at most %g",
                        shown, large, double_at(t->bytes + 8 * large), 0x1.fffffep127);
        else
            convert(t, count, out);
    }
    if (status != ER_OK && err) er_error_place(err, tensors->file, 0, 0);
    return status;
}
