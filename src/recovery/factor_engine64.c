/* factor_engine64.c - factorisations in float64. */
#define REAL       double
#define NAME(x)    x##64
#define LANE       lane64
#define HALF       half64
#define QUAD       quad64
#define FOUR       four64
#define LOOSE_QUAD loose_quad64
#define LANES      8
#define SQRT       sqrt
#define MATMUL     er_matmul64
#include "recovery/factor_engine.h"
