/* Fuzzes CIFAR: a byte chooses the kind, the rest are records. What is read is within its bounds. */
#include <ermine/data.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_dataset set;
    if (n < 1) return 0;
    const int classes = bytes[0] % 2 ? 100 : 10;
    if (er_cifar_parse(bytes + 1, n - 1, classes, &set, NULL) != ER_OK) return 0;
    for (int64_t i = 0; i < set.n * er_shape_size(set.shape); i++)
        if (!(set.x[i] >= 0 && set.x[i] <= 1)) __builtin_trap();
    for (int64_t i = 0; i < set.n; i++)
        if (set.label[i] < 0 || set.label[i] >= classes) __builtin_trap();
    er_dataset_clear(&set);
    return 0;
}
