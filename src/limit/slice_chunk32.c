/* slice_chunk32.c - slices in float32. */
#include "limit/slice_work.h"

#define REAL           float
#define NAME(x)        x##32
#define SIDE           struct er_dual_side32
#define PAIR           pair32
#define RELU           er_slice_relu32
#define SEGMENTS(form) false
#include "limit/slice_chunk.h"
