/* slice_relu64.c - slice_relu.h in float64. */
#include "limit/slice_relu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_64.h"

#define RELU er_slice_relu64
#define SHIFTED(mask, behind, here, n)                                                                       \
    _mm512_castsi512_pd(                                                                                     \
        _mm512_maskz_alignr_epi64(mask, _mm512_castpd_si512(behind), _mm512_castpd_si512(here), n))
#include "limit/slice_relu_lanes.h"

#endif
