/* wire.h - messages of protocol buffers, read field by field without copying.
 *
 *     message = { key value }      key = number << 3 | type, a varint
 *     value   = varint (type 0) | 8 bytes (1) | varint n, n bytes (2) | 4 bytes (5)
 *
 * Groups (types 3 and 4) are refused. Source: protobuf.dev, "Encoding".
 */
#ifndef ERMINE_PGDL_WIRE_H
#define ERMINE_PGDL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum er_wire_type { ER_WIRE_VARINT = 0, ER_WIRE_FIXED64 = 1, ER_WIRE_BYTES = 2, ER_WIRE_FIXED32 = 5 };

/* What is left of a message; borrowed. */
struct er_wire {
    const unsigned char *at, *end;
};

struct er_wire_field {
    uint64_t number;
    enum er_wire_type type;
    uint64_t value;       /* varint and fixed ones, little-endian */
    struct er_wire bytes; /* of type ER_WIRE_BYTES */
};

/* True when a field was read. False at the end, and where the bytes are no message: *broken says which, and stays as it was
 * at the end. */
bool er_wire_next(struct er_wire *message, struct er_wire_field *out, bool *broken);

/* A varint of a packed field; as er_wire_next(). */
bool er_wire_varint(struct er_wire *message, uint64_t *out, bool *broken);

static inline struct er_wire er_wire_of(const unsigned char *bytes, size_t n)
{
    return (struct er_wire){bytes, bytes + n};
}

static inline size_t er_wire_length(const struct er_wire *w)
{
    return (size_t)(w->end - w->at);
}

#endif
