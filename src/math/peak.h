/* peak.h - what this machine's arithmetic could do at best, the 1.0 that speeds are measured against.
 */
#ifndef ERMINE_MATH_PEAK_H
#define ERMINE_MATH_PEAK_H

#include <ermine/pool.h>

/* Measures the float32 peak of all threads of the pool together, in GFLOP/s (1e9 operations a second; a fused
 * multiply-add counts as two).
 *
 * Method: each thread repeats x <- a x + b on twelve independent vectors that stay in registers, which is
 * enough to hide the latency of an addition after a multiplication on two units (4 to 5 cycles each), and
 * touches no memory. All threads start together and work for 10 ms; their rates are added. The best of as
 * many such bursts as fit into `seconds`, at least three, is returned: a burst that something else disturbed
 * is lower, none is higher than what the machine can do at the clock of that moment.
 *
 * *isa (when not NULL) names what was measured: "avx512" or "avx2" (with fused multiply-add), or "portable"
 * (a multiplication and an addition on vectors of four).
 *
 * Always finite and above 0. Meaningful in an optimised build, on a pool of no more threads than processors.
 * Example: a Zen 4 core at 3.6 GHz does 32 operations a cycle, 114 GFLOP/s; a Zen 5 core twice that. */
double er_peak_gflops(struct er_pool *pool, double seconds, const char **isa);

#endif
