/* dual_abrelu_64.h - the stages of dual_abrelu_stages.h in float64. */
#include <immintrin.h>

#define REAL               double
#define VECTOR             __m512d
#define MASK               __mmask8
#define V(name)            _mm512_##name##_pd
#define COMPARE(a, b, how) _mm512_cmp_pd_mask(a, b, how)
#define LANES              8
#define ALL                ((MASK)0xff)
#define LEAST_NORMAL       0x1p-1022
#define TAN_EIGHTH         0.4142135623730951
#define QUARTER            0.7853981633974483

__attribute__((target("avx512f"), always_inline)) static inline VECTOR polynomial(VECTOR z)
{
    const VECTOR z2 = z * z, z4 = z2 * z2;
    const VECTOR P0 = (-0.333333333333332 + 0.19999999999953255 * z) +
                      (-0.14285714280167128 + 0.11111110782181163 * z) * z2;
    const VECTOR P4 = (-0.09090897725959339 + 0.07692059729374953 * z) +
                      (-0.06663099333234623 + 0.058478601742576006 * z) * z2;
    const VECTOR P8 = (-0.05039194316406108 + 0.03806223476548069 * z) + -0.017905139321149444 * z2;
    return P0 + (P4 + P8 * z4) * z4;
}

#include "math/dual_abrelu_stages.h"
