/* slice_relu64.c - slice_relu.h in float64. */
#include "limit/slice_relu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_64.h"

#define RELU er_slice_relu64
#define SHIFTED(mask, behind, here, n)                                                                       \
    _mm512_castsi512_pd(                                                                                     \
        _mm512_maskz_alignr_epi64(mask, _mm512_castpd_si512(behind), _mm512_castpd_si512(here), n))
#include "limit/slice_relu_lanes.h"

#else /* never called: er_slice_relu_runs() */

void er_slice_relu64(const struct er_slice_relu *m, int64_t n, const double *in_k, const double *in_t,
                     const double *q1, const double *q2, double *k, double *t)
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
