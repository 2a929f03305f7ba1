/* slice_relu32.c - slice_relu.h in float32. */
#include "limit/slice_relu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_32.h"

#define RELU er_slice_relu32
#define SHIFTED(mask, behind, here, n)                                                                       \
    _mm512_castsi512_ps(                                                                                     \
        _mm512_maskz_alignr_epi32(mask, _mm512_castps_si512(behind), _mm512_castps_si512(here), n))
#include "limit/slice_relu_lanes.h"

#endif
