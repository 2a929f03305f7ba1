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

/* In even and odd powers: fewer operations than by fours, and half the chain of one sum. */
__attribute__((target("avx512f,fma"), always_inline)) static inline VECTOR polynomial(VECTOR z)
{
    const VECTOR z2 = z * z;
    VECTOR even = V(set1)(-0.017905139321149444), odd = V(set1)(0.03806223476548069);
    even = V(fmadd)(even, z2, V(set1)(-0.05039194316406108));
    odd = V(fmadd)(odd, z2, V(set1)(0.058478601742576006));
    even = V(fmadd)(even, z2, V(set1)(-0.06663099333234623));
    odd = V(fmadd)(odd, z2, V(set1)(0.07692059729374953));
    even = V(fmadd)(even, z2, V(set1)(-0.09090897725959339));
    odd = V(fmadd)(odd, z2, V(set1)(0.11111110782181163));
    even = V(fmadd)(even, z2, V(set1)(-0.14285714280167128));
    odd = V(fmadd)(odd, z2, V(set1)(0.19999999999953255));
    even = V(fmadd)(even, z2, V(set1)(-0.333333333333332));
    return V(fmadd)(odd, z, even);
}

#include "math/dual_abrelu_stages.h"
