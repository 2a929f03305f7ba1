/* slice_relu32.c - slice_relu.h in float32. */
#include "limit/slice_relu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_32.h"

#define RELU er_slice_relu32
#define SHIFTED(mask, behind, here, n)                                                                       \
    _mm512_castsi512_ps(                                                                                     \
        _mm512_maskz_alignr_epi32(mask, _mm512_castps_si512(behind), _mm512_castps_si512(here), n))
#include "limit/slice_relu_lanes.h"

#else /* never called: er_slice_relu_runs() */

void er_slice_relu32(const struct er_slice_relu *m, int64_t n, const float *in_k, const float *in_t,
                     const float *q1, const float *q2, float *k, float *t)
{
    (void)m;
    (void)n;
    (void)in_k;
    (void)in_t;
    (void)q1;
    (void)q2;
    (void)k;
    (void)t;
}

#endif
