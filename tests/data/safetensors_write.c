/* The writer of safetensors: the bytes of small files, and what is written read again, to the bit. */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <ermine/tensors.h>

static const float weight[6] = {1, -2, 0.5F, 3e38F, -0.0F, 1e-45F};
static const double large[1] = {1e300};
static const int64_t step[1] = {INT64_MIN};
static const unsigned char mask[3] = {1, 0, 1};
static const struct er_tensor tensors[] = {
    {"mask", ER_TENSOR_BOOL, 1, {3}, mask},
    {"0.weight", ER_TENSOR_F32, 2, {2, 3}, (const unsigned char *)weight},
    {"none \"\\\n\xc3\xa9", ER_TENSOR_F32, 3, {2, 0, INT64_MAX / 16}, NULL},
    {"step", ER_TENSOR_I64, 0, {0}, (const unsigned char *)step},
    {"large", ER_TENSOR_F64, 1, {1}, (const unsigned char *)large},
};
enum { TENSORS = sizeof tensors / sizeof *tensors };
static const struct er_tensor_note notes[] = {{"model", "[dense 2]"}, {"format", "pt"}, {"empty", ""}};

/* Laid down in our own words: these bytes, then the values; wide ones first. */
static void write_bytes(void)
{
    const char header[] = "{\"__metadata__\":{\"a\":\"b\"},"
                          "\"y\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                          "\"x\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[8,11]}}";
    const struct er_tensor two[] = {{"x", ER_TENSOR_BOOL, 1, {3}, mask},
                                    {"y", ER_TENSOR_F64, 1, {1}, (const unsigned char *)large}};
    struct er_error err;
    unsigned char *bytes;
    size_t n;
    T_STATUS(er_tensors_encode(two, 2, &(struct er_tensor_note){"a", "b"}, 1, &bytes, &n, &err), ER_OK,
             "two tensors");
    if (err.code != ER_OK) return;
    const size_t text = sizeof header - 1, padded = (text + 7) / 8 * 8;
    T_EQ_INT(n, 8 + padded + 11, "length");
    T_EQ_INT(bytes[0], padded, "length of the header");
    T_OK(memcmp(bytes + 8, header, text) == 0, "header: %.*s", (int)padded, (const char *)bytes + 8);
    for (size_t i = text; i < padded; i++) T_EQ_INT(bytes[8 + i], ' ', "padding");
    T_OK(memcmp(bytes + 8 + padded, large, 8) == 0 && memcmp(bytes + 16 + padded, mask, 3) == 0, "values");
    er_free(bytes);
    T_STATUS(er_tensors_encode(NULL, 0, NULL, 0, &bytes, &n, &err), ER_OK, "no tensors");
    if (err.code != ER_OK) return;
    T_OK(n == 16 && memcmp(bytes, "\x8\0\0\0\0\0\0\0{}      ", 16) == 0, "as the reference writes them");
    er_free(bytes);
}

static void check_same(const struct er_tensors *t)
{
    T_EQ_INT(t->n, TENSORS, "tensors");
    T_EQ_INT(t->notes, 3, "metadata");
    for (int i = 0; i < 3 && i < t->notes; i++)
        T_OK(strcmp(t->note[i].key, notes[i].key) == 0 && strcmp(t->note[i].text, notes[i].text) == 0,
             "metadata %d", i);
    for (int i = 0; i < TENSORS; i++) {
        const struct er_tensor *want = &tensors[i], *got = er_tensors_find(t, want->name);
        if (!T_OK(got, "tensor %d is there", i)) continue;
        static const size_t bytes[TENSORS] = {3, 24, 0, 8, 8};
        T_OK(got->type == want->type && got->rank == want->rank, "type and rank of %d", i);
        T_OK(memcmp(got->dim, want->dim, sizeof got->dim) == 0, "shape of %d", i);
        T_OK(!bytes[i] || memcmp(got->bytes, want->bytes, bytes[i]) == 0, "bits of %d", i);
    }
}

static void round_trip(void)
{
    char folder[64];
    struct er_error err;
    struct er_tensors t = {.n = -7};
    if (!T_OK(scratch_make(folder), "a folder")) return;
    char *path = er_path_join(folder, "a.safetensors"), *nowhere = er_path_join(folder, "b/a.safetensors");
    T_STATUS(er_tensors_write(path, tensors, TENSORS, notes, 3, &err), ER_OK, "written");
    T_STATUS(er_tensors_write(nowhere, tensors, TENSORS, notes, 3, &err), ER_E_NOT_FOUND, "no such folder");
    T_STATUS(er_tensors_read(path, 100, &t, &err), ER_E_LIMIT, "longer than the limit");
    T_STATUS(er_tensors_read(nowhere, 1000, &t, &err), ER_E_NOT_FOUND, "no such file");
    T_EQ_INT(t.n, -7, "untouched on failure");
    T_STATUS(er_tensors_read(path, 1000, &t, &err), ER_OK, "read");
    if (err.code == ER_OK) {
        check_same(&t);
        T_STATUS(er_tensors_float(&t, "step", 1, (const int64_t[]){1}, NULL, &err), ER_E_SHAPE, "a scalar");
        T_EQ_STR(err.file, path, "the error names the file");
        unsigned char *again;
        char *file;
        size_t n, n_file;
        T_STATUS(er_tensors_encode(t.tensor, t.n, t.note, t.notes, &again, &n, &err), ER_OK, "written again");
        T_STATUS(er_file_read(path, 1000, &file, &n_file, &err), ER_OK, "the file");
        T_OK(n == n_file && memcmp(again, file, n) == 0, "is the same file, to the byte");
        er_free(again);
        er_free(file);
        er_tensors_clear(&t);
    }
    T_STATUS(er_file_write(path, "{}", 2, &err), ER_OK, "a damaged file");
    T_STATUS(er_tensors_read(path, 1000, &t, &err), ER_E_INPUT, "is refused");
    T_EQ_STR(err.file, path, "with its name");
    T_STATUS(er_tensors_write(path, tensors, TENSORS, notes, 3, &err), ER_OK, "written once more");
    T_ALLOCATIONS(er_tensors_read(path, 1000, &t, NULL), er_tensors_clear(&t),
                  "reading survives failed allocations");
    T_ALLOCATIONS(er_tensors_write(path, tensors, TENSORS, notes, 3, NULL), (void)0,
                  "writing survives failed allocations");
    er_free(path);
    er_free(nowhere);
    scratch_remove(folder);
}

static void refuse_write(const struct er_tensor *t, int64_t n, const struct er_tensor_note *note,
                         int64_t n_notes, enum er_status status, const char *says)
{
    struct er_error err;
    unsigned char *bytes;
    size_t length;
    T_STATUS(er_tensors_encode(t, n, note, n_notes, &bytes, &length, &err), status, "%s", says);
    T_OK(strstr(err.msg, says), "\"%s\" says \"%s\"", err.msg, says);
}

static void refuse_writes(void)
{
    const struct er_tensor twice[] = {tensors[3], tensors[1], tensors[3]};
    refuse_write(twice, 3, NULL, 0, ER_E_USAGE, "the name \"step\" comes twice");
    struct er_tensor t = tensors[1];
    t.name = "__metadata__";
    refuse_write(&t, 1, NULL, 0, ER_E_USAGE, "the name \"__metadata__\" is the key of the metadata");
    t.name = "\xff";
    refuse_write(&t, 1, NULL, 0, ER_E_USAGE, "the name \"?\" is no UTF-8");
    t = tensors[1];
    t.rank = 9;
    refuse_write(&t, 1, NULL, 0, ER_E_USAGE, "tensor \"0.weight\": its shape is out of range");
    t.rank = 2;
    t.dim[0] = -2;
    refuse_write(&t, 1, NULL, 0, ER_E_USAGE, "its shape is out of range");
    t.dim[0] = INT64_MAX;
    refuse_write(&t, 1, NULL, 0, ER_E_USAGE, "its shape is out of range");
    t.type = ER_TENSOR_TYPES;
    refuse_write(&t, 1, NULL, 0, ER_E_USAGE, "tensor 0 has type 10; there are 10");
    refuse_write(tensors, ER_TENSORS_MAX + 1, NULL, 0, ER_E_LIMIT, "32769 tensors; at most 32768");
    const struct er_tensor_note same[] = {{"k", "1"}, {"k", "2"}}, wrong[] = {{"k", "\xed\xa0\x80"}};
    refuse_write(tensors, 1, same, 2, ER_E_USAGE, "the key \"k\" comes twice");
    refuse_write(tensors, 1, wrong, 1, ER_E_USAGE, "the text of the key \"k\" is no UTF-8");
}

int main(void)
{
    write_bytes();
    round_trip();
    refuse_writes();
    return t_done();
}
