/* slice_relu64.c - slice_relu.h in float64. */
#include "limit/slice_relu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_64.h"

#define RELU er_slice_relu64
#include "limit/slice_relu_lanes.h"

#else

void er_slice_relu64(const struct er_slice_relu *m, int64_t n, const double *line_k, const double *line_t,
                     const double *q1, const double *q2, double *k, double *t)
{
    (void)m, (void)n, (void)line_k, (void)line_t, (void)q1, (void)q2, (void)k, (void)t;
}

#endif
