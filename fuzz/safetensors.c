/* Fuzzes safetensors: what is taken converts to float32, and is taken again, alike, when it is written anew.
 * An input that begins with '{' is a header up to a zero byte and the bytes behind it: its length is put
 * before it, which mutations of a whole file seldom get right. */
#include <ermine/memory.h>
#include <ermine/tensors.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void convert(const struct er_tensors *t, size_t n)
{
    for (int64_t i = 0; i < t->n; i++) {
        const struct er_tensor *one = &t->tensor[i];
        const int64_t count = er_tensor_count(one);
        if (count < 0 || (size_t)count > n || er_tensors_find(t, one->name) != one) __builtin_trap();
        float *value = er_alloc(count, sizeof *value);
        if (!value) __builtin_trap();
        const enum er_status status = er_tensors_float(t, one->name, one->rank, one->dim, value, NULL);
        if (status != ER_OK && (status != ER_E_LIMIT || one->type != ER_TENSOR_F64)) __builtin_trap();
        er_free(value);
    }
}

/* The writer may move narrow values behind wide ones. */
static void compare(const struct er_tensors *a, const struct er_tensors *b)
{
    if (a->n != b->n || a->notes != b->notes) __builtin_trap();
    for (int64_t i = 0; i < a->notes; i++)
        if (strcmp(a->note[i].key, b->note[i].key) != 0 || strcmp(a->note[i].text, b->note[i].text) != 0)
            __builtin_trap();
    for (int64_t i = 0; i < a->n; i++) {
        const struct er_tensor *x = &a->tensor[i], *y = er_tensors_find(b, x->name);
        if (!y || x->type != y->type || x->rank != y->rank || memcmp(x->dim, y->dim, sizeof x->dim) != 0)
            __builtin_trap();
    }
}

static void feed(const unsigned char *bytes, size_t n)
{
    struct er_tensors t, again;
    unsigned char *written;
    size_t length;
    if (er_tensors_parse(bytes, n, &t, NULL) != ER_OK) return;
    convert(&t, n);
    if (er_tensors_encode(t.tensor, t.n, t.note, t.notes, &written, &length, NULL) == ER_OK) {
        if (er_tensors_parse(written, length, &again, NULL) != ER_OK) __builtin_trap();
        compare(&t, &again);
        er_tensors_clear(&again);
        er_free(written);
    }
    er_tensors_clear(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0 || bytes[0] != '{') {
        feed(bytes, n);
        return 0;
    }
    const unsigned char *end = memchr(bytes, 0, n);
    const size_t header = end ? (size_t)(end - bytes) : n, data = end ? n - header - 1 : 0;
    unsigned char *file = er_alloc((int64_t)(8 + header + data), 1);
    if (!file) __builtin_trap();
    for (int i = 0; i < 8; i++) file[i] = (unsigned char)((uint64_t)header >> 8 * i);
    memcpy(file + 8, bytes, header);
    if (data) memcpy(file + 8 + header, end + 1, data);
    feed(file, 8 + header + data);
    er_free(file);
    return 0;
}
