/* quantile.h - quantiles of sorted numbers. */
#ifndef ERMINE_MATH_QUANTILE_H
#define ERMINE_MATH_QUANTILE_H

#include <stdint.h>

/* The value below which a share, 0 to 1, of n >= 1 rising numbers lies: number share (n - 1) from 0, between neighbours by a
 * straight line (Hyndman and Fan 1996, definition 7). */
static inline double er_quantile(const double *rising, int64_t n, double share)
{
    const double place = share * (double)(n - 1);
    const int64_t i = (int64_t)place;
    return i + 1 < n ? rising[i] + (place - (double)i) * (rising[i + 1] - rising[i]) : rising[n - 1];
}

#endif
