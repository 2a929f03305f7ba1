/* slice_relu32.c - slice_relu.h in float32. */
#include "limit/slice_relu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_32.h"

#define RELU er_slice_relu32
#include "limit/slice_relu_lanes.h"

#else

void er_slice_relu32(const struct er_slice_relu *m, int64_t n, const float *line_k, const float *line_t,
                     const float *q1, const float *q2, float *k, float *t)
{
    (void)m, (void)n, (void)line_k, (void)line_t, (void)q1, (void)q2, (void)k, (void)t;
}

#endif
