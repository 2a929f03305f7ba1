/* probe.c - random vectors for estimates of traces and densities. */
#include "math/probe.h"

void er_probe_fill(enum er_probe probe, uint64_t seed, uint64_t stream, int64_t n, float *out)
{
    struct er_random r = er_random_open(seed, stream);
    if (probe == ER_PROBE_GAUSSIAN) {
        for (int64_t i = 0; i < n; i++) out[i] = (float)er_random_normal(&r);
        return;
    }
    for (int64_t i = 0; i < n; i += 32) {
        const uint32_t bits = er_random_u32(&r);
        for (int64_t l = 0; l < 32 && i + l < n; l++) out[i + l] = (bits >> l & 1) ? 1.0f : -1.0f;
    }
}
