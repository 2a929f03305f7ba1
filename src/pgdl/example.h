/* example.h - a labelled example as the competition's shards hold it.
 *
 *     tf.train.Example { features = 1: { feature = 1: map of name (1) to Feature (2) } }
 *     Feature          { bytes_list = 1: { value = 1: bytes } }
 *     "inputs", "output": a serialised TensorProto each, of type float (1) and int32 (3)
 *     TensorProto      { dtype = 1, tensor_shape = 2: { dim = 2: { size = 1 } }, tensor_content = 4: little-endian values,
 *                        or float_val = 5, int_val = 7 }
 *
 * TensorFlow repeats the last of too few float_val; here as many as the shape says must be there, so that no record makes
 * more than its own bytes.
 *
 * Source: the organisers' ingestion program (data_manager.py); tensorflow/core/example/feature.proto,
 * tensorflow/core/framework/tensor.proto.
 */
#ifndef ERMINE_PGDL_EXAMPLE_H
#define ERMINE_PGDL_EXAMPLE_H

#include "pgdl/wire.h"

#include <ermine/status.h>

enum { ER_EXAMPLE_RANK = 4 };

/* A tensor that has been looked at and not yet copied; borrowed. */
struct er_proto_tensor {
    int rank;
    int64_t dim[ER_EXAMPLE_RANK];
    int64_t count;          /* the product */
    struct er_wire content; /* count values of four bytes; empty where they are in: */
    struct er_wire values;  /* the whole message, for float_val and int_val */
    bool integer;
};

struct er_example {
    struct er_proto_tensor inputs;
    int32_t label;
};

/* Reads one record. ER_E_INPUT says which part is missing or wrong: another type, a shape whose values are not there, more
 * than 2^24 values, an output that is not one number. */
enum er_status er_example_read(struct er_wire record, struct er_example *out, struct er_error *err);

/* The values of the inputs, `count` of them. */
void er_example_inputs(const struct er_example *example, float *out);

#endif
