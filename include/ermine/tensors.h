/* <ermine/tensors.h> - named tensors in a file: the .safetensors format, read and written.
 *
 *     N (8 bytes, little-endian) | header of N bytes | bytes of the tensors
 *     header = {"__metadata__": {KEY: TEXT, ...},
 *               NAME: {"dtype": "F32", "shape": [2, 3], "data_offsets": [BEGIN, END]}, ...}   and blanks
 *
 * The header is JSON, beginning with '{'. Values are little-endian, row-major, packed; offsets count from the
 * end of the header. The tensors cover all bytes behind the header, without holes and without overlaps.
 * Shape [] is one value; a size of 0 makes an empty tensor, which has a place and no bytes.
 * Source: Hugging Face, safetensors, section "Format" of its README, and the checks of its reference
 * implementation in Rust (safetensors/src/tensor.rs), as of version 0.8.
 *
 * A file from outside is hostile until checked. Beyond what the format demands, the reader wants: a header of
 * at most 4 MiB (the reference allows 100 MB), at most 32768 tensors, at most 8 sizes in a shape, no zero
 * bytes in names and texts, no keys in a tensor's description but the three above, each key once. Nothing in
 * a file is executed or followed.
 *
 * Threads: each struct has one owner; reading it from several threads at once is fine.
 */
#ifndef ERMINE_TENSORS_H
#define ERMINE_TENSORS_H

#include <ermine/status.h>

/* Name in the file and bytes of a value. F16 is IEEE 754 binary16; BF16 the upper half of a binary32. Other
 * types of the format (unsigned beyond 8 bits, the 8-bit floats, ...) are refused by name. */
#define ER_TENSOR_TYPE_LIST(X)                                                                               \
    X(F64, 8)                                                                                                \
    X(F32, 4)                                                                                                \
    X(F16, 2)                                                                                                \
    X(BF16, 2)                                                                                               \
    X(I64, 8)                                                                                                \
    X(I32, 4)                                                                                                \
    X(I16, 2)                                                                                                \
    X(I8, 1)                                                                                                 \
    X(U8, 1)                                                                                                 \
    X(BOOL, 1)

enum er_tensor_type {
#define ER_TENSOR_ENUM(name, bytes) ER_TENSOR_##name,
    ER_TENSOR_TYPE_LIST(ER_TENSOR_ENUM)
#undef ER_TENSOR_ENUM
        ER_TENSOR_TYPES
};

enum { ER_TENSOR_RANK = 8, ER_TENSORS_MAX = 1 << 15, ER_TENSORS_HEADER = 1 << 22 };

/* One tensor; everything in it is borrowed. */
struct er_tensor {
    const char *name; /* UTF-8 */
    enum er_tensor_type type;
    int rank; /* 0..ER_TENSOR_RANK */
    int64_t dim[ER_TENSOR_RANK];
    const unsigned char *bytes; /* product of dim x bytes of a value, as in the file; not aligned */
};

/* A text that goes with the tensors, such as {"format", "pt"}. */
struct er_tensor_note {
    const char *key, *text;
};

/* What a file holds: its tensors in the order of their bytes, its metadata in the order of the header. */
struct er_tensors {
    int64_t n, notes;
    struct er_tensor *tensor;    /* n */
    struct er_tensor_note *note; /* notes */
    const char *file;            /* the path, for messages; NULL for bytes */
    unsigned char *buffer;       /* the file, when er_tensors_read() read it; else NULL */
    struct er_arena *memory;     /* holds the rest */
};

/** Frees what it holds and zeroes it. */
ER_API void er_tensors_clear(struct er_tensors *tensors);

/**
 * Reads a file. Its first bytes are looked at before the rest is asked for, so that a large file of something
 * else is refused at once; a pipe or a device is read up to 256 MiB (ER_E_LIMIT).
 *
 * @param limit  the most bytes that the file may have (ER_E_LIMIT).
 * @param out    overwritten; cleared by er_tensors_clear(). Untouched on failure.
 * @return ER_E_INPUT when the file is not as above: the message names the file, the tensor, what is wrong and
 * the bound; ER_E_LIMIT, ER_E_NOT_FOUND, ER_E_IO, ER_E_NOMEM.
 *
 * Cost: one read of the file into one block, which the tensors point into. While the header is parsed it
 * takes up to 80 times its own length besides (measured, on headers made for it; 5 to 20 times in earnest).
 */
ER_API enum er_status er_tensors_read(const char *path, size_t limit, struct er_tensors *out,
                                      struct er_error *err);

/** The same of bytes in memory, which are borrowed until er_tensors_clear(). */
ER_API enum er_status er_tensors_parse(const unsigned char *bytes, size_t n, struct er_tensors *out,
                                       struct er_error *err);

/** The tensor of that name, or NULL. */
ER_API const struct er_tensor *er_tensors_find(const struct er_tensors *tensors, const char *name);

/** The text of a key of the metadata, or NULL. */
ER_API const char *er_tensors_note(const struct er_tensors *tensors, const char *key);

/** The name of a type as in the file, "F32". */
ER_API const char *er_tensor_type_text(enum er_tensor_type type);

/** The number of values: the product of the sizes, 1 for a shape without any. */
ER_API int64_t er_tensor_count(const struct er_tensor *tensor);

/** "(2, 3)", "(4,)", "()", written to out, which is returned. */
enum { ER_SHAPE_TEXT = ER_TENSOR_RANK * 22 + 4 };
ER_API char *er_tensor_shape_text(int rank, const int64_t dim[], char out[ER_SHAPE_TEXT]);

/**
 * The values of the tensor `name` as float32, row-major.
 *
 * F32, F16 and BF16 are exact to the bit, with the payload of a NaN; F64 and I64 and I32 round to nearest,
 * ties to even; BOOL is 0 for 0 and 1 for any other byte.
 *
 * @param rank, dim  the shape that it must have; @param out  that many values, untouched on failure.
 * @return ER_E_NOT_FOUND; ER_E_SHAPE names both shapes; ER_E_LIMIT when a finite F64 is too large for a
 * float32, with its index.
 */
ER_API enum er_status er_tensors_float(const struct er_tensors *tensors, const char *name, int rank,
                                       const int64_t dim[], float *out, struct er_error *err);

/**
 * A file of n tensors and their metadata as bytes, freed by er_free().
 *
 * Values are taken and written as they are, to the bit. Their bytes come in the given order, the tensors with
 * wider values first: so each begins at a multiple of its values' size, as PyTorch's loader needs it, and
 * tensors of one type keep their order. The header is padded with blanks to a multiple of 8 bytes. The same
 * arguments give the same bytes.
 *
 * @return ER_E_USAGE for a name or key that comes twice, is no UTF-8 or is "__metadata__", and for a rank or
 * size out of range; ER_E_LIMIT beyond the limits of the reader; ER_E_NOMEM. On a big-endian machine this
 * file does not compile.
 *
 * Cost: a copy of all bytes.
 */
ER_API enum er_status er_tensors_encode(const struct er_tensor *tensor, int64_t n,
                                        const struct er_tensor_note *note, int64_t notes, unsigned char **out,
                                        size_t *length, struct er_error *err);

/** The same to a file, which appears whole or not at all; errors of both that and writing (ER_E_IO,
 * ER_E_FULL, ER_E_NOT_FOUND). */
ER_API enum er_status er_tensors_write(const char *path, const struct er_tensor *tensor, int64_t n,
                                       const struct er_tensor_note *note, int64_t notes,
                                       struct er_error *err);

#endif
