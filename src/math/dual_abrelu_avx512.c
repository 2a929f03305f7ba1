/* dual_abrelu_avx512.c - pairs of dual_abrelu.c in float64 where the machine has AVX-512. */
#include "math/dual_abrelu.h"

#if ERMINE_AVX2 && defined __x86_64__

#include "math/dual_abrelu_64.h"

#define PAIR er_abrelu_avx512
#define SIDE er_dual_side
#include "math/dual_abrelu_lanes.h"

#endif
