/* slice_chunk64.c - slices in float64; also of a point with itself, and with tables. */
#include "limit/slice_work.h"

#define REAL           double
#define NAME(x)        x##64
#define SIDE           struct er_dual_side
#define PAIR           pair
#define RELU           er_slice_relu64
#define SEGMENTS(form) er_slice_##form(work, i, k, theta)
#include "limit/slice_chunk.h"
