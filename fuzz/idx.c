/* Fuzzes IDX: two bytes of length, that many bytes of images, labels. What is read is within its bounds. */
#include <ermine/data.h>

enum { CLASSES = 10 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_dataset set;
    if (n < 2) return 0;
    const size_t asked = (size_t)bytes[0] << 8 | bytes[1];
    const size_t images = asked < n - 2 ? asked : n - 2;
    if (er_idx_parse(bytes + 2, images, bytes + 2 + images, n - 2 - images, CLASSES, &set, NULL) != ER_OK)
        return 0;
    for (int64_t i = 0; i < set.n * er_shape_size(set.shape); i++)
        if (!(set.x[i] >= 0 && set.x[i] <= 1)) __builtin_trap();
    for (int64_t i = 0; i < set.n; i++)
        if (set.label[i] < 0 || set.label[i] >= CLASSES) __builtin_trap();
    er_dataset_clear(&set);
    return 0;
}
