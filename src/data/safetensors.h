/* safetensors.h - what the reader and the writer of .safetensors share. */
#ifndef ERMINE_DATA_SAFETENSORS_H
#define ERMINE_DATA_SAFETENSORS_H

#include <ermine/tensors.h>
#include <stdbool.h>

/* The length of the header stands in the first bytes; the key of the metadata among the names. */
enum { ER_SAFETENSORS_FRONT = 8 };
#define ER_SAFETENSORS_METADATA "__metadata__"

/* Bytes of a value. */
size_t er_tensor_value_bytes(enum er_tensor_type type);

/* Bytes of all values; false when the shape means none that a file can hold. An empty tensor may have any
 * other sizes, as long as their product means something. */
bool er_tensor_bytes(const struct er_tensor *tensor, int64_t *bytes);

#endif
