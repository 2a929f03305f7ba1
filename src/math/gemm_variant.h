/* gemm_variant.h - what one way to multiply matrices offers to gemm.c, which chooses among them. */
#ifndef ERMINE_MATH_GEMM_VARIANT_H
#define ERMINE_MATH_GEMM_VARIANT_H

#include "math/gemm.h"

struct er_gemm_variant {
    const char *name;
    const char *(*isa)(void); /* what it adds to a run's key; NULL: neither this machine nor this build */
    bool (*plan)(struct er_gemm *g); /* sets kernel for a checked shape; false: has no code for it */
};

extern const struct er_gemm_variant er_gemm_xsmm, er_gemm_avx2, er_gemm_portable;

#endif
