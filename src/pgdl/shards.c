/* shards.c - training examples out of records. */
#include "data/dataset.h"
#include "pgdl/example.h"
#include "pgdl/tfrecord.h"

#include <ermine/memory.h>
#include <ermine/pgdl.h>
#include <inttypes.h>
#include <string.h>

/* x of h x w x c, of h x w (one channel) or of d features. */
static enum er_status shape_of(const struct er_proto_tensor *t, struct er_shape *out, struct er_error *err)
{
    switch (t->rank) {
    case 1:
        *out = (struct er_shape){1, 1, t->dim[0]};
        return ER_OK;
    case 2:
        *out = (struct er_shape){t->dim[0], t->dim[1], 1};
        return ER_OK;
    case 3:
        *out = (struct er_shape){t->dim[0], t->dim[1], t->dim[2]};
        return ER_OK;
    default:
        return er_fail(err, ER_E_SHAPE, "inputs: a shape of %d sizes; from 1 to 3 are read", t->rank);
    }
}

/* Where examples go. */
struct appended {
    struct er_dataset *set;
    int64_t records;
    size_t bytes;           /* of the shard */
    struct er_dataset made; /* n grows with each record */
};

/* Room for all records of the shard, once the shape is known: each must hold its values. */
static enum er_status make_room(struct appended *a, struct er_shape shape, struct er_error *err)
{
    const struct er_dataset *set = a->set;
    const int64_t size = er_shape_size(shape);
    if (set->n > 0 && (shape.height != set->shape.height || shape.width != set->shape.width ||
                       shape.channels != set->shape.channels))
        return er_fail(err, ER_E_SHAPE,
                       "inputs of %" PRId64 "x%" PRId64 "x%" PRId64 "; those before are %" PRId64 "x%" PRId64
                       "x%" PRId64,
                       shape.height, shape.width, shape.channels, set->shape.height, set->shape.width,
                       set->shape.channels);
    if (a->made.x) return ER_OK;
    if (size < 1 || a->records > (int64_t)(a->bytes / sizeof *a->made.x) / size)
        return er_fail(err, ER_E_INPUT,
                       "%" PRId64 " records of %" PRId64
                       " values each need more than the %zu bytes of the file",
                       a->records, size, a->bytes);
    a->made.shape = shape;
    a->made.x = er_alloc(a->records * size, sizeof *a->made.x);
    a->made.label = er_alloc(a->records, sizeof *a->made.label);
    if (!a->made.x || !a->made.label)
        return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " examples", a->records);
    return ER_OK;
}

static enum er_status append(struct appended *a, struct er_wire record, int64_t classes, struct er_error *err)
{
    struct er_example example;
    struct er_shape shape = {0};
    enum er_status status = er_example_read(record, &example, err);
    if (status == ER_OK) status = shape_of(&example.inputs, &shape, err);
    if (status != ER_OK) return status;
    if (a->made.x && (shape.height != a->made.shape.height || shape.width != a->made.shape.width ||
                      shape.channels != a->made.shape.channels))
        return er_fail(err, ER_E_SHAPE, "its inputs have another shape than those of the first record");
    if (example.label < 0 || example.label >= classes)
        return er_fail(err, ER_E_INPUT, "its label is %" PRId32 "; the networks know classes 0 to %" PRId64,
                       example.label, classes - 1);
    status = make_room(a, shape, err);
    if (status != ER_OK) return status;
    er_example_inputs(&example, a->made.x + a->made.n * er_shape_size(shape));
    a->made.label[a->made.n++] = example.label;
    return ER_OK;
}

/* Moves what was read behind what is there. */
static enum er_status join(struct appended *a, struct er_error *err)
{
    struct er_dataset *set = a->set;
    const int64_t size = er_shape_size(a->made.shape), n = set->n + a->made.n;
    if (set->n == 0) {
        const int64_t classes = set->classes;
        *set = a->made;
        set->classes = classes;
        a->made = (struct er_dataset){0};
        return ER_OK;
    }
    float *x = er_alloc(n * size, sizeof *x);
    int32_t *label = er_alloc(n, sizeof *label);
    if (!x || !label) {
        er_free(x);
        er_free(label);
        return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " examples", n);
    }
    memcpy(x, set->x, (size_t)(set->n * size) * sizeof *x);
    memcpy(x + set->n * size, a->made.x, (size_t)(a->made.n * size) * sizeof *x);
    memcpy(label, set->label, (size_t)set->n * sizeof *label);
    memcpy(label + set->n, a->made.label, (size_t)a->made.n * sizeof *label);
    er_free(set->x);
    er_free(set->label);
    set->x = x;
    set->label = label;
    set->n = n;
    return ER_OK;
}

enum er_status er_pgdl_shard_parse(const unsigned char *bytes, size_t n, int64_t classes,
                                   struct er_dataset *set, struct er_error *err)
{
    struct er_tfrecords file = {.bytes = bytes, .n = n};
    struct appended a = {.set = set, .bytes = n};
    struct er_wire record;
    bool more = true;
    enum er_status status = er_tfrecord_count(bytes, n, &a.records, err);
    if (status != ER_OK) return status;
    while (status == ER_OK) {
        status = er_tfrecord_next(&file, &record, &more, err);
        if (status != ER_OK || !more) break;
        struct er_error why = {0};
        status = append(&a, record, classes, &why);
        if (status != ER_OK) er_fail(err, status, "record %" PRId64 ": %s", file.record, why.msg);
    }
    if (status == ER_OK && a.made.n > 0) status = join(&a, err);
    er_dataset_clear(&a.made);
    return status;
}
