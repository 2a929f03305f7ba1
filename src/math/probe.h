/* probe.h - random vectors of independent elements with mean 0 and variance 1. */
#ifndef ERMINE_MATH_PROBE_H
#define ERMINE_MATH_PROBE_H

#include <ermine/spectrum.h>

/* Element i of a Rademacher probe is the sign of bit i mod 32 of word i / 32 of (seed, stream); Gaussian
 * elements are er_random_normal() in order. */
void er_probe_fill(enum er_probe probe, uint64_t seed, uint64_t stream, int64_t n, float *out);

#endif
