/* factor_engine32.c - factorisations in float32. */
#define REAL       float
#define NAME(x)    x##32
#define LANE       lane32
#define HALF       half32
#define QUAD       quad32
#define FOUR       four32
#define LOOSE_QUAD loose_quad32
#define LANES      16
#define SQRT       sqrtf
#define MATMUL     er_matmul32
#include "recovery/factor_engine.h"
