/* gemm_variant.h - what one way to multiply matrices offers to gemm.c, which chooses among them. */
#ifndef ERMINE_MATH_GEMM_VARIANT_H
#define ERMINE_MATH_GEMM_VARIANT_H

#include "math/gemm.h"

enum er_gemm_planned {
    ER_GEMM_PLANNED, /* kernel is set */
    ER_GEMM_NO_CODE, /* it has none for this shape */
    ER_GEMM_FULL     /* it would have, and has no room for more */
};

struct er_gemm_variant {
    const char *name;
    const char *(*isa)(void); /* what it adds to a run's key; NULL: neither this machine nor this build */
    enum er_gemm_planned (*plan)(struct er_gemm *g); /* a checked shape */
    /* Nobody holds what was planned: it may be freed. NULL: nothing is made that could be. */
    void (*drop)(void);
};

extern const struct er_gemm_variant er_gemm_xsmm, er_gemm_avx2, er_gemm_portable;

#endif
