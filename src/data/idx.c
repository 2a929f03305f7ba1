/* idx.c - the IDX files of MNIST and its kin.
 *
 *     images   00 00 08 03 | count | rows | columns | count x rows x columns bytes, row by row
 *     labels   00 00 08 01 | count | count bytes
 *
 * Header words are 32 bits, big-endian. Both lengths are exact, and checked before anything is allocated.
 * Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats.
 */
#include "data/idx.h"

#include "data/dataset.h"
#include "data/recognise.h"

#include <inttypes.h>
#include <string.h>

enum { IMAGE_HEADER = 16, LABEL_HEADER = 8 };

static const unsigned char image_magic[4] = {0, 0, 8, 3};
static const unsigned char label_magic[4] = {0, 0, 8, 1};

static uint32_t big_endian(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static enum er_status check_start(const char *what, const unsigned char magic[4], size_t header,
                                  const unsigned char *bytes, size_t n, struct er_error *err)
{
    if (n >= 4 && memcmp(bytes, magic, 4) != 0)
        return er_fail(err, ER_E_INPUT, "%s: the file begins with 0x%08" PRIx32 ", not 0x%08" PRIx32 "%s",
                       what, big_endian(bytes), big_endian(magic), er_data_looks(bytes, n));
    if (n < header)
        return er_fail(err, ER_E_INPUT, "%s: the header takes %zu bytes, the file has %zu", what, header, n);
    return ER_OK;
}

static enum er_status check_images(const unsigned char *bytes, size_t n, int64_t *count,
                                   struct er_shape *shape, struct er_error *err)
{
    enum er_status status = check_start("images", image_magic, IMAGE_HEADER, bytes, n, err);
    if (status != ER_OK) return status;
    uint32_t images = big_endian(bytes + 4);
    uint32_t rows = big_endian(bytes + 8);
    uint32_t columns = big_endian(bytes + 12);
    if (images == 0 || rows == 0 || columns == 0)
        return er_fail(err, ER_E_INPUT, "images: %" PRIu32 " x %" PRIu32 " x %" PRIu32 " pixels are none",
                       images, rows, columns);
    uint64_t need;
    if (__builtin_mul_overflow((uint64_t)rows * columns, images, &need) ||
        __builtin_add_overflow(need, (uint64_t)IMAGE_HEADER, &need))
        return er_fail(err, ER_E_INPUT,
                       "images: %" PRIu32 " x %" PRIu32 " x %" PRIu32
                       " pixels are more than any file holds; this one has %zu bytes",
                       images, rows, columns, n);
    if (need != n)
        return er_fail(err, ER_E_INPUT,
                       "images: %" PRIu32 " x %" PRIu32 " x %" PRIu32 " pixels need %" PRIu64
                       " bytes, the file has %zu",
                       images, rows, columns, need, n);
    *count = images;
    *shape = (struct er_shape){.height = rows, .width = columns, .channels = 1};
    return ER_OK;
}

static enum er_status check_labels(const unsigned char *bytes, size_t n, int64_t images, int64_t classes,
                                   struct er_error *err)
{
    enum er_status status = check_start("labels", label_magic, LABEL_HEADER, bytes, n, err);
    if (status != ER_OK) return status;
    uint32_t count = big_endian(bytes + 4);
    if (n - LABEL_HEADER != count)
        return er_fail(err, ER_E_INPUT, "labels: %" PRIu32 " labels need %" PRIu64 " bytes, the file has %zu",
                       count, (uint64_t)count + LABEL_HEADER, n);
    if (count != images)
        return er_fail(err, ER_E_INPUT, "labels: %" PRIu32 " labels for %" PRId64 " images", count, images);
    for (size_t i = LABEL_HEADER; i < n; i++)
        if (bytes[i] >= classes)
            return er_fail(err, ER_E_INPUT,
                           "labels: label %d at byte %zu is not below the %" PRId64 " classes", bytes[i], i,
                           classes);
    return ER_OK;
}

enum er_status er_idx_open(const unsigned char *images, size_t n_images, const unsigned char *labels,
                           size_t n_labels, int64_t classes, struct er_idx *out, struct er_error *err)
{
    struct er_idx idx = {.classes = classes};
    enum er_status status = ER_OK;
    if (classes < 2)
        status = er_fail(err, ER_E_USAGE, "IDX: needs at least 2 classes, got %" PRId64, classes);
    if (status == ER_OK) status = check_images(images, n_images, &idx.n, &idx.shape, err);
    if (status == ER_OK) status = check_labels(labels, n_labels, idx.n, classes, err);
    if (status != ER_OK) return status;
    idx.pixel = images + IMAGE_HEADER;
    idx.label = labels + LABEL_HEADER;
    *out = idx;
    return ER_OK;
}

void er_idx_read(const struct er_idx *idx, int64_t i, float *x)
{
    const int64_t d = er_shape_size(idx->shape);
    for (int64_t j = 0; j < d; j++) x[j] = (float)idx->pixel[i * d + j] / 255.0F;
}

enum er_status er_idx_parse(const unsigned char *images, size_t n_images, const unsigned char *labels,
                            size_t n_labels, int64_t classes, struct er_dataset *out, struct er_error *err)
{
    struct er_idx idx = {0};
    struct er_dataset set = {0};
    enum er_status status = er_idx_open(images, n_images, labels, n_labels, classes, &idx, err);
    if (status == ER_OK) status = er_dataset_new(idx.n, idx.shape, classes, &set, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < set.n; i++) {
        er_idx_read(&idx, i, set.x + i * er_shape_size(set.shape));
        set.label[i] = idx.label[i];
    }
    *out = set;
    return ER_OK;
}
