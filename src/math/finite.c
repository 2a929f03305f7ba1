/* finite.c - a pass that only says whether there is one, and a second that finds it. */
#include "math/finite.h"

#include "core/vector.h"
#include "math/elementary.h"

#include <math.h>

ER_VECTOR
static int any_not_finite(int64_t n, const float *v)
{
    int others = 0;
#pragma omp simd reduction(| : others)
    for (int64_t i = 0; i < n; i++) others |= !(er_absf(v[i]) < INFINITY);
    return others;
}

int64_t er_first_not_finite(int64_t n, const float *v)
{
    int64_t i = 0;
    if (!any_not_finite(n, v)) return -1;
    while (isfinite(v[i])) i++;
    return i;
}
