/* Fuzzes the names of tensors: the input is the header of a safetensors file whose tensors are empty or
 * missing, its notes "names" (an order) and "map". Whoever is matched to the small network here is in the
 * file, once, and has the right shape. */
#include "net/tensor_names.h"

#include <ermine/memory.h>
#include <string.h>

enum { WANTED = 5 };

/* Empty, so that the file needs no values. */
static const struct er_tensor want[WANTED] = {
    {"layers.0.weight", ER_TENSOR_F32, 2, {2, 0}, NULL}, {"layers.0.bias", ER_TENSOR_F32, 1, {0}, NULL},
    {"layers.2.weight", ER_TENSOR_F32, 2, {0, 0}, NULL}, {"layers.4.weight", ER_TENSOR_F32, 2, {0, 0}, NULL},
    {"layers.6.weight", ER_TENSOR_F32, 2, {0, 2}, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const struct er_tensors *t, const int64_t from[WANTED])
{
    for (int i = 0; i < WANTED; i++) {
        if (from[i] < 0 || from[i] >= t->n) __builtin_trap();
        const struct er_tensor *got = &t->tensor[from[i]];
        if (got->rank != want[i].rank ||
            memcmp(got->dim, want[i].dim, (size_t)got->rank * sizeof *got->dim) != 0)
            __builtin_trap();
        for (int j = 0; j < i; j++)
            if (from[i] == from[j]) __builtin_trap();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_tensors t;
    int64_t from[WANTED];
    unsigned char *file = er_alloc((int64_t)n + 8, 1);
    if (!file) __builtin_trap();
    for (int i = 0; i < 8; i++) file[i] = (unsigned char)((uint64_t)n >> 8 * i);
    if (n) memcpy(file + 8, bytes, n);
    if (er_tensors_parse(file, n + 8, &t, NULL) == ER_OK) {
        const char *map = er_tensors_note(&t, "map");
        if (er_tensor_names_match(want, WANTED, t.tensor, t.n, er_tensors_note(&t, ER_TENSOR_NAMES_NOTE),
                                  from, NULL) == ER_OK)
            check(&t, from);
        if (map && er_tensor_names_map(map, NULL, want, WANTED, t.tensor, t.n, from, NULL) == ER_OK)
            check(&t, from);
        er_tensors_clear(&t);
    }
    er_free(file);
    return 0;
}
