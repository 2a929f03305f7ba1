/* range.h - what all bounds ask of m and delta. */
#ifndef ERMINE_MEASURES_RANGE_H
#define ERMINE_MEASURES_RANGE_H

#include <math.h>
#include <stdbool.h>

/* False for NaN. */
static inline bool er_in_range(double m, double delta)
{
    return m >= 1 && delta > 0 && delta <= 1;
}

#endif
