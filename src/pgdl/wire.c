/* wire.c - keys, varints and lengths; every length is compared with the bytes that are there. */
#include "pgdl/wire.h"

enum { VARINT_BYTES = 10 };

static bool fail(bool *broken)
{
    *broken = true;
    return false;
}

bool er_wire_varint(struct er_wire *m, uint64_t *out, bool *broken)
{
    uint64_t value = 0;
    if (m->at == m->end) return false;
    for (int i = 0; i < VARINT_BYTES; i++) {
        if (m->at == m->end) return fail(broken);
        const unsigned char byte = *m->at++;
        if (i == VARINT_BYTES - 1 && byte > 1) return fail(broken);
        value |= (uint64_t)(byte & 0x7f) << 7 * i;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return fail(broken);
}

static bool fixed(struct er_wire *m, size_t n, uint64_t *out, bool *broken)
{
    if (er_wire_length(m) < n) return fail(broken);
    *out = 0;
    for (size_t i = 0; i < n; i++) *out |= (uint64_t)*m->at++ << 8 * i;
    return true;
}

bool er_wire_next(struct er_wire *m, struct er_wire_field *out, bool *broken)
{
    uint64_t key, length;
    struct er_wire_field field = {0};
    if (m->at == m->end) return false;
    if (!er_wire_varint(m, &key, broken)) return fail(broken);
    field.number = key >> 3;
    switch (key & 7) {
    case ER_WIRE_VARINT:
        field.type = ER_WIRE_VARINT;
        if (!er_wire_varint(m, &field.value, broken)) return fail(broken);
        break;
    case ER_WIRE_FIXED64:
        field.type = ER_WIRE_FIXED64;
        if (!fixed(m, 8, &field.value, broken)) return false;
        break;
    case ER_WIRE_FIXED32:
        field.type = ER_WIRE_FIXED32;
        if (!fixed(m, 4, &field.value, broken)) return false;
        break;
    case ER_WIRE_BYTES:
        field.type = ER_WIRE_BYTES;
        if (!er_wire_varint(m, &length, broken) || length > er_wire_length(m)) return fail(broken);
        field.bytes = er_wire_of(m->at, (size_t)length);
        m->at += length;
        break;
    default:
        return fail(broken);
    }
    if (field.number == 0) return fail(broken);
    *out = field;
    return true;
}
