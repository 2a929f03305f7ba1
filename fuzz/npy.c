/* Fuzzes npy and the data set in two arrays (the same one twice): no more values than bytes. */
#include <ermine/data.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_array a;
    struct er_dataset set;
    struct er_error err;
    if (er_npy_parse(bytes, n, &a, &err) != ER_OK) return 0;
    int64_t count = 1;
    for (int i = 0; i < a.rank; i++)
        if (a.dim[i] == 0) count = 0;
    for (int i = 0; i < a.rank && count > 0; i++)
        if (a.dim[i] < 0 || __builtin_mul_overflow(count, a.dim[i], &count)) __builtin_trap();
    if ((uint64_t)count > n) __builtin_trap();
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += a.value[i];
    volatile double used = sum; /* so that every value is read */
    (void)used;
    if (er_array_dataset(&a, &a, &set, &err) == ER_OK) er_dataset_clear(&set);
    er_array_clear(&a);
    return 0;
}
