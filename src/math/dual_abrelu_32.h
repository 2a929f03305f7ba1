/* dual_abrelu_32.h - the stages of dual_abrelu_stages.h in float32. */
#include <immintrin.h>

#define REAL               float
#define VECTOR             __m512
#define MASK               __mmask16
#define V(name)            _mm512_##name##_ps
#define COMPARE(a, b, how) _mm512_cmp_ps_mask(a, b, how)
#define LANES              16
#define ALL                ((MASK)0xffff)
#define LEAST_NORMAL       0x1p-126f
#define TAN_EIGHTH         0.414213568f
#define QUARTER            0.785398185f

__attribute__((target("avx512f"), always_inline)) static inline VECTOR polynomial(VECTOR z)
{
    const VECTOR z2 = z * z;
    return (-0.333333164f + 0.199984714f * z) +
           ((-0.142435327f + 0.105938092f * z) + -0.0607821070f * z2) * z2;
}

#include "math/dual_abrelu_stages.h"
