/* cifar.c - the binary files of CIFAR-10 and CIFAR-100.
 *
 *     CIFAR-10 record    label              | 1024 red | 1024 green | 1024 blue      3073 bytes
 *     CIFAR-100 record   coarse label, fine | the same three planes                  3074 bytes
 *
 * A plane is 32 x 32, row by row; x[row, column, channel] = plane[channel][row, column] / 255.
 * Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; binary version.
 */
#include "data/cifar.h"

#include "data/dataset.h"
#include "data/recognise.h"

#include <inttypes.h>

enum { SIDE = 32, PLANE = SIDE * SIDE, CHANNELS = 3, PIXELS = CHANNELS * PLANE, COARSE_CLASSES = 20 };

/* The end of a message about a length that is no whole number of records of `labels` label bytes. */
static const char *hint(const unsigned char *bytes, size_t n, size_t labels)
{
    if (n > 0 && n % (3 - labels + PIXELS) == 0)
        return labels == 1 ? "; it is a length of CIFAR-100" : "; it is a length of CIFAR-10";
    return er_data_looks(bytes, n);
}

static enum er_status check_labels(const unsigned char *bytes, int64_t records, size_t labels,
                                   int64_t classes, struct er_error *err)
{
    for (int64_t r = 0; r < records; r++) {
        const size_t at = (size_t)r * (labels + PIXELS);
        if (labels == 2 && bytes[at] >= COARSE_CLASSES)
            return er_fail(err, ER_E_INPUT, "CIFAR: coarse label %d at byte %zu is not below the %d classes",
                           bytes[at], at, COARSE_CLASSES);
        const size_t fine = at + labels - 1;
        if (bytes[fine] >= classes)
            return er_fail(err, ER_E_INPUT,
                           "CIFAR: label %d at byte %zu is not below the %" PRId64 " classes", bytes[fine],
                           fine, classes);
    }
    return ER_OK;
}

struct er_shape er_cifar_shape(void)
{
    return (struct er_shape){.height = SIDE, .width = SIDE, .channels = CHANNELS};
}

enum er_status er_cifar_open(const unsigned char *bytes, size_t n, int64_t classes, struct er_cifar *out,
                             struct er_error *err)
{
    if (classes != 10 && classes != 100)
        return er_fail(err, ER_E_USAGE, "CIFAR: has 10 or 100 classes, not %" PRId64, classes);
    const size_t labels = classes == 10 ? 1 : 2;
    const size_t record = labels + PIXELS;
    if (n == 0 || n % record != 0)
        return er_fail(err, ER_E_INPUT, "CIFAR: %zu bytes are %zu records of %zu bytes and %zu bytes more%s",
                       n, n / record, record, n % record, hint(bytes, n, labels));
    const int64_t records = (int64_t)(n / record);
    enum er_status status = check_labels(bytes, records, labels, classes, err);
    if (status != ER_OK) return status;
    *out = (struct er_cifar){
        .n = records, .classes = classes, .labels = labels, .record = record, .bytes = bytes};
    return ER_OK;
}

int32_t er_cifar_read(const struct er_cifar *cifar, int64_t i, float *x)
{
    const unsigned char *planes = cifar->bytes + (size_t)i * cifar->record + cifar->labels;
    for (int p = 0; x && p < PLANE; p++)
        for (int c = 0; c < CHANNELS; c++) x[p * CHANNELS + c] = (float)planes[c * PLANE + p] / 255.0F;
    return planes[-1];
}

enum er_status er_cifar_parse(const unsigned char *bytes, size_t n, int64_t classes, struct er_dataset *out,
                              struct er_error *err)
{
    struct er_cifar cifar = {0};
    struct er_dataset set = {0};
    enum er_status status = er_cifar_open(bytes, n, classes, &cifar, err);
    if (status == ER_OK) status = er_dataset_new(cifar.n, er_cifar_shape(), classes, &set, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < set.n; i++) set.label[i] = er_cifar_read(&cifar, i, set.x + i * PIXELS);
    *out = set;
    return ER_OK;
}
