/* npy.c - NumPy's array files: their values. npy_front.c has what they begin with. */
#include "data/npy_front.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

static double value_at(const unsigned char *b, const struct er_npy_front *h)
{
    uint64_t bits = 0;
    for (int i = 0; i < h->bytes; i++) bits |= (uint64_t)b[i] << 8 * (h->big_endian ? h->bytes - 1 - i : i);
    const int unused = 64 - 8 * h->bytes;
    double wide;
    float narrow;
    const uint32_t low = (uint32_t)bits;
    switch (h->kind) {
    case 'b':
        return bits != 0;
    case 'u':
        return (double)bits;
    case 'i':
        return (double)((int64_t)(bits << unused) >> unused);
    default:
        if (h->bytes == 4) {
            memcpy(&narrow, &low, sizeof narrow);
            return (double)narrow;
        }
        memcpy(&wide, &bits, sizeof wide);
        return wide;
    }
}

/* The last index runs fastest in C order, the first one in a Fortran file. */
struct er_npy_values er_npy_values_open(const struct er_npy_front *front, double *out)
{
    struct er_npy_values v = {.front = front, .out = out};
    int64_t run = 1;
    for (int axis = front->rank - 1; axis >= 0 && front->count > 0; axis--) {
        v.stride[axis] = run;
        run *= front->dim[axis];
    }
    return v;
}

static void next_place(struct er_npy_values *v)
{
    const struct er_npy_front *f = v->front;
    for (int axis = 0; axis < f->rank; axis++) {
        v->place += v->stride[axis];
        if (++v->index[axis] < f->dim[axis]) return;
        v->place -= v->stride[axis] * f->dim[axis];
        v->index[axis] = 0;
    }
}

void er_npy_values_read(struct er_npy_values *v, const unsigned char *bytes, int64_t count)
{
    const struct er_npy_front *f = v->front;
    for (int64_t i = 0; i < count; i++) {
        v->out[f->fortran ? v->place : v->done + i] = value_at(bytes + i * f->bytes, f);
        if (f->fortran) next_place(v);
    }
    v->done += count;
}

enum er_status er_npy_length(const unsigned char *bytes, size_t n, size_t limit, size_t *length,
                             struct er_error *err)
{
    struct er_npy_front front;
    char text[ER_NPY_SHAPE_TEXT];
    const enum er_status status = er_npy_front_read(bytes, n, &front, err);
    if (status != ER_OK) return status;
    if ((uint64_t)front.count > limit / sizeof(double))
        return er_fail(err, ER_E_LIMIT,
                       "npy: shape %s takes %" PRId64 " bytes of doubles, more than the limit of %zu",
                       er_npy_shape_text(&front, text), front.count * (int64_t)sizeof(double), limit);
    *length = front.at + (size_t)front.need;
    return ER_OK;
}

enum er_status er_npy_parse(const unsigned char *bytes, size_t n, struct er_array *out, struct er_error *err)
{
    struct er_npy_front front;
    enum er_status status = er_npy_front_read(bytes, n, &front, err);
    if (status == ER_OK) status = er_npy_front_check(&front, n - front.at, err);
    if (status != ER_OK) return status;
    struct er_array array = {.rank = front.rank, .value = er_alloc(front.count, sizeof *array.value)};
    if (!array.value)
        return er_fail(err, ER_E_NOMEM, "npy: out of memory for %" PRId64 " values", front.count);
    memcpy(array.dim, front.dim, sizeof array.dim);
    struct er_npy_values values = er_npy_values_open(&front, array.value);
    er_npy_values_read(&values, bytes + front.at, front.count);
    *out = array;
    return ER_OK;
}
