/* Fuzzes CSV and the data set in a table: cells are finite or missing, labels are classes. */
#include <ermine/data.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_columns t;
    struct er_dataset set;
    struct er_error err;
    if (er_csv_parse((const char *)bytes, n, &t, &err) != ER_OK) return 0;
    if (t.rows < 1 || t.columns < 1 || (uint64_t)t.rows * (uint64_t)t.columns > n + 1) __builtin_trap();
    for (int64_t i = 0; i < t.rows * t.columns; i++)
        if (isinf(t.value[i])) __builtin_trap();
    const char *targets[] = {NULL, t.name[0], "class"};
    for (int k = 0; k < 3; k++) {
        if (er_columns_dataset(&t, targets[k], &set, &err) != ER_OK) continue;
        for (int64_t i = 0; i < set.n; i++)
            if (set.label[i] < 0 || set.label[i] >= set.classes) __builtin_trap();
        er_dataset_clear(&set);
    }
    er_columns_clear(&t);
    return 0;
}
