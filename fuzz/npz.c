/* Fuzzes npz: the array x of a zip, which takes no more memory than the limit. */
#include <ermine/data.h>

enum { LIMIT = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_array a;
    struct er_error err;
    if (er_npz_parse(bytes, n, "x", LIMIT, &a, &err) != ER_OK) return 0;
    int64_t count = 1;
    for (int i = 0; i < a.rank; i++) count = a.dim[i] > 0 && count > 0 ? count * a.dim[i] : 0;
    if (count > LIMIT / (int64_t)sizeof(double)) __builtin_trap();
    er_array_clear(&a);
    return 0;
}
