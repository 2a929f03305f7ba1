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

__attribute__((target("avx512f,fma"), always_inline)) static inline VECTOR polynomial(VECTOR z)
{
    VECTOR sum = V(set1)(-0.0607821070f);
    sum = V(fmadd)(sum, z, V(set1)(0.105938092f));
    sum = V(fmadd)(sum, z, V(set1)(-0.142435327f));
    sum = V(fmadd)(sum, z, V(set1)(0.199984714f));
    return V(fmadd)(sum, z, V(set1)(-0.333333164f));
}

#include "math/dual_abrelu_stages.h"
