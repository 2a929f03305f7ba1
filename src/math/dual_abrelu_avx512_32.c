/* dual_abrelu_avx512_32.c - the same in float32. */
#include "math/dual_abrelu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_32.h"

#define PAIR er_abrelu_avx512_32
#define SIDE er_dual_side32
#include "math/dual_abrelu_lanes.h"

#endif
