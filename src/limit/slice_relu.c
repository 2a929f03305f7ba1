/* slice_relu.c - whether the loop of slice_relu.h is there. */
#include "limit/slice_relu.h"

#if ERMINE_AVX2 && defined __x86_64__

bool er_slice_relu_runs(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
}

#else

bool er_slice_relu_runs(void)
{
    return false;
}

/* Never called. */
#define ABSENT(name, real)                                                                                   \
    void name(const struct er_slice_relu *m, int64_t n, const real *in_k, const real *in_t, const real *q1,  \
              const real *q2, real *k, real *t)                                                              \
    {                                                                                                        \
        (void)m, (void)n, (void)in_k, (void)in_t, (void)q1, (void)q2, (void)k, (void)t;                      \
    }
ABSENT(er_slice_relu32, float)
ABSENT(er_slice_relu64, double)

#endif
