/* slice_relu.c - whether the loop of slice_relu.h is there. */
#include "limit/slice_relu.h"

bool er_slice_relu_runs(void)
{
#if ERMINE_AVX2 && defined __x86_64__
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
}
